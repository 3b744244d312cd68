"""The German county data of Seidel & Wickerath (2020) as the public toolkit lays them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from bridgehead.errors import Faults
from bridgehead.models.published.replication import read_columns

COUNTIES = 401
WESTERN = 324
"""Counties 1 to 324 of the files are the west (states 01-10), the others the east (Berlin and states 12-16)."""


@dataclass(frozen=True, eq=False)
class Counties:
    """Counties as the published code reads them.

    wage [county] with mean 1, flows [home, work] people, distance [home, work] own distance included, east [county] 0 or 1.
    """

    names: tuple[str, ...]
    wage: np.ndarray
    flows: np.ndarray
    distance: np.ndarray
    east: np.ndarray

    @cached_property
    def residents(self) -> np.ndarray:
        """Workers by home over their mean."""
        people = self.flows.sum(axis=1)
        return people / people.mean()

    @cached_property
    def jobs(self) -> np.ndarray:
        """Workers by workplace over their mean."""
        people = self.flows.sum(axis=0)
        return people / people.mean()

    def trade_cost(self, decay: float) -> np.ndarray:
        """d_ni = (distance / smallest distance)^ψ: the smallest entry is some county's own, so own costs are 1 to 3, not 1."""
        return (self.distance / self.distance.min()) ** decay


def read_germany(folder: Path) -> Counties:
    """The counties of a folder with commuting_wide.csv (workplace × residence), distance_matrix.csv and labor_tidy.csv.

    DataError lists every fault: labels that differ between files, cells that are not numbers, counties without jobs, flows that
    stand the other way round.
    """
    faults = Faults(f"the folder {folder} cannot be used")
    labour = read_columns(folder / "labor_tidy.csv")
    ids = tuple(code.strip().zfill(5) for code in labour.get("region_id", ()))
    names = tuple(labour.get("region_name", ids))
    place = str(folder / "labor_tidy.csv")
    for column in ("region_id", "median_income_workplace"):
        if column not in labour:
            faults.add(f"there is no column '{column}'", place=place)
    faults.raise_if_any()
    if len(ids) != COUNTIES:
        faults.add(
            f"{len(ids)} counties", place=place, expected=f"{COUNTIES}: the border runs between counties {WESTERN} and {WESTERN + 1}"
        )
    wage = _numbers(labour["median_income_workplace"], place, "median_income_workplace", faults)
    flows = _matrix(folder / "commuting_wide.csv", ids, faults).T
    distance = _matrix(folder / "distance_matrix.csv", ids, faults)
    if flows.shape == distance.shape == (len(ids), len(ids)) and ids:
        _check(ids, wage, flows, distance, faults)
        if "employment_residence" in labour:
            workers = _numbers(labour["employment_residence"], place, "employment_residence", faults)
            _check_way(flows, workers, faults)
    faults.raise_if_any()
    return Counties(names, wage / wage.mean(), flows, distance, (np.arange(len(ids)) >= WESTERN).astype(int))


def _numbers(cells: Sequence[str], place: str, column: str, faults: Faults) -> np.ndarray:
    """Cells as numbers; a fault a cell that is none, or is not finite, and nan in its place."""
    values = np.full(len(cells), np.nan)
    for row, cell in enumerate(cells):
        try:
            number = float(cell)
        except ValueError:
            number = np.nan
        if np.isfinite(number):
            values[row] = number
        else:
            faults.add(f"'{cell}' is no number", place=f"{place}:{row + 2}", expected=f"a number in column {column}")
    return values


def _matrix(path: Path, ids: tuple[str, ...], faults: Faults) -> np.ndarray:
    """A square table whose first column and first row name the counties in the order of `ids`."""
    columns = read_columns(path)
    (_, rows), *cells = columns.items()
    for what, got in (("rows", rows), ("columns", [name for name, _ in cells])):
        codes = [code.strip().zfill(5) for code in got]
        if tuple(codes) != ids:
            wrong = next((f"{a} for {b}" for a, b in zip(codes, ids, strict=False) if a != b), f"{len(codes)} for {len(ids)}")
            faults.add(f"its {what} are not the counties of labor_tidy.csv: {wrong}", place=str(path), expected="the same order")
    values = [_numbers(column, str(path), name, faults) for name, column in cells]
    return np.column_stack(values) if values else np.zeros((0, 0))


def _check(ids: tuple[str, ...], wage: np.ndarray, flows: np.ndarray, distance: np.ndarray, faults: Faults) -> None:
    """Faults of the numbers: wages and distances above 0, flows not below, somebody living and working in every county.

    Cells that are no numbers, nan, have faults of their own already.
    """
    checks = (
        ("median_income_workplace", wage <= 0, "labor_tidy.csv", "more than 0"),
        ("distance", (distance <= 0).any(axis=1), "distance_matrix.csv", "more than 0, own distance included"),
        ("commuting", (flows < 0).any(axis=1), "commuting_wide.csv", "0 or more"),
        ("workers by home", flows.sum(axis=1) <= 0, "commuting_wide.csv", "somebody lives there"),
        ("workers by workplace", flows.sum(axis=0) <= 0, "commuting_wide.csv", "somebody works there"),
    )
    for what, wrong, file, expected in checks:
        if wrong.any():
            some = ", ".join(ids[i] for i in np.flatnonzero(wrong)[:5])
            faults.add(f"{what} of {int(wrong.sum())} counties cannot be ({some})", place=file, expected=expected)


def _check_way(flows: np.ndarray, workers: np.ndarray, faults: Faults) -> None:
    """A fault where the workers by home in labor_tidy.csv are the flows' sums by workplace rather than those by home."""
    by_home, by_work = (np.abs(flows.sum(axis=axis) - workers).sum() for axis in (1, 0))
    if by_home > by_work:
        faults.add(
            "the flows stand the other way round: summed by workplace they are nearer to employment_residence of labor_tidy.csv",
            place="commuting_wide.csv",
            expected="workplaces as rows, homes as columns",
        )
