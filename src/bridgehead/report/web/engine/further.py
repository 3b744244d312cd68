"""Further questions about solved scenarios: two beside each other, what moves each need, and what one more unit is worth."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead import models
from bridgehead.appraise.columns import by_mechanism
from bridgehead.appraise.context import Context
from bridgehead.appraise.mechanisms import NAMES, main_mechanism, mechanism_name, statement
from bridgehead.appraise.outcomes import land_price
from bridgehead.appraise.tables import place_columns
from bridgehead.errors import DataError
from bridgehead.kernels import passages_of
from bridgehead.region.differences import differing, flat_scenario
from bridgehead.report.figures.words import both
from bridgehead.report.web.engine.hot import Hot, Result
from bridgehead.report.web.engine.matrix import cells_of, head_of, solved
from bridgehead.report.web.engine.words import named, quantity, unit, word

SHADOWS = ("land", "research", "passages")
KERNELS = {"commuting": "commuting", "trade": "trade", "spillover": "spillover", "ideas": "knowledge"}


def compare(hot: Hot, text_a: str, text_b: str) -> dict[str, Any]:
    """Scenario b over scenario a: inputs that differ, totals, changes by place, and the matrix cell by cell."""
    a, b = solved(hot, text_a), solved(hot, text_b)
    beside = Context(a.context.after, b.context.after, "scenario", {})
    abroad = ~beside.mainland.mask
    changes = {name: np.where(abroad, np.nan, values).tolist() for name, values in place_columns(beside).items()}
    return {
        "a": _about(a),
        "b": _about(b),
        "inputs": differing(flat_scenario(a.text), flat_scenario(b.text)),
        "totals": _totals(hot, a, b),
        "changes": changes,
        "noise": beside.noise,
        "matrix": _matrix(hot, a, b),
    }


def _about(result: Result) -> dict[str, Any]:
    return {"key": result.key, "name": result.scenario.name, "name_zh": result.scenario.name_zh or result.scenario.name}


def totals_of(now: Context) -> dict[str, float]:
    """What a scenario does to the mainland as a whole, bn a year: net gain, what was relocated, welfare in money."""
    from bridgehead.appraise.outcomes import relocated

    money = now.welfare_function(now.mainland)(now.after.state, now.after.given)
    losses = relocated((now.real_after - now.real_before)[now.mainland.mask])
    return {"net_gain": now.gain(now.mainland) / 1000.0, "relocated": losses / 1000.0, "welfare": float(money) / 1000.0}


def _totals(hot: Hot, a: Result, b: Result) -> list[dict[str, Any]]:
    one, other = totals_of(a.context), totals_of(b.context)
    currency = hot.region.meta.currency
    return [quantity("totals", key, currency) | {"a": one[key], "b": other[key], "difference": other[key] - one[key]} for key in one]


def _matrix(hot: Hot, a: Result, b: Result) -> list[dict[str, Any]]:
    first, second = cells_of(hot, a), cells_of(hot, b)
    rows = []
    for row in hot.needs.rows:
        one, other = first[row.key], second[row.key]
        known = one.change is not None and other.change is not None
        difference = other.change - one.change if known else None
        cells = {"a": one.change, "b": other.change, "difference": difference, "note": "" if known else one.note or other.note}
        rows.append(head_of(hot, row) | {"baseline": one.baseline} | cells)
    return rows


def mechanisms(hot: Hot, text: str) -> dict[str, Any]:
    """What moves each need: every mechanism of the scenario acts alone, and the row's change is computed anew."""
    result = solved(hot, text)
    cells, alone = cells_of(hot, result), {}
    for name, part in by_mechanism(result.key, result.scenario, hot.region).items():
        found = hot.runner.solve(part, weakest=False)
        if found.ok:
            context = hot.runner.context(found, result.context.kind)
            own = Result(result.key, "", part, result.kind, found, context)
            alone[name] = cells_of(hot, own)
    rows = []
    for row in hot.needs.rows:
        cell, own = cells[row.key], {name: parts[row.key] for name, parts in alone.items()}
        said, said_zh = statement(cell, own, row.unit)
        rows.append({
            "need": row.need, "line": row.line, "moved_by": said, "moved_by_zh": said_zh, "mechanism": main_mechanism(own),
            "change": cell.change, "alone": {name: part.change for name, part in own.items()},
        })  # fmt: skip
    names = [{"id": name, **named(both(*mechanism_name(name)))} for name in alone] or [
        {"id": n, **named(both(*p))} for n, p in NAMES.items()
    ]
    return {"key": result.key, "mechanisms": names, "rows": rows}


def shadow_prices(hot: Hot, text: str, of: str) -> dict[str, Any]:
    """What one more unit is worth in welfare of the mainland, at the scenario (implicit derivatives, model.md §10)."""
    if of not in SHADOWS:
        raise DataError(f"there is no shadow price of '{of}'; known are: {', '.join(SHADOWS)}")
    result = solved(hot, text)
    if of == "passages":
        return {"key": result.key, "of": of} | _passages(hot, result)
    found = _land(hot, result) if of == "land" else _research(hot, result)
    return {"key": result.key, "of": of, **found, "passages": []}


def _land(hot: Hot, result: Result) -> dict[str, Any]:
    now, currency = result.context, hot.region.meta.currency
    slopes = now.slopes(now.mainland)
    land = np.asarray(now.arrays.construction_land, dtype=float)
    names = ("home_supply", "work_supply")
    numbers = [np.asarray(slopes[name]) for name in names] + [now.before.array(name) for name in names]
    each = np.eye(len(land), dtype=bool)
    values = [land_price(*numbers, land, each[n]) if np.isfinite(land[n]) and land[n] > 0 else None for n in range(len(land))]
    worth = (numbers[0] * numbers[2] + numbers[1] * numbers[3]) / 100.0
    said = both("Welfare gained by one more km² of construction land", "每增加一平方公里建设用地带来的福利")
    one_percent = {"per_percent": worth.tolist(), "per_percent_unit": unit("million_money/year", currency)}
    return {**named(said), "unit": unit("million_money/(km2 year)", currency), "values": values, **one_percent}


def _slopes(result: Result, names: tuple[str, ...]) -> dict[str, Any]:
    now = result.context
    return models.gradient(now.after.equilibrium, now.welfare_function(now.mainland), names)


def _research(hot: Hot, result: Result) -> dict[str, Any]:
    if "research" not in result.context.after.given:
        raise DataError("the region has no research_spending among its facts, so research has no shadow price")
    slope = np.asarray(_slopes(result, ("research",))["research"], dtype=float)
    said = both("Welfare gained by one more a year spent on R&D", "每增加一单位研发经费带来的福利")
    return {**named(said), "unit": unit("1", hot.region.meta.currency), "values": slope.tolist()}


def _passages(hot: Hot, result: Result) -> dict[str, Any]:
    """dEV / d log f of every passage between jurisdictions, summed over sectors, largest first, for flows with borders."""
    given = result.context.after.given
    flows = {flow: name for flow, name in KERNELS.items() if name in given and passages_of(given[name])}
    slopes = _slopes(result, tuple(flows.values()))
    rows = []
    for flow, name in flows.items():
        at, slope = passages_of(given[name]), passages_of(slopes[name])
        for level in at:
            rows += _pairs(hot, flow, level, np.asarray(at[level]) * np.asarray(slope[level]), np.asarray(at[level]))
    rows.sort(key=lambda row: -abs(row["value"]))
    said = both("Welfare gained by a passage that is wider by one per cent", "通过率提高百分之一带来的福利")
    return {**named(said), "unit": unit("million_money/year", hot.region.meta.currency), "values": None, "passages": rows[:400]}


def _pairs(hot: Hot, flow: str, level: str, worth: np.ndarray, passage: np.ndarray) -> list[dict[str, Any]]:
    names, count = hot.region.jurisdictions(level), worth.shape[-1]
    total = worth.reshape(-1, count, count).sum(axis=0) / 100.0
    mean = passage.reshape(-1, count, count).mean(axis=0)
    return [
        {"flow": flow, **word("choice", flow), "level": level, "receiver": names[i], "supplier": names[j],
         "passage": float(mean[i, j]), "value": float(total[i, j])}
        for i, j in np.argwhere((total != 0) & ~np.eye(count, dtype=bool))
    ]  # fmt: skip
