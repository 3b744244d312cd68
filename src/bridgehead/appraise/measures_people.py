"""Measures of people and space: welfare, incomes, migrants, commuting time, rents, density, land (model.md §10, case-yangtze.md §5)."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from bridgehead.appraise import commuting, outcomes
from bridgehead.appraise.context import Context
from bridgehead.appraise.sets import Places
from bridgehead.appraise.values import Value, measure, undefined
from bridgehead.kernels import module_of

Level: TypeAlias = str
Part: TypeAlias = str
DAYS = 365.0


@measure("welfare", "money", change=True)
def welfare(now: Context, of: Places) -> Value:
    """EV_B, million a year: welfare in money of the people registered in the set (model.md §10)."""
    if not now.origins_of(of).any():
        return undefined("no origin of people lies wholly in this set")
    money = now.welfare_function(of)(now.after.state, now.after.given)
    return Value(money, scale=float(now.income_of_origins()[now.origins_of(of)].sum()))


@measure("theil", "ratio")
def theil(now: Context, of: Places, by: Level, part: Part = "total") -> Value:
    """Theil index of real income over the places of a set, or its part between or within the jurisdictions of a level (model.md §10)."""
    state, mask = now.after.state, of.mask
    share = now.after.array("housing_share")
    income = outcomes.real_income(*(state[name][mask] for name in ("income", "residents", "consumer_price", "rent_home")), share)
    parts = outcomes.theil(income, state["residents"][mask], np.asarray(now.region.cells(by))[mask])
    return Value(getattr(parts, part), scale=module_of(parts.total).maximum(parts.total, 1e-3))


@measure("migrants_gap", "share")
def migrants_gap(now: Context, of: Places, by: Level = "province") -> Value:
    """Mean share of real income that those lose who live in the set, away from the province of their registration (model.md §10)."""
    away = of.mask[None, :] & ~now.own_province(by)
    gap = outcomes.migrants_gap(now.after.state["people"], now.after.array("migration_kept"), away)
    return undefined("nobody lives away from the province of registration") if gap is None else Value(gap)


@measure("migrants_border_gap", "share")
def migrants_border_gap(now: Context, of: Places, by: Level = "province") -> Value:
    """Migrants' gap with the fitted residual taken out: what the border (registration, provincial passage) alone takes
    (model.md §10).

    The fitted kept income of people away holds family, language and land: no policy. It is divided out of D^(1/ν), which a
    registration lever may have set to 1 as a whole, so that the quotient stops at 1.
    """
    away = of.mask[None, :] & ~now.own_province(by)
    residual = float(getattr(now.before.baseline, "fitted", {}).get("kept_income_away", 1.0))
    kept = now.after.array("migration_kept") / residual
    kept = module_of(kept).minimum(kept, 1.0)
    gap = outcomes.migrants_gap(now.after.state["people"], kept, away)
    return undefined("nobody lives away from the province of registration") if gap is None else Value(gap)


@measure("mean_minutes", "minutes")
def mean_minutes(now: Context, of: Places) -> Value:
    """Mean minutes one way of those who live in the set (case-yangtze.md §5)."""
    travelled = np.asarray(now.before.commuters)[of.mask] > 0
    if np.isnan(np.asarray(now.arrays.minutes))[of.mask][travelled].any():
        return undefined("the region gives no travel times between some of these places")
    return Value(commuting.mean_minutes(now.after.commuters, now.minutes, of.mask))


@measure("rent_over_earnings", "rent burden")
def rent_over_earnings(now: Context, of: Places) -> Value:
    """r_n / v_n, mean over residents: the yearly rent of one m2 as a share of a year's earnings (case-yangtze.md §5)."""
    state, mask = now.after.state, of.mask
    earnings = state["earnings"][mask] / state["residents"][mask] * 1e6
    ratio = state["rent_home"][mask] * DAYS / earnings
    return Value(_mean(ratio, state["residents"][mask]))


@measure("density", "density")
def density(now: Context, of: Places) -> Value:
    """Employed residents a km2 of a set (case-yangtze.md §5)."""
    return Value(now.after.state["residents"][of.mask].sum() / now.arrays.land_km2[of.mask].sum())


@measure("urban_diseases", "index")
def urban_diseases(now: Context, of: Places, core: Places) -> Value:
    """Geometric mean of three ratios to the baseline: mean minutes, rent over earnings, density of the core (case-yangtze.md §5)."""
    pairs = ((mean_minutes, of), (rent_over_earnings, of), (density, core))
    base = Context(now.before, now.before, shared=now.shared)
    key = ("urban diseases", of.mask.tobytes(), core.mask.tobytes())
    before = now.once(key, lambda: [formula(base, places) for formula, places in pairs])
    reasons = [value.reason for value in before if value.number is None]
    if reasons:
        return undefined(reasons[0])
    ratios = [formula(now, places).number / value.number for (formula, places), value in zip(pairs, before, strict=True)]
    return Value(outcomes.geometric_mean(ratios))


@measure("home_rent", "rent")
def home_rent(now: Context, of: Places) -> Value:
    """Home rent over consumer prices, r_n / P_n, weighted by the floor space of the baseline (case-yangtze.md §5).

    Weights stay at the baseline, so that the figure is a price and no mix of where people live.
    """
    state, mask = now.after.state, of.mask
    real = state["rent_home"][mask] / state["consumer_price"][mask]
    return Value(_mean(real, now.before.state["floor_home"][mask]))


def _mean(values: Any, weights: Any) -> Any:
    return (values * weights).sum() / weights.sum()


@measure("shadow_price_land", "land price", smooth=False)
def shadow_price_land(now: Context, of: Places, welfare_of: Places | None = None) -> Value:
    """dEV / d log(h̄, h̄^c together) over construction land, million a year a km2, all land of the set growing alike (model.md §10)."""
    land = np.asarray(now.arrays.construction_land, dtype=float)
    missing = int((~np.isfinite(land[of.mask])).sum())
    if missing:
        return undefined(f"construction land is not known for {missing} of the set's places")
    slopes = now.slopes(welfare_of or now.mainland)
    names = ("home_supply", "work_supply")
    numbers = (*(np.asarray(slopes[name]) for name in names), *(now.before.array(name) for name in names))
    return Value(outcomes.land_price(*numbers, land, of.mask))


@measure("shadow_price_gap", "land price", smooth=False)
def shadow_price_gap(now: Context, of: Places, against: Places, welfare_of: Places | None = None) -> Value:
    """Shadow price of land in the set less that in `against`, million a year a km2 (case-yangtze.md §5)."""
    ours, theirs = shadow_price_land(now, of, welfare_of), shadow_price_land(now, against, welfare_of)
    if ours.number is None or theirs.number is None:
        return undefined(ours.reason or theirs.reason)
    return Value(ours.number - theirs.number, scale=abs(ours.number))


@measure("jobs_per_resident", "ratio")
def jobs_per_resident(now: Context, of: Places) -> Value:
    """Jobs over working residents of a set (case-yangtze.md §5)."""
    return Value(commuting.jobs_per_resident(now.after.state["jobs"], now.after.state["residents"], of.mask))


@measure("share_inside", "share")
def share_inside(now: Context, of: Places) -> Value:
    """Share of the set's working residents who also work in it (case-yangtze.md §5)."""
    return Value(commuting.share_inside(now.after.commuters, of.mask))
