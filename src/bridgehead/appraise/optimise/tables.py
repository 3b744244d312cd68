"""An optimal plan as tables: the choice, the measures, the starts, the steps, the front."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bridgehead.appraise.optimise.result import Optimum

TEXT, NUMBER, YES, COUNT = pl.String, pl.Float64, pl.Boolean, pl.Int64
SCHEMAS: dict[str, dict[str, Any]] = {
    "choice": {
        **dict.fromkeys(("kind", "what", "unit"), TEXT),
        **dict.fromkeys(("plan", "optimum", "change", "most", "worth"), NUMBER),
    },
    "measures": {
        **dict.fromkeys(("need", "line", "measure", "measure_zh", "unit", "better", "role"), TEXT),
        **dict.fromkeys(("baseline", "plan", "optimum"), NUMBER),
        **dict.fromkeys(("status", "note"), TEXT),
        "price": NUMBER,
    },
    "budgets": {"government": TEXT, "plan": NUMBER, "optimum": NUMBER},
    "starts": {"start": TEXT, "goal": NUMBER, "stationarity": NUMBER, "steps": COUNT, "same_plan": YES, "reason": TEXT},
    "steps": {"step": COUNT, **dict.fromkeys(("goal", "least_slack", "estimated_distance", "gap"), NUMBER), "solves": COUNT},
    "front": {
        **dict.fromkeys(("first_need", "first_line", "second_need", "second_line"), TEXT),
        **dict.fromkeys(("first", "second", "first_change", "second_change", "rate", "stationarity"), NUMBER),
        "optimal": YES,
    },
}
"""Columns of every table; the front's are followed by one a candidate."""


def choice_table(found: Optimum) -> pl.DataFrame:
    """One row a candidate: what the plan gives it, what the optimum does, and `worth`, what one more unit of it adds to the goal there
    (in the goal's unit; more is better). A border's unit is its share opened."""
    rows, slopes = [], _parts(found, found.found.gradient)
    planned = [None] * len(found.task.choices) if found.planned is None else _parts(found, found.planned)
    currency = found.task.context.region.meta.currency
    for choice, before, after, worth in zip(found.task.choices, planned, _parts(found, found.found.point.x), slopes, strict=True):
        for n, label in enumerate(choice.labels()):
            plan = None if before is None else float(before[n])
            change = None if plan is None else float(after[n]) - plan
            rows.append({
                "kind": choice.kind, "what": label, "unit": choice.unit.format(currency=currency), "plan": plan,
                "optimum": float(after[n]), "change": change, "most": float(choice.most[n]), "worth": float(worth[n]),
            })  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMAS["choice"], orient="row")


def _parts(found: Optimum, x: np.ndarray) -> list[np.ndarray]:
    return found.task.parts(np.asarray(x))


def measures_table(found: Optimum) -> pl.DataFrame:
    """One row a measure: the goal, what was kept, and every other line of the needs, in the plan and in the optimum as changes from the
    baseline; price is what the goal gives up for a unit of a floor that binds."""
    question, prices = found.question, dict(zip((row.key for row in found.question.keep), found.found.prices, strict=True))
    roles = {row.key: "keep" for row in question.keep} | {question.goal.key: "raise"}
    rows, seen = [], set()
    for row in (question.goal, *question.keep, *question.needs.rows):
        if row.key in seen:
            continue
        seen.add(row.key)
        cell, plan = found.cells["optimum"][row.key], found.cells.get("plan", {}).get(row.key)
        rows.append({
            "need": row.need, "line": row.line, "measure": row.title, "measure_zh": row.title_zh or row.title, "unit": row.unit,
            "better": row.better, "role": roles.get(row.key, ""), "baseline": cell.baseline,
            "plan": None if plan is None else plan.change, "optimum": cell.change, "status": cell.status, "note": cell.note,
            "price": prices.get(row.key),
        })  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMAS["measures"], orient="row")


def budgets_table(found: Optimum) -> pl.DataFrame:
    """Change of each government's budget, million a year: in the plan and in the optimum. No rows without fiscal rules."""
    plan = found.budgets.get("plan", {})
    rows = [{"government": id, "plan": plan.get(id), "optimum": value} for id, value in found.budgets.get("optimum", {}).items()]
    return pl.DataFrame(rows, schema=SCHEMAS["budgets"], orient="row")


def starts_table(found: Optimum) -> pl.DataFrame:
    """One row a start: where it ended, and whether that is the plan shown."""
    rows = []
    for attempt in found.attempts:
        end = attempt.found
        rows.append({
            "start": attempt.name, "goal": None if end is None else end.goal, "stationarity": None if end is None else end.stationarity,
            "steps": None if end is None else len(end.steps), "same_plan": attempt.same, "reason": attempt.reason,
        })  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMAS["starts"], orient="row")


def steps_table(found: Optimum) -> pl.DataFrame:
    """One row an accepted point of the search that found the plan, each with its certificate."""
    sign = 1.0 if found.question.goal.better == "up" else -1.0
    rows = [
        {
            "step": s.number,
            "goal": sign * s.goal,
            "least_slack": s.slack,
            "estimated_distance": s.distance,
            "gap": s.gap,
            "solves": s.solves,
        }
        for s in found.found.steps
    ]
    return pl.DataFrame(rows, schema=SCHEMAS["steps"], orient="row")


def front_table(found: Optimum) -> pl.DataFrame:
    """One row a plan of the front: both measures in their units and as changes from the baseline, the rate of exchange, first-order
    conditions, and the choice."""
    if found.front is None:
        return pl.DataFrame(schema=SCHEMAS["front"])
    first, second = found.front.rows
    base = [found.cells["optimum"][row.key].baseline or 0.0 for row in (first, second)]
    names = {"first_need": first.need, "first_line": first.line, "second_need": second.need, "second_line": second.line}
    rows: list[dict[str, Any]] = []
    for point in found.front.points:
        parts = zip(found.task.choices, found.task.parts(point.x), strict=True)
        chosen = {f"{c.kind}: {label}": float(v) for c, part in parts for label, v in zip(c.labels(), part, strict=True)}
        said = {"first": point.first, "second": point.second, "rate": point.rate, "stationarity": point.stationarity}
        changes = {"first_change": point.first - base[0], "second_change": point.second - base[1]}
        rows.append({**names, **said, **changes, "optimal": point.optimal, **chosen})
    schema = SCHEMAS["front"] | {name: NUMBER for name in rows[0] if name not in SCHEMAS["front"]}
    return pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema, orient="row")


TABLES = {
    "choice": choice_table,
    "measures": measures_table,
    "budgets": budgets_table,
    "starts": starts_table,
    "steps": steps_table,
    "front": front_table,
}
"""The tables of an optimum's folder."""


def optimum_tables(found: Optimum | None) -> dict[str, pl.DataFrame]:
    """Every table as an appraisal names it, `optimum_…`; without rows where there is no optimum."""
    if found is None:
        return {f"optimum_{name}": pl.DataFrame(schema=schema) for name, schema in SCHEMAS.items()}
    return {f"optimum_{name}": make(found) for name, make in TABLES.items()}
