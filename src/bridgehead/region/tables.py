"""Tables of a region folder: what columns they have, and how a file becomes clean columns or a list of faults.

A bad cell becomes null and is reported once; its row stays, so that what depends on it is not reported as missing too.
Rows are numbered as a spreadsheet shows them: the header is row 1.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from bridgehead.errors import Faults, did_you_mean

ROW = "_row"
SHOWN = 10  # faults of one kind in one column that are written out one by one
TRUE, FALSE = ("true", "yes", "1"), ("false", "no", "0")
DTYPES = {"text": pl.String, "number": pl.Float64, "whole": pl.Int64, "flag": pl.Boolean, "date": pl.Date}
EXPECTED = {
    "number": "a number with a decimal point and no thousands separators",
    "whole": "a whole number",
    "flag": "true or false",
    "date": "a date as YYYY-MM-DD",
}


@dataclass(frozen=True)
class Range:
    """An interval of admissible numbers; `open_low` and `open_high` leave the ends out."""

    low: float = -np.inf
    high: float = np.inf
    open_low: bool = False
    open_high: bool = False

    def holds(self, values: np.ndarray | float) -> np.ndarray:
        """Where `values` lie inside; NaN counts as inside (it is reported elsewhere)."""
        values = np.asarray(values, dtype=float)
        below = values <= self.low if self.open_low else values < self.low
        above = values >= self.high if self.open_high else values > self.high
        return ~(below | above)

    def __str__(self) -> str:
        low = "" if np.isinf(self.low) else f"{'above' if self.open_low else 'at least'} {self.low:g}"
        high = "" if np.isinf(self.high) else f"{'below' if self.open_high else 'at most'} {self.high:g}"
        return " and ".join(part for part in (low, high) if part)


POSITIVE = Range(low=0.0, open_low=True)
NOT_NEGATIVE = Range(low=0.0)
SHARE = Range(low=0.0, high=1.0)


@dataclass(frozen=True)
class Column:
    """One column: its kind (text, number, whole, flag, date), whether it must be there, whether cells may be empty."""

    name: str
    kind: str = "text"
    required: bool = True
    blank: bool = False
    within: Range | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableSpec:
    """One table: the stem of its file name, its columns, and the columns that identify a row."""

    stem: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all its columns."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True)
class Table:
    """A read table: the file's name and its frame, with the row numbers in column `_row`."""

    file: str
    frame: pl.DataFrame

    def at(self, row: int) -> str:
        """The place of a row, as `file:row`."""
        return f"{self.file}:{row}"

    @property
    def data(self) -> pl.DataFrame:
        """The frame without row numbers."""
        return self.frame.drop(ROW)


def read_table(folder: Path, spec: TableSpec, faults: Faults) -> Table | None:
    """The table `spec.stem`.csv or .parquet of `folder`, cleaned; None where the file is absent or beyond reading."""
    paths = [folder / f"{spec.stem}{suffix}" for suffix in (".csv", ".parquet")]
    paths = [path for path in paths if path.is_file()]
    if not paths:
        return None
    if len(paths) == 2:
        cure = f"delete {paths[0].name} or {paths[1].name}"
        faults.add("the same table is given twice", place=f"{paths[0].name}, {paths[1].name}", cure=cure)
    path = paths[0]
    raw = _read_csv(path, faults) if path.suffix == ".csv" else _read_parquet(path, faults)
    if raw is None:
        return None
    return clean_table(raw, spec, path.name, faults)


def clean_table(raw: pl.DataFrame, spec: TableSpec, file: str, faults: Faults) -> Table:
    """Check the columns of `raw`, turn each into its kind, and check ranges, choices and duplicate keys."""
    _check_columns(raw.columns, spec, file, faults)
    rows = pl.Series(ROW, np.arange(2, raw.height + 2), dtype=pl.Int64)
    columns = []
    for column in spec.columns:
        if column.name in raw.columns:
            columns.append(_clean_column(raw[column.name], column, rows, file, faults))
    table = Table(file, pl.DataFrame([*columns, rows]))
    if raw.height == 0:
        faults.add("the table has no rows", place=file, cure="fill it or delete the file")
    check_duplicates(table, spec, faults)
    return table


def read_raw(path: Path, faults: Faults) -> pl.DataFrame | None:
    """The cells of one CSV or Parquet file as they stand, CSV as text; None, with a fault, where it is absent or beyond reading."""
    if not path.is_file():
        what = "is a folder, not a table" if path.is_dir() else "there is no such file"
        faults.add(what, place=str(path), expected="a table as CSV or Parquet")
        return None
    return _read_parquet(path, faults) if path.suffix == ".parquet" else _read_csv(path, faults)


def decode(data: bytes) -> str:
    """Text of a file in UTF-8 (with or without byte order mark) or GB18030; raises UnicodeDecodeError otherwise."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _read_csv(path: Path, faults: Faults) -> pl.DataFrame | None:
    try:
        text = decode(path.read_bytes())
    except UnicodeDecodeError:
        faults.add("the text cannot be read", place=path.name, expected="UTF-8 or GB18030", cure="save it as UTF-8")
        return None
    header = next(csv.reader(io.StringIO(text)), [])
    names = [name.strip() for name in header]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not any(names) or twice:
        cause = f"column {', '.join(map(repr, twice))} is there twice" if twice else "the file is empty"
        faults.add(cause, place=f"{path.name}:1", cure="name each column once" if twice else "fill it or delete it")
        return None
    if len(names) == 1 and ";" in names[0]:
        cure = "save it with commas between the cells"
        faults.add("the cells are separated by semicolons", place=f"{path.name}:1", expected="commas", cure=cure)
        return None
    try:
        frame = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False, has_header=True)
    except pl.exceptions.PolarsError:
        _ragged_rows(text, len(names), path.name, faults)
        return None
    return frame.rename(dict(zip(frame.columns, names, strict=True)))


def _ragged_rows(text: str, width: int, file: str, faults: Faults) -> None:
    rows = [number for number, cells in enumerate(csv.reader(io.StringIO(text)), 1) if len(cells) > width]
    cure = "put cells that hold a comma in double quotes"
    if rows:
        faults.add(f"rows {spans(rows)} have more cells than the header", place=f"{file}:{rows[0]}", cure=cure)
    else:
        faults.add("the table cannot be read as CSV", place=file, expected="comma-separated text", cure=cure)


def _read_parquet(path: Path, faults: Faults) -> pl.DataFrame | None:
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        faults.add(f"the file cannot be read as Parquet ({error})", place=path.name, cure="write it again or use CSV")
        return None


def _check_columns(found: Sequence[str], spec: TableSpec, file: str, faults: Faults) -> None:
    missing = [c.name for c in spec.columns if c.required and c.name not in found]
    for name in found:
        if name not in spec.names:
            free = [known for known in spec.names if known not in found]
            faults.add(f"unknown column '{name}'", place=f"{file}:1", cure=did_you_mean(name, free or spec.names))
    for name in missing:
        faults.add(f"column '{name}' is missing", place=f"{file}:1", expected="columns " + ", ".join(spec.names))


def _clean_column(series: pl.Series, column: Column, rows: pl.Series, file: str, faults: Faults) -> pl.Series:
    raw = series.cast(pl.String).str.strip_chars()
    raw = raw.set(raw == "", None)
    values = _parse(series, raw, column.kind).alias(column.name)
    bad = (raw.is_not_null() & values.is_null()).to_numpy()
    _report(bad, raw, rows, column, file, faults, "{column} is '{value}'", EXPECTED.get(column.kind, ""))
    if not column.blank:
        empty = raw.is_null().to_numpy()
        _report(empty, raw, rows, column, file, faults, "{column} is empty", "a value in every row")
    if column.within is not None:
        out = ~column.within.holds(values.cast(pl.Float64).fill_null(np.nan).to_numpy())
        _report(out, raw, rows, column, file, faults, "{column} is {value}", str(column.within))
    if column.choices:
        _report_choices(values, column, rows, file, faults)
    return values


def _parse(series: pl.Series, raw: pl.Series, kind: str) -> pl.Series:
    if kind == "text":
        return raw
    if kind in ("number", "whole"):
        numbers = series.cast(pl.Float64) if series.dtype.is_numeric() else raw.cast(pl.Float64, strict=False)
        finite = numbers.is_finite().fill_null(value=False)
        if kind == "whole":
            finite = finite & (numbers.round() == numbers).fill_null(value=False)
        numbers = numbers.zip_with(finite, pl.Series([None], dtype=pl.Float64))
        return numbers.cast(DTYPES[kind])
    if kind == "date":
        return series if series.dtype == pl.Date else raw.str.to_date("%Y-%m-%d", strict=False)
    lower = raw.str.to_lowercase()
    return pl.Series([True if v in TRUE else False if v in FALSE else None for v in lower], dtype=pl.Boolean)


def _report(where, raw, rows, column, file, faults, cause, expected) -> None:
    """One fault for each marked cell; beyond `SHOWN`, one fault with the rows of the rest."""
    marked = np.flatnonzero(where)
    for i in marked[:SHOWN]:
        text = cause.format(column=column.name, value=raw[int(i)])
        faults.add(text, place=f"{file}:{rows[int(i)]}", expected=expected)
    rest = [int(rows[int(i)]) for i in marked[SHOWN:]]
    if rest:
        text = f"{column.name} has the same fault in {len(rest)} more rows: {spans(rest)}"
        faults.add(text, place=f"{file}:{rest[0]}", expected=expected)


def _report_choices(values: pl.Series, column: Column, rows: pl.Series, file: str, faults: Faults) -> None:
    bad = values.is_not_null() & ~values.is_in(column.choices)
    for value in values.filter(bad).unique(maintain_order=True):
        where = rows.filter(bad & (values == value)).to_list()
        faults.add(
            f"{column.name} is '{value}'{_many(where)}",
            place=f"{file}:{where[0]}",
            expected=" or ".join(column.choices),
            cure=did_you_mean(value, column.choices),
        )


def check_duplicates(table: Table, spec: TableSpec, faults: Faults) -> None:
    """Rows with the same key are faults, whether or not their values agree."""
    key = [name for name in spec.key if name in table.frame.columns]
    if len(key) < len([c for c in spec.columns if c.name in spec.key and c.required]) or not key:
        return
    rest = [c.name for c in spec.columns if c.name in table.frame.columns and c.name not in spec.key]
    numbers = [name for name in rest if table.frame[name].dtype == pl.Float64]
    groups = table.frame.group_by(key, maintain_order=True).agg(pl.col(ROW), *[pl.col(n) for n in numbers])
    for group in groups.filter(pl.col(ROW).list.len() > 1).iter_rows(named=True):
        if all(group[name] is None for name in key):
            continue
        differs = next((n for n in numbers if len(set(group[n])) > 1), None)
        values = f" with different values ({differs} {', '.join(f'{v}' for v in group[differs])})" if differs else ""
        label = ", ".join(f"{name} '{group[name]}'" for name in key if group[name] is not None)
        cure = "keep the right one" if differs else "delete all but one"
        cause = f"{label} is given {len(group[ROW])} times{values}, first in row {group[ROW][0]}"
        faults.add(cause, place=table.at(group[ROW][1]), expected="one row each", cure=cure)


def check_labels(table: Table, column: str, known: Iterable[str], what: str, faults: Faults) -> None:
    """Every label of `column` must be one of `known`; one fault for each unknown label, with its first row."""
    if column not in table.frame.columns:
        return
    known = list(known)
    strange = table.frame.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(known))
    for (label,), group in strange.group_by([column], maintain_order=True):
        rows = group[ROW].to_list()
        cause = f"unknown {what} '{label}' in column '{column}'{_many(rows)}"
        faults.add(cause, place=table.at(rows[0]), cure=did_you_mean(label, known))


def pair_matrix(table: Table, labels: Mapping[str, Sequence[str]], value: str) -> tuple[np.ndarray, np.ndarray]:
    """The values of a long table as an array over the given label columns, and where it has a row.

    Absent entries and bad cells are NaN; rows with labels outside `labels` are left out (they are reported elsewhere).
    """
    shape = tuple(len(names) for names in labels.values())
    array, seen = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    if any(name not in table.frame.columns for name in (*labels, value)):
        return array, seen
    index = [positions(table.frame[column], names) for column, names in labels.items()]
    good = np.all([i >= 0 for i in index], axis=0)
    where = tuple(i[good] for i in index)
    array[where] = table.frame[value].cast(pl.Float64).fill_null(np.nan).to_numpy()[good]
    seen[where] = True
    return array, seen


def positions(series: pl.Series, names: Sequence[str]) -> np.ndarray:
    """Index of each label in `names`, -1 where it is none of them (or empty)."""
    table = pl.DataFrame({"label": list(names), "i": np.arange(len(names))}, schema={"label": pl.String, "i": pl.Int64})
    frame = pl.DataFrame({"label": series}).join(table, on="label", how="left", maintain_order="left")
    return frame["i"].fill_null(-1).to_numpy()


def spans(rows: Sequence[int]) -> str:
    """Row numbers in short: 3, 5-9, 12."""
    parts, start = [], None
    ordered = sorted(rows)
    for here, following in zip(ordered, [*ordered[1:], None], strict=True):
        start = here if start is None else start
        if following != here + 1:
            parts.append(str(here) if start == here else f"{start}-{here}")
            start = None
    return ", ".join(parts)


def _many(rows: Sequence[int]) -> str:
    return f" ({len(rows)} rows)" if len(rows) > 1 else ""


def frozen(array: np.ndarray) -> np.ndarray:
    """The array, no longer writeable, with memory of its own."""
    array = np.array(array)
    array.setflags(write=False)
    return array
