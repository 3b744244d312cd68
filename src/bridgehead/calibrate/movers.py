"""How much of real income people keep who live away from home, fitted to observed migrants (case page §4).

With kept income 1 the home choice alone would spread every province's people over the whole country: the border passage is a
policy, and what keeps most people at home beyond it (family, language, land) is a residual like that of commuting. One number,
common to all who live away, is found such that the share of migrants is the observed one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.optimize import brentq

from bridgehead.calibrate.homes import attraction_from_residents, linked_sets
from bridgehead.calibrate.kernels import migration_kept
from bridgehead.calibrate.moments import members_of
from bridgehead.errors import DataError, SolveError

SMALLEST_KEPT = 1e-4


def away_from_home(region: Any, arrays: Any, level: str) -> np.ndarray:
    """Which origin–place pairs [origin, place] are away: open to the origin, and outside its jurisdiction of `level`."""
    names = region.jurisdictions(level)
    home = np.array([[names[p] == name for p in region.cells(level)] for name in region.origins[level]])
    return (arrays.kept_income > 0) & ~home


def share_away(
    arrays: Any, reach: np.ndarray, away: np.ndarray, places: np.ndarray, start: np.ndarray | None, sets: tuple
) -> tuple[float, np.ndarray]:
    """(share of the people of `places` whose origin is away, attraction v), at the amenities that put people where they live.

    reach D [origin, place]; start, sets: as in `attraction_from_residents`.
    """
    attraction = attraction_from_residents(reach, arrays.origin_people, arrays.residents, start=start, sets=sets)
    weight = reach * attraction
    people = arrays.origin_people[:, None] * weight / weight.sum(axis=1, keepdims=True)
    return float((people * away)[:, places].sum() / people[:, places].sum()), attraction


def fit_movers(region: Any, arrays: Any, parameters: dict[str, float]) -> tuple[Any, dict[str, float]]:
    """(arrays with the fitted kept income of people away, {"kept_income_away": value}).

    fit.toml: [movers] moment = the name of a `migrants_share` moment, level = the level at which home is defined.
    """
    wanted = region.fit["movers"]
    row = region.moments.filter(region.moments["name"] == wanted["moment"])
    if row.height != 1:
        raise DataError(f"fit.toml [movers] names the moment '{wanted['moment']}', which moments.csv does not have")
    away = away_from_home(region, arrays, wanted["level"])
    places = members_of(region, row["from"][0])
    target, dispersion = float(row["value"][0]), parameters["home_dispersion"]

    last: list[np.ndarray | None] = [None]
    whole = migration_kept(arrays, dispersion) ** dispersion
    sets = linked_sets(whole)

    def miss(log_kept: float) -> float:
        reach = np.where(away, whole * np.exp(dispersion * log_kept), whole)
        share, last[0] = share_away(arrays, reach, away, places, last[0], sets)
        return share - target

    low, high = np.log(SMALLEST_KEPT), 0.0
    if miss(low) > 0 or miss(high) < 0:
        raise SolveError(f"no kept income between {SMALLEST_KEPT} and 1 gives the observed migrants share of {target}")
    kept = float(np.exp(brentq(miss, low, high, xtol=1e-12)))
    fitted = replace(arrays, kept_income=np.where(away, arrays.kept_income * kept, arrays.kept_income))
    return fitted, {"kept_income_away": kept}
