"""`bridgehead replicate`: its table, its files, and what it says without data."""

from __future__ import annotations

import json

import pytest

from bridgehead.errors import DataError
from bridgehead.models.published import NAMES, find, mrrh2018, rrh2017
from bridgehead.report.cli import run
from bridgehead.report.figures.words import load_text


def test_the_table_stands_beside_the_published_figures(capsys, tmp_path):
    assert run(["replicate", "aa2014", "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "Allen & Arkolakis 2014" in said
    assert "9.5" in said
    assert "line-beta-0.3  ✓ certified" in said
    assert (tmp_path / "out" / "line-beta-0.1" / "summary.json").is_file()
    assert "seconds" in json.loads((tmp_path / "out" / "run.json").read_text())


def test_many_certificates_are_summed_up_and_each_warning_is_said_once(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    counties = mrrh2018.synthetic_counties(24, seed=3)
    monkeypatch.setattr(mrrh2018, "folder_of_data", lambda *_: tmp_path)
    monkeypatch.setattr(mrrh2018, "read_germany", lambda _: counties)
    assert run(["replicate", "mrrh2018", "--data", str(tmp_path), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "28 of 28 solves certified · worst of all: distance" in said
    assert "welfare, %" in said
    assert said.count("nearly separate block 1") == 1
    assert "in observed-psi0.42-both, observed-psi0.42-both-deflated" in said


@pytest.mark.parametrize("name", ["aa2014", "tz2019"])
def test_in_chinese_title_heads_and_notes_are_chinese(capsys, name):
    assert run(["replicate", name, "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "论文值" in said
    assert ("谱半径不超过 1" if name == "aa2014" else "不声称复现任何论文数值") in said


def test_every_note_and_heading_has_its_chinese():
    words = load_text("replicate")
    notes = [*(f"Numeraire: {mrrh2018.NUMERAIRES['nominal']}.", f"Deflated: {mrrh2018.NUMERAIRES['deflated']}."), rrh2017.EXCHANGED]
    for note in notes:
        assert any(note.startswith(each["en"]) for each in words["notes"].values()), note
    assert set(words["titles"]) == set(NAMES)


def test_the_document_for_machines(capsys):
    assert run(["replicate", "aa2014", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["table"][0] == {
        "figure": "radius: helpman",
        "setting": "σ 5, goods share 0.75",
        "ours": pytest.approx(1.0),
        "published": 1.0,
    }
    assert document["certificates"]["line-beta-0.1"]["outcome"] == "solved"
    assert document["unsolved"] == {}


def test_without_data_it_says_where_to_get_them_and_writes_nothing(capsys, tmp_path):
    assert run(["replicate", "mrrh2018", "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "commuting_wide.csv" in said
    assert "github.com/Ahlfeldt/MRRH2018-toolkit" in said
    assert not (tmp_path / "out").exists()


def test_an_unknown_model_is_named_with_the_nearest(capsys):
    assert run(["replicate", "mrrh2028"]) == 1
    assert "did you mean 'mrrh2018'?" in capsys.readouterr().err.lower().replace("’", "'")


def test_every_name_is_known_and_others_are_not():
    assert NAMES == ("mrrh2018", "rrh2017", "aa2014", "arsw2015", "tz2019")
    with pytest.raises(DataError):
        find("germany")
