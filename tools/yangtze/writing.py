"""Writing the region folder: every table in CSV, all of them or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path


def as_csv(rows: Iterable[Mapping]) -> bytes:
    """Rows as CSV; the first row's keys are the columns and every row must have the same."""
    rows = list(rows)
    columns = list(rows[0])
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="raise")
    writer.writeheader()
    for row in rows:
        if row.keys() != set(columns):
            raise ValueError(f"a row has the columns {sorted(row)}, expected {sorted(columns)}")
        writer.writerow(row)
    return text.getvalue().encode()


def write_all(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files into `folder`; they are complete in memory before the first is written."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
