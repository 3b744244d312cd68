"""Large cities: exact passes at a few points, single-precision passes around them.

A pass of a large city costs what reading its kernels costs. Around a point x₀ where K x₀ is known exactly, K x = K x₀ + K (x − x₀), and a
kernel held in single precision errs by 1e-7 of the difference only. A round solves that economy to a millionth of the gap it started
from; the next round is anchored where it ended. Two or three exact passes reach full precision, and the gap that counts is always exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.tree_util import register_dataclass

from bridgehead.kernels import Dense
from bridgehead.models.engine import Engine
from bridgehead.solve import Anderson, anderson

ROUND = Anderson(memory=12, tolerance=2e-6, max_steps=30, largest_step=4.0)
"""One round, in units of the gap it starts from."""


@register_dataclass
@dataclass(frozen=True)
class Anchored:
    """K x = `there` + K₃₂ (x − `at`), and the same for the transpose: exact at one point, K₃₂ in single precision.

    `at`, `there` [..., place] are what `apply` got and gave at the point; `back_at`, `back_there` those of `apply_transpose`; None where
    the model does not use that direction.
    """

    low: jax.Array
    at: jax.Array | None
    there: jax.Array | None
    back_at: jax.Array | None
    back_there: jax.Array | None
    symmetric: bool = field(default=False, metadata={"static": True})

    def apply(self, x: jax.Array) -> jax.Array:
        """(K x)_n = Σ_i K_ni x_i."""
        return self.there + _around(Dense(self.low).apply, x - self.at)

    def apply_transpose(self, y: jax.Array) -> jax.Array:
        """(K′ y)_i = Σ_n K_ni y_n."""
        return self.back_there + _around(Dense(self.low).apply_transpose, y - self.back_at)

    def dense(self) -> jax.Array:
        """K₃₂ as an array."""
        return self.low.astype(float)

    def cost(self) -> int:
        """n² multiplications, in single precision."""
        return int(self.low.size)


def _around(product: Any, difference: jax.Array) -> jax.Array:
    """A product in single precision of a difference of any size: scaled to one, so that nothing overflows."""
    size = jnp.maximum(jnp.max(jnp.abs(difference)), 1e-300)
    return product((difference / size).astype(jnp.float32)).astype(difference.dtype) * size


class _Spy:
    """A kernel that notes what it was asked and what it answered, while a pass is traced."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.seen = inner, [None, None, None, None]

    def apply(self, x: jax.Array) -> jax.Array:
        """As the kernel."""
        self.seen[0], self.seen[1] = x, self.inner.apply(x)
        return self.seen[1]

    def apply_transpose(self, y: jax.Array) -> jax.Array:
        """As the kernel."""
        self.seen[2], self.seen[3] = y, self.inner.apply_transpose(y)
        return self.seen[3]


def low_precision(reads: Mapping[str, Any]) -> dict[str, jax.Array]:
    """The dense kernels among the fundamentals, in single precision."""
    return {name: value.matrix.astype(jnp.float32) for name, value in reads.items() if isinstance(value, Dense)}


class AnchoredSolver:
    """The two compiled functions of an engine: an exact pass that notes its kernel products, and a round around it.

    Every kernel of the model must be dense and be applied once a pass in each direction it is used in.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.exact, self.round, self.lower = jax.jit(self._exact), jax.jit(self._round), jax.jit(low_precision)

    def _exact(self, x: jax.Array, reads: Mapping[str, Any]) -> tuple[jax.Array, dict[str, list]]:
        spies = {name: _Spy(value) for name, value in reads.items() if isinstance(value, Dense)}
        new = self.engine.update(x, {**reads, **spies})
        return new, {name: spy.seen for name, spy in spies.items()}

    def _round(self, x: jax.Array, others: Mapping[str, Any], low: dict, seen: dict, size: jax.Array) -> tuple[jax.Array, jax.Array]:
        given = {**others, **{name: Anchored(low[name], *seen[name]) for name in low}}

        def update(z: jax.Array) -> jax.Array:
            return (self.engine.update(x + size * z, given) - x) / size

        z, steps = anderson(update, jnp.zeros_like(x), ROUND)
        return x + size * z, steps

    def solve(self, start: np.ndarray, reads: Mapping[str, Any]) -> tuple[np.ndarray, int]:
        """(x, passes): rounds until the exact gap is under the engine's tolerance, or a round does not help; then the engine's own
        iteration. Whether x is a solution is for the certificate to say.
        """
        low, others = self.lower(reads), {name: value for name, value in reads.items() if not isinstance(value, Dense)}
        x, best, passes = jnp.asarray(start), np.inf, 0
        for _ in range(8):
            new, seen = self.exact(x, reads)
            gap, passes = float(jnp.max(jnp.abs(new - x))), passes + 1
            if gap <= self.engine.method.tolerance:
                return np.asarray(x), passes
            if not gap < 0.1 * best:
                break
            best = gap
            x, steps = self.round(x, others, low, seen, jnp.asarray(gap))
            passes += int(steps)
        if not bool(jnp.isfinite(x).all()):
            x = jnp.asarray(start)
        x, steps = self.engine.run_solve(x, reads)
        return np.asarray(x), passes + int(steps)
