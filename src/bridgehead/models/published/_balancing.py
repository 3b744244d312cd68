"""Sizes of suppliers from what they sell: the inversion that published one-sector models share.

Find x > 0 with  sold_i = x_i Σ_n K_ni bought_n / Σ_k K_nk x_k  for all i. It is unique up to one scale when Σ sold = Σ bought and
K connects all suppliers; x is a market's competitiveness (w/a)^(−θ), or a workplace's attraction e w^ε.
"""

from __future__ import annotations

import numpy as np

from bridgehead.errors import Fault, SolveError

TOLERANCE = 1e-13


def balance(kernel: np.ndarray, sold: np.ndarray, bought: np.ndarray, *, rounds: int = 60) -> np.ndarray:
    """x [supplier], with Σ log x = 0; SolveError where no sizes reproduce what is sold.

    kernel [receiver, supplier] ≥ 0, sold [supplier] > 0, bought [receiver] > 0. Undamped balancing first, then Newton in logs with
    the level of x held.
    """
    bought = bought * (sold.sum() / bought.sum())
    x = np.ones_like(sold)
    for _ in range(10):
        x = sold / (kernel.T @ (bought / (kernel @ x)))
    x = x / np.exp(np.log(x).mean())
    error = np.inf
    for _ in range(rounds):
        share = kernel * x
        share = share / share.sum(axis=1, keepdims=True)
        reached = bought @ share
        gap = np.log(sold / reached)
        if not np.max(np.abs(gap)) < 0.5 * error:
            break
        error = float(np.max(np.abs(gap)))
        slope = np.eye(len(x)) - (share.T * bought) @ share / reached[:, None]
        step = np.linalg.solve(slope + 1.0 / len(x), gap - gap.mean())
        x = x * np.exp(np.clip(step, -1.0, 1.0))
        x = x / np.exp(np.log(x).mean())
    if not error < 1e-10:
        fault = Fault(f"sales cannot be met: the best sizes found miss by {error:.1e}", cure="look for suppliers that nothing reaches")
        raise SolveError("no fundamentals reproduce the data", [fault])
    return x
