"""Needs over time: every measure of a need in some years of a path, the scenario's beside the baseline's in the same year.

The matrix compares two long-run equilibria; here levers come in by their dates, people move slowly, and ideas take years. Money grows with
the economy, at the prices of the data's year.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from bridgehead.appraise.cells import UNDEFINED, Cell, cell_of
from bridgehead.appraise.context import Context, World
from bridgehead.appraise.engine import ENGINE
from bridgehead.appraise.needs import Needs, Row
from bridgehead.appraise.path_run import PathResult
from bridgehead.models.path import PathYear

NOMINAL = ("wage", "wage_kept", "access", "earnings", "income", "rents_received", "public_money", "transfers", "revenue")
NOMINAL += ("rent_home", "rent_work", "spending", "output", "sold")
"""What grows with the economy, while prices of goods stay those of the data."""

ONE_PERIOD = ("shadow_price_land", "shadow_price_gap")
"""Measures that are derivatives of a long-run equilibrium."""

SCHEMA = {
    "need": pl.String,
    "line": pl.String,
    "year": pl.Int64,
    **dict.fromkeys(("baseline", "value", "change", "change_percent"), pl.Float64),
    "status": pl.String,
    "note": pl.String,
}


def path_needs(needs: Needs, result: PathResult, years: tuple[int, ...], kind: str) -> pl.DataFrame:
    """need, line, year, baseline, value, change, change_percent, status, note: as `matrix_long` has them, of the scenario's path over
    the baseline's. kind: that of the scenario ('zone', 'strategy', 'scenario')."""
    rows = []
    for year in years:
        before, after = (_world(result.baseline, path.of(year)) for path in (result.base, result.plan))
        still, now = Context(before, before, "baseline"), Context(before, after, kind)
        for row in needs.rows:
            cell = _cell(row, still, now)
            numbers = (cell.baseline, cell.value, cell.change, cell.percent)
            rows.append((row.need, row.line, year, *numbers, cell.status, cell.note))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def chosen_years(years: tuple[int, ...], *, every: int = 5, most: int = 7) -> tuple[int, ...]:
    """The first year, every fifth after it and the last; fewer, evenly spread, where those are many."""
    found = sorted({years[0], years[-1], *(year for year in years if (year - years[0]) % every == 0)})
    if len(found) <= most:
        return tuple(found)
    return tuple(sorted({found[round(i * (len(found) - 1) / (most - 1))] for i in range(most)}))


def _cell(row: Row, still: Context, now: Context) -> Cell:
    if row.measure.name in ONE_PERIOD:
        return Cell(None, None, None, None, UNDEFINED, "a derivative of the long-run equilibrium; the matrix has it")
    base = row.measure(still, row.arguments)
    return cell_of(row, now, base)


def _world(baseline: Any, point: PathYear) -> World:
    """A year of a path as measures see it: money grown with the economy, and the mean utility of movers and stayers as welfare."""
    equilibrium, times = point.equilibrium, float(np.exp(point.growth))
    state = {name: value * times if name in NOMINAL else value for name, value in equilibrium.state.items()}
    given = dict(equilibrium.given)
    if "research" in given:
        given["research"] = np.asarray(given["research"]) * times
    return World(baseline, replace(equilibrium, state={**state, "welfare": point.welfare}, given=given), ENGINE)
