"""Newton–Krylov: the last digits of a fixed point where acceleration stalls."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bridgehead.solve.linear import solve_shifted


def newton_krylov(
    update: Callable[[np.ndarray], np.ndarray],
    jacobian: Callable[[np.ndarray, np.ndarray], np.ndarray],
    start: np.ndarray,
    *,
    tolerance: float = 1e-12,
    slow_rounds: int = 12,
    largest_step: float = 1.0,
) -> tuple[np.ndarray, int]:
    """x ← x + (I − J)⁻¹ (F(x) − x), halved while the gap does not fall. Returns the best x met and the evaluations used.

    `jacobian(x, v)` is J(x) v. It stops at the tolerance, when no step down to 1/64 of Newton's lowers the gap, or after
    `slow_rounds` rounds that lower it by less than half: near the solution each doubles the digits, and none of those is left out.
    """
    best, gap, evaluations, slow = start, update(start) - start, 1, 0
    size = float(np.max(np.abs(gap)))
    while size > tolerance and slow < slow_rounds:
        point, before = best, size
        move = solve_shifted(lambda v, x=point: jacobian(x, v), gap, tolerance=1e-4, steps=240)
        move = move * min(1.0, largest_step / max(float(np.max(np.abs(move))), 1e-300))
        improved = False
        for halvings in range(7):
            trial = best + move / 2**halvings
            trial_gap = update(trial) - trial
            evaluations += 1
            trial_size = float(np.max(np.abs(trial_gap)))
            if trial_size < size:
                best, gap, size, improved = trial, trial_gap, trial_size, True
                break
        if not improved:
            break
        slow += size > 0.5 * before
    return best, evaluations
