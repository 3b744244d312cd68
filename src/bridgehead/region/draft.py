"""A region folder while it is being read: its tables as far as they are good, and the faults found so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bridgehead.errors import Faults
from bridgehead.region.meta import RegionMeta
from bridgehead.region.parameters import Parameter
from bridgehead.region.tables import Table


@dataclass
class Draft:
    """What the rules of a region folder look at. `places` gives the canonical order once it is read."""

    folder: Path
    meta: RegionMeta
    faults: Faults
    tables: dict[str, Table | None]
    parameters: dict[str, Parameter]
    place_ids: tuple[str, ...] = ()
    inside: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def has(self, stem: str, *columns: str) -> bool:
        """Whether a table was read and has these columns."""
        table = self.tables.get(stem)
        return table is not None and set(columns) <= set(table.frame.columns)

    def column_of(self, level: str) -> list[str | None]:
        """The jurisdictions of a level by place; empty where places.csv does not give it."""
        if level == "place":
            return list(self.place_ids)
        return self.tables["places"].frame[level].to_list() if self.has("places", level) else []

    def jurisdictions(self, level: str) -> tuple[str, ...]:
        """The jurisdictions of a level, in order of first appearance."""
        return tuple(name for name in dict.fromkeys(self.column_of(level)) if name is not None)

    @property
    def has_research(self) -> bool:
        """Whether any place has research spending."""
        facts = self.tables.get("facts")
        return self.has("facts", "variable") and "research_spending" in facts.frame["variable"].to_list()


def shown(names: Sequence[object], most: int = 5) -> str:
    """The first names of a list, and how it goes on."""
    return ", ".join(str(name) for name in names[:most]) + (f", … ({len(names)} in all)" if len(names) > most else "")


def missing_pairs(
    seen: np.ndarray, rows: Sequence[str], columns: Sequence[str], what: str, place: str, faults: Faults, cure: str = ""
) -> None:
    """Faults for pairs without a row: one for each label that is in no row at all, one for all single pairs left.

    `seen` [rows, columns] is true where the pair is given; `what` names a pair, as in 'travel time from home to work'.
    """
    gone = ~seen
    empty_rows = [name for name, absent in zip(rows, gone.all(axis=1), strict=True) if absent]
    empty_columns = [name for name, absent in zip(columns, gone.all(axis=0), strict=True) if absent]
    if gone.all():
        faults.add(f"no {what} at all", place=place, expected="a row for every pair", cure=cure)
        return
    for name in dict.fromkeys([*empty_rows, *empty_columns]):
        side = "to and from" if name in empty_rows and name in empty_columns else "from" if name in empty_rows else "to"
        faults.add(f"no {what} {side} '{name}'", place=place, expected="a row for every pair", cure=cure)
    known = ~np.isin(np.arange(len(rows)), [list(rows).index(n) for n in empty_rows])
    gone = gone & known[:, None] & ~gone.all(axis=0)[None, :]
    pairs = [f"{rows[i]}–{columns[j]}" for i, j in zip(*np.nonzero(gone), strict=True)]
    if pairs:
        faults.add(f"no {what} for {shown(pairs)}", place=place, expected="a row for every pair", cure=cure)
