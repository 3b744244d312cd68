"""A model compiled for one region: the map, its solution and its derivatives, each compiled once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bridgehead.models.model import Model, State
from bridgehead.solve import Anderson, Factored, Layout, anderson, shifted_solve

COLUMNS = 32
"""Columns of a large Jacobian that are found at a time."""

CLOSING_READS = ("inside_wage_bill", "inside", "labour_share")


def fold(given: Mapping[str, Any]) -> dict[str, Any]:
    """Borders multiplied into their kernels, once a solve: as many multiplications as one application."""
    return {name: value.folded() if hasattr(value, "folded") else value for name, value in given.items()}


@dataclass(frozen=True, eq=False)
class Engine:
    """The compiled functions of a model over a layout of unknowns. `given` is always the folded fundamentals it reads."""

    model: Model
    layout: Layout
    method: Anderson = field(default_factory=Anderson)

    def select(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The fundamentals the model reads; ModelError names those that are missing."""
        self.model.check_given(given)
        names = sorted({*self.model.reads_given, *CLOSING_READS})
        return {name: given[name] for name in names}

    def update(self, x: jax.Array, given: Mapping[str, Any]) -> jax.Array:
        """F(x): one pass of the model, from logs to logs."""
        _, new = self.model.pass_once(given, self.layout.unpack(x))
        return self.layout.pack(new)

    def state(self, x: jax.Array, given: Mapping[str, Any]) -> State:
        """Every name the model writes, with the unknowns at x."""
        return self.model.pass_once(given, self.layout.unpack(x))[0]

    @cached_property
    def fold(self) -> Any:
        """Compiled `fold`."""
        return jax.jit(fold)

    @cached_property
    def run_update(self) -> Any:
        """Compiled F."""
        return jax.jit(self.update)

    @cached_property
    def run_state(self) -> Any:
        """Compiled state."""
        return jax.jit(self.state)

    @cached_property
    def run_solve(self) -> Any:
        """Compiled Anderson iteration: (start, given) -> (x, evaluations)."""
        return jax.jit(lambda start, given: anderson(lambda x: self.update(x, given), start, self.method))

    @cached_property
    def run_jvp(self) -> Any:
        """Compiled J v at x: (x, v, given)."""
        return jax.jit(lambda x, v, given: jax.jvp(lambda y: self.update(y, given), (x,), (v,))[1])

    @cached_property
    def run_shifted(self) -> Any:
        """Compiled ((I − J)⁻¹ right, missed) at x by GMRES: (x, right, given, relative tolerance). The map is linearised once."""

        def solve(x: jax.Array, right: jax.Array, given: Mapping[str, Any], tolerance: float) -> tuple[jax.Array, jax.Array]:
            _, product = jax.linearize(lambda y: self.update(y, given), x)
            return shifted_solve(product, right, tolerance)

        return jax.jit(solve)

    @cached_property
    def run_shifted_transpose(self) -> Any:
        """Compiled ((I − J′)⁻¹ right, missed) at x by GMRES: (x, right, given, relative tolerance)."""

        def solve(x: jax.Array, right: jax.Array, given: Mapping[str, Any], tolerance: float) -> tuple[jax.Array, jax.Array]:
            _, product = jax.linearize(lambda y: self.update(y, given), x)
            transpose = jax.linear_transpose(product, x)
            return shifted_solve(lambda u: transpose(u)[0], right, tolerance)

        return jax.jit(solve)

    @cached_property
    def run_products(self) -> Any:
        """Compiled J v of several v at x: (x, vectors [vector, unknown], given). The map is linearised once."""

        def products(x: jax.Array, vectors: jax.Array, given: Mapping[str, Any]) -> jax.Array:
            return jax.vmap(jax.linearize(lambda y: self.update(y, given), x)[1])(vectors)

        return jax.jit(products)

    def factored(self, x: np.ndarray, given: Mapping[str, Any]) -> Factored:
        """I − J at x whole and factored, its columns found a few at a time: for regions that are badly pinned."""
        shifted, point = np.eye(x.size), jnp.asarray(x)
        for first in range(0, x.size, COLUMNS):
            columns = np.arange(first, first + COLUMNS)
            unit = jnp.asarray((columns[:, None] == np.arange(x.size)).astype(float))
            found = np.asarray(self.run_products(point, unit, given)).T
            shifted[:, columns[columns < x.size]] -= found[:, columns < x.size]
        return Factored.of(shifted)

    @cached_property
    def run_jacobian(self) -> Any:
        """Compiled J at x, whole: for small regions."""
        return jax.jit(lambda x, given: jax.jacfwd(lambda y: self.update(y, given))(x))

    def inverses(self, x: np.ndarray, given: Mapping[str, Any], tolerance: float) -> tuple[Any, Any, Any]:
        """(v -> J v, v -> (I − J)⁻¹ v, u -> (I − J′)⁻¹ u) at x as NumPy functions."""
        point = jnp.asarray(x)
        return (
            lambda v: np.asarray(self.run_jvp(point, jnp.asarray(v), given)),
            lambda v: np.asarray(self.run_shifted(point, jnp.asarray(v), given, tolerance)[0]),
            lambda u: np.asarray(self.run_shifted_transpose(point, jnp.asarray(u), given, tolerance)[0]),
        )
