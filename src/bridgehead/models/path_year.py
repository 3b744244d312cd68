"""Solving and certifying one year after another: what two years have in common is folded, checked and compiled once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jax.numpy as jnp
import numpy as np

from bridgehead.blocks.movers import MovingHomes
from bridgehead.models.engine import Engine
from bridgehead.models.equilibrium import Equilibrium, balanced, certify, polish, solve_from, to_numpy
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


@dataclass(frozen=True, eq=False)
class Found:
    """What solving a year came to, not yet certified. inputs: what the engine was given, with borders folded; None where the economy
    is cut apart and was not solved. fresh: the year's kernels are not those of the last year."""

    x: np.ndarray
    steps: int
    engine: Engine
    given: dict[str, Any]
    inputs: dict[str, Any] | None
    fresh: bool

    def state(self) -> dict[str, np.ndarray]:
        """Every name at the unknowns found."""
        return to_numpy(self.engine.run_state(jnp.asarray(self.x), self.inputs))


@dataclass(frozen=True, eq=False)
class _Fold:
    """Kernels with their borders folded in, and the nearly separate blocks of places that they make."""

    kernels: dict[str, Any]
    folded: dict[str, Any]
    blocks: np.ndarray
    disconnected: bool


@dataclass(eq=False)
class YearSolver:
    """Solves years one by one.

    reference: the state whose prices tell what borders let through; start: the data's unknowns. weakest: whether certificates measure the smallest singular
    value. While kernels are the same objects as in a year before, folding them and looking for nearly separate blocks is spared;
    keep: remember those of all years, for a path that is walked many times.
    """

    engine: Engine
    reference: dict[str, np.ndarray]
    labels: dict[str, tuple[str, ...]]
    start: np.ndarray
    weakest: bool = False
    keep: bool = False
    _names: tuple[str, ...] = ()
    _folds: list[_Fold] = field(default_factory=list)

    def find(self, given: Mapping[str, Any], start: np.ndarray) -> Found:
        """The unknowns of a year, from the logs `start`."""
        if not self._names:
            self._names = tuple(self.engine.select(given))
        selected = {name: given[name] for name in self._names}
        fold, fresh = self._fold(given, {name: value for name, value in selected.items() if hasattr(value, "apply")})
        if fold.disconnected:
            return Found(start, 0, self.engine, dict(given), None, fresh)
        used, given, inputs = self.engine, dict(given), {**selected, **fold.folded}
        if fold.blocks.max() > 0:
            used, given, inputs = balanced(used, given, inputs, fold.blocks)
        x, steps = used.run_solve(jnp.asarray(start), inputs)
        x, steps = np.asarray(x), int(steps)
        gap = float(np.max(np.abs(np.asarray(used.run_update(jnp.asarray(x), inputs)) - x)))
        if not gap <= used.method.tolerance:
            x, more = polish(used, inputs, x)
            steps += more
        return Found(x, steps, used, given, inputs, fresh)

    def certified(self, found: Found) -> Equilibrium:
        """What was found with its certificate; where it has none, the year solved again from the data, with finer blocks of places."""
        if found.inputs is not None:
            seen = certify(found.engine, found.given, found.inputs, found.x, found.steps, self.labels, weakest=self.weakest)
            if seen.solved:
                return seen
        given = {name: value for name, value in found.given.items() if name != "blocks"}
        return solve_from(self.engine, given, self.start, self.reference, self.labels, weakest=self.weakest)

    def _fold(self, given: Mapping[str, Any], kernels: dict[str, Any]) -> tuple[_Fold, bool]:
        for fold in self._folds:
            if all(fold.kernels[name] is value for name, value in kernels.items()):
                fresh = fold is not self._folds[-1]
                self._folds = [*(each for each in self._folds if each is not fold), fold]
                return fold, fresh
        last = self._folds[-1] if self._folds else None
        changed = kernels if last is None else {n: v for n, v in kernels.items() if last.kernels[n] is not v}
        folded = ({} if last is None else last.folded) | self.engine.fold(changed)
        fold = _Fold(kernels, folded, *blocks_of({**given, **folded}, self.reference))
        self._folds = [*(self._folds if self.keep else ()), fold]
        return fold, True
