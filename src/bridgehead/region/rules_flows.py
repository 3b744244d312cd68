"""Rules for what joins places: travel, trade costs, migration, borders, observed flows."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bridgehead.errors import did_you_mean
from bridgehead.region.borders import given_pairs
from bridgehead.region.draft import Draft, missing_pairs, shown
from bridgehead.region.meta import DOOR, SUM_TOLERANCE
from bridgehead.region.parameters import require_parameters
from bridgehead.region.rules_accounts import values
from bridgehead.region.rules_observed import check_observed, inside_labels, observed
from bridgehead.region.schemas import FLOWS
from bridgehead.region.tables import ROW, Table, check_labels, pair_matrix
from bridgehead.region.travel import islands, middle_of, travel_times
from bridgehead.region.units import factor

SHARE_UNIT = "share"
PEOPLE_TOLERANCE = 1e-6  # relative; rounded people of many origins and places


def check_flows(draft: Draft) -> dict[str, Any]:
    """All rules of this module. Returns the arrays travel, trade_costs and kept_income, and the table of origins."""
    travel = _travel(draft)
    trade_costs = _trade_costs(draft)
    origins, kept = _migration(draft)
    _check_borders(draft)
    check_observed(draft)
    _check_gateways(draft)
    _check_ends(draft, "moments")
    _check_ends(draft, "idea_flows")
    _check_idea_flows(draft)
    if draft.has("adjacency"):
        for column in ("a", "b"):
            check_labels(draft.tables["adjacency"], column, draft.place_ids, "place", draft.faults)
    return {"arrays": {"travel": travel, "trade_costs": trade_costs, "kept_income": kept}, "origins": origins}


def _inside_ids(draft: Draft) -> list[str]:
    return [place for place, here in zip(draft.place_ids, draft.inside, strict=True) if here]


def _travel(draft: Draft) -> np.ndarray | None:
    table, links = draft.tables.get("travel"), draft.tables.get("links")
    if table is not None and links is not None:
        cause = "travel times and links are both given"
        draft.faults.add(cause, place=f"{table.file}, {links.file}", expected="one of them", cure="delete the other")
        return None
    if draft.meta.closures.congestion == "links" and links is None:
        cause = 'congestion = "links" needs links.csv'
        draft.faults.add(cause, place="region.toml", cure='give links.csv or set congestion = "none"')
    if links is not None:
        return _from_links(draft, links)
    if table is None:
        if not observed(draft, "commuting"):
            cure = "give travel.csv (home, work, minutes) or links.csv (from, to, mode, minutes, opened)"
            draft.faults.add("there are neither travel times nor links", place="travel.csv", cure=cure)
        return None
    for column in ("home", "work"):
        if column in table.frame.columns:
            inside_labels(draft, table, column)
    minutes, seen = pair_matrix(table, {"home": draft.place_ids, "work": draft.place_ids}, "minutes")
    inside = _inside_ids(draft)
    cure = "give the minutes of every inside pair and of each place itself; delete the place if nobody can get there"
    missing_pairs(seen[np.ix_(draft.inside, draft.inside)], inside, inside, "travel time", table.file, draft.faults, cure)
    return minutes


def _from_links(draft: Draft, table: Table) -> np.ndarray | None:
    before = len(draft.faults.found)
    for column in ("from", "to"):
        if column in table.frame.columns:
            inside_labels(draft, table, column)
    modes = [mode for mode in draft.meta.modes if mode != DOOR]
    check_labels(table, "mode", modes, "mode", draft.faults)
    if draft.has("links", "from", "to"):
        for row in table.frame.filter(pl.col("from") == pl.col("to")).iter_rows(named=True):
            cause = f"a link from '{row['from']}' to itself"
            draft.faults.add(cause, place=table.at(row[ROW]), cure="drop it; own minutes follow from the land")
    ready = draft.has("links", "from", "to", "mode", "minutes", "opened") and draft.has("places", "land_km2")
    if len(draft.faults.found) > before or not ready or table.frame["minutes"].null_count():
        return None
    places = draft.tables["places"].frame
    inside = _inside_ids(draft)
    land = places["land_km2"].fill_null(1.0).to_numpy()
    if len(land) != len(draft.place_ids):
        return None
    date = middle_of(draft.meta.year)
    part = travel_times(table.data, draft.meta.modes, inside, land[draft.inside], date=date)
    _check_connected(draft, part, inside, table.file)
    minutes = np.full((len(draft.place_ids),) * 2, np.nan)
    minutes[np.ix_(draft.inside, draft.inside)] = part
    return minutes


def _check_connected(draft: Draft, minutes: np.ndarray, inside: list[str], file: str) -> None:
    for group in islands(minutes)[1:]:
        names = [inside[i] for i in group]
        verb = "are" if len(names) > 1 else "is"
        cause = f"{shown(names)} {verb} cut off: no link opened before {middle_of(draft.meta.year)} leads there and back"
        draft.faults.add(cause, place=file, expected="a way between all inside places", cure="add a link, or drop the place")


def _trade_costs(draft: Draft) -> np.ndarray | None:
    """Iceberg costs where given; the others need coordinates of both ends, and psi."""
    n = len(draft.place_ids)
    costs, seen = np.full((n, n), np.nan), np.zeros((n, n), dtype=bool)
    table = draft.tables.get("trade_costs")
    if table is not None:
        for column in ("buyer", "seller"):
            check_labels(table, column, draft.place_ids, "place", draft.faults)
        costs, seen = pair_matrix(table, {"buyer": draft.place_ids, "seller": draft.place_ids}, "iceberg")
    if seen.all():
        return costs
    if observed(draft, "trade") and table is None:
        return None  # the flows say how places trade
    require_parameters(draft.parameters, ("trade_distance",), " (trade costs follow from distance)", draft.faults)
    if draft.has("places", "lon", "lat") and draft.tables["places"].frame.height == n:
        frame = draft.tables["places"].frame
        nowhere = (frame["lon"].is_null() | frame["lat"].is_null()).to_numpy()
        lost = ~seen & (nowhere[:, None] | nowhere[None, :]) & ~np.eye(n, dtype=bool)
        for i in np.flatnonzero(nowhere & (lost.any(axis=0) | lost.any(axis=1))):
            cause = f"'{draft.place_ids[i]}' has neither lon and lat nor trade costs with every place"
            cure = "give its coordinates, or its rows in trade_costs.csv"
            draft.faults.add(cause, place="places.csv", expected="one of them", cure=cure)
    return costs if table is not None else None


def _migration(draft: Draft) -> tuple[pl.DataFrame | None, np.ndarray | None]:
    origins, costs = draft.tables.get("origins"), draft.tables.get("migration_costs")
    flows = observed(draft, "migration")
    if ((origins is None) != (costs is None) and not (flows and origins is not None)) or (flows and origins is None):
        absent = "origins.csv" if origins is None else "migration_costs.csv"
        draft.faults.add("the file is missing", place=absent, expected="origins.csv and migration_costs.csv, or neither")
        return None, None
    if not draft.has("facts", "place", "variable", "sector", "year", "value", "status"):
        return None, None
    residents = values(draft, "residents")
    if origins is None:
        return one_each(draft.place_ids, draft.inside, residents)
    if not draft.has("origins", "origin", "people"):
        return None, None
    names = list(origins.frame["origin"].drop_nulls().unique(maintain_order=True))
    levels = [name for name in draft.meta.all_levels if name in origins.frame.columns and draft.jurisdictions(name)]
    for level in levels:
        check_labels(origins, level, draft.jurisdictions(level), level, draft.faults)
    if costs is None:
        _check_people(draft, origins, residents)
        people, _ = pair_matrix(draft.tables["migration"], {"origin": names, "destination": draft.place_ids}, "people")
        return origins.data, (np.nan_to_num(people) > 0).astype(float)  # what they keep follows from where they are
    check_labels(costs, "origin", names, "origin", draft.faults)
    check_labels(costs, "destination", draft.place_ids, "place", draft.faults)
    kept, seen = pair_matrix(costs, {"origin": names, "destination": draft.place_ids}, "kept_income")
    cure = "write 0 where nobody moves"
    missing_pairs(seen, names, draft.place_ids, "kept income from origin to place", costs.file, draft.faults, cure)
    _check_people(draft, origins, residents)
    if seen.all():
        _check_homes(draft, names, kept, costs.file)
    return origins.data, kept


def _check_people(draft: Draft, origins: Table, residents: np.ndarray) -> None:
    people = origins.frame["people"]
    if people.null_count() or not (residents > 0).all():
        return  # reported already
    registered, living = float(people.sum()), float(residents.sum())
    if abs(registered - living) > PEOPLE_TOLERANCE * living:
        cause = f"the people of all origins are {registered:,.0f}, the residents of all places {living:,.0f}"
        expected = f"the same number, within {PEOPLE_TOLERANCE:g} of it"
        draft.faults.add(cause, place=origins.file, expected=expected, cure="scale the origins to the residents")


def _check_homes(draft: Draft, names: list[str], kept: np.ndarray, file: str) -> None:
    for name, row in zip(names, kept, strict=True):
        if not (np.nan_to_num(row, nan=1.0) > 0).any():
            draft.faults.add(f"origin '{name}' keeps no income anywhere", place=file, expected="at least one place")
    for place, column in zip(draft.place_ids, kept.T, strict=True):
        if not (np.nan_to_num(column, nan=1.0) > 0).any():
            draft.faults.add(f"nobody can live in '{place}': every origin keeps 0 there", place=file, expected="an origin")


def _check_borders(draft: Draft) -> None:
    table, meta, faults = draft.tables.get("borders"), draft.meta, draft.faults
    if table is None:
        if meta.bordered_levels:
            levels = ", ".join(meta.bordered_levels)
            cure = "give it, or set bordered_levels = [] in region.toml"
            faults.add(f"the file is missing, but {levels} are bordered levels", place="borders.csv", cure=cure)
        return
    check_labels(table, "level", meta.bordered_levels, "bordered level", faults)
    if not draft.has("borders", "level", "flow", "receiver", "supplier", "passage"):
        return
    _check_sector_and_own(draft, table)
    for level in meta.bordered_levels:
        names = draft.jurisdictions(level)
        if not names:
            continue  # places.csv lacks the level: reported there
        part = Table(table.file, table.frame.filter(pl.col("level") == level))
        for column in ("receiver", "supplier"):
            check_labels(part, column, names, level, faults)
        for flow in _needed_flows(draft, level):
            seen = given_pairs(table.frame, flow, level, names, meta.sectors)
            seen = _own_pairs(seen.all(axis=0) if flow == "trade" else seen)
            what = f"{flow} passage at level {level}, receiver to supplier,"
            missing_pairs(seen, names, names, what, table.file, faults, "write 1 where there is no border")


def _own_pairs(seen: np.ndarray) -> np.ndarray:
    """The pair of a jurisdiction with itself needs no row: it counts as given where any other pair of it is."""
    if len(seen) == 1:
        return seen
    other = seen & ~np.eye(len(seen), dtype=bool)
    return other | np.diag(other.any(axis=1) | other.any(axis=0))


def _needed_flows(draft: Draft, level: str) -> list[str]:
    origins = draft.tables.get("origins")
    needed = [flow for flow in FLOWS if flow not in ("migration", "ideas")]
    if origins is not None and level in origins.frame.columns:
        needed.append("migration")
    return [*needed, "ideas"] if draft.has_research else needed


def _check_sector_and_own(draft: Draft, table: Table) -> None:
    faults = draft.faults
    if not draft.has_research:
        rows = table.frame.filter(pl.col("flow") == "ideas")
        if rows.height:
            cure = "give research_spending in facts.csv, or drop these rows"
            cause = f"passages of ideas are given ({rows.height} rows), but no research_spending"
            faults.add(cause, place=table.at(rows[ROW][0]), cure=cure)
    if "sector" in table.frame.columns:
        for row in table.frame.filter(pl.col("sector").is_not_null() & (pl.col("flow") != "trade")).iter_rows(named=True):
            cause = f"a passage of {row['flow']} names the sector '{row['sector']}'"
            faults.add(cause, place=table.at(row[ROW]), expected="sectors in rows of trade only")
    own = table.frame.filter((pl.col("receiver") == pl.col("supplier")) & (pl.col("passage") != 1.0))
    for row in own.iter_rows(named=True):
        cause = f"the passage from '{row['receiver']}' to itself is {row['passage']:g}"
        faults.add(cause, place=table.at(row[ROW]), expected="1, or no row: inside a jurisdiction there is no border")


def _check_gateways(draft: Draft) -> None:
    if not draft.has("gateways", "place", "gateway", "share"):
        return
    table = draft.tables["gateways"]
    check_labels(table, "place", draft.place_ids, "place", draft.faults)
    for (place,), group in table.frame.group_by(["place"], maintain_order=True):
        total = group["share"].sum()
        if not group["share"].null_count() and abs(total - 1) > SUM_TOLERANCE:
            cause = f"the gateway shares of '{place}' add up to {total:.10g}"
            draft.faults.add(cause, place=table.at(group[ROW][0]), expected="1")


def _check_ends(draft: Draft, stem: str) -> None:
    """`from` and `to` name places or jurisdictions, joined by +."""
    if not draft.has(stem, "from", "to"):
        return
    table = draft.tables[stem]
    known = {name for level in draft.meta.all_levels for name in draft.jurisdictions(level)}
    for row in table.frame.iter_rows(named=True):
        for column in ("from", "to"):
            for name in (part.strip() for part in (row[column] or "").split("+")):
                if name and name not in known:
                    cure = did_you_mean(name, sorted(known)) + " Several are joined by +"
                    cause = f"unknown place or jurisdiction '{name}' in column '{column}'"
                    draft.faults.add(cause, place=table.at(row[ROW]), cure=cure)


def _check_idea_flows(draft: Draft) -> None:
    """A share says among the jurisdictions of which level; other rows are counts or money."""
    if not draft.has("idea_flows", "unit", "value", "year"):
        return
    table = draft.tables["idea_flows"]
    check_labels(table, "among", draft.meta.all_levels, "level", draft.faults)
    for row in table.frame.filter(pl.col("unit").is_not_null() & pl.col("value").is_not_null()).iter_rows(named=True):
        name = f"the {row['flow']} of {row['year']}"
        if row["unit"] == SHARE_UNIT:
            if row.get("among") is None or row["value"] > 1:
                expected = "a level in `among`, and at most 1"
                draft.faults.add(f"{name} is a share without `among`, or above 1", place=table.at(row[ROW]), expected=expected)
        elif row.get("among") is not None:
            draft.faults.add(f"{name} names `among` and is no share", place=table.at(row[ROW]), expected=f"the unit '{SHARE_UNIT}'")
        elif row["unit"] != "1" and factor(row["unit"], "money", draft.meta.currency) is None:
            expected = f"1, {SHARE_UNIT}, or a unit of money a year"
            draft.faults.add(f"unknown unit '{row['unit']}' of {name}", place=table.at(row[ROW]), expected=expected)


def one_each(place_ids: tuple[str, ...], inside: np.ndarray, residents: np.ndarray) -> tuple[pl.DataFrame, np.ndarray]:
    """Origins for a region without migration data: one for the inside, and one for each outside place."""
    outside = np.flatnonzero(~inside)
    names = ["inside", *(place_ids[i] for i in outside)]
    people = [float(residents[inside].sum()), *(float(residents[i]) for i in outside)]
    kept = np.zeros((len(names), len(place_ids)))
    kept[0, inside] = 1.0
    kept[np.arange(1, len(names)), outside] = 1.0
    return pl.DataFrame({"origin": names, "people": people}), kept
