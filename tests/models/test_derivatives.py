"""Implicit derivatives equal finite differences of certified solves."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from bridgehead.errors import ModelError
from bridgehead.kernels import passage_of, with_passage
from bridgehead.models import gradient, solve

STEP = 1e-3
FIVE_POINTS = 3e-6  # relative error of four-point differences with this step: h⁴ against 1e-11 / h of the solves

NAMES = ("home_supply", "work_supply", "amenity_fundamental", "productivity_fundamental", "workplace_dispersion", "trade", "commuting")


def outcome(state, given):
    """Welfare and real income, with a direct dependence on a fundamental."""
    return jnp.sum(jnp.log(state["welfare"])) + jnp.sum(given["inside"] * jnp.log(state["income"] / state["consumer_price"]))


@pytest.fixture(scope="module")
def slopes(toy):
    return gradient(toy.equilibrium, outcome, NAMES)


def difference(toy, changed):
    """Derivative of the outcome with respect to the log of what `changed(factor)` multiplies."""

    def value(factor):
        given = changed(factor)
        return float(outcome(solve(toy, given).require().state, given))

    near, far = (value(np.exp(s * STEP)) - value(np.exp(-s * STEP)) for s in (1, 2))
    return (8 * near - far) / (12 * STEP)


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("home_supply", (5,)),
        ("work_supply", (6,)),
        ("amenity_fundamental", (1,)),
        ("productivity_fundamental", (3, 1)),
        ("workplace_dispersion", ()),
    ],
)
def test_of_arrays(toy, slopes, name, index):
    value = jnp.asarray(toy.given[name])
    found = difference(toy, lambda factor: {**toy.given, name: value.at[index].multiply(factor)})
    np.testing.assert_allclose(slopes[name][index] * float(value[index]), found, rtol=FIVE_POINTS, atol=1e-8)


@pytest.mark.parametrize(("flow", "index"), [("trade", (1, 0, 3)), ("commuting", (0, 3))])
def test_of_border_passages(toy, slopes, flow, index):
    passage = passage_of(toy.given[flow], "regime")

    def changed(factor):
        return {**toy.given, flow: with_passage(toy.given[flow], "regime", passage.at[index].multiply(factor))}

    found = difference(toy, changed)
    slope = passage_of(slopes[flow], "regime")[index] * float(passage[index])
    np.testing.assert_allclose(slope, found, rtol=1e-4, atol=1e-8)


def test_an_unknown_fundamental_is_named(toy):
    with pytest.raises(ModelError, match="no fundamental is called"):
        gradient(toy.equilibrium, outcome, ("home_suply",))
