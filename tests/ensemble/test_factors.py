"""What is drawn and from what: distributions, joint numbers, and ranges that cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from bridgehead.ensemble.factors import quantile
from bridgehead.ensemble.levers import drawn_columns, lever_factors
from bridgehead.ensemble.plan import Asked
from bridgehead.ensemble.sample import data_draws, uniform_draws
from bridgehead.ensemble.uncertainty import factors_of, read_uncertainty
from bridgehead.errors import DataError
from bridgehead.region import read_region


@pytest.mark.parametrize("distribution", ["triangular", "log_triangular", "uniform", "log_uniform"])
def test_a_bounded_distribution_fills_its_range_and_no_more(distribution):
    values = quantile(distribution, np.linspace(1e-9, 1 - 1e-9, 1001), 2.0, 1.0, 5.0)
    assert (np.diff(values) > 0).all()
    assert values[0] == pytest.approx(1.0, abs=1e-3)
    assert values[-1] == pytest.approx(5.0, abs=1e-3)


def test_the_mode_of_a_triangle_is_the_value_and_a_normal_has_its_middle_90_per_cent():
    draws = quantile("triangular", np.random.default_rng(1).random(200_000), 2.0, 1.0, 5.0)
    count, edges = np.histogram(draws, bins=40)
    assert abs(edges[np.argmax(count)] - 2.0) < 0.2
    low, high = quantile("normal", np.array([0.05, 0.95]), 0.0, -1.0, 1.0)
    assert (low, high) == pytest.approx((-1.0, 1.0))
    assert quantile("lognormal", np.array([0.05]), 2.0, 1.0, 4.0)[0] == pytest.approx(1.0)


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_draws_are_spread_and_repeat_with_their_seed(method):
    one, same, other = (uniform_draws(method, 64, 5, seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    # one point in every 64th of every dimension
    assert all(len(set(np.floor(64 * column))) >= 60 for column in one.T)
    assert data_draws(3, 5, 4).tolist() == data_draws(3, 5, 4).tolist() != data_draws(3, 6, 4).tolist()


def test_every_parameter_with_a_range_and_a_place_to_enter_is_drawn(case_region):
    factors = {f.name: f for f in factors_of(case_region, read_uncertainty(case_region))}
    assert factors["trade_distance"].enters == "distance_elasticity"
    assert factors["x_border_goods_ad_valorem"].how["as"] == "home_bias"
    assert "x_wage_shrinkage" not in factors  # it is a draw of bounds.csv, and named there
    assert factors["Weight on city wages in residents"].kind == "data"
    assert "x_home_rent_yield" not in factors  # no range
    without = {f.name for f in factors_of(case_region, read_uncertainty(case_region), without=("commuting_decay",))}
    assert set(factors) - without == {"commuting_decay"}  # an estimate is there in its place


def test_levers_of_one_scenario_with_one_strength_are_one_number(case_region):
    from bridgehead.appraise.columns import plan_of

    plan = plan_of(case_region, None)
    factors = lever_factors(plan)
    by_scenario = {}
    for factor in factors:
        by_scenario.setdefault(factor.how["scenario"], []).append(factor)
    assert len(by_scenario["china.integration"]) == 1  # fifteen passages, all opened by a tenth
    assert len(by_scenario["china.belt_and_road"]) == 2  # ports, and rail
    values = {f.name: f.high for f in factors}
    drawn = drawn_columns(plan, factors, values)
    assert {lever.open for lever in drawn["china.integration"].levers} == {0.25}
    raised = [lever.raise_value_added for lever in drawn["sci_tech_city"].levers if lever.kind == "productivity"]
    assert raised == [0.25, 0.25]  # the zones together have the zones' own strengths


def test_a_range_upside_down_is_refused_with_its_line(tmp_path, toy_region):
    import shutil

    from ensemble.conftest import TOY

    folder = shutil.copytree(TOY, tmp_path / "region")
    text = (folder / "parameters.toml").read_text(encoding="utf-8")
    name = next(n for n, p in toy_region.parameters.items() if p.low is not None)
    head, rest = text.split(f"[{name}]", 1)
    rest = rest.replace(f"low = {toy_region.parameters[name].low}", "low = 999.0", 1)
    (folder / "parameters.toml").write_text(head + f"[{name}]" + rest, encoding="utf-8")
    with pytest.raises(DataError, match=rf"{name}.*lies outside its range 999"):
        read_region(folder)


def test_every_fault_of_uncertainty_toml_is_listed(case_region):
    from dataclasses import replace

    raw = {
        "format": 1,
        "factor": [
            {"parameter": "x_trade_elasticty", "enters": "trade_elasticity"},
            {"parameter": "x_supply_elasticity"},
            {"parameter": "x_border_ideas_provincial", "enters": "passage", "flow": "idea", "level": "regme", "as": "log"},
            {"parameter": "x_home_rent_yield", "enters": "supply_elasticity"},
        ],
        "data": [{"draw": "people of stc_sz", "name": "n"}],
    }
    with pytest.raises(DataError) as caught:
        read_uncertainty(replace(case_region, uncertainty=raw))
    text = str(caught.value)
    for part in (
        "unknown parameter 'x_trade_elasticty'. Did you mean 'x_trade_elasticity'",
        "the model has no such parameter",
        "unknown flow 'idea'",
        "unknown level 'regme'",
        "it has no range in parameters.toml",
        "no draw of bounds.csv is called 'people of stc_sz'. Did you mean 'people of stc_zj'",
    ):
        assert part in text


def test_what_is_asked_for_is_checked_before_anything_is_drawn():
    with pytest.raises(DataError) as caught:
        Asked(draws=0, seed=-1, method="dice", batch=0)
    assert all(part in str(caught.value) for part in ("0 draws", "the seed -1", "'dice'", "batches of 0"))
    asked = Asked(draws=20)
    assert list(asked.numbers) == list(range(23))
    assert [asked.twin_of(n) for n in (0, 20, 21, 22)] == [None, None, 1, 2]
