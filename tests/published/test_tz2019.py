"""Provinces × sectors × origins: the data come back, accounts hold, and the structure is the paper's."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import pytest

from bridgehead.cases import case_folder
from bridgehead.errors import DataError
from bridgehead.kernels import as_array
from bridgehead.models import trade_values
from bridgehead.models.equilibrium import solve_from
from bridgehead.models.published import tz2019
from bridgehead.models.published._provinces import people_of, provinces_of, with_migrants
from published.province_hats import misses


@pytest.fixture(scope="module")
def provinces(toy_region):
    return provinces_of(toy_region)


@pytest.fixture(scope="module")
def small(provinces):
    return tz2019.calibrate_provinces(provinces)


@pytest.fixture(scope="module")
def yangtze():
    return tz2019.baseline_of(None)


def test_provinces_hold_the_people_and_the_money_of_their_places(toy_region, provinces):
    arrays = toy_region.arrays()
    assert provinces.names == tuple(toy_region.jurisdictions("province"))
    assert provinces.residents.sum() == pytest.approx(arrays.residents.sum())
    value_added = provinces.output * (arrays.beta + arrays.gamma)
    np.testing.assert_allclose(value_added.sum(axis=0), arrays.value_added.sum(axis=0))
    assert (provinces.freeness > 0).all()


def test_a_level_that_is_not_there_is_named(toy_region):
    with pytest.raises(DataError, match="no level 'canton'"):
        provinces_of(toy_region, level="canton")


def test_the_data_are_a_certified_equilibrium(small):
    certificate = small.equilibrium.certificate
    assert certificate.solved, certificate.reason
    state, p = small.equilibrium.state, small.provinces
    np.testing.assert_allclose(state["residents"], p.residents, rtol=1e-10)
    np.testing.assert_allclose(state["output"], p.output, rtol=1e-10)
    np.testing.assert_allclose(state["jobs"], p.residents, rtol=1e-10)  # nobody commutes


def test_the_data_are_found_again_from_elsewhere(small):
    found = small.equilibrium
    start = found.x + 0.2 * np.random.default_rng(2).standard_normal(found.x.size)
    again = solve_from(small.engine, small.given, start, found.state, found.labels)
    assert again.solved
    for name in ("wage", "output", "residents"):
        np.testing.assert_allclose(again.state[name], found.state[name], rtol=1e-8)


def test_exports_abroad_are_the_observed_ones(small):
    p = small.provinces
    observed = np.flatnonzero(p.abroad & np.isfinite(p.exports))
    assert observed.size
    for place in observed:
        sold = trade_values(small.equilibrium)[:, :, place].sum(axis=0)
        assert sold.sum() - sold[place] == pytest.approx(p.exports[place], rel=1e-9)


def test_productivity_is_of_gross_output(small):
    """A tenth more productivity lowers unit cost by a tenth at given wages and prices, whatever the share of value added."""
    state, given, p = small.equilibrium.state, small.given, small.provinces
    cost = (
        state["wage"][:, None] ** p.labour_share
        * state["rent_work"][:, None] ** p.floor_share
        * np.exp(np.log(state["price_index"]) @ p.input_share)
        / np.asarray(given["productivity_fundamental"])
    )
    present = p.output > 0
    np.testing.assert_allclose(state["unit_cost"][present], cost[present], rtol=1e-11)


def test_land_is_fixed_and_nobody_commutes(small):
    np.testing.assert_array_equal(np.asarray(small.given["home_supply_elasticity"]), 0.0)
    np.testing.assert_array_equal(as_array(small.given["commuting"]), np.eye(len(small.provinces.names)))


@pytest.mark.parametrize("name", ["internal_trade", "external_trade"])
def test_cheaper_trade_is_certified_and_helps(small, name):
    run = tz2019.solve_provinces(small, tz2019.counterfactuals(small)[name], name)
    assert run.solved, run.certificate.reason
    assert tz2019.outcomes(small, run)["real_value_added_change"] > 0


def changes(baseline, name):
    """(τ̂ [sector, buyer, seller], kept [origin, province]) of a counterfactual, as its description says."""
    p = baseline.provinces
    home, sides = np.eye(len(p.names), dtype=bool), p.abroad[:, None] != p.abroad[None, :]
    cheaper = {"internal_trade": ~home & ~p.abroad[:, None] & ~p.abroad[None, :], "external_trade": sides}.get(name, home & ~home)
    share = np.where(p.away & (name == "migration"), p.reach, 1.0) ** (1 / p.dispersion)
    kept = np.where(p.away & (name == "migration"), np.minimum(1.1 * share, 1.0) / share, 1.0)
    return np.where(cheaper, 0.9, 1.0) * np.ones((len(p.sectors), 1, 1)), kept


@pytest.mark.parametrize("name", ["internal_trade", "external_trade"])
def test_the_papers_equations_hold_in_changes(small, name):
    new = tz2019.solve_provinces(small, tz2019.counterfactuals(small)[name], name).require().state
    found = misses(small.provinces, small.equilibrium.state, new, *changes(small, name))
    assert max(found.values()) < 1e-9, found


def test_the_papers_equations_hold_in_changes_of_who_may_move(small):
    iceberg, none = changes(small, "nothing")
    kept = np.exp(np.random.default_rng(5).normal(0, 0.1, none.shape))
    given = {**small.given, "migration_kept": small.given["migration_kept"] * kept}
    new = tz2019.solve_provinces(small, given, "movers").require().state
    found = misses(small.provinces, small.equilibrium.state, new, iceberg, kept)
    assert max(found.values()) < 1e-9, found
    assert np.abs(np.log(new["residents"] / small.equilibrium.state["residents"])).max() > 1e-3


def test_the_unit_of_money_changes_nothing(provinces, small):
    other = tz2019.calibrate_provinces(replace(provinces, output=provinces.output * 7.3, exports=provinces.exports * 7.3))
    runs = [tz2019.solve_provinces(b, tz2019.counterfactuals(b)["internal_trade"], "x") for b in (small, other)]
    for name in ("residents", "people", "consumer_price"):
        np.testing.assert_allclose(
            runs[0].state[name] / small.equilibrium.state[name] if name != "people" else runs[0].state[name],
            runs[1].state[name] / other.equilibrium.state[name] if name != "people" else runs[1].state[name],
            rtol=1e-8,
        )


@pytest.mark.slow
def test_the_yangtze_provinces(yangtze):
    assert len(yangtze.provinces.names) == 32
    assert yangtze.equilibrium.solved
    assert 0 < yangtze.kept_away < 1
    p, state = yangtze.provinces, yangtze.equilibrium.state
    shanghai = p.names.index("shanghai")
    share = (state["people"] * p.away)[:, shanghai].sum() / state["people"][:, shanghai].sum()
    again, kept = with_migrants(replace(p, reach=np.where(p.away, p.reach / yangtze.kept_away**p.dispersion, p.reach)), "shanghai", share)
    assert kept == pytest.approx(yangtze.kept_away, rel=1e-8)
    np.testing.assert_allclose(people_of(p, again), state["people"], rtol=1e-7)
    runs = {name: tz2019.solve_provinces(yangtze, given, name) for name, given in tz2019.counterfactuals(yangtze).items()}
    for name, run in runs.items():
        found = misses(p, state, run.require().state, *changes(yangtze, name))
        assert max(found.values()) < 1e-9, (name, found)
        assert run.solved, f"{name}: {run.certificate.reason}"
        assert tz2019.outcomes(yangtze, run)["welfare_change"] > 0
    moved = tz2019.outcomes(yangtze, runs["migration"])
    assert moved["migrants_share_after"] > moved["migrants_share_before"]


@pytest.mark.slow
def test_a_share_of_migrants_that_cannot_be_is_refused(yangtze):
    with pytest.raises(DataError, match="migration costs cannot be found"):
        with_migrants(yangtze.provinces, "shanghai", 1.0)


def test_replicate_writes_a_folder_a_run(tmp_path):
    result = tz2019.replicate(case_folder("toy") / "region", tmp_path)
    assert not result.unsolved
    assert result.table.columns == ["run", "outcome", "ours", "published"]
    assert result.table["published"].null_count() == result.table.height
    for name in ("migration", "internal_trade", "external_trade"):
        with (tmp_path / name / "provinces.csv").open() as file:
            assert next(iter(csv.DictReader(file)))["province"] == "A"
        summary = json.loads((tmp_path / name / "summary.json").read_text())
        assert summary["certificate"]["outcome"] == "solved"
