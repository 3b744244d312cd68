"""The solver alone, on maps whose answers are known."""

from __future__ import annotations

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import bridgehead.solve.compile as compile_module
from bridgehead.solve import (
    Anderson,
    Factored,
    Layout,
    anderson,
    judge,
    newton_krylov,
    refined_singular_value,
    shifted_solve,
    smallest_singular_value,
    solve_shifted,
)

RNG = np.random.default_rng(7)
SIZE = 40
ROTATION = np.linalg.qr(RNG.normal(size=(SIZE, SIZE)))[0]
SLOW = ROTATION @ np.diag(np.linspace(-0.9, 0.99, SIZE)) @ ROTATION.T
UNSTABLE = ROTATION @ np.diag(np.linspace(-1.75, 0.8, SIZE)) @ ROTATION.T
SHIFT = RNG.normal(size=SIZE)


def answer(matrix):
    """The fixed point of x = matrix x + shift."""
    return np.linalg.solve(np.eye(SIZE) - matrix, SHIFT)


@pytest.mark.parametrize("matrix", [SLOW, UNSTABLE], ids=["slow", "diverging map"])
def test_acceleration_finds_the_fixed_point_even_where_the_plain_map_diverges(matrix):
    update = lambda x: jnp.asarray(matrix) @ x + SHIFT  # noqa: E731
    found, steps = anderson(update, jnp.zeros(SIZE), Anderson(memory=20, max_steps=400, largest_step=100.0))
    np.testing.assert_allclose(found, answer(matrix), atol=1e-9)
    assert int(steps) < 200


def test_the_stopping_rule_looks_at_the_gap_and_not_at_the_step():
    # A damped step is small because it is damped: y <- 0.9999 y + 0.0001 moves by 1e-4 a step and is far from its answer, 1.
    damped = lambda x: 0.9999 * x + 0.0001  # noqa: E731
    found, _ = anderson(damped, jnp.zeros(3), Anderson(memory=5, tolerance=1e-14))
    np.testing.assert_allclose(found, 1.0, rtol=1e-9)


def test_newton_krylov_polishes_a_curved_map():
    update = lambda x: np.cos(x) + 0.1 * np.sin(3 * x)  # noqa: E731
    slope = lambda x, v: (-np.sin(x) + 0.3 * np.cos(3 * x)) * v  # noqa: E731
    found, _ = newton_krylov(update, slope, np.full(5, 0.4), tolerance=1e-13)
    np.testing.assert_allclose(update(found), found, atol=1e-13)


def test_shifted_solves_and_the_smallest_singular_value_agree_with_dense_algebra():
    matrix = RNG.normal(size=(SIZE, SIZE)) / (2 * np.sqrt(SIZE))
    shifted = np.eye(SIZE) - matrix
    right = RNG.normal(size=SIZE)
    np.testing.assert_allclose(solve_shifted(lambda v: matrix @ v, right, tolerance=1e-12), np.linalg.solve(shifted, right), rtol=1e-8)
    functions = (lambda v: matrix @ v, lambda v: np.linalg.solve(shifted, v), lambda u: np.linalg.solve(shifted.T, u))
    weakest, vector = smallest_singular_value(*functions, right)
    again, _ = refined_singular_value(*functions, vector + 0.1 * right / np.linalg.norm(right))
    compiled, missed = shifted_solve(lambda v: jnp.asarray(matrix) @ v, jnp.asarray(right), 1e-12)
    assert missed < 1e-11
    np.testing.assert_allclose(compiled, np.linalg.solve(shifted, right), rtol=1e-8)
    exact = np.linalg.svd(shifted, compute_uv=False)[-1]
    assert exact <= weakest * (1 + 1e-9)  # an upper bound that falls to the value itself
    assert weakest < 1.05 * exact
    assert exact <= again * (1 + 1e-9)
    assert again < 1.05 * exact


def test_a_solve_that_stalls_says_so_and_factors_do_not_stall():
    # I − J turns every vector into the next: GMRES learns nothing until it has seen all directions.
    size = 400
    shift = np.roll(np.eye(size), 1, axis=0)
    right = np.eye(size)[0]
    _, missed = shifted_solve(lambda v: v - jnp.asarray(shift) @ v, jnp.asarray(right), 1e-3)
    assert missed > 0.5
    factored = Factored.of(shift)
    np.testing.assert_allclose(shift @ factored.solve(right), right, atol=1e-12)
    np.testing.assert_allclose(shift.T @ factored.solve_transposed(right), right, atol=1e-12)
    assert not factored.singular
    assert Factored.of(np.diag([1.0, 0.0])).singular


def test_entries_that_are_zero_in_the_data_are_no_unknowns():
    values = {"wage": np.array([1.0, 2.0]), "output": np.array([[3.0, 0.0], [0.0, 4.0]])}
    layout = Layout.of(values)
    assert layout.size == 4
    again = layout.unpack(layout.pack({k: jnp.asarray(v) for k, v in values.items()}))
    for name, value in values.items():
        np.testing.assert_allclose(again[name], value, rtol=1e-15)
    assert layout.where(0) == ("wage", (0,))
    assert layout.where(3) == ("output", (1, 1))


def test_a_certificate_needs_a_small_distance_and_every_identity():
    assert judge(1e-11, {"goods": 1e-12}) == ("solved", "")
    assert judge(1e-7, {})[0] == "not_solved"
    assert judge(float("nan"), {})[0] == "not_solved"
    outcome, reason = judge(1e-11, {"goods": 1e-3, "labour": 0.0})
    assert outcome == "not_solved"
    assert "'goods' misses by 1.0e-03" in reason


def test_a_memory_must_not_be_negative():
    with pytest.raises(ValueError, match="`memory` must not be negative; got -1"):
        Anderson(memory=-1)


def test_compiled_programs_are_dropped_before_the_system_runs_out_of_maps(monkeypatch):
    if not Path("/proc/self/maps").is_file():
        pytest.skip("memory maps are counted on Linux")
    double = jax.jit(lambda x: 2.0 * x)
    assert double(jnp.ones(3))[0] == 2.0
    assert double._cache_size() == 1
    assert not compile_module.make_room()  # a few programs are no reason
    monkeypatch.setattr(compile_module, "MAPS_KEPT", 0.0)
    assert compile_module.make_room()
    assert double._cache_size() == 0
    assert double(jnp.ones(3))[0] == 2.0
