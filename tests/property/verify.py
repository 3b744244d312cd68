"""An equilibrium checked from its numbers alone: every equation of model.md §4, and the money that crosses every border.

Written anew in plain NumPy from the model page. Nothing of blocks, kernels, models or solve is called: kernels come as their
innermost matrix and their passages, and borders are multiplied in here.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

Array = np.ndarray


def with_borders(kernel: Any) -> Array:
    """A kernel's matrix times all its passages, place by place."""
    factor: Any = 1.0
    while hasattr(kernel, "inner"):
        side = np.asarray(kernel.side)
        factor = factor * np.asarray(kernel.passage)[..., side, :][..., side]
        kernel = kernel.inner
    return np.asarray(kernel.matrix) * factor


def plain(given: dict[str, Any]) -> dict[str, Array]:
    """The fundamentals as arrays."""
    return {name: with_borders(value) if hasattr(value, "apply") else np.asarray(value) for name, value in given.items()}


def off(found: Any, wanted: Any) -> float:
    """Largest relative difference; numbers that are not finite are infinitely far off."""
    found, wanted = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
    error = np.abs(found - wanted) / np.maximum(np.abs(wanted), 1e-300)
    return float(error.max()) if np.isfinite(error).all() else float("inf")


def _kept(g: dict[str, Array], s: dict[str, Array]) -> tuple[Array, Array, Array]:
    """(wages, home rents, work rents) kept after taxes, as shares."""
    none = np.zeros_like(s["wage"])
    value, earned, land = (g.get(f"tax_{name}", none) for name in ("value_added", "earnings", "land"))
    return 1 - value - earned, 1 - land, 1 - land - value


def people_errors(g: dict[str, Array], s: dict[str, Array]) -> dict[str, float]:
    """Access, jobs, earnings, amenity, value, people, residents, welfare."""
    wage = s["wage"] * _kept(g, s)[0]
    eps, nu, share = (float(g[name]) for name in ("workplace_dispersion", "home_dispersion", "housing_share"))
    weight = g["commuting"] * (g["workplace_size"] * wage**eps)
    reach = weight.sum(axis=1)
    commuters = s["residents"][:, None] * weight / reach[:, None]
    inside = g["inside"] > 0
    crowd = np.where(inside, g["amenity_spillover"] @ s["residents"] / g["land_km2"], 1.0)
    amenity = g["amenity_fundamental"] * crowd ** float(g["amenity_density"])
    value = amenity * s["access"] * s["income_factor"] / (s["consumer_price"] ** (1 - share) * s["rent_home"] ** share)
    liking = (g["migration_kept"] * (value / value.max())) ** nu
    people = g["origin_people"][:, None] * liking / liking.sum(axis=1, keepdims=True)
    return {
        "access": off(s["access"] ** eps, reach), "jobs": off(s["jobs"], commuters.sum(axis=0)),
        "earnings": off(s["earnings"], commuters @ wage), "amenity": off(s["amenity"], amenity), "value": off(s["value"], value),
        "people": off(s["people"] + 1.0, people + 1.0), "residents": off(s["residents"], people.sum(axis=0)),
        "welfare": off(s["welfare"], value.max() * liking.sum(axis=1) ** (1 / nu)),
    }  # fmt: skip


def shared(amount: Array, earnings: Array, sets: Array) -> Array:
    """What each place gets when sets of places share their sum of `amount` by earnings."""
    got = np.zeros_like(amount)
    for members in sets:
        if members.any():
            got += earnings * members * (members @ amount) / (members @ earnings)
    return got


def money_errors(g: dict[str, Array], s: dict[str, Array]) -> dict[str, float]:
    """Income with its rents, transfers and public money; rents and floor space."""
    earnings, output, share = s["earnings"], s["output"], float(g["housing_share"])
    _, home_kept, work_kept = _kept(g, s)
    z = g["transfer_rate"]
    transfers = earnings * (z - z @ earnings / earnings.sum())
    work = output @ g["floor_share"]
    rents = share * s["income"] * home_kept + work * work_kept
    pooled = rents if "local" in g else shared(rents, earnings, g["rent_pool"])
    public = np.zeros_like(earnings)
    if "tax_land" in g:
        value, earned, land = g["tax_value_added"], g["tax_earnings"], g["tax_land"]
        revenue = (value + earned) * s["wage"] * s["jobs"] + (value + land) * work + land * share * s["income"]
        public = sum(part * shared(revenue, earnings, sets) for part, sets in zip(g["public_split"], g["public_sets"], strict=True))
    income = earnings + transfers + pooled + public
    own = earnings + transfers + public if "local" in g else income
    home = g["home_supply"] * (s["rent_home"] / s["consumer_price"]) ** g["home_supply_elasticity"]
    floor = g["work_supply"] * (s["rent_work"] / s["consumer_price"]) ** g["work_supply_elasticity"]
    return {
        "income": off(s["income"], income), "income_factor": off(s["income_factor"], own / earnings),
        "home rents": off(s["rent_home"] * home, share * s["income"]), "work rents": off(s["rent_work"] * floor, work),
    }  # fmt: skip


def firms_errors(g: dict[str, Array], s: dict[str, Array]) -> dict[str, float]:
    """Productivity, unit cost, prices, trade, sales, spending, labour, numeraire."""
    inside, there = g["inside"] > 0, g["productivity_fundamental"] > 0
    theta = g["trade_elasticity"]
    crowd = np.where(inside, g["spillover"] @ s["jobs"] / g["land_km2"], 1.0)
    made = g["productivity_fundamental"] * crowd[:, None] ** g["density_elasticity"]
    if "knowledge" in g:
        stock = g["knowledge"] @ g["research"]
        made = made * (np.where(g["learns"] > 0, stock, 1.0) ** float(g["research_elasticity"]))[:, None]
    log_cost = np.log(s["wage"])[:, None] * g["labour_share"] + np.log(s["rent_work"])[:, None] * g["floor_share"]
    log_cost = log_cost + np.log(s["price_index"]) @ g["input_share"]
    log_cost = log_cost - (g["labour_share"] + g["floor_share"]) * np.log(np.where(there, made, 1.0))
    strength = np.where(there, np.exp(-theta * log_cost), 0.0)
    offers = g["trade"] * strength.T[:, None, :]
    total = offers.sum(axis=2)
    flows = s["spending"].T[:, :, None] * offers / total[:, :, None]
    alpha = g["consumption_share"]
    weights = alpha / alpha.sum(axis=1, keepdims=True)
    sold, present = flows.sum(axis=1).T, s["output"] > 0
    return {
        "productivity": off(s["productivity"][there], made[there]), "prices": off(s["price_index"], (total.T) ** (-1 / theta)),
        "sales": off(sold[present], s["output"][present]), "absent sectors": float(np.abs(s["output"][~there]).sum()),
        "spending": off(s["spending"], alpha * s["income"][:, None] + s["output"] @ g["input_share"].T),
        "labour": off(s["wage"] * s["jobs"], s["output"] @ g["labour_share"]),
        "numeraire": off(s["wage"][inside] @ s["jobs"][inside], g["inside_wage_bill"]),
        "consumer price": off(s["consumer_price"], np.exp((weights * np.log(s["price_index"])).sum(axis=1))),
    }  # fmt: skip


def payments(g: dict[str, Array], s: dict[str, Array]) -> tuple[Array, Array]:
    """(money paid by n to i [payer, receiver], net transfers received [place]): goods, wages, pooled rents, public money."""
    theta, share = g["trade_elasticity"], float(g["housing_share"])
    wage_kept, home_kept, work_kept = _kept(g, s)
    cost = np.where(np.isfinite(s["unit_cost"]), s["unit_cost"], 1.0)
    strength = np.where(np.isfinite(s["unit_cost"]), cost**-theta, 0.0)
    offers = g["trade"] * strength.T[:, None, :]
    paid = (s["spending"].T[:, :, None] * offers / offers.sum(axis=2, keepdims=True)).sum(axis=0)
    wage = s["wage"] * wage_kept
    weight = g["commuting"] * (g["workplace_size"] * wage ** float(g["workplace_dispersion"]))
    paid = paid + (s["residents"][:, None] * weight / weight.sum(axis=1, keepdims=True) * wage).T
    work = s["output"] @ g["floor_share"]
    claims = [] if "local" in g else [(share * s["income"] * home_kept + work * work_kept, g["rent_pool"])]
    if "tax_land" in g:
        claims += [(part * s["revenue"], sets) for part, sets in zip(g["public_split"], g["public_sets"], strict=True)]
    for amount, sets in claims:
        for members in sets:
            if members.any():
                paid = paid + np.outer(amount * members, s["earnings"] * members) / (members @ s["earnings"])
    return paid, s["transfers"]


def crossing_errors(g: dict[str, Array], s: dict[str, Array]) -> dict[str, float]:
    """Largest |log(received / paid)| over every set of places, each summed from what crosses its border alone."""
    paid, transfers = payments(g, s)
    n = len(transfers)
    worst = 0.0
    for size in range(1, n // 2 + 1):
        for chosen in itertools.combinations(range(n), size):
            mine = np.isin(np.arange(n), chosen)
            net = transfers[mine].sum()
            received = paid[~mine][:, mine].sum() + max(net, 0.0)
            spent = paid[mine][:, ~mine].sum() + max(-net, 0.0)
            worst = max(worst, abs(float(np.log(received / spent))) if received > 0 and spent > 0 else float("inf"))
    return {"crossings": worst}


def errors(given: dict[str, Any], state: dict[str, Array], *, local_landlords: bool = False) -> dict[str, float]:
    """The largest relative error of every equation and of every border's balance."""
    g = plain(given) | ({"local": np.ones(1)} if local_landlords else {})
    found = {}
    for part in (people_errors, money_errors, firms_errors, crossing_errors):
        found |= part(g, state)
    return found
