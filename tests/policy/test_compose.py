"""How levers compose: factors and sums whatever their order, caps last, and no silent choice of an order."""

from __future__ import annotations

import itertools
from dataclasses import replace

import jax
import numpy as np
import pytest
from hypothesis import given as example
from hypothesis import strategies as st

from bridgehead.errors import PolicyError
from bridgehead.kernels import matrix_of, passage_of, passages_of, with_passage
from bridgehead.policy import (
    LEVERS,
    Amenity,
    Context,
    Land,
    Link,
    Passage,
    Productivity,
    Registration,
    RentPools,
    Research,
    Scenario,
    TradeCost,
    Transfers,
    enact,
)
from bridgehead.policy.edits import Edit, Step, Target, composed

A, B = ["A", "ZA"], ["B", "ZB"]


def border(**strength):
    return Passage(flow="commuting", level="regime", between=A, and_=B, **strength)


def passage(given, name="commuting", level="regime"):
    return np.asarray(passage_of(given[name], level))


def after(baseline, *levers):
    return enact(Scenario("test", levers), baseline).given


def test_opening_wholly_is_setting_the_passage_to_one(baseline):
    np.testing.assert_array_equal(passage(after(baseline, border(open=1.0))), passage(after(baseline, border(set=1.0))))


@example(first=st.floats(0, 1), second=st.floats(0, 1))
def test_opening_twice_is_opening_by_what_both_leave(first, second):
    start = np.array([0.0, 0.22, 1.0, 1.3])
    where = np.ones(4, dtype=bool)
    opened = [Step(Edit(Target("x", "passage", "l"), "open", where, x), 1, "", None, str(x)) for x in (first, second)]
    together = composed(opened, start, ceiling=None)
    np.testing.assert_allclose(together, start ** (1 - (1 - (1 - first) * (1 - second))), rtol=1e-12)


def test_two_openings_of_a_border_compose(baseline):
    both = passage(after(baseline, border(open=0.1), border(open=0.25)))
    one = passage(after(baseline, border(open=1 - 0.9 * 0.75)))
    np.testing.assert_allclose(both, one, rtol=1e-13)


def test_levers_in_any_order_give_the_same_bytes(baseline):
    levers = [
        border(multiply=1.3),
        border(multiply=0.7),
        Land(place="ZB", multiply=1.2),
        Land(in_={"level": "province", "is": "B"}, multiply=1.1),
    ]
    results = [after(baseline, *order) for order in itertools.permutations(levers)]
    for result in results[1:]:
        np.testing.assert_array_equal(passage(result), passage(results[0]))
        np.testing.assert_array_equal(result["home_supply"], results[0]["home_supply"])


def test_the_cap_of_a_passage_comes_last(baseline, toy, index):
    """0.26 × 10 × 0.2 is 0.52: capping each factor in turn would give 0.2."""
    result = passage(after(baseline, border(multiply=10.0), border(multiply=0.2)))
    b, a = index(toy, "regime", "B"), index(toy, "regime", "A")
    np.testing.assert_allclose(result[b, a], 0.52)
    assert passage(after(baseline, border(multiply=10.0)))[b, a] == 1.0


def test_a_fitted_passage_above_one_is_not_cut_by_a_factor(baseline, toy, index):
    a, b = index(toy, "regime", "A"), index(toy, "regime", "B")
    fitted = passage(baseline.given).copy()
    fitted[a, b] = 1.24
    baseline.given["commuting"] = with_passage(baseline.given["commuting"], "regime", fitted)
    assert passage(after(baseline, border(multiply=1.5)))[a, b] == 1.24
    np.testing.assert_allclose(passage(after(baseline, border(multiply=0.5)))[a, b], 0.62)


def test_equal_sets_are_one_and_different_sets_are_refused(baseline):
    once, twice = after(baseline, border(set=0.5)), after(baseline, border(set=0.5), border(set=0.5))
    np.testing.assert_array_equal(passage(once), passage(twice))
    with pytest.raises(PolicyError, match="different results in the two orders"):
        after(baseline, border(set=0.5), border(set=0.6))


def test_a_set_with_a_factor_is_refused_and_says_which_levers_and_entries(baseline):
    with pytest.raises(PolicyError) as error:
        after(baseline, Amenity(place="ZA", multiply=1.02), border(set=0.5), border(multiply=1.5))
    (fault,) = error.value.faults
    assert fault.cause == (
        "lever 2 (passage, sets) and lever 3 (passage, multiplies) give different results in the two orders, "
        "for `commuting` at level 'regime': A ← ZB; A ← B; ZA ← ZB and 5 more"
    )
    assert fault.cure == "give each of them its `order` (1 acts first), or leave one out"


def test_with_an_order_a_set_and_a_factor_are_accepted(baseline, toy, index):
    a, b = index(toy, "regime", "A"), index(toy, "regime", "B")
    factor_last = after(baseline, border(set=0.5, order=1), border(multiply=1.5, order=2))
    set_last = after(baseline, border(set=0.5, order=2), border(multiply=1.5, order=1))
    assert passage(factor_last)[a, b] == 0.75
    assert passage(set_last)[a, b] == 0.5
    with pytest.raises(PolicyError, match="order"):
        after(baseline, border(set=0.5, order=1), border(multiply=1.5))
    with pytest.raises(PolicyError, match="order"):
        after(baseline, border(set=0.5, order=1), border(multiply=1.5, order=1))


def test_levers_whose_order_does_not_matter_need_none(baseline):
    """Opening what is set to 1 leaves 1 in either order; a factor elsewhere touches other entries."""
    other_way = Passage(flow="commuting", level="regime", between=["A"], and_=["ZA"], multiply=0.9)
    result = passage(after(baseline, border(set=1.0), border(open=0.3), other_way))
    np.testing.assert_array_equal(result[:2, 2:4], np.ones((2, 2)))


def test_sums_add_and_a_sum_with_a_factor_is_refused(rich_baseline, rich):
    land = float(rich.arrays().construction_land[rich.place_ids.index("ZB")])
    one = after(rich_baseline, Land(place="ZB", add_km2=3.0))
    two = after(rich_baseline, Land(place="ZB", add_km2=1.0), Land(place="ZB", add_km2=2.0))
    np.testing.assert_allclose(two["home_supply"], one["home_supply"], rtol=1e-14)
    ratio = np.asarray(one["home_supply"]) / np.asarray(rich_baseline.given["home_supply"])
    np.testing.assert_allclose(ratio[rich.place_ids.index("ZB")], 1 + 3 / land)
    with pytest.raises(PolicyError, match="`home_supply`: ZB"):
        after(rich_baseline, Land(place="ZB", add_km2=1.0), Land(place="ZB", multiply=1.1))
    with pytest.raises(PolicyError, match="`research`: ZA"):
        after(rich_baseline, Research(place="ZA", add=100.0), Research(place="ZA", multiply=2.0))


def test_two_ways_to_pool_rents_are_refused_and_one_said_twice_is_not(baseline):
    after(baseline, RentPools(by="province"), RentPools(by="province"))
    with pytest.raises(PolicyError, match="all pools"):
        after(baseline, RentPools(by="province"), RentPools(by="prefecture"))


def test_registration_is_about_the_whole_and_acts_after_the_border(baseline, toy):
    moves = Passage(flow="migration", level="regime", between=["B"], and_=["A"], multiply=0.5)
    free = Registration(places=["A11"], origins=["B"], set=1.0)
    for levers in ((moves, free), (free, moves)):
        kept = np.asarray(after(baseline, *levers)["migration_kept"])
        b, a11, a12 = toy.origin_names.index("B"), toy.place_ids.index("A11"), toy.place_ids.index("A12")
        assert kept[b, a11] == 1.0
        np.testing.assert_allclose(kept[b, a12] / baseline.given["migration_kept"][b, a12], 0.5 ** (1 / 1.5))


def test_the_baseline_is_never_changed(rich_baseline):
    def numbers(given):
        plain = {name: np.array(value) for name, value in given.items() if not hasattr(value, "apply")}
        for name, value in given.items():
            if hasattr(value, "apply"):
                plain[name] = np.array(matrix_of(value))
                plain |= {f"{name}.{level}": np.array(f) for level, f in passages_of(value).items()}
        return plain

    before = numbers(rich_baseline.given)
    levers = (border(set=1.0), Land(place="ZB", add_km2=3.0), Transfers(multiply=0.0), RentPools(by="province"))
    levers += (Registration(place="ZA", origins=["B"], set=1.0), Productivity(place="ZA", multiply=2.0), Research(place="ZA", add=9.0))
    after(rich_baseline, *levers)
    for name, value in numbers(rich_baseline.given).items():
        np.testing.assert_array_equal(value, before[name])


def test_a_scenario_without_effect_is_the_baseline(baseline):
    assert all(value is baseline.given[name] for name, value in after(baseline).items())
    idle = after(baseline, border(multiply=1.0), border(open=0.0), Land(place="ZB", multiply=1.0), Transfers(multiply=1.0))
    np.testing.assert_array_equal(passage(idle), passage(baseline.given))
    for name in ("home_supply", "work_supply", "transfer_rate"):
        np.testing.assert_array_equal(idle[name], baseline.given[name])
    assert idle["trade"] is baseline.given["trade"]


def test_what_a_lever_says_it_touches_is_what_it_changes(rich_baseline, rich):
    levers = (
        border(set=1.0),
        Passage(flow="spillover", level="regime", between=A, and_=B, set=1.0),
        Passage(flow="ideas", level="regime", between=A, and_=B, open=0.5),
        Passage(flow="migration", level="regime", between=A, and_=B, open=0.5),
        Land(place="ZB", multiply=1.2, use="home"),
        Productivity(place="ZB", multiply=1.2),
        TradeCost(place="O2", via="port", multiply=0.9),
        Link(from_="A11", to="B11", minutes=3, mode="rail"),
        Research(place="ZB", multiply=1.2),
        Registration(place="ZB", origins=["A"], multiply=1.1),
        Amenity(place="ZB", multiply=1.2),
        RentPools(by="province"),
        Transfers(multiply=0.5),
    )
    # Taxes need governments that tax: test_public.py.
    assert {lever.kind for lever in levers} == set(LEVERS) - {"tax", "share_rule"}
    context = Context.of(rich_baseline)
    for lever in levers:
        new = lever.apply(rich_baseline.given, context)
        changed = {name for name, value in new.items() if value is not rich_baseline.given[name]}
        assert changed == lever.touches(rich), lever.title()
        alone = after(rich_baseline, lever)
        for name in changed:
            for one, other in zip(jax.tree.leaves(new[name]), jax.tree.leaves(alone[name]), strict=True):
                np.testing.assert_array_equal(one, other)


def test_a_scenario_of_another_region_is_refused_with_all_its_faults(baseline):
    foreign = Scenario("abroad", (Land(place="ZC", multiply=1.1), border(set=1.0), Amenity(place="XX", multiply=1.1)))
    with pytest.raises(PolicyError) as error:
        enact(foreign, baseline)
    assert [fault.place for fault in error.value.faults] == ["lever 1", "lever 3"]
    assert error.value.faults[0].cure.startswith("did you mean 'Z")
    assert replace(foreign, levers=()).touches(baseline.region) == frozenset()
