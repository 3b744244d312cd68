"""Every kernel, block and lever of the package keeps the contract that users' own must keep; and what breaks it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax.numpy as jnp
import numpy as np
import pytest

from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.kernels import Dense, Sparse
from bridgehead.policy import Amenity, Land, Passage, Productivity, TradeCost, Transfers
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


@dataclass(frozen=True)
class Drifting:
    """Writes another number every time, and one that it does not declare."""

    extra: bool = False
    role: ClassVar[str] = "Drift"
    writes: ClassVar[tuple[str, ...]] = ("drift",)
    draws: ClassVar[np.random.Generator] = np.random.default_rng(0)

    def __call__(self, wage):
        found = {"drift": wage * self.draws.random()}
        return found | {"more": wage} if self.extra else found


def test_an_impure_block_is_told(toy):
    with pytest.raises(AssertionError, match="not a pure function"):
        check_block(Drifting(), toy.given, toy.equilibrium.state)


def test_a_block_that_writes_more_than_it_declares_is_told(toy):
    with pytest.raises(AssertionError, match=r"declares \['drift'\] and writes \['drift', 'more'\]"):
        check_block(Drifting(extra=True), toy.given, toy.equilibrium.state)


def test_a_lever_that_hides_what_it_touches_is_told(toy):
    class Hidden(Land):
        def touches(self, region):
            return frozenset({"home_supply"})

    with pytest.raises(AssertionError, match="changes 'work_supply' and does not say so"):
        check_lever(Hidden(place="ZB", multiply=1.2), toy)
