"""Rules for places, jurisdictions, sectors and what they are made of."""

from __future__ import annotations

import numpy as np
import polars as pl

from bridgehead.errors import did_you_mean
from bridgehead.region.draft import Draft, missing_pairs
from bridgehead.region.meta import SUM_TOLERANCE
from bridgehead.region.tables import ROW, check_labels, pair_matrix, positions


def check_places(draft: Draft) -> None:
    """places.csv, then sectors.csv, input_output.csv and consumption.csv; sets the draft's canonical order."""
    if draft.has("places", "place"):
        places = draft.tables["places"].frame
        names = places["place"].drop_nulls().unique(maintain_order=True)
        draft.place_ids = tuple(names)
        keep = places.filter(pl.col("place").is_not_null()).unique("place", keep="first", maintain_order=True)
        outside = keep["outside"] if "outside" in keep.columns else pl.Series([False] * keep.height)
        draft.inside = ~outside.fill_null(value=False).to_numpy()
        _check_points(draft)
        if not draft.inside.any():
            draft.faults.add("no place is inside", place="places.csv", cure="write outside = false where people commute")
    _check_sectors(draft)
    if draft.place_ids:
        _check_consumption(draft)


def _check_points(draft: Draft) -> None:
    if not draft.has("places", "lon", "lat"):
        return
    table = draft.tables["places"]
    for row in table.frame.iter_rows(named=True):
        if (row["lon"] is None) != (row["lat"] is None):
            absent = "lon" if row["lon"] is None else "lat"
            cause = f"'{row['place']}' has no {absent}"
            draft.faults.add(cause, place=table.at(row[ROW]), expected="both lon and lat, or neither")


def _check_sectors(draft: Draft) -> None:
    names, faults = draft.meta.sectors, draft.faults
    for stem, columns in (("input_output", ("input", "user")), ("facts", ("sector",)), ("borders", ("sector",))):
        if draft.has(stem):
            for column in columns:
                check_labels(draft.tables[stem], column, names, "sector", faults)
    if draft.has("sectors", "sector"):
        table = draft.tables["sectors"]
        check_labels(table, "sector", names, "sector", faults)
        for name in names:
            if name not in table.frame["sector"].to_list():
                cure = did_you_mean(name, [n for n in table.frame["sector"].to_list() if n not in names] or names)
                faults.add(f"sector '{name}' of region.toml has no row", place=table.file, cure=cure)
        _check_parts(draft)
    if draft.has("input_output", "input", "user", "share"):
        table = draft.tables["input_output"]
        _, seen = pair_matrix(table, {"input": names, "user": names}, "share")
        missing_pairs(seen, names, names, "input share", table.file, faults, "write 0 for an input that is not used")
    if draft.has("sectors", "sector", "labour", "floor_space"):
        _check_cost_shares(draft)


def _check_parts(draft: Draft) -> None:
    """A sub-sector is part of a whole that is part of nothing."""
    table = draft.tables["sectors"]
    if "part_of" not in table.frame.columns:
        return
    parts = {row["sector"]: row["part_of"] for row in table.frame.iter_rows(named=True) if row["part_of"] is not None}
    for row in table.frame.iter_rows(named=True):
        whole = row["part_of"]
        if whole is not None and (whole == row["sector"] or whole in parts):
            cause = f"'{row['sector']}' is part of '{whole}', which is " + (
                "itself" if whole == row["sector"] else f"part of '{parts[whole]}'"
            )
            draft.faults.add(cause, place=table.at(row[ROW]), expected="a sector, or a name of its own, that is part of nothing")


def _check_cost_shares(draft: Draft) -> None:
    """beta + gamma + sum of omega = 1 in every sector."""
    table, names = draft.tables["sectors"], draft.meta.sectors
    inputs = np.zeros(len(names))
    if draft.has("input_output", "input", "user", "share"):
        omega, _ = pair_matrix(draft.tables["input_output"], {"input": names, "user": names}, "share")
        inputs = omega.sum(axis=0)  # a pair that is missing has its own fault
    where = positions(table.frame["sector"], names)
    for row, i in zip(table.frame.iter_rows(named=True), where, strict=True):
        if i < 0 or row["labour"] is None or row["floor_space"] is None or np.isnan(inputs[i]):
            continue
        total = row["labour"] + row["floor_space"] + inputs[i]
        if abs(total - 1) > SUM_TOLERANCE:
            parts = f"labour {row['labour']:g} + floor space {row['floor_space']:g} + inputs {inputs[i]:g}"
            cause = f"the cost shares of '{row['sector']}' add up to {total:.10g} ({parts})"
            draft.faults.add(cause, place=table.at(row[ROW]), expected="1, within 1e-9", cure="mend one of the shares")


def _check_consumption(draft: Draft) -> None:
    if not draft.has("consumption", "place", "sector", "share"):
        return
    table, names, faults = draft.tables["consumption"], draft.meta.sectors, draft.faults
    check_labels(table, "place", draft.place_ids, "place", faults)
    check_labels(table, "sector", names, "sector", faults)
    inside = [place for place, here in zip(draft.place_ids, draft.inside, strict=True) if here]
    for row in table.frame.filter(pl.col("place").is_in(inside)).unique("place", maintain_order=True).iter_rows(named=True):
        cause = f"'{row['place']}' is inside and cannot have consumption shares of its own"
        faults.add(cause, place=table.at(row[ROW]), expected="outside places; inside ones share theirs")
    shares, seen = pair_matrix(table, {"place": draft.place_ids, "sector": names}, "share")
    for i in np.flatnonzero(seen.any(axis=1)):
        place, total = draft.place_ids[i], shares[i].sum()
        missing = [name for name, there in zip(names, seen[i], strict=True) if not there]
        if missing:
            faults.add(f"'{place}' has no consumption share of {', '.join(missing)}", place=table.file, expected="all sectors")
        elif abs(total - 1) > SUM_TOLERANCE:
            cause = f"the consumption shares of '{place}' add up to {total:.10g}"
            faults.add(cause, place=table.file, expected="1: shares of what it spends on goods, housing left out")
