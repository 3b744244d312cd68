"""Accounting identities of a solved state that the map does not use, and the money accounts of every place (model.md §8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bridgehead.kernels import diagonal
from bridgehead.models.flows import commuters_of, trade_of
from bridgehead.models.separation import nearly_separate

Claims = Sequence[tuple[Any, Any]]


def money_accounts(given: dict[str, Any], state: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Each place's receipts and payments [million money a year].

    goods sold to and bought from elsewhere, their difference, commuters' earnings in less out, rents received less paid,
    transfers, and public money received less taxes paid. The net columns of a place add to 0.
    """
    return _accounts(given, state, trade_of(given, state).sum(axis=0), commuters_of(given, state))


def _accounts(given: dict[str, Any], state: dict[str, np.ndarray], trade: np.ndarray, commuters: np.ndarray) -> dict[str, np.ndarray]:
    """`money_accounts` from goods [buyer, seller] and commuters [home, work]."""
    own = np.diag(trade)
    sold, bought = trade.sum(axis=0) - own, trade.sum(axis=1) - own
    kept = state["wage_kept"]
    earned_here = commuters.sum(axis=0) * kept
    rents_paid = _rents_kept(given, state)
    taxes = state["revenue"] if "revenue" in state else np.zeros_like(kept)
    return {
        "goods_sold_elsewhere": sold,
        "goods_bought_elsewhere": bought,
        "net_goods": sold - bought,
        "net_commuter_earnings": commuters @ kept - earned_here,
        "net_rents": state["rents_received"] - rents_paid,
        "net_transfers": state["transfers"],
        "net_public_money": state["public_money"] - taxes,
    }


def _rents_kept(given: dict[str, Any], state: dict[str, np.ndarray]) -> np.ndarray:
    """Rents of a place after taxes on land and on value added."""
    homes = state["rent_home"] * state["floor_home"] * state["home_rent_kept"]
    return homes + state["rent_work"] * state["floor_work"] * state["work_rent_kept"]


def payments_between(flows: np.ndarray, earnings: np.ndarray, claims: Claims) -> np.ndarray:
    """Money that passes from one place to another, transfers apart [payer, receiver]: goods and commuters' earnings, which are `flows`,
    and what is shared by earnings inside sets of places (rents, public money). What stays in a place is left out."""
    paid = flows
    for amount, sets in claims:
        several = np.asarray(sets)[np.count_nonzero(sets, axis=1) > 1]
        total = several @ earnings
        several, total = several[total > 0], total[total > 0]
        paid = paid + (several * np.asarray(amount)).T @ (several * earnings / total[:, None])
    return np.where(np.eye(len(paid)) > 0, 0.0, paid)


def balance_of_groups(paid: np.ndarray, transfers: np.ndarray, groups: np.ndarray) -> float:
    """Largest |log(received / paid)| of groups of places [group, place], each summed from what crosses its border alone.

    A difference of totals would drown a trickle of 1e-9 in rounding; a sum over what crosses keeps all its digits.
    """
    groups = np.asarray(groups, dtype=float)
    net = groups @ transfers
    received, spent = np.maximum(net, 0.0), np.maximum(-net, 0.0)
    single = np.count_nonzero(groups, axis=1) == 1
    places, several = groups[single].argmax(axis=1), groups[~single]
    # What crosses the border of one place is a sum along its row or column: no product of matrices for the many groups of one place.
    between = np.where(np.eye(len(paid)) > 0, 0.0, paid)
    received[single] += between.sum(axis=0)[places]
    spent[single] += between.sum(axis=1)[places]
    within, others = several > 0, 1.0 - several
    received[~single] += np.where(within, others @ paid, 0.0).sum(axis=1)
    spent[~single] += np.where(within, others @ paid.T, 0.0).sum(axis=1)
    alone = (received == 0) & (spent == 0)
    with np.errstate(divide="ignore"):
        return _largest(np.where(alone, 0.0, np.log(np.where(alone, 1.0, received)) - np.log(np.where(alone, 1.0, spent))))


def groups_to_balance(flows: np.ndarray, income: np.ndarray) -> np.ndarray:
    """Every place by itself, and every nearly separate block at this state's own prices [group, place]."""
    places, block = np.eye(len(income)), nearly_separate(flows + flows.T, income)
    return places if block.max() == 0 else np.concatenate([places, np.eye(block.max() + 1)[block].T])


def identities(given: dict[str, Any], state: dict[str, np.ndarray], claims: Claims = ()) -> dict[str, float]:
    """The largest error of each identity, as a share of what it balances; what places and blocks receive over what they pay, in logs.

    claims: what income blocks write under that name, (amount [place], sets [set, place]) of money shared by earnings.
    """
    trade = trade_of(given, state)
    commuters = commuters_of(given, state)
    output = state["output"]
    bill = output @ np.asarray(given["labour_share"])
    goods = trade.sum(axis=0)
    accounts = _accounts(given, state, goods, commuters)
    net = sum(value for name, value in accounts.items() if name.startswith("net_"))
    sold = trade.sum(axis=1).T
    present = output > 0
    homes = _off(state["rent_home"] * state["floor_home"], float(given["housing_share"]) * state["income"])
    work = _off(state["rent_work"] * state["floor_work"], output @ np.asarray(given["floor_share"]))
    origin = np.asarray(given["origin_people"])
    flows = goods + (commuters * state["wage_kept"]).T
    paid = payments_between(flows, state["earnings"], claims)
    balance = {"balance_of_places": balance_of_groups(paid, state["transfers"], groups_to_balance(flows, state["income"]))}
    if "blocks" in given:
        balance["balance_of_blocks"] = balance_of_groups(paid, state["transfers"], given["blocks"])
    return {
        "goods": _largest(sold[present] / output[present] - 1),
        "labour": _largest(commuters.sum(axis=0) * state["wage"] / bill - 1),
        "homes": _largest(homes),
        "work_floor_space": _largest(work),
        "people_by_origin": _largest(state["people"].sum(axis=1) / origin - 1),
        "people_by_place": _largest(commuters.sum(axis=1) / state["people"].sum(axis=0) - 1),
        "money": _largest(net / state["income"]),
        **balance,
    }


def identities_by_products(given: dict[str, Any], state: dict[str, Any]) -> dict[str, jax.Array]:
    """`identities`, from products with the kernels in the place of arrays of pairs: for batches, whose members are one economy each.
    `given` has its borders folded in."""
    share, theta = given["labour_share"], given["trade_elasticity"]
    cost, output, spending = state["unit_cost"], state["output"], state["spending"]
    finite = jnp.isfinite(cost)
    strength = jnp.where(finite, jnp.where(finite, cost, 1.0) ** (-theta), 0.0)
    bought = (spending.T / given["trade"].apply(strength.T)).T
    sold = strength * given["trade"].apply_transpose(bought.T).T
    kept, residents = state["wage_kept"], state["residents"]
    pull = given["workplace_size"] * kept ** given["workplace_dispersion"]
    at_home = residents / given["commuting"].apply(pull)
    jobs = pull * given["commuting"].apply_transpose(at_home)
    earned = at_home * given["commuting"].apply(pull * kept)
    rents_home, rents_work = state["rent_home"] * state["floor_home"], state["rent_work"] * state["floor_work"]
    rents_kept = rents_home * state["home_rent_kept"] + rents_work * state["work_rent_kept"]
    public = state["public_money"] - state.get("revenue", 0.0)
    net_goods = jnp.sum(sold - spending, axis=1)
    net = net_goods + earned - jobs * kept + state["rents_received"] - rents_kept + state["transfers"] + public
    own = jnp.sum(strength * diagonal(given["trade"]).T * bought, axis=1) + at_home * diagonal(given["commuting"]) * pull * kept
    balance = _balance_by_products(jnp.sum(sold, axis=1) + earned - own, jnp.sum(spending, axis=1) + jobs * kept - own, state)
    present = output > 0
    errors = {
        "goods": jnp.where(present, sold / jnp.where(present, output, 1.0) - 1.0, 0.0),
        "labour": jobs * state["wage"] / (output @ share) - 1.0,
        "homes": _off_compiled(rents_home, given["housing_share"] * state["income"]),
        "work_floor_space": _off_compiled(rents_work, output @ given["floor_share"]),
        "people_by_origin": jnp.sum(state["people"], axis=1) / given["origin_people"] - 1.0,
        "people_by_place": residents / jnp.sum(state["people"], axis=0) - 1.0,
        "money": net / state["income"],
        "balance_of_places": balance,
    }
    return {name: jnp.max(jnp.abs(value)) for name, value in errors.items()}


def _balance_by_products(received: jax.Array, paid: jax.Array, state: dict[str, Any]) -> jax.Array:
    """log(received / paid) [place] of places that a fair share of their money leaves, so that their own may be taken from a total.

    received, paid: goods and earnings that cross; what is shared by earnings inside sets of places, and transfers, are added.
    """
    earnings, transfers = state["earnings"], state["transfers"]
    for amount, sets in state.get("claims", ()):
        together, of_all = sets @ amount, jnp.maximum(sets @ earnings, 1e-300)
        others = together[:, None] - sets * amount
        received = received + jnp.sum(sets * others * (earnings / of_all[:, None]), axis=0)
        paid = paid + amount * jnp.sum(sets * (1.0 - sets * earnings / of_all[:, None]), axis=0)
    return jnp.log(received + jnp.maximum(transfers, 0.0)) - jnp.log(paid + jnp.maximum(-transfers, 0.0))


def _off_compiled(paid: jax.Array, due: jax.Array) -> jax.Array:
    none = due == 0
    return jnp.where(none, jnp.where(paid == 0, 0.0, jnp.inf), paid / jnp.where(none, 1.0, due) - 1.0)


def _off(paid: np.ndarray, due: np.ndarray) -> np.ndarray:
    """paid / due − 1; where nothing is due (no land in the model) what is paid must be nothing too."""
    none = due == 0
    return np.where(none, np.where(paid == 0, 0.0, np.inf), paid / np.where(none, 1.0, due) - 1)


def _largest(errors: np.ndarray) -> float:
    found = np.abs(np.asarray(errors))
    return float(found.max()) if found.size and np.isfinite(found).all() else float("inf")
