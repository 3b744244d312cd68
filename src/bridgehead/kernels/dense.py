"""A kernel held as an array."""

from __future__ import annotations

from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
from jax.tree_util import register_dataclass

BLOCK = 128
"""Rows of a float32 matrix that are widened to float64 at a time."""


def times(matrix: jax.Array, x: jax.Array) -> jax.Array:
    """Σ_i K_ni x_i in the precision of x; matrix [..., n, i], x [..., i] -> [..., n].

    A float32 matrix is widened a few rows at a time: what it takes beside itself is a block of rows, never a whole copy.
    """
    if matrix.dtype == x.dtype:
        return jnp.einsum("...ni,...i->...n", matrix, x)

    def rows(start: jax.Array | int, count: int) -> jax.Array:
        part = jax.lax.dynamic_slice_in_dim(matrix, start, count, axis=-2).astype(x.dtype)
        return jnp.einsum("...ni,...i->...n", part, x)

    blocks, rest = divmod(matrix.shape[-2], BLOCK)
    found = []
    if blocks:
        stacked = jnp.moveaxis(jax.lax.map(lambda start: rows(start, BLOCK), BLOCK * jnp.arange(blocks)), 0, -2)
        found.append(stacked.reshape((*stacked.shape[:-2], blocks * BLOCK)))
    if rest:
        found.append(rows(blocks * BLOCK, rest))
    return jnp.concatenate(found, axis=-1)


def times_transposed(matrix: jax.Array, y: jax.Array) -> jax.Array:
    """Σ_n K_ni y_n in the precision of y; matrix [..., n, i], y [..., n] -> [..., i]. A float32 matrix as in `times`."""
    if matrix.dtype == y.dtype:
        return jnp.einsum("...ni,...n->...i", matrix, y)

    def rows(start: jax.Array | int, count: int) -> jax.Array:
        part = jax.lax.dynamic_slice_in_dim(matrix, start, count, axis=-2).astype(y.dtype)
        return jnp.einsum("...ni,...n->...i", part, jax.lax.dynamic_slice_in_dim(y, start, count, axis=-1))

    blocks, rest = divmod(matrix.shape[-2], BLOCK)
    if not blocks:
        return rows(0, rest)
    return jax.lax.fori_loop(0, blocks, lambda block, total: total + rows(block * BLOCK, BLOCK), rows(blocks * BLOCK, rest))


@register_dataclass
@dataclass(frozen=True)
class Dense:
    """K[..., receiver, supplier] held whole: n² numbers, n² multiplications a column.

    A pass over a matrix in float32 reads half the bytes; sums are in the precision of `x`, which is float64.
    """

    matrix: jax.Array
    symmetric: bool = field(default=False, metadata={"static": True})

    def apply(self, x: jax.Array) -> jax.Array:
        """(K x)_n = Σ_i K_ni x_i; x [..., supplier] -> [..., receiver]."""
        return times(self.matrix, x)

    def apply_transpose(self, y: jax.Array) -> jax.Array:
        """(K′ y)_i = Σ_n K_ni y_n; y [..., receiver] -> [..., supplier]."""
        return times_transposed(self.matrix, y)

    def dense(self) -> jax.Array:
        """K itself."""
        return self.matrix

    def diagonal(self) -> jax.Array:
        """K_nn [..., place]."""
        return jnp.diagonal(self.matrix, axis1=-2, axis2=-1)

    def cost(self) -> int:
        """n² for each kernel of the stack."""
        return int(self.matrix.size)

    def single(self) -> Dense:
        """The same kernel with its numbers rounded to float32."""
        return Dense(self.matrix.astype(jnp.float32), self.symmetric)

    def folded(self) -> Dense:
        """The kernel itself: there is nothing around it to fold in."""
        return self
