"""Bad input through the command: exit code 1, a message with cause, place and cure, no traceback, and nothing written."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bridgehead.cases import case_folder
from bridgehead.report.cli import run

LEVER = 'format = 1\nname = "x"\n[[lever]]\n'


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A copy of the toy region that a test may spoil."""
    return Path(shutil.copytree(case_folder("toy") / "region", tmp_path / "toy"))


def edit(file: str, pattern: str, replacement: str | Callable[[re.Match], str]) -> Callable[[Path], None]:
    """Replace the first match in a file of the region."""

    def change(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        changed = re.sub(pattern, replacement, text, count=1, flags=re.MULTILINE)
        assert changed != text, "the test spoils nothing"
        path.write_text(changed, encoding="utf-8")

    return change


SPOILED = {
    "a negative population": (edit("facts.csv", r"^A11,residents,,2023,1460182", "A11,residents,,2023,-5"), ["facts.csv:2", "-5"]),
    "a missing place in one table": (edit("facts.csv", r"^A11,residents,.*\n", ""), ["facts.csv", "residents", "A11"]),
    "a duplicate": (edit("places.csv", r"^(A11,.*\n)", r"\1\1"), ["places.csv:3", "A11"]),
    "a wrong unit": (edit("facts.csv", r"1460182,person", "1460182,acre"), ["facts.csv:2", "acre"]),
    "a place with no land": (edit("places.csv", r"30.7703,90,", "30.7703,0,"), ["places.csv:2", "land_km2"]),
    "a number that is none": (edit("facts.csv", r"2023,1460182", "2023,nan"), ["facts.csv:2", "nan"]),
    "an unknown column": (edit("places.csv", r"^place,name", "place,nmae"), ["places.csv", "nmae", "Did you mean 'name'?"]),
    "an unknown key": (edit("region.toml", r"^year = ", "yaer = "), ["region.toml", "yaer", "Did you mean 'year'?"]),
    "a disconnected place": (edit("travel.csv", r"^A11,A12,.*$", "A11,A12,inf"), ["travel.csv:3", "inf"]),
    "a parameter that is not admissible": (
        edit("parameters.toml", r"(\[home_dispersion\].*\n)value = 1.5", r"\1value = 9.5"),
        ["parameters.toml", "home_dispersion"],
    ),
}


@pytest.mark.parametrize(("spoil", "said"), SPOILED.values(), ids=SPOILED)
def test_a_region_at_fault(toy, tmp_path, capsys, spoil, said):
    spoil(toy)
    assert run(["solve", str(toy), "--out", str(tmp_path / "out")]) == 1
    answer = capsys.readouterr()
    assert all(word in answer.err for word in said), answer.err
    assert "cannot be used" in answer.err
    assert "Traceback" not in answer.err
    assert answer.out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["toy"]


SCENARIOS = {
    "an unknown lever": (LEVER + 'lever = "lnad"\nplace = "ZB"\nmultiply = 1.2\n', ["lnad", "Did you mean 'land'?"]),
    "an unknown place": (LEVER + 'lever = "land"\nplace = "ZBB"\nmultiply = 1.2\n', ["ZBB", "Did you mean 'ZB'?"]),
    "an unknown key": (LEVER + 'lever = "land"\nplace = "ZB"\nmultipyl = 1.2\n', ["multipyl", "Did you mean 'multiply'?"]),
    "a number out of bounds": (LEVER + 'lever = "land"\nplace = "ZB"\nmultiply = -1.0\n', ["multiply"]),
    "no TOML at all": ("name = = 1\n", ["x.toml"]),
}


@pytest.mark.parametrize(("text", "said"), SCENARIOS.values(), ids=SCENARIOS)
def test_a_scenario_at_fault(tmp_path, capsys, text, said):
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    assert run(["solve", "toy", "--scenario", str(tmp_path / "x.toml"), "--out", str(tmp_path / "out")]) == 1
    answer = capsys.readouterr()
    assert all(word in answer.err for word in said), answer.err
    assert "x.toml" in answer.err
    assert answer.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["x.toml"]


def test_a_scenario_that_is_not_there(tmp_path, capsys):
    assert run(["solve", "toy", "--scenario", str(tmp_path / "none.toml"), "--out", str(tmp_path / "out")]) == 1
    assert "none.toml" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_every_fault_of_a_region_comes_in_one_message(toy, capsys):
    for spoil, _ in (SPOILED["a negative population"], SPOILED["a place with no land"], SPOILED["a parameter that is not admissible"]):
        spoil(toy)
    assert run(["check", str(toy)]) == 1
    said = capsys.readouterr().err
    assert all(file in said for file in ("facts.csv:2", "places.csv:2", "parameters.toml"))


def test_a_place_that_no_goods_reach(toy, tmp_path, capsys):
    path = toy / "trade_costs.csv"
    path.write_text(re.sub(r"^(A11,(?!A11)\w+|(?!A11)\w+,A11),.*$", r"\1,1e300", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert run(["solve", str(toy), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "no goods pass between A11 and the rest" in said
    assert "RuntimeWarning" not in said
    assert not (tmp_path / "out").exists()


def test_people_who_do_not_fit_the_homes_they_can_choose(toy, tmp_path, capsys):
    """The totals agree, but 5,000 people too many are registered where only O2 is open to them."""
    edit("origins.csv", "^A,A,3241664", "A,A,3236664")(toy)
    edit("origins.csv", r"^O2,O2,(\d+)", lambda found: f"O2,O2,{int(found.group(1)) + 5000}")(toy)
    assert run(["solve", str(toy), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "A, B, O1 are" in said
    assert "scale the origins to the residents" in said.lower()
    assert not (tmp_path / "out").exists()


def test_an_empty_name_is_not_the_folder_one_stands_in(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["solve", "toy", "--out", ""]) == 1
    assert "it is empty" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_results_folder_called_like_a_case_is_not_taken_for_it(tmp_path, monkeypatch, capsys):
    (tmp_path / "toy").mkdir()
    monkeypatch.chdir(tmp_path)
    assert run(["check", "toy"]) == 0
    assert "Toy delta" in capsys.readouterr().out
