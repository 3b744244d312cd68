"""Identities and invariances of the outcome formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bridgehead.appraise import outcomes
from bridgehead.appraise.commuting import excess_share, least_plan, minutes_now
from bridgehead.appraise.shapley import coalitions, shapley_values

POSITIVE = st.floats(0.1, 10.0)
GROUPS = np.array([0, 0, 1, 1, 2])


def five() -> st.SearchStrategy:
    return arrays(float, 5, elements=POSITIVE)


@given(five())
def test_equal_incomes_have_no_inequality(people):
    found = outcomes.theil(np.full(5, 3.0), people, GROUPS)
    assert found == pytest.approx((0.0, 0.0, 0.0), abs=1e-14)


@given(five(), five())
def test_theil_is_between_plus_within_and_never_negative(income, people):
    found = outcomes.theil(income, people, GROUPS)
    assert found.total == pytest.approx(found.between + found.within, abs=1e-14)
    assert min(found) > -1e-14
    within = 0.0  # by its own definition: income-weighted Theil of each group
    for group in range(3):
        held = group == GROUPS
        share = (income * people)[held].sum() / (income * people).sum()
        within += share * outcomes.theil(income[held], people[held], np.zeros(held.sum(), dtype=int)).total
    assert found.within == pytest.approx(within, abs=1e-12)


def test_theil_of_two_halves_by_hand():
    # one half of the people has three quarters of the income
    found = outcomes.theil(np.array([3.0, 1.0]), np.array([1.0, 1.0]), np.array([0, 1]))
    assert found.total == pytest.approx(0.75 * np.log(1.5) + 0.25 * np.log(0.5))
    assert found.within == pytest.approx(0.0, abs=1e-15)


@given(five(), five(), st.permutations(range(5)))
def test_theil_does_not_depend_on_units_or_order(income, people, order):
    order = list(order)
    one = outcomes.theil(income, people, GROUPS)
    other = outcomes.theil(7.0 * income[order], 1000.0 * people[order], GROUPS[order])
    assert tuple(one) == pytest.approx(tuple(other), abs=1e-12)


def test_welfare_by_home_adds_up_to_welfare():
    rng = np.random.default_rng(3)
    people, income, residents = rng.random((4, 6)), rng.random(6), None
    residents = people.sum(axis=0)
    ratio = 1.0 + 0.1 * rng.standard_normal(4)
    by_home = outcomes.welfare_by_home(ratio, people, income, residents)
    whole = outcomes.welfare_in_money(ratio, np.ones(4), outcomes.income_of_origins(people, income, residents))
    assert by_home.sum() == pytest.approx(whole, rel=1e-12)
    assert outcomes.income_of_origins(people, income, residents).sum() == pytest.approx(income.sum())


@given(five())
def test_relocated_and_net_gain_add_up_to_the_gains(change):
    gain = change - 5.0
    assert gain.sum() + outcomes.relocated(gain) == pytest.approx(np.maximum(gain, 0).sum())


def test_additional_share_by_hand():
    assert outcomes.additional_share(10.0, 5.0) == 1.0
    assert outcomes.additional_share(10.0, -4.0) == 0.6
    assert outcomes.additional_share(10.0, -15.0) == -0.5


# ------------------------------------------------------------------ Shapley
def test_glove_game():
    """One left glove, two right gloves, a pair is worth 1: 2/3 to the left, 1/6 to each right (Shapley 1953)."""
    worth = {group: float("left" in group and len(group) > 1) for group in coalitions(["left", "right", "other"])}
    assert shapley_values(["left", "right", "other"], worth) == pytest.approx({"left": 2 / 3, "right": 1 / 6, "other": 1 / 6})


def test_additive_game_gives_everyone_their_own():
    own = {"a": 1.0, "b": -2.0, "c": 5.0}
    worth = {group: sum(own[name] for name in group) for group in coalitions(own)}
    assert shapley_values(own, worth) == pytest.approx(own)


@given(arrays(float, 7, elements=st.floats(-10, 10)))
def test_shapley_is_efficient(values):
    groups = coalitions(["a", "b", "c"])
    worth = dict(zip(groups, values.tolist(), strict=True))
    assert sum(shapley_values(["a", "b", "c"], worth).values()) == pytest.approx(worth[frozenset("abc")], abs=1e-9)


def test_a_missing_coalition_is_named():
    with pytest.raises(KeyError, match="'b'"):
        shapley_values(["a", "b"], {frozenset("a"): 1.0, frozenset("ab"): 2.0})


# ---------------------------------------------------------------- commuting
def test_the_least_plan_by_hand():
    # 3 live at 0, 1 at 1; 2 work at 0, 2 at 1: one person must cross
    minutes = np.array([[5.0, 20.0], [15.0, 6.0]])
    plan = least_plan(np.array([3.0, 1.0]), np.array([2.0, 2.0]), minutes)
    np.testing.assert_allclose(plan, [[2.0, 1.0], [0.0, 1.0]], atol=1e-9)
    assert excess_share(10.0, 9.0) == pytest.approx(0.1)


def test_the_least_plan_is_the_optimum_of_all_pairs():
    rng = np.random.default_rng(1)
    point = rng.random((30, 2))
    minutes = 60.0 * np.hypot(*(point[:, None] - point[None]).transpose(2, 0, 1)) + 5.0
    people, jobs = rng.random(30), rng.random(30)
    jobs *= people.sum() / jobs.sum()
    few, all_pairs = (float((least_plan(people, jobs, minutes, near=k) * minutes).sum()) for k in (2, 30))
    assert few == pytest.approx(all_pairs, rel=1e-9)
    plan = least_plan(people, jobs, minutes, near=3)
    np.testing.assert_allclose(plan.sum(axis=1), people, atol=1e-9)
    np.testing.assert_allclose(plan.sum(axis=0), jobs, atol=1e-9)


def test_the_least_plan_refuses_what_has_no_plan():
    with pytest.raises(ValueError, match=r"residents \(1\) and jobs \(2\) must have the same sum"):
        least_plan(np.array([1.0]), np.array([2.0]), np.ones((1, 1)))
    with pytest.raises(ValueError, match="needs minutes between all places"):
        least_plan(np.array([1.0]), np.array([1.0]), np.full((1, 1), np.nan))


def test_minutes_behind_a_kernel():
    minutes, decay = np.array([[10.0, 30.0]]), 0.07
    kernel = np.exp(-decay * minutes)
    np.testing.assert_allclose(minutes_now(minutes, kernel, kernel, decay), minutes)
    np.testing.assert_allclose(minutes_now(minutes, np.exp(-decay * (minutes - 4.0)), kernel, decay), minutes - 4.0, rtol=1e-12)
