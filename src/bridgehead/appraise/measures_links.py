"""Measures of links: ideas, foreign trade, and what one set of places draws from another (model.md §10, case-yangtze.md §5)."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from bridgehead.appraise import outcomes
from bridgehead.appraise.context import Context, World
from bridgehead.appraise.measures_growth import is_noise
from bridgehead.appraise.sets import Places
from bridgehead.appraise.values import Value, measure, undefined
from bridgehead.kernels import is_traced

Level: TypeAlias = str
NO_RESEARCH = "the region has no research facts"


@measure(
    "ideas_used",
    "index",
    moved_by=("research", "knowledge"),
    still="ideas used move by research and ideas levers alone, and none is pulled",
)
def ideas_used(
    now: Context, of: Places | None = None, from_: Places | None = None, among: Places | None = None, by: Level | None = None
) -> Value:
    """Q(B←C) over its baseline (model.md §10); with `among` and `by`: ΣQ over ordered pairs of jurisdictions of a level."""
    if now.before.ideas is None:
        return undefined(NO_RESEARCH)
    pairs = [(of, from_)] if among is None else now.once(("pairs", among.mask.tobytes(), by), lambda: _ordered_pairs(now, among, by))
    base = now.once(("ideas used", *((p.mask.tobytes(), q.mask.tobytes()) for p, q in pairs)), lambda: _base_ideas(now, pairs))
    if base <= 0:
        return undefined("no ideas are used in the baseline")
    return Value(sum(_ideas(now, now.after, *pair) for pair in pairs) / base)


def _base_ideas(now: Context, pairs: list[tuple[Places, Places]]) -> float:
    return sum(_ideas(now, now.before, *pair) for pair in pairs)


def _ordered_pairs(now: Context, among: Places, by: Level) -> list[tuple[Places, Places]]:
    names = now.region.jurisdictions(by)
    sets = [Places(name, np.asarray(now.region.members(by, name), dtype=bool)).both(among) for name in names]
    present = [each for each in sets if not each.empty]
    return [(one, other) for one in present for other in present if one is not other]


def _ideas(now: Context, world: World, of: Places, sources: Places) -> float:
    weights = now.weights(of).sum(axis=1)
    stock = now.once("stock of ideas", lambda: now.before.ideas @ now.before.array("research"))
    return outcomes.ideas_used(weights, world.ideas, world.array("research"), stock, sources.mask)


@measure("foreign_access", "log", change=True)
def foreign_access(now: Context, of: Places, abroad: Places) -> Value:
    """FMA_B, log points: change in what buyers abroad would pay for, seen from the set (model.md §10)."""
    if abroad.empty:
        return undefined("the region has no place abroad")
    after, before = _access(now.after, abroad), _access(now.before, abroad)
    held = now.weights(of) > 0
    if (before[held] <= 0).any() or (not is_traced(after) and (after[held] <= 0).any()):
        return undefined("some of the set's sectors cannot reach any place abroad")
    return Value(outcomes.access_gain(after, before, now.weights(of)), scale=1.0)


def _access(world: World, abroad: Places) -> np.ndarray:
    state = world.state
    return outcomes.foreign_access(
        world.trade_kernel, state["spending"], state["consumer_price"], state["price_index"],
        world.array("trade_elasticity"), abroad.mask,
    )  # fmt: skip


@measure("export_share", "share")
def export_share(now: Context, of: Places, abroad: Places) -> Value:
    """Share of the set's sales that goes abroad (case-yangtze.md §5)."""
    sales = now.after.trade[:, :, of.mask]
    return Value(sales[:, abroad.mask, :].sum() / sales.sum())


@measure("commuters_between", "people")
def commuters_between(now: Context, of: Places, from_: Places) -> Value:
    """People who live in `from` and work in the set (case-yangtze.md §5)."""
    return Value(_commuters(now.after, from_, of))


@measure("purchases", "money")
def purchases(now: Context, of: Places, from_: Places) -> Value:
    """What the places of `from` buy from the set, Σ over buyers of purchases · P⁰ / P, million a year (case-yangtze.md §5)."""
    return Value(_purchases(now, now.after, from_, of))


def _commuters(world: World, homes: Places, works: Places) -> float:
    return world.commuters[np.ix_(homes.mask, works.mask)].sum()


def _purchases(now: Context, world: World, buyers: Places, sellers: Places) -> float:
    bought = outcomes.sales_between(world.trade, buyers.mask, sellers.mask)
    return (bought * now.before.state["consumer_price"] / world.state["consumer_price"]).sum()


@measure("absorption", "index")
def absorption(now: Context, of: Places, from_: Places) -> Value:
    """Geometric mean of three ratios to the baseline (case-yangtze.md §5): residents of `from` at work in the set, Q(set ← from), and
    purchases of `from` from the set over the buyers' prices."""
    ideas = ideas_used(now, of, from_)
    if ideas.number is None:
        return ideas
    base_commuters, base_purchases = _commuters(now.before, from_, of), _purchases(now, now.before, from_, of)
    if base_commuters <= 0 or base_purchases <= 0:
        return undefined("nobody commutes, or nothing is bought, in the baseline")
    ratios = [_commuters(now.after, from_, of) / base_commuters, ideas.number]
    return Value(outcomes.geometric_mean([*ratios, _purchases(now, now.after, from_, of) / base_purchases]))


@measure("additional_commuters", "share", change=True, smooth=False)
def additional_commuters(now: Context, of: Places, from_: Places, rival: Places) -> Value:
    """(Δ to the set + min(0, Δ to the rival)) / Δ to the set, of commuters from `from`, if the set gains (case-yangtze.md §5)."""
    base = _commuters(now.before, from_, of)
    gain = _commuters(now.after, from_, of) - base
    if gain <= 0:
        return undefined("no commuters are gained")
    # commuters are weighed by what they earn, so that the noise of money says when too few of them move
    wage = float(np.average(now.before.state["wage"][of.mask], weights=now.before.state["jobs"][of.mask]))
    if is_noise(now, gain * wage, base * wage):
        return undefined(f"the gain in commuters ({gain:.0f}, who earn {gain * wage / 1000:.3f} bn a year) is below the noise")
    return Value(outcomes.additional_share(gain, _commuters(now.after, from_, rival) - _commuters(now.before, from_, rival)))


@measure("additional_purchases", "share", change=True, smooth=False)
def additional_purchases(now: Context, of: Places, from_: Places, rival: Places) -> Value:
    """(Δ from the set + min(0, Δ from the rival)) / Δ from the set, of what `from` buys, if the set gains (case-yangtze.md §5)."""
    base = _purchases(now, now.before, from_, of)
    gain = _purchases(now, now.after, from_, of) - base
    if gain <= 0:
        return undefined("no purchases are gained")
    if is_noise(now, gain, base):
        return undefined(f"the gain in purchases ({gain / 1000:.3g} bn a year) is below the noise")
    return Value(outcomes.additional_share(gain, _purchases(now, now.after, from_, rival) - _purchases(now, now.before, from_, rival)))
