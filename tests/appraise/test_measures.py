"""Every measure against numbers worked out by hand on three places (three_places.py)."""

from __future__ import annotations

import numpy as np
import pytest
from three_places import ABROAD as OUT
from three_places import AFTER, BEFORE, X, Y, context, given, unchanged

from bridgehead.appraise.measures import MEASURES
from bridgehead.appraise.sets import Places
from bridgehead.kernels import Bordered, Dense


def places(*numbers: int) -> Places:
    mask = np.zeros(3, dtype=bool)
    mask[list(numbers)] = True
    return Places("+".join(map(str, numbers)), mask)


HOME, ABROAD = places(X, Y), places(OUT)


def number(name: str, now=None, **arguments) -> float | None:
    return MEASURES[name](context() if now is None else now, arguments).number


def test_real_value_added_is_deflated_by_the_places_own_price():
    # X: 0.6 · 120 = 72, at prices of 0.9: 80; Y: 0.6 · 90 = 54, at 1.08: 50 (thousand million)
    assert number("real_value_added", of=places(X)) == pytest.approx(80e3)
    assert number("real_value_added", of=places(Y)) == pytest.approx(50e3)
    assert number("real_value_added", unchanged(), of=HOME) == pytest.approx(120e3)


def test_net_gain_is_what_is_gained_less_what_is_relocated():
    net, moved = number("net_gain", of=HOME), number("relocated", of=HOME)
    assert net == pytest.approx(20e3 - 10e3)
    assert moved == pytest.approx(10e3)
    gained = number("net_gain", of=places(X))
    assert gained - moved == pytest.approx(net)


def test_spillover_multiplier_counts_what_is_gained_elsewhere():
    assert number("spillover_multiplier", of=HOME, zone=places(X)) == pytest.approx((10e3 - 20e3) / 20e3)


def test_a_multiplier_whose_denominator_is_noise_is_no_number():
    after = AFTER | {"output": BEFORE["output"] * np.array([[1.0005], [1.1], [1.0]]), "consumer_price": BEFORE["consumer_price"]}
    value = MEASURES["spillover_multiplier"](context(after), {"of": HOME, "zone": places(X)})
    assert value.number is None
    assert value.reason == "the zone's own gain (0.03 bn a year) is below the noise"  # 60,000 · 0.0005 = 30 million


def test_gain_less_losses_subtracts_what_the_rest_loses_and_never_adds_what_it_gains():
    assert number("gain_less_losses", of=places(X), within=HOME) == pytest.approx(80e3 - 10e3)
    assert number("gain_less_losses", of=places(Y), within=HOME) == pytest.approx(50e3)


def test_districts_rising_counts_jurisdictions():
    value = MEASURES["districts_rising"](context(), {"of": HOME, "by": "province"})
    assert (value.number, value.note) == (1.0, "of 2: 1 rise, 1 fall, 0 unchanged")


def test_productivity_is_weighted_by_baseline_value_added():
    # A rises e-fold in X's second sector alone: 0.6 · 90 of the value added of 120
    assert number("tfp", of=HOME) == pytest.approx(54 / 120)
    assert number("tfp", unchanged(), of=HOME) == 0.0


def test_share_of_growth_only_where_both_are_positive():
    assert number("tfp_share_of_growth", of=HOME) == pytest.approx((54 / 120) / np.log(130 / 120))
    lost = MEASURES["tfp_share_of_growth"](context(), {"of": places(Y)})
    assert (lost.number, lost.reason) == (None, "real value added does not grow")
    still = MEASURES["tfp_share_of_growth"](unchanged(), {"of": HOME})
    assert (still.number, still.reason) == (None, "growth (0 bn a year) is below the noise")


def test_research_is_over_baseline_value_added():
    assert number("research_intensity", of=HOME) == pytest.approx(1800 / 120e3)


def test_core_over_whole_moves_heads_with_residents():
    # population 400 and 600 thousand, residents 2 -> 2.5 and 3 -> 2.5 hundred thousand: heads 500 and 500 thousand
    assert number("core_over_whole", core=places(X), whole=HOME) == pytest.approx((80e3 / 5e5) / (130e3 / 1e6))


def test_nonprimary_jobs_are_output_times_labour_share_over_wage():
    # X: 0.5·10/0.2 = 25, 0.4·110/0.2 = 220; Y: 0.5·15/0.08 = 93.75, 0.4·75/0.08 = 375 (thousands)
    assert number("nonprimary_jobs", of=HOME) == pytest.approx((220 + 375) / (25 + 220 + 93.75 + 375))


def test_welfare_is_the_gain_of_the_people_registered_in_the_set():
    # gx lives 1.5 in X at 4e4/2e5 = 0.2 a head and 0.5 in Y at 0.1: 3e4 + 0.5e4 = 3.5e4 million; U rises by 10 %
    assert number("welfare", of=HOME) == pytest.approx(3500.0)
    assert number("welfare", of=places(X)) == pytest.approx(3500.0)
    assert number("welfare", of=places(Y)) == pytest.approx(0.0)
    assert number("welfare", unchanged(), of=HOME) == 0.0


def test_welfare_of_a_set_without_an_origin_is_undefined():
    nobody = MEASURES["welfare"](context(), {"of": places()})
    assert (nobody.number, nobody.reason) == (None, "no origin of people lies wholly in this set")


def test_migrants_lose_what_they_do_not_keep():
    # gx: 50,000 in Y keep 0.8; gy: 50,000 in X keep 0.6
    assert number("migrants_gap", of=HOME, by="province") == pytest.approx((5e4 * 0.2 + 5e4 * 0.4) / 1e5)


def test_the_border_part_of_the_gap_leaves_the_fitted_residual_out():
    # of 0.8 and 0.6 a residual of 0.8 is taken out: 1.0 and 0.75 are left, and a gap of a quarter for half of them
    one = context()
    one.before.baseline.fitted = {"kept_income_away": 0.8}
    found = MEASURES["migrants_border_gap"](one, {"of": HOME, "by": "province"})
    assert found.number == pytest.approx((5e4 * 0.0 + 5e4 * 0.25) / 1e5)
    assert number("migrants_border_gap", of=HOME, by="province") == pytest.approx(number("migrants_gap", of=HOME, by="province"))


def test_minutes_rent_and_density():
    assert number("mean_minutes", unchanged(), of=places(X)) == pytest.approx((1.8 * 10 + 0.2 * 30) / 2.0)
    assert number("mean_minutes", of=places(X)) == pytest.approx((2.0 * 10 + 0.5 * 30) / 2.5)
    # 2.25 yuan a day · 365 over 2e4 million / 2.5e5 persons = 80,000 yuan
    assert number("rent_over_earnings", of=places(X)) == pytest.approx(2.25 * 365 / 80_000)
    assert number("density", of=HOME) == pytest.approx(5e5 / 30)


def test_a_faster_link_shortens_the_minutes():
    kernel = np.array(given()["commuting"].inner.matrix)
    kernel[X, Y] *= np.exp(0.1 * 12.0)  # twelve minutes less
    faster = {"commuting": Bordered(Dense(kernel), np.arange(3), np.ones((3, 3)), "province")}
    assert number("mean_minutes", context(numbers=faster), of=places(X)) == pytest.approx((2.0 * 10 + 0.5 * 18) / 2.5)


def test_urban_diseases_is_the_geometric_mean_of_three_ratios():
    minutes = ((2.0 * 10 + 0.5 * 30) / 2.5) / ((1.8 * 10 + 0.2 * 30) / 2.0)
    rent = (2.25 / 80_000) / (2.0 / 100_000)
    density = 2.5 / 2.0
    assert number("urban_diseases", of=places(X), core=places(X)) == pytest.approx((minutes * rent * density) ** (1 / 3))
    assert number("urban_diseases", unchanged(), of=places(X), core=places(X)) == pytest.approx(1.0)


def test_home_rent_is_real_and_weighted_by_baseline_floor_space():
    assert number("home_rent", of=HOME) == pytest.approx((5 * 2.25 / 0.9 + 7 * 1.08 / 1.08) / 12)


def test_shadow_price_of_land_is_the_slope_in_logs_over_construction_land():
    # X: 300·4 + 100·2 = 1400 over 4 km2; Y: 200·3 + 50·1 = 650 over 5 km2
    assert number("shadow_price_land", of=places(X)) == pytest.approx(350.0)
    assert number("shadow_price_land", of=HOME) == pytest.approx(2050 / 9)
    assert number("shadow_price_gap", of=places(X), against=places(Y)) == pytest.approx(350 - 130)
    unknown = MEASURES["shadow_price_land"](context(), {"of": ABROAD})
    assert (unknown.number, unknown.reason) == (None, "construction land is not known for 1 of the set's places")


def test_ideas_used_follow_research_and_passages():
    # Z of X = 1·1200 + 0.5·600 + 0.1·1000 = 1600, of which Y's 300
    more = {"research": np.array([1200.0, 1200.0, 1000.0])}
    assert number("ideas_used", context(numbers=more), of=places(X), **{"from": places(Y)}) == pytest.approx(2.0)
    closed = {"knowledge": Bordered(given()["knowledge"].inner, np.arange(3), np.full((3, 3), 0.5), "province")}
    assert number("ideas_used", context(numbers=closed), of=places(X), **{"from": places(Y)}) == pytest.approx(0.5)
    # both ways: weights 60/120 each; Q(X<-Y) = 300/1600 / 2, Q(Y<-X) = 600/1300 / 2, Y's research doubled
    first, second = 300 / 1600, 600 / 1300
    expected = (2 * first + second) / (first + second)
    assert number("ideas_used", context(numbers=more), among=HOME, by="province") == pytest.approx(expected)


def test_foreign_access_is_what_buyers_abroad_pay_at_their_own_prices():
    # T = 1, P_s = P = 1 abroad, spending unchanged: no change; half the cost (T · 2^4): 4 log 2
    assert number("foreign_access", of=HOME, abroad=ABROAD) == pytest.approx(0.0)
    cheaper = {"trade": Dense(np.ones((2, 3, 3)) * np.array([1.0, 1.0, 16.0])[None, :, None])}
    assert number("foreign_access", context(numbers=cheaper), of=HOME, abroad=ABROAD) == pytest.approx(4 * np.log(2))


def test_export_share():
    assert number("export_share", unchanged(), of=places(X), abroad=ABROAD) == pytest.approx(10 / 100)
    assert number("export_share", of=places(X), abroad=ABROAD) == pytest.approx(30 / 120)


def test_absorption_is_the_geometric_mean_of_commuters_ideas_and_real_purchases():
    drawn = {"of": places(Y), "from": places(X)}
    assert number("commuters_between", **drawn) == pytest.approx(5e4)
    # X buys 36 thousand million from Y, at X's price of 0.9: 40
    assert number("purchases", **drawn) == pytest.approx(40e3)
    assert number("absorption", **drawn) == pytest.approx((2.5 * 1.0 * 2.0) ** (1 / 3))


def test_additional_share_takes_off_what_the_rival_loses():
    # X's residents at work in Y: +30,000; at work in X itself, the rival: +20,000, which takes nothing off
    assert number("additional_commuters", of=places(Y), rival=places(X), **{"from": places(X)}) == pytest.approx(1.0)
    # from Y's homes: to X −20,000, so Y gains nothing from there
    lost = MEASURES["additional_commuters"](context(), {"of": places(X), "rival": places(Y), "from": places(Y)})
    assert (lost.number, lost.reason) == (None, "no commuters are gained")
    few = context()
    few.after.equilibrium.commuters = few.before.commuters + np.array([[0, 600, 0], [0, 0, 0], [0, 0, 0]])
    noise = MEASURES["additional_commuters"](few, {"of": places(Y), "rival": places(X), "from": places(X)})
    # 600 people at 0.08 million: 48 million, below 0.05 bn
    assert noise.reason == "the gain in commuters (600, who earn 0.048 bn a year) is below the noise"
    assert number("additional_purchases", of=places(Y), rival=places(X), **{"from": places(X)}) == pytest.approx(1.0)


def test_jobs_per_resident_and_share_inside():
    assert number("jobs_per_resident", of=places(X)) == pytest.approx(3.0 / 2.5)
    assert number("share_inside", of=places(X)) == pytest.approx(2.0 / 2.5)


def test_every_measure_says_its_equation_and_source():
    for name, measure in MEASURES.items():
        text = measure.formula.__doc__ or ""
        assert "model.md" in text or "case-yangtze.md" in text, name
