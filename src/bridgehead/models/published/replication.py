"""What every replication of a published model gives back, and how its files are written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bridgehead.errors import DataError, Fault
from bridgehead.models.results import table_of, to_json
from bridgehead.solve import Certificate

__all__ = ["Replication", "ReplicationResult", "folder_of_data", "read_columns", "write_json", "write_table"]


@dataclass(frozen=True)
class ReplicationResult:
    """A replication's answer.

    table: what a reader of the paper would look for, our figure beside the published one (a Polars frame). certificates: one for
    every solve, by the name of its run. files: what was written. notes: what a reader must know beside the numbers.
    """

    table: Any
    certificates: Mapping[str, Certificate]
    files: tuple[Path, ...] = ()
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def unsolved(self) -> dict[str, str]:
        """The runs without a certified answer, with the reason."""
        return {name: each.reason for name, each in self.certificates.items() if not each.solved}


@dataclass(frozen=True)
class Replication:
    """A published model that `bridgehead replicate` knows.

    name, title (the paper), data: where its data are to be had and what files are needed; "" where none are needed.
    run(data_dir | None, out_dir | None) -> ReplicationResult. DataError where the data are missing or wrong.
    """

    name: str
    title: str
    data: str
    run: Callable[[Path | None, Path | None], ReplicationResult]

    def replicate(self, data_dir: Path | str | None = None, out_dir: Path | str | None = None) -> ReplicationResult:
        """Solve the paper's cases from the files in `data_dir`, and write the results into `out_dir` where one is given."""
        return self.run(
            None if data_dir is None else Path(data_dir),
            None if out_dir is None else Path(out_dir),
        )


def folder_of_data(name: str, folder: Path | None, where: str, files: Sequence[str]) -> Path:
    """The data folder if it holds all `files`; DataError lists what is missing and says where to get it."""
    head = f"the data of {name} are needed"
    if folder is None:
        raise DataError(head, [Fault("no data folder is named", "--data", "a folder with " + ", ".join(files), where)])
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "there is no such folder"
        raise DataError(head, [Fault(what, str(folder), "a folder with " + ", ".join(files), where)])
    missing = [file for file in files if not (folder / file).is_file()]
    if missing:
        faults = [Fault("there is no such file", str(folder / file)) for file in missing]
        raise DataError(head, [*faults[:-1], Fault("there is no such file", faults[-1].place, "", where)])
    return folder


def read_columns(path: Path) -> dict[str, list[str]]:
    """A CSV file as text by column, in the order of its rows; a byte-order mark and empty lines at the end are passed over.

    DataError where it is empty, is no text, names a column twice, or has rows of other lengths.
    """
    import csv

    head = f"the file {path.name} cannot be used"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(head, [Fault(f"it is not a table of text ({error})", str(path), "CSV in UTF-8")]) from None
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        raise DataError(head, [Fault("it is empty", str(path))])
    width = len(rows[0])
    twice = sorted({name for name in rows[0] if rows[0].count(name) > 1}) if len(set(rows[0])) < width else []
    faults = [Fault(f"column '{name}' stands there {rows[0].count(name)} times", f"{path}:1", "each column once") for name in twice]
    faults += [
        Fault(f"{len(row)} cells", f"{path}:{number}", f"{width}, as in the first row")
        for number, row in enumerate(rows[1:], 2)
        if len(row) != width
    ]
    if faults:
        raise DataError(head, faults[:20])
    return {name: [row[index] for row in rows[1:]] for index, name in enumerate(rows[0])}


def write_table(columns: Mapping[str, Any], path: Path) -> Path:
    """Write columns of equal length as CSV; the folder is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table_of(columns).write_csv(path)
    return path


def write_json(content: Mapping[str, Any], path: Path) -> Path:
    """Write a document; numbers that are not finite become null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = to_json(content)
    json.loads(text)
    path.write_text(text, encoding="utf-8")
    return path
