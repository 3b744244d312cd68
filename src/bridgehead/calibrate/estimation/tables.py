"""Tables of pairs: flows and what lies between places, long or as a square, read with every fault and never turned round by guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from bridgehead.errors import Faults, did_you_mean
from bridgehead.region.draft import shown
from bridgehead.region.tables import NOT_NEGATIVE, ROW, Column, TableSpec, clean_table, read_raw

WORDS = {"commuting": ("home", "work"), "trade": ("buyer", "seller"), "migration": ("origin", "destination")}
"""Who receives and who supplies, by flow: first index, second index (model.md §2)."""

PLAIN_WORDS = {
    "commuting": {"origin": "home", "destination": "work"},
    "trade": {"origin": "seller", "destination": "buyer"},
    "migration": {},
}
"""What the plain words mean for each flow: commuters start at home, goods at the seller."""

VALUE_WORDS = {"flow": ("value", "people"), "km": ("km", "distance"), "minutes": ("minutes",)}
"""What the column of numbers may be called."""


@dataclass(frozen=True)
class PairTable:
    """How to read one table of pairs.

    path: CSV or Parquet, long (two columns of labels and one of numbers) or square (labels in the first column and the header).
    flow: whose words name the columns; measure: `flow`, `km` or `minutes`; columns: the table's own names by ours, other columns are then
    left alone; rows: which side the rows of a square are; sector: the rows of a long table to take, `all` for their sum.
    """

    path: Path
    flow: str
    measure: str = "flow"
    columns: Mapping[str, str] = field(default_factory=dict)
    rows: str | None = None
    sector: str | None = None

    @property
    def sides(self) -> tuple[str, str]:
        """Who receives, who supplies."""
        return WORDS[self.flow]


@dataclass(frozen=True)
class PairValues:
    """The rows of a table of pairs: labels of both sides and the number, each with its row in the file."""

    file: str
    receiver: tuple[str, ...]
    supplier: tuple[str, ...]
    value: np.ndarray
    row: np.ndarray
    unread: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels, in the order in which they first appear."""
        return tuple(dict.fromkeys([*self.receiver, *self.supplier]))


def read_pairs(table: PairTable, faults: Faults) -> PairValues | None:
    """The table's pairs; None, with faults, where it cannot be read."""
    raw = read_raw(table.path, faults)
    if raw is None:
        return None
    return _square(raw, table, faults) if _is_square(raw, table) else _long(raw, table, faults)


def _is_square(raw: pl.DataFrame, table: PairTable) -> bool:
    """Whether the header holds labels: as many columns as rows and one more, and no word of ours among them."""
    known = {*table.sides, *PLAIN_WORDS[table.flow], *VALUE_WORDS[table.measure]}
    return not table.columns and raw.width == raw.height + 1 and raw.width > 2 and not known & set(raw.columns)


def _square(raw: pl.DataFrame, table: PairTable, faults: Faults) -> PairValues | None:
    """A square: one label a row in the first column, the same labels in the header."""
    file, before = table.path.name, len(faults.found)
    labels, across = [str(v).strip() for v in raw[:, 0].cast(pl.String)], [name.strip() for name in raw.columns[1:]]
    for name in [name for name in labels if name not in across][:5]:
        faults.add(f"row '{name}' has no column of its own", place=file, expected="the same labels down and across")
    if len(set(labels)) < len(labels):
        faults.add("a label is there twice in the first column", place=file, expected="one row a place")
    cells = raw[:, 1:].select(pl.all().cast(pl.Float64, strict=False)).to_numpy()
    for i, j in np.argwhere(~np.isfinite(cells))[:10]:
        faults.add(
            f"the cell of row '{labels[i]}' and column '{across[j]}' is no number", place=f"{file}:{i + 2}", expected="a finite number"
        )
    for i, j in np.argwhere(np.isfinite(cells) & (cells < 0))[:10]:
        faults.add(
            f"the cell of row '{labels[i]}' and column '{across[j]}' is {cells[i, j]:g}", place=f"{file}:{i + 2}", expected="0 or more"
        )
    symmetric = labels == across and np.array_equal(cells, cells.T)
    if table.rows is None and not symmetric:
        first, second = table.sides
        faults.add(
            f"the square does not say whether its rows are {first} or {second}", place=file, cure=f"write --rows {first} or --rows {second}"
        )
    if len(faults.found) > before:
        return None
    down, over = np.repeat(labels, len(across)), np.tile(across, len(labels))
    receiver, supplier = (over, down) if table.rows == table.sides[1] else (down, over)
    return PairValues(file, tuple(receiver), tuple(supplier), cells.ravel(), np.repeat(np.arange(2, len(labels) + 2), len(across)))


def _long(raw: pl.DataFrame, table: PairTable, faults: Faults) -> PairValues | None:
    """A long table: its columns renamed to receiver, supplier, value, its cells checked, one sector or their sum."""
    file, before = table.path.name, len(faults.found)
    names = _names(raw.columns, table, file, faults)
    if names is None:
        return None
    sector = ["sector"] if "sector" in raw.columns else []
    unread = [name for name in raw.columns if name not in (*names.values(), "sector")]
    if unread and not table.columns:
        known = [*table.sides, VALUE_WORDS[table.measure][0]]
        for name in unread:
            cure = did_you_mean(name, known) + f" To leave other columns alone, name yours: --columns {known[0]}=…,{known[1]}=…,value=…"
            faults.add(f"unknown column '{name}'", place=f"{file}:1", cure=cure)
    picked = raw.select(*[pl.col(own).alias(ours) for ours, own in names.items()], *sector)
    number = Column("value", "number", within=NOT_NEGATIVE)
    columns = (Column("receiver"), Column("supplier"), number, Column("sector", required=False, blank=True))
    cleaned = clean_table(picked, TableSpec("pairs", columns, ("receiver", "supplier", "sector")), file, faults)
    frame = _one_sector(cleaned.frame, table, file, faults) if sector else cleaned.frame
    if len(faults.found) > before:
        return None
    receiver, supplier = frame["receiver"].to_list(), frame["supplier"].to_list()
    return PairValues(file, tuple(receiver), tuple(supplier), frame["value"].to_numpy(), frame[ROW].to_numpy(), tuple(unread))


def _names(found: Sequence[str], table: PairTable, file: str, faults: Faults) -> dict[str, str] | None:
    """The table's names of receiver, supplier and value: those the user wrote, else any of the known words."""
    first, second = table.sides
    ours = {first: "receiver", second: "supplier", "value": "value"}
    plain = {plain: ours[word] for plain, word in PLAIN_WORDS[table.flow].items()}
    words = {**plain, **ours, **dict.fromkeys(VALUE_WORDS[table.measure], "value")}
    names, before = {}, len(faults.found)
    for key, own in table.columns.items():
        if key not in words:
            faults.add(f"--columns names '{key}'", expected=f"{first}=…,{second}=…,value=…", cure=did_you_mean(key, words))
        elif own not in found:
            faults.add(f"column '{own}' is missing", place=f"{file}:1", cure=did_you_mean(own, found))
        else:
            names[words[key]] = own
    for word in words:
        if word in found and words[word] not in names and word not in names.values():
            names[words[word]] = word
    for key in ("receiver", "supplier", "value"):
        if key not in names and len(faults.found) == before:
            wanted = next(word for word, role in ours.items() if role == key)
            alias = [word for word, role in words.items() if role == key and word != wanted]
            faults.add(
                f"no column for '{wanted}'",
                place=f"{file}:1",
                expected=" or ".join([wanted, *alias]),
                cure=f"name yours: --columns {wanted}=…  The file has {shown(found)}",
            )
    return None if len(faults.found) > before else {key: names[key] for key in ("receiver", "supplier", "value")}


def _one_sector(frame: pl.DataFrame, table: PairTable, file: str, faults: Faults) -> pl.DataFrame:
    """The rows of the sector asked for, or their sum over sectors."""
    known = frame["sector"].drop_nulls().unique(maintain_order=True).to_list()
    if table.sector == "all":
        return frame.group_by("receiver", "supplier", maintain_order=True).agg(pl.col("value").sum(), pl.col(ROW).first())
    if table.sector in known:
        return frame.filter(pl.col("sector") == table.sector)
    cause = "the flows have sectors and none is named" if table.sector is None else f"unknown sector '{table.sector}'"
    near = "" if table.sector is None else did_you_mean(table.sector, known) + " "
    faults.add(cause, place=file, expected=f"--sector, one of {shown(known)}", cure=near + "`--sector all` takes their sum")
    return frame
