"""The search for a plan: sequential quadratic programming (SciPy's SLSQP) over certified solves, and the first-order conditions at its end.

    maximise  F(x)   subject to   Σ x of a choice = its amount,  0 ≤ x ≤ most,  G_i(x) ≥ floor_i

F and G_i are measures of an equilibrium, so nothing says that the problem is concave: what is found is a local optimum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import minimize

from bridgehead.appraise.optimise.conditions import ACTIVE, amounts, first_order, tidy
from bridgehead.appraise.optimise.evaluate import Evaluator, Point
from bridgehead.appraise.optimise.task import Task
from bridgehead.errors import Fault, SolveError

Array = np.ndarray
STATIONARY = 1e-3
"""First-order conditions hold when what is left of the gradient is at most this share of it."""
SLACK = 1e-6
"""A floor holds when it is missed by no more than this share of the constraint's scale."""
PRECISION = 1e-8
"""Of the goal and the floors, in their scales: what certified solves leave of them is smaller, and first-order conditions are checked apart."""
ROUNDS = 3
"""How often the search begins anew where it stopped short, with fresh curvature."""
PENALTY = 10.0


@dataclass(frozen=True)
class Step:
    """An accepted point: the goal in its row's unit (more is better), the worst floor's slack, and the certificate."""

    number: int
    goal: float
    slack: float | None
    distance: float
    gap: float
    solves: int


@dataclass(frozen=True, eq=False)
class Found:
    """Where a search ended.

    stationarity: share of the gradient that the multipliers leave, 0 at a first-order optimum. worth: d goal / d amount of each
    choice (None without one), at the end. prices: d goal / d floor of each kept row. slack: of each kept row, in its unit.
    """

    point: Point
    goal: float
    slack: Array
    stationarity: float
    worth: tuple[float | None, ...]
    prices: Array
    gradient: Array
    steps: tuple[Step, ...]
    message: str

    @property
    def value(self) -> float:
        """The goal, more being better."""
        return float(self.point.values[0])

    @property
    def feasible(self) -> bool:
        """Whether every floor holds."""
        return bool((self.slack >= 0.0).all())

    @property
    def optimal(self) -> bool:
        """Whether it is feasible and first-order optimal."""
        return self.feasible and self.stationarity <= STATIONARY


@dataclass(eq=False)
class Search:
    """One question of SciPy: row 0 of the evaluator is raised, the others stay above `floors` (their units, more is better)."""

    evaluator: Evaluator
    floors: Array
    most_steps: int = 100
    tell: Callable[[int, int, str], None] = lambda done, total, label: None
    steps: list[Step] = field(default_factory=list)

    @property
    def task(self) -> Task:
        """The task."""
        return self.evaluator.task

    def run(self, start: Array) -> Found:
        """From one start; from one that misses a floor, the floors are reached first. SolveError where they cannot be."""
        self.steps.clear()
        begin = self.evaluator.require(start)
        slopes = self.evaluator.slopes(begin) * self.task.scale
        # Goal and floors in units in which a unit of choice moves them by about one.
        self.size = np.maximum(np.abs(slopes).max(axis=1), 1e-12 * np.maximum(np.abs(begin.values), 1.0))
        self._note(begin)
        if (self._slack(begin) < 0).any():
            begin = self._reach(begin)
        self.reference = begin.values[0]
        return self._climb(begin)

    def _climb(self, begin: Point) -> Found:
        """Search from a point where the floors hold, and anew from where it stops short."""
        x, best = begin.x, self._end(begin.x, "the start")
        for _ in range(ROUNDS):
            z, message = self._slsqp(self._loss, self._loss_slope, x / self.task.scale, self._constraints(), self._bounds(), self._finished)
            found = self._end(tidy(self.task, z * self.task.scale), message)
            if not best.feasible or (found.feasible and found.value >= best.value - SLACK * self.size[0]):
                best = found
            if best.optimal or len(self.steps) >= self.most_steps:
                break
            x = best.point.x
        return best

    def _slack(self, point: Point) -> Array:
        """By how much floors hold, in their units; nothing where they are missed by rounding alone."""
        slack = point.values[1:] - self.floors
        return np.where(np.abs(slack) <= SLACK * self.size[1:], np.maximum(slack, 0.0), slack)

    def _reach(self, begin: Point) -> Point:
        """A point where every floor holds: the least slack t is raised until it is none below nothing. SolveError where it is not."""
        scale, point = self.task.scale, begin

        def room(z: Array) -> Array:
            return self._room(z[:-1]) - z[-1]

        def slope(z: Array) -> Array:
            return np.column_stack([self._slope(z[:-1])[1:], -np.ones(self.floors.size)])

        limits = [_with_slack(each) for each in self._amounts()] + [{"type": "ineq", "fun": room, "jac": slope}]
        up = np.append(np.zeros(scale.size), -1.0)
        for _ in range(ROUNDS):
            start = np.append(point.x / scale, self._room(point.x / scale).min())
            z, _ = self._slsqp(lambda z: -z[-1], lambda z: up, start, limits, [*self._bounds(), (None, ACTIVE)], self._holds)
            point = self.evaluator.require(tidy(self.task, z[:-1] * scale))
            if (self._slack(point) >= 0).all():
                return point
        raise SolveError("no choice was found that keeps every need; the closest one misses", self._missed(point))

    def _missed(self, point: Point) -> list[Fault]:
        """The floors that a point misses, each with by how much."""
        found, rows = [], zip(self.evaluator.rows[1:], self.evaluator.signs[1:], self._slack(point), self.floors, strict=True)
        for row, sign, slack, floor in rows:
            if slack < 0:
                where, expected = f"{row.need}, line {row.line}", f"{sign * floor:.6g} {row.unit}"
                found.append(Fault(f"missed by {-slack:.3g} {row.unit}", where, expected, "let it go, or choose more"))
        return found

    def _bounds(self) -> list[tuple[float, float]]:
        return [(0.0, float(most)) for most in self.task.most / self.task.scale]

    def _slsqp(
        self, loss: Any, slope: Any, start: Array, limits: list[dict[str, Any]], bounds: list[Any], done: Callable[[Point], bool]
    ) -> tuple[Array, str]:
        """(z, message) of SciPy's search, which also ends at the first accepted point that is `done`."""
        size = self.task.scale.size

        def accept(z: Array) -> None:
            point = self.evaluator.at(z[:size] * self.task.scale)
            if point is not None:
                self._note(point)
                if done(point):
                    raise _Done(z)

        options = {"maxiter": max(self.most_steps - len(self.steps), 1), "ftol": PRECISION}
        try:
            found = minimize(loss, start, jac=slope, method="SLSQP", bounds=bounds, constraints=limits, callback=accept, options=options)
        except _Done as end:
            return end.z, "first-order conditions hold"
        return found.x, str(found.message)

    def _holds(self, point: Point) -> bool:
        return bool((self._slack(point) >= 0).all())

    def _finished(self, point: Point) -> bool:
        return self._holds(point) and self._conditions(point)[0] <= 0.1 * STATIONARY

    def _conditions(self, point: Point) -> tuple[float, tuple[float | None, ...], Array]:
        """What is left of the gradient, worth of the amounts, prices of the floors."""
        return first_order(self.task, point.x, self.evaluator.slopes(point), self._slack(point) <= ACTIVE * self.size[1:])

    def _loss(self, z: Array) -> float:
        point = self.evaluator.at(z * self.task.scale)
        if point is None:
            return PENALTY + abs(self.steps[-1].goal - self.reference) / self.size[0]
        return float((self.reference - point.values[0]) / self.size[0])

    def _loss_slope(self, z: Array) -> Array:
        return -self._slope(z)[0]

    def _slope(self, z: Array) -> Array:
        """d rows / dz over their sizes; nothing where there is no certified solution, so that the search turns back."""
        point = self.evaluator.at(z * self.task.scale)
        if point is None:
            return np.zeros((self.size.size, z.size))
        return self.evaluator.slopes(point) * self.task.scale / self.size[:, None]

    def _room(self, z: Array) -> Array:
        point = self.evaluator.at(z * self.task.scale)
        if point is None:
            return np.full(self.floors.size, -PENALTY)
        return (point.values[1:] - self.floors) / self.size[1:]

    def _amounts(self) -> list[dict[str, Any]]:
        found = []
        for row, bound, equal in amounts(self.task):
            kind = "eq" if equal else "ineq"
            found.append({"type": kind, "fun": lambda z, a=row, b=bound: b - a @ z, "jac": lambda z, a=row: -a})
        return found

    def _constraints(self) -> list[dict[str, Any]]:
        found = self._amounts()
        if self.floors.size:
            found.append({"type": "ineq", "fun": self._room, "jac": lambda z: self._slope(z)[1:]})
        return found

    def _note(self, point: Point) -> None:
        slack = float((point.values[1:] - self.floors).min()) if self.floors.size else None
        held = point.certificate
        step = Step(len(self.steps), float(point.values[0]), slack, held.estimated_distance, held.gap, self.evaluator.shared.solves)
        self.steps.append(step)
        sign = self.evaluator.signs[0]
        self.tell(len(self.steps), self.most_steps, f"{self.evaluator.rows[0].title}: {sign * point.values[0]:.6g}")

    def _end(self, x: Array, message: str) -> Found:
        """What is true at the end of a search."""
        point = self.evaluator.require(x)
        left, worth, prices = self._conditions(point)
        goal, slopes = self.evaluator.signs[0] * point.values[0], self.evaluator.slopes(point)
        return Found(point, float(goal), self._slack(point), left, worth, prices, slopes[0], tuple(self.steps), message)


class _Done(Exception):
    """An accepted point is good enough, and SciPy need not go on into the noise of the solves."""

    def __init__(self, z: Array):
        super().__init__()
        self.z = np.array(z)


def _with_slack(limit: dict[str, Any]) -> dict[str, Any]:
    """A limit on z as one on (z, t)."""
    fun, jac = limit["fun"], limit["jac"]
    return {**limit, "fun": lambda z: fun(z[:-1]), "jac": lambda z: np.append(jac(z[:-1]), 0.0)}
