"""Ideas as flows between jurisdictions, the same beside what is observed, and where productivity on a path comes from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from appraise.zone_toy import zone_toy
from bridgehead.appraise.context import Context as Measured
from bridgehead.appraise.engine import ENGINE, World
from bridgehead.appraise.idea_fit import idea_fit
from bridgehead.appraise.ideas import IdeaFlows, idea_table
from bridgehead.appraise.measures_links import ideas_used
from bridgehead.appraise.path_growth import SHARE_OF_CHANGE, SOURCES, growth_table, sources_of
from bridgehead.appraise.path_run import idea_path, paths_of
from bridgehead.appraise.sets import Places
from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.models import solve
from bridgehead.models.path_settings import path_settings, path_years
from bridgehead.policy import enact, read_scenario
from bridgehead.region import read_region

LEVERS = (
    {"lever": "research", "in": {"level": "province", "is": "A"}, "multiply": 1.5},
    {"lever": "passage", "flow": "ideas", "level": "regime", "between": ["A", "ZA"], "and": ["B", "ZB"], "open": 0.5},
    {"lever": "productivity", "place": "ZB", "multiply": 1.1},
    {"lever": "land", "place": "ZB", "multiply": 1.5},
)


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """The toy with research, calibrated."""
    return calibrate(read_region(zone_toy(tmp_path_factory.mktemp("ideas") / "region")))


@pytest.fixture(scope="module")
def plan(rich):
    return read_scenario({"format": 1, "name": "plan", "from": 2024, "lever": list(LEVERS)}, rich.region)


@pytest.fixture(scope="module")
def result(rich, plan):
    return paths_of(rich, path_settings(rich.region, path_years(2023, None, 2027)), plan)


def places(baseline, *names):
    mask = sum(np.asarray(baseline.region.members("province", name)) for name in names).astype(bool)
    return Places("+".join(names), mask)


def test_what_a_place_draws_on_adds_up_to_chi_times_its_value_added(rich):
    flows = IdeaFlows(rich).matrix()
    given = rich.given
    made = rich.equilibrium.state["output"] @ (np.asarray(given["labour_share"]) + np.asarray(given["floor_share"]))
    np.testing.assert_allclose(flows.sum(axis=1), float(given["research_elasticity"]) * made, rtol=1e-12)
    rows = pl.DataFrame(IdeaFlows(rich).rows(flows))
    assert set(rows["source"].filter(rows["level"] == "province")) == {"A", "B", "abroad"}
    np.testing.assert_allclose(rows.group_by("level", "receiver").agg(pl.col("share").sum())["share"], 1.0)


def test_flows_are_the_index_of_the_needs_in_money(rich, plan):
    """Q(B ← A) over its baseline, as `ideas_used` measures it, is the ratio of the two flows."""
    enacted = enact(plan, rich).given
    solved = solve(rich, enacted, weakest=False).require()
    now = Measured(World(rich, rich.equilibrium, ENGINE), World(rich, solved, ENGINE))
    table = idea_table(rich, enacted).filter(pl.col("level") == "province")
    for receiver, source in (("A", "B"), ("B", "A"), ("A", "A")):
        row = table.filter((pl.col("receiver") == receiver) & (pl.col("source") == source)).to_dicts()[0]
        measured = ideas_used(now, places(rich, receiver), places(rich, source)).number
        assert row["value"] / row["baseline"] == pytest.approx(measured, rel=1e-10)
    assert table["change"].abs().max() > 0


def test_without_research_there_are_no_flows():
    plain = calibrate(read_region(case_folder("toy") / "region"))
    assert idea_table(plain, None).is_empty()
    assert idea_fit(plain).is_empty()


def test_on_a_path_flows_grow_with_r_and_d(rich, result):
    table = result.tables["ideas"]
    ends = [table.filter((pl.col("year") == year) & (pl.col("level") == "province")) for year in (2023, 2027)]
    np.testing.assert_allclose(ends[1]["baseline"] / ends[0]["baseline"], np.exp(result.base.of(2027).growth), rtol=1e-12)
    assert idea_path(rich, result.base, result.base)["change"].abs().max() == 0


def test_sources_of_productivity_add_up_exactly(rich, result):
    """trend + R&D + learning + density + levers = log A − log A⁰ of every place and sector, as the solved states have it."""
    for path in (result.base, result.plan):
        for point in path.years:
            parts = sources_of(rich, path.settings, point)
            now, data = point.equilibrium.state["productivity"], rich.equilibrium.state["productivity"]
            there = data > 0
            direct = np.where(there, np.log(np.where(there, now / np.where(there, data, 1.0), 1.0)) + point.growth, 0.0)
            np.testing.assert_allclose(sum(parts[name] for name in SOURCES), direct, atol=1e-12)
    zone = rich.region.place_ids.index("ZB")
    lever = sources_of(rich, result.plan.settings, result.plan.of(2027))["levers"]
    np.testing.assert_allclose(lever[zone], np.log(1.1))
    assert np.abs(np.delete(lever, zone, axis=0)).max() < 1e-14


def test_growth_table_adds_up_and_shares_are_of_what_grows(rich, result):
    table = growth_table(rich, result.base, result.plan)
    inside = table.filter((pl.col("level") == "inside") & (pl.col("year") == 2027))
    rows = {row["source"]: row for row in inside.to_dicts()}
    for column in ("baseline", "scenario", "change"):
        assert sum(rows[name][column] for name in SOURCES) == pytest.approx(rows["productivity"][column], abs=1e-12)
    gain = rows["productivity"]["change"] / rows["real_value_added"]["change"]
    assert rows[SHARE_OF_CHANGE]["scenario"] == pytest.approx(gain)
    first = {row["source"]: row for row in table.filter((pl.col("level") == "inside") & (pl.col("year") == 2023)).to_dicts()}
    assert first["share_of_growth"]["baseline"] is None  # nothing has grown yet
    assert first[SHARE_OF_CHANGE]["scenario"] is None


def observed(baseline, *rows):
    schema = {"flow": pl.String, "from": pl.String, "to": pl.String, "among": pl.String, "year": pl.Int64, "value": pl.Float64}
    table = pl.DataFrame(rows, schema=schema | {"unit": pl.String}, orient="row").with_columns(pl.lit("test").alias("source"))
    return replace(baseline, region=replace(baseline.region, idea_flows=table.with_columns(pl.lit(None).alias("note"))))


def test_signs_and_rankings_are_judged_and_levels_only_set_beside(rich):
    flows = IdeaFlows(rich).matrix()
    members = {name: np.asarray(rich.region.members("province", name)) for name in ("A", "B")}
    out, back = (float(flows[np.ix_(members[to], members[source])].sum()) for source, to in (("A", "B"), ("B", "A")))
    seen = observed(
        rich,
        ("contracts", "A", "B", None, 2020, 2.0, "million yuan/year"),
        ("contracts", "A", "B", None, 2024, 4.0, "million yuan/year"),
        ("contracts", "A", "B", "province", 2024, 0.6, "share"),
        ("stakes", "A", "B", None, 2024, 3.0, "1"),
        ("stakes", "B", "A", None, 2024, 2.0, "1"),
        ("moves", "A11", "B23", None, 2024, 2.0, "1"),
        ("moves", "A11", "A12", None, 2024, 1.0, "1"),
    )
    table = idea_fit(seen, 0.03)
    found = {row["check"]: row for row in table.to_dicts()}
    assert found["share"]["model"] == pytest.approx(out / (out + back))
    assert found["share"]["agrees"] is None
    assert found["value"]["agrees"] is None
    assert found["value"]["model"] == pytest.approx(out)
    assert found["growth"]["data"] == pytest.approx(np.log(2.0) / 4)
    assert found["growth"]["agrees"] is None  # its sign follows from the trend
    assert found["balance"]["data"] == pytest.approx(1.5)
    assert found["balance"]["agrees"] == (out > back)
    assert found["ranking"]["to"] == "B23 / A12"
    assert found["ranking"]["model"] < 1  # B23 lies far off, across the border
    assert not found["ranking"]["agrees"]
    assert "growth" not in idea_fit(seen)["check"].to_list()
