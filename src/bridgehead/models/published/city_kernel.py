"""A kernel between the blocks that use it: who lives somewhere reaches only where somebody works."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import jax
import jax.numpy as jnp
import numpy as np
from jax.tree_util import register_dataclass

from bridgehead.kernels.dense import times, times_transposed


@register_dataclass
@dataclass(frozen=True)
class Between:
    """K[receiver, supplier] on the rows `receivers` and the columns `suppliers` of n places, and 0 elsewhere.

    `matrix` [len(receivers), len(suppliers)]. In a city of specialised blocks a fifth to a half of the entries of a whole kernel would be
    read for nothing at every pass.
    """

    matrix: jax.Array
    receivers: jax.Array
    suppliers: jax.Array
    places: int = field(metadata={"static": True})
    symmetric: bool = field(default=False, metadata={"static": True})

    @classmethod
    def decay(cls, minutes: np.ndarray, rate: float, receivers: np.ndarray, suppliers: np.ndarray) -> Between:
        """exp(−rate τ) from minutes [receiver, supplier] between places marked in `receivers` and `suppliers` [place] bool."""
        rows, columns = np.flatnonzero(receivers), np.flatnonzero(suppliers)
        matrix = jnp.asarray(np.exp(-rate * minutes[np.ix_(rows, columns)]))
        return cls(matrix, jnp.asarray(rows), jnp.asarray(columns), len(minutes))

    def apply(self, x: jax.Array) -> jax.Array:
        """(K x)_n = Σ_i K_ni x_i; x [..., supplier] -> [..., receiver]."""
        reached = times(self.matrix, x[..., self.suppliers])
        return jnp.zeros(x.shape[:-1] + (self.places,), x.dtype).at[..., self.receivers].set(reached, unique_indices=True)

    def apply_transpose(self, y: jax.Array) -> jax.Array:
        """(K′ y)_i = Σ_n K_ni y_n; y [..., receiver] -> [..., supplier]."""
        drawn = times_transposed(self.matrix, y[..., self.receivers])
        return jnp.zeros(y.shape[:-1] + (self.places,), y.dtype).at[..., self.suppliers].set(drawn, unique_indices=True)

    def dense(self) -> jax.Array:
        """K as an array [place, place]."""
        empty = jnp.zeros((self.places, self.places), self.matrix.dtype)
        return empty.at[self.receivers[:, None], self.suppliers[None, :]].set(self.matrix)

    def cost(self) -> int:
        """One multiplication an entry."""
        return int(self.matrix.size)

    def single(self) -> Between:
        """The same kernel with its numbers rounded to float32."""
        return replace(self, matrix=self.matrix.astype(jnp.float32))

    def folded(self) -> Between:
        """The kernel itself: there is nothing around it to fold in."""
        return self
