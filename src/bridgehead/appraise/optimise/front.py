"""The Pareto front of two measures: the most of the one for every level of the other (the ε-constraint method)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bridgehead.appraise.needs import Row
from bridgehead.appraise.optimise.evaluate import Evaluator
from bridgehead.appraise.optimise.search import Found, Search
from bridgehead.errors import SolveError

Array = np.ndarray
Report = Callable[[int, int, str], None]


@dataclass(frozen=True, eq=False)
class FrontPoint:
    """One plan of the front: both measures in their units, the choice, whether first-order conditions hold, and what one more unit of
    the second costs of the first (None at the ends)."""

    first: float
    second: float
    x: Array
    optimal: bool
    stationarity: float
    rate: float | None


@dataclass(frozen=True, eq=False)
class Front:
    """Plans from the best of the first measure to the best of the second; none is better in both than another."""

    rows: tuple[Row, Row]
    points: tuple[FrontPoint, ...]


def front_of(
    evaluator: Evaluator, rows: tuple[Row, Row], kept: tuple[Row, ...], floors: Array, start: Array, count: int, steps: int, tell: Report
) -> Front:
    """`count` plans of the front between the best of each row, the kept rows above their floors.

    evaluator: of the same task, whose solves are counted on. SolveError where the floors cannot be reached.
    """
    first, second = rows

    def search(goal: Row, more: tuple[Row, ...], bounds: Array, x: Array) -> Found:
        own = evaluator.of_rows((goal, *kept, *more))
        return Search(own, np.append(floors, bounds), steps, tell).run(x)

    best_first = search(first, (), np.zeros(0), start)
    best_second = search(second, (), np.zeros(0), best_first.point.x)
    ends = [_both(evaluator, rows, each.point.x) for each in (best_first, best_second)]
    found = [_point(ends[0], best_first, None)]
    signs = [1.0 if row.better == "up" else -1.0 for row in rows]
    x = best_first.point.x
    for number, level in enumerate(np.linspace(ends[0][1], ends[1][1], count)[1:-1], start=1):
        tell(number, count, f"{second.title}: {level:.6g}")
        try:
            each = search(first, (second,), np.array([signs[1] * level]), x)
        except SolveError:
            each = search(first, (second,), np.array([signs[1] * level]), best_second.point.x)
        x = each.point.x
        found.append(_point(_both(evaluator, rows, x), each, float(each.prices[-1])))
    found.append(_point(ends[1], best_second, None))
    return Front(rows, tuple(_undominated(found, signs)))


def _both(evaluator: Evaluator, rows: tuple[Row, Row], x: Array) -> Array:
    """Both measures at a choice, in their units."""
    own = evaluator.of_rows(rows)
    return own.signs * own.require(x).values


def _point(values: Array, found: Found, rate: float | None) -> FrontPoint:
    return FrontPoint(float(values[0]), float(values[1]), found.point.x, found.optimal, found.stationarity, rate)


def _undominated(points: list[FrontPoint], signs: list[float]) -> list[FrontPoint]:
    """Points that no other beats in one measure without losing in the other; equal ones once."""

    def better(one: FrontPoint, other: FrontPoint) -> bool:
        gains = [signs[0] * (one.first - other.first), signs[1] * (one.second - other.second)]
        slack = [1e-9 * max(abs(one.first), 1e-300), 1e-9 * max(abs(one.second), 1e-300)]
        return all(gain >= -room for gain, room in zip(gains, slack, strict=True)) and any(
            gain > room for gain, room in zip(gains, slack, strict=True)
        )

    kept: list[FrontPoint] = []
    for point in points:
        same = any(np.isclose(point.first, k.first, rtol=1e-12) and np.isclose(point.second, k.second, rtol=1e-12) for k in kept)
        if not same and not any(better(other, point) for other in points):
            kept.append(point)
    return kept
