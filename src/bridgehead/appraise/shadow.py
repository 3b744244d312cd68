"""Shadow prices: what a little more land, research or openness is worth in welfare, everywhere at once (model.md §10).

One transposed solve gives the derivative of welfare with respect to every fundamental: y(x(g), g), dy/dg by the implicit function
theorem. Prices are those of a small change from the state they are taken at: they say where to begin, and not how far to go.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bridgehead.appraise.context import Context, World
from bridgehead.kernels import passages_of
from bridgehead.models import gradient
from bridgehead.policy import Context as PolicyContext
from bridgehead.policy.edits import Target
from bridgehead.policy.levers.passage import NAMES

POINT = 0.01
"""A point of border cost: 0.01 in logs, about 1 %."""
COST_POWER = {"commuting": "workplace_dispersion", "trade": "trade_elasticity", "migration": "home_dispersion"}
"""A cost d lets d^(−power) through (model.md §3); what passes for ideas and spillovers is no power of a cost."""
KERNELS = ("commuting", "trade", "spillover", "amenity_spillover", "knowledge")


def shadow_prices(context: Context, policy: PolicyContext) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The shadow prices of places and of borders at the scenario of a context, in welfare of the mainland's people.

    policy: the baseline as levers see it. See `place_prices` and `border_prices`.
    """
    world = context.after
    names = ["home_supply", "work_supply", "migration_kept", *(name for name in ("research", *KERNELS) if name in world.given)]
    slopes = gradient(world.equilibrium, context.welfare_function(context.mainland), names)
    return place_prices(context, slopes), border_prices(context, slopes, policy)


def place_prices(context: Context, slopes: dict[str, Any]) -> pl.DataFrame:
    """One row a place of the mainland: `land`, `land_home`, `land_work`, million a year a km2 of construction land for both uses, for
    homes and for work, and `research`, welfare a unit of money spent on R&D.

    Empty where construction land is not known, or the region has no research. inferred: construction land is.
    """
    region, before = context.region, context.before
    land = np.asarray(context.arrays.construction_land, dtype=float)
    per_km2 = {name: np.asarray(slopes[name]) * before.array(name) / land for name in ("home_supply", "work_supply")}
    research = np.asarray(slopes["research"]) if "research" in slopes else np.full(land.size, np.nan)
    guessed = np.asarray(region.status("construction_land")) != "observed"
    rows = [
        {
            "place": region.place_ids[n],
            "land": _number(per_km2["home_supply"][n] + per_km2["work_supply"][n]),
            "land_home": _number(per_km2["home_supply"][n]),
            "land_work": _number(per_km2["work_supply"][n]),
            "research": _number(research[n]),
            "inferred": bool(guessed[n]),
        }
        for n in np.flatnonzero(context.mainland.mask)
    ]
    kinds = {"place": pl.String, **dict.fromkeys(("land", "land_home", "land_work", "research"), pl.Float64), "inferred": pl.Boolean}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def border_prices(context: Context, slopes: dict[str, Any], policy: PolicyContext) -> pl.DataFrame:
    """One row an ordered pair of jurisdictions and flow (trade: a sector) of the bordered level with the fewest jurisdictions, the
    part of a border that is a policy: its passage, and welfare, million a year, of a passage larger by 0.01 log (`per_point`) and
    of a border cost lower by 0.01 log (`per_point_cost`; empty for ideas and spillovers, which no cost is behind).

    Pairs with an inside jurisdiction between which there is a border, neither shut nor open: 0 < passage < 1.
    """
    region, rows = context.region, []
    if not region.meta.bordered_levels:
        return pl.DataFrame(schema=_BORDER_KINDS)
    level = min(region.meta.bordered_levels, key=lambda name: len(region.jurisdictions(name)))
    cells, inside = np.asarray(region.cells(level)), np.asarray(region.inside)
    home = np.isin(np.arange(len(region.jurisdictions(level))), cells[inside])
    for flow, names in NAMES.items():
        for sector, passage, slope in _slopes_of(flow, names, level, context.after, slopes, policy):
            power = _power(flow, sector, context.after)
            worth = POINT * slope * passage
            for receiver, supplier in np.argwhere((passage > 0) & (passage < 1) & (home[:, None] | home[None, :])):
                value = float(worth[receiver, supplier])
                rows.append({
                    "level": level, "flow": flow, "sector": None if sector is None else region.sector_names[sector],
                    "receiver": region.jurisdictions(level)[receiver], "supplier": region.jurisdictions(level)[supplier],
                    "passage": float(passage[receiver, supplier]), "per_point": value,
                    "per_point_cost": None if power is None else power * value,
                })  # fmt: skip
    return pl.DataFrame(rows, schema=_BORDER_KINDS, orient="row")


_BORDER_KINDS = {
    **dict.fromkeys(("level", "flow", "sector", "receiver", "supplier"), pl.String),
    **dict.fromkeys(("passage", "per_point", "per_point_cost"), pl.Float64),
}


def _slopes_of(
    flow: str, names: tuple[str, ...], level: str, world: World, slopes: dict[str, Any], policy: PolicyContext
) -> list[tuple[int | None, np.ndarray, np.ndarray]]:
    """(sector or None, passage f [J, J], dEV / df [J, J]) of a flow at a level; [] where it has no border there."""
    if flow == "migration":
        return _movers(level, world, slopes, policy)
    found = [name for name in names if name in slopes and level in passages_of(world.given[name])]
    if not found:
        return []
    passage = np.asarray(passages_of(world.given[found[0]])[level], dtype=float)
    slope = sum(np.asarray(passages_of(slopes[name])[level], dtype=float) for name in found)
    if passage.ndim == 2:
        return [(None, passage, slope)]
    return [(sector, passage[sector], slope[sector]) for sector in range(passage.shape[0])]


def _movers(level: str, world: World, slopes: dict[str, Any], policy: PolicyContext) -> list[tuple[None, np.ndarray, np.ndarray]]:
    """Kept income is (f kept^ν)^(1/ν): dEV/df = Σ over the pair's origins and places of dEV/dkept · kept / (ν f)."""
    if level not in policy.arrays.origin_cells or ("migration", level) not in policy.arrays.passages:
        return []
    passage = policy.array(Target("migration_kept", "passage", level))
    origins, places = policy.passage_cells(level)
    share = np.asarray(slopes["migration_kept"]) * world.array("migration_kept") / float(world.array("home_dispersion"))
    by_pair = np.zeros(passage.shape)
    np.add.at(by_pair, np.ix_(origins, places), share)
    return [(None, passage, by_pair / np.where(passage > 0, passage, np.inf))]


def _power(flow: str, sector: int | None, world: World) -> float | None:
    if flow not in COST_POWER:
        return None
    power = world.array(COST_POWER[flow])
    return float(power[sector]) if power.ndim and sector is not None else float(power.mean())


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
