"""Wages and jobs from residents and value added: branch (c) of the inversion (model.md §6.2)."""

from __future__ import annotations

import numpy as np

from bridgehead.errors import DataError, SolveError


def wages_from_residents(
    kernel: np.ndarray,
    residents: np.ndarray,
    wage_bill: np.ndarray,
    workplace_size: np.ndarray,
    kept_share: np.ndarray,
    dispersion: float,
    *,
    tolerance: float = 1e-13,
    start: np.ndarray | None = None,
) -> np.ndarray:
    """The wages at which the people who come to work cost exactly the wage bill: w_i L_i(w) = B_i.

    kernel K [home, work] with its borders, residents R [people], wage_bill B [million money a year], workplace_size e [1],
    kept_share of a wage after taxes [1], dispersion ε. Exactly one solution, scale included: L(w) is homogeneous of degree 0
    with gross substitutes. Newton in logs from the balancing step w ← w (B / wL)^(1/(1+ε)); four to eight rounds.
    """
    if (wage_bill <= 0).any():
        raise DataError(f"{int((wage_bill <= 0).sum())} places make nothing: every place needs some value added")
    log_bill = np.log(wage_bill)
    log_wage = start if start is not None else np.log(wage_bill / residents)
    for _ in range(60):
        wage = np.exp(log_wage)
        attraction = workplace_size * (kept_share * wage) ** dispersion
        weight = kernel * attraction
        shares = weight / weight.sum(axis=1, keepdims=True)
        commuters = residents[:, None] * shares
        jobs = commuters.sum(axis=0)
        gap = log_bill - log_wage - np.log(jobs)
        if np.abs(gap).max() < tolerance:
            return wage
        if np.abs(gap).max() > 1.0:
            log_wage = log_wage + gap / (1.0 + dispersion)
            continue
        slope = (1.0 + dispersion) * np.eye(len(jobs)) - dispersion * (commuters.T @ shares) / jobs[:, None]
        move = np.linalg.solve(slope, gap)
        log_wage = log_wage + move * min(1.0, 1.0 / np.abs(move).max())
    if np.abs(gap).max() < 1e-10:
        return np.exp(log_wage)
    raise SolveError(f"wages could not be found from residents and value added: a gap of {np.abs(gap).max():.1e} remains")
