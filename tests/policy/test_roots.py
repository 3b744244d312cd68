"""`raise_value_added`: the productivity that brings the effect asked for, found by certified solves and found once."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from bridgehead.errors import PolicyError, SolveError
from bridgehead.policy import Context, Land, Productivity, Scenario, enact
from bridgehead.policy.roots import real_value_added

OWN, NEXT = 2.5, -0.3


def toy_world(baseline, *, outcome="solved"):
    """Real value added rises with own productivity by 2.5 and falls with the next place's by 0.3, in logs."""
    calls = []

    def solve(given):
        calls.append(given)
        base = np.asarray(baseline.given["productivity_fundamental"])
        moved = np.log(np.asarray(given["productivity_fundamental"]) / base).mean(axis=1)
        gain = np.exp(OWN * moved + NEXT * np.roll(moved, 1) + 0.4 * moved**2)
        state = {"output": baseline.equilibrium.state["output"] * gain[:, None], "consumer_price": np.ones(gain.size)}
        certificate = SimpleNamespace(outcome=outcome, as_dict=lambda: {"outcome": outcome})
        return SimpleNamespace(state=state, certificate=certificate, given=given)

    return solve, calls


def test_value_added_of_each_place_rises_by_the_share_asked_for(baseline, toy):
    solve, calls = toy_world(baseline)
    lever = Productivity(places=["ZA", "ZB"], raise_value_added=0.15)
    enacted = enact(Scenario("zone", (lever,)), baseline, solve=solve)
    price = baseline.equilibrium.state["consumer_price"]
    before = real_value_added(baseline.equilibrium.state, baseline.given, price)
    after = real_value_added(solve(enacted.given).state, baseline.given, price)
    sides = [toy.place_ids.index(name) for name in ("ZA", "ZB")]
    np.testing.assert_allclose(after[sides] / before[sides], 1.15, rtol=1e-9)
    (note,) = enacted.notes
    assert note["lever"] == 1
    assert note["certificate"] == {"outcome": "solved"}
    assert note["solves"] == len(calls) - 1 <= 12
    factor = np.asarray(enacted.given["productivity_fundamental"]) / np.asarray(baseline.given["productivity_fundamental"])
    np.testing.assert_allclose(factor[sides], np.array([[note["multiplier"][name]] * 3 for name in ("ZA", "ZB")]))


def test_a_place_may_be_lowered(baseline):
    solve, _ = toy_world(baseline)
    (note,) = enact(Scenario("less", (Productivity(place="ZA", raise_value_added=-0.2),)), baseline, solve=solve).notes
    assert note["multiplier"]["ZA"] < 1


def test_the_root_is_that_of_the_lever_acting_alone_and_is_found_once(baseline):
    solve, calls = toy_world(baseline)
    context = Context.of(baseline, solve=solve)
    lever = Productivity(place="ZA", raise_value_added=0.15)
    alone = enact(Scenario("alone", (lever,)), baseline, context=context)
    count = len(calls)
    others = (Productivity(place="ZA", multiply=1.1), Land(place="ZA", multiply=1.2), lever)
    together = enact(Scenario("together", others), baseline, context=context)
    assert len(calls) == count
    assert together.notes[0]["multiplier"] == alone.notes[0]["multiplier"]
    assert together.notes[0]["lever"] == 3
    ratio = np.asarray(together.given["productivity_fundamental"]) / np.asarray(alone.given["productivity_fundamental"])
    assert np.isclose(ratio, 1.1).sum() == 3


def test_a_root_without_certified_solves_is_refused(baseline):
    solve, _ = toy_world(baseline, outcome="not_solved")
    with pytest.raises(SolveError, match="without a certified solution"):
        enact(Scenario("x", (Productivity(place="ZA", raise_value_added=0.15),)), baseline, solve=solve)


def test_a_share_that_no_productivity_brings_is_refused(baseline):
    def deaf(given):
        certificate = SimpleNamespace(outcome="solved", as_dict=dict)
        return SimpleNamespace(state=baseline.equilibrium.state, certificate=certificate, given=given)

    with pytest.raises(SolveError, match="no multiplier was found"):
        enact(Scenario("x", (Productivity(place="ZA", raise_value_added=0.15),)), baseline, solve=deaf)


def test_places_without_value_added_have_none_to_raise(baseline):
    with pytest.raises(PolicyError, match="no value added in primary at A11"):
        enact(Scenario("x", (Productivity(place="A11", sector="primary", raise_value_added=0.1),)), baseline)


@pytest.mark.slow
def test_on_the_toy_the_sides_value_added_rises_by_fifteen_percent(toy):
    from bridgehead.calibrate import calibrate
    from bridgehead.models import solve

    baseline = calibrate(toy)
    lever = Productivity(places=["ZA", "ZB"], raise_value_added=0.15)
    enacted = enact(Scenario("zone", (lever,)), baseline)
    new = solve(baseline, enacted.given)
    price = baseline.equilibrium.state["consumer_price"]
    ratio = real_value_added(new.state, baseline.given, price) / real_value_added(baseline.equilibrium.state, baseline.given, price)
    sides = [toy.place_ids.index(name) for name in ("ZA", "ZB")]
    np.testing.assert_allclose(ratio[sides], 1.15, rtol=1e-8)
    assert enacted.notes[0]["certificate"]["outcome"] == "solved"


def test_with_the_model_itself_one_certified_solve_is_enough():
    from bridgehead.calibrate import calibrate
    from bridgehead.cases import case_folder
    from bridgehead.models import solve
    from bridgehead.region import read_region

    whole = calibrate(read_region(case_folder("toy") / "region"))
    enacted = enact(Scenario("zone", (Productivity(places=["ZA", "ZB"], raise_value_added=0.15),)), whole)
    (note,) = enacted.notes
    assert note["solves"] == 1
    price = whole.equilibrium.state["consumer_price"]
    after = solve(whole, enacted.given).require().state
    sides = [whole.region.place_ids.index(name) for name in ("ZA", "ZB")]
    raised = real_value_added(after, whole.given, price) / real_value_added(whole.equilibrium.state, whole.given, price)
    np.testing.assert_allclose(raised[sides], 1.15, rtol=1e-10)
