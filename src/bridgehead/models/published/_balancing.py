"""Sizes of suppliers from what they sell: the inversion that published one-sector models share.

Find x > 0 with  sold_i = x_i Σ_n K_ni bought_n / Σ_k K_nk x_k  for all i. It is unique up to one scale when Σ sold = Σ bought and
K connects all suppliers; x is a market's competitiveness (w/a)^(−θ), or a workplace's attraction e w^ε.
"""

from __future__ import annotations

import numpy as np

from bridgehead.errors import Fault, SolveError

ENOUGH = 1e-10
"""Largest miss of what is sold, in logs, that counts as met. Newton usually ends near 1e-14."""


def balance(kernel: np.ndarray, sold: np.ndarray, bought: np.ndarray, *, rounds: int = 60) -> np.ndarray:
    """x [supplier], with Σ log x = 0; SolveError where no sizes reproduce what is sold.

    kernel [receiver, supplier] ≥ 0, sold [supplier] > 0, bought [receiver] > 0. The logs u of x minimise the convex function
    Σ bought log(K e^u) − Σ sold u: balancing steps first, then Newton, halved while the function does not fall.
    """
    if not ((kernel.sum(axis=0) > 0).all() and (kernel.sum(axis=1) > 0).all()):
        raise SolveError("no fundamentals reproduce the data", [Fault("some receivers or suppliers are reached by nothing")])
    bought = bought * (sold.sum() / bought.sum())
    u = np.zeros_like(sold)
    for _ in range(10):
        u = np.log(sold) - np.log(kernel.T @ (bought / (kernel @ np.exp(u))))
    u, best, error = u - u.mean(), u, np.inf
    for _ in range(rounds):
        weight = kernel * np.exp(u)
        share = weight / weight.sum(axis=1, keepdims=True)
        reached = bought @ share
        miss = float(np.max(np.abs(np.log(sold / reached))))
        if miss < error:
            best, error = u, miss
        elif error < ENOUGH:
            break
        slope = np.diag(reached) - (share.T * bought) @ share
        try:
            step = np.linalg.solve(slope + sold.mean() / len(u), sold - reached)
        except np.linalg.LinAlgError:
            break  # places that nothing connects: each part would need the sales of its own receivers
        u = _descend(kernel, sold, bought, u, step)
    if not error < ENOUGH:
        fault = Fault(
            f"sales cannot be met: the best sizes found miss by {error:.1e}",
            cure="look for groups of places that nothing connects to the others",
        )
        raise SolveError("no fundamentals reproduce the data", [fault])
    return np.exp(best - best.mean())


def _descend(kernel: np.ndarray, sold: np.ndarray, bought: np.ndarray, u: np.ndarray, step: np.ndarray) -> np.ndarray:
    """u + step, the step halved while the convex function does not fall."""

    def height(at: np.ndarray) -> float:
        return float(bought @ np.log(kernel @ np.exp(at)) - sold @ at)

    here = height(u)
    for halvings in range(12):
        trial = u + step / 2**halvings
        # Near the minimum the function is flat to its last digit, and only the full step may be tried there.
        if height(trial) <= here + 1e-14 * abs(here):
            return trial
    return u + step / 2**12
