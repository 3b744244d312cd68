"""Ranges beside an appraisal: only those of the same region, plans, estimates and version."""

from __future__ import annotations

import json

import polars as pl
import pytest

from bridgehead.ensemble.attach import KEPT, read_ranges
from bridgehead.errors import DataError
from bridgehead.policy import read_scenario
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
