"""Two paths side by side, and a path beside later data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from bridgehead.appraise.path_fit import fit_summary, path_fit
from bridgehead.appraise.path_tables import path_tables
from bridgehead.calibrate import calibrate
from bridgehead.models.path import run_path
from bridgehead.models.path_dynamics import balanced_growth, relative_decay
from bridgehead.models.path_settings import DEFAULTS, PathYears, path_settings
from bridgehead.policy import Context, read_scenario
from bridgehead.policy.schedule import Schedule

YEARS = (2023, 2024, 2026)
LAND = {"lever": "land", "place": "ZB", "multiply": 1.5}


@pytest.fixture(scope="module")
def baseline(toy_region):
    return calibrate(toy_region)


@pytest.fixture(scope="module")
def paths(baseline):
    scenario = read_scenario({"format": 1, "name": "plan", "from": 2024, "lever": [LAND]}, baseline.region)
    settings = path_settings(baseline.region, PathYears(YEARS, YEARS))
    own = Schedule(Context.of(baseline), 2023)
    return run_path(baseline, settings, own.given), run_path(baseline, settings, own.beside(scenario).given, name="plan")


def value(table, column="baseline", **where):
    rows = table.filter(*(pl.col(name) == is_ for name, is_ in where.items()))
    assert rows.height == 1
    return rows[column][0]


def test_the_first_year_is_the_data(baseline, paths):
    table = path_tables(baseline, *paths).path
    arrays = baseline.arrays
    inside = {"level": "inside", "year": 2023}
    assert value(table, variable="residents", **inside) == pytest.approx(arrays.residents[arrays.inside].sum())
    assert value(table, variable="real_value_added", **inside) == pytest.approx(arrays.value_added[arrays.inside].sum())
    assert value(table, variable="productivity", **inside) == pytest.approx(0.0, abs=1e-12)
    assert value(table, variable="real_rent_home", **inside) == pytest.approx(1.0)
    settings, spent = paths[0].settings, np.nansum(arrays.research_spending[arrays.inside])
    growth = balanced_growth(DEFAULTS["productivity_trend"].value, 0.08)
    stock = spent / relative_decay(settings.research_decay, growth)
    assert value(table, variable="research_stock", **inside) == pytest.approx(stock)
    later = value(table, variable="research_stock", level="inside", year=2026)
    assert later == pytest.approx(stock * np.exp(3 * growth))


def test_changes_are_scenario_less_baseline_and_jurisdictions_add_up(baseline, paths):
    table = path_tables(baseline, *paths).path
    np.testing.assert_allclose(table["change"], table["scenario"] - table["baseline"], atol=1e-9)
    assert table.filter(pl.col("year") == 2023)["change"].abs().max() < 1e-6
    assert value(table, "change", variable="real_value_added", level="inside", year=2026) != 0
    for variable in ("residents", "jobs"):
        provinces = table.filter(pl.col("level") == "country", pl.col("variable") == variable, pl.col("year") == 2026)
        if provinces.height:
            assert provinces["baseline"].sum() == pytest.approx(baseline.arrays.residents.sum())


def test_without_a_scenario_nothing_changes(baseline, paths):
    tables = path_tables(baseline, paths[0])
    assert tables.path["change"].abs().max() == 0
    assert tables.totals["welfare_in_money"].abs().max() == 0


def test_welfare_of_the_first_year_is_one_and_the_scenarios_gain_is_money(baseline, paths):
    tables = path_tables(baseline, *paths)
    first = tables.origins.filter(pl.col("year") == 2023)
    np.testing.assert_allclose(first["baseline"], 1.0, rtol=1e-9)
    assert abs(tables.totals["welfare_in_money"][0]) < 1e-4
    assert tables.totals["welfare_in_money"][2] > 0


def test_growth_beside_later_figures(baseline, paths):
    facts = baseline.region.facts
    row = facts.filter(pl.col("variable") == "value_added")[0]

    def gdp(place, year, value):
        columns = {"place": place, "variable": "gdp", "sector": None, "year": year, "value": value}
        return row.with_columns(*(pl.lit(new).cast(facts.schema[name]).alias(name) for name, new in columns.items()))

    more = [gdp("A11", 2023, 100.0), gdp("A11", 2026, 120.0), gdp("ZB", 2023, 10.0), gdp("ZB", 2026, 11.0), gdp("B11", 2026, 5.0)]
    later = replace(baseline, region=replace(baseline.region, facts=pl.concat([facts, *more])))
    table = path_fit(later, paths[0])
    assert table["place"].to_list() == ["A11", "ZB"]
    assert table["years"].to_list() == [3, 3]
    np.testing.assert_allclose(table["data"], np.log([1.2, 1.1]))
    apart = np.log(1.2 / 1.1) / 2
    np.testing.assert_allclose(table["data_relative"], [apart, -apart])
    model = table["model"].to_numpy()
    np.testing.assert_allclose(table["log_gap"], model - model.mean() - [apart, -apart])
    summary = fit_summary(table)
    assert summary[0]["figures"] == 2
    assert summary[0]["data_spread"] == pytest.approx(apart)
    assert summary[0]["skill"] is None  # too few to say
    assert path_fit(baseline, paths[0]).is_empty()
    assert fit_summary(path_fit(baseline, paths[0])) == []


def test_growth_of_jurisdictions_is_set_beside_totals_of_later_years(baseline, paths):
    """The total of a jurisdiction later on is beside the sum of its places' figures of the region's year."""
    facts = baseline.region.facts
    people = facts.filter(pl.col("variable") == "residents").with_columns(
        pl.lit("population").alias("variable"), pl.lit("observed").alias("status")
    )
    members = baseline.region.members("province", "A")
    before = float(np.nansum(baseline.region.fact("residents")[members]))
    row = {"level": "province", "jurisdiction": "A", "variable": "population", "sector": None, "year": 2026, "value": 1.1 * before}
    totals = pl.DataFrame([{**row, "unit": "person", "source": "test", "note": None, "tolerance": None}])
    later = replace(baseline, region=replace(baseline.region, facts=pl.concat([facts, people]), totals=totals))
    found = path_fit(later, paths[0]).to_dicts()
    assert [(each["level"], each["place"]) for each in found] == [("province", "A")]
    assert found[0]["data"] == pytest.approx(np.log(1.1))
    state = paths[0].of(2026).equilibrium.state["residents"][members].sum()
    assert found[0]["model"] == pytest.approx(np.log(state / before), abs=1e-9)


def test_skill_is_one_for_a_perfect_path_and_nought_for_one_that_says_nothing():
    data = pl.Series([0.1, 0.2, -0.1, -0.2])
    table = pl.DataFrame({"variable": "gdp", "level": "place", "place": list("abcd"), "year": 2024, "years": 1, "data": data, "source": ""})
    for model, skill in ((data, 1.0), (0.5 * data, 0.75), (-data, -3.0)):
        relative = table.with_columns(model.alias("model"), data.alias("data_relative"), model.alias("model_relative"))
        found = fit_summary(relative.with_columns((model - data).alias("log_gap")))
        assert found[0]["skill"] == pytest.approx(skill)
        assert abs(found[0]["rank_correlation"]) == pytest.approx(1.0)
    still = table.with_columns(pl.lit(0.0).alias("model"), data.alias("data_relative"), pl.lit(0.0).alias("model_relative"))
    assert fit_summary(still.with_columns((-data).alias("log_gap")))[0]["rank_correlation"] is None
