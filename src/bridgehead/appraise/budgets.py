"""Public budgets as accounts beside the model: who receives what of value added, earnings and land, and what a plan costs.

Revenue of tax k at place i, levied where it is made: F_i · t_k · base_ki, of which the centre takes its part and the rest is local.
F_i is the tax effort of the place: one number a place, so that the accounts meet the observed general public budget revenue. All
money is at the baseline's prices of the place, nominal · P_i⁰ / P_i, as real value added is (model.md §10). Effective average
rates are taken for marginal ones (assumption). The accounts change nothing in the model: with `government = taxes` they are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import brentq

from bridgehead.appraise.context import World
from bridgehead.appraise.fiscal import FILE, TIERS, FiscalRules, fiscal_rules
from bridgehead.appraise.sets import mainland_of
from bridgehead.errors import DataError, Fault

Array = np.ndarray
Accounts = dict[str, dict[str, Array]]
"""Million a year at the baseline's prices, by item (a tax, land_sales, a cost) and tier of government [place]."""


@dataclass(frozen=True, eq=False)
class Ledger:
    """Fiscal rules calibrated to a baseline.

    rates t_k by tax; effort F [place]; county_share [place], the county's part of local money, and prefecture_share of the rest; years
    and discount rate over which one-off money is spread.
    residuals: one row a place with observed revenue (accounts at the province's mean effort beside the fact, log gap); totals: one
    row a total (observed, accounts, log gap).
    """

    rules: FiscalRules
    world: World
    rates: dict[str, float]
    effort: Array
    county_share: Array
    prefecture_share: float
    years: int = 20
    discount: float = 0.04
    residuals: list[dict[str, Any]] = field(default_factory=list)
    totals: list[dict[str, Any]] = field(default_factory=list)

    @property
    def annuity(self) -> float:
        """Yearly payment worth 1 now: r / (1 − (1 + r)^−N)."""
        return annuity(self.discount, self.years)

    def tiers(self, amount: Array, central: float, tier: str | None = None) -> dict[str, Array]:
        """An amount [place] by tier: the centre's part, and the rest by the tiers' shares, or all of it to one tier."""
        local = amount * (1.0 - central)
        if tier is not None:
            parts = {name: local * (name == tier) for name in TIERS}
        else:
            upper = local * (1.0 - self.county_share)
            parts = {"county": local * self.county_share, "prefecture": upper * self.prefecture_share}
            parts |= {"province": upper * (1.0 - self.prefecture_share), "centre": np.zeros_like(local)}
        return parts | {"centre": parts["centre"] + amount * central}

    def revenue(self, world: World) -> Accounts:
        """Yearly revenue by tax and tier, at the baseline's prices."""
        real, base = _at_baseline_prices(world, self.world), bases(world)
        amounts = {tax.id: self.effort * self.rates[tax.id] * base[tax.base] * real for tax in self.rules.taxes}
        return {tax.id: self.tiers(amounts[tax.id], tax.central) for tax in self.rules.taxes}

    def change(self, world: World, levers: tuple[Any, ...] = ()) -> Accounts:
        """The change of every item between the baseline and a solved scenario; costs are negative, one-off money is by annuity."""
        before, after = self.revenue(self.world), self.revenue(world)
        found = {tax: {tier: after[tax][tier] - before[tax][tier] for tier in TIERS} for tax in after}
        for name, parts in self.one_off(world, levers).items():
            found[name] = {tier: amount * self.annuity for tier, amount in parts.items()}
        if "research_subsidy" in self.rules.costs and "research" in world.given:
            rule = self.rules.costs["research_subsidy"]
            added = np.where(self.mainland, world.array("research") - self.world.array("research"), 0.0)
            found["research_subsidy"] = self.tiers(-added * rule.value, rule.central, rule.tier)
        return found

    @property
    def mainland(self) -> Array:
        """[place] bool: all places but abroad, where nothing is levied."""
        return mainland_of(self.world.baseline.region).mask

    def one_off(self, world: World, levers: tuple[Any, ...] = (), since: World | None = None) -> Accounts:
        """Money before the plan runs, million, by item and tier [place]: land sold (receipts), land development by km2 released and
        roads by minutes of new links (negative). since: the world before it, when that is not the baseline."""
        found, since = {}, self.world if since is None else since
        if self.rules.land_sales:
            found["land_sales"] = self.tiers(self._land_sales(world, since), 0.0, "county")
        costs = {}
        if "land_development" in self.rules.costs:
            costs["land_development"] = self.rules.costs["land_development"].value * np.maximum(self._released_km2(world, since), 0.0)
        links = [lever for lever in levers if lever.lever == "link"]
        if "road" in self.rules.costs and links:
            costs["road"] = self._roads(links)
        for name, amount in costs.items():
            rule = self.rules.costs[name]
            found[name] = self.tiers(-amount, rule.central, rule.tier)
        return found

    def _land_sales(self, world: World, since: World) -> Array:
        """Net worth of land sold for building [place], million: the rent of the new floor space, times the land's share of it, less
        what is paid back as compensation, for N years at rate r: what buyers pay at once for the rent it brings (assumption).
        """
        home, work = released(world, since)
        rents_home, rents_work = _rents(world)
        sold = rents_home * home / (1.0 + home) + rents_work * work / (1.0 + work)
        kept = self.rules.land_sales["land_share_of_rent"].value * (1.0 - self.rules.land_sales["compensation"].value)
        return np.where(self.mainland, sold, 0.0) * kept * _at_baseline_prices(world, self.world) / self.annuity

    def _released_km2(self, world: World, since: World) -> Array:
        more = (world.array(name) - since.array(name) for name in ("home_supply", "work_supply"))
        share = np.maximum.reduce([each / self.world.array(name) for each, name in zip(more, ("home_supply", "work_supply"), strict=True)])
        region = self.world.baseline.region
        land = np.asarray(region.fact("construction_land"), dtype=float)
        unknown = [region.place_ids[i] for i in np.flatnonzero((share != 0) & ~np.isfinite(land))]
        if unknown:
            faults = [Fault(f"no construction_land at {place}", "facts.csv", cure="add the fact") for place in unknown]
            raise DataError("the cost of the land that is released is not known", faults)
        return share * np.where(np.isfinite(land), land, 0.0)

    def _roads(self, links: list[Any]) -> Array:
        """Each end of a link pays half of it."""
        found = np.zeros(self.effort.size)
        for link in links:
            for end in (link.from_, link.to):
                found[self.world.baseline.region.index(end)] += 0.5 * self.rules.costs["road"].value * link.minutes
        return found


def annuity(rate: float, years: float) -> float:
    """r / (1 − (1 + r)^−N): what a sum of 1 now costs a year over N years; 1 / N without interest.

    >>> round(annuity(0.04, 20), 6), annuity(0.0, 20)
    (0.073582, 0.05)
    """
    return 1.0 / years if rate == 0 else rate / (1.0 - (1.0 + rate) ** -years)


def present_value(flows: Sequence[float], rate: float) -> float:
    """Σ_t flow_t (1 + r)^−t, from year 0.

    >>> present_value([-1.0, 1.04], 0.04)
    0.0
    """
    return float(sum(flow * (1.0 + rate) ** -year for year, flow in enumerate(flows)))


def internal_rate(flows: Sequence[float]) -> float | None:
    """The rate at which the present value of yearly flows, from year 0, is nothing.

    None unless money is laid out first and comes back later, so that there is one rate above −1 and no more (one change of sign,
    Descartes), and where what comes back never makes up for what was laid out (the rate would be below 0).

    >>> round(internal_rate([-1.0] + 30 * [annuity(0.07, 30)]), 9)
    0.07
    """
    signs = [flow > 0 for flow in flows if flow != 0]
    if not signs or signs[0] or sum(a != b for a, b in pairwise(signs)) != 1 or sum(flows) <= 0:
        return None
    high = 1.0
    while present_value(flows, high) > 0:
        high *= 2.0
    return float(brentq(lambda rate: present_value(flows, rate), 0.0, high, xtol=1e-12))


def bases(world: World) -> dict[str, Array]:
    """What taxes are levied on [place], million a year at current prices: value added and earnings where made, rents where owed."""
    return {
        "value_added": world.value_added,
        "earnings": world.state["wage"] * world.state["jobs"],
        "rents": sum(_rents(world)),
    }


def _rents(world: World) -> tuple[Array, Array]:
    """Home rents α_H I and work rents Σ γ Y [place]."""
    return world.state["income"] * float(world.array("housing_share")), world.state["output"] @ world.array("floor_share")


def _at_baseline_prices(world: World, base: World) -> Array:
    return base.state["consumer_price"] / world.state["consumer_price"]


def released(world: World, base: World) -> tuple[Array, Array]:
    """Land released for homes and for work [place], as shares of what there was."""
    return tuple(world.array(name) / base.array(name) - 1.0 for name in ("home_supply", "work_supply"))


def calibrated(world: World, *, years: int | None = None, discount: float | None = None) -> Ledger:
    """The ledger of a baseline: rates from national yields, effort from observed revenue by place and province.

    years and discount replace those of fiscal.toml.

    DataError where the region has no fiscal rules, or taxes of its own in the model.
    """
    region = world.baseline.region
    if region.meta.closures.government == "taxes":
        fault = Fault("governments tax inside the model", "region.toml [closures]", 'government = "none"', "take the closure's taxes out")
        raise DataError("public budgets are accounts beside the model, and would count its taxes twice", [fault])
    rules = fiscal_rules(region)
    mainland, base = mainland_of(region).mask, bases(world)
    yields = {tax.id: float(base[tax.base][mainland].sum()) for tax in rules.taxes}
    rates = {tax.id: tax.rate if tax.revenue is None else tax.revenue / yields[tax.id] for tax in rules.taxes}
    local = sum(rates[tax.id] * (1.0 - tax.central) * base[tax.base] for tax in rules.taxes) * mainland
    effort, share, residuals = _effort(region, rules, local, mainland)
    upper = rules.upper["prefecture"].value if "prefecture" in rules.upper else 0.0
    years = rules.finance.years if years is None else years
    discount = rules.finance.discount if discount is None else discount
    ledger = Ledger(rules, world, rates, effort * mainland, share, upper, years, discount, residuals)
    ledger.totals.extend(_totals(ledger, region, rules))
    return ledger


def _effort(region: Any, rules: FiscalRules, local: Array, mainland: Array) -> tuple[Array, Array, list[dict[str, Any]]]:
    """F and the county's share [place], and residuals: facts of counties are met, totals of provinces are met, and what the nation's
    local governments receive is met by the places that have neither."""
    fact = np.asarray(region.fact("budget_revenue"), dtype=float)
    known = np.isfinite(fact) & mainland
    status = np.asarray(region.status("budget_revenue"))
    province = np.asarray(region.column_of("province") if "province" in region.levels else [""] * local.size)
    effort, county, rows = np.ones(local.size), np.ones(local.size), []
    for name in dict.fromkeys(province[known].tolist()):
        here = (province == name) & known
        mean = float(fact[here].sum() / local[here].sum())
        upper = _upper_effort(rules, name, float(fact[here].sum()), float(local[here].sum()))
        effort[here] = fact[here] / local[here] + upper
        county[here] = fact[here] / local[here] / effort[here]
        for index in np.flatnonzero(here & (status == "observed")):
            rows.append(_residual(region.place_ids[index], name, fact[index], mean * local[index]))
    others = mainland & ~known
    if others.any() and known.any() and all(tax.rate is None for tax in rules.taxes):
        left = float(local.sum() - (effort * local)[known].sum())
        if left <= 0:
            raise DataError(f"{FILE}: the places with facts receive more than all local governments do together; check the yields' units")
        effort[others] = left / float(local[others].sum())
    return effort, county, rows


def _upper_effort(rules: FiscalRules, province: str, counties: float, local: float) -> float:
    """What the province and its prefectures receive beside the counties, as effort: total less counties, over the accounts' base."""
    if province not in rules.local_total:
        return 0.0
    whole = rules.local_total[province].value
    if whole < counties:
        fault = Fault(f"local_total of '{province}' is {whole:g}", FILE, f"at least the {counties:g} of its counties, million a year")
        raise DataError("the fiscal rules of the region cannot be used", [fault])
    return (whole - counties) / local


def _residual(place: str, province: str, observed: float, accounts: float) -> dict[str, Any]:
    gap = float(np.log(accounts / observed)) if observed > 0 else None
    return {"place": place, "province": province, "observed": float(observed), "accounts": float(accounts), "log_gap": gap}


def _totals(ledger: Ledger, region: Any, rules: FiscalRules) -> list[dict[str, Any]]:
    """Totals beside the accounts: provinces' local revenue, and what the nation's local governments and centre receive."""
    found = ledger.revenue(ledger.world)
    local = sum(parts[tier] for parts in found.values() for tier in TIERS if tier != "centre")
    rows = []
    for name, entry in rules.local_total.items():
        rows.append(_total(f"local.{name}", entry.value, float(local[np.asarray(region.members("province", name))].sum()), entry.source))
    if all(tax.revenue is not None for tax in rules.taxes):
        national = {"local.mainland": sum(t.revenue * (1 - t.central) for t in rules.taxes)}
        national["centre.mainland"] = sum(t.revenue * t.central for t in rules.taxes)
        accounts = {"local.mainland": local, "centre.mainland": sum(parts["centre"] for parts in found.values())}
        rows += [_total(name, value, float(accounts[name].sum()), "sum of the taxes' yields") for name, value in national.items()]
    return rows


def _total(name: str, observed: float, accounts: float, source: str) -> dict[str, Any]:
    return {"name": name, "observed": observed, "accounts": accounts, "log_gap": float(np.log(accounts / observed)), "source": source}


def by_government(accounts: Mapping[str, Mapping[str, Array]], owners: Mapping[str, Array], count: int) -> dict[str, Array]:
    """Accounts by item [government]: owners[tier] is the index [place] of the government that holds that tier's money, −1 nobody."""
    found = {}
    for item, parts in accounts.items():
        held = np.zeros(count)
        for tier, amount in parts.items():
            mine = owners[tier] >= 0
            np.add.at(held, owners[tier][mine], amount[mine])
        found[item] = held
    return found
