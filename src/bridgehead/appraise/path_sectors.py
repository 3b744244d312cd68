"""Sectors along a path, each sub-sector and what it is part of: strategic emerging industries where a region splits them off."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bridgehead.appraise.ideas import readable_levels
from bridgehead.appraise.path_sets import INSIDE, sets_of
from bridgehead.models.path import Path, PathYear

SCHEMA = {
    "year": pl.Int64,
    **dict.fromkeys(("level", "jurisdiction", "sector", "variable", "unit"), pl.String),
    **dict.fromkeys(("baseline", "scenario", "change"), pl.Float64),
}


def sector_table(baseline: Any, base: Path, plan: Path) -> pl.DataFrame:
    """year, level, jurisdiction, sector, variable, unit, baseline, scenario, change, of the inside and of levels with few jurisdictions.

    A sector with sub-sectors stands for the whole of it, and each of them beside it. real_value_added, at the prices of the data's year;
    productivity: log points since the data, weighed by the data's value added.
    """
    region, rows = baseline.region, []
    kept = {INSIDE, *readable_levels(region)}
    sets = [(level, name, members) for level, name, members in sets_of(region) if level in kept and (members * region.inside).any()]
    money = f"million_{region.meta.currency}/year"
    data = _value_added(baseline.equilibrium.state, baseline.given)
    for first, second in zip(base.shown, plan.shown, strict=True):
        pair = [_by_sector(baseline, point) for point in (first, second)]
        for level, name, members in sets:
            for sector in region.sector_groups:
                mask = region.sector_mask(sector)
                at = (first.year, level, name, sector)
                made, gained = zip(*(_of_group(*found, members, mask, data) for found in pair), strict=True)
                rows.append((*at, "real_value_added", money, *made, made[1] - made[0]))
                if gained[0] is not None:
                    rows.append((*at, "productivity", "log", *gained, gained[1] - gained[0]))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _value_added(state: dict[str, np.ndarray], given: Any) -> np.ndarray:
    return state["output"] * (np.asarray(given["labour_share"]) + np.asarray(given["floor_share"]))


def _by_sector(baseline: Any, point: PathYear) -> tuple[np.ndarray, np.ndarray]:
    """(real value added, log A since the data) [place, sector]."""
    state, data = point.equilibrium.state, baseline.equilibrium.state
    prices = (data["consumer_price"] / state["consumer_price"])[:, None]
    made = _value_added(state, point.equilibrium.given) * prices * np.exp(point.growth)
    there = data["output"] > 0
    ratio = np.where(there, state["productivity"] / np.where(there, data["productivity"], 1.0), 1.0)
    return made, np.log(ratio) + point.growth


def _of_group(made: np.ndarray, gained: np.ndarray, members: np.ndarray, mask: np.ndarray, data: np.ndarray) -> tuple[float, float | None]:
    """Value added of a set's sectors, and their productivity; None where the data have none of them."""
    weight = members[:, None] * mask[None, :] * data
    total = float(weight.sum())
    return float((members[:, None] * mask[None, :] * made).sum()), float((weight * gained).sum() / total) if total > 0 else None
