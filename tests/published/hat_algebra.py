"""The published hat system of MRRH 2018, written out once more in plain NumPy to judge solutions by. Nothing of ours is used."""

from __future__ import annotations

from functools import lru_cache

import numpy as np


@lru_cache
def baseline(counties, p, flows):
    """(λ_ni|n, π_ni) of the data: commuting shares by home and trade shares by buyer."""
    distance = counties.distance
    if flows == "observed":
        share = counties.flows / counties.flows.sum(axis=1, keepdims=True)
    else:
        share = shares(distance ** (-p.commuting_decay * p.dispersion), counties.jobs, counties.residents)
    income = counties.residents * (share @ counties.wage)
    cost = (distance / distance.min()) ** (p.trade_decay * (1 - p.substitution))
    return share, shares(cost, counties.wage * counties.jobs, income)


def shares(weight, sold, bought):
    """Shares of receivers over suppliers with weights ∝ x_i such that sales are met, by balancing until nothing moves."""
    x = np.ones(len(sold))
    for _ in range(100_000):
        share = weight * x
        share /= share.sum(axis=1, keepdims=True)
        ratio = sold / (bought @ share)
        if np.ptp(ratio) < 1e-13:
            break
        x = x * ratio
    return share


def misses(counties, p, flows, hat, factors, *, nominal=True):
    """Largest error of every published equation at the given hats; factors = (d̂, κ̂) across the border."""
    share, bought = baseline(counties, p, flows)
    wage, jobs, residents, east = counties.wage, counties.jobs, counties.residents, counties.east
    across = east[:, None] != east[None, :]
    d, kappa = np.where(across, factors[0], 1.0), np.where(across, factors[1], 1.0)
    eps, theta, alpha = p.dispersion, p.substitution - 1, p.goods_share
    income = residents * (share @ wage)
    weight = bought * hat["jobs_hat"] ** (1 + theta * p.agglomeration) * (d * hat["wage_hat"]) ** -theta
    price = weight.sum(axis=1) ** (-1 / theta)
    new_bought = weight / weight.sum(axis=1, keepdims=True)
    pull = share * (hat["wage_hat"] / kappa) ** eps
    new_share = pull / pull.sum(axis=1, keepdims=True)
    mean = (new_share @ (wage * hat["wage_hat"])) / (share @ wage)
    deflator = 1.0 if nominal else hat["price_hat"]
    rent = (mean * hat["residents_hat"] * deflator**p.supply_elasticity) ** (1 / (1 + p.supply_elasticity))
    living = hat["price_hat"] ** alpha * hat["house_price_hat"] ** (1 - alpha)
    joint = residents[:, None] * pull * living[:, None] ** -eps
    joint *= residents.sum() / joint.sum()
    spent = income * mean * hat["residents_hat"]
    paid = wage * hat["wage_hat"] * jobs * hat["jobs_hat"]
    commuters = (residents * hat["residents_hat"])[:, None] * new_share
    goods, earned = spent[:, None] * new_bought, commuters * wage * hat["wage_hat"]
    received = goods[:, east == 1][east == 0].sum() + earned[east == 1][:, east == 0].sum()
    sent = goods[east == 1][:, east == 0].sum() + earned[east == 0][:, east == 1].sum()
    welfare = (hat["residents_hat"] ** (-1 / eps)) * pull.sum(axis=1) ** (1 / eps) / living
    return {
        "price": np.abs(price / hat["price_hat"] - 1).max(),
        "residents' wage": np.abs(mean / hat["residents_wage_hat"] - 1).max(),
        "house price": np.abs(rent / hat["house_price_hat"] - 1).max(),
        "jobs": np.abs(joint.sum(axis=0) / (jobs * hat["jobs_hat"]) - 1).max(),
        "residents": np.abs(joint.sum(axis=1) / (residents * hat["residents_hat"]) - 1).max(),
        "wages": np.abs((spent @ new_bought) / paid - 1).max(),
        "mean wage": abs((wage * hat["wage_hat"]).mean() - 1),
        "balance of the sides": abs(np.log(received / sent)),
        "spread of welfare": np.ptp(welfare),
    }, welfare.mean() - 1
