"""A kernel of which most entries are zero, as observed flows are."""

from __future__ import annotations

from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np
from jax.tree_util import register_dataclass

from bridgehead.kernels.dense import Dense


@register_dataclass
@dataclass(frozen=True)
class Sparse:
    """K held as its non-zero entries (receiver, supplier, value): as many multiplications as entries."""

    receiver: jax.Array
    supplier: jax.Array
    value: jax.Array
    places: int = field(metadata={"static": True})
    symmetric: bool = field(default=False, metadata={"static": True})

    @classmethod
    def from_matrix(cls, matrix: np.ndarray) -> Sparse:
        """The non-zero entries of a square array, row by row."""
        array = np.asarray(matrix, dtype=float)
        receiver, supplier = np.nonzero(array)
        value = jnp.asarray(array[receiver, supplier])
        return cls(jnp.asarray(receiver), jnp.asarray(supplier), value, array.shape[0], bool((array == array.T).all()))

    def apply(self, x: jax.Array) -> jax.Array:
        """(K x)_n = Σ_i K_ni x_i; x [..., supplier] -> [..., receiver]."""
        terms = self.value * x[..., self.supplier]
        return jnp.zeros(x.shape[:-1] + (self.places,), x.dtype).at[..., self.receiver].add(terms)

    def apply_transpose(self, y: jax.Array) -> jax.Array:
        """(K′ y)_i = Σ_n K_ni y_n; y [..., receiver] -> [..., supplier]."""
        terms = self.value * y[..., self.receiver]
        return jnp.zeros(y.shape[:-1] + (self.places,), y.dtype).at[..., self.supplier].add(terms)

    def dense(self) -> jax.Array:
        """K as an array."""
        empty = jnp.zeros((self.places, self.places), self.value.dtype)
        return empty.at[self.receiver, self.supplier].add(self.value)

    def cost(self) -> int:
        """One multiplication an entry."""
        return int(self.value.size)

    def folded(self) -> Sparse:
        """The kernel itself: there is nothing around it to fold in."""
        return self

    def scaled_by(self, factor: jax.Array, side: jax.Array) -> Sparse:
        """K_ni f[side_n, side_i]: a border folded into the entries."""
        value = self.value * factor[side[self.receiver], side[self.supplier]]
        return Sparse(self.receiver, self.supplier, value, self.places, symmetric=False)

    def as_dense_kernel(self) -> Dense:
        """The same operator held whole."""
        return Dense(self.dense(), self.symmetric)
