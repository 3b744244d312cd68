"""A copy of the toy region to change, and the region itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bridgehead.cases import case_folder
from bridgehead.errors import DataError
from bridgehead.region import Region, read_region


@pytest.fixture(scope="session")
def toy_folder() -> Path:
    return case_folder("toy") / "region"


@pytest.fixture(scope="session")
def toy(toy_folder: Path) -> Region:
    return read_region(toy_folder)


@pytest.fixture
def folder(toy_folder: Path, tmp_path: Path) -> Path:
    """A copy of the toy's folder that a test may change."""
    return Path(shutil.copytree(toy_folder, tmp_path / "toy", copy_function=shutil.copyfile))


@pytest.fixture
def edit(folder: Path) -> Callable[..., None]:
    """Replace text in a file of the copy; the text must be there."""

    def replace(file: str, old: str, new: str, *, count: int = 1) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, count), encoding="utf-8")

    return replace


@pytest.fixture
def faults(folder: Path) -> Callable[[], list[str]]:
    """All faults of the copy, as they are shown."""

    def read() -> list[str]:
        with pytest.raises(DataError) as caught:
            read_region(folder)
        assert str(caught.value).startswith("the region folder 'toy' cannot be used:\n  - ")
        return [str(fault) for fault in caught.value.faults]

    return read
