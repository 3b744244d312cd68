"""Who goes where and what is sold to whom, from a solved state (model.md §4), from the formulas and not the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bridgehead.kernels import module_of, plain, whole

Whole = Callable[[Any], Any]
"""A kernel with its borders as an array."""


def commuting_shares(given: Mapping[str, Any], state: Mapping[str, Any], whole: Whole = whole) -> Any:
    """π_ni = K_ni e_i w_i^ε / W_n^ε [home, work]: the share of n's residents who work at i. whole: a kernel as an array."""
    attraction = plain(given["workplace_size"]) * state["wage_kept"] ** plain(given["workplace_dispersion"])
    weight = whole(given["commuting"]) * attraction
    return weight / weight.sum(axis=1, keepdims=True)


def commuters_of(given: Mapping[str, Any], state: Mapping[str, Any], whole: Whole = whole) -> Any:
    """C_ni = R_n π_ni [people], [home, work]."""
    return state["residents"][:, None] * commuting_shares(given, state, whole)


def trade_of(given: Mapping[str, Any], state: Mapping[str, Any], whole: Whole = whole) -> Any:
    """Value that n buys from i in sector s [million money a year], [sector, buyer, seller].

    X_ns T_ni,s c_is^(−θ_s) P_ns^θ_s, the denominators taken from the kernel itself.
    """
    theta, cost = plain(given["trade_elasticity"]), state["unit_cost"]
    xp = module_of(theta, cost)
    finite = xp.isfinite(cost)
    strength = xp.where(finite, xp.where(finite, cost, 1.0) ** (-theta), 0.0)
    weight = whole(given["trade"]) * strength.T[:, None, :]
    return state["spending"].T[:, :, None] * weight / weight.sum(axis=2, keepdims=True)
