"""The list of `bridgehead doctor`."""

from __future__ import annotations

import io
import sys

import pytest

from bridgehead.report import doctor


def test_every_line_says_what_was_found_and_every_fault_its_cure(tmp_path, monkeypatch):
    monkeypatch.setenv("BRIDGEHEAD_CACHE", str(tmp_path))
    findings = doctor.examine()
    assert len(findings) == 9
    for finding in findings:
        assert finding.name
        assert finding.name_zh
        assert finding.found
        assert finding.state in ("fine", "note", "fault")
        assert bool(finding.cure) == (finding.state != "fine")


def test_an_examination_that_fails_is_a_line_of_the_list(monkeypatch):
    def broken():
        raise RuntimeError("no such thing")

    finding = doctor._safely(broken)
    assert (finding.state, finding.found) == ("fault", "RuntimeError: no such thing")


def test_a_terminal_that_cannot_show_chinese_is_told(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    finding = doctor._encoding()
    assert (finding.state, finding.found) == ("fault", "ascii")
    assert "PYTHONIOENCODING=utf-8" in finding.cure


def test_a_cache_that_cannot_be_written_is_a_note_for_results_do_not_need_it(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("BRIDGEHEAD_CACHE", str(tmp_path / "file" / "cache"))
    finding = doctor._cache()
    assert finding.state == "note"
    assert "BRIDGEHEAD_CACHE" in finding.cure


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_is_what_is_free():
    assert 0.01 < doctor.memory_gib() < 1e5
    assert doctor.usable_cores() >= 1
