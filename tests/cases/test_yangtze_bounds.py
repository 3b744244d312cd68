"""The case's inferred figures have bounds, the stated ones, and draws within them leave every published total as it is."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from bridgehead.cases import case_folder
from bridgehead.region import read_region
from bridgehead.region.bounds import bound_draws

YUAN = 100.0  # 100 million yuan in million yuan


@pytest.fixture(scope="module")
def region():
    return read_region(case_folder("yangtze") / "region")


@pytest.fixture(scope="module")
def draws(region):
    return bound_draws(region)


def bounds(region, place: str, variable: str, **more) -> tuple[float, float]:
    rows = region.bounds.filter((pl.col("place") == place) & (pl.col("variable") == variable) & pl.col("sector").is_null())
    for name, value in more.items():
        rows = rows.filter(pl.col(name) == value)
    assert rows.height == 1, rows
    return rows["low"][0], rows["high"][0]


def test_every_inferred_total_of_value_added_has_bounds_and_no_observed_one(region):
    status = region.status("gdp")
    inferred = {place for place, word in zip(region.place_ids, status, strict=True) if word == "inferred"}
    bounded = set(region.bounds.filter((pl.col("variable") == "value_added") & pl.col("sector").is_null())["place"])
    assert bounded == inferred
    assert len(bounded) == 105


@pytest.mark.parametrize(("side", "low", "high"), [("310116z", 20.0, 55.0), ("330482z", 18.0, 40.0)])
def test_the_sides_have_the_stated_bounds(region, side, low, high):
    """3.5 bn yuan (2.0 to 5.5) and 2.7 (1.8 to 4.0); 42,500 people (25,000 to 63,000) and 36,000 (26,000 to 45,000)."""
    assert bounds(region, side, "value_added") == pytest.approx((low * YUAN, high * YUAN), rel=1e-4)
    people = {"310116z": (25_000 / 42_500, 63_000 / 42_500), "330482z": (26_000 / 36_000, 45_000 / 36_000)}[side]
    residents = float(region.fact("residents")[region.index(side)])
    name = {"310116z": "people of stc_sh", "330482z": "people of stc_zj"}[side]
    assert bounds(region, side, "residents", draw=name) == pytest.approx(tuple(residents * x for x in people), rel=1e-4)


def test_shared_districts_may_be_two_thirds_or_one_and_a_half_of_their_figure(region):
    whole = region.arrays().value_added.sum(axis=1)
    rows = region.bounds.filter(pl.col("rule").str.starts_with("prefecture remainder shared by census employment"))
    assert rows.height > 50
    value = whole[[region.index(place) for place in rows["place"]]]
    np.testing.assert_allclose(rows["low"] / value, 0.65, atol=0.002)
    np.testing.assert_allclose(rows["high"] / value, 1.5, atol=0.002)


def test_draws_leave_every_published_total(region, draws):
    own, inside = region.arrays(), region.inside
    groups = region.bounds.filter((pl.col("variable") == "value_added") & pl.col("total").is_not_null() & pl.col("sector").is_null())
    for seed in range(3):
        drawn = draws.at(own, np.random.default_rng(seed).random(len(draws.names)))
        for (_,), rows in groups.group_by("total"):
            members = [region.index(place) for place in rows["place"]]
            assert drawn.value_added[members].sum() == pytest.approx(own.value_added[members].sum(), rel=1e-10)
        assert drawn.residents[inside].sum() == pytest.approx(own.residents[inside].sum(), rel=1e-10)
        for host in ("310116", "330482"):
            parts = [region.index(host + part) for part in "zr"]
            assert (drawn.residents[parts] > 0).all()
        observed = region.status("gdp") == "observed"
        np.testing.assert_allclose(drawn.value_added[observed].sum(axis=1), own.value_added[observed].sum(axis=1), rtol=1e-12)
        assert (drawn.value_added[own.value_added > 0] > 0).all()
        np.testing.assert_allclose(drawn.rent_work[inside], drawn.rent_home[inside], rtol=2e-6)


def test_the_residents_at_the_ends_are_the_census_and_the_city_wages(region, draws):
    """h = 0 is the census: the parameter x_wage_shrinkage and the draw of that name are one uncertainty."""
    number = draws.names.index("x_wage_shrinkage")
    uniform = np.full(len(draws.names), 0.5)
    uniform[number] = 1e-9
    drawn = draws.at(region.arrays(), uniform)
    census = region.fact("x_residents_census")
    np.testing.assert_allclose(drawn.residents[region.inside], census[region.inside], rtol=2e-4)


@pytest.mark.slow
def test_a_draw_of_the_figures_is_a_baseline_too(region, draws):
    """The inversion reproduces drawn figures as it does the data."""
    from bridgehead.calibrate.baseline import calibrate, settings
    from bridgehead.calibrate.inversion import invert
    from bridgehead.models.regional import regional_model

    uniform = 0.05 + 0.9 * np.random.default_rng(4).random(len(draws.names))
    arrays = draws.at(region.arrays(), uniform)
    _, parameters = settings(region, {})
    given, unknowns, _ = invert(arrays, parameters, regional_model(research=True), {}, region.sector_names, [])
    assert np.isfinite(unknowns["wage"]).all()
    base = calibrate(region)
    assert np.abs(np.log(unknowns["wage"] / base.equilibrium.state["wage"]))[region.inside].max() > 0.05
    assert float(np.sum(given["origin_people"])) == pytest.approx(arrays.residents.sum(), rel=1e-6)
