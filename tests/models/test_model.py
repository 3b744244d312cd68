"""Blocks make a model only when every name has one writer and every cycle is cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest

from bridgehead.blocks.income import LandlordIncome
from bridgehead.blocks.trade import GravityTrade
from bridgehead.errors import ModelError
from bridgehead.models import Model, regional_model


@dataclass(frozen=True)
class Supply:
    role: ClassVar[str] = "Supply"
    writes: ClassVar[tuple[str, ...]] = ("quantity",)

    def __call__(self, price, technology):
        return {"quantity": technology * price}


@dataclass(frozen=True)
class Demand:
    role: ClassVar[str] = "Demand"
    writes: ClassVar[tuple[str, ...]] = ("price",)

    def __call__(self, quantity, income):
        return {"price": (income / quantity) ** 0.5}


def unchanged(update, state, given):
    return update


def test_an_uncut_cycle_is_named():
    with pytest.raises(ModelError, match=r"cycle that no unknown cuts: .*Supply.*Demand|cycle that no unknown cuts: .*Demand.*Supply"):
        Model((Supply(), Demand()), (), unchanged)


def test_an_unknown_cuts_the_cycle_and_its_fixed_point_is_the_market():
    model = Model((Supply(), Demand()), ("price",), unchanged)
    assert model.reads_given == ("income", "technology")
    price = 1.0
    for _ in range(60):
        _, update = model.pass_once({"income": 8.0, "technology": 2.0}, {"price": price})
        price = update["price"]
    assert price**3 == pytest.approx(8.0 / 2.0, rel=1e-12)  # price² = income / (technology · price)


def test_two_writers_of_a_name_are_refused():
    with pytest.raises(ModelError, match=r"'quantity' is written by Supply and by Supply; expected one writer a name"):
        Model((Supply(), Supply(), Demand()), ("price",), unchanged)


def test_an_unknown_that_nobody_writes_is_refused_with_a_suggestion():
    with pytest.raises(ModelError, match=r"no block writes the unknown 'prise'. Did you mean 'price'"):
        Model((Supply(), Demand()), ("price", "prise"), unchanged)


def test_what_is_not_given_is_named_with_its_reader():
    with pytest.raises(ModelError, match="'technology' is not given; Supply reads it"):
        Model((Supply(), Demand()), ("price",), unchanged).check_given({"income": 1.0})


def test_swapping_keeps_the_rest_and_refuses_a_wrong_role():
    model = regional_model()
    assert model.swap(Income=LandlordIncome()) == regional_model(local_landlords=True)
    with pytest.raises(ModelError, match=r"'Incom'. Did you mean 'Income'"):
        model.swap(Incom=LandlordIncome())
    with pytest.raises(ModelError, match="plays the role 'Trade', not 'Income'"):
        model.swap(Income=GravityTrade())
