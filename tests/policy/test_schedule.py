"""When levers act: dates, phases, links that open, and what the model is given in a year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from bridgehead.errors import PolicyError
from bridgehead.kernels import matrix_of, passage_of
from bridgehead.policy import Context, enact, read_scenario
from bridgehead.policy.schedule import Schedule, Window, enact_at, window_of
from bridgehead.region.travel import with_link

YEAR = 2023
LAND = {"lever": "land", "place": "ZB", "multiply": 1.5}
OPEN = {"lever": "passage", "flow": "commuting", "level": "regime", "between": ["A"], "and": ["B"], "open": 0.5}
LINK = {"lever": "link", "from": "A11", "to": "B11", "mode": "rail", "minutes": 5.0}


def plan(baseline, *levers, **head):
    return read_scenario({"format": 1, "name": "plan", **head, "lever": list(levers)}, baseline.region)


def schedule(baseline, *levers, **head):
    return Schedule(Context.of(baseline), YEAR, plan(baseline, *levers, **head))


def supply(given, baseline, place="ZB", name="home_supply"):
    return float(given[name][baseline.region.place_ids.index(place)])


@pytest.mark.parametrize(
    ("begins", "ends", "phase_in", "shares"),
    [
        (None, None, 0.0, {2023: 1.0, 2050: 1.0}),
        (date(2025, 1, 1), None, 0.0, {2024: 0.0, 2025: 1.0}),
        (date(2025, 7, 1), date(2027, 7, 1), 0.0, {2024: 0.0, 2025: 1.0, 2027: 1.0, 2028: 0.0}),
        (date(2025, 7, 2), date(2027, 6, 30), 0.0, {2025: 0.0, 2026: 1.0, 2027: 0.0}),
        (date(2025, 1, 1), None, 2.0, {2024: 0.0, 2025: 0.25, 2026: 0.75, 2027: 1.0}),
        (None, None, 2.0, {2023: 0.25, 2024: 0.75, 2025: 1.0}),
    ],
)
def test_a_year_is_looked_at_in_its_middle(begins, ends, phase_in, shares):
    window = Window(begins, ends, phase_in)
    assert {year: window.share(year, YEAR) for year in shares} == pytest.approx(shares, abs=0.003)


def test_a_levers_own_dates_come_before_its_scenarios(rich_baseline):
    scenario = plan(rich_baseline, {**LAND, "starts": 2030}, OPEN, **{"from": 2025, "until": 2040, "phase_in": 3})
    own, inherited = (window_of(lever, scenario) for lever in scenario.levers)
    assert own == Window(date(2030, 1, 1), date(2040, 12, 31), 3)
    assert inherited == Window(date(2025, 1, 1), date(2040, 12, 31), 3)


def test_a_link_waits_for_its_opening_and_is_never_half_open(rich_baseline):
    scenario = plan(rich_baseline, {**LINK, "opened": date(2026, 9, 1)}, **{"from": 2025, "phase_in": 5})
    assert window_of(scenario.levers[0], scenario) == Window(date(2026, 9, 1), None, 0.0)


def test_with_all_levers_in_the_year_is_given_what_the_scenario_gives(rich_baseline):
    levers = (LAND, OPEN, LINK, {"lever": "research", "place": "ZB", "multiply": 2.0}, {"lever": "transfers", "multiply": 0.5})
    given = schedule(rich_baseline, *levers).given(YEAR)
    whole = enact(plan(rich_baseline, *levers), rich_baseline).given
    for name, value in whole.items():
        if hasattr(value, "apply"):
            np.testing.assert_allclose(np.asarray(given[name].dense()), np.asarray(value.dense()), rtol=1e-14)
        else:
            np.testing.assert_array_equal(np.asarray(given[name]), np.asarray(value))


def test_before_it_starts_and_after_it_ends_a_lever_leaves_the_baselines_own_objects(rich_baseline):
    plans = schedule(rich_baseline, LAND, OPEN, **{"from": 2025, "until": 2026})
    for year in (2024, 2027):
        assert all(plans.given(year)[name] is value for name, value in rich_baseline.given.items())
    assert plans.given(2025) is plans.given(2026)
    assert supply(plans.given(2025), rich_baseline) == pytest.approx(1.5 * supply(rich_baseline.given, rich_baseline))


def test_half_a_lever(rich_baseline):
    """Land and money grow evenly, passages and costs in logs, sets from the baseline to their value."""
    levers = (
        LAND,
        {"lever": "land", "place": "ZA", "add_km2": 4.0},
        OPEN,
        {**OPEN, "between": ["ZA"], "and": ["B"], "open": None, "set": 0.9},
        {"lever": "trade_cost", "between": "A11", "and": "B11", "multiply": 0.5},
    )
    levers = tuple({key: value for key, value in lever.items() if value is not None} for lever in levers)
    plans = schedule(rich_baseline, *levers, **{"from": date(2024, 7, 1), "phase_in": 2})
    half, whole, start = plans.given(2025), plans.given(2030), rich_baseline.given
    assert plans.shares(2025) == pytest.approx([0.5] * 5, abs=1e-3)
    for place in ("ZA", "ZB"):
        middle = (supply(start, rich_baseline, place) + supply(whole, rich_baseline, place)) / 2
        assert supply(half, rich_baseline, place) == pytest.approx(middle, rel=1e-3)
    names = rich_baseline.region.jurisdictions("regime")
    a, za, b = (names.index(name) for name in ("A", "ZA", "B"))
    was, now, then = (np.asarray(passage_of(given["commuting"], "regime")) for given in (start, half, whole))
    assert now[a, b] == pytest.approx(np.sqrt(was[a, b] * then[a, b]), rel=1e-3)
    assert now[za, b] == pytest.approx((was[za, b] + 0.9) / 2, rel=1e-3)
    i, j = (rich_baseline.region.place_ids.index(name) for name in ("A11", "B11"))
    was, now, then = (np.asarray(matrix_of(given["trade"]))[0, i, j] for given in (start, half, whole))
    assert now == pytest.approx(np.sqrt(was * then), rel=3e-3)


def test_links_of_the_region_open_in_every_path(rich_baseline):
    region = rich_baseline.region
    late = with_link(region.links, region.place_ids[0], region.place_ids[4], mode="rail", minutes=2.0, opened=date(2026, 1, 1))
    changed = replace(Context.of(rich_baseline), region=replace(region, links=late))
    plans = Schedule(changed, YEAR)
    assert plans.given(2025)["commuting"] is rich_baseline.given["commuting"]
    before, after = (np.asarray(matrix_of(given["commuting"])) for given in (rich_baseline.given, plans.given(2026)))
    assert (after >= before).all()
    assert (after > before).any()


def test_years_in_which_the_same_is_in_share_their_kernels(rich_baseline):
    plans = schedule(rich_baseline, LAND, OPEN, **{"from": 2024, "phase_in": 3})
    other = schedule(rich_baseline, {**LAND, "starts": 2024, "phase_in": 3}, {**OPEN, "starts": 2024})
    assert plans.given(2030) is plans.given(2040)
    assert other.given(2025)["commuting"] is other.given(2024)["commuting"]
    assert other.given(2025)["home_supply"] is not other.given(2024)["home_supply"]


def test_only_levers_in_force_together_can_be_in_each_others_way(rich_baseline):
    setting = {**{key: value for key, value in OPEN.items() if key != "open"}, "set": 0.9}
    apart = schedule(rich_baseline, {**OPEN, "ends": 2025}, {**setting, "starts": 2026})
    apart.given(2025)
    apart.given(2026)
    together = schedule(rich_baseline, OPEN, {**setting, "starts": 2026})
    together.given(2025)
    with pytest.raises(PolicyError, match="the levers of 'plan in 2026' do not say in which order they act"):
        together.given(2026)


def test_one_year_of_a_scenario(rich_baseline):
    scenario = plan(rich_baseline, LAND, **{"from": 2030})
    assert supply(enact_at(scenario, rich_baseline, 2029), rich_baseline) == supply(rich_baseline.given, rich_baseline)
    assert supply(enact_at(scenario, rich_baseline, 2030), rich_baseline) > supply(rich_baseline.given, rich_baseline)
