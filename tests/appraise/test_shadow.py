"""Shadow prices are what a little more of a lever brings: each price against finite differences of certified solves."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from bridgehead.appraise.engine import Runner
from bridgehead.appraise.shadow import COST_POWER, shadow_prices
from bridgehead.policy import read_scenario

DIFFERENCES = 2e-6  # relative error of four-point differences: steps of 1e-3 to the fourth, and 1e-11 / 1e-3 of the solves


@pytest.fixture(scope="module")
def runner(toy):
    return Runner.of(toy.baseline)


@pytest.fixture(scope="module")
def prices(runner):
    return shadow_prices(runner.baseline_context(), runner.policy)


def welfare(runner, lever):
    """EV of the mainland when one lever is pulled, million a year."""
    solved = runner.solve(read_scenario({"format": 1, "name": "a little", "lever": [lever]}, runner.baseline.region), weakest=False)
    context = runner.context(solved, "scenario")
    return float(context.welfare_function(context.mainland)(solved.equilibrium.require().state, None))


def difference(runner, step, lever):
    """dEV / d strength at nothing, by four points."""
    near, far = (welfare(runner, lever(k * step)) - welfare(runner, lever(-k * step)) for k in (1, 2))
    return (8 * near - far) / (12 * step)


def price(table, place, column):
    return table.filter(pl.col("place") == place)[column].item()


@pytest.mark.parametrize(("place", "column", "use"), [
    ("ZB", "land", None), ("A11", "land_home", "home"), ("B12", "land_work", "work"),
])  # fmt: skip
def test_a_km2_of_land_is_worth_its_shadow_price(runner, prices, place, column, use):
    step = 1e-3 * float(runner.baseline.region.fact("construction_land")[runner.baseline.region.index(place)])

    def lever(km2):
        return {"lever": "land", "place": place, "add_km2": km2} | ({"use": use} if use else {})

    assert price(prices[0], place, column) == pytest.approx(difference(runner, step, lever), rel=DIFFERENCES)


def test_a_km2_is_worth_what_it_brings_to_homes_and_to_work(prices):
    table = prices[0].drop_nulls("land")
    np.testing.assert_allclose(table["land"], table["land_home"] + table["land_work"], rtol=1e-12)
    assert (table["land"] > 0).all()


@pytest.mark.parametrize("place", ["ZA", "B22", "O1"])
def test_money_spent_on_research_is_worth_its_shadow_price(runner, prices, place):
    region = runner.baseline.region
    step = 1e-3 * float(region.fact("research_spending")[region.index(place)])
    found = difference(runner, step, lambda money: {"lever": "research", "place": place, "add": money})
    assert price(prices[0], place, "research") == pytest.approx(found, rel=DIFFERENCES)


@pytest.mark.parametrize(("flow", "sector", "receiver", "supplier"), [
    ("commuting", None, "A", "B"), ("trade", "secondary", "B", "A"), ("migration", None, "A", "B"),
    ("spillover", None, "B", "A"), ("ideas", None, "ZB", "A"),
])  # fmt: skip
def test_a_point_of_border_is_worth_its_shadow_price(runner, prices, flow, sector, receiver, supplier):
    def lever(points):
        keys = {"flow": flow, "level": "regime", "between": [receiver], "and": [supplier], "one_way": True}
        return {"lever": "passage", **keys, "multiply": float(np.exp(0.01 * points))} | ({"sector": sector} if sector else {})

    pair = (pl.col("flow") == flow) & (pl.col("receiver") == receiver) & (pl.col("supplier") == supplier)
    rows = prices[1].filter(pair if sector is None else pair & (pl.col("sector") == sector))
    assert rows["per_point"].item() == pytest.approx(difference(runner, 0.1, lever), rel=DIFFERENCES)


def test_a_point_of_cost_is_as_many_points_of_passage_as_the_flow_answers_to(runner, prices):
    for flow, name in COST_POWER.items():
        power = np.atleast_1d(runner.world.array(name))
        rows = prices[1].filter((pl.col("flow") == flow) & (pl.col("per_point") != 0))
        assert rows.height > 0
        ratio = (rows["per_point_cost"] / rows["per_point"]).to_numpy()
        assert all(np.isclose(power, each, rtol=1e-12).any() for each in ratio)
    assert prices[1].filter(pl.col("flow").is_in(["spillover", "ideas"]))["per_point_cost"].null_count() > 0


def test_only_borders_have_a_price(prices):
    assert ((prices[1]["passage"] > 0) & (prices[1]["passage"] < 1)).all()
    assert set(prices[1]["level"]) == {"regime"}


def test_the_price_of_land_is_that_of_the_measure(toy, prices):
    """The need's line for one set of places, and the table's rows weighted by their land, are one number."""
    region = toy.baseline.region
    row = next(row for row in toy.needs.rows if row.measure.name == "shadow_price_land")
    mask = row.arguments["of"].mask
    land = region.fact("construction_land")[mask]
    places = [place for place, held in zip(region.place_ids, mask, strict=True) if held]
    mean = sum(price(prices[0], place, "land") * km2 for place, km2 in zip(places, land, strict=True)) / land.sum()
    base = next(each.baseline for key, each in toy_cells(toy) if key == row.key)
    assert mean == pytest.approx(base, rel=1e-9)


def toy_cells(toy):
    """Keys of the matrix with their rows."""
    for each in toy.tables["matrix"].iter_rows(named=True):
        yield (each["need"], each["line"]), type("Cell", (), each)
