"""The regional model as a plain NumPy loop: what an economist would write first. The yardstick of the benchmarks."""

from __future__ import annotations

import numpy as np

from bridgehead.kernels import as_array


def plain_solve(given: dict, start: dict, *, tolerance: float = 1e-11, most: int = 2000) -> tuple[dict, int]:
    """Undamped rounds of the map of model.md §4 until no log moves by more than `tolerance`; returns (unknowns, rounds)."""
    g = {name: as_array(value) if hasattr(value, "apply") else np.asarray(value) for name, value in given.items()}
    w, p, y, r = (np.array(start[name]) for name in ("wage", "price_index", "output", "residents"))
    rounds = 0
    while rounds < most:
        rounds += 1
        new = one_round(g, w, p, y, r)
        gap = max(
            np.abs(np.log(new[0] / w)).max(),
            np.abs(np.log(new[1] / p)).max(),
            np.abs(np.log(new[2][y > 0] / y[y > 0])).max(),
            np.abs(np.log(new[3] / r)).max(),
        )
        w, p, y, r = new
        if gap < tolerance:
            break
    return {"wage": w, "price_index": p, "output": y, "residents": r}, rounds


def one_round(g: dict, w: np.ndarray, p: np.ndarray, y: np.ndarray, r: np.ndarray) -> tuple:
    """One pass over the markets, in the order of the model page."""
    eps, nu, ah, theta = g["workplace_dispersion"], g["home_dispersion"], g["housing_share"], g["trade_elasticity"]
    beta, gamma, omega, alpha = g["labour_share"], g["floor_share"], g["input_share"], g["consumption_share"]
    pull = g["workplace_size"] * w**eps
    reach = g["commuting"] @ pull
    jobs = pull * (g["commuting"].T @ (r / reach))
    earnings = r * (g["commuting"] @ (pull * w)) / reach
    price = np.exp((alpha / alpha.sum(axis=1, keepdims=True) * np.log(p)).sum(axis=1))
    z = g["transfer_rate"]
    base = earnings * (1 + z - (z @ earnings) / earnings.sum())
    rents = y @ gamma
    pool = g["rent_pool"]
    pool_income = pool @ (base + rents) / (1 - ah)
    income = base + earnings * (((ah * pool_income + pool @ rents) / (pool @ earnings)) @ pool)
    rent_home = (ah * income * price ** g["home_supply_elasticity"] / g["home_supply"]) ** (1 / (1 + g["home_supply_elasticity"]))
    rent_work = (rents * price ** g["work_supply_elasticity"] / g["work_supply"]) ** (1 / (1 + g["work_supply_elasticity"]))
    inside = g["inside"] > 0
    crowd = np.where(inside, g["amenity_spillover"] @ r / g["land_km2"], 1.0) ** g["amenity_density"]
    value = g["amenity_fundamental"] * crowd * reach ** (1 / eps) * income / earnings / (price ** (1 - ah) * rent_home**ah)
    weight = (g["migration_kept"] * value) ** nu
    r_new = (weight * (g["origin_people"] / weight.sum(axis=1))[:, None]).sum(axis=0)
    density = np.where(inside, g["spillover"] @ jobs / g["land_km2"], 1.0)
    ability = g["productivity_fundamental"] * density[:, None] ** g["density_elasticity"]
    if "knowledge" in g:
        stock = np.where(g["learns"] > 0, g["knowledge"] @ g["research"], 1.0)
        ability = ability * (stock ** g["research_elasticity"])[:, None]
    present = ability > 0
    for _ in range(3):
        cost = np.exp(np.log(w)[:, None] * beta + np.log(rent_work)[:, None] * gamma + np.log(p) @ omega)
        cost = cost / np.where(present, ability, 1.0) ** (beta + gamma)
        strength = np.where(present, cost**-theta, 0.0)
        p = np.stack([(g["trade"][s] @ strength[:, s]) ** (-1 / theta[s]) for s in range(len(theta))], axis=1)
    spending = alpha * income[:, None] + y @ omega.T
    demand = spending * p**theta
    y = strength * np.stack([g["trade"][s].T @ demand[:, s] for s in range(len(theta))], axis=1)
    bill = y @ beta
    w = w * (bill / (w * jobs)) ** (1 / (1 + eps + (y @ (beta * beta * theta)) / bill))
    scale = g["inside_wage_bill"] / (g["inside"] * w * jobs).sum()
    return w * scale, p * scale, y * ((w * scale) @ jobs / bill.sum()), r_new
