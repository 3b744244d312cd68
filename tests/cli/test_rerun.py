"""`rerun` gives every byte again, or says what changed; several starts agree where there is one equilibrium."""

from __future__ import annotations

import json
import shutil

import pytest

from bridgehead.cases import case_folder
from bridgehead.report.cli import run

TOY = case_folder("toy")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("solved") / "land"
    plan = str(TOY / "scenarios" / "3_land_release.toml")
    assert run(["solve", "toy", "--scenario", plan, "--out", str(out), "--csv", "--starts", "3"]) == 0
    return out


def test_the_same_input_gives_the_same_bytes(folder, capsys):
    assert run(["rerun", str(folder)]) == 0
    assert "every byte is the same" in capsys.readouterr().out


def test_a_changed_result_is_named(folder, tmp_path, capsys):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "places.csv").write_text("place\n", encoding="utf-8")
    assert run(["rerun", str(copy)]) == 1
    assert "places.csv" in capsys.readouterr().out


def test_changed_data_is_named_as_the_cause(folder, tmp_path, capsys):
    region = tmp_path / "region"
    shutil.copytree(TOY / "region", region)
    facts = region / "facts.csv"
    facts.write_text(facts.read_text(encoding="utf-8").replace(",1460182,", ",1460183,"), encoding="utf-8")
    origins = region / "origins.csv"
    origins.write_text(origins.read_text(encoding="utf-8").replace(",3241664", ",3241665"), encoding="utf-8")
    assert run(["rerun", str(folder), "--region", str(region)]) == 1
    assert "folder_hash: was" in capsys.readouterr().out


def test_a_folder_that_nobody_solved_is_refused(tmp_path, capsys):
    assert run(["rerun", str(tmp_path)]) == 1
    assert "cannot be run again" in capsys.readouterr().err


def test_starts_are_in_the_certificate(folder):
    certificate = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
    assert certificate["starts"] == 3
    assert certificate["spread"] == 0.0
