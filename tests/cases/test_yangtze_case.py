"""The first case solved: its baseline is the data, borders are fitted, and what the evidence says holds."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.models import solve
from bridgehead.policy import Context, enact, read_scenario, scenarios_of
from bridgehead.region import read_region

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def case():
    return calibrate(read_region(case_folder("yangtze") / "region"))


@pytest.fixture(scope="module")
def context(case):
    return Context.of(case)


def real_value_added(case, state):
    """G_i of model.md §10 [million yuan a year]."""
    shares = case.arrays.beta + case.arrays.gamma
    return state["output"] @ shares * case.equilibrium.state["consumer_price"] / state["consumer_price"]


def gain(case, state):
    return real_value_added(case, state) - real_value_added(case, case.equilibrium.state)


def test_the_baseline_is_certified_and_reproduces_the_data(case):
    certificate = case.certificate
    assert certificate.solved
    assert certificate.estimated_distance < 1e-12
    np.testing.assert_allclose(case.equilibrium.state["residents"], case.arrays.residents, rtol=1e-12)
    start = case.equilibrium.x + 0.1 * np.random.default_rng(5).standard_normal(case.equilibrium.x.size)
    np.testing.assert_allclose(solve(case, start=start).require().x, case.equilibrium.x, atol=1e-10)


def test_commuting_moments_are_fitted_within_a_third(case):
    fit = case.moments.filter((pl.col("use") == "fit") & pl.col("name").str.starts_with("commuters_"))
    assert fit.height == 8
    rms = float(np.sqrt((fit["log_gap"].to_numpy() ** 2).mean()))
    assert rms < 0.33  # the probe's best fit of nine moments is 0.29 to 0.32
    ratio = case.moments.filter(pl.col("name") == "commuter_ratio_in_out")
    assert abs(ratio["log_gap"][0]) < 0.1  # 1.98, only compared


def test_the_slope_of_the_fitted_moments_is_that_of_finite_differences(case):
    from bridgehead.calibrate.passages import PassageProblem, read_fit

    region = case.region
    problem = PassageProblem(region, region.arrays(), case.parameters, read_fit(region))
    at, step = np.array([case.fitted[item.name] for item in problem.fit.passage]) + 0.2, 1e-4
    problem.residual(at)
    slope = problem.slope(at)
    for number, ahead in enumerate(step * np.eye(at.size)):
        difference = (problem.residual(at + ahead) - problem.residual(at - ahead)) / (2 * step)
        np.testing.assert_allclose(slope[:, number], difference, rtol=1e-6, atol=1e-7)


def test_directions_of_the_passages_are_those_the_flows_ask_for(case):
    # In and out differ by more than a factor two on the Zhejiang side; Kunshan stands out from the rest of Jiangsu.
    assert case.fitted["shanghai_to_zhejiang"] - case.fitted["zhejiang_to_shanghai"] > np.log(2)
    assert case.fitted["kunshan"] > 0.5
    assert -5.5 < case.fitted["jiangsu_to_shanghai"] < case.fitted["shanghai_to_jiangsu"] < -1.5


def test_foreign_trade_and_migrants_are_met(case):
    met = case.moments.filter((pl.col("use") == "fit") & ~pl.col("name").str.starts_with("commuters_"))
    assert met.height == 9
    assert met["log_gap"].abs().max() < 1e-9
    checked = case.moments.filter(pl.col("name") == "migrants_share_mainland")
    assert abs(checked["log_gap"][0]) < 0.2  # 8.9 % of the mainland live away from their province; not fitted


def test_every_strategy_and_zone_is_certified_and_moves_something(case, context):
    for name, scenario in scenarios_of(case.region).items():
        found = solve(case, enact(scenario, case, context=context).given, name=name)
        assert found.solved, (name, found.certificate.reason)
        assert np.abs(gain(case, found.state)).max() > 1.0, name  # a million yuan somewhere


def test_the_innovation_lever_raises_each_side_by_its_share_when_it_acts_alone(case, context):
    side = case.region.index("310116z")
    lever = {"lever": "productivity", "place": "310116z", "raise_value_added": 0.15}
    scenario = read_scenario({"format": 1, "name": "alone", "lever": [lever]}, case.region)
    state = solve(case, enact(scenario, case, context=context).given).require().state
    ratio = gain(case, state)[side] / real_value_added(case, case.equilibrium.state)[side]
    assert ratio == pytest.approx(0.15, abs=1e-8)


def test_opening_commuting_is_worth_little_region_wide(case, context):
    # About +6,500 commuters and nothing measurable in value added: the evidence the report must not hide.
    regimes = (["shanghai", "stc_sh"], ["zhejiang", "stc_zj"])
    lever = {"lever": "passage", "flow": "commuting", "level": "regime", "open": 1.0, "between": regimes[0], "and": regimes[1]}
    scenario = read_scenario({"format": 1, "name": "open", "lever": [lever]}, case.region)
    state = solve(case, enact(scenario, case, context=context).given).require().state
    mainland = case.region.members("country", "china")
    assert abs(gain(case, state)[mainland].sum()) < 1_000  # less than 1 bn yuan a year of 100 trn
