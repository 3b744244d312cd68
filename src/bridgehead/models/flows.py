"""Who goes where and what is sold to whom, from a solved state (model.md §4). Plain NumPy, from the formulas and not the map."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.kernels import as_array


def commuting_shares(given: dict[str, Any], state: dict[str, np.ndarray]) -> np.ndarray:
    """π_ni = K_ni e_i w_i^ε / W_n^ε [home, work]: the share of n's residents who work at i."""
    attraction = np.asarray(given["workplace_size"]) * state["wage_kept"] ** float(given["workplace_dispersion"])
    weight = as_array(given["commuting"]) * attraction
    return weight / weight.sum(axis=1, keepdims=True)


def commuters_of(given: dict[str, Any], state: dict[str, np.ndarray]) -> np.ndarray:
    """C_ni = R_n π_ni [people], [home, work]."""
    return state["residents"][:, None] * commuting_shares(given, state)


def trade_of(given: dict[str, Any], state: dict[str, np.ndarray]) -> np.ndarray:
    """Value that n buys from i in sector s [million money a year], [sector, buyer, seller].

    X_ns T_ni,s c_is^(−θ_s) P_ns^θ_s, the denominators taken from the kernel itself.
    """
    theta = np.asarray(given["trade_elasticity"])
    cost = state["unit_cost"]
    finite = np.isfinite(cost)
    strength = np.where(finite, np.where(finite, cost, 1.0) ** (-theta), 0.0)
    weight = as_array(given["trade"]) * strength.T[:, None, :]
    return state["spending"].T[:, :, None] * weight / weight.sum(axis=2, keepdims=True)
