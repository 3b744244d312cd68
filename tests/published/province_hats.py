"""The hat system of provinces × sectors × origins, written out once more in plain NumPy to judge solutions by. Nothing of ours is used."""

from __future__ import annotations

import numpy as np

from published.hat_algebra import shares


def misses(p, old, new, iceberg, kept):
    """Largest error of every equation between two states of the provinces `p`.

    iceberg τ̂ [sector, buyer, seller], kept [origin, province]: what changes. Shares of trade come from the data by balancing.
    """
    theta, nu, homes = p.trade_elasticity, p.dispersion, p.housing_share
    hat = {name: new[name] / old[name] for name in ("wage", "price_index", "residents", "consumer_price", "welfare")}
    income = (p.output @ (p.labour_share + p.floor_share)) / (1 - homes)
    goods_share = old["spending"] - p.output @ p.input_share.T
    goods_share = goods_share / income[:, None]
    floor = (new["output"] @ p.floor_share) / (p.output @ p.floor_share)
    cost = hat["wage"][:, None] ** p.labour_share * floor[:, None] ** p.floor_share * np.exp(np.log(hat["price_index"]) @ p.input_share)
    new_income = (new["output"] @ (p.labour_share + p.floor_share)) / (1 - homes)
    spent = goods_share * new_income[:, None] + new["output"] @ p.input_share.T
    sold, prices = np.zeros_like(p.output), np.zeros_like(p.output)
    for s in range(p.output.shape[1]):
        made = p.output[:, s] > 0
        bought = np.zeros((len(p.names), len(p.names)))
        bought[:, made] = shares(p.freeness[s][:, made], p.output[made, s], old["spending"][:, s])
        weight = bought * (iceberg[s] * cost[:, s]) ** -theta[s]
        prices[:, s] = weight.sum(axis=1) ** (-1 / theta[s])
        sold[:, s] = spent[:, s] @ (weight / weight.sum(axis=1, keepdims=True))
    weights = goods_share / goods_share.sum(axis=1, keepdims=True)
    consumer = np.exp((weights * np.log(hat["price_index"])).sum(axis=1))
    value = hat["wage"] / (consumer ** (1 - homes) * (new_income / income) ** homes)
    stayed = old["people"] / old["people"].sum(axis=1, keepdims=True) * (kept * value) ** nu
    people = p.origin_people[:, None] * stayed / stayed.sum(axis=1, keepdims=True)
    present = p.output > 0
    bill = new["output"] @ p.labour_share
    return {
        "prices": np.abs(prices / hat["price_index"] - 1).max(),
        "sales": np.abs(sold[present] / new["output"][present] - 1).max(),
        "consumer price": np.abs(consumer / hat["consumer_price"] - 1).max(),
        "wages": np.abs(hat["wage"] * (p.output @ p.labour_share) * hat["residents"] / bill - 1).max(),
        "people": np.abs(people.sum(axis=0) / new["residents"] - 1).max(),
        "welfare": np.abs(stayed.sum(axis=1) ** (1 / nu) / hat["welfare"] - 1).max(),
        "numeraire": abs(bill.sum() / (p.output @ p.labour_share).sum() - 1),
    }
