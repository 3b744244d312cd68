"""Levers on taxes and on who has the revenue, on the toy whose governments tax."""

from __future__ import annotations

import numpy as np
import pytest

from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.errors import PolicyError
from bridgehead.models import solve
from bridgehead.policy import Scenario, ShareRule, Tax, enact, read_scenario, scenario_text
from bridgehead.region import public_levels, read_region
from bridgehead.testing import check_lever

SPLIT = {"place": 0.35, "province": 0.25, "country": 0.40}  # of the toy's closure


@pytest.fixture(scope="module")
def taxed():
    toy = case_folder("toy")
    return calibrate(read_region(toy / "region"), closure=toy / "closures" / "government.toml")


def solved(taxed, *levers):
    return solve(taxed, enact(Scenario("public", levers), taxed).given).require().state


def received(taxed, state):
    """Public money by place, over revenue."""
    return state["public_money"].sum() / state["revenue"].sum()


@pytest.mark.parametrize("lever", [
    Tax(on="earnings", place="A11", multiply=2.0), Tax(on="value_added", places=["A11", "ZB"], add=0.01), Tax(on="land", place="B11", set=0.0),
    ShareRule(split={"country": 1.0}), ShareRule(split={"prefecture": 0.5, "country": 0.5}),
], ids=lambda lever: lever.kind)  # fmt: skip
def test_they_keep_the_contract_of_levers(taxed, lever):
    check_lever(lever, taxed)


def test_rates_are_what_the_lever_says(taxed):
    given = enact(Scenario("rates", (Tax(on="earnings", place="A11", set=0.1), Tax(on="land", place="A11", multiply=0.5))), taxed).given
    here = taxed.region.index("A11")
    assert given["tax_earnings"][here] == 0.1
    assert given["tax_land"][here] == pytest.approx(0.5 * float(taxed.given["tax_land"][here]))
    others = np.arange(len(taxed.region.place_ids)) != here
    np.testing.assert_array_equal(np.asarray(given["tax_earnings"])[others], np.asarray(taxed.given["tax_earnings"])[others])


def test_a_rule_that_says_what_is_changes_nothing(taxed):
    before, after = taxed.equilibrium.state, solved(taxed, ShareRule(split=SPLIT))
    for name in ("wage", "residents", "income"):
        np.testing.assert_allclose(after[name], before[name], rtol=1e-9)


def test_all_that_is_raised_is_spent_by_somebody(taxed):
    for levers in ((), (ShareRule(split={"country": 1.0}),), (ShareRule(split={"place": 1.0}),), (Tax(on="land", place="B11", add=0.1),)):
        assert received(taxed, solved(taxed, *levers)) == pytest.approx(1.0, rel=1e-9)


def test_what_is_kept_where_it_is_raised_stays_there(taxed):
    """With every yuan of revenue spent at its own place, public money is revenue, place by place."""
    state = solved(taxed, ShareRule(split={"place": 1.0}))
    np.testing.assert_allclose(state["public_money"], state["revenue"], rtol=1e-9)


def test_a_rule_for_the_whole_country_takes_from_where_more_is_raised(taxed):
    own, whole = (solved(taxed, ShareRule(split={level: 1.0})) for level in ("place", "country"))
    share = own["revenue"] / own["earnings"]
    richest = int(np.argmax(np.where(np.asarray(taxed.given["inside"]) > 0, share, 0.0)))
    assert whole["public_money"][richest] < own["public_money"][richest]


def test_a_tax_on_one_place_drives_people_and_jobs_from_it(taxed):
    before, after = taxed.equilibrium.state, solved(taxed, Tax(on="earnings", place="A11", add=0.05), ShareRule(split={"country": 1.0}))
    base = solved(taxed, ShareRule(split={"country": 1.0}))
    here = taxed.region.index("A11")
    assert after["jobs"][here] < base["jobs"][here]
    assert before["jobs"][here] > 0


def test_a_level_that_had_no_part_gets_its_own_jurisdictions(taxed):
    given = enact(Scenario("new", (ShareRule(split={"prefecture": 1.0}),)), taxed).given
    number = public_levels(taxed.region).index("prefecture")
    assert np.flatnonzero(np.asarray(given["public_split"])).tolist() == [number]
    sets = np.asarray(given["public_sets"])[number]
    cells = np.asarray(taxed.region.cells("prefecture"))
    np.testing.assert_array_equal(sets.sum(axis=0), 1.0)
    assert all(sets[cells[place], place] == 1.0 for place in range(cells.size))


def test_faults_are_listed(taxed):
    with pytest.raises(PolicyError) as raised:
        read_scenario({"format": 1, "name": "bad", "lever": [
            {"lever": "tax", "on": "wages", "place": "A11", "set": 0.1}, {"lever": "tax", "on": "earnings", "place": "A11", "add": 0.95},
            {"lever": "share_rule", "split": {"province": 0.5, "country": 0.4}}, {"lever": "share_rule", "split": {"provinc": 1.0}},
            {"lever": "tax", "on": "land", "place": "A11", "add": -0.9}, {"lever": "tax", "on": "land", "place": "A11"},
        ]}, taxed.region)  # fmt: skip
    said = str(raised.value)
    for part in (
        "`on` is 'wages'; expected value_added or earnings or land", "the rate on earnings of 'A11' becomes 0.99; expected 0 or more, and a wage left",
        "the shares of `split` add up to 0.9, and not to 1", "unknown level 'provinc' in `split`. Did you mean 'province'?",
        "the rate on land of 'A11' becomes -", "exactly one of `multiply`, `add`, `set` is expected",
    ):  # fmt: skip
        assert part in said, said


def test_without_taxes_in_the_model_they_are_refused(toy):
    with pytest.raises(PolicyError, match=r"governments do not tax inside the model of this region; expected government = \"taxes\""):
        read_scenario({"format": 1, "name": "none", "lever": [{"lever": "tax", "on": "land", "place": "A11", "set": 0.1}]}, toy)
    with pytest.raises(PolicyError, match="governments do not tax"):
        read_scenario({"format": 1, "name": "none", "lever": [{"lever": "share_rule", "split": {"country": 1.0}}]}, toy)


def test_a_rule_is_written_and_read_again(taxed):
    rule = Scenario("rule", (ShareRule(split={"province": 0.5, "country": 0.5}), Tax(on="land", place="A11", set=0.2)))
    import tomllib

    assert read_scenario(tomllib.loads(scenario_text(rule)), taxed.region).levers == rule.levers
