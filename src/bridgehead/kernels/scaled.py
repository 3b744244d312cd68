"""One matrix for many kernels that differ by factors on groups of suppliers: scenarios of one baseline share every pass over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import jax
import jax.numpy as jnp
import numpy as np
from jax.tree_util import register_dataclass

from bridgehead.kernels.dense import Dense


@register_dataclass
@dataclass(frozen=True)
class Scaled:
    """K[n, i] = M[n, i] · F[n, group(i)], with F ≥ 0.

        (K x)_n = Σ_J F[n, J] Σ_{i∈J} M_ni x_i        (K′ y)_i = Σ_n M_ni F[n, group(i)] y_n

    blocks: the columns of M, group after group [..., receiver, supplier of the group]; turned: their transposes, so that both
    products read memory in order. order: the place behind every column of the blocks; back: its inverse. factor [..., receiver,
    group]. A batch of kernels has one set of blocks and a batch of factors: mapped over the factors alone, an application is one
    pass over M with as many columns as there are kernels.
    """

    blocks: tuple[jax.Array, ...]
    turned: tuple[jax.Array, ...]
    order: jax.Array
    back: jax.Array
    factor: jax.Array
    symmetric: bool = field(default=False, metadata={"static": True})

    @classmethod
    def of(cls, matrix: np.ndarray, group: np.ndarray, factor: np.ndarray) -> Scaled:
        """M [..., receiver, supplier], the group of every supplier [supplier] 0, 1, …, and F [..., receiver, group]."""
        order = np.argsort(group, kind="stable")
        ends = np.cumsum(np.bincount(group))
        parts = np.split(np.asarray(matrix)[..., order], ends[:-1], axis=-1)
        blocks = tuple(jnp.asarray(np.ascontiguousarray(part)) for part in parts)
        turned = tuple(jnp.asarray(np.ascontiguousarray(np.swapaxes(part, -1, -2))) for part in parts)
        return cls(blocks, turned, jnp.asarray(order), jnp.asarray(np.argsort(order)), jnp.asarray(factor))

    def with_factor(self, factor: jax.Array) -> Scaled:
        """The same matrix under other factors."""
        return replace(self, factor=factor)

    def _slices(self) -> list[slice]:
        ends = np.cumsum([block.shape[-1] for block in self.blocks])
        return [slice(int(end) - block.shape[-1], int(end)) for block, end in zip(self.blocks, ends, strict=True)]

    def apply(self, x: jax.Array) -> jax.Array:
        """(K x)_n, x [..., supplier] -> [..., receiver]."""
        sorted_x = x[..., self.order]
        parts = [
            self.factor[..., j] * jnp.einsum("...ni,...i->...n", block, sorted_x[..., at])
            for j, (block, at) in enumerate(zip(self.blocks, self._slices(), strict=True))
        ]
        return sum(parts[1:], parts[0])

    def apply_transpose(self, y: jax.Array) -> jax.Array:
        """(K′ y)_i, y [..., receiver] -> [..., supplier]."""
        parts = [jnp.einsum("...in,...n->...i", block, self.factor[..., j] * y) for j, block in enumerate(self.turned)]
        return jnp.concatenate(parts, axis=-1)[..., self.back]

    def dense(self) -> jax.Array:
        """K as an array."""
        parts = [block * self.factor[..., j][..., None] for j, block in enumerate(self.blocks)]
        return jnp.concatenate(parts, axis=-1)[..., self.back]

    def diagonal(self) -> jax.Array:
        """K_nn [..., place], each from its column of the blocks."""
        parts = []
        for j, (block, at) in enumerate(zip(self.blocks, self._slices(), strict=True)):
            place = self.order[at]
            parts.append(block[..., place, jnp.arange(block.shape[-1])] * self.factor[..., place, j])
        return jnp.concatenate(parts, axis=-1)[..., self.back]

    def cost(self) -> int:
        """One pass over M, and a factor a receiver and group."""
        return sum(int(block.size) for block in self.blocks) + int(self.factor.size)

    def folded(self) -> Dense:
        """The same operator held whole."""
        return Dense(self.dense())


def groups_of(columns: Sequence[np.ndarray]) -> np.ndarray:
    """The group of every column [column], 0, 1, … as they come: columns that are equal in all the arrays [..., column], up to rounding,
    share one.

    Columns are told apart by their products with a few fixed random rows, so that the cost is one pass over the arrays.
    """
    count = columns[0].shape[-1] if columns else 0
    label = np.zeros(count, dtype=np.int64)
    draws = np.random.default_rng(12345)
    for array in columns:
        flat = np.ascontiguousarray(array).reshape(-1, count)
        marks = draws.uniform(0.5, 1.5, size=(2, flat.shape[0])) @ flat
        for mark in marks:
            order = np.argsort(mark, kind="stable")
            near = np.maximum(np.abs(mark[order][1:]), np.abs(mark[order][:-1])) * SAME
            step = np.concatenate([[0], np.cumsum(np.diff(mark[order]) > near)])
            found = np.empty(count, dtype=np.int64)
            found[order] = step
            label = np.unique(np.stack([label, found]), axis=1, return_inverse=True)[1].reshape(-1)
    names, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(names), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(names))
    return rank[inverse.reshape(-1)]


SAME = 1e-12
"""Columns whose marks differ by less, relative to their size, are one group: a thousand times the rounding of a sum of products."""
