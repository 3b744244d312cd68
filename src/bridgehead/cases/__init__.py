"""Cases: regions that come with the package, as folders of data. No engine code."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from bridgehead.errors import DataError, did_you_mean


def case_names() -> tuple[str, ...]:
    """The names of the cases that come with the package, in alphabetical order."""
    root = _root()
    return tuple(sorted(path.name for path in root.iterdir() if (path / "region" / "region.toml").is_file()))


def case_folder(name: str) -> Path:
    """The folder of a case: `region/` holds its data, `scenarios/` and others beside it what belongs to it.

    Raises DataError with a suggestion for an unknown name.
    """
    names = case_names()
    if name not in names:
        raise DataError(f"there is no case '{name}'; {did_you_mean(name, names)}")
    return _root() / name


def _root() -> Path:
    return Path(str(resources.files(__name__)))
