"""Solving and certifying one year after another: what two years have in common is folded, checked and compiled once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jax.numpy as jnp
import numpy as np

from bridgehead.blocks.movers import MovingHomes
from bridgehead.models.engine import Engine
from bridgehead.models.equilibrium import Equilibrium, balanced, certify, polish, solve_from
from bridgehead.models.separation import blocks_of


def moving_engine(engine: Engine) -> Engine:
    """The engine of the same model with slow movers; compiled once an engine."""
    if not hasattr(engine, "_moving"):
        moving = Engine(engine.model.swap(Homes=MovingHomes()), engine.layout, engine.method)
        object.__setattr__(engine, "_moving", moving)
    return engine._moving


def extrapolated(past: list[np.ndarray]) -> np.ndarray:
    """The next value after one, two or three by the polynomial through them: a start close to the solution of a smooth path."""
    if len(past) == 1:
        return past[0]
    if len(past) == 2:
        return 2.0 * past[1] - past[0]
    return 3.0 * (past[2] - past[1]) + past[0]


@dataclass(eq=False)
class YearSolver:
    """Solves the years of one path in turn, each from the year before.

    reference: the state whose prices tell what borders let through. weakest: whether certificates measure the smallest singular
    value. While the kernels are the same objects as the year before, folding them and looking for nearly separate blocks is spared.
    """

    engine: Engine
    reference: dict[str, np.ndarray]
    labels: dict[str, tuple[str, ...]]
    start: np.ndarray
    weakest: bool = False
    _past: list[np.ndarray] = field(default_factory=list)
    _names: tuple[str, ...] = ()
    _kernels: dict[str, Any] = field(default_factory=dict)
    _folded: dict[str, Any] = field(default_factory=dict)
    _blocks: np.ndarray | None = None
    _disconnected: bool = False

    def solve(self, given: Mapping[str, Any]) -> Equilibrium:
        """The next year's equilibrium with its certificate; never raises for want of convergence."""
        if not self._names:
            self._names = tuple(self.engine.select(given))
        selected = {name: given[name] for name in self._names}
        kernels = {name: value for name, value in selected.items() if hasattr(value, "apply")}
        same = self._kernels.keys() == kernels.keys() and all(self._kernels[name] is value for name, value in kernels.items())
        if not same:
            self._fold(given, kernels)
            self._past = self._past[-1:]
        start = extrapolated(self._past) if self._past else self.start
        if self._disconnected:
            return solve_from(self.engine, given, start, self.reference, self.labels)
        inputs = {name: self._folded.get(name, value) for name, value in selected.items()}
        found = self._solve(given, inputs, start)
        self._past = [*self._past, found.x][-3:]
        return found

    def _fold(self, given: Mapping[str, Any], kernels: dict[str, Any]) -> None:
        changed = {name: value for name, value in kernels.items() if self._kernels.get(name) is not value}
        self._folded = self._folded | self.engine.fold(changed)
        self._kernels = kernels
        self._blocks, self._disconnected = blocks_of({**given, **self._folded}, self.reference)

    def _solve(self, given: Mapping[str, Any], inputs: dict[str, Any], start: np.ndarray) -> Equilibrium:
        used = self.engine
        if self._blocks is not None and self._blocks.max() > 0:
            used, given, inputs = balanced(used, dict(given), inputs, self._blocks)
        x, steps = used.run_solve(jnp.asarray(start), inputs)
        x, steps = np.asarray(x), int(steps)
        gap = float(np.max(np.abs(np.asarray(used.run_update(jnp.asarray(x), inputs)) - x)))
        if not gap <= used.method.tolerance:
            x, more = polish(used, inputs, x)
            steps += more
        return certify(used, dict(given), inputs, x, steps, self.labels, weakest=self.weakest)
