"""Draws are kept whole or not at all, checked when read, and never mixed with another plan's."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import polars as pl
import pytest

from bridgehead.ensemble.again import _differing
from bridgehead.ensemble.store import Store, batches_of
from bridgehead.errors import DataError

MANIFEST = {
    "version": "1", "region_hash": "a", "factors": ["x"], "columns": ["s"], "backgrounds": {}, "scenarios": None, "estimates": None,
    "ask": {"draws": 4, "seed": 1}, "plan_hash": "p",
}  # fmt: skip


def batch(number: int) -> dict[str, bytes]:
    import io

    out = io.BytesIO()
    pl.DataFrame({"draw": [2 * number, 2 * number + 1]}).write_parquet(out)
    return {"draws": out.getvalue(), "cells": out.getvalue()}


@pytest.fixture
def store(tmp_path):
    made = Store.open(tmp_path / "e", MANIFEST)
    for number in (1, 0):
        made.add(number, batch(number))
    return made


def test_batches_come_back_in_order_whatever_order_they_came_in(store):
    assert store.done() == {0, 1}
    assert store.read("draws")["draw"].to_list() == [0, 1, 2, 3]
    again = Store.open(store.folder, MANIFEST)
    assert again.done() == {0, 1}


def test_a_batch_that_was_cut_off_or_changed_is_made_again(store):
    (store.folder / "batches" / ".00002.new").mkdir()
    (store.folder / "batches" / ".00002.new" / "draws.parquet").write_bytes(b"half")
    damaged = store.folder / "batches" / "00001" / "draws.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"!")
    assert store.done() == {0}
    assert not damaged.exists()
    store.add(1, batch(1))
    assert store.read("cells")["draw"].to_list() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"version": "2"}, "another version: 1; expected 2"),
        ({"region_hash": "b"}, "other data of the region"),
        ({"ask": {"draws": 4, "seed": 2}}, "its seed is 1; expected 2"),
        ({"factors": ["x", "y"]}, "other numbers that are drawn: x; expected x, y"),
        ({}, "other ranges or strengths"),
    ],
)
def test_another_plans_folder_is_refused_and_left_as_it_is(store, other, said):
    before = sorted(p.name for p in store.folder.rglob("*"))
    with pytest.raises(DataError, match="holds another ensemble") as caught:
        Store.open(store.folder, {**MANIFEST, **other, "plan_hash": "q"})
    assert said in str(caught.value)
    assert sorted(p.name for p in store.folder.rglob("*")) == before


def test_a_manifest_that_is_none_is_named(store):
    (store.folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"manifest\.json is no JSON"):
        Store.open(store.folder, MANIFEST)


def test_two_runs_into_one_folder_are_told_so_and_lose_nothing(store):
    with pytest.raises(DataError, match="another run is writing the same draws"):
        store.add(1, batch(1))
    assert store.done() == {0, 1}


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_is_said_and_loses_nothing(store):
    code = f"""
        import resource, signal
        from bridgehead.ensemble.store import Store
        from bridgehead.errors import DataError
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            Store.open({str(store.folder)!r}, {MANIFEST!r}).add(2, {{"draws": b"x" * 5000, "cells": b"y"}})
        except DataError as error:
            print(error)
    """
    answer = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert "the disk is full" in answer.stdout
    assert "it goes on where it stopped" in answer.stdout
    assert store.done() == {0, 1}
    assert not list((store.folder / "batches").glob(".*"))


def test_the_columns_in_which_a_draw_made_again_differs_are_named():
    kept = pl.DataFrame({"draw": [7], "wage": [1.0], "cause": [None]})
    assert _differing([kept], [kept.clone()]) == ()
    assert _differing([kept.with_columns(pl.lit(1.0 + 2.3e-16).alias("wage"))], [kept]) == ("wage",)
    assert _differing([kept.drop("cause")], [kept]) == ("cause",)


def test_nothing_made_is_said(tmp_path):
    with pytest.raises(DataError, match="no batch is complete"):
        Store.open(tmp_path / "new", MANIFEST).read("draws")
    assert json.loads((tmp_path / "new" / "manifest.json").read_text(encoding="utf-8")) == MANIFEST


def test_batches_hold_every_draw_once():
    assert [list(b) for b in batches_of(range(5), 2)] == [[0, 1], [2, 3], [4]]
