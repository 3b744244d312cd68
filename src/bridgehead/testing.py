"""Contract tests for a user's own kernels, blocks and levers: each raises AssertionError with what does not hold.

>>> import jax.numpy as jnp
>>> from bridgehead.kernels import Dense
>>> check_kernel(Dense(jnp.asarray([[1.0, 0.5], [0.2, 1.0]])))
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
    """A kernel is the non-negative matrix it says: apply, its transpose, folding, its symmetry, its derivative; and a JAX pytree."""
    assert isinstance(kernel, Kernel), f"{type(kernel).__name__} lacks apply, apply_transpose, dense, cost or symmetric"
    matrix = np.asarray(kernel.dense())
    assert matrix.dtype == np.float64, f"the kernel is {matrix.dtype}, not float64"
    assert matrix.shape[-2:] == matrix.shape[-1:] * 2, f"the kernel is {matrix.shape}, not places by places"
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
    leaves, tree = jax.tree_util.tree_flatten(kernel)
    assert not any(leaf is kernel for leaf in leaves), "the kernel is no JAX pytree: register its class (register_dataclass)"
    _close(jax.tree_util.tree_unflatten(tree, leaves).dense(), matrix, "the kernel taken apart and put together is another")
    with _must("the kernel cannot be compiled or differentiated"):
        compiled = jax.jit(lambda kernel, x: kernel.apply(x))(kernel, x)
        slope = jax.jvp(kernel.apply, (x[0],), (x[1],))[1]
    _close(compiled, kernel.apply(x), "apply(x) changes when it is compiled")
    _close(slope, kernel.apply(x[1]), "the kernel is not linear, or its derivative is wrong")


def check_block(block: Block, given: dict[str, Any], state: dict[str, Any]) -> None:
    """A block reads what its arguments name, writes what it declares, is pure, and can be compiled and differentiated.

    given, state: fundamentals and the state of an equilibrium, for instance `baseline.given` and `baseline.equilibrium.state`.
    What the block writes must have the shape of what the state holds under the same name.
    """
    assert isinstance(block, Block), f"{type(block).__name__} lacks role, writes or __call__"
    names = {**fold(given), **{name: jnp.asarray(value) for name, value in state.items()}}
    missing = [name for name in reads_of(block) if name not in names]
    assert not missing, f"the block reads {missing}, which is neither given nor in the state"
    reads = {name: names[name] for name in reads_of(block)}
    once, twice = block(**reads), block(**reads)
    assert set(once) == set(block.writes), f"the block declares {sorted(block.writes)} and writes {sorted(once)}"
    with _must("the block cannot be compiled: it may use nothing but jax.numpy on what it reads"):
        compiled = jax.jit(lambda values: block(**values))(reads)
    for name in block.writes:
        _check_written(name, once[name], state.get(name))
        for first, second, third in zip(*map(jax.tree_util.tree_leaves, (once[name], twice[name], compiled[name])), strict=True):
            _close(first, second, f"'{name}' is another number the second time: the block is not a pure function")
            _close(third, first, f"'{name}' changes when the block is compiled")
    _check_slopes(block, reads)


def _check_written(name: str, value: Any, known: Any) -> None:
    """What a block writes is float64, is a number everywhere, and has the shape that the state has for it."""
    for leaf in jax.tree_util.tree_leaves(value):
        assert np.asarray(leaf).dtype == np.float64, f"'{name}' is {np.asarray(leaf).dtype}, not float64"
        assert not np.isnan(np.asarray(leaf)).any(), f"'{name}' is not a number"
    if known is not None and hasattr(value, "shape"):
        assert np.shape(value) == np.shape(known), f"'{name}' has shape {np.shape(value)}, and in the state {np.shape(known)}"


def _check_slopes(block: Block, reads: dict[str, Any]) -> None:
    """Derivatives with respect to every array it reads equal differences; where an array is 0 they are numbers all the same."""
    arrays = {name: value for name, value in reads.items() if isinstance(value, jax.Array) and jnp.issubdtype(value.dtype, jnp.floating)}
    draws = np.random.default_rng(2)
    way = {name: value * jnp.asarray(draws.standard_normal(value.shape)) for name, value in arrays.items()}  # 0 where the value is

    def written(values: dict[str, jax.Array]) -> jax.Array:
        found = block(**{**reads, **values})
        leaves = [leaf for name in block.writes for leaf in jax.tree_util.tree_leaves(found[name])]
        return jnp.concatenate([jnp.ravel(jnp.where(jnp.isfinite(leaf), leaf, 0.0)) for leaf in leaves])

    _, slope = jax.jvp(written, (arrays,), (way,))
    assert bool(jnp.all(jnp.isfinite(slope))), "the derivative is not a number: look for a power or a logarithm of 0"
    step = 1e-6
    up, down = ({name: arrays[name] + sign * step * way[name] for name in arrays} for sign in (1, -1))
    difference = (written(up) - written(down)) / (2 * step)
    scale = jnp.maximum(jnp.abs(written(arrays)), jnp.max(jnp.abs(difference)) * 1e-3)
    error = float(jnp.max(jnp.abs(slope - difference) / jnp.maximum(scale, 1e-300)))
    assert error < CURVATURE, f"the derivative misses differences by {error:.1e} of what the block writes"


def check_lever(lever: Any, baseline: Any) -> None:
    """A lever changes what it says it touches and nothing else, to numbers, leaves the baseline as it was, and does the same twice."""
    before = {name: _leaves(value) for name, value in baseline.given.items()}
    touched = set(lever.touches(baseline.region))
    assert touched, "a lever must say what it touches"
    unknown = sorted(touched - set(before))
    assert not unknown, f"the lever touches {unknown}, which no fundamental is called"
    first, second = (enact(Scenario("check", (lever,)), baseline).given for _ in range(2))
    assert set(first) == set(before), f"the lever adds or drops fundamentals: {sorted(set(first) ^ set(before))}"
    for name, leaves in before.items():
        now = _leaves(baseline.given[name])
        assert _same(leaves, now), f"the lever changed the baseline's '{name}'"
        new = _leaves(first[name])
        assert [leaf.shape for leaf in new] == [leaf.shape for leaf in leaves], f"the lever changes the shape of '{name}'"
        assert _same(leaves, new) or name in touched, f"the lever changes '{name}' and does not say so"
        assert all(np.isfinite(leaf).all() for leaf in new), f"the lever makes '{name}' something that is not a number"
        assert _same(new, _leaves(second[name])), f"the lever makes another '{name}' the second time"
    alone = lever.apply(baseline.given, Context.of(baseline))
    for name in touched:
        pairs = zip(_leaves(first[name]), _leaves(alone[name]), strict=True)
        assert all(np.allclose(a, b, rtol=ROUND_OFF) for a, b in pairs), f"apply and enact differ in '{name}'"


def _same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return len(one) == len(other) and all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@contextmanager
def _must(message: str) -> Iterator[None]:
    """Whatever goes wrong inside becomes the contract's own message."""
    try:
        yield
    except Exception as error:
        raise AssertionError(f"{message} ({type(error).__name__}: {str(error).splitlines()[0]})") from error


def _leaves(value: Any) -> list[np.ndarray]:
    return [np.array(leaf) for leaf in jax.tree_util.tree_leaves(value)]


def _close(got: Any, want: Any, message: str) -> None:
    np.testing.assert_allclose(np.asarray(got), np.asarray(want), rtol=ROUND_OFF, atol=1e-300, err_msg=message)
