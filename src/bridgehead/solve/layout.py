"""Unknowns as one vector of logs, and back."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np


@dataclass(frozen=True, eq=False)
class Layout:
    """Which entries of which unknowns are in the vector x of logs.

    An entry that is zero in the data (a sector absent from a place) is not an unknown: it has no row, and stays zero.
    """

    names: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    active: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, values: dict[str, np.ndarray]) -> Layout:
        """The layout of positive entries of `values`."""
        arrays = [np.asarray(value) for value in values.values()]
        active = tuple(np.flatnonzero(array.ravel() > 0) for array in arrays)
        return cls(tuple(values), tuple(array.shape for array in arrays), active)

    @property
    def size(self) -> int:
        """How many unknowns there are."""
        return sum(len(index) for index in self.active)

    def pack(self, values: dict[str, jax.Array]) -> jax.Array:
        """x: the logs of the active entries, unknown after unknown."""
        flat = [jnp.ravel(values[name]) for name in self.names]
        parts = [value if len(index) == value.size else value[index] for value, index in zip(flat, self.active, strict=True)]
        return jnp.log(jnp.concatenate(parts))

    def unpack(self, x: jax.Array) -> dict[str, jax.Array]:
        """The unknowns as arrays; entries that are not in x are zero."""
        values, start = {}, 0
        for name, shape, index in zip(self.names, self.shapes, self.active, strict=True):
            flat = jnp.exp(x[start : start + len(index)])
            start += len(index)
            size = int(np.prod(shape))
            full = flat if len(index) == size else jnp.zeros(size, x.dtype).at[index].set(flat)
            values[name] = full.reshape(shape)
        return values

    def where(self, position: int) -> tuple[str, tuple[int, ...]]:
        """The unknown and its index that entry `position` of x stands for: used to name the worst place."""
        for name, shape, index in zip(self.names, self.shapes, self.active, strict=True):
            if position < len(index):
                return name, tuple(int(i) for i in np.unravel_index(int(index[position]), shape))
            position -= len(index)
        raise IndexError("position beyond the last unknown")
