"""What may not matter does not: units of money, order of places, the numeraire, how places are cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from bridgehead.calibrate import calibrate
from bridgehead.models import solve
from bridgehead.policy import enact, read_scenario
from bridgehead.region import read_region, write_region

LAND = {
    "format": 1,
    "name": "land",
    "lever": [
        {"lever": "land", "place": "B11", "multiply": 1.3},
        {"lever": "passage", "flow": "trade", "level": "regime", "open": 0.4, "between": ["A", "ZA"], "and": ["B", "ZB"]},
    ],
}
ROUND_OFF = 1e-9  # two certified solves, each within 1e-11 of its equilibrium


def scenario_state(baseline):
    enacted = enact(read_scenario(LAND, baseline.region), baseline)
    return solve(baseline, enacted.given).require().state


def real_changes(baseline, state):
    """Changes that have no unit: log changes of real values, and welfare."""
    before = baseline.equilibrium.state
    return {
        "jobs": np.log(state["jobs"] / before["jobs"]),
        "residents": np.log(state["residents"] / before["residents"]),
        "real wage": np.log(state["wage"] / state["consumer_price"] * before["consumer_price"] / before["wage"]),
        "real rent": np.log(state["rent_home"] / state["consumer_price"] * before["consumer_price"] / before["rent_home"]),
        "welfare": np.log(state["welfare"] / before["welfare"]),
    }


@pytest.fixture(scope="module")
def changes(toy):
    return real_changes(toy, scenario_state(toy))


def test_the_unit_of_money_changes_nothing_real(toy, changes):
    facts = toy.region.facts
    money = pl.col("variable").is_in(["value_added", "exports", "imports", "rent_home", "rent_work"])
    scaled = facts.with_columns(pl.when(money).then(pl.col("value") * 7.1).otherwise(pl.col("value")).alias("value"))
    other = calibrate(replace(toy.region, facts=scaled))
    for name, change in real_changes(other, scenario_state(other)).items():
        np.testing.assert_allclose(change, changes[name], atol=ROUND_OFF, err_msg=name)


def test_the_order_of_places_changes_nothing(toy, changes, tmp_path):
    write_region(toy.region, tmp_path / "region")
    places = tmp_path / "region" / "places.csv"
    lines = places.read_text(encoding="utf-8").splitlines()
    shuffled = [lines[0], *np.random.default_rng(3).permutation(lines[1:]).tolist()]
    places.write_text("\n".join(shuffled) + "\n", encoding="utf-8")
    other = calibrate(read_region(tmp_path / "region"))
    where = [other.region.place_ids.index(place) for place in toy.region.place_ids]
    found = real_changes(other, scenario_state(other))
    assert list(other.region.place_ids) != list(toy.region.place_ids)
    for name, change in found.items():
        in_order = change[where] if name != "welfare" else change[[other.region.origin_names.index(g) for g in toy.region.origin_names]]
        np.testing.assert_allclose(in_order, changes[name], atol=ROUND_OFF, err_msg=name)


def test_the_numeraire_scales_money_and_nothing_else(toy):
    given = {**toy.given, "inside_wage_bill": toy.given["inside_wage_bill"] * 3.0}
    state, before = solve(toy, given).require().state, toy.equilibrium.state
    for name in ("wage", "income", "output", "price_index", "rent_home", "spending"):
        np.testing.assert_allclose(state[name], 3.0 * before[name], rtol=ROUND_OFF, err_msg=name)
    for name in ("jobs", "residents", "value", "welfare", "people", "floor_home"):
        np.testing.assert_allclose(state[name], before[name], rtol=ROUND_OFF, err_msg=name)


def cut_in_two(region, place, folder):
    """The region with one inside place cut into two equal halves at the same spot, its kernel entries the same to everyone."""
    write_region(region, folder)
    halves = (place, place + "x")
    for name in ("places.csv", "facts.csv", "travel.csv", "trade_costs.csv", "migration_costs.csv"):
        frame = pl.read_csv(folder / name, infer_schema=False)
        keys = [c for c in ("place", "home", "work", "buyer", "seller", "destination") if c in frame.columns]
        for key in keys:
            twin = frame.filter(pl.col(key) == place).with_columns(pl.lit(halves[1]).alias(key))
            frame = pl.concat([frame, twin])
        if name == "places.csv":
            half = pl.col("place").is_in(halves)
            frame = frame.with_columns(
                pl.when(half).then((pl.col("land_km2").cast(float) / 2).cast(str)).otherwise(pl.col("land_km2")).alias("land_km2")
            )
        if name == "facts.csv":
            total = pl.col("place").is_in(halves) & pl.col("variable").is_in(["residents", "value_added"])
            frame = frame.with_columns(
                pl.when(total).then((pl.col("value").cast(float) / 2).cast(str)).otherwise(pl.col("value")).alias("value")
            )
        frame.write_csv(folder / name)
    return read_region(folder)


def test_cutting_a_place_into_two_equal_halves_changes_nothing_elsewhere(toy, changes, tmp_path):
    # A place's productivity and amenity density are sums over neighbours a km2 of its own: halves keep it where each half reaches
    # the other as itself. So the halves share their kernel entries, and spillovers see the same people on the same land.
    other = calibrate(cut_in_two(toy.region, "A12", tmp_path / "cut"))
    assert other.certificate.solved
    kept = [other.region.place_ids.index(place) for place in toy.region.place_ids]
    before, whole = other.equilibrium.state, toy.equilibrium.state
    same = [i for i, place in enumerate(toy.region.place_ids) if place != "A12"]
    np.testing.assert_allclose(before["wage"][kept][same], whole["wage"][same], rtol=ROUND_OFF)
    found = real_changes(other, scenario_state(other))
    for name in ("jobs", "residents", "real wage", "real rent"):
        np.testing.assert_allclose(found[name][kept], changes[name], atol=ROUND_OFF, err_msg=name)
    np.testing.assert_allclose(found["welfare"], changes["welfare"], atol=ROUND_OFF)


def test_nothing_enacted_changes_nothing(toy):
    scenario = read_scenario({"format": 1, "name": "nothing"}, toy.region)
    state = solve(toy, enact(scenario, toy).given).require().state
    np.testing.assert_allclose(state["wage"], toy.equilibrium.state["wage"], rtol=1e-12)
