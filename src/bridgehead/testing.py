"""Contract tests for a user's own kernels, blocks and levers: each raises AssertionError with what does not hold.

>>> import jax.numpy as jnp
>>> from bridgehead.kernels import Dense
>>> check_kernel(Dense(jnp.asarray([[1.0, 0.5], [0.2, 1.0]])))
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bridgehead.blocks.base import Block, reads_of
from bridgehead.kernels import Kernel, as_array
from bridgehead.models.engine import fold
from bridgehead.policy import Context, Scenario, enact

__all__ = ["check_block", "check_kernel", "check_lever"]

ROUND_OFF = 1e-10
CURVATURE = 1e-5  # of differences with a step of 1e-6 in logs


def check_kernel(kernel: Kernel) -> None:
    """A kernel is the non-negative matrix it says: apply, its transpose, folding, its symmetry, and its derivative."""
    assert isinstance(kernel, Kernel), f"{type(kernel).__name__} lacks apply, apply_transpose, dense, cost or symmetric"
    matrix = np.asarray(kernel.dense())
    assert matrix.dtype == np.float64, f"the kernel is {matrix.dtype}, not float64"
    assert (np.isfinite(matrix) & (matrix >= 0)).all(), "the kernel has entries that are negative or not finite"
    x = jnp.asarray(np.random.default_rng(1).random((3, *matrix.shape[:-2], matrix.shape[-1])))
    _close(kernel.apply(x), jnp.einsum("...ni,...i->...n", matrix, x), "apply(x) is not dense() x, batch of columns included")
    _close(kernel.apply_transpose(x), jnp.einsum("...ni,...n->...i", matrix, x), "apply_transpose(x) is not dense()′ x")
    _close(as_array(kernel), matrix, "the kernel as an array is not dense()")
    if hasattr(kernel, "folded"):
        _close(kernel.folded().apply(x), kernel.apply(x), "folding the borders in changes what the kernel does")
    if kernel.symmetric:
        _close(matrix, np.swapaxes(matrix, -1, -2), "the kernel says it is symmetric and is not")
    assert kernel.cost() > 0, "cost() must be the multiplications of one application"
    slope = jax.jvp(kernel.apply, (x[0],), (x[1],))[1]
    _close(slope, kernel.apply(x[1]), "the kernel is not linear, or its derivative is wrong")


def check_block(block: Block, given: dict[str, Any], state: dict[str, Any]) -> None:
    """A block reads what its arguments name, writes what it declares, is pure, and can be differentiated.

    given, state: fundamentals and the state of an equilibrium, for instance `baseline.given` and `baseline.equilibrium.state`.
    """
    assert isinstance(block, Block), f"{type(block).__name__} lacks role, writes or __call__"
    names = {**fold(given), **{name: jnp.asarray(value) for name, value in state.items()}}
    missing = [name for name in reads_of(block) if name not in names]
    assert not missing, f"the block reads {missing}, which is neither given nor in the state"
    reads = {name: names[name] for name in reads_of(block)}
    once, twice = block(**reads), block(**reads)
    assert set(once) == set(block.writes), f"the block declares {sorted(block.writes)} and writes {sorted(once)}"
    for name in block.writes:
        for first, second in zip(jax.tree_util.tree_leaves(once[name]), jax.tree_util.tree_leaves(twice[name]), strict=True):
            _close(first, second, f"'{name}' is another number the second time: the block is not a pure function")
            assert not np.isnan(np.asarray(first)).any(), f"'{name}' is not a number"
    compiled = jax.jit(lambda values: block(**values))(reads)
    for name in block.writes:
        pairs = zip(jax.tree_util.tree_leaves(once[name]), jax.tree_util.tree_leaves(compiled[name]), strict=True)
        for first, second in pairs:
            _close(second, first, f"'{name}' changes when the block is compiled")
    _check_slopes(block, reads)


def _check_slopes(block: Block, reads: dict[str, Any]) -> None:
    """Derivatives with respect to every positive array it reads equal differences."""
    arrays = {name: value for name, value in reads.items() if isinstance(value, jax.Array) and bool(jnp.all(value > 0))}

    def written(logs: dict[str, jax.Array]) -> jax.Array:
        values = block(**{**reads, **{name: jnp.exp(log) for name, log in logs.items()}})
        leaves = [leaf for name in block.writes for leaf in jax.tree_util.tree_leaves(values[name])]
        return jnp.concatenate([jnp.ravel(jnp.where(jnp.isfinite(leaf), leaf, 0.0)) for leaf in leaves])

    at = {name: jnp.log(value) for name, value in arrays.items()}
    draws = np.random.default_rng(2)
    way = {name: jnp.asarray(draws.standard_normal(value.shape)) for name, value in at.items()}
    _, slope = jax.jvp(written, (at,), (way,))
    step = 1e-6
    up, down = ({name: at[name] + sign * step * way[name] for name in at} for sign in (1, -1))
    difference = (written(up) - written(down)) / (2 * step)
    scale = jnp.maximum(jnp.abs(written(at)), jnp.max(jnp.abs(difference)) * 1e-3)
    error = float(jnp.max(jnp.abs(slope - difference) / jnp.maximum(scale, 1e-300)))
    assert error < CURVATURE, f"the derivative misses differences by {error:.1e} of what the block writes"


def check_lever(lever: Any, baseline: Any) -> None:
    """A lever changes what it says it touches and nothing else, leaves the baseline as it was, and does the same twice."""
    before = {name: _leaves(value) for name, value in baseline.given.items()}
    touched = set(lever.touches(baseline.region))
    assert touched, "a lever must say what it touches"
    first, second = (enact(Scenario("check", (lever,)), baseline).given for _ in range(2))
    for name, leaves in before.items():
        now = _leaves(baseline.given[name])
        assert all(np.array_equal(a, b) for a, b in zip(leaves, now, strict=True)), f"the lever changed the baseline's '{name}'"
        new = _leaves(first[name])
        same = len(new) == len(leaves) and all(np.array_equal(a, b) for a, b in zip(leaves, new, strict=True))
        assert same or name in touched, f"the lever changes '{name}' and does not say so"
        again = _leaves(second[name])
        assert all(np.array_equal(a, b) for a, b in zip(new, again, strict=True)), f"the lever makes another '{name}' the second time"
    alone = lever.apply(baseline.given, Context.of(baseline))
    for name in touched & set(first):
        pairs = zip(_leaves(first[name]), _leaves(alone[name]), strict=True)
        assert all(np.allclose(a, b, rtol=ROUND_OFF) for a, b in pairs), f"apply and enact differ in '{name}'"


def _leaves(value: Any) -> list[np.ndarray]:
    return [np.array(leaf) for leaf in jax.tree_util.tree_leaves(value)]


def _close(got: Any, want: Any, message: str) -> None:
    np.testing.assert_allclose(np.asarray(got), np.asarray(want), rtol=ROUND_OFF, atol=1e-300, err_msg=message)
