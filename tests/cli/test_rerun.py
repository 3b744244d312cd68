"""`rerun` gives every byte again, or says what changed; several starts agree where there is one equilibrium."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from bridgehead.cases import case_folder
from bridgehead.report.cli import run
from bridgehead.version import VERSION

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


@pytest.fixture
def copy(folder, tmp_path):
    """A copy of the result, to be tampered with."""
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def rewrite(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(copy, capsys, *options):
    """What `rerun` says of a result that is no longer the same."""
    assert run(["rerun", str(copy), *options]) == 1
    return capsys.readouterr().out


def test_a_byte_changed_in_the_result_is_named_as_that(copy, capsys):
    content = (copy / "places.csv").read_bytes()
    (copy / "places.csv").write_bytes(content.replace(b"1", b"2", 1))
    said = told(copy, capsys)
    assert "1 of 9 files are not the same: places.csv" in said
    assert "places.csv has been changed since" in said
    assert "libraries" not in said


def test_a_file_that_is_gone_is_named(copy, capsys):
    (copy / "trade.csv").unlink()
    assert "trade.csv is gone" in told(copy, capsys)


def test_another_scenario_is_named_as_the_cause(copy, capsys):
    rewrite(copy / "scenario.toml", "multiply = 1.2", "multiply = 1.3")
    assert "scenario.toml has been changed since" in told(copy, capsys)


def test_another_scenario_is_found_out_without_checksums_too(copy, capsys):
    rewrite(copy / "scenario.toml", "multiply = 1.2", "multiply = 1.3")
    made = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    del made["files"]
    (copy / "run.json").write_text(json.dumps(made), encoding="utf-8")
    assert "the scenario: what was solved is not what the folder's scenario says now" in told(copy, capsys)


def test_another_version_and_another_library_are_named(copy, capsys):
    made = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    made["version"], made["libraries"]["scipy"] = "0.0.1", "1.0.0"
    (copy / "run.json").write_text(json.dumps(made), encoding="utf-8")
    rewrite(copy / "certificate.json", f'"version": "{VERSION}"', '"version": "0.0.1"')
    said = told(copy, capsys)
    assert f"version 0.0.1 made it, this is {VERSION}" in said
    assert "scipy 1.0.0 made it, this is" in said


@pytest.mark.parametrize(
    ("text", "said"), [("{", "not valid JSON"), ("[1]", "which verb made it"), ('{"verb": "solve"}', "no 'region_folder'")]
)
def test_a_run_that_does_not_say_how_it_was_made_is_refused(copy, capsys, text, said):
    (copy / "run.json").write_text(text, encoding="utf-8")
    assert run(["rerun", str(copy)]) == 1
    assert said in capsys.readouterr().err


def test_a_replication_is_run_again_from_its_data(tmp_path, capsys):
    data = tmp_path / "a.csv"
    draw = np.random.default_rng(1).standard_normal(16)
    data.write_text("\n".join(str(value) for value in draw), encoding="utf-8")
    out = tmp_path / "grid"
    assert run(["replicate", "rrh2017", "--data", str(data), "--out", str(out)]) == 0
    assert run(["rerun", str(out)]) == 0
    data.write_text("\n".join(str(value) for value in 1.01 * draw), encoding="utf-8")
    capsys.readouterr()
    assert "the published data: a.csv has been changed since" in told(out, capsys)


def test_changed_data_is_named_as_the_cause(folder, tmp_path, capsys):
    region = tmp_path / "region"
    shutil.copytree(TOY / "region", region)
    facts = region / "facts.csv"
    facts.write_text(facts.read_text(encoding="utf-8").replace(",1460182,", ",1460183,"), encoding="utf-8")
    origins = region / "origins.csv"
    origins.write_text(origins.read_text(encoding="utf-8").replace(",3241664", ",3241665"), encoding="utf-8")
    assert run(["rerun", str(folder), "--region", str(region)]) == 1
    assert "the region's data (folder_hash): was" in capsys.readouterr().out


def test_a_changed_parameter_is_named(folder, tmp_path, capsys):
    region = tmp_path / "region"
    shutil.copytree(TOY / "region", region)
    rewrite(region / "parameters.toml", "value = 4.6", "value = 4.7")
    assert "parameters.workplace_dispersion: was 4.6, is 4.7" in told(folder, capsys, "--region", str(region))


def test_a_folder_that_nobody_solved_is_refused(tmp_path, capsys):
    assert run(["rerun", str(tmp_path)]) == 1
    assert "cannot be run again" in capsys.readouterr().err


def test_starts_are_in_the_certificate(folder):
    certificate = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
    assert certificate["starts"] == 3
    assert certificate["spread"] == 0.0
