"""`bridgehead optimise`: the plan it writes is one that `solve` reproduces, and what it cannot do it says at once."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "appraise"))

from bridgehead.report.cli import run

PROBLEM = """
format = 1
name = "Two places"
name_zh = "两地"
plan = "zone.open"
raise = "welfare"
keep = ["growth"]
front = ["links:7", "growth:3"]
points = 3
[land]
km2 = 6.0
places = ["A11", "B11"]
"""


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    from zone_toy import zone_toy

    return zone_toy(tmp_path_factory.mktemp("town") / "region")


@pytest.fixture(scope="module")
def problem(tmp_path_factory):
    path = tmp_path_factory.mktemp("problem") / "two.toml"
    path.write_text(PROBLEM, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def out(region, problem, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans") / "two"
    assert run(["optimise", str(region), "--problem", str(problem), "--out", str(folder)]) == 0
    return folder


def test_solve_reproduces_the_plan_to_the_last_byte(region, out, tmp_path):
    assert run(["solve", str(region), "--scenario", str(out / "optimum.toml"), "--out", str(tmp_path / "again")]) == 0
    written = sorted(path.name for path in (out / "solutions" / "optimum").iterdir())
    assert len(written) >= 8
    for name in written:
        assert (tmp_path / "again" / name).read_bytes() == (out / "solutions" / "optimum" / name).read_bytes(), name


def test_the_tables_say_what_was_chosen_and_what_it_brings(out):
    choice = pl.read_csv(out / "choice.csv")
    assert choice["what"].to_list() == ["A11", "B11"]
    assert choice["optimum"].sum() == pytest.approx(6.0)
    measures = pl.read_csv(out / "measures.csv")
    assert dict(zip(measures["need"], measures["role"], strict=False))["welfare"] == "raise"
    assert measures.filter(pl.col("role") == "keep")["need"].to_list() == ["growth"]
    assert pl.read_csv(out / "front.csv").height >= 2


def test_it_can_be_run_again(out, capsys):
    assert run(["rerun", str(out)]) == 0
    assert capsys.readouterr().out.startswith("✓ ")


def test_it_answers_people_in_both_languages_and_machines(region, problem, capsys):
    for lang, words in (("en", ("Two places", "a local optimum", "Pareto front")), ("zh", ("两地", "局部最优", "帕累托前沿"))):
        assert run(["optimise", str(region), "--problem", str(problem), "--lang", lang]) == 0
        shown = capsys.readouterr().out
        assert all(word in shown for word in words), shown
    assert run(["optimise", str(region), "--problem", str(problem), "--starts", "2", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["local_optimum"] is True
    assert said["certificate"]["outcome"] == "solved"
    assert [row["start"] for row in said["starts"]] == ["even", "random 1"]
    assert "[[lever]]" in said["scenario"]


def test_options_say_what_a_file_would(region, capsys):
    line = ["optimise", str(region), "--plan", "zone.open", "--land", "6", "--where", "A11,B11", "--raise", "growth", "--json"]
    assert run(line) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["raise"]["need"] == "growth"
    assert sum(row["optimum"] for row in said["choice"]) == pytest.approx(6.0)
    assert run(["optimise", str(region), "--plan", "zone.open", "--research", "20", "--where", "province:A", "--json"]) == 0
    assert {row["kind"] for row in json.loads(capsys.readouterr().out)["choice"]} == {"research"}


def test_faults_are_listed_before_anything_is_calibrated(region, tmp_path, capsys):
    line = ["optimise", str(region), "--raise", "welfaer", "--keep", "growth:8", "--plan", "zone.opn", "--out", str(tmp_path / "out")]
    assert run(line) == 1
    said = capsys.readouterr().err
    for part in ("no need or line is called 'welfaer'. Did you mean 'welfare'?", "growth:8", "there is no plan 'zone.opn'"):
        assert part in said
    assert run(["optimise", str(region), "--than", "yesterday"]) == 1
    assert "`than` is 'yesterday'" in capsys.readouterr().err
    assert run(["optimise", str(region), "--where", " , "]) == 1
    assert "names nothing" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_kept_is_exit_code_2_and_writes_nothing(region, tmp_path, capsys):
    line = ["optimise", str(region), "--plan", "a.open", "--land", "0.01", "--where", "B11,B12", "--keep", "space:2", "--than", "baseline"]
    assert run([*line, "--out", str(tmp_path / "out")]) == 2
    assert "the closest one misses" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("above", "below", "english", "chinese"),
    [
        ("bn yuan/year", "share", 1.0, 10.0),  # 1 bn = 10 亿 for a share that both show alike
        ("bn yuan/year", "bn yuan/year", 1.0, 1.0),  # money for money has no unit
        ("bn yuan/year", "m yuan/(km2 year)", 1.0, 0.1),  # 10 亿 for a price of 1 m = 100 万 a km²
        ("bn yuan/year", "million_yuan/year", 1.0, 1000.0),  # 10 亿 for 1 m = 0.01 亿 of research
    ],
)
def test_a_rate_of_exchange_is_in_the_units_that_are_shown(above, below, english, chinese):
    from bridgehead.report.figures.numbers import amount, per, unit_of

    shown = amount(1.0, per(unit_of(above), unit_of(below)), named=False)
    assert [float(text.replace(",", "")) for text in shown] == pytest.approx([english, chinese])


def test_research_money_is_shown_in_each_language_s_unit(region, capsys):
    """20 m yuan a year are 0.2 亿元; what one more is worth goes the other way."""
    line = ["optimise", str(region), "--plan", "zone.open", "--research", "20", "--where", "A11"]
    said = {}
    for lang in ("en", "zh"):
        assert run([*line, "--lang", lang]) == 0
        said[lang] = capsys.readouterr().out
    assert "20.0 m yuan a year of research" in said["en"]
    assert "0.200亿元/年研发经费" in said["zh"]
    row = {lang: next(line.split() for line in text.splitlines() if "A11" in line) for lang, text in said.items()}
    assert [row["en"][3], row["zh"][3]] == ["20.0", "0.200"]
    assert float(row["zh"][-1]) == pytest.approx(1000 * float(row["en"][-1]), rel=0.02)  # three digits
