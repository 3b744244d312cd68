"""Two appraisal folders side by side: what differs in their inputs, and in which cells of the matrix that shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bridgehead.appraise.compare import input_differences, inputs_of
from bridgehead.errors import DataError, Faults

ROW = ("need", "line", "measure", "unit")
FIXED = (*ROW, "government", "name", "better", "baseline")
SAME = 1e-9
"""Relative difference below which two cells are the same: the solver's error, not a result."""


@dataclass(frozen=True, eq=False)
class AppraisalComparison:
    """inputs: (input, a, b), only what differs. cells: every cell of both matrices with a, b and difference; differing: those
    whose numbers are not the same, largest relative difference first. notes: rows and columns that only one of the two has."""

    a: str
    b: str
    inputs: pl.DataFrame
    cells: pl.DataFrame
    differing: pl.DataFrame
    notes: tuple[str, ...] = ()


def is_appraisal(folder: Path | str) -> bool:
    """Whether a folder is one that `bridgehead appraise` wrote."""
    return (Path(folder) / "matrix.csv").is_file() and (Path(folder) / "solutions" / "baseline").is_dir()


def compare_appraisals(folder_a: Path | str, folder_b: Path | str) -> AppraisalComparison:
    """Compare two appraisal folders (formats.md, "Appraisal folder"), cell by cell. DataError where one of them is none."""
    a, b = Path(folder_a), Path(folder_b)
    faults = Faults(f"the appraisals '{a.name}' and '{b.name}' cannot be compared", DataError)
    for folder in (a, b):
        if not is_appraisal(folder):
            faults.add(
                "is no appraisal", place=str(folder), expected="a folder that `bridgehead appraise` wrote", cure="name two of a kind"
            )
    faults.raise_if_any()
    one, other = (_matrix(folder) for folder in (a, b))
    both = one.join(other, on=["need", "line", "scenario"], how="inner", suffix="_b", maintain_order="left")
    same_unit = both.filter(pl.col("unit") == pl.col("unit_b"))
    cells = same_unit.select(*ROW, "scenario", pl.col("value").alias("a"), pl.col("value_b").alias("b"))
    cells = cells.with_columns((pl.col("b") - pl.col("a")).alias("difference"))
    notes = _notes(a.name, one, b.name, other, both.height - same_unit.height)
    inputs = input_differences(*(inputs_of(folder / "solutions" / "baseline") for folder in (a, b)))
    return AppraisalComparison(a.name, b.name, inputs, cells, _differing(cells), notes)


def _matrix(folder: Path) -> pl.DataFrame:
    """The matrix in long form: one row a cell, the baseline a column of its own."""
    frame = pl.read_csv(folder / "matrix.csv", infer_schema_length=None, schema_overrides={"line": pl.String})
    columns = ["baseline", *(name for name in frame.columns if name not in FIXED)]
    numbers = frame.with_columns(pl.col(name).cast(pl.Float64) for name in columns)
    return numbers.unpivot(columns, index=list(ROW), variable_name="scenario", value_name="value")


def _differing(cells: pl.DataFrame) -> pl.DataFrame:
    size = pl.max_horizontal(pl.col("a").abs(), pl.col("b").abs())
    relative = pl.when(size > 0).then(pl.col("difference").abs() / size).otherwise(0.0)
    one_only = pl.col("a").is_null() != pl.col("b").is_null()
    marked = cells.with_columns(pl.when(one_only).then(1.0).otherwise(relative).alias("relative"))
    return marked.filter(pl.col("relative") > SAME).sort("relative", descending=True, maintain_order=True)


def _notes(a: str, one: pl.DataFrame, b: str, other: pl.DataFrame, units: int) -> tuple[str, ...]:
    notes = []
    for column in ("scenario", "need"):
        for mine, theirs, name in ((one, other, a), (other, one, b)):
            only = [value for value in mine[column].unique(maintain_order=True) if value not in set(theirs[column])]
            if only:
                notes.append(f"only in {name}: {column} {', '.join(only)}")
    if units:
        notes.append(f"{units} cells are in different units and are not compared")
    return tuple(notes)
