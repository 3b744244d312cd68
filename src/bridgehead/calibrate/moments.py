"""Observed moments beside the model's: commuters, minutes, trade, migrants (case page §4; formats.md "moments.csv").

A moment's name begins with its kind; `from` and `to` are places or jurisdictions, joined by `+`. Commuters go from home to work,
goods from seller to buyer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from bridgehead.calibrate.goods import TradeTarget
from bridgehead.errors import DataError, Faults, did_you_mean
from bridgehead.models.equilibrium import Equilibrium
from bridgehead.models.results import commuters, trade_values
from bridgehead.region.units import canonical_unit, factor

Mask = np.ndarray


def members_of(region: Any, names: str | None) -> Mask:
    """The places [place] bool that a moment's `from` or `to` names: ids or jurisdictions of any level, joined by `+`.

    A name that is a place is that place; else it is a jurisdiction of the first level that has it. LabelError-like DataError with
    a suggestion for a name that is neither.
    """
    found = np.zeros(len(region.place_ids), dtype=bool)
    for name in (names or "").split("+"):
        if not name:
            continue
        if name in region.place_ids:
            found[region.place_ids.index(name)] = True
            continue
        level = next((level for level in region.levels if name in region.jurisdictions(level)), None)
        if level is None:
            known = [n for lev in region.levels for n in region.jurisdictions(lev)]
            raise DataError(f"moments.csv names '{name}', which is no place and no jurisdiction. {did_you_mean(name, known)}")
        found |= region.members(level, name)
    return found


@dataclass(frozen=True)
class MomentContext:
    """What moments are computed from: flows of the baseline."""

    region: Any
    arrays: Any
    people: np.ndarray
    commuting: np.ndarray
    trade: np.ndarray


def _commuters(c: MomentContext, a: Mask, b: Mask, _: str) -> float:
    return float(c.commuting[np.ix_(a, b)].sum())


def _both(c: MomentContext, a: Mask, b: Mask, name: str) -> float:
    return _commuters(c, a, b, name) + _commuters(c, b, a, name)


def _ratio(c: MomentContext, a: Mask, b: Mask, name: str) -> float:
    return _commuters(c, a, b, name) / _commuters(c, b, a, name)


def _share(c: MomentContext, a: Mask, b: Mask, name: str) -> float:
    everyone = c.arrays.inside & ~b
    return _both(c, a, b, name) / _both(c, everyone, b, name)


def _mean_minutes(c: MomentContext, a: Mask, _b: Mask, _: str) -> float:
    flow = c.commuting[a][:, c.arrays.inside]
    return float((flow * c.arrays.minutes[a][:, c.arrays.inside]).sum() / flow.sum())


def _over_sixty(c: MomentContext, a: Mask, _b: Mask, _: str) -> float:
    flow = c.commuting[a][:, c.arrays.inside]
    return float(flow[c.arrays.minutes[a][:, c.arrays.inside] > 60].sum() / flow.sum())


def _minutes(c: MomentContext, a: Mask, b: Mask, _: str) -> float:
    return float(c.arrays.minutes[np.ix_(a, b)].mean())


def _foreign(c: MomentContext, a: Mask, b: Mask, _: str) -> float:
    return float(c.trade[:, b][:, :, a].sum())


def _interprovincial(c: MomentContext, a: Mask, b: Mask, _: str) -> float:
    side = c.region.cells("province")
    across = a[:, None] & a[None, :] & (side[:, None] != side[None, :])
    foreign = c.trade[:, a][:, :, b].sum() + c.trade[:, b][:, :, a].sum()
    return float(c.trade.sum(axis=0)[across].sum() / foreign)


def _trade_share(c: MomentContext, a: Mask, b: Mask, name: str) -> float:
    chosen = [s for s, sector in enumerate(c.region.sector_names) if sector in name] or slice(None)
    sold = c.trade[chosen][:, :, a]
    return float(sold[:, b].sum() / sold.sum())


def _migrants(c: MomentContext, a: Mask, _b: Mask, _: str) -> float:
    """Share of the people of a place who are registered in another province."""
    names = c.region.jurisdictions("province")
    own = c.region.origins["province"].to_list()
    home = np.array([[names[p] == name for p in c.region.cells("province")] for name in own])
    return float((c.people * ~home)[:, a].sum() / c.people[:, a].sum())


KINDS: dict[str, Callable[[MomentContext, Mask, Mask, str], float]] = {
    "commuter_total_both": _both,
    "commuter_ratio": _ratio,
    "commuter_share": _share,
    "commuters": _commuters,
    "minutes_mean": _mean_minutes,
    "share_over_60_minutes": _over_sixty,
    "minutes": _minutes,
    "trade_interprovincial_over_foreign": _interprovincial,
    "trade_share": _trade_share,
    "foreign_exports": _foreign,
    "foreign_imports": _foreign,
    "migrants_share": _migrants,
}
"""What a moment's name may begin with, the longest match counts."""


def kind_of(name: str) -> Callable[[MomentContext, Mask, Mask, str], float] | None:
    """The formula of a moment by the beginning of its name; None for a kind this version does not know."""
    found = [kind for kind in KINDS if name == kind or name.startswith(kind + "_")]
    return KINDS[max(found, key=len)] if found else None


def check_kinds(region: Any) -> None:
    """DataError listing every moment whose kind is unknown."""
    faults = Faults("moments.csv cannot be computed", DataError)
    for row, name in enumerate(region.moments["name"], start=2):
        if kind_of(name) is None:
            faults.add(f"moment '{name}' is of no known kind", place=f"moments.csv:{row}", cure=did_you_mean(name, KINDS))
    faults.raise_if_any()


def compare_moments(region: Any, arrays: Any, equilibrium: Equilibrium) -> pl.DataFrame:
    """name, from, to, unit, data, model, log_gap, use, year, status, source: every moment beside the model's."""
    check_kinds(region)
    context = MomentContext(region, arrays, equilibrium.state["people"], commuters(equilibrium), trade_values(equilibrium))
    model = [
        kind_of(row["name"])(context, members_of(region, row["from"]), members_of(region, row["to"]), row["name"])
        for row in region.moments.iter_rows(named=True)
    ]
    values, units = _in_working_units(region)
    columns = (pl.Series("model", model), pl.Series("data", values), pl.Series("unit", units))
    table = region.moments.with_columns(*columns)
    table = table.with_columns((pl.col("model") / pl.col("data")).log().alias("log_gap"))
    return table.select("name", "from", "to", "unit", "data", "model", "log_gap", "use", "year", "status", "source")


def foreign_totals(region: Any) -> dict[str, TradeTarget]:
    """Observed exports and imports of provinces as targets of the goods market, by moment: seller `from`, buyer `to`.

    Each gets one factor on exactly the kernel entries it measures. Like a fitted commuting passage it is a residual (ports, firms,
    export zones), and no lever opens it.
    """
    targets = {}
    values, _ = _in_working_units(region)
    for row, value in zip(region.moments.iter_rows(named=True), values, strict=True):
        if row["use"] == "fit" and row["name"].startswith(("foreign_exports_", "foreign_imports_")):
            entries = members_of(region, row["to"])[:, None] & members_of(region, row["from"])[None, :]
            targets[row["name"]] = TradeTarget(entries, entries, value)
    return targets


UNIT_OF_KIND = {"foreign": "money", "commuters": "people", "commuter_total": "people"}
"""The dimension of a moment by the beginning of its name, where its value has a unit to be converted."""


def _in_working_units(region: Any) -> tuple[list[float], list[str]]:
    """The moments' values and units in working units: persons, million money a year, minutes, shares."""
    currency, faults = region.meta.currency, Faults("moments.csv cannot be used", DataError)
    values, units = [], []
    for number, row in enumerate(region.moments.iter_rows(named=True), start=2):
        dimension = next((d for kind, d in UNIT_OF_KIND.items() if row["name"].startswith(kind + "_")), None)
        scale = 1.0 if dimension is None else factor(row["unit"], dimension, currency)
        if scale is None:
            faults.add(f"unit '{row['unit']}' is not one of {dimension}", place=f"moments.csv:{number}")
        values.append(row["value"] * (scale or 1.0))
        units.append(row["unit"] if dimension is None else canonical_unit(dimension, currency))
    faults.raise_if_any()
    return values, units
