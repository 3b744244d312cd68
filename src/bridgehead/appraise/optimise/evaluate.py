"""What a choice brings: a certified solve and the measures at it, and their derivatives by the implicit function theorem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bridgehead.appraise.context import Context, World
from bridgehead.appraise.derivatives import function_of
from bridgehead.appraise.engine import ENGINE, Runner
from bridgehead.appraise.needs import Row
from bridgehead.appraise.optimise.task import Task
from bridgehead.errors import PolicyError, SolveError
from bridgehead.models import gradient, solve
from bridgehead.policy import enact

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Point:
    """A choice x with its certified equilibrium and the values of the rows, in their units and as they are better: more is better."""

    x: Array
    world: World
    values: Array

    @property
    def certificate(self) -> Any:
        """The certificate of the solve."""
        return self.world.equilibrium.certificate


@dataclass(eq=False)
class Shared:
    """What evaluators of one task share: the fundamentals without what is chosen, compiled functions, and what was done."""

    given: Any
    baseline: dict[Any, Any] = field(default_factory=dict)
    functions: dict[tuple[str, str], Callable[..., Any]] = field(default_factory=dict)
    x: Array | None = None
    solves: int = 0
    refused: int = 0


@dataclass(eq=False)
class Evaluator:
    """Solves choices of a task and measures rows at them; a solve starts from the last one."""

    runner: Runner
    task: Task
    rows: tuple[Row, ...]
    shared: Shared
    kind: str = "zone"
    _last: Point | None = field(default=None, init=False)
    _slopes: dict[bytes, Array] = field(default_factory=dict, init=False)

    @classmethod
    def of(cls, runner: Runner, task: Task, rows: tuple[Row, ...]) -> Evaluator:
        """An evaluator of a task."""
        scenario = task.scenario(np.zeros(task.most.size), "the plan without what is chosen")
        return cls(runner, task, rows, Shared(enact(scenario, runner.baseline, context=runner.policy).given))

    def of_rows(self, rows: tuple[Row, ...]) -> Evaluator:
        """The same task with other rows."""
        return Evaluator(self.runner, self.task, rows, self.shared, self.kind)

    @property
    def signs(self) -> Array:
        """1 where more is better, −1 where less is."""
        return np.array([1.0 if row.better == "up" else -1.0 for row in self.rows])

    def at(self, x: Array) -> Point | None:
        """The choice solved and measured; None where it has no certified solution."""
        x = np.clip(x, 0.0, self.task.most)
        if self._last is not None and np.array_equal(self._last.x, x):
            return self._last
        given = self.task.apply(self.shared.given, x)
        equilibrium = solve(self.runner.baseline, given, start=self.shared.x, name="a choice", weakest=False)
        self.shared.solves += 1
        if not equilibrium.solved:
            self.shared.refused += 1
            return None
        self.shared.x = equilibrium.x
        world = World(self.runner.baseline, equilibrium, ENGINE)
        self._last = Point(x, world, self.measure(world))
        return self._last

    def require(self, x: Array) -> Point:
        """The choice solved and measured; SolveError where it has no certified solution."""
        point = self.at(x)
        if point is None:
            raise SolveError("a choice to start from has no certified solution", [])
        return point

    def measure(self, world: World) -> Array:
        """The rows at a solved world, more being better. PolicyError for a row that has no value there."""
        return self._measured(world)[0]

    def _measured(self, world: World) -> tuple[Array, Array]:
        """The rows, and by how much a certified solve may be off in each, in their units."""
        context, found, errors = Context(self.runner.world, world, self.kind, self.shared.baseline), [], []
        for row, sign in zip(self.rows, self.signs, strict=True):
            value = row.measure(context, row.arguments)
            if value.number is None:
                raise PolicyError(f"'{row.title}' has no value here, so no plan can be chosen by it: {value.reason}")
            found.append(sign * value.number * row.factor)
            errors.append(context.noise * max(abs(value.number), value.scale or 0.0) * row.factor)
        return np.array(found), np.array(errors)

    def differ(self, world: World, point: Point) -> Array:
        """By how much the rows at a world differ from those at a point, over what two certified solves may (1: as much)."""
        values, errors = self._measured(world)
        return np.abs(values - point.values) / np.maximum(errors + self._measured(point.world)[1], 1e-300)

    def slopes(self, point: Point) -> Array:
        """d row / dx [row, choice] at a point, more being better."""
        key = point.x.tobytes()
        if key not in self._slopes:
            self._slopes.clear()
            given = point.world.given
            found = [gradient(point.world.equilibrium, self._function(row, point), self.task.names) for row in self.rows]
            back = np.array([self.task.back(slopes, given, point.x) for slopes in found])
            self._slopes[key] = self.signs[:, None] * back
        return self._slopes[key]

    def _function(self, row: Row, point: Point) -> Callable[..., Any]:
        """A row as a function to differentiate: one for all points, so that it is compiled once."""
        functions = self.shared.functions
        if row.key not in functions:
            functions[row.key] = function_of(row, self.runner.world, point.world, kind=self.kind, shared=self.shared.baseline)
        return functions[row.key]
