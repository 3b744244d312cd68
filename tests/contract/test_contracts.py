"""Every kernel, block and lever of the package keeps the contract that users' own must keep; and what breaks it is told."""

from __future__ import annotations

from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.kernels import Dense, Sparse
from bridgehead.policy import Amenity, Land, Passage, Productivity, TradeCost, Transfers
from bridgehead.policy.edits import Edit, Target
from bridgehead.testing import check_block, check_kernel, check_lever

KERNELS = ("commuting", "trade", "spillover", "amenity_spillover")
LEVERS = {
    "passage": Passage(flow="trade", level="regime", between=["A"], and_=["B"], open=0.5),
    "land": Land(place="ZB", multiply=1.2),
    "productivity": Productivity(place="A21", multiply=1.1),
    "trade_cost": TradeCost(place="O2", multiply=0.9),
    "amenity": Amenity(place="B11", multiply=1.02),
    "transfers": Transfers(multiply=0.5),
}


@pytest.mark.parametrize("name", KERNELS)
def test_kernels_of_the_toy(toy, name):
    check_kernel(toy.given[name])


@pytest.mark.parametrize("closure", [None, "landlords", "government"])
def test_blocks_of_every_closure(toy_region, toy, closure):
    baseline = toy if closure is None else calibrate(toy_region, closure=case_folder("toy") / "closures" / f"{closure}.toml")
    for block in baseline.model.blocks:
        check_block(block, baseline.given, baseline.equilibrium.state)


@pytest.mark.parametrize("name", LEVERS)
def test_levers(toy, name):
    check_lever(LEVERS[name], toy)


# ------------------------------------------------------------------ what breaks the contract
def test_a_negative_kernel_is_told():
    with pytest.raises(AssertionError, match="negative or not finite"):
        check_kernel(Dense(jnp.asarray([[1.0, -0.1], [0.0, 1.0]])))


def test_a_kernel_that_lies_about_its_symmetry_is_told():
    with pytest.raises(AssertionError, match="says it is symmetric and is not"):
        check_kernel(Sparse(jnp.array([0]), jnp.array([1]), jnp.array([2.0]), 2, symmetric=True))


def test_a_kernel_that_lies_about_its_transpose_is_told():
    class Lying(Dense):
        def apply_transpose(self, y):
            return self.apply(y)

    jax.tree_util.register_pytree_node(Lying, lambda k: ((k.matrix,), None), lambda _, leaves: Lying(*leaves))
    with pytest.raises(AssertionError, match="apply_transpose"):
        check_kernel(Lying(jnp.asarray([[1.0, 0.5], [0.2, 1.0]])))


def test_a_kernel_that_is_no_linear_operator_is_told():
    class Squared(Dense):
        def apply(self, x):
            return super().apply(x) ** 2

    with pytest.raises(AssertionError, match="is not dense"):
        check_kernel(Squared(jnp.asarray([[1.0, 0.5], [0.2, 1.0]])))


def test_a_kernel_that_is_no_pytree_is_told():
    class Unregistered(Dense):
        pass

    with pytest.raises(AssertionError, match="no JAX pytree"):
        check_kernel(Unregistered(jnp.asarray([[1.0, 0.5], [0.2, 1.0]])))


def test_a_kernel_in_float32_or_not_square_is_told():
    with pytest.raises(AssertionError, match="float32, not float64"):
        check_kernel(Dense(jnp.eye(2, dtype=jnp.float32)))
    with pytest.raises(AssertionError, match="not places by places"):
        check_kernel(Dense(jnp.ones((2, 3))))


class Written:
    """A block made for one test: what it writes is a function of the wage."""

    role = "Drift"

    def __init__(self, function, *writes):
        self.function, self.writes = function, writes or ("drift",)

    def __call__(self, wage):
        return self.function(wage)


DRAWS = np.random.default_rng(0)
BROKEN = {
    "another number": (lambda wage: {"drift": wage * DRAWS.random()}, "not a pure function"),
    "an undeclared name": (lambda wage: {"drift": wage, "more": wage}, r"declares \['drift'\] and writes \['drift', 'more'\]"),
    "a declared name left out": (lambda wage: {}, r"declares \['drift'\] and writes \[\]"),
    "NumPy inside": (lambda wage: {"drift": jnp.asarray(np.sort(wage))}, "cannot be compiled"),
    "a branch on a number": (lambda wage: {"drift": wage if wage[0] > 0 else -wage}, "cannot be compiled"),
    "float32": (lambda wage: {"drift": wage.astype(jnp.float32)}, "is float32, not float64"),
    "no number": (lambda wage: {"drift": jnp.log(wage - wage)[0] - jnp.log(wage - wage)}, "is not a number"),
    "a cut derivative": (lambda wage: {"drift": wage * jax.lax.stop_gradient(wage)}, "derivative misses differences"),
    "a power of zero": (lambda wage: {"drift": jnp.where(wage > wage[0], wage, 0.0) ** 0.5}, "derivative is not a number"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_block_that_breaks_the_contract_is_told(toy, what):
    function, said = BROKEN[what]
    with pytest.raises(AssertionError, match=said):
        check_block(Written(function), toy.given, toy.equilibrium.state)


def test_a_block_that_writes_a_known_name_in_another_shape_is_told(toy):
    with pytest.raises(AssertionError, match=r"'residents' has shape \(14, 1\), and in the state \(14,\)"):
        check_block(Written(lambda wage: {"residents": wage[:, None]}, "residents"), toy.given, toy.equilibrium.state)


def test_a_block_that_reads_what_nobody_gives_is_told(toy):
    class Asking(Written):
        def __call__(self, wages):
            return {"drift": wages}

    with pytest.raises(AssertionError, match=r"reads \['wages'\], which is neither given nor in the state"):
        check_block(Asking(None), toy.given, toy.equilibrium.state)


def test_a_lever_that_hides_what_it_touches_is_told(toy):
    class Hidden(Land):
        def touches(self, region):
            return frozenset({"home_supply"})

    with pytest.raises(AssertionError, match="changes 'work_supply' and does not say so"):
        check_lever(Hidden(place="ZB", multiply=1.2), toy)


class Edited(Land):
    """A lever made for one test: its edit of home supply is `self.edit`."""

    edit: ClassVar = None

    def touches(self, region):
        return frozenset({"home_supply"})

    def edits(self, context):
        everywhere = np.ones(len(context.region.place_ids), dtype=bool)
        return (Edit(Target("home_supply"), "multiply", everywhere, type(self).edit()),)


def test_a_lever_that_draws_lots_is_told(toy):
    class Lots(Edited):
        edit = staticmethod(lambda: 1.0 + DRAWS.random())

    with pytest.raises(AssertionError, match="another 'home_supply' the second time"):
        check_lever(Lots(place="ZB", multiply=1.2), toy)


def test_a_lever_that_makes_no_number_is_told(toy):
    class Nothing(Edited):
        edit = staticmethod(lambda: float("nan"))

    with pytest.raises(AssertionError, match="'home_supply' something that is not a number"):
        check_lever(Nothing(place="ZB", multiply=1.2), toy)


def test_a_lever_that_touches_an_unknown_name_or_none_is_told(toy):
    class Elsewhere(Edited):
        edit = staticmethod(lambda: 1.1)

        def touches(self, region):
            return frozenset({"home_suply"})

    with pytest.raises(AssertionError, match=r"touches \['home_suply'\], which no fundamental is called"):
        check_lever(Elsewhere(place="ZB", multiply=1.2), toy)

    class Silent(Elsewhere):
        def touches(self, region):
            return frozenset()

    with pytest.raises(AssertionError, match="must say what it touches"):
        check_lever(Silent(place="ZB", multiply=1.2), toy)
