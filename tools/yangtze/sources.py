"""The folder of statistics: its tables as rows, and single facts by unit, variable and year."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Row = dict[str, str]
FACT_FILES = ("facts_shanghai_zhejiang", "facts_jiangsu_anhui", "facts_prefectures", "facts_provinces", "facts_research")


@dataclass(frozen=True)
class Sources:
    """The statistics of the delta, read from `folder`."""

    folder: Path

    def rows(self, name: str) -> list[Row]:
        """The rows of `name`.csv (`clean/name` for the checked first pass)."""
        with (self.folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def places(self) -> list[Row]:
        """The places of the first pass, in the order of the region."""
        return self.rows("clean/places")

    @cached_property
    def accounts(self) -> dict[tuple[str, str, str], Row]:
        """The accounts of the first pass, by place, account and sector."""
        return {(row["place"], row["account"], row["sector"]): row for row in self.rows("clean/accounts")}

    @cached_property
    def _facts(self) -> dict[str, dict[tuple[str, str, str], Row]]:
        return {name: {(row["unit"], row["variable"], row["year"]): row for row in self.rows(name)} for name in FACT_FILES}

    def fact(self, file: str, unit: str, variable: str, *, year: str = "2020") -> Row:
        """One row of a facts file; KeyError where it is not there."""
        return self._facts[file][unit, variable, year]

    def value(self, file: str, unit: str, variable: str, *, year: str = "2020") -> float:
        """The value of one fact, in its own unit."""
        return float(self.fact(file, unit, variable, year=year)["value"])

    def rows_of(self, file: str, unit: str, variable: str) -> list[Row]:
        """All years of one variable of a unit in a facts file, in rising order."""
        found = [row for (name, what, _), row in self._facts[file].items() if (name, what) == (unit, variable)]
        return sorted(found, key=lambda row: row["year"])

    def rows_in_year(self, files: tuple[str, ...], unit: str, variable: str, year: int) -> list[Row]:
        """The rows of one variable of a unit and year in some facts files."""
        return [row for file in files for row in self.rows_of(file, unit, variable) if int(row["year"]) == year]
