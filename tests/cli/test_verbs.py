"""The verbs on the toy region: what they print, what they write, and their documents for machines."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from bridgehead.cases import case_folder
from bridgehead.report.cli import run

SCENARIOS = case_folder("toy") / "scenarios"
SOLUTION = {"certificate.json", "inputs.json", "run.json", "scenario.toml"}
TABLES = {"places", "sectors", "origins", "people", "commuters", "trade"}


def document(capsys) -> dict:
    return json.loads(capsys.readouterr().out)


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def solutions(tmp_path_factory) -> Path:
    """The baseline and one scenario of the toy, solved by the command."""
    folder = tmp_path_factory.mktemp("solutions")
    assert run(["solve", "toy", "--out", str(folder / "base")]) == 0
    assert run(["solve", "toy", "--scenario", str(SCENARIOS / "3_land_release.toml"), "--out", str(folder / "land"), "--csv"]) == 0
    return folder


def test_solve_writes_the_solution_folder(solutions):
    assert names(solutions / "base") == SOLUTION - {"scenario.toml"} | {f"{table}.parquet" for table in TABLES}
    assert names(solutions / "land") == SOLUTION | {f"{table}.csv" for table in TABLES}
    certificate = json.loads((solutions / "land" / "certificate.json").read_text())
    assert certificate["outcome"] == "solved"
    # Times of day and seconds are in run.json alone.
    assert "seconds" in json.loads((solutions / "land" / "run.json").read_text())
    assert "seconds" not in certificate


def test_solve_prints_its_certificate_and_where_the_files_are(tmp_path, capsys):
    assert run(["solve", "toy", "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("✓ certified · distance ")
    assert f"{tmp_path / 'out'}: 9 files" in said


def test_the_same_input_gives_the_same_bytes(solutions, tmp_path):
    assert run(["solve", "toy", "--scenario", str(SCENARIOS / "3_land_release.toml"), "--out", str(tmp_path / "again"), "--csv"]) == 0
    for name in names(solutions / "land") - {"run.json"}:
        assert (tmp_path / "again" / name).read_bytes() == (solutions / "land" / name).read_bytes(), name


def test_an_unsolved_scenario_is_exit_code_2_and_writes_nothing(tmp_path, capsys):
    assert run(["solve", "toy", "--scenario", str(SCENARIOS / "9_isolated_common_pool.toml"), "--out", str(tmp_path / "out")]) == 2
    answer = capsys.readouterr()
    assert "no number of it is shown" in answer.err
    # The worst market and place are named.
    assert " at " in answer.err
    assert answer.out == ""
    assert list(tmp_path.iterdir()) == []


def test_closures_are_replaced_by_a_file(tmp_path, capsys):
    for closure in sorted((case_folder("toy") / "closures").glob("*.toml")):
        assert run(["solve", "toy", "--closure", str(closure), "--out", str(tmp_path / closure.stem), "--json"]) == 0
        assert document(capsys)["certificate"]["outcome"] == "solved"


def test_check_shows_the_accounts_and_what_is_observed(capsys):
    assert run(["check", "toy", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "12 places inside, 2 outside, 3 sectors, year 2023" in said
    assert "no place counted twice" in said
    assert "What is observed and what is inferred" in said
    assert run(["check", "toy", "--json"]) == 0
    found = document(capsys)
    assert found["places"] == 14
    assert {"name", "ok", "detail"} == set(found["audit"][0])
    assert {"total", "observed", "inferred"} == set(found["coverage"][0])


def test_calibrate_certifies_the_data_and_writes_on_request(tmp_path, capsys):
    assert run(["calibrate", "toy", "--json"]) == 0
    assert document(capsys)["certificate"]["outcome"] == "solved"
    assert run(["calibrate", "toy", "--out", str(tmp_path / "fit")]) == 0
    assert {"certificate.json", "places.parquet", "run.json"} <= names(tmp_path / "fit")


def test_compare_shows_inputs_beside_outputs(solutions, capsys):
    assert run(["compare", str(solutions / "base"), str(solutions / "land"), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "What differs in the inputs" in said
    assert "land, place ZB, multiply 1.2" in said
    assert run(["compare", str(solutions / "base"), str(solutions / "land"), "--json"]) == 0
    found = document(capsys)
    moved = {row["place"]: row["jobs_change"] for row in found["places"]}
    # The land is released at ZB, so jobs go there.
    assert max(moved, key=moved.get) == "ZB"


def test_compare_knows_the_region_of_a_solution_that_lies_in_an_appraisal(solutions, tmp_path, capsys):
    """Places have names, and whatever is inferred is known, though run.json is the appraisal's."""
    for name in ("base", "land"):
        shutil.copytree(solutions / name, tmp_path / "solutions" / name)
        (tmp_path / "solutions" / name / "run.json").rename(tmp_path / "run.json")
    assert run(["compare", *(str(tmp_path / "solutions" / name) for name in ("base", "land")), "--lang", "en"]) == 0
    assert "Place ZB (ZB)" in capsys.readouterr().out


def test_compare_names_a_folder_that_is_none(solutions, capsys):
    assert run(["compare", str(solutions / "base"), str(solutions / "none")]) == 1
    assert "no such folder; expected a folder that `bridgehead solve --out` wrote" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["ZB", "place zb"])
def test_explain_follows_the_chain_through_a_place(capsys, word):
    scenario = str(SCENARIOS / "1_commuting_doubled.toml")
    assert run(["explain", word, "--region", "toy", "--scenario", scenario, "--json"]) == 0
    found = document(capsys)
    assert found["place"] == "ZB"
    stages = list(dict.fromkeys(step["stage"] for step in found["steps"]))
    assert stages == ["lever", "flows", "market", "wage", "rent", "welfare"]
    assert all(step["equation"] and step["source"] for step in found["steps"])
    first = found["steps"][0]
    assert first["after"] == pytest.approx(2 * first["before"], rel=1e-12)


def test_explain_in_chinese_has_chinese_names_units_and_money(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")  # a narrow window breaks names over lines
    scenario = str(SCENARIOS / "1_commuting_doubled.toml")
    line = ["explain", "ZB", "--region", "toy", "--scenario", scenario, "--lang"]
    assert run([*line, "en"]) == 0
    english = capsys.readouterr().out
    assert run([*line, "zh"]) == 0
    chinese = capsys.readouterr().out
    for word in ("person", "yuan", "baseline", "minutes", "model page"):
        assert word in english
        assert word not in chinese
    millions, yi = (
        float(next(row for row in text.splitlines() if word in row).split(word)[1].split()[0].replace(",", ""))
        for text, word in ((english, "goods sold elsewhere"), (chinese, "对外销售"))
    )
    assert yi == pytest.approx(millions / 100, rel=0.01)


def test_explain_suggests_the_nearest_place_and_asks_for_a_scenario(capsys):
    assert run(["explain", "Place Z", "--region", "toy", "--scenario", "x.toml"]) == 1
    assert (
        "Place Z: there is no such place; expected an id or a name of places.csv. Did you mean Place ZA (ZA) or Place ZB (ZB)?"
        in capsys.readouterr().err
    )
    assert run(["explain", "ZB", "--region", "toy"]) == 1
    assert "no scenario is named, and the region has no zones of its own. Name one with --scenario" in capsys.readouterr().err


def test_new_makes_a_region_that_runs_and_overwrites_nothing(tmp_path, capsys):
    folder = tmp_path / "mine"
    assert run(["new", str(folder), "--json"]) == 0
    found = document(capsys)
    assert (folder / "region.toml").is_file()
    assert [command.split()[1] for command in found["commands"]] == ["check", "calibrate", "solve"]
    for command in found["commands"]:
        assert run([*command.split()[1:], "--json"]) == 0, command
    before = (folder / "region.toml").stat().st_mtime_ns
    assert run(["new", str(folder)]) == 1
    assert (folder / "region.toml").stat().st_mtime_ns == before


def test_appraise_leaves_an_unsolved_column_empty_and_shows_the_rest(tmp_path, capsys):
    wanted = [str(SCENARIOS / f"{name}.toml") for name in ("1_commuting_doubled", "9_isolated_common_pool")]
    arguments = ["appraise", "toy", "--out", str(tmp_path / "out"), "--lang", "en"]
    assert run([*arguments, "--scenario", wanted[0], "--scenario", wanted[1]]) == 2
    answer = capsys.readouterr()
    assert "[1/" in answer.err
    assert "✗ 1 of 2 columns certified" in answer.out
    assert "– #2: " in answer.out
    matrix = pl.read_parquet(tmp_path / "out" / "matrix.parquet")
    assert matrix["9_isolated_common_pool"].is_null().all()
    assert matrix["1_commuting_doubled"].is_not_null().any()
    assert {"report.html", "matrix.csv", "certificates/baseline.json", "run.json"} <= names(tmp_path / "out")
    assert not (tmp_path / "out" / "solutions" / "9_isolated_common_pool").exists()


def test_appraise_refuses_two_scenarios_of_one_name(tmp_path, capsys):
    same = str(SCENARIOS / "1_commuting_doubled.toml")
    assert run(["appraise", "toy", "--out", str(tmp_path / "out"), "--scenario", same, "--scenario", same]) == 1
    assert "1_commuting_doubled: two scenarios have this name" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_appraise_of_the_case_certifies_every_column_and_leaves_no_row_at_zero(tmp_path, capsys):
    assert run(["appraise", "--out", str(tmp_path / "out"), "--json"]) == 0
    found = document(capsys)
    assert found["unsolved"] == {}
    matrix = pl.DataFrame(found["matrix"], infer_schema_length=None)
    columns = matrix.columns[matrix.columns.index("baseline") + 1 :]
    assert len(columns) == 9 + 3 + 1
    assert columns[-1] == "sci_tech_city"
    assert matrix["need"].n_unique() == 12
    moved = matrix.select(pl.any_horizontal(pl.col(column).fill_null(0) != 0 for column in columns)).to_series()
    assert moved.all(), matrix.filter(~moved).select("need", "line")
    assert {"matrix.csv", "matrix_long.csv", "shapley.csv", "coverage.csv", "assumptions.csv", "report.html"} <= names(tmp_path / "out")
    assert {row["row"] for row in found["zone_results"]} >= {"net", "elsewhere"}


@pytest.mark.slow
def test_explain_of_the_case_takes_the_zones_together_and_chinese_names(capsys):
    assert run(["explain", "330482z", "--json"]) == 0
    assert document(capsys)["scenario"] == "sci_tech_city"


@pytest.mark.parametrize("case", ["toy", "yangtze"])
def test_check_speaks_chinese_in_every_line(case, capsys):
    """What is left in Latin letters are ids, numbers, units and file names."""
    assert run(["check", case, "--lang", "zh"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line[1:2] in "✓!–" and line.strip()]
    assert len(lines) >= 14
    assert all(re.search(r"[一-鿿]", line) for line in lines), [line for line in lines if not re.search(r"[一-鿿]", line)]
    assert not any(re.search(r"\b(the|of|no|within|places|all)\b", line.replace("in all", "")) for line in lines), lines


def test_compare_ranks_no_inferred_place_and_says_a_lever_in_one_line(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    region = Path(shutil.copytree(case_folder("toy") / "region", tmp_path / "mine"))
    facts = pl.read_csv(region / "facts.csv", infer_schema_length=None)
    guess = (pl.col("variable") == "value_added") & pl.col("place").is_in(["ZB", "B11"])
    facts.with_columns(pl.when(guess).then(pl.lit("inferred")).otherwise(pl.col("status")).alias("status")).write_csv(region / "facts.csv")
    for name, more in (("base", []), ("land", ["--scenario", str(SCENARIOS / "3_land_release.toml")])):
        assert run(["solve", str(region), "--out", str(tmp_path / name), *more]) == 0
    capsys.readouterr()
    assert run(["compare", str(tmp_path / "base"), str(tmp_path / "land")]) == 0
    lines = capsys.readouterr().out.splitlines()
    places = [found.group(1) for line in lines if (found := re.match(r" .*\(([ABZO]\w+)\)", line))]
    marked = [line for line in lines if "(inferred, not ranked)" in line]
    assert [re.search(r"\((\w+)\)", line).group(1) for line in marked] == ["ZB", "B11"] == places[-2:]  # last, in the order of places.csv
    assert sum("land, place ZB, multiply 1.2" in line for line in lines) == 1
    assert run(["compare", str(tmp_path / "base"), str(tmp_path / "land"), "--json"]) == 0
    assert document(capsys)["inferred"] == ["B11", "ZB"]
