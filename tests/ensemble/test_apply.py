"""A draw is another region: what is identified together moves together, and totals that are observed stand."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from bridgehead.cases import case_folder
from bridgehead.ensemble import Asked, EnsemblePlan
from bridgehead.ensemble.apply import apply_draw
from bridgehead.ensemble.uncertainty import factors_of, read_uncertainty
from bridgehead.region.bounds import DRAWN, bound_draws


@pytest.fixture(scope="module")
def draw(case_region):
    """A function from drawn values to arrays and parameters of the case."""
    factors = factors_of(case_region, read_uncertainty(case_region))
    return lambda values, uniform=None: apply_draw(case_region, factors, values, uniform)


def test_the_defaults_are_the_region_itself(case_region, draw):
    applied, own = draw({}), case_region.arrays()
    assert applied.arrays is own
    assert applied.parameters["workplace_dispersion"] == case_region.parameters["workplace_dispersion"].value


def test_flows_identify_the_elasticity_to_distance_and_so_it_is_drawn(case_region, draw):
    own = case_region.arrays()
    double = draw({"x_trade_elasticity": 8.0, "trade_distance": 0.4})
    np.testing.assert_allclose(double.arrays.theta, 2 * own.theta)
    assert double.parameters["trade_distance"] == pytest.approx(0.2)
    np.testing.assert_allclose(double.arrays.iceberg**8.0, own.iceberg**4.0, rtol=1e-12)


def test_the_home_bias_of_the_goods_border_does_not_depend_on_the_trade_elasticity(case_region, draw):
    own = case_region.arrays().passages["trade", "regime"]
    alone, both = draw({"x_border_goods_ad_valorem": 0.4}), draw({"x_border_goods_ad_valorem": 0.4, "x_trade_elasticity": 7.0})
    one, other = (each.arrays.passages["trade", "regime"] for each in (alone, both))
    np.testing.assert_array_equal(one, other)
    moved = (own > 0) & (own != 1)
    np.testing.assert_allclose(one[moved], 1.4**-4.0, rtol=1e-6)
    np.testing.assert_array_equal(one[~moved], own[~moved])


def test_passages_in_logs_and_of_movers(case_region, draw):
    own = case_region.arrays().passages
    found = draw({"x_border_ideas_provincial": -0.8, "x_border_movers_factor": 3.0, "home_dispersion": 2.0}).arrays.passages
    names = case_region.jurisdictions("regime")
    pair = names.index("shanghai"), names.index("zhejiang")
    abroad = names.index("shanghai"), names.index("abroad")
    assert found["ideas", "regime"][pair] == pytest.approx(np.exp(-0.8), rel=1e-6)
    assert found["spillover", "regime"][pair] == pytest.approx(np.exp(-0.8), rel=1e-6)
    assert found["ideas", "regime"][abroad] == own["ideas", "regime"][abroad]
    assert found["migration", "regime"][pair] == pytest.approx(3.0**-2.0, rel=1e-6)


@pytest.fixture(scope="module")
def middle(case_region):
    """One half for every inferred figure: the figures as they are."""
    return np.full(len(bound_draws(case_region).names), 0.5)


def test_inferred_figures_move_within_published_totals(case_region, draw, middle):
    own, same = case_region.arrays(), draw({}, middle).arrays
    np.testing.assert_allclose(same.value_added, own.value_added, rtol=1e-12)
    moved = draw({}, np.random.default_rng(3).random(middle.size)).arrays.value_added
    cells, names = case_region.cells("prefecture"), case_region.jurisdictions("prefecture")
    totals = [dict(zip(names, np.bincount(cells, weights=v.sum(axis=1)), strict=True)) for v in (own.value_added, moved)]
    for parts in (("shanghai", "stc_sh"), ("jiaxing", "stc_zj"), ("hangzhou",), ("suzhou_js",), ("nanjing",), ("hefei",)):
        before, after = (sum(total[name] for name in parts) for total in totals)
        assert after == pytest.approx(before, rel=1e-6), parts
    assert (~np.isclose(moved, own.value_added, rtol=1e-3).all(axis=1)).sum() > 200


def test_every_draw_of_a_plan_leaves_what_is_published_and_moves_figures_within_their_bounds(case_region):
    plan = EnsemblePlan.of(case_region, Asked(6, 1))
    own, table = case_region.arrays(), case_region.bounds
    alone = table.filter(pl.col("variable").is_in(DRAWN) & pl.col("total").is_null() & pl.col("sector").is_null())
    alone = alone.filter(~pl.struct("place", "variable").is_duplicated()).to_dicts()
    assert len(alone) > 100
    cells, names = case_region.cells("prefecture"), case_region.jurisdictions("prefecture")
    parts = np.isin(cells, [names.index("hangzhou")]), np.isin(cells, [names.index("shanghai"), names.index("stc_sh")])
    for number in plan.asked.numbers[1:]:
        drawn = apply_draw(case_region, plan.factors, plan.values(number), plan.inferred(number)).arrays
        for of in parts:
            assert drawn.value_added[of].sum() == pytest.approx(own.value_added[of].sum(), rel=1e-6)
        for row in alone:
            figure = np.atleast_1d(getattr(drawn, row["variable"])[case_region.index(row["place"])]).sum()
            assert row["low"] * (1 - 1e-9) <= figure <= row["high"] * (1 + 1e-9), row
    assert plan.asked.twin_of(plan.asked.numbers[-1]) is None  # six draws have no twin


def test_a_named_figure_takes_its_drawn_value(case_region, draw, middle):
    own, moved = case_region.arrays(), draw({"Value added of the Shanghai side": 1.0, "Residents of the Zhejiang side": 0.0}, middle).arrays
    side, host = case_region.index("310116z"), case_region.index("310116r")
    assert moved.value_added[side].sum() / own.value_added[side].sum() > 1.5  # 5.5 over 3.5, less what keeps the total
    assert moved.value_added[host].sum() < own.value_added[host].sum()
    side, host = case_region.index("330482z"), case_region.index("330482r")
    assert moved.residents[side] < 0.76 * own.residents[side]  # 26,000 over 36,000
    assert moved.residents[[side, host]].sum() == pytest.approx(own.residents[[side, host]].sum(), rel=1e-6)


def test_people_follow_the_residents_of_their_province_and_all_live_somewhere(case_region, draw, middle):
    own, moved = case_region.arrays(), draw({"Weight on city wages in residents": 0.99}, middle).arrays
    inside = own.inside
    assert moved.residents[inside].sum() == pytest.approx(own.residents[inside].sum(), rel=1e-6)
    assert moved.origin_people.sum() == pytest.approx(moved.residents.sum(), rel=1e-4)
    assert np.abs(moved.residents[inside] / own.residents[inside] - 1).max() > 0.05
    cells = case_region.cells("province")
    shanghai = case_region.jurisdictions("province").index("shanghai")
    ratio = moved.residents[cells == shanghai].sum() / own.residents[cells == shanghai].sum()
    origin = case_region.origin_names.index("shanghai")
    assert moved.origin_people[origin] / own.origin_people[origin] == pytest.approx(ratio)


def test_shares_and_elasticities(case_region, draw):
    own = case_region.arrays()
    moved = draw({"x_floor_space_share": 0.3, "x_supply_elasticity": 1.0, "x_density_elasticity": 0.035})
    arrays = moved.arrays
    np.testing.assert_allclose(arrays.beta + arrays.gamma, own.beta + own.gamma)
    np.testing.assert_allclose(arrays.gamma / (arrays.beta + arrays.gamma), 0.3, rtol=1e-3)
    np.testing.assert_allclose(arrays.supply_elasticity_home, 2 * own.supply_elasticity_home)
    np.testing.assert_allclose(arrays.density_elasticity, 0.5 * own.density_elasticity)


def test_fast_rail_shortens_trips_to_both_sides_and_lengthens_none(case_region):
    from bridgehead.policy import read_scenario
    from bridgehead.policy.context import Context
    from bridgehead.policy.levers.link import minutes_saved

    rail = read_scenario(case_folder("yangtze") / "scenarios" / "fast_rail.toml", case_region)
    saved = minutes_saved(rail.levers, Context(case_region, case_region.arrays(), {}))
    at = {place: n for n, place in enumerate(case_region.place_ids)}
    assert saved.min() >= 0
    for side in ("310116z", "330482z"):
        assert saved[at["310117"], at[side]] > 0
    assert saved[at["330482z"], at["310104"]] > saved[at["310116z"], at["310104"]]  # the further side gains more
    assert minutes_saved(rail.levers[::-1], Context(case_region, case_region.arrays(), {})) is saved  # kept, whatever the order
