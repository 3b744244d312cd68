"""A kernel held as an array."""

from __future__ import annotations

from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
from jax.tree_util import register_dataclass


@register_dataclass
@dataclass(frozen=True)
class Dense:
    """K[..., receiver, supplier] held whole: n² numbers, n² multiplications a column.

    A matrix in float32 takes half the memory; sums are in the precision of `x`, which is float64.
    """

    matrix: jax.Array
    symmetric: bool = field(default=False, metadata={"static": True})

    def apply(self, x: jax.Array) -> jax.Array:
        """(K x)_n = Σ_i K_ni x_i; x [..., supplier] -> [..., receiver]."""
        return jnp.einsum("...ni,...i->...n", self.matrix.astype(x.dtype), x)

    def apply_transpose(self, y: jax.Array) -> jax.Array:
        """(K′ y)_i = Σ_n K_ni y_n; y [..., receiver] -> [..., supplier]."""
        return jnp.einsum("...ni,...n->...i", self.matrix.astype(y.dtype), y)

    def dense(self) -> jax.Array:
        """K itself."""
        return self.matrix

    def cost(self) -> int:
        """n² for each kernel of the stack."""
        return int(self.matrix.size)

    def single(self) -> Dense:
        """The same kernel with its numbers rounded to float32."""
        return Dense(self.matrix.astype(jnp.float32), self.symmetric)

    def folded(self) -> Dense:
        """The kernel itself: there is nothing around it to fold in."""
        return self
