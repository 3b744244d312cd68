"""Paths (model.md §5): the laws of motion one by one, and what they must come to on the toy."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest

from appraise.zone_toy import zone_toy
from bridgehead.blocks.homes import Homes
from bridgehead.blocks.movers import MovingHomes
from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.errors import DataError, SolveError
from bridgehead.kernels import Bordered, Dense
from bridgehead.models import solve
from bridgehead.models.path import run_path
from bridgehead.models.path_dynamics import (
    balanced_growth,
    common_trend,
    idea_growth,
    learned,
    learning_weights,
    mean_welfare,
    movers_utility,
    moving_share,
    relative_decay,
    research_stock,
    stay_ahead,
    steady_stock,
)
from bridgehead.models.path_settings import DEFAULTS, PathYears, path_settings, path_years
from bridgehead.models.path_year import extrapolated
from bridgehead.policy import Context, read_scenario
from bridgehead.policy.schedule import Schedule
from bridgehead.region import read_region

STATIC = {"productivity_trend": 0.0, "research_decay": 1.0, "idea_diffusion": 0.0, "mover_share": 1.0}
CLOSE = 1e-9


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """The toy with research, calibrated."""
    return calibrate(read_region(zone_toy(tmp_path_factory.mktemp("path") / "region")))


def settings(baseline, years, *, movers="myopic", **values):
    return path_settings(baseline.region, PathYears(tuple(years), tuple(years)), values, movers=movers)


def plan(baseline, *levers, **head):
    return read_scenario({"format": 1, "name": "plan", **head, "lever": list(levers)}, baseline.region)


def enacted(baseline, scenario, first):
    return Schedule(Context.of(baseline), first, scenario).given


def logs(point, name="residents"):
    return np.log(point.equilibrium.state[name])


def research(baseline, **more):
    return {"lever": "research", "place": "ZB", "multiply": 3.0, **more}


LAND = {"lever": "land", "place": "ZB", "multiply": 1.5}


# The laws of motion.


def test_a_steady_stock_stays_and_another_spending_is_approached_at_the_rate_of_decay():
    spending = np.array([3.0, 0.0])
    stock = steady_stock(spending, 0.2)
    np.testing.assert_allclose(research_stock(stock, spending, 0.2), stock)
    more = research_stock(stock, 2 * spending, 0.2)
    np.testing.assert_allclose(more, [15 * 0.8 + 6, 0.0])
    np.testing.assert_allclose(research_stock(more, 2 * spending, 0.2), research_stock(stock, 2 * spending, 0.2, years=2))
    np.testing.assert_allclose(research_stock(stock, 2 * spending, 1.0), 2 * spending)


def test_learning_weights_are_scaled_before_the_border_is_applied():
    kernel = Bordered(Dense(jnp.array([[3.0, 1.0], [0.0, 2.0]])), jnp.array([0, 1]), jnp.array([[1.0, 0.5], [0.5, 1.0]]), level="side")
    every = np.ones(2)
    np.testing.assert_allclose(learning_weights(kernel, every, every), [[0.75, 0.25 * 0.5], [0.0, 1.0]])
    np.testing.assert_allclose(learning_weights(kernel, np.array([1.0, 3.0]), every), [[0.5, 0.5 * 0.5], [0.0, 1.0]])
    np.testing.assert_allclose(learning_weights(kernel, every, np.array([0.0, 1.0])), [[0.0, 0.5], [0.0, 1.0]])


def test_a_place_cut_in_two_teaches_what_it_did_whole():
    rng = np.random.default_rng(5)
    matrix, research, level = rng.uniform(0.1, 1.0, (3, 3)), rng.uniform(1.0, 2.0, 3), rng.uniform(1.0, 3.0, (3, 2))
    whole = idea_growth(learning_weights(Dense(jnp.asarray(matrix)), research, np.ones(3)), level, np.ones(3), 0.1)
    twice = [0, 1, 2, 2]
    halves = np.array([1.0, 1.0, 0.5, 0.5]) * research[twice]
    cut = idea_growth(learning_weights(Dense(jnp.asarray(matrix[np.ix_(twice, twice)])), halves, np.ones(4)), level[twice], np.ones(4), 0.1)
    np.testing.assert_allclose(cut, whole[twice], rtol=1e-12)


def test_on_the_balanced_path_the_stock_grows_with_spending_and_adds_chi_times_growth():
    decay, trend, chi = 0.15, 0.03, 0.08
    growth = balanced_growth(trend, chi)
    assert growth == pytest.approx(trend + chi * growth)
    relative = relative_decay(decay, growth)
    stock = steady_stock(np.array([2.0]), relative)  # in units of an economy that grows
    later = (1 - decay) * stock + 2.0 * np.exp(growth)  # in units of the first year
    np.testing.assert_allclose(later, stock * np.exp(growth), rtol=1e-14)
    np.testing.assert_allclose(research_stock(stock, np.array([2.0]), relative, 7), stock, rtol=1e-14)


def test_ideas_raise_those_behind_and_never_those_ahead_absent_or_abroad():
    weights = np.full((4, 4), 0.25)
    productivity = np.array([[1.0], [np.e], [0.0], [1.0]])
    growth = idea_growth(weights, productivity, np.array([1.0, 1.0, 1.0, 0.0]), 0.1)
    np.testing.assert_allclose(growth[:, 0], [0.1 * 0.25 * 1.0, 0.0, 0.0, 0.0])
    two = learned(np.zeros((4, 1)), productivity, weights, np.ones(4), 0.1, 2)
    # Twice: the gap is 1, then 1 − 0.025.
    np.testing.assert_allclose(two[0, 0], 0.025 + 0.025 * (1 - 0.025))


def test_movers_of_several_years_and_the_common_trend():
    assert moving_share(0.1, 1) == pytest.approx(0.1)
    assert moving_share(0.1, 2) == pytest.approx(0.19)
    assert common_trend(np.array([0.01, 0.04]), np.array([[1.0, 2.0], [0.0, 0.0]])) == pytest.approx(0.03)


def test_mean_welfare_of_all_free_is_theirs_and_of_all_staying_moves_with_their_home():
    before, people, free = np.ones((1, 2)), np.array([[6.0, 4.0]]), np.array([[5.0, 5.0]])
    worth, utility = np.array([[1.1, 0.9]]), np.array([2.0])
    everywhere = movers_utility(utility, worth, worth)
    np.testing.assert_allclose(everywhere, [[2.0, 2.0]])
    np.testing.assert_allclose(mean_welfare(before, people, worth, free, everywhere, 1.0), [[2.0, 2.0]])
    np.testing.assert_allclose(mean_welfare(before, people, worth, free, everywhere, 0.0), worth)


def test_what_is_ahead_is_a_mean_in_logs_that_patience_weighs():
    worth = [np.array([1.0, 0.0]), np.array([np.e, 0.0]), np.array([np.e**2, 3.0])]
    ahead = stay_ahead(worth, [0.5, 0.5, 0.0])
    np.testing.assert_allclose(np.log(ahead[0][0]), 0.5 * 0 + 0.25 * 1 + 0.25 * 2)
    np.testing.assert_allclose(ahead[0][1], 0.0)  # where one may not live, one will not go
    assert stay_ahead(worth, [0.0, 0.0, 0.0])[0] is not worth[1]
    np.testing.assert_allclose(stay_ahead(worth, [0.0, 0.0, 0.0]), worth)
    np.testing.assert_allclose(stay_ahead([worth[0]] * 3, [0.9, 0.9, 0.0]), [worth[0]] * 3)  # at rest, whatever patience


def test_extrapolation_is_exact_for_a_parabola():
    past = [np.array([t**2 + t]) for t in (1.0, 2.0, 3.0)]
    assert extrapolated(past)[0] == pytest.approx(20.0)
    assert extrapolated(past[:2])[0] == pytest.approx(10.0)


def test_the_moving_block_mixes_the_year_before_with_the_free_choice(toy):
    state = toy.equilibrium.state
    known = {**toy.given, **state, "migration_kept_ahead": toy.given["migration_kept"]}
    before = np.roll(state["people"], 1, axis=1)
    still = {"people_before": before, "mover_share": 0.25, "patience": 0.0, "outlook": np.ones(len(state["wage"]))}

    def call(block, **more):
        reads = {name: ({**known, **more})[name] for name in block.__call__.__annotations__ if name != "return"}
        return block(**{name: value if hasattr(value, "apply") else jnp.asarray(value) for name, value in reads.items()})

    free, none = call(Homes()), call(MovingHomes(), **still)
    np.testing.assert_allclose(none["people"], 0.75 * before + 0.25 * np.asarray(free["people"]))
    np.testing.assert_allclose(none["residents"], np.asarray(none["people"]).sum(axis=0))


# Years and parameters.


def test_years_end_with_the_last_one_asked_for():
    assert path_years(2020, None, 2023).shown == (2020, 2021, 2022, 2023)
    assert path_years(2020, None, 2027, 5) == PathYears((2020, 2025, 2027), (2020, 2025, 2027))
    assert path_years(2020, 2020, 2020).solved == (2020,)


def test_a_path_begins_with_the_data_and_looks_beyond_its_end_where_movers_do():
    assert path_years(2020, 2023, 2025) == PathYears((2020, 2021, 2022, 2023, 2024, 2025), (2023, 2024, 2025))
    ahead = path_years(2020, None, 2022, movers="forward")
    assert ahead.shown == (2020, 2021, 2022)
    assert ahead.solved == (2020, 2021, 2022, 2023, 2025, 2029, 2037, 2053, 2085)


def test_all_faults_of_years_and_parameters_are_listed(toy):
    with pytest.raises(DataError) as found:
        path_years(2020, 2030, 2020, 0, movers="forwards")
    said = str(found.value)
    assert "the path ends in 2020, before it starts in 2030" in said
    assert "the step is 0 years" in said
    assert "unknown movers 'forwards'" in said
    with pytest.raises(DataError, match="the path starts in 2015, before the data, which are of 2020"):
        path_years(2020, 2015, 2030)
    with pytest.raises(DataError) as found:
        settings(toy, (2020,), mover_shar=0.1, research_decay=0.0, discount_factor=1.0, productivity_trend_tertary=0.01)
    said = str(found.value)
    assert "unknown parameter 'mover_shar' of a path" in said
    assert "mover_share" in said
    assert "research_decay is 0" in said
    assert "discount_factor is 1" in said
    assert "'productivity_trend_tertary' names no sector" in said


def test_defaults_are_stated_as_assumed_and_lie_in_their_ranges(toy):
    used = tuple(name for name in DEFAULTS if name != "discount_factor")  # which only movers who look ahead use
    assert settings(toy, (2020,)).assumed == used
    assert set(settings(toy, (2020,), movers="forward").assumed) == set(DEFAULTS)
    assert settings(toy, (2020,), mover_share=0.3).assumed == tuple(name for name in used if name != "mover_share")
    assert all(entry.low <= entry.value <= entry.high for entry in DEFAULTS.values())


def test_a_stock_that_shrinks_slower_than_the_economy_has_no_steady_state(rich):
    with pytest.raises(DataError, match="the R&D stock has no steady state"):
        run_path(rich, settings(rich, (2023, 2024), productivity_trend=-0.5))


# Paths of the toy.


def test_the_first_year_is_the_data_and_without_diffusion_nothing_changes(rich):
    path = run_path(rich, settings(rich, (2023, 2024, 2033), idea_diffusion=0.0))
    for point in path.years:
        np.testing.assert_allclose(logs(point), np.log(rich.equilibrium.state["residents"]), atol=CLOSE)
        assert point.equilibrium.certificate.solved
    trend, chi = DEFAULTS["productivity_trend"].value, 0.08
    assert path.of(2033).trend == pytest.approx(10 * trend)
    assert path.of(2033).growth == pytest.approx(10 * trend / (1 - chi))  # with what growing R&D adds
    np.testing.assert_allclose(path.of(2033).research_stock, path.of(2023).research_stock * np.exp(path.of(2033).growth))


def test_with_everything_free_a_path_is_the_static_model_each_year(rich):
    scenario = plan(rich, research(rich), {**LAND, "starts": 2025})
    given = enacted(rich, scenario, 2023)
    path = run_path(rich, settings(rich, range(2023, 2027), **STATIC), given)
    for point in path.years:
        alone = solve(rich, given(point.year), weakest=False)
        for name in ("residents", "wage", "welfare", "output"):
            np.testing.assert_allclose(point.equilibrium.state[name], alone.state[name], rtol=CLOSE)
        np.testing.assert_allclose(point.welfare, alone.state["welfare"], rtol=CLOSE)


def test_a_scenario_without_levers_is_the_baseline_path(rich):
    years = settings(rich, (2023, 2024, 2025))
    base, same = run_path(rich, years), run_path(rich, years, enacted(rich, plan(rich), 2023))
    for one, other in zip(base.years, same.years, strict=True):
        assert np.array_equal(one.equilibrium.x, other.equilibrium.x)


def test_a_lever_changes_nothing_before_it_starts(rich):
    years = settings(rich, range(2023, 2028))
    base = run_path(rich, years)
    later = run_path(rich, years, enacted(rich, plan(rich, LAND, research(rich), **{"from": 2026}), 2023))
    for one, other in zip(base.years, later.years, strict=True):
        apart = np.abs(logs(one) - logs(other)).max()
        assert apart < CLOSE if one.year < 2026 else apart > 1e-5


def test_what_has_ended_wears_off(rich):
    free = settings(rich, range(2023, 2028), mover_share=1.0, research_decay=1.0, idea_diffusion=0.0)
    ended = run_path(rich, free, enacted(rich, plan(rich, LAND, research(rich), **{"from": 2024, "until": 2025}), 2023))
    assert np.abs(logs(ended.of(2025)) - logs(ended.of(2023))).max() > 1e-3
    np.testing.assert_allclose(logs(ended.of(2027)), logs(ended.of(2023)), atol=CLOSE)
    slow = settings(rich, (2023, 2024, 2025, 2030, 2130), mover_share=0.2, idea_diffusion=0.0)
    ended = run_path(rich, slow, enacted(rich, plan(rich, LAND, research(rich), **{"from": 2024, "until": 2025}), 2023))
    apart = [np.abs(logs(point) - logs(ended.years[0])).max() for point in ended.years]
    assert apart[2] > apart[3] > apart[4]
    assert apart[4] < 1e-6


def test_a_common_trend_leaves_relative_outcomes_alone(rich):
    scenario = plan(rich, LAND, **{"from": 2024})
    still, moving = (
        run_path(rich, settings(rich, (2023, 2024, 2034), productivity_trend=g), enacted(rich, scenario, 2023)) for g in (0.0, 0.04)
    )
    for one, other in zip(still.years, moving.years, strict=True):
        np.testing.assert_allclose(logs(one), logs(other), atol=CLOSE)
        np.testing.assert_allclose(logs(one, "wage"), logs(other, "wage"), atol=CLOSE)
    assert moving.years[-1].growth == pytest.approx(0.44 / (1 - 0.08))


def test_research_that_outgrows_the_economy_raises_productivity_by_chi_of_it(rich):
    rule = {"productivity_trend": 0.0, "idea_diffusion": 0.0, "research_decay": 1.0, "research_growth": 0.02}
    path = run_path(rich, settings(rich, (2023, 2033), **rule))
    stock, data = (np.asarray(point.equilibrium.state["knowledge_stock"]) for point in (path.of(2033), path.of(2023)))
    here = np.asarray(rich.given["inside"]) > 0
    np.testing.assert_allclose(stock[here] / data[here], np.exp(0.2), rtol=1e-12)


def test_dividing_out_the_trend_is_growth_with_building_costs_that_follow_it(rich):
    """The same economy with A up by e^x and floor space supplied at rents over P e^x: nominal names are the same, prices down by x."""
    x = 0.3
    grown = dict(rich.given)
    grown["productivity_fundamental"] = rich.given["productivity_fundamental"] * np.exp(x)
    for use in ("home", "work"):
        grown[f"{use}_supply"] = rich.given[f"{use}_supply"] * np.exp(-x * rich.given[f"{use}_supply_elasticity"])
    found = solve(rich, grown, weakest=False).require()
    for name, change in (("wage", 0.0), ("rent_home", 0.0), ("residents", 0.0), ("consumer_price", -x)):
        np.testing.assert_allclose(np.log(found.state[name]), np.log(rich.equilibrium.state[name]) + change, atol=1e-8)


def test_slow_movers_arrive_where_free_ones_are(rich):
    scenario = plan(rich, LAND)
    rule = {"productivity_trend": 0.0, "idea_diffusion": 0.0, "mover_share": 0.2}
    path = run_path(rich, settings(rich, (2023, 2024, 2028, 2123), **rule), enacted(rich, scenario, 2023))
    goal = np.log(solve(rich, enacted(rich, scenario, 2023)(2023), weakest=False).state["residents"])
    apart = [np.abs(logs(point) - goal).max() for point in path.years]
    assert apart[0] > apart[1] > apart[2] > apart[3]
    assert apart[3] < 1e-7


def test_places_behind_catch_up_and_ideas_levers_speed_them(rich):
    opening = {"lever": "passage", "flow": "ideas", "level": "regime", "between": ["A", "ZA"], "and": ["B", "ZB"], "open": 1.0}
    years = settings(rich, (2023, 2033), idea_diffusion=0.05, research_decay=1.0)
    base, opened = run_path(rich, years), run_path(rich, years, enacted(rich, plan(rich, opening), 2023))
    assert base.of(2033).gain.max() > 0
    assert (base.of(2033).gain >= 0).all()
    assert (opened.of(2033).gain - base.of(2033).gain).max() > 1e-4


def test_sector_trends_move_sectors_apart(toy):
    sector = toy.region.sector_names[0]
    path = run_path(toy, settings(toy, (2023, 2033), productivity_trend=0.0, **{f"productivity_trend_{sector}": 0.02}))
    gain = path.of(2033).gain
    np.testing.assert_allclose(gain[:, 0] - gain[:, 1], 0.2)
    assert 0 < path.of(2033).growth < 0.2


def test_units_of_outside_places_do_not_matter(rich, tmp_path):
    """Outside rents are a unit of floor space, and R&D abroad is a unit too: no path may depend on them."""
    folder = zone_toy(tmp_path / "region")
    facts = pl.read_csv(folder / "facts.csv", infer_schema_length=None)
    outside, abroad = pl.col("place").is_in(["O1", "O2"]), (pl.col("place") == "O2") & (pl.col("variable") == "research_spending")
    times = pl.when(outside & pl.col("variable").str.starts_with("rent_")).then(3.0).when(abroad).then(10.0).otherwise(1.0)
    facts.with_columns(pl.col("value").cast(pl.Float64) * times).write_csv(folder / "facts.csv")
    other = calibrate(read_region(folder))
    years = range(2023, 2027)
    paths = [run_path(base, settings(base, years, idea_diffusion=0.05)) for base in (rich, other)]
    for one, two in zip(*(path.years for path in paths), strict=True):
        np.testing.assert_allclose(one.learned, two.learned, atol=CLOSE)
        np.testing.assert_allclose(logs(one), logs(two), atol=CLOSE)
    assert paths[0].years[-1].learned.max() > 1e-3


def test_a_year_without_a_certificate_stops_the_path_and_is_named(toy):
    scenario = read_scenario(case_folder("toy") / "scenarios" / "9_isolated_common_pool.toml", toy.region)
    later = replace(scenario, from_=2025)
    with pytest.raises(SolveError, match="stops in 2025"):
        run_path(toy, settings(toy, range(2023, 2028)), enacted(toy, later, 2023), name="apart")
