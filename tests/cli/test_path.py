"""`bridgehead path` on the toy: what it writes, and what it says of bad years."""

from __future__ import annotations

import json

import polars as pl
import pytest

from bridgehead.report.cli import run

PLAN = """
format = 1
name = "Land from 2024"
from = 2024
[[lever]]
lever = "land"
place = "ZB"
multiply = 1.5
"""
CSV = ("path", "origins", "totals", "growth", "sectors", "ideas", "fit", "fit_summary", "idea_fit", "parameters", "certificates")
FILES = {
    "budgets.csv",
    "budgets_summary.csv",
    *(f"{name}.csv" for name in CSV),
    *(f"{name}.parquet" for name in ("path", "places", "origins", "ideas")),
    "inputs.json",
    "run.json",
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    path = tmp_path_factory.mktemp("plan") / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_a_path_with_a_scenario(plan, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(["path", "toy", "--scenario", str(plan), "--until", "2025", "--out", str(out), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["years"] == [2023, 2024, 2025]
    assert said["fit"] == []
    assert {path.name for path in out.iterdir()} == FILES | {"scenario.toml"}
    table = pl.read_csv(out / "path.csv")
    assert table.columns == ["year", "level", "jurisdiction", "variable", "unit", "baseline", "scenario", "change"]
    changed = table.filter(pl.col("change").abs() > 1e-6)
    assert changed["year"].min() == 2024
    assert set(pl.read_csv(out / "certificates.csv")["outcome"]) == {"solved"}
    parameters = pl.read_csv(out / "parameters.csv")
    assert parameters.columns == ["name", "value", "low", "high", "source"]
    assert "mover_share" in parameters["name"].to_list()


def test_the_same_input_gives_the_same_bytes(plan, tmp_path):
    for name in ("a", "b"):
        assert run(["path", "toy", "--scenario", str(plan), "--until", "2024", "--out", str(tmp_path / name)]) == 0
    for path in (tmp_path / "a").iterdir():
        if path.name != "run.json":
            assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_it_says_plainly_what_is_assumed_and_that_nothing_checks_it(tmp_path, capsys):
    assert run(["path", "toy", "--until", "2024", "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    answer = capsys.readouterr()
    assert answer.out.startswith("✓ 2 years certified")
    assert (
        "Assumed, for the region gives no value of its own: productivity_trend, research_decay, research_growth, idea_diffusion, mover_share"
        in answer.out
    )
    assert "No check against later data" in answer.out
    assert "[2/2] baseline 2024" in answer.err
    assert run(["path", "toy", "--until", "2024", "--out", str(tmp_path / "zh"), "--lang", "zh"]) == 0
    assert "年份均已认证" in capsys.readouterr().out


def test_bad_years_are_faults_and_nothing_is_written(tmp_path, capsys):
    assert run(["path", "toy", "--from", "2030", "--until", "2020", "--step", "0", "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "the path ends in 2020, before it starts in 2030" in said
    assert "the step is 0 years" in said
    assert list(tmp_path.iterdir()) == []


def test_a_scenario_that_ends_before_it_starts_is_a_fault(plan, tmp_path, capsys):
    bad = tmp_path / "bad.toml"
    bad.write_text(PLAN.replace("from = 2024", "from = 2024\nuntil = 2023"), encoding="utf-8")
    assert run(["path", "toy", "--scenario", str(bad), "--out", str(tmp_path / "out")]) == 1
    assert "`until` (2023) is before `from` (2024)" in capsys.readouterr().err


def test_movers_who_look_ahead_have_a_certificate_of_their_own(plan, tmp_path, capsys):
    out = tmp_path / "out"
    call = ["path", "toy", "--scenario", str(plan), "--movers", "forward", "--from", "2024", "--until", "2026", "--out", str(out)]
    assert run([*call, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "Land from 2024: movers look ahead" in said
    table = pl.read_csv(out / "certificates.csv")
    whole = table.filter(pl.col("year").is_null())
    assert whole["path"].to_list() == ["baseline", "scenario"]
    assert set(table["outcome"]) == {"solved"}
    assert whole["estimated_distance"].max() < 1e-8
    assert pl.read_csv(out / "path.csv")["year"].unique(maintain_order=True).to_list() == [2024, 2025, 2026]
    inputs = json.loads((out / "inputs.json").read_text(encoding="utf-8"))
    assert inputs["movers"] == "forward"
    assert inputs["solved_years"][:2] == [2023, 2024]
    assert inputs["solved_years"][-1] > 2050
    assert run(["path", "toy", "--movers", "forwards", "--out", str(tmp_path / "no")]) == 1
    assert "unknown movers 'forwards'" in capsys.readouterr().err
    assert not (tmp_path / "no").exists()


def test_a_lever_that_never_acts_is_named(plan, tmp_path, capsys):
    late = tmp_path / "late.toml"
    late.write_text(PLAN.replace("from = 2024", "from = 2060"), encoding="utf-8")
    assert run(["path", "toy", "--scenario", str(late), "--until", "2025", "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    assert "lever 1, lever 'land', acts in no year of the path" in capsys.readouterr().out


def test_a_start_before_the_data_is_a_fault(tmp_path, capsys):
    assert run(["path", "toy", "--from", "2010", "--out", str(tmp_path / "out")]) == 1
    assert "the path starts in 2010, before the data, which are of 2023" in capsys.readouterr().err
