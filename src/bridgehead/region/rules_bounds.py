"""Rules for bounds.csv: every bound is of a figure that is there, encloses it, and shares a total only with its like."""

from __future__ import annotations

import polars as pl

from bridgehead.errors import Faults
from bridgehead.region.draft import Draft
from bridgehead.region.facts import convert_units, used_rows
from bridgehead.region.tables import ROW, Table, check_labels
from bridgehead.region.variables import FACT_VARIABLES

CLOSE = 1e-9
"""A bound may miss its figure by this share, from rounding."""


def check_bounds(draft: Draft) -> None:
    """bounds.csv in working units; faults for unknown places, variables, sectors and units, for figures outside, for odd totals."""
    needed = ("place", "variable", "low", "high", "unit", "draw")
    if not draft.has("bounds", *needed) or not draft.has("facts", "place", "variable", "sector", "year", "value"):
        return
    table = _in_working_units(draft)
    draft.tables["bounds"] = table
    check_labels(table, "place", draft.place_ids, "place", draft.faults)
    check_labels(table, "sector", draft.meta.sectors, "sector", draft.faults)
    values = _values(draft)
    for row in table.frame.iter_rows(named=True):
        _check_row(draft, table, row, values)
    _check_totals(table, draft.faults)


def _in_working_units(draft: Draft) -> Table:
    """The table with low and high converted as facts are; an unknown unit or variable is one fault."""
    table, ends = draft.tables["bounds"], {}
    for end, faults in (("low", draft.faults), ("high", Faults(""))):
        part = Table(table.file, table.frame.with_columns(pl.col(end).alias("value")))
        ends[end] = convert_units(part, draft.meta.currency, faults).frame
    frame = table.frame.with_columns(ends["low"]["value"].alias("low"), ends["high"]["value"].alias("high"), ends["low"]["unit"])
    absent = [pl.lit(None, dtype=kind).alias(name) for name, kind in OPTIONAL.items() if name not in frame.columns]
    return Table(table.file, frame.with_columns(*absent).with_columns(pl.col("opposite").fill_null(value=False)))


OPTIONAL = {"sector": pl.String, "opposite": pl.Boolean, "total": pl.String, "source": pl.String}


def _values(draft: Draft) -> dict[tuple[str, str, str | None], float]:
    """The figure that counts of every place, variable and sector; of sectors together under None."""
    facts = draft.tables["facts"].frame.filter(pl.col("year").is_not_null() & pl.col("value").is_not_null())
    found: dict[tuple[str, str, str | None], float] = {}
    for variable in draft.tables["bounds"].frame["variable"].drop_nulls().unique():
        for row in used_rows(facts, variable, year=draft.meta.year).iter_rows(named=True):
            found[row["place"], variable, row["sector"]] = row["value"]
            if row["sector"] is not None:
                found[row["place"], variable, None] = found.get((row["place"], variable, None), 0.0) + row["value"]
    return found


def _check_row(draft: Draft, table: Table, row: dict, values: dict[tuple[str, str, str | None], float]) -> None:
    if any(row[name] is None for name in ("place", "variable", "low", "high")) or row["place"] not in draft.place_ids:
        return
    name = f"{row['variable']} of '{row['place']}'" + (f" in {row['sector']}" if row["sector"] else "")
    value = values.get((row["place"], row["variable"], row["sector"]))
    if value is None:
        cure = "bound only what facts.csv holds"
        draft.faults.add(f"{name} has bounds and no figure", place=table.at(row[ROW]), expected="a row of facts.csv", cure=cure)
        return
    slack = CLOSE * abs(value)
    if not row["low"] - slack <= value <= row["high"] + slack:
        cause = f"{name} is {value:g} {row['unit']}, outside its bounds {row['low']:g} to {row['high']:g}"
        draft.faults.add(cause, place=table.at(row[ROW]), expected="low ≤ value ≤ high")
    known = FACT_VARIABLES.get(row["variable"])
    if value <= 0 or row["low"] <= 0 or (known is not None and not known.within.holds(row["low"])):
        cause = f"the low bound of {name} is {row['low']:g}, the figure {value:g}"
        draft.faults.add(cause, place=table.at(row[ROW]), expected="both above 0: draws are made in logs")


def _check_totals(table: Table, faults: Faults) -> None:
    """A total stands between two figures at least, all of one variable."""
    groups = table.frame.filter(pl.col("total").is_not_null()).group_by("total", maintain_order=True)
    for (name,), group in groups:
        if group["variable"].n_unique() > 1:
            faults.add(
                f"total '{name}' adds up {', '.join(group['variable'].unique())}", place=table.at(group[ROW][0]), expected="one variable"
            )
        whole = set(group.filter(pl.col("sector").is_null())["place"])
        parts = group.filter(pl.col("sector").is_not_null())
        twice = group.select("place", "sector").is_duplicated().any() or not whole.isdisjoint(parts["place"])
        if twice:
            cause = f"a figure stands twice in total '{name}'"
            faults.add(cause, place=table.at(group[ROW][0]), expected="each once: a place's sectors together, or one by one")
        if group.height == 1:
            cure = "leave `total` empty, or bound what else it is made of"
            faults.add(f"total '{name}' has one figure only, which then could not move", place=table.at(group[ROW][0]), cure=cure)
