"""Whether a draw's equilibrium is stable, and whether it is the only one found (model.md §8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bridgehead import models
from bridgehead.models.starts import SAME
from bridgehead.solve import leading_eigenvalues

EDGE = 1.0
"""An equilibrium is unstable where an eigenvalue of the map has a real part of at least this: no damping makes the map settle there.
An eigenvalue below −1 is an overshoot of the undamped map, which damping cures, and no sign of instability (model.md §4, "Map")."""


@dataclass(frozen=True)
class Stability:
    """spectral_radius: largest |eigenvalue| of the map's Jacobian at the equilibrium; largest_real: largest real part."""

    spectral_radius: float
    largest_real: float

    @property
    def unstable(self) -> bool:
        """Whether no damped map settles there."""
        return self.largest_real >= EDGE

    @property
    def overshoots(self) -> bool:
        """Whether the undamped map moves away although the equilibrium is stable."""
        return self.spectral_radius >= 1.0 and not self.unstable

    def numbers(self) -> dict[str, float]:
        """As columns of the table of draws."""
        return {"spectral_radius": self.spectral_radius, "largest_real_part": self.largest_real}


def stability_of(baseline: Any) -> Stability:
    """The leading eigenvalues of the map at a baseline's equilibrium, by Arnoldi's method on products with the Jacobian."""
    engine = baseline.engine
    folded = engine.fold(engine.select(baseline.given))
    if not hasattr(engine, "_leading"):

        def leading(x: jax.Array, given: Any) -> jax.Array:
            _, product = jax.linearize(lambda y: engine.update(y, given), x)
            return leading_eigenvalues(product, jnp.cos(jnp.arange(1.0, x.size + 1.0)))

        object.__setattr__(engine, "_leading", jax.jit(leading))
    found = np.linalg.eigvals(np.asarray(engine._leading(jnp.asarray(baseline.equilibrium.x), folded)))
    return Stability(float(np.abs(found).max()), float(found.real.max()))


def several_starts(baseline: Any, starts: int, *, seed: list[int], width: float = 0.5) -> int:
    """How many equilibria the data's own and `starts` random starts find; a start that finds none counts as none."""
    draws = np.random.default_rng(seed)
    found = [baseline.equilibrium.x]
    for _ in range(starts):
        begin = baseline.equilibrium.x + width * draws.standard_normal(baseline.equilibrium.x.size)
        other = models.solve(baseline, start=begin, weakest=False)
        if other.solved and all(np.abs(other.x - known).max() >= SAME for known in found):
            found.append(other.x)
    return len(found)
