"""The inverse of I − J at one equilibrium, for iterations towards others that are near it: draws of one region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bridgehead.models.equilibrium import Equilibrium

MOST = 6000
"""Unknowns beyond which no inverse is made: it would take a gigabyte in the making, and an application more than the map itself."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class Near:
    """M ≈ (I − J)⁻¹ [size, size]. With it an iteration x ← x + M f is nearly Newton's: the rest of the error shrinks with the spectral
    radius of I − M (I − J), 0.2 to 0.5 between draws of the case, where J's own is 0.7 to 0.8.

    Kept as it is and transposed, for members in rows read it fastest by its rows, and in float32, which halves what an application reads: it only says where to look next, and what is found is judged in float64.
    """

    inverse: jax.Array
    transpose: jax.Array

    @classmethod
    def of(cls, equilibrium: Equilibrium) -> Near | None:
        """That of an equilibrium: seconds, for J is found whole. None where I − J is singular, or larger than `MOST`."""
        engine = equilibrium.engine
        if engine.layout.size > MOST:
            return None
        factored = engine.factored(equilibrium.x, engine.fold(engine.select(equilibrium.given)))
        if factored.singular:
            return None
        inverse = factored.solve(np.eye(equilibrium.x.size))
        if not np.isfinite(inverse).all():
            return None
        single = inverse.astype(np.float32)
        return cls(jnp.asarray(single), jnp.asarray(np.ascontiguousarray(single.T)))

    def __call__(self, right: Any) -> Any:
        """M right of every member [member, size]."""
        return (right.astype(jnp.float32) @ self.transpose).astype(right.dtype)

    def transposed(self, right: Any) -> Any:
        """M′ right of every member [member, size]."""
        return (right.astype(jnp.float32) @ self.inverse).astype(right.dtype)
