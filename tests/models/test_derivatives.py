"""Implicit derivatives equal finite differences of certified solves."""

from __future__ import annotations

import jax
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


SINGLE = (
    "amenity_density", "amenity_fundamental", "density_elasticity", "home_dispersion", "home_supply", "home_supply_elasticity",
    "inside_wage_bill", "land_km2", "migration_kept", "origin_people", "productivity_fundamental", "trade_elasticity",
    "transfer_rate", "workplace_dispersion", "workplace_size", "work_supply", "work_supply_elasticity",
    "commuting", "trade", "spillover", "amenity_spillover",
)  # fmt: skip
SHARES = ("labour_share", "floor_share", "input_share", "consumption_share", "housing_share")


def every_outcome(state, given):
    """A sum of the logs of all that the model writes, each number with a weight of its own: wrong in one is wrong in the sum."""
    random, total = np.random.default_rng(4), 0.0
    for name in sorted(state):
        value = state[name]
        if jnp.issubdtype(value.dtype, jnp.floating):
            there = jnp.isfinite(value) & (value > 0)
            total += jnp.sum(
                jnp.asarray(random.standard_normal(value.shape)) * jnp.where(there, jnp.log(jnp.where(there, value, 1.0)), 0.0)
            )
    return total


def ways(given):
    """{what is moved: {fundamental: by how much}}: every fundamental at random by its own size, and shares so that they still add up."""
    random = np.random.default_rng(5)

    def own(leaf):
        return leaf * jnp.asarray(random.standard_normal(leaf.shape)) if jnp.issubdtype(leaf.dtype, jnp.floating) else jnp.zeros_like(leaf)

    found = {name: {name: jax.tree_util.tree_map(own, given[name])} for name in SINGLE}
    some = jnp.asarray(random.uniform(0.01, 0.05, given["labour_share"].shape))
    between = jnp.asarray(given["consumption_share"] * random.standard_normal(given["consumption_share"].shape))
    found["labour for floor space"] = {"labour_share": some, "floor_share": -some}
    found["inputs for labour"] = {"input_share": some * jnp.ones_like(given["input_share"]) / len(some), "labour_share": -some}
    found["one good for another"] = {"consumption_share": between - jnp.mean(between, axis=1, keepdims=True)}
    goods = given["consumption_share"] / (1.0 - given["housing_share"])
    found["housing for goods"] = {"housing_share": jnp.asarray(1.0), "consumption_share": -goods}
    return found


@pytest.fixture(scope="module")
def all_slopes(toy):
    return gradient(toy.equilibrium, every_outcome, (*SINGLE, *SHARES))


@pytest.fixture(scope="module")
def all_ways(toy):
    return ways(toy.given)


@pytest.mark.parametrize("way", [*SINGLE, "labour for floor space", "inputs for labour", "one good for another", "housing for goods"])
def test_of_every_outcome_with_respect_to_every_fundamental(toy, all_slopes, all_ways, way):
    moved = all_ways[way]

    def value(step):
        given = dict(toy.given)
        for name, tangent in moved.items():
            given[name] = jax.tree_util.tree_map(lambda leaf, by: leaf + (step * by).astype(leaf.dtype), given[name], tangent)
        return float(every_outcome({name: jnp.asarray(v) for name, v in solve(toy, given).require().state.items()}, given))

    step = 1e-4
    near, far = (value(s * step) - value(-s * step) for s in (1, 2))
    found = (8 * near - far) / (12 * step)
    pairs = [zip(*map(jax.tree_util.tree_leaves, (all_slopes[name], tangent)), strict=True) for name, tangent in moved.items()]
    slope = sum(float(np.sum(np.asarray(a, dtype=float) * np.asarray(b, dtype=float))) for pair in pairs for a, b in pair)
    assert slope == pytest.approx(found, rel=1e-5, abs=1e-5)


def test_an_unknown_fundamental_is_named(toy):
    with pytest.raises(ModelError, match="no fundamental is called"):
        gradient(toy.equilibrium, outcome, ("home_suply",))
