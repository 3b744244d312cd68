"""From data to fundamentals: the baseline equilibrium reproduces the data exactly (model.md §6)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bridgehead.blocks.base import reads_of
from bridgehead.blocks.density import density_factor
from bridgehead.blocks.homes import living_value
from bridgehead.blocks.production import unit_cost
from bridgehead.blocks.trade import consumer_price
from bridgehead.calibrate.accounts import consumption_shares, output_from_value_added, transfer_rates
from bridgehead.calibrate.goods import TradeTarget, factored, fit_goods, openness_targets
from bridgehead.calibrate.homes import attraction_from_residents, mover_sets
from bridgehead.calibrate.kernels import bordered, knowledge_kernel, migration_kept, people_kernels, trade_weight
from bridgehead.calibrate.labour import BRANCHES
from bridgehead.calibrate.observed import commuting_shares, trade_shares, within_borders
from bridgehead.kernels import as_array, matrix_of
from bridgehead.models.model import Model

Given = dict[str, Any]


def given_parameters(arrays: Any, parameters: Mapping[str, float]) -> Given:
    """The parameters and the data that enter the model as they are."""
    return {
        "workplace_dispersion": parameters["workplace_dispersion"],
        "home_dispersion": parameters["home_dispersion"],
        "housing_share": parameters["housing_share"],
        "amenity_density": parameters["amenity_density"],
        "labour_share": arrays.beta,
        "floor_share": arrays.gamma,
        "input_share": arrays.omega,
        "trade_elasticity": arrays.theta,
        "density_elasticity": arrays.density_elasticity,
        "home_supply_elasticity": arrays.supply_elasticity_home,
        "work_supply_elasticity": arrays.supply_elasticity_work,
        "land_km2": arrays.land_km2,
        "inside": arrays.inside.astype(float),
        "origin_people": arrays.origin_people,
        "migration_kept": migration_kept(arrays, parameters["home_dispersion"]),
        "rent_pool": np.eye(int(arrays.rent_pool.max()) + 1)[arrays.rent_pool].T,
    }


def invert(
    arrays: Any,
    parameters: Mapping[str, float],
    model: Model,
    taxes: Given,
    sectors: tuple,
    totals: list[TradeTarget] | None = None,
) -> tuple[Given, dict, np.ndarray]:
    """(fundamentals, unknowns at the data, factors of the trade totals) of a region: labour, money, goods, floor space, homes, in this order.

    arrays: `RegionArrays`; parameters by name; taxes: rates and split where governments tax, else empty; totals:
    observed trade totals to be met beside the exports of outside places. SolveError or DataError
    where the data cannot be reproduced.
    """
    given = {**given_parameters(arrays, parameters), **taxes, **people_kernels(arrays, parameters)}
    given["research"] = arrays.research_spending
    if arrays.research_spending is not None:
        given["research_elasticity"] = parameters["research_elasticity"]
        given["knowledge"] = knowledge_kernel(arrays, parameters)
        given["learns"] = np.isfinite(np.where(np.eye(len(arrays.inside)) > 0, np.nan, arrays.km)).any(axis=1).astype(float)
    else:
        del given["research"]
    state = _labour(given, arrays)
    state |= _money(given, state, model, arrays, sectors, parameters)
    state |= _goods(given, state, arrays, totals or [])
    _supply(given, state, arrays)
    _places_value(given, state, arrays)
    given = {name: value if hasattr(value, "apply") else jnp.asarray(value) for name, value in given.items()}
    unknowns = {name: state[name] for name in ("wage", "price_index", "output", "residents")}
    return given, unknowns, state["trade_factors"]


def _labour(given: Given, arrays: Any) -> dict[str, np.ndarray]:
    """Step 1 and 2: output, the wage bill, wages, jobs, earnings, by what is given (branches a, b, c)."""
    output = output_from_value_added(arrays.value_added, arrays.beta, arrays.gamma)
    kept = 1.0 - given.get("tax_value_added", 0.0) - given.get("tax_earnings", 0.0) + np.zeros(len(output))
    epsilon, shares = given["workplace_dispersion"], commuting_shares(arrays)
    reach = as_array(given["commuting"]) if shares is None else shares
    wage, jobs, given["workplace_size"] = BRANCHES[arrays.inversion](arrays, output @ arrays.beta, reach, kept, epsilon)
    if shares is not None:
        given["commuting"] = within_borders(shares * (kept * wage) ** -epsilon, "commuting", arrays)
    bill = wage * jobs
    if arrays.inversion != "residents_and_value_added":  # value added gives the sectors' shares alone
        output = output * (bill / (output @ arrays.beta))[:, None]
    given["inside_wage_bill"] = float(bill[arrays.inside].sum())
    attraction = given["workplace_size"] * (kept * wage) ** epsilon
    kernel = as_array(given["commuting"])
    at_work = kernel @ attraction
    return {
        "output": output,
        "wage": wage,
        "residents": np.asarray(arrays.residents, dtype=float),
        "jobs": jobs,
        "access": at_work ** (1.0 / epsilon),
        "earnings": arrays.residents * (kernel @ (attraction * kept * wage)) / at_work,
    }


def _money(given: Given, state: dict, model: Model, arrays: Any, sectors: tuple, parameters: Mapping) -> dict:
    """Step 3: transfers, income, spending shares, spending. Income is the model's own block, on the data."""
    given["transfer_rate"] = transfer_rates(state["earnings"], arrays.exports, arrays.imports)
    names = {**given, **state}
    for block in model.blocks:
        if block.role in ("Government", "Income"):
            reads = {name: jnp.asarray(names[name]) for name in reads_of(block)}
            names |= _run_block(block, reads)
    income, factor = np.asarray(names["income"]), np.asarray(names["income_factor"])
    given["consumption_share"] = consumption_shares(
        income, state["output"], arrays.omega, arrays.own_consumption, parameters["housing_share"], sectors
    )
    spending = given["consumption_share"] * income[:, None] + state["output"] @ arrays.omega.T
    return {"income": income, "income_factor": factor, "spending": spending}


def _goods(given: Given, state: dict, arrays: Any, totals: list[TradeTarget]) -> dict:
    """Step 4: competitiveness and openness, then prices; the scale of each sector is Σ R log P_s = 0 over inside places."""
    seen = trade_shares(arrays)
    free = bordered(trade_weight(arrays, state["output"]), "trade", arrays) if seen is None else within_borders(seen, "trade", arrays)
    within = as_array(free)
    targets = [*openness_targets(arrays.exports), *totals]
    fit = fit_goods(within, state["output"], state["spending"], targets)
    given["trade"] = bordered(factored(np.asarray(matrix_of(free)), targets, fit.factors), "trade", arrays)
    weight = factored(within, targets, fit.factors)
    log_price = -np.log(np.einsum("sni,is->ns", weight, fit.strength)) / arrays.theta
    people = np.where(arrays.inside, arrays.residents, 0.0)
    level = people @ log_price / people.sum()
    with np.errstate(divide="ignore"):
        cost = np.where(fit.strength > 0, fit.strength ** (-1.0 / arrays.theta) * np.exp(-level), np.inf)
    return {"price_index": np.exp(log_price - level), "unit_cost": cost, "trade_factors": fit.factors}


def _supply(given: Given, state: dict, arrays: Any) -> None:
    """Steps 4 and 5: productivity from unit costs, floor space from rents."""
    reads = ("spillover", "land_km2", "inside", "density_elasticity", "knowledge", "research", "learns", "research_elasticity")
    data = {
        "state": {name: state[name] for name in ("wage", "price_index", "output", "jobs")},
        "rent_work": arrays.rent_work,
        "shares": (arrays.beta, arrays.gamma, arrays.omega),
        "consumption_share": given["consumption_share"],
        "given": {name: given[name] for name in reads if name in given},
    }
    price, at_one, gain = (np.asarray(value) for value in _cost_parts(data))
    state["consumer_price"] = price
    homes = given["housing_share"] * state["income"] / arrays.rent_home
    work = state["output"] @ arrays.gamma / arrays.rent_work
    given["home_supply"] = homes * (arrays.rent_home / price) ** (-arrays.supply_elasticity_home)
    given["work_supply"] = work * (arrays.rent_work / price) ** (-arrays.supply_elasticity_work)
    present = state["output"] > 0
    productivity = np.where(present, (at_one / state["unit_cost"]) ** (1.0 / (arrays.beta + arrays.gamma)), 0.0)
    given["productivity_fundamental"] = productivity / gain


@jax.jit
def _cost_parts(data: dict) -> tuple[jax.Array, jax.Array, jax.Array]:
    """(consumer price, unit cost at productivity 1, what density and ideas add to ā), from the blocks' own formulas."""
    state, given = data["state"], data["given"]
    price = consumer_price(state["price_index"], data["consumption_share"])
    at_one = unit_cost(state["wage"], data["rent_work"], state["price_index"], jnp.ones_like(state["output"]), *data["shares"])
    reached = given["spillover"].folded().apply(state["jobs"])
    gain = density_factor(reached, given["land_km2"], given["inside"], given["density_elasticity"])
    if "knowledge" in given:
        stock = given["knowledge"].folded().apply(given["research"])
        gain = gain * (jnp.where(given["learns"] > 0, stock, 1.0) ** given["research_elasticity"])[:, None]
    return price, at_one, gain


def _run_block(block: Any, reads: dict) -> dict:
    """What a block writes, compiled."""
    return _compiled(block)(reads)


@lru_cache(maxsize=32)
def _compiled(block: Any) -> Any:
    """A block as a compiled function of the names it reads; blocks are frozen, and equal ones share it."""
    return jax.jit(lambda names: block(**names))


def _places_value(given: Given, state: dict, arrays: Any) -> None:
    """Step 6: amenities from who lives where; Σ R log b̄ = 0 over the inside places of each set linked by movers."""
    nu = given["home_dispersion"]
    reach = given["migration_kept"] ** nu
    value = attraction_from_residents(reach, arrays.origin_people, state["residents"]) ** (1.0 / nu)
    names = ("access", "income_factor", "consumer_price", "residents")
    reads = ("amenity_spillover", "land_km2", "inside", "amenity_density", "housing_share")
    bare = np.asarray(_bare_value({n: state[n] for n in names}, {n: given[n] for n in reads}, np.asarray(arrays.rent_home)))
    log_b = np.log(value / bare)
    sets = mover_sets(reach)
    for number in np.unique(sets):
        members = sets == number
        weighed = members & arrays.inside if (members & arrays.inside).any() else members
        weight = np.where(weighed, state["residents"], 0.0)
        log_b = np.where(members, log_b - weight @ log_b / weight.sum(), log_b)
    given["amenity_fundamental"] = np.exp(log_b)


@jax.jit
def _bare_value(state: dict, given: dict, rent_home: jax.Array) -> jax.Array:
    """V_n at b̄_n = 1: what a place is worth to live in before its own amenity."""
    reached = given["amenity_spillover"].folded().apply(state["residents"])
    crowd = density_factor(reached, given["land_km2"], given["inside"], given["amenity_density"])
    return living_value(crowd, state["access"], state["income_factor"], state["consumer_price"], rent_home, given["housing_share"])
