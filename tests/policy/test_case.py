"""Strategies and zones of a region folder, consent, mechanisms, ranges."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from bridgehead.errors import PolicyError
from bridgehead.policy import (
    MECHANISMS,
    Amenity,
    Context,
    Land,
    Link,
    Passage,
    Productivity,
    RentPools,
    Research,
    Scenario,
    TradeCost,
    Transfers,
    at_bound,
    combine,
    enact,
    governments,
    lever_rows_of,
    mechanisms,
    mechanisms_of,
    scenarios_of,
    zones_of_joint,
)

OPEN = {"lever": "passage", "flow": "trade", "level": "regime", "between": ["A", "ZA"], "and": ["B", "ZB"], "open": 0.25}
STRATEGIES = {
    "format": 1,
    "strategy": [{"id": "b.with_a", "government": "B", "name": "With A", "name_zh": "接轨", "quote": "with A", "lever": [OPEN]}],
}
ZONES = {
    "format": 1,
    "joint": {"id": "city", "name": "The city", "zones": ["zone.border", "zone.land"]},
    "zone": [
        {"id": "zone.border", "name": "No border", "lever": [{**OPEN, "between": ["ZA"], "and": ["B", "ZB"], "open": 1.0}]},
        {"id": "zone.land", "name": "Land", "lever": [{"lever": "land", "places": ["ZA", "ZB"], "multiply": 1.2}]},
        {"id": "zone.other", "name": "Other", "lever": []},
    ],
}


@pytest.fixture
def case(toy):
    return replace(toy, strategies=STRATEGIES, zones=ZONES)


def test_strategies_zones_and_the_zones_together_are_scenarios_by_id(case, baseline):
    found = scenarios_of(case)
    assert list(found) == ["b.with_a", "zone.border", "zone.land", "zone.other", "city"]
    assert [scenario.kind for scenario in found.values()] == ["strategy", "zone", "zone", "zone", "joint"]
    assert found["b.with_a"].government == "B"
    assert found["city"].levers == found["zone.border"].levers + found["zone.land"].levers
    assert found["city"].name == "The city"
    assert zones_of_joint(case) == ("zone.border", "zone.land")
    for scenario in found.values():
        enact(scenario, baseline)


def test_a_region_without_them_has_none(toy):
    assert scenarios_of(toy) == {}
    assert zones_of_joint(toy) == ()


def test_all_faults_of_both_files_come_together(toy):
    strategies = {
        "format": 1,
        "strategie": [],
        "strategy": [
            {"id": "s", "name": "S", "goverment": "A", "lever": [{"lever": "land", "place": "ZC", "multiply": 1.1}]},
            {"id": "s", "name": "again"},
        ],
    }
    zones = {"format": 1, "zone": [{"name": "nameless", "lever": [{"lever": "lend"}]}], "joint": {"id": "j", "name": "J", "zones": ["z"]}}
    with pytest.raises(PolicyError) as error:
        scenarios_of(replace(toy, strategies=strategies, zones=zones))
    text = str(error.value)
    for expected in (
        "strategies.toml: unknown key 'strategie'. Did you mean 'strategy'?",
        "strategies.toml: s: unknown key 'goverment'. Did you mean 'government'?",
        "strategies.toml: s (lever 1): `place` names no place: 'ZC'",
        "zones.toml: zone 1: key 'id' is missing",
        "zones.toml: zone 1 (lever 1): unknown lever 'lend'. Did you mean 'land'?",
        "zones.toml: [joint]: unknown zone 'z'",
    ):
        assert expected in text


@pytest.mark.parametrize(
    ("lever", "who"),
    [
        (Land(place="ZB", multiply=1.1), ("B",)),
        (Land(place="ZB", multiply=1.1, by=["A", "B"]), ("A", "B")),
        (Passage(flow="trade", level="regime", between="A", and_="ZB", one_way=True, open=0.1), ("A", "B")),
        (TradeCost(place="O2", multiply=0.9), ("A", "B", "O1")),
        (TradeCost(between={"level": "province", "is": "B"}, and_="O2", multiply=0.9), ("B",)),
        (Transfers(multiply=0.0), ("A", "B")),
        (RentPools(by="prefecture"), ("A", "B")),
    ],
)
def test_a_lever_needs_the_consent_of_those_whose_places_or_borders_it_touches(toy, lever, who):
    assert governments(lever, toy) == who


@pytest.mark.parametrize(
    ("lever", "how"),
    [
        (Passage(flow="trade", level="regime", between="A", and_="B", open=0.1), ("goods",)),
        (Passage(flow="migration", level="regime", between="A", and_="B", open=0.1), ("movers",)),
        (TradeCost(place="O2", multiply=0.9), ("foreign_trade",)),
        (TradeCost(place="ZA", multiply=0.9), ("foreign_trade", "goods")),
        (TradeCost(place="ZA", via="port", multiply=0.9), ("foreign_trade",)),
        (TradeCost(between="A11", and_="A12", multiply=0.9), ("goods",)),
        (Link(from_="A11", to="A12", minutes=3, mode="road"), ("commuting", "spillover")),
        (Productivity(place="ZA", multiply=1.1), ("productivity",)),
        (Research(place="ZA", multiply=1.1), ("research",)),
        (Transfers(multiply=0.0), ("public_money",)),
    ],
)
def test_each_lever_says_by_which_mechanism_it_works(toy, lever, how):
    assert mechanisms(lever, toy) == how
    assert set(how) <= set(MECHANISMS)


def test_a_table_of_levers_has_a_row_a_lever(case):
    scenario = scenarios_of(case)["city"]
    rows = lever_rows_of(scenario, case)
    assert [row["where"] for row in rows] == ["ZA ↔ B + ZB; flow: trade; level: regime", "ZA, ZB"]
    assert [(row["key"], row["value"], row["by"]) for row in rows] == [("open", 1.0, "A, B"), ("multiply", 1.2, "A, B")]
    assert mechanisms_of(scenario, case) == ("goods", "land")


def test_a_scenario_at_the_bounds_of_its_levers(toy):
    scenario = Scenario("s", (Land(place="ZB", multiply=1.2, low=1.1, high=1.5), Amenity(place="ZB", multiply=1.02)))
    assert [lever.multiply for lever in at_bound(scenario, "low").levers] == [1.1, 1.02]
    assert [lever.multiply for lever in at_bound(scenario, "high").levers] == [1.5, 1.02]


def test_the_case_s_strategies_and_zones_are_scenarios_and_any_two_of_them_compose(yangtze_baseline):
    region = yangtze_baseline.region
    found = scenarios_of(region)
    assert [scenario.kind for scenario in found.values()] == ["strategy"] * 9 + ["zone"] * 3 + ["joint"]
    assert list(found)[-1] == "sci_tech_city"
    context = Context.of(yangtze_baseline, solve=_answering(yangtze_baseline))
    for scenario in found.values():
        enacted = enact(scenario, yangtze_baseline, context=context)
        changed = {name for name, value in enacted.given.items() if value is not yangtze_baseline.given[name]}
        assert changed == scenario.touches(region), scenario.id
        assert mechanisms_of(scenario, region)
    for pair in itertools.combinations(found.values(), 2):
        enact(combine("both", pair), yangtze_baseline, context=context)


def _answering(baseline):
    """Solves whose value added rises with the square of productivity, so that no model is needed."""
    base = np.asarray(baseline.given["productivity_fundamental"])

    def solve(given):
        gain = np.exp(2 * np.log(np.asarray(given["productivity_fundamental"]) / base).mean(axis=1))
        state = {**baseline.equilibrium.state, "output": baseline.equilibrium.state["output"] * gain[:, None]}
        return SimpleNamespace(state=state, certificate=SimpleNamespace(outcome="solved", as_dict=dict))

    return solve


def test_governments_by_a_gateway_are_those_that_use_it(rich):
    assert governments(TradeCost(place="O2", via="port", multiply=0.9), rich) == ("A", "B", "O1")


def test_zones_have_dates_that_their_levers_and_the_zones_together_take_over(toy_region):
    zone = {"id": "z", "name": "Zone", "from": 2025, "phase_in": 10, "lever": [{"lever": "land", "place": "ZB", "multiply": 1.5}]}
    other = {"id": "y", "name": "Other", "lever": [{"lever": "amenity", "place": "ZB", "multiply": 1.1, "starts": 2030}]}
    zones = {"format": 1, "joint": {"id": "all", "name": "All"}, "zone": [zone, other]}
    found = scenarios_of(replace(toy_region, zones=zones, strategies=None))
    assert (found["z"].from_, found["z"].phase_in) == (2025, 10)
    assert [(lever.starts, lever.phase_in) for lever in found["all"].levers] == [(2025, 10), (2030, None)]


def test_dates_of_zones_that_end_before_they_start_are_faults(toy_region):
    land = {"lever": "land", "place": "ZB", "multiply": 1.5}
    zones = [
        {"id": "a", "name": "A", "from": 2025, "until": 2024, "lever": [land]},
        {"id": "b", "name": "B", "from": 2025, "lever": [{**land, "ends": 2024}]},
        {"id": "c", "name": "C", "lever": [{**land, "starts": 2030, "ends": 2029}]},
    ]
    with pytest.raises(PolicyError) as found:
        scenarios_of(replace(toy_region, zones={"format": 1, "zone": zones}, strategies=None))
    said = str(found.value)
    assert "`until` (2024) is before `from` (2025)" in said
    assert "zones.toml: b (lever 1)" in said
    assert "the lever ends (2024) before the scenario begins (2025)" in said
    assert "`ends` (2029) is before `starts` (2030)" in said
