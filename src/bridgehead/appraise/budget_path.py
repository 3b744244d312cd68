"""Public budgets along a path: what a dated plan brings and costs each government year by year, present value, internal rate of return.

A year's revenue is that of its certified solve, the plan's path less the baseline's, grown with the economy; land is sold and developed in
the year it is released, roads paid for when they open, research subsidised while it is spent. All at the prices of the data's year.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from bridgehead.appraise.budgets import Accounts, Ledger, by_government, internal_rate, present_value
from bridgehead.appraise.context import World
from bridgehead.appraise.engine import ENGINE
from bridgehead.appraise.fiscal import TIERS
from bridgehead.appraise.sharing.players import Government, owners, players_of
from bridgehead.models.path import Path, PathYear
from bridgehead.policy.schedule import Schedule

Array = np.ndarray
SCHEMA = {
    "government": pl.String,
    "year": pl.Int64,
    **dict.fromkeys(("change", "land_sales", "outlay", "balance", "present_value_to_date"), pl.Float64),
}
SUMMARY = {
    "government": pl.String,
    **dict.fromkeys(("present_value", "internal_rate", "internal_rate_without_land_sales", "discount"), pl.Float64),
}


def budget_path(ledger: Ledger, base: Path, plan: Path, own: Schedule, other: Schedule) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(every government's money by year, million; present values and internal rates by government).

    own, other: the schedules of the baseline and of the plan. Between two solved years recurrent money is interpolated, and one-off
    money falls in the later one. The governments are those of fiscal.toml's [sharing].
    """
    players = players_of(ledger.world.baseline.region, other.scenario)
    holder = owners(players, ledger.effort.size)
    solved = [(_recurrent(ledger, first, second, own, other), second.year) for first, second in zip(base.shown, plan.shown, strict=True)]
    held = [(sum(by_government(accounts, holder, len(players)).values()), year) for accounts, year in solved]
    change = _interpolated(held, len(players))
    years = list(range(plan.shown[0].year, plan.shown[-1].year + 1))
    once = {item: np.zeros((len(years), len(players))) for item in ("land_sales", "outlay")}
    for before, now in zip((None, *plan.shown[:-1]), plan.shown, strict=True):
        for item, parts in _once(ledger, before, now, other).items():
            amount = by_government({item: parts}, holder, len(players))[item]
            once["land_sales" if item == "land_sales" else "outlay"][now.year - years[0]] += amount
    return _tables(players, years, change, once["land_sales"], once["outlay"], ledger.discount)


def _recurrent(ledger: Ledger, base: PathYear, plan: PathYear, own: Schedule, other: Schedule) -> Accounts:
    """What the plan changes in a year that comes every year: taxes, and the subsidy of added research."""
    worlds = [World(ledger.world.baseline, point.equilibrium, ENGINE) for point in (base, plan)]
    before, after = (ledger.revenue(world) for world in worlds)
    grown = float(np.exp(plan.growth))
    found = {tax: {tier: grown * (after[tax][tier] - before[tax][tier]) for tier in TIERS} for tax in after}
    rule = ledger.rules.costs.get("research_subsidy")
    if rule is not None and "research" in worlds[0].given:
        added = np.asarray(other.given(plan.year)["research"]) - np.asarray(own.given(base.year)["research"])
        found["research_subsidy"] = ledger.tiers(-grown * rule.value * np.where(ledger.mainland, added, 0.0), rule.central, rule.tier)
    return found


def _once(ledger: Ledger, before: PathYear | None, now: PathYear, schedule: Schedule) -> Accounts:
    """One-off money of a year: what is released since the solved year before is sold and developed, and new links are paid for."""
    start = ledger.world if before is None else World(ledger.world.baseline, before.equilibrium, ENGINE)
    world = World(ledger.world.baseline, now.equilibrium, ENGINE)
    earlier = schedule.shares(before.year) if before is not None else (0.0,) * len(schedule.scenario.levers)
    pairs = zip(schedule.scenario.levers, earlier, schedule.shares(now.year), strict=True)
    opened = tuple(lever for lever, then, share in pairs if lever.lever == "link" and share > then)
    found = ledger.one_off(world, opened, since=start)
    grown = float(np.exp(now.growth))
    return {
        item: {tier: amount * (grown if item == "land_sales" else 1.0) for tier, amount in parts.items()} for item, parts in found.items()
    }


def _interpolated(held: Sequence[tuple[Array, int]], count: int) -> Array:
    """Money by year [year, government] from that of the solved years."""
    known = [year for _, year in held]
    values = np.array([amount for amount, _ in held]).reshape(len(held), count)
    years = np.arange(known[0], known[-1] + 1)
    return np.column_stack([np.interp(years, known, values[:, n]) for n in range(count)])


def _tables(
    players: Sequence[Government], years: list[int], change: Array, sold: Array, outlay: Array, discount: float
) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows, ends = [], []
    for n, player in enumerate(players):
        flows, held = change[:, n] + sold[:, n] + outlay[:, n], 0.0
        for t, year in enumerate(years):
            held += flows[t] * (1.0 + discount) ** -t
            amounts = {"change": change[t, n], "land_sales": sold[t, n], "outlay": -outlay[t, n], "balance": flows[t]}
            rows.append({"government": player.id, "year": year, **amounts, "present_value_to_date": held})
        rates = (internal_rate([float(flow) for flow in money]) for money in (flows, change[:, n] + outlay[:, n]))
        names = ("internal_rate", "internal_rate_without_land_sales")
        ends.append(
            {
                "government": player.id,
                "present_value": present_value(flows, discount),
                **dict(zip(names, rates, strict=True)),
                "discount": discount,
            }
        )
    return pl.DataFrame(rows, schema=SCHEMA, orient="row"), pl.DataFrame(ends, schema=SUMMARY, orient="row")


def no_budget_path() -> tuple[pl.DataFrame, pl.DataFrame]:
    """The tables without rows: no plan, or no fiscal rules of the region's own."""
    return pl.DataFrame(schema=SCHEMA), pl.DataFrame(schema=SUMMARY)
