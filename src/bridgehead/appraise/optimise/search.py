"""The search for a plan: sequential quadratic programming (SciPy's SLSQP) over certified solves, and the first-order conditions at its end.

    maximise  F(x)   subject to   Σ x of a choice = its amount,  0 ≤ x ≤ most,  G_i(x) ≥ floor_i

F and G_i are measures of an equilibrium, so nothing says that the problem is concave: what is found is a local optimum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import minimize, nnls

from bridgehead.appraise.optimise.choices import DUST
from bridgehead.appraise.optimise.evaluate import Evaluator, Point
from bridgehead.appraise.optimise.task import Task
from bridgehead.errors import Fault, SolveError

Array = np.ndarray
STATIONARY = 1e-3
"""First-order conditions hold when what is left of the gradient is at most this share of it."""
SLACK = 1e-6
"""A floor holds when it is missed by no more than this share of the constraint's scale."""
ACTIVE = 1e-5
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
            x, message = self._slsqp(x)
            found = self._end(tidy(self.task, x), message)
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
            found = self._room(z[:-1])
            return found - z[-1]

        def slope(z: Array) -> Array:
            return np.column_stack([self._slope(z[:-1])[1:], -np.ones(self.floors.size)])

        limits = [
            {**each, "fun": lambda z, f=each["fun"]: f(z[:-1]), "jac": lambda z, f=each["jac"]: np.append(f(z[:-1]), 0.0)}
            for each in self._amounts()
        ]
        for _ in range(ROUNDS):
            start = np.append(point.x / scale, self._room(point.x / scale).min())
            bounds = [*zip(np.zeros(scale.size), self.task.most / scale, strict=True), (None, ACTIVE)]
            limits_all = [*limits, {"type": "ineq", "fun": room, "jac": slope}]
            solved = minimize(
                lambda z: -z[-1], start, jac=lambda z: np.append(np.zeros(scale.size), -1.0), method="SLSQP", bounds=bounds,
                constraints=limits_all, callback=lambda z: self._accept(z[:-1] * scale), options={"maxiter": self.most_steps, "ftol": PRECISION},
            )  # fmt: skip
            point = self.evaluator.require(tidy(self.task, solved.x[:-1] * scale))
            if (self._slack(point) >= 0).all():
                return point
        faults = [
            Fault(
                f"missed by {-lack:.3g} {row.unit}",
                f"{row.need}, line {row.line}",
                f"{sign * floor:.6g} {row.unit}",
                "let it go, or choose more",
            )
            for row, sign, lack, floor in zip(
                self.evaluator.rows[1:], self.evaluator.signs[1:], self._slack(point), self.floors, strict=True
            )
            if lack < 0
        ]
        raise SolveError("no choice was found that keeps every need; the closest one misses", faults)

    def _slsqp(self, start: Array) -> tuple[Array, str]:
        scale, left = self.task.scale, self.most_steps - len(self.steps)
        solved = minimize(
            self._loss, start / scale, jac=self._loss_slope, method="SLSQP", bounds=[*zip(np.zeros(scale.size), self.task.most / scale, strict=True)],
            constraints=self._constraints(), callback=lambda z: self._accept(z * scale), options={"maxiter": max(left, 1), "ftol": PRECISION},
        )  # fmt: skip
        return solved.x * scale, str(solved.message)

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

    def _accept(self, x: Array) -> None:
        point = self.evaluator.at(x)
        if point is not None:
            self._note(point)

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
        slopes = self.evaluator.slopes(point)
        slack = self._slack(point)
        near = slack <= ACTIVE * self.size[1:]
        left, worth, prices = first_order(self.task, point.x, slopes, near)
        goal = self.evaluator.signs[0] * point.values[0]
        return Found(point, float(goal), slack, left, worth, prices, slopes[0], tuple(self.steps), message)


def amounts(task: Task) -> list[tuple[Array, float, bool]]:
    """Rows a, bounds b and whether a·z = b (else ≤), of the choices' amounts, in shares z."""
    found, begin = [], 0
    for choice, size in zip(task.choices, task.sizes, strict=True):
        row = np.zeros(sum(task.sizes))
        if choice.kind == "border":
            if choice.total is not None:
                row[begin : begin + size] = choice.points() / max(choice.total, 1e-300)
                found.append((row, 1.0, False))
        else:
            row[begin : begin + size] = 1.0
            found.append((row, 1.0, True))
        begin += size
    return found


def tidy(task: Task, x: Array) -> Array:
    """x within its bounds, without dust, and with its amounts exactly."""
    parts = []
    for choice, part in zip(task.choices, task.parts(np.clip(x, 0.0, task.most)), strict=True):
        size = 1.0 if choice.kind == "border" else choice.total
        clean = np.where(part > DUST * size, part, 0.0)
        if choice.kind != "border":
            clean = filled(clean, choice.total, choice.most)
        elif choice.total is not None and choice.points() @ clean > choice.total:
            clean = clean * (choice.total / (choice.points() @ clean))
        parts.append(clean)
    return np.concatenate(parts)


def filled(part: Array, total: float, most: Array) -> Array:
    """Amounts scaled to their total, those at their bound held there; what is then left over goes to all that have room."""
    part = np.minimum(part, most)
    for _ in range(part.size + 1):
        left = total - part.sum()
        free = (part > 0) & (part < most)
        if left == 0 or not free.any():
            break
        part = np.where(free, part * (1.0 + left / part[free].sum()), part)
        part = np.minimum(part, most)
    left, room = total - part.sum(), most - part
    return part + room * left / room.sum() if left > 0 and room.sum() > 0 else part


def first_order(task: Task, x: Array, slopes: Array, near: Array) -> tuple[float, tuple[float | None, ...], Array]:
    """(what is left of the gradient, worth of each amount, price of each floor) at x: Karush, Kuhn & Tucker by least squares.

    ∇F + Σ μ_i ∇G_i − Σ λ_c a_c + ν⁻ − ν⁺ = 0 in shares, μ ≥ 0 of the floors that bind (`near`), ν ≥ 0 of the bounds that do.
    """
    scale = task.scale
    z, top = x / scale, task.most / scale
    gradient = slopes * scale
    size = np.abs(gradient).max(axis=1)
    size[size == 0] = 1.0
    held, limits = np.flatnonzero(near), amounts(task)
    columns = [gradient[1 + i] / size[1 + i] for i in held]
    columns += [-row if equal or bound - row @ z <= ACTIVE else np.zeros(z.size) for row, bound, equal in limits]
    columns += [row * equal for row, _, equal in limits]  # an equality's multiplier has either sign
    columns += [np.eye(z.size)[j] for j in np.flatnonzero(z <= DUST)]
    columns += [-np.eye(z.size)[j] for j in np.flatnonzero(z >= top - DUST)]
    target = -gradient[0] / size[0]
    multipliers, left = nnls(np.array(columns).T, target) if columns else (np.zeros(0), float(np.linalg.norm(target)))
    left = float(left / max(np.linalg.norm(target), 1e-300))
    prices = np.zeros(near.size)
    prices[held] = multipliers[: held.size] * size[0] / size[1 + held]
    one, other = (multipliers[begin : begin + len(limits)] for begin in (held.size, held.size + len(limits)))
    return left, _worths(task, (one - other) * size[0]), prices


def _worths(task: Task, multipliers: Array) -> tuple[float | None, ...]:
    """d goal / d amount of each choice, a unit of the amount."""
    found, order = [], iter(multipliers)
    for choice in task.choices:
        has = choice.kind != "border" or choice.total is not None
        found.append(float(next(order)) / max(choice.total, 1e-300) if has else None)
    return tuple(found)
