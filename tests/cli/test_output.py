"""Results appear complete or not at all, and leave alone what they did not write."""

from __future__ import annotations

import errno
import os

import pytest

from bridgehead.errors import DataError
from bridgehead.report.output import staged_folder


def files(folder) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def write(folder, **contents: str) -> None:
    for name, text in contents.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_new_folder_appears_at_the_end_only(tmp_path):
    out = tmp_path / "out" / "yangtze"
    with staged_folder(out) as folder:
        write(folder, a="1", deep__b="2")
        assert not out.exists()
    assert files(out) == {"a": "1", "deep/b": "2"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_files_it_did_not_write_stay_untouched(tmp_path):
    write(tmp_path / "out", a="old", notes="mine", deep__c="mine too")
    with staged_folder(tmp_path / "out") as folder:
        write(folder, a="new", deep__b="new")
    assert files(tmp_path / "out") == {"a": "new", "deep/b": "new", "deep/c": "mine too", "notes": "mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_leaves_everything_as_it_was(tmp_path, error):
    write(tmp_path / "out", a="old")

    def fail() -> None:
        with staged_folder(tmp_path / "out") as folder:
            write(folder, a="new", b="new")
            raise error

    with pytest.raises(error):
        fail()
    assert files(tmp_path) == {"out/a": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_move_that_fails_half_way_is_undone(tmp_path):
    write(tmp_path / "out", a="old", z__in_the_way="mine")

    def collide() -> None:
        with staged_folder(tmp_path / "out") as folder:
            write(folder, a="new", b="new", deep__c="new", z="a file where a folder is")

    with pytest.raises(DataError, match="the results cannot be written"):
        collide()
    assert files(tmp_path) == {"out/a": "old", "out/z/in_the_way": "mine"}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a", "z"]


def test_a_file_in_the_way_is_said_before_any_work(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(DataError) as caught, staged_folder(tmp_path / "out" / "deeper"):
        pytest.fail("work was done")
    assert str(caught.value).startswith("the results cannot be written:\n")
    assert "is a file; expected a folder that can be made or written. Name another one with --out" in str(caught.value)
    with pytest.raises(DataError, match="a file of that name is in the way"), staged_folder(tmp_path / "out"):
        pytest.fail("work was done")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_may_not_be_written_is_said_before_any_work(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(DataError, match="is not writable"), staged_folder(tmp_path / "out"):
        pytest.fail("work was done")


def test_a_relative_folder_is_where_the_command_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with staged_folder("out/toy") as folder:
        write(folder, a="1")
    assert files(tmp_path) == {"out/toy/a": "1"}


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), OSError("No space left on device (os error 28)")])
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path, error):
    def fill() -> None:
        with staged_folder(tmp_path / "out") as folder:
            write(folder, a="new")
            raise error

    with pytest.raises(DataError, match="No space left on device"):
        fill()
    assert list(tmp_path.iterdir()) == []
