"""Rules for observed flows: commuting.csv, trade.csv and migration.csv. A pair without a row is a flow of zero."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from bridgehead.region.draft import Draft, shown
from bridgehead.region.rules_accounts import given, values
from bridgehead.region.schemas import FLOW_TABLES
from bridgehead.region.tables import ROW, Table, check_labels, pair_matrix


def observed(draft: Draft, flow: str) -> bool:
    """Whether the folder gives a flow itself."""
    return draft.tables.get(flow) is not None


def inside_labels(draft: Draft, table: Table, column: str) -> None:
    """Labels of `column` are places, and inside."""
    check_labels(table, column, draft.place_ids, "place", draft.faults)
    outside = [place for place, here in zip(draft.place_ids, draft.inside, strict=True) if not here]
    rows = table.frame.filter(pl.col(column).is_in(outside)).unique(column, keep="first", maintain_order=True)
    for row in rows.iter_rows(named=True):
        cause = f"'{row[column]}' in column '{column}' is an outside place"
        draft.faults.add(cause, place=table.at(row[ROW]), expected="inside places: nobody commutes to or from others")


def check_observed(draft: Draft) -> None:
    """Labels of all three tables, and that everybody goes somewhere and every place is reached."""
    for flow, check in (("commuting", _commuting), ("trade", _trade), ("migration", _migration)):
        table = draft.tables.get(flow)
        if table is not None and set(FLOW_TABLES[flow].key) <= set(table.frame.columns):
            check(draft, table)


def _commuting(draft: Draft, table: Table) -> None:
    for column in ("home", "work"):
        inside_labels(draft, table, column)
    if _at_fault(draft, table):
        return
    inside = [place for place, here in zip(draft.place_ids, draft.inside, strict=True) if here]
    people = _flow(table, {"home": inside, "work": inside}, "people")
    _nobody(draft, table, "nobody who lives in {} commutes anywhere, home included", inside, people.sum(axis=1))
    _nobody(draft, table, "nobody works in {}", inside, people.sum(axis=0))


def _trade(draft: Draft, table: Table) -> None:
    for column in ("buyer", "seller"):
        check_labels(table, column, draft.place_ids, "place", draft.faults)
    check_labels(table, "sector", draft.meta.sectors, "sector", draft.faults)
    if _at_fault(draft, table) or not draft.has("facts", "place", "variable", "sector", "year", "value", "status"):
        return
    for sector in draft.meta.sectors:
        part = Table(table.file, table.frame.filter(pl.col("sector") == sector))
        value = _flow(part, {"buyer": draft.place_ids, "seller": draft.place_ids}, "value")
        _nobody(draft, table, "{} buys nothing of " + sector, draft.place_ids, value.sum(axis=1))
        made = given(draft, "value_added", sector) & (values(draft, "value_added", sector) > 0)
        sold = value.sum(axis=0)
        _nobody(draft, table, "{} makes " + sector + " and sells none", draft.place_ids, np.where(made, sold, 1.0))
        cause = "{} sells " + sector + " without value added in it"
        _nobody(draft, table, cause, draft.place_ids, np.where(given(draft, "value_added", sector) & ~made, sold == 0, True))


def _migration(draft: Draft, table: Table) -> None:
    check_labels(table, "destination", draft.place_ids, "place", draft.faults)
    if not draft.has("origins", "origin"):
        return
    names = draft.tables["origins"].frame["origin"].drop_nulls().to_list()
    check_labels(table, "origin", names, "origin", draft.faults)
    if _at_fault(draft, table):
        return
    people = _flow(table, {"origin": names, "destination": draft.place_ids}, "people")
    _nobody(draft, table, "people of origin {} live nowhere", names, people.sum(axis=1))
    _nobody(draft, table, "nobody lives in {}", draft.place_ids, people.sum(axis=0))


def _at_fault(draft: Draft, table: Table) -> bool:
    """Whether single cells of the table are wrong: then its sums say nothing yet."""
    return any(fault.place.startswith(f"{table.file}:") for fault in draft.faults.found)


def _flow(table: Table, labels: dict[str, Sequence[str]], value: str) -> np.ndarray:
    return np.nan_to_num(pair_matrix(table, labels, value)[0])


def _nobody(draft: Draft, table: Table, cause: str, names: Sequence[str], amount: np.ndarray) -> None:
    lost = [name for name, here in zip(names, amount, strict=True) if not here > 0]
    if lost:
        draft.faults.add(cause.format(shown(lost)), place=table.file, expected="a flow above 0", cure="add the row, or drop the place")
