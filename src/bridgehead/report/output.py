"""Results appear in their folder complete or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bridgehead.errors import DataError, Fault

__all__ = ["staged_folder"]

DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)


@contextmanager
def staged_folder(out: Path | str) -> Iterator[Path]:
    """A new empty folder to write in, whose files move into `out` when the block ends without an error.

    Until then `out` is as it was; after an error, an interruption included, it still is, and the staged files are gone. Files
    already in `out` that the block did not write stay as they are, those it did write are replaced, all or none of them.
    Raises DataError where `out` cannot be written, before any work is done.
    """
    out = Path(out)
    nearest = _nearest_folder(out)
    # Beside the goal, so that moving a file is renaming it, on the same disk.
    token = secrets.token_hex(4)
    staging, aside = nearest / f".{out.name}.{token}.new", nearest / f".{out.name}.{token}.old"
    try:
        staging.mkdir()
    except OSError as error:
        raise _unwritable(out, f"the folder '{nearest}' is not writable ({error.strerror})") from error
    try:
        yield staging
        _move_in(staging, out, aside)
    except OSError as error:
        if not _is_of_the_disk(error):
            raise
        raise _unwritable(out, error.strerror or str(error)) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        shutil.rmtree(aside, ignore_errors=True)


def _is_of_the_disk(error: OSError) -> bool:
    """Whether a full or failing disk is the cause; the library that writes tables says so in words alone."""
    return error.errno in DISK or any(str(error).endswith(f"(os error {number})") for number in DISK)


def _nearest_folder(out: Path) -> Path:
    """The lowest folder above `out` that exists; DataError where a file is in the way."""
    if out.exists() and not out.is_dir():
        raise _unwritable(out, "a file of that name is in the way")
    for folder in out.absolute().parents:
        if folder.is_dir():
            return folder
        if folder.exists():
            raise _unwritable(out, f"'{folder}' is a file")
    raise _unwritable(out, "no folder above it exists")


def _move_in(staging: Path, out: Path, aside: Path) -> None:
    """Move every staged file to its place in `out`; undo it all when one of them fails."""
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    done: list[tuple[Path, Path | None]] = []
    try:
        for file in sorted(path for path in staging.rglob("*") if path.is_file()):
            goal = out / file.relative_to(staging)
            made += [folder for folder in goal.parents if not folder.exists() and folder not in made]
            goal.parent.mkdir(parents=True, exist_ok=True)
            kept = aside / goal.relative_to(out) if goal.is_file() else None
            done.append((goal, kept))
            if kept is not None:
                kept.parent.mkdir(parents=True, exist_ok=True)
                os.replace(goal, kept)
            os.replace(file, goal)
        out.mkdir(parents=True, exist_ok=True)
    except BaseException as error:
        _undo(done, made)
        if isinstance(error, OSError):
            raise _unwritable(out, f"{error.strerror or error} ({error.filename})") from error
        raise


def _undo(done: list[tuple[Path, Path | None]], made: list[Path]) -> None:
    for goal, kept in reversed(done):
        if kept is None and goal.is_file():
            goal.unlink()
        elif kept is not None and kept.exists():
            os.replace(kept, goal)
    for folder in sorted(made, key=lambda path: len(path.parts), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _unwritable(out: Path, why: str) -> DataError:
    fault = Fault(why, str(out), "a folder that can be made or written", "name another one with --out")
    return DataError("the results cannot be written", [fault])
