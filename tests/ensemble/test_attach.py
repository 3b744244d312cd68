"""Ranges beside an appraisal: only those of the same region, plans, estimates and version."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest

from bridgehead.cases import case_folder
from bridgehead.ensemble.attach import AGREE, KEPT, read_ranges
from bridgehead.errors import DataError
from bridgehead.policy import read_scenario
from bridgehead.region import read_region
from bridgehead.report.commands.appraise import case_ranges
from ensemble.conftest import SCENARIOS


@pytest.fixture
def folder(toy_plan, tmp_path):
    """What a finished ensemble holds, as far as ranges go."""
    plan = toy_plan()
    rows = [
        {"need": r.need, "line": r.line, "scenario": s, "default": 1.0, "median": 1.0, "p5": -0.5, "p95": 2.0, "positive": 0.8, "draws": 4}
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


def test_the_first_number_that_is_not_the_appraisals_is_named(delta):
    found = case_ranges(delta)
    matrix = found.table.select("need", "line", "scenario", pl.col("default").alias("change"))
    assert found.disagreement(matrix) is None
    nearly = matrix.with_columns(pl.col("change") * (1 + AGREE / 2))
    assert found.disagreement(nearly) is None
    row = found.table.filter(pl.col("default").abs() > 1).row(7, named=True)
    here = (pl.col("need") == row["need"]) & (pl.col("line") == row["line"]) & (pl.col("scenario") == row["scenario"])
    for change in (pl.col("change") * (1 + 2 * AGREE), None):
        said = found.disagreement(matrix.with_columns(pl.when(here).then(change).otherwise(pl.col("change")).alias("change")))
        assert said is not None
        assert said.startswith(f"{row['need']} {row['line']} {row['scenario']} is {row['default']}")
