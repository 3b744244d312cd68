"""The appraisal's tables: numbers regain their labels here (formats.md, "Appraisal folder")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import polars as pl

from bridgehead.appraise import outcomes
from bridgehead.appraise.cells import NOT_SOLVED, SOLVED, UNDEFINED, Cell
from bridgehead.appraise.columns import Plan
from bridgehead.appraise.context import Context
from bridgehead.appraise.engine import Solved
from bridgehead.appraise.mechanisms import main_mechanism, statement
from bridgehead.appraise.needs import Needs, Row
from bridgehead.appraise.shapley import shapley_values
from bridgehead.policy import lever_rows_of
from bridgehead.policy.schedule import window_of

Key = tuple[str, str]
Cells = Mapping[str, Mapping[Key, Cell]]
PERCENT_OF = ("wage", "jobs", "residents", "rent_home", "rent_work", "consumer_price")
TEXT, NUMBER, YES = pl.String, pl.Float64, pl.Boolean


def frame(rows: Iterable[Mapping[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Rows as a table with exactly the columns of the schema; empty tables keep them."""
    return pl.DataFrame([dict(row) for row in rows], schema=dict(schema), orient="row")


def matrix(needs: Needs, cells: Cells, baseline: Mapping[Key, float | None]) -> pl.DataFrame:
    """Needs × columns: the change in the unit named; empty where unsolved or undefined."""
    head = dict.fromkeys(("need", "government", "name", "measure", "line", "unit", "better"), TEXT)
    rows = []
    for row in needs.rows:
        texts = {"need": row.need, "government": row.government, "name": row.name, "measure": row.title, "line": row.line}
        changes = {column: found[row.key].change for column, found in cells.items()}
        rows.append({**texts, "unit": row.unit, "better": row.better, "baseline": baseline[row.key], **changes})
    return frame(rows, {**head, "baseline": NUMBER, **dict.fromkeys(cells, NUMBER)})


def matrix_long(needs: Needs, cells: Cells) -> pl.DataFrame:
    """One row a cell, with its status and the note that explains it."""
    rows = []
    for row in needs.rows:
        for column, found in cells.items():
            cell = found[row.key]
            rows.append({
                "need": row.need, "line": row.line, "scenario": column, "baseline": cell.baseline, "value": cell.value,
                "change": cell.change, "change_percent": cell.percent, "status": cell.status, "note": cell.note,
            })  # fmt: skip
    numbers = dict.fromkeys(("baseline", "value", "change", "change_percent"), NUMBER)
    return frame(rows, {"need": TEXT, "line": TEXT, "scenario": TEXT, **numbers, "status": TEXT, "note": TEXT})


def needs_table(needs: Needs) -> pl.DataFrame:
    """What each row of the matrix is, in both languages, and the measure and sets behind it."""
    rows = []
    for row in needs.rows:
        government = needs.governments.get(row.government, (row.government, ""))
        sets = "; ".join(f"{key} = {getattr(value, 'name', value)}" for key, value in row.arguments.items())
        formula = (row.measure.formula.__doc__ or "").strip().split("\n")[0]
        rows.append({
            "need": row.need, "line": row.line, "government": row.government, "government_name": government[0],
            "government_name_zh": government[1], "name": row.name, "name_zh": row.name_zh, "quote": row.quote,
            "quote_zh": row.quote_zh, "measure": row.title, "measure_zh": row.title_zh, "function": row.measure.name,
            "sets": sets, "formula": formula, "unit": row.unit, "better": row.better, "target": row.target,
        })  # fmt: skip
    names = [*rows[0]] if rows else []
    return frame(rows, {name: NUMBER if name == "target" else TEXT for name in names})


def scenarios_table(plan: Plan, solved: Mapping[str, Solved]) -> pl.DataFrame:
    """What each column is, in both languages, and whether it has a certified solution."""
    rows = []
    for id, scenario in plan.columns.items():
        texts = {
            key: getattr(scenario, key) or "" for key in ("government", "name", "name_zh", "quote", "quote_zh", "describe", "describe_zh")
        }
        outcome = SOLVED if solved[id].ok else NOT_SOLVED
        rows.append({"scenario": id, "kind": scenario.kind, **texts, "outcome": outcome, "reason": solved[id].reason})
    return frame(rows, dict.fromkeys(rows[0], TEXT))


def place_columns(context: Context) -> dict[str, np.ndarray]:
    """Changes by place [place], nan where there is none: real value added and welfare (million a year), and the state (per cent).

    welfare_change is the EV of those who lived there in the baseline; value_of_living is V_n, what living there is worth.
    """
    before, after = context.before.state, context.after.state
    gain = context.real_after - context.real_before
    ratio = after["welfare"] / before["welfare"]
    welfare = outcomes.welfare_by_home(ratio, before["people"], before["income"], before["residents"])
    return {
        "value_added_change": gain, "value_added_change_percent": _percent(context.real_after, context.real_before),
        "welfare_change": welfare, "welfare_change_percent": _share(welfare, before["income"]),
        "value_of_living_change_percent": _percent(after["value"], before["value"]),
        **{f"{name}_change_percent": _percent(after[name], before[name]) for name in PERCENT_OF},
    }  # fmt: skip


def place_rows(context: Context, scenario: str, inferred: np.ndarray) -> list[dict[str, Any]]:
    """One row a place of the mainland: `place_columns`, and whether its value added is inferred."""
    columns = place_columns(context)
    places = np.flatnonzero(context.mainland.mask)
    ids = context.region.place_ids
    return [
        {
            "scenario": scenario,
            "place": ids[n],
            **{name: _number(values[n]) for name, values in columns.items()},
            "inferred": bool(inferred[n]),
        }
        for n in places
    ]


def places_change(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """`places_change`: value_added_change and welfare_change in million of the currency a year."""
    names = ["value_added_change", "value_added_change_percent", "welfare_change", "welfare_change_percent"]
    names += ["value_of_living_change_percent", *(f"{name}_change_percent" for name in PERCENT_OF)]
    return frame(rows, {"scenario": TEXT, "place": TEXT, **dict.fromkeys(names, NUMBER), "inferred": YES})


def _percent(after: np.ndarray, before: np.ndarray) -> np.ndarray:
    return 100.0 * (after / np.where(before > 0, before, np.nan) - 1.0)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return 100.0 * part / np.where(whole > 0, whole, np.nan)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def origin_rows(context: Context, scenario: str) -> list[dict[str, Any]]:
    """One row an origin of people: welfare in per cent, U_g / U_g⁰ − 1, and in money, bn a year (model.md §10)."""
    ratio = context.after.state["welfare"] / context.before.state["welfare"]
    income = context.income_of_origins()
    people = context.before.state["people"].sum(axis=1)
    at_home = context.origins_of(context.mainland)
    return [
        {"scenario": scenario, "origin": name, "people": float(people[g]), "welfare_change_percent": 100.0 * float(ratio[g] - 1.0),
         "ev_bn": float((ratio[g] - 1.0) * income[g]) / 1000.0, "mainland": bool(at_home[g])}
        for g, name in enumerate(context.region.origin_names)
    ]  # fmt: skip


def origins(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """`origins`: who gains, by where people are registered."""
    numbers = dict.fromkeys(("people", "welfare_change_percent", "ev_bn"), NUMBER)
    return frame(rows, {"scenario": TEXT, "origin": TEXT, **numbers, "mainland": YES})


def shapley(needs: Needs, plan: Plan, worth: Mapping[frozenset[str], Mapping[Key, Cell]]) -> pl.DataFrame:
    """The joint effect split over the zones, in each row's unit; the shares add up to the joint column's change."""
    rows = []
    for row in needs.rows if plan.joint else ():
        changes = {group: cells[row.key].change for group, cells in worth.items()}
        missing = [group for group, change in changes.items() if change is None]
        note = f"undefined: {worth[missing[0]][row.key].note} ({' + '.join(sorted(missing[0]))})" if missing else ""
        shares = dict.fromkeys(plan.zones) if missing else shapley_values(plan.zones, changes)
        total = None if missing else changes[frozenset(plan.zones)]
        for zone, share in shares.items():
            percent = 100.0 * share / total if share is not None and total else None
            rows.append({"need": row.need, "line": row.line, "zone": zone, "share": share, "percent": percent, "note": note})
    return frame(rows, {"need": TEXT, "line": TEXT, "zone": TEXT, "share": NUMBER, "percent": NUMBER, "note": TEXT})


def mechanisms(needs: Needs, cells: Cells, alone: Mapping[str, Mapping[str, Mapping[Key, Cell]]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Which mechanism moves each cell, and by mechanism what it does alone (two tables)."""
    rows, long = [], []
    for row in needs.rows:
        for column, found in cells.items():
            cell = found[row.key]
            own = {name: parts[row.key] for name, parts in alone[column].items()}
            text, text_zh = statement(cell, own, row.unit)
            main = main_mechanism(own) if cell.status == SOLVED else None
            rows.append({
                "need": row.need, "line": row.line, "scenario": column, "moved_by": text, "moved_by_zh": text_zh,
                "mechanism": main, "change_alone": own[main].change if main else None, "change": cell.change,
            })  # fmt: skip
            key = {"need": row.need, "line": row.line, "scenario": column}
            long += [{**key, "mechanism": name, "change": part.change, "status": part.status} for name, part in own.items()]
    key = {"need": TEXT, "line": TEXT, "scenario": TEXT}
    first = frame(rows, {**key, "moved_by": TEXT, "moved_by_zh": TEXT, "mechanism": TEXT, "change_alone": NUMBER, "change": NUMBER})
    return first, frame(long, {**key, "mechanism": TEXT, "change": NUMBER, "status": TEXT})


def levers(plan: Plan, region: Any) -> pl.DataFrame:
    """Every lever of every column: where, how strong, its range and source, whose consent it needs, and when it acts on a path."""
    rows = []
    for id, scenario in plan.columns.items():
        windows = [window_of(lever, scenario) for lever in scenario.levers]
        dated = [{"starts": _day(w.begins), "ends": _day(w.ends), "phase_in": w.phase_in or None} for w in windows]
        rows += [{**row, **dates, "scenario": id} for row, dates in zip(lever_rows_of(scenario, region), dated, strict=True)]
    names = ("scenario", "number", "lever", "name", "where", "key", "value", "low", "high", "source", "by", "mechanisms")
    names += ("starts", "ends", "phase_in")
    kinds = {"number": pl.Int64, "value": NUMBER, "low": NUMBER, "high": NUMBER, "phase_in": NUMBER}
    return frame(rows, {name: kinds.get(name, TEXT) for name in names})


def _day(when: Any) -> str | None:
    return None if when is None else when.isoformat()


def levers_found(solved: Mapping[str, Solved]) -> pl.DataFrame:
    """Multipliers that had to be found (`raise_value_added`), with how well."""
    rows = []
    for id, each in solved.items():
        for note in each.notes:
            for place, multiplier in note["multiplier"].items():
                rows.append({"scenario": id, "lever": note["lever"], "place": place, "raise_value_added": note["raise_value_added"],
                             "multiplier": multiplier, "residual": note["residual"], "solves": note["solves"]})  # fmt: skip
    kinds = {"scenario": TEXT, "lever": pl.Int64, "place": TEXT, "raise_value_added": NUMBER, "multiplier": NUMBER}
    return frame(rows, {**kinds, "residual": NUMBER, "solves": pl.Int64})


def assumptions(region: Any, lever_table: pl.DataFrame) -> pl.DataFrame:
    """Parameters and lever strengths with their ranges and sources."""
    rows = [
        {"name": name, "value": entry.value, "low": entry.low, "high": entry.high, "source": entry.source, "kind": "parameter"}
        for name, entry in region.parameters.items()
    ]
    for row in lever_table.filter(pl.col("value").is_not_null()).iter_rows(named=True):
        name = f"{row['scenario']}: {row['lever']} {row['key']}" + (f" ({row['where']})" if row["where"] else "")
        rows.append({"name": name, "kind": "lever", **{key: row[key] for key in ("value", "low", "high", "source")}})
    return frame(rows, {"name": TEXT, **dict.fromkeys(("value", "low", "high"), NUMBER), "source": TEXT, "kind": TEXT})


def zero_rows(needs: Needs, cells: Cells) -> list[Row]:
    """Rows that nothing moves in any solved column: a measure of nothing."""
    found = []
    for row in needs.rows:
        live = [c[row.key] for c in cells.values() if c[row.key].status not in (NOT_SOLVED, UNDEFINED)]
        if live and not any(cell.change for cell in live):
            found.append(row)
    return found


def zone_results(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """`zone_results`: value_added and welfare in bn of the currency a year."""
    numbers = dict.fromkeys(("value_added", "welfare", "value_added_percent", "value_of_living_percent"), NUMBER)
    return frame(rows, {**dict.fromkeys(("scenario", "row", "group", "name", "name_zh"), TEXT), **numbers})


def zone_facts(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """`zone_facts`: persons, ratios, and minutes one way."""
    names = ("residents", "jobs", "jobs_per_resident", "share_inside", "mean_minutes", "least_minutes", "excess_commuting")
    return frame(rows, {**dict.fromkeys(("scenario", "row", "name", "name_zh"), TEXT), **dict.fromkeys(names, NUMBER)})


def opening(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """`opening`: money in bn of the currency a year."""
    texts = {**dict.fromkeys(("flow", "part"), TEXT), "upper_bound": YES, "name": TEXT, "name_zh": TEXT, "net_gain": NUMBER}
    sides = {"one": TEXT, "gain_one": NUMBER, "other": TEXT, "gain_other": NUMBER, "welfare": NUMBER}
    flows = {"commuters_before": NUMBER, "commuters_after": NUMBER, "status": TEXT, "note": TEXT}
    schema = {**texts, **sides, **flows}
    return frame([{name: row.get(name) for name in schema} for row in rows], schema)


def moments(found: pl.DataFrame | None) -> pl.DataFrame:
    """`moments`: what the borders were fitted to and checked against, data beside model."""
    numbers = dict.fromkeys(("data", "model", "log_gap"), NUMBER)
    return frame([], {"name": TEXT, **numbers, "use": TEXT}) if found is None else found


RESIDUAL = "fitted residual, not a policy"
FITTED_KINDS = {
    "border.": "estimated passage, log",
    "kept_income_away": "share of real income kept",
    "factor of ": "factor on goods to or from abroad",
}


def fitted(numbers: Mapping[str, float]) -> pl.DataFrame:
    """`fitted`: every number the calibration found to meet moments, with what it is; no lever moves any of them.

    Passages are logs of the share that crosses; the kept income of people away and the factors of foreign trade are plain numbers.
    """
    rows = []
    for name, value in numbers.items():
        kind = next((kind for start, kind in FITTED_KINDS.items() if name.startswith(start)), "commuting passage, log")
        rows.append({"name": name, "value": float(value), "kind": kind, "note": RESIDUAL})
    return frame(rows, {"name": TEXT, "value": NUMBER, "kind": TEXT, "note": TEXT})
