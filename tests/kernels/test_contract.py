"""What every kernel must do: one contract for dense, sparse and bordered kernels, and for stacks of them."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from bridgehead.errors import LabelError
from bridgehead.kernels import (
    Bordered,
    Dense,
    Kernel,
    Scaled,
    Sparse,
    as_array,
    groups_of,
    matrix_of,
    passage_of,
    with_matrix,
    with_passage,
)

PLACES, STACK = 7, 3
RNG = np.random.default_rng(20201)
MATRIX = RNG.random((PLACES, PLACES))
HOLES = np.where(RNG.random((PLACES, PLACES)) < 0.6, 0.0, MATRIX)
SIDE = jnp.asarray([0, 0, 1, 1, 2, 2, 2])
OTHER_SIDE = jnp.asarray([0, 1, 1, 1, 1, 0, 0])
PASSAGE = jnp.asarray(RNG.random((3, 3)))
STACKED = jnp.asarray(RNG.random((STACK, PLACES, PLACES)))

KERNELS = {
    "dense": Dense(jnp.asarray(MATRIX)),
    "sparse": Sparse.from_matrix(HOLES),
    "bordered dense": Bordered(Dense(jnp.asarray(MATRIX)), SIDE, PASSAGE, level="province"),
    "bordered sparse": Bordered(Sparse.from_matrix(HOLES), SIDE, PASSAGE, level="province"),
    "two levels": Bordered(
        Bordered(Dense(jnp.asarray(MATRIX)), SIDE, PASSAGE, level="province"),
        OTHER_SIDE,
        jnp.asarray([[1.0, 0.2], [0.0, 1.0]]),
        level="regime",
    ),
    "stack": Dense(STACKED),
    "bordered stack": Bordered(Dense(STACKED), SIDE, jnp.asarray(RNG.random((STACK, 3, 3))), level="province"),
    "scaled": Scaled.of(MATRIX, np.array([1, 0, 2, 0, 1, 1, 0]), RNG.random((PLACES, 3))),
    "scaled stack": Scaled.of(np.asarray(STACKED), np.array([0, 0, 0, 1, 1, 0, 1]), RNG.random((STACK, PLACES, 2))),
    "stack, common border": Bordered(Dense(STACKED), SIDE, PASSAGE, level="province"),
}


@pytest.fixture(params=list(KERNELS), ids=list(KERNELS))
def kernel(request):
    return KERNELS[request.param]


def columns(kernel, batch=()):
    """Some numbers on places, with the kernel's own axes and a batch before them."""
    return jnp.asarray(np.random.default_rng(1).random((*batch, *kernel.dense().shape[:-2], PLACES)))


@pytest.mark.parametrize("batch", [(), (4,)])
def test_it_is_the_matrix_it_says(kernel, batch):
    x = columns(kernel, batch)
    np.testing.assert_allclose(kernel.apply(x), jnp.einsum("...ni,...i->...n", kernel.dense(), x), rtol=1e-12)
    np.testing.assert_allclose(kernel.apply_transpose(x), jnp.einsum("...ni,...n->...i", kernel.dense(), x), rtol=1e-12)


def test_its_transpose_is_its_adjoint(kernel):
    x, y = columns(kernel), columns(kernel) ** 2
    np.testing.assert_allclose(jnp.sum(y * kernel.apply(x)), jnp.sum(x * kernel.apply_transpose(y)), rtol=1e-12)


def test_folding_the_border_in_changes_nothing(kernel):
    x = columns(kernel)
    np.testing.assert_allclose(kernel.folded().apply(x), kernel.apply(x), rtol=1e-12)
    np.testing.assert_allclose(as_array(kernel), kernel.dense(), rtol=1e-15)


def test_it_is_a_kernel_and_a_pytree_of_its_numbers(kernel):
    assert isinstance(kernel, Kernel)
    assert (np.asarray(kernel.dense()) >= 0).all()
    assert kernel.cost() > 0
    leaves, tree = jax.tree_util.tree_flatten(kernel)
    again = jax.tree_util.tree_unflatten(tree, leaves)
    np.testing.assert_array_equal(again.dense(), kernel.dense())


def test_its_passage_can_be_differentiated():
    kernel = KERNELS["bordered dense"]
    x = columns(kernel)

    def reach(passage):
        return jnp.sum(with_passage(kernel, "province", passage).folded().apply(x))

    slope = jax.grad(reach)(PASSAGE)
    step = 1e-6
    up = reach(PASSAGE.at[0, 2].add(step)) - reach(PASSAGE.at[0, 2].add(-step))
    np.testing.assert_allclose(slope[0, 2], up / (2 * step), rtol=1e-7)  # central differences of a linear function


def test_passages_of_several_levels_multiply():
    kernel = KERNELS["two levels"]
    expected = MATRIX[0, 2] * PASSAGE[0, 1] * 0.2
    np.testing.assert_allclose(kernel.dense()[0, 2], expected, rtol=1e-14)
    opened = with_passage(kernel, "regime", jnp.ones((2, 2)))
    np.testing.assert_allclose(opened.dense()[0, 2], MATRIX[0, 2] * PASSAGE[0, 1], rtol=1e-14)
    np.testing.assert_array_equal(passage_of(opened, "province"), PASSAGE)


def test_another_matrix_keeps_the_borders():
    doubled = with_matrix(KERNELS["two levels"], 2.0 * MATRIX)
    np.testing.assert_allclose(doubled.dense(), 2.0 * KERNELS["two levels"].dense(), rtol=1e-15)
    np.testing.assert_allclose(matrix_of(doubled), 2.0 * MATRIX, rtol=1e-15)


def test_a_level_without_a_border_is_named():
    with pytest.raises(LabelError, match="no border at level 'county'; it has"):
        passage_of(KERNELS["two levels"], "county")


def test_cutting_costs_no_more_than_one_application_a_jurisdiction():
    assert KERNELS["bordered dense"].cost() == 3 * KERNELS["dense"].cost()
    assert KERNELS["bordered dense"].folded().cost() == KERNELS["dense"].cost()


def test_groups_are_columns_that_are_equal_in_every_array():
    one = np.array([[1.0, 2.0, 1.0, 2.0], [3.0, 3.0, 3.0, 3.0]])
    other = np.array([[[5.0, 5.0, 6.0, 5.0]]])
    np.testing.assert_array_equal(groups_of([one]), [0, 1, 0, 1])
    assert len(set(groups_of([one, other]))) == 3
    assert groups_of([one, other])[1] == groups_of([one, other])[3]
    np.testing.assert_array_equal(groups_of([np.ones((2, 4)) * (1 + 1e-15 * np.arange(4))]), 0)  # rounding is no difference


def test_mapped_over_factors_one_matrix_serves_many_kernels():
    group = np.array([0, 1, 1, 0, 2, 2, 2])
    factors = RNG.random((4, PLACES, 3))
    common = Scaled.of(MATRIX, group, np.ones((PLACES, 3)))
    x = RNG.random((4, PLACES))
    both = jax.vmap(lambda f, x: (common.with_factor(f).apply(x), common.with_factor(f).apply_transpose(x)))(jnp.asarray(factors), x)
    for m in range(4):
        whole = MATRIX * factors[m][:, group]
        np.testing.assert_allclose(both[0][m], whole @ x[m], rtol=1e-13)
        np.testing.assert_allclose(both[1][m], whole.T @ x[m], rtol=1e-13)


@pytest.mark.parametrize("shape", [(7, 7), (300, 300), (3, 257, 257), (2, 128, 128)])
@pytest.mark.parametrize("batch", [(), (4,)])
def test_a_float32_kernel_sums_in_float64_and_makes_no_wide_copy(shape, batch):
    random = np.random.default_rng(5)
    kernel = Dense(jnp.asarray(random.random(shape))).single()
    wide = np.asarray(kernel.matrix, dtype=float)
    x = jnp.asarray(random.random((*batch, *shape[:-2], shape[-1])))
    for apply, wanted in ((kernel.apply, "...ni,...i->...n"), (kernel.apply_transpose, "...ni,...n->...i")):
        np.testing.assert_allclose(apply(x), np.einsum(wanted, wide, x), rtol=1e-13)


def test_a_float32_kernel_takes_no_more_than_itself():
    places = 1000
    kernel = Dense(jnp.ones((places, places))).single()

    def passes(kernel, x):
        return jax.lax.fori_loop(0, 5, lambda _, y: kernel.apply_transpose(kernel.apply(y)) / places**2, x)

    memory = jax.jit(passes).lower(kernel, jnp.ones(places)).compile().memory_analysis()
    assert memory.temp_size_in_bytes < 0.6 * kernel.matrix.nbytes  # two blocks of rows; a copy in float64 would be twice the kernel
