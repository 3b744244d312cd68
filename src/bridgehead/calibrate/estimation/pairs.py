"""Flows between places, what lies between the places, and which borders each pair crosses: checked and in one order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl

from bridgehead.calibrate.estimation.tables import PairTable, PairValues, read_pairs
from bridgehead.errors import DataError, Faults, did_you_mean
from bridgehead.region.distance import place_km
from bridgehead.region.draft import shown
from bridgehead.region.tables import positions, read_raw

NOT_A_LEVEL = ("place", "name", "name_zh", "lon", "lat", "land_km2", "outside", "rent_pool", "note", "country")
"""Columns of a table of places that are no level of jurisdictions unless they are asked for."""

Note = dict[str, Any]
"""Something a reader must know: its key, and the values its sentence takes."""

Absent = Literal["refuse", "zero", "missing"]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Observed flows [receiver, supplier] between places, NaN where there is no figure, and what lies between them.

    cost: `measure` (km or minutes) between places, NaN where there is no way; sides: the jurisdiction of every place by level; without: pairs
    of different jurisdictions between which there is no border all the same (passage 1 in borders.csv), by level.
    data_hash: SHA-256 over all of it. notes: `unread` columns, rows that are `absent_zero` or `absent_missing`.
    """

    flow: str
    places: tuple[str, ...]
    value: np.ndarray
    cost: np.ndarray
    measure: str
    sides: dict[str, np.ndarray]
    without: dict[str, np.ndarray] = field(default_factory=dict)
    data_hash: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def crosses(self) -> dict[str, np.ndarray]:
        """Whether a pair [receiver, supplier] crosses a border of each level."""
        apart = {level: side[:, None] != side[None, :] for level, side in self.sides.items()}
        return {level: pairs & ~self.without[level] if level in self.without else pairs for level, pairs in apart.items()}


@dataclass(frozen=True)
class Source:
    """Where pairs come from. places: a table of places with a column a level, or None; region: a Region, or None.

    levels: those whose borders are estimated (empty: all there are); absent: what a pair without a row is; scale multiplies the cost
    (0.001: metres to km; 0.5: round trips); costs at or above `none_above` are no way at all.
    """

    flows: PairTable
    cost: PairTable | None = None
    places: Path | None = None
    region: Any = None
    levels: tuple[str, ...] = ()
    absent: Absent = "refuse"
    scale: float = 1.0
    none_above: float | None = None


def read_source(source: Source) -> Pairs:
    """The pairs of a source; DataError with every fault of its tables."""
    faults = Faults("the flows cannot be used", DataError)
    flows = read_pairs(source.flows, faults)
    costs = None if source.cost is None else read_pairs(source.cost, faults)
    table = None if source.places is None else _places(source.places, faults)
    faults.raise_if_any()
    places = _order(flows, table, source, faults)
    value, absent = _flows(flows, places, source.absent, faults)
    cost, measure = _cost(costs, places, table, source, faults)
    sides = _sides(places, table, source, faults)
    _check_costs(places, value, cost, faults)
    faults.raise_if_any()
    notes: list[Note] = [] if not flows.unread else [{"key": "unread", "names": shown(flows.unread)}]
    if absent:
        notes.append({"key": f"absent_{source.absent}", "count": absent, "total": value.size})
    return checked(Pairs(source.flows.flow, places, value, cost, measure, sides, _without(places, source), notes=tuple(notes)))


def checked(pairs: Pairs) -> Pairs:
    """The pairs with their hash; DataError where there is nothing to estimate from."""
    faults = Faults("there is nothing to estimate from", DataError)
    if not (np.nan_to_num(pairs.value) > 0).any():
        faults.add("every flow is 0")
    alike: dict[bytes, str] = {}
    for level, crosses in pairs.crosses.items():
        across = crosses & np.isfinite(pairs.value) & np.isfinite(pairs.cost)
        if not crosses.any():
            faults.add(f"level '{level}' has one jurisdiction only: nothing crosses it", cure="leave it out")
        elif not (pairs.value[across] > 0).any():
            faults.add(f"no flow crosses a border of level '{level}': its passage is 0, and no estimate", cure="leave it out")
        if crosses.tobytes() in alike:
            faults.add(f"levels '{alike[crosses.tobytes()]}' and '{level}' have the same borders: they cannot be told apart")
        alike.setdefault(crosses.tobytes(), level)
    faults.raise_if_any()
    digest = hashlib.sha256(json_bytes(pairs))
    return replace(pairs, data_hash=digest.hexdigest())


def json_bytes(pairs: Pairs) -> bytes:
    """Everything that an estimate depends on, as bytes."""
    labels = "\0".join([pairs.flow, pairs.measure, *pairs.places, *(x for k, v in pairs.sides.items() for x in (k, *map(str, v)))])
    return b"".join(
        [labels.encode(), pairs.value.tobytes(), pairs.cost.tobytes(), *(crosses.tobytes() for crosses in pairs.crosses.values())]
    )


def _places(path: Path, faults: Faults) -> pl.DataFrame | None:
    """A table of places: `place` and a column a level."""
    raw = read_raw(path, faults)
    if raw is None:
        return None
    if "place" not in raw.columns:
        faults.add("column 'place' is missing", place=f"{path.name}:1", expected="place, and a column a level")
        return None
    table = raw.with_columns(pl.all().cast(pl.String).str.strip_chars())
    for row, name in enumerate(table["place"].to_list(), start=2):
        if not name:
            faults.add("a place has no id", place=f"{path.name}:{row}")
    twice = table["place"].drop_nulls().value_counts().filter(pl.col("count") > 1)
    for name in twice["place"].to_list():
        faults.add(f"place '{name}' is there more than once", place=path.name, expected="one row a place")
    return table


def _order(flows: PairValues, table: pl.DataFrame | None, source: Source, faults: Faults) -> tuple[str, ...]:
    """The places: those of the table of places or of the region (inside only where people commute), else those of the flows."""
    if table is not None:
        known = tuple(table["place"])
    elif source.region is not None:
        inside = source.region.inside | (source.flows.flow != "commuting")
        known = tuple(place for place, here in zip(source.region.place_ids, inside, strict=True) if here)
    else:
        return flows.labels
    where = source.places.name if source.places is not None else "the region"
    strange = [label for label in flows.labels if label not in set(known)]
    for label in strange[:10]:
        faults.add(f"unknown place '{label}'", place=flows.file, expected=f"a place of {where}", cure=did_you_mean(label, known))
    if len(strange) > 10:
        faults.add(f"{len(strange) - 10} more places are not in {where}", place=flows.file)
    return known


def _matrix(values: PairValues, places: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """(the numbers [receiver, supplier], where there is a row); pairs of unknown places are left out."""
    i, j = (positions(pl.Series(side, dtype=pl.String), places) for side in (values.receiver, values.supplier))
    good = (i >= 0) & (j >= 0)
    matrix, seen = np.full((len(places),) * 2, np.nan), np.zeros((len(places),) * 2, dtype=bool)
    matrix[i[good], j[good]] = values.value[good]
    seen[i[good], j[good]] = True
    return matrix, seen


def _flows(flows: PairValues, places: Sequence[str], absent: Absent, faults: Faults) -> tuple[np.ndarray, int]:
    value, seen = _matrix(flows, places)
    gone = int((~seen).sum())
    if gone and absent == "refuse":
        i, j = np.argwhere(~seen)[0]
        faults.add(
            f"{gone} of {seen.size} pairs have no row, first {places[i]}–{places[j]}",
            place=flows.file,
            expected="a row for every pair",
            cure="say what they are: --absent zero (nobody goes), or --absent missing (not known, left out)",
        )
    return (np.where(seen, value, 0.0) if absent == "zero" else value), gone


def _cost(
    costs: PairValues | None, places: Sequence[str], table: pl.DataFrame | None, source: Source, faults: Faults
) -> tuple[np.ndarray, str]:
    """What lies between the places, and in what it is measured: the table's, the region's own, or distance from coordinates."""
    region, measure = source.region, "km" if source.cost is None else source.cost.measure
    if costs is not None:
        cost = _matrix(costs, places)[0] * source.scale
        if source.none_above is not None:
            cost = np.where(cost >= source.none_above * source.scale, np.nan, cost)
        return cost, measure
    if region is not None:
        chosen = [region.place_ids.index(place) for place in places if place in region.place_ids]
        if len(chosen) == len(places):
            arrays, commuting = region.arrays(), source.flows.flow == "commuting"
            return np.array((arrays.minutes if commuting else arrays.km)[np.ix_(chosen, chosen)]), "minutes" if commuting else "km"
    if table is not None and {"lon", "lat", "land_km2"} <= set(table.columns):
        return place_km(
            *(table[name].cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy() for name in ("lon", "lat", "land_km2"))
        ), "km"
    cure = "give --distance or --minutes, a REGION, or lon, lat and land_km2 in the table of places"
    faults.add("nothing says how far the places are from each other", cure=cure)
    return np.full((len(places),) * 2, np.nan), measure


def _sides(places: Sequence[str], table: pl.DataFrame | None, source: Source, faults: Faults) -> dict[str, np.ndarray]:
    """The jurisdiction of every place by level: the levels asked for, else the bordered ones of the region or all of the table's."""
    region = source.region
    if table is not None:
        known = [name for name in table.columns if name != "place"]
        default = [name for name in known if name not in NOT_A_LEVEL]
    elif region is not None:
        known, default = list(region.levels), list(region.meta.bordered_levels)
    else:
        known, default = [], []
    sides = {}
    for level in source.levels or default:
        if level not in known:
            cure = did_you_mean(level, known) or "give --places with a column a level, or a REGION"
            faults.add(f"unknown level '{level}'", place="--level", cure=cure)
            continue
        column = table[level].to_list() if table is not None else list(region.column_of(level))
        of = dict(zip(table["place"].to_list() if table is not None else region.place_ids, column, strict=True))
        empty = [place for place in places if of.get(place) in (None, "")]
        if empty:
            faults.add(f"level '{level}' is empty for {shown(empty)}", place="--places", expected="a jurisdiction for every place")
        sides[level] = np.array([str(of.get(place)) for place in places])
    return sides


def _without(places: Sequence[str], source: Source) -> dict[str, np.ndarray]:
    """Pairs without a border by level, where the levels are the region's own."""
    region = source.region
    if region is None or source.places is not None:
        return {}
    at, arrays = np.array([region.place_ids.index(place) for place in places]), region.arrays()
    found = {}
    for (flow, level), passage in arrays.passages.items():
        if flow == source.flows.flow:
            side = arrays.cells[level][at]
            found[level] = (passage[..., side[:, None], side[None, :]] == 1.0).reshape(-1, len(at), len(at)).all(axis=0)
    return found


def _check_costs(places: Sequence[str], value: np.ndarray, cost: np.ndarray, faults: Faults) -> None:
    """A pair with a flow must have a way; faults name the pairs that have none."""
    if faults:
        return
    lost = np.argwhere((np.nan_to_num(value) > 0) & ~np.isfinite(cost) & ~np.eye(len(places), dtype=bool))
    if len(lost):
        some = shown([f"{places[i]}–{places[j]}" for i, j in lost])
        cure = "add them, or say with --none-above what stands for none"
        faults.add(f"a flow but no distance or time between {some}", expected="a way wherever somebody goes", cure=cure)
