"""`bridgehead replicate`: its table, its files, and what it says without data."""

from __future__ import annotations

import json

import pytest

from bridgehead.errors import DataError
from bridgehead.models.published import NAMES, find
from bridgehead.report.cli import run


def test_the_table_stands_beside_the_published_figures(capsys, tmp_path):
    assert run(["replicate", "aa2014", "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "Allen & Arkolakis 2014" in said
    assert "9.5" in said
    assert "line-beta-0.3  ✓ certified" in said
    assert (tmp_path / "out" / "line-beta-0.1" / "summary.json").is_file()
    assert "seconds" in json.loads((tmp_path / "out" / "run.json").read_text())


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
