"""Construction land: square metres a resident, no more than a place can hold.

A dense district cannot hold its residents' land; what is above the limit goes to the other places of the same prefecture
in proportion to their residents, so that the prefecture's total stands. The sides of the Sci-Tech City keep the plain rate.
"""

from __future__ import annotations

import numpy as np
from tools.yangtze.assumptions import BUILT_SHARE_MAX, CONSTRUCTION_LAND_M2
from tools.yangtze.labels import SIDES, home_prefecture, is_inside
from tools.yangtze.regions import place_rows
from tools.yangtze.sources import Sources


def construction_land(sources: Sources, *, elsewhere: float = CONSTRUCTION_LAND_M2["elsewhere"]) -> np.ndarray:
    """Construction land of the inside places in km2 [307], at `elsewhere` m2 a resident outside Shanghai."""
    rows = [row for row in sources.places if is_inside(row)]
    people = np.array([float(row["population"]) for row in rows])
    limit = BUILT_SHARE_MAX * np.array([float(row["land_km2"]) for row in place_rows(sources)[: len(rows)]])
    prefectures = np.array([home_prefecture(row) for row in rows])
    rate = np.where(prefectures == "shanghai", CONSTRUCTION_LAND_M2["shanghai"], elsewhere)
    land = rate * 1e-6 * people
    shared = np.array([row["id"] not in SIDES for row in rows])
    for name in dict.fromkeys(prefectures):
        own = shared & (prefectures == name)
        land[own] = fill(land[own], limit[own])
    return np.round(land, 3)


def fill(wanted: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """`wanted` cut at `limit`, the excess spread over the others in proportion; ValueError if they cannot hold it."""
    total = wanted.sum()
    if limit.sum() < total:
        raise ValueError(f"{total:.1f} km2 do not fit into {limit.sum():.1f}")
    filled = wanted.copy()
    while (filled > limit * (1 + 1e-12)).any():
        full = filled >= limit
        filled[full] = limit[full]
        filled[~full] *= (total - limit[full].sum()) / filled[~full].sum()
    return filled
