"""Travel times from links: several modes, each a layer of its own, joined at the doors of places.

Every place has a door. Each mode with an entry time is a layer of nodes; stepping from the door into a layer costs the
mode's entry minutes, and stepping out costs them again, so that a trip pays them once each way and a change of vehicle
within a mode is free. Modes without an entry time run from door to door. `door` in [modes] is paid at both ends of any
trip. A link is good both ways unless the table also lists the way back by the same mode; of parallel links the quickest
counts.

The time inside a place is two door times and its own distance, 2/3 sqrt(land / pi), at `LOCAL_KMH`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from bridgehead.region.distance import own_km
from bridgehead.region.meta import DOOR
from bridgehead.region.tables import positions

LOCAL_KMH = 25.0  # assumption: mean door-to-door speed of trips inside a place, all modes together


def middle_of(year: int) -> datetime.date:
    """The day by which a link must have opened to be in a year's baseline (it must be earlier)."""
    return datetime.date(year, 7, 1)


def own_minutes(land_km2: np.ndarray, *, door: float = 0.0) -> np.ndarray:
    """Minutes of a trip inside each place [N]: its own distance at `LOCAL_KMH`, and the door time at both ends."""
    return own_km(land_km2) / LOCAL_KMH * 60.0 + 2.0 * door


def travel_times(
    links: pl.DataFrame,
    modes: Mapping[str, float],
    place_ids: Sequence[str],
    land_km2: np.ndarray,
    *,
    date: datetime.date | None = None,
) -> np.ndarray:
    """Minutes from home to work [n, n] over the links opened before `date` (all of them where it is None).

    `links` as links.csv (from, to, mode, minutes, opened; no date: always there), `modes` as [modes] of region.toml,
    `land_km2` [n]. Pairs that no link joins are infinite. Every mode and place of the links must be known.
    """
    graph = door_graph(links, modes, place_ids, date=date)
    n = len(place_ids)
    door = float(modes.get(DOOR, 0.0))
    minutes = dijkstra(graph, directed=True, indices=np.arange(n))[:, :n] + 2.0 * door
    np.fill_diagonal(minutes, own_minutes(land_km2, door=door))
    return minutes


def both_ways(links: pl.DataFrame) -> pl.DataFrame:
    """The links with every direction written out: the way back is added where the table does not list one."""
    back = links.with_columns(pl.col("from").alias("to"), pl.col("to").alias("from"))
    listed = links.select("from", "to", "mode").unique()
    back = back.join(listed, on=["from", "to", "mode"], how="anti", maintain_order="left")
    return pl.concat([links, back])


def with_link(
    links: pl.DataFrame,
    origin: str,
    destination: str,
    *,
    mode: str,
    minutes: float,
    opened: datetime.date | None = None,
) -> pl.DataFrame:
    """The links, every direction written out, and one new link both ways."""
    new = {
        "from": [origin, destination],
        "to": [destination, origin],
        "mode": [mode] * 2,
        "minutes": [float(minutes)] * 2,
        "opened": [opened] * 2,
    }
    rows = pl.DataFrame(new, schema={name: links.schema[name] for name in new})
    return pl.concat([both_ways(links), rows], how="diagonal")


def door_graph(
    links: pl.DataFrame, modes: Mapping[str, float], place_ids: Sequence[str], *, date: datetime.date | None = None
) -> csr_array:
    """The layered graph as a sparse matrix of minutes; the first n nodes are the doors of the places."""
    rows = both_ways(links)
    if date is not None:
        rows = rows.filter(pl.col("opened").is_null() | (pl.col("opened") < date))
    n = len(place_ids)
    layered = [mode for mode, entry in modes.items() if mode != DOOR and entry > 0]
    layer = {mode: (layered.index(mode) + 1 if mode in layered else 0) for mode in modes}
    level = np.array([layer[mode] for mode in rows["mode"]], dtype=np.int64)
    tail, head = positions(rows["from"], place_ids) + n * level, positions(rows["to"], place_ids) + n * level
    doors = np.arange(n)
    tails, heads, costs = [tail], [head], [rows["minutes"].to_numpy()]
    for i, mode in enumerate(layered, 1):
        tails += [doors, doors + n * i]
        heads += [doors + n * i, doors]
        costs += [np.full(2 * n, float(modes[mode]))]
    return _quickest(np.concatenate(tails), np.concatenate(heads), np.concatenate(costs), n * (len(layered) + 1))


def _quickest(tail: np.ndarray, head: np.ndarray, cost: np.ndarray, size: int) -> csr_array:
    """One edge a pair of nodes: the cheapest of parallel ones (a sparse matrix would add them up)."""
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    first = np.ones(len(tail), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    return csr_array(coo_array((cost[first], (tail[first], head[first])), shape=(size, size)))


def islands(minutes: np.ndarray) -> list[np.ndarray]:
    """Groups of places [indices] that reach each other both ways, largest first; one group when all is connected."""
    count, label = connected_components(csr_array(np.isfinite(minutes)), directed=True, connection="strong")
    groups = [np.flatnonzero(label == i) for i in range(count)]
    return sorted(groups, key=len, reverse=True)
