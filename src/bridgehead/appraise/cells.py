"""One cell of the matrix: a measure in a scenario beside the baseline."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bridgehead.appraise.context import Context
from bridgehead.appraise.needs import Row
from bridgehead.appraise.values import Value

SOLVED = "solved"
ZERO = "zero_by_construction"
WITHIN_ERROR = "within_error"
UNDEFINED = "undefined"
NOT_SOLVED = "not_solved"
ROUNDING = 1e-12
"""Relative size of what double precision adds in sums over the places: smaller changes are no changes."""


@dataclass(frozen=True)
class Cell:
    """A cell in the unit of its row: baseline, value, change = value − baseline (a measure that is a change by definition has
    baseline 0), per cent where the baseline is a level, status, and the note that explains it.

    status: 'solved' · 'zero_by_construction' · 'within_error' (shown as 0) · 'undefined' (shown as –) · 'not_solved' (empty).
    """

    baseline: float | None
    value: float | None
    change: float | None
    percent: float | None
    status: str
    note: str = ""


def unsolved_cell(baseline: float | None, reason: str) -> Cell:
    """The cell of a scenario without a certified solution: empty, with the reason."""
    return Cell(baseline, None, None, None, NOT_SOLVED, reason)


def baseline_number(row: Row, base: Value) -> float | None:
    """The baseline of a row in its unit: 0 for a measure that is a change by definition and has a number without a change."""
    return None if base.number is None else base.number * row.factor


def cell_of(row: Row, context: Context, base: Value) -> Cell:
    """The cell of a row in one scenario. `base` is the same measure with the baseline on both sides."""
    start = baseline_number(row, base)
    if row.only == "zones" and context.kind != "zone":
        return Cell(start, None, None, None, UNDEFINED, "measured for zones only: a strategy acts outside the zone as well")
    now = row.measure(context, row.arguments)
    if now.number is None:
        return Cell(start, None, None, None, UNDEFINED, now.reason)
    if not math.isfinite(now.number):
        return Cell(start, None, None, None, UNDEFINED, "the data do not give a finite number")
    if not row.measure.change and start is None:
        return Cell(None, now.number * row.factor, None, None, UNDEFINED, base.reason)
    value = now.number * row.factor
    change = value if row.measure.change else value - start
    percent = None if row.measure.change or not start else 100.0 * change / abs(start)
    if row.measure.moved_by and not context.moved() & set(row.measure.moved_by):
        return Cell(start, value, 0.0, None if percent is None else 0.0, ZERO, row.measure.still)
    size = (abs(now.number) if now.scale is None else now.scale) * row.factor
    if abs(change) <= max(context.noise, ROUNDING) * size:
        return Cell(start, value, 0.0, None if percent is None else 0.0, WITHIN_ERROR, "no change beyond the solver's error")
    return Cell(start, value, change, percent, SOLVED, now.note)
