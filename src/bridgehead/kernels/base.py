"""What every kernel can do."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import jax


@runtime_checkable
class Kernel(Protocol):
    """A non-negative linear operator K on places; first index receives, second supplies.

    `x` has places on its last axis, [..., places], and any batch axes before it. A kernel may carry leading axes of its own
    (trade has one kernel a sector); they line up with the leading axes of `x`. A kernel is a JAX pytree: its numbers can be
    differentiated and batched.
    """

    symmetric: bool

    def apply(self, x: jax.Array) -> jax.Array:
        """(K x)_n = Σ_i K_ni x_i."""
        ...

    def apply_transpose(self, y: jax.Array) -> jax.Array:
        """(K′ y)_i = Σ_n K_ni y_n."""
        ...

    def dense(self) -> jax.Array:
        """K as an array [..., receiver, supplier]: for tests, flows and small regions."""
        ...

    def cost(self) -> int:
        """Multiplications of one application to one column."""
        ...
