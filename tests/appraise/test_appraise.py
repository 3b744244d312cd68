"""The whole path on the toy: strategies, zones, the new town, what takes them apart, and what is written."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from zone_toy import TOY, zone_toy

from bridgehead.appraise import TABLES, appraise, write_appraisal
from bridgehead.appraise.engine import Runner, Solved
from bridgehead.appraise.measures import MEASURES
from bridgehead.errors import PolicyError
from bridgehead.policy import read_scenario
from bridgehead.region import read_region

COLUMNS = ["a.open", "b.research", "zone.open", "zone.innovation", "zone.land", "new_town"]
MONEY = ("bn yuan/year", "m yuan/(km2 year)", "yuan/(m2 day)")


def cell(appraisal, need: str, line: str, scenario: str) -> dict:
    rows = appraisal.matrix_long.filter(need=need, line=line, scenario=scenario)
    return rows.row(0, named=True)


def test_the_matrix_has_a_column_for_each_strategy_zone_and_the_zones_together(toy):
    assert toy.matrix.columns == ["need", "government", "name", "measure", "line", "unit", "better", "baseline", *COLUMNS]
    assert toy.matrix.height == len(toy.needs.rows)
    assert toy.unsolved == {}
    assert toy.warnings == ()


def test_the_baselines_value_added_is_the_data(toy, toy_region):
    inside = toy_region.members("province", "A")
    assert cell(toy, "links", "7", "a.open")["baseline"] == pytest.approx(toy_region.fact("value_added")[inside].sum() / 1000.0, rel=1e-12)


def test_nothing_happens_at_the_baseline(toy):
    context = Runner.of(toy.baseline).baseline_context()
    for row in toy.needs.rows:
        if row.measure.change and (value := row.measure(context, row.arguments)).number is not None:
            assert value.number == pytest.approx(0.0, abs=1e-9), row.key


def test_a_strategy_has_no_multiplier_and_says_why(toy):
    found = cell(toy, "growth", "2", "a.open")
    assert (found["change"], found["status"]) == (None, "undefined")
    assert found["note"] == "measured for zones only: a strategy acts outside the zone as well"


def test_what_no_lever_reaches_is_zero_by_construction(toy):
    found = cell(toy, "ideas", "3", "a.open")
    assert (found["change"], found["status"]) == (0.0, "zero_by_construction")
    assert found["note"] == "R&D spending moves by research levers alone, and none is pulled"
    assert cell(toy, "ideas", "3", "b.research")["change"] == pytest.approx(0.4)  # 2 % of value added, a fifth more


def test_shapley_shares_add_up_to_the_joint_effect(toy):
    sums = toy.shapley.group_by("need", "line", maintain_order=True).agg(pl.col("share").sum(), pl.col("note").first())
    joint = dict(zip(zip(toy.matrix["need"], toy.matrix["line"], strict=True), toy.matrix["new_town"], strict=True))
    whole = {(need, line): share for need, line, share, note in sums.iter_rows() if not note}
    assert len(whole) > 30
    for key, share in whole.items():
        assert share == pytest.approx(joint[key], rel=1e-9, abs=1e-9), key


def test_the_joint_column_is_not_the_sum_of_its_zones(toy):
    row = toy.matrix.filter(need="growth", line="1").row(0, named=True)
    parts = row["zone.open"] + row["zone.innovation"] + row["zone.land"]
    assert row["new_town"] == pytest.approx(parts, rel=0.2)
    assert row["new_town"] != pytest.approx(parts, rel=1e-4)


def test_zone_results_say_where_it_came_from_and_add_up(toy):
    rows = toy.zone_results.filter(scenario="new_town")
    assert rows["group"].to_list() == ["zone", "zone", "province", "province", "elsewhere", "net"]
    for column in ("value_added", "welfare"):
        parts = rows.filter(pl.col("group") != "net")[column].sum()
        assert parts == pytest.approx(rows.filter(group="net")[column].item(), rel=1e-9)
    assert rows.filter(group="net")["value_added"].item() == pytest.approx(cell(toy, "growth", "1", "new_town")["change"])
    assert rows.filter(group="net")["welfare"].item() == pytest.approx(cell(toy, "people", "5", "new_town")["change"])


def test_zone_rows_are_named_by_what_they_are(toy):
    rows = toy.zone_results.filter(scenario="new_town")
    assert rows["name"].to_list()[:3] == ["gained in Place ZA", "gained in Place ZB", "rest of A"]
    assert rows["name_zh"].to_list()[-2:] == ["大陆其他地区", "净额"]
    assert toy.zone_facts["name"].to_list()[:3] == ["Place ZA", "Place ZB", "both sides"]


def test_zone_facts_stand_for_the_baseline_and_every_zone(toy):
    assert toy.zone_facts["scenario"].unique(maintain_order=True).to_list() == ["baseline", *COLUMNS[2:]]
    assert (toy.zone_facts["excess_commuting"] >= 0).all()
    assert (toy.zone_facts["excess_commuting"] < 1).all()


def test_origins_welfare_adds_up_to_the_mainlands(toy):
    money = toy.origins.filter(scenario="new_town", mainland=True)["ev_bn"].sum()
    assert money == pytest.approx(cell(toy, "people", "5", "new_town")["change"])


def test_places_welfare_and_value_added_add_up(toy):
    rows = toy.places_change.filter(scenario="a.open")
    assert rows.height == 13
    assert rows["value_added_change"].sum() / 1000.0 == pytest.approx(cell(toy, "growth", "1", "a.open")["change"])
    assert rows["welfare_change"].sum() / 1000.0 == pytest.approx(cell(toy, "people", "5", "a.open")["change"])
    assert not rows["inferred"].any()


def test_each_cell_names_the_mechanism_that_moves_it(toy):
    rows = toy.mechanisms
    assert rows.height == len(toy.needs.rows) * len(COLUMNS)
    said = rows.filter(need="ideas", line="3", scenario="new_town").row(0, named=True)
    assert said["mechanism"] == "research"
    alone = toy.mechanisms_alone.filter(need="growth", line="1", scenario="new_town")
    assert sorted(alone["mechanism"]) == ["goods", "land", "productivity", "research"]
    # a mechanism that is a zone of its own does what that zone does
    land = alone.filter(mechanism="land")["change"].item()
    assert land == pytest.approx(cell(toy, "growth", "1", "zone.land")["change"])


def test_opening_everything_is_labelled_an_upper_bound(toy):
    rows = toy.opening
    assert list(zip(rows["flow"], rows["part"], rows["upper_bound"], strict=True)) == [
        ("commuting", "provincial_part", False), ("commuting", "everything", True),
        ("trade", "provincial_part", False), ("trade", "everything", True),
    ]  # fmt: skip
    assert "upper bound" in rows["name"][1]
    assert "上限" in rows["name_zh"][1]
    assert rows["commuters_after"][1] > rows["commuters_after"][0] > rows["commuters_before"][0]


def test_shadow_price_is_the_gain_from_a_little_more_land(toy, toy_region):
    """dEV/d log land over its area, against a release of 0.01 % in each place of A: one per cent of slack for the curvature."""
    lever = {"lever": "land", "in": {"level": "province", "is": "A"}, "multiply": 1.0001}
    scenario = read_scenario({"format": 1, "name": "a little land", "lever": [lever]}, toy_region)
    runner = Runner.of(toy.baseline)
    context = runner.context(runner.solve(scenario), "scenario")
    money = MEASURES["welfare"](context, {"of": context.mainland}).number
    land = toy_region.fact("construction_land")[toy_region.members("province", "A")].sum()
    assert money / (1e-4 * land) == pytest.approx(cell(toy, "space", "1", "a.open")["baseline"], rel=1e-3)


def test_the_lever_that_raises_value_added_does_so_alone(toy):
    found = toy.levers_found.filter(scenario="zone.innovation").row(0, named=True)
    assert found["place"] == "ZB"
    assert found["residual"] < 1e-9
    alone = toy.mechanisms_alone.filter(scenario="zone.innovation", need="growth", line="1")
    assert set(alone["mechanism"]) == {"research", "productivity"}


def test_assumptions_hold_parameters_and_levers_with_their_ranges(toy):
    row = toy.assumptions.filter(pl.col("name").str.starts_with("zone.innovation: productivity")).row(0, named=True)
    assert (row["value"], row["low"], row["high"], row["source"]) == (0.15, 0.1, 0.25, "assumption")
    assert "workplace_dispersion" in toy.assumptions["name"].to_list()


# ---------------------------------------------------------------- unsolved
def test_an_unsolved_column_is_empty_with_its_reason_and_the_others_stand(toy, monkeypatch):
    true = Runner.solve

    def solve(self, scenario, **options):
        return Solved(scenario, None, "not solved: made up") if scenario.id == "zone.land" else true(self, scenario, **options)

    monkeypatch.setattr(Runner, "solve", solve)
    found = appraise(toy.baseline)
    assert found.unsolved == {"zone.land": "not solved: made up"}
    assert found.scenarios["zone.land"] is None
    assert found.matrix["zone.land"].null_count() == found.matrix.height
    assert set(found.matrix_long.filter(scenario="zone.land")["status"]) == {"not_solved"}
    assert found.matrix["a.open"].to_list() == toy.matrix["a.open"].to_list()
    assert "zone.land" not in found.places_change["scenario"]
    assert set(found.shapley.filter(need="growth", line="1")["note"]) == {"undefined: not solved: made up (zone.land)"}
    assert found.shapley["share"].null_count() == found.shapley.height
    assert "zone.land has no certified solution: not solved: made up" in found.warnings


def test_a_row_that_nothing_moves_is_warned_of(toy, toy_region):
    lever = {"lever": "land", "place": "ZB", "multiply": 1.2}
    brought = read_scenario({"format": 1, "name": "land", "lever": [lever]}, toy_region)
    found = appraise(toy.baseline, {"land": replace(brought, kind="strategy")})
    assert "nothing moves line 3 of 'ideas' (research_intensity) in any column: check its sets and the levers" in found.warnings
    # A scenario that a user brings need not move every need.
    assert not any("nothing moves" in warning for warning in appraise(toy.baseline, {"land": brought}).warnings)
    assert found.matrix.columns[-1] == "land"
    assert found.shapley.is_empty()


def test_a_region_without_needs_shows_outcomes_by_jurisdiction():
    region = read_region(TOY / "region")
    scenario = read_scenario(TOY / "scenarios" / "3_land_release.toml", region)
    found = appraise(region, {"3_land_release": scenario})
    assert found.matrix["need"].unique(maintain_order=True).to_list() == ["whole", "A", "B"]
    # welfare in money from the reference solution's welfare ratios
    ratios = pl.read_csv(TOY / "solutions" / "3_land_release" / "origins.csv")
    got = found.origins.filter(scenario="3_land_release")
    for row in ratios.iter_rows(named=True):
        percent = 100.0 * (row["welfare_ratio_to_baseline"] - 1.0)
        assert got.filter(origin=row["origin"])["welfare_change_percent"].item() == pytest.approx(percent, abs=1e-9)
    with pytest.raises(PolicyError, match="the region has no strategies or zones, and no scenario is given"):
        appraise(region)


# -------------------------------------------------------------- invariance
def changes(appraisal) -> pl.DataFrame:
    return appraisal.matrix.select("need", "line", "unit", "baseline", *COLUMNS[:2])


def few(region):
    from bridgehead.policy import scenarios_of

    found = scenarios_of(region)
    return {name: found[name] for name in COLUMNS[:2]}


def test_the_unit_of_money_changes_nothing_but_money(toy, tmp_path):
    folder = zone_toy(tmp_path / "region")
    facts = pl.read_csv(folder / "facts.csv", infer_schema_length=None, schema_overrides={"sector": pl.String})
    money = pl.col("variable").is_in(["value_added", "rent_home", "rent_work", "research_spending", "exports", "imports"])
    facts.with_columns(pl.when(money).then(pl.col("value") * 7.0).otherwise(pl.col("value"))).write_csv(folder / "facts.csv")
    region = read_region(folder)
    other, one = changes(appraise(region, few(region))), changes(toy)
    for name in ("baseline", *COLUMNS[:2]):
        factor = np.where(one["unit"].is_in(MONEY), 7.0, 1.0)
        got, expected = other[name].to_numpy(), one[name].to_numpy() * factor
        # the noise below which a denominator is no number is 0.05 bn of the currency, whatever that buys
        both = np.isfinite(expected)
        assert np.isfinite(got[both]).all()
        # solves agree to 1e-9 in logs; changes are small differences
        np.testing.assert_allclose(got[both], expected[both], rtol=1e-6, atol=1e-8, err_msg=name)


def test_the_order_of_places_changes_nothing(toy, tmp_path):
    folder = zone_toy(tmp_path / "region")
    places = pl.read_csv(folder / "places.csv")
    # A11, which has no primary sector, stays first: the model keeps its shape and is not compiled anew
    pl.concat([places[:1], places[1:].reverse()]).write_csv(folder / "places.csv")
    region = read_region(folder)
    assert region.place_ids != toy.baseline.region.place_ids
    other, one = changes(appraise(region, few(region))), changes(toy)
    for name in ("baseline", *COLUMNS[:2]):
        np.testing.assert_allclose(other[name].to_numpy(), one[name].to_numpy(), rtol=1e-6, atol=1e-8, equal_nan=True, err_msg=name)


# ----------------------------------------------------------------- writing
def test_the_folder_holds_every_table_twice_and_the_same_bytes_again(toy, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    files = write_appraisal(toy, first)
    write_appraisal(replace(toy, seconds={"calibrate": 1.0}), second)
    names = sorted(str(path.relative_to(first)) for path in files)
    assert names == sorted(str(path.relative_to(first)) for path in first.rglob("*") if path.is_file())
    assert {f"{name}.{end}" for name in TABLES for end in ("csv", "parquet")} <= set(names)
    assert {f"certificates/{name}.json" for name in ("baseline", *COLUMNS)} <= set(names)
    assert {f"solutions/{name}/places.parquet" for name in ("baseline", *COLUMNS)} <= set(names)
    assert {name.split("/")[1] for name in names if name.endswith("trade.parquet")} == {"baseline", "new_town"}
    differ = [name for name in names if (first / name).read_bytes() != (second / name).read_bytes()]
    assert differ == ["run.json"]
    assert pl.read_parquet(first / "matrix.parquet").equals(toy.matrix)
    assert json.loads((first / "certificates" / "new_town.json").read_text(encoding="utf-8"))["outcome"] == "solved"


def test_progress_reaches_its_end(toy, toy_progress):
    assert toy_progress[0] == (0, 24, "calibrating")
    assert toy_progress[-1] == (24, 24, "tables")
    assert [label for _, _, label in toy_progress[1:7]] == COLUMNS
