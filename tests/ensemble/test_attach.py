"""Ranges beside an appraisal: only those of the same region, plans, estimates and version."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import polars as pl
import pytest

from bridgehead.cases import case_folder
from bridgehead.ensemble.attach import AGREE, KEPT, ranges_among, read_ranges
from bridgehead.errors import DataError
from bridgehead.policy import read_scenario
from bridgehead.region import read_region
from bridgehead.report.ranges import agreeing, case_ranges
from bridgehead.report.shell import Shell
from ensemble.conftest import SCENARIOS


@pytest.fixture
def folder(toy_plan, tmp_path):
    """What a finished ensemble holds, as far as ranges go."""
    plan = toy_plan()
    rows = [
        {
            "need": r.need,
            "line": r.line,
            "scenario": s,
            "default": 1.0,
            "median": 1.0,
            "p5": -0.5,
            "p95": 2.0,
            "positive": 0.8,
            "negative": 0.2,
            "draws": 4,
        }
        for r in plan.needs.rows
        for s in plan.columns.columns
    ]
    pl.DataFrame(rows).write_parquet(tmp_path / "ranges.parquet")
    (tmp_path / "manifest.json").write_text(json.dumps(plan.manifest), encoding="utf-8")
    return tmp_path


@pytest.fixture
def scenarios(toy_region):
    return {path.stem: read_scenario(path, toy_region) for path in SCENARIOS}


def test_an_appraisal_keeps_the_ranges_and_can_be_run_again_from_them(folder, toy_region, scenarios, tmp_path_factory):
    found = read_ranges(folder, toy_region, scenarios)
    kept = tmp_path_factory.mktemp("appraisal")
    found.write(kept)
    again = read_ranges(kept, toy_region, scenarios)
    assert again.table.equals(found.table)
    assert (kept / KEPT).is_file()
    assert (kept / "ranges.csv").is_file()


def test_ranges_of_other_plans_or_data_are_refused_with_every_reason(folder, toy_region, scenarios):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"region_hash": "other", "version": "0"}), encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_ranges(folder, toy_region, {"3_land_release": scenarios["3_land_release"]})
    said = str(error.value)
    for what in ("another version of the program", "other data of the region", "other scenarios"):
        assert what in said
    assert "other estimates" not in said


def test_a_folder_without_ranges_is_named(tmp_path, toy_region):
    with pytest.raises(DataError, match="holds no ranges of an ensemble"):
        read_ranges(tmp_path, toy_region)


@pytest.fixture(scope="module")
def delta():
    return read_region(case_folder("yangtze") / "region")


def test_the_ranges_that_come_with_the_case_are_of_its_data_and_of_this_version(delta, toy_region):
    found = case_ranges(delta)
    assert found is not None, "the case's data or the version have changed: make ranges"
    assert found.manifest["ask"]["draws"] == found.table["draws"].max() == 1000
    assert set(found.table["scenario"]) == set(found.manifest["columns"])
    assert case_ranges(toy_region) is None


def test_ranges_of_changed_data_are_not_shown(delta):
    assert case_ranges(replace(delta, folder_hash="changed")) is None


def changed(matrix, row, change):
    here = (pl.col("need") == row["need"]) & (pl.col("line") == row["line"]) & (pl.col("scenario") == row["scenario"])
    return matrix.with_columns(pl.when(here).then(change).otherwise(pl.col("change")).alias("change"))


def test_a_cell_with_another_number_has_no_range_and_an_ensemble_of_other_numbers_none_at_all(delta):
    found = case_ranges(delta)
    matrix = found.table.select("need", "line", "scenario", pl.col("default").alias("change"))
    nearly = matrix.with_columns(pl.col("change") * (1 + AGREE / 2))
    for same in (matrix, nearly):
        kept, differing = found.of(same)
        assert kept.table.equals(found.table)
        assert differing == []
    row = found.table.filter(pl.col("default").abs() > 1).row(7, named=True)
    for change in (pl.col("change") * (1 + 2 * AGREE), pl.lit(0.0), None):
        kept, differing = found.of(changed(matrix, row, change))
        assert [(each.need, each.line, each.scenario, each.default) for each in differing] == [
            (row["need"], row["line"], row["scenario"], row["default"])
        ]
        assert kept.table.height == found.table.height - 1
    assert found.of(matrix.with_columns(pl.col("change") * 1.01))[0] is None
    some = replace(found, table=found.table.head(matrix.height // 2))
    assert some.of(matrix)[0] is None  # a table that was cut off


def test_what_was_left_out_is_told_in_the_language_of_the_reader(delta):
    found = case_ranges(delta)
    matrix = found.table.select("need", "line", "scenario", pl.col("default").alias("change"))
    row = found.table.filter(pl.col("default").abs() > 1).row(7, named=True)

    def told(table, lang="en"):
        return agreeing(Shell(lang=lang), found, SimpleNamespace(tables={"matrix_long": table}))

    assert told(matrix)[1] == ()
    kept, (notice,) = told(changed(matrix, row, pl.lit(0.0)))
    assert kept.table.height == matrix.height - 1
    assert notice.startswith(f"1 of {matrix.height} cells have no range")
    kept, (notice,) = told(matrix.with_columns(pl.col("change") * 2), "zh")
    assert kept is None
    assert "区间未列入" in notice
    assert not re.search("[a-z]{3,} (there|here|is|are) ", notice)


@pytest.mark.parametrize("broken", ["{", "[]", "null"])
def test_a_manifest_that_cannot_be_read_is_a_fault_and_ranges_beside_it_are_passed_over(folder, toy_region, scenarios, broken):
    (folder / KEPT).write_text(broken, encoding="utf-8")
    with pytest.raises(DataError, match="the ensemble cannot be used"):
        read_ranges(folder, toy_region, scenarios)
    assert ranges_among([folder], toy_region) is None


def test_a_table_without_a_column_is_a_fault(folder, toy_region, scenarios):
    pl.read_parquet(folder / "ranges.parquet").drop("default").write_parquet(folder / "ranges.parquet")
    with pytest.raises(DataError, match="no column default"):
        read_ranges(folder, toy_region, scenarios)
