"""A border: a small matrix of passage factors between jurisdictions, wrapped around a fixed kernel of places (model.md §3).

    (K_f x)_n = Σ_J′ f[J(n), J′] (K (x 1_J′))_n        (K_f′ y)_i = Σ_J f[J, J(i)] (K′ (y 1_J))_i

Several levels are several wrappings; their passages multiply.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import jax
import jax.numpy as jnp
import numpy as np
from jax.tree_util import register_dataclass

from bridgehead.errors import LabelError
from bridgehead.kernels.base import Kernel
from bridgehead.kernels.dense import Dense
from bridgehead.kernels.sparse import Sparse


@register_dataclass
@dataclass(frozen=True)
class Bordered:
    """Passage factors f[receiver, supplier] ≥ 0 of one level around an inner kernel that they do not touch.

    `side` [places] is each place's jurisdiction; `passage` [J, J], or [kernel, J, J] for a stack of kernels. An application
    costs one of the inner kernel a jurisdiction: K is read once and applied to all masked columns together. Where the inner
    kernel is small enough to be held whole, `folded` multiplies the passages in (as many multiplications as one
    application), and every later application costs no more than without borders.
    """

    inner: Kernel
    side: jax.Array
    passage: jax.Array
    level: str = field(default="", metadata={"static": True})
    symmetric: bool = field(default=False, metadata={"static": True})

    def _masks(self) -> jax.Array:
        """1_J as an array [J, places]."""
        count = self.passage.shape[-1]
        return (jnp.arange(count)[:, None] == self.side[None, :]).astype(self.passage.dtype)

    def apply(self, x: jax.Array) -> jax.Array:
        """(K_f x)_n = Σ_J′ f[J(n), J′] (K (x 1_J′))_n."""
        masks = self._masks()
        columns = jax.vmap(lambda mask: self.inner.apply(x * mask))(masks)
        factors = jnp.moveaxis(self.passage[..., self.side, :], -1, 0)
        return jnp.sum(_line_up(factors, columns) * columns, axis=0)

    def apply_transpose(self, y: jax.Array) -> jax.Array:
        """(K_f′ y)_i = Σ_J f[J, J(i)] (K′ (y 1_J))_i."""
        masks = self._masks()
        columns = jax.vmap(lambda mask: self.inner.apply_transpose(y * mask))(masks)
        factors = jnp.moveaxis(self.passage[..., :, self.side], -2, 0)
        return jnp.sum(_line_up(factors, columns) * columns, axis=0)

    def dense(self) -> jax.Array:
        """K_f as an array."""
        return self.inner.dense() * self.passage[..., self.side[:, None], self.side[None, :]]

    def cost(self) -> int:
        """One application of the inner kernel a jurisdiction."""
        return int(self.passage.shape[-1]) * self.inner.cost()

    def folded(self) -> Kernel:
        """The same operator without the wrapping: passages multiplied into the entries of a dense or sparse kernel."""
        inner = self.inner.folded()
        if isinstance(inner, Dense):
            return Dense(inner.matrix * self.passage[..., self.side[:, None], self.side[None, :]])
        if isinstance(inner, Sparse):
            return inner.scaled_by(self.passage, self.side)
        return replace(self, inner=inner)


def _line_up(factors: jax.Array, columns: jax.Array) -> jax.Array:
    """Insert batch axes so that factors [J, (kernel,) place] multiply columns [J, batch…, (kernel,) place]."""
    missing = columns.ndim - factors.ndim
    return factors.reshape(factors.shape[:1] + (1,) * missing + factors.shape[1:])


def passages_of(kernel: Kernel) -> dict[str, jax.Array]:
    """All passages around a kernel, by level."""
    found: dict[str, jax.Array] = {}
    while isinstance(kernel, Bordered):
        found[kernel.level] = kernel.passage
        kernel = kernel.inner
    return found


def passage_of(kernel: Kernel, level: str) -> jax.Array:
    """The passage of one level; LabelError when the kernel has no border of that level."""
    found = passages_of(kernel)
    if level not in found:
        raise LabelError(f"the kernel has no border at level '{level}'; it has {sorted(found)}")
    return found[level]


def with_passage(kernel: Kernel, level: str, passage: jax.Array) -> Kernel:
    """The same kernel with another passage at one level."""
    passage_of(kernel, level)
    if kernel.level == level:
        return replace(kernel, passage=jnp.asarray(passage))
    return replace(kernel, inner=with_passage(kernel.inner, level, passage))


def matrix_of(kernel: Kernel) -> jax.Array:
    """The innermost kernel as an array, without any border."""
    while isinstance(kernel, Bordered):
        kernel = kernel.inner
    return kernel.dense()


def as_array(kernel: Kernel) -> np.ndarray:
    """A kernel with its borders as a NumPy array, without compiling anything."""
    factor: np.ndarray | float = 1.0
    while isinstance(kernel, Bordered):
        factor = between_places(np.asarray(kernel.passage), np.asarray(kernel.side)) * factor
        kernel = kernel.inner
    return np.asarray(kernel.dense()) * factor


def between_places(passage: np.ndarray, side: np.ndarray, supplier: np.ndarray | None = None) -> np.ndarray:
    """f[J(n), J(i)] [..., receiver, supplier] of a passage [..., J, J]; side, supplier: the jurisdictions of receivers and suppliers.

    Rows first, then columns: several times as fast as both at once.
    """
    return np.take(np.take(passage, side, axis=-2), side if supplier is None else supplier, axis=-1)


def with_matrix(kernel: Kernel, matrix: jax.Array) -> Kernel:
    """The same borders around another dense kernel."""
    if isinstance(kernel, Bordered):
        return replace(kernel, inner=with_matrix(kernel.inner, matrix))
    return Dense(jnp.asarray(matrix), getattr(kernel, "symmetric", False))
