"""Wages, jobs and the size of workplaces, by what is given: branches (a), (b) and (c) of the inversion (model.md §6.2)."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.calibrate.homes import attraction_from_residents
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


def workplace_attraction_of(reach: np.ndarray, residents: np.ndarray, jobs: np.ndarray) -> np.ndarray:
    """The v_i = e_i w_i^ε at which L_i = Σ_n R_n K_ni v_i / Σ_j K_nj v_j [work]: branches (a) and (b) (model.md §6.2).

    reach K [home, work] with its borders, residents R and jobs L [people], equal in sum over every set of linked places. Unique up
    to one scale a set.
    """
    try:
        return attraction_from_residents(reach, residents, jobs)
    except SolveError as error:
        raise SolveError(f"no attraction of workplaces brings the jobs their people: {error}") from error


def wages_of_jobs(attraction: np.ndarray, kept_share: np.ndarray, dispersion: float, jobs: np.ndarray, wage_bill: float) -> np.ndarray:
    """w_i = v_i^(1/ε) / kept, e = 1 (branch b; ARSW 2015), scaled to the wage bill Σ w L that the accounts give [money a person and year].

    attraction v, kept_share of a wage after taxes and jobs [people] of inside places; dispersion ε; wage_bill of all of them.
    """
    wage = attraction ** (1.0 / dispersion) / kept_share
    return wage * wage_bill / (wage @ jobs)


def value_added_branch(arrays: Any, bill: np.ndarray, reach: np.ndarray, kept: np.ndarray, dispersion: float) -> tuple:
    """(c) residents and value added: e_i = B_i / mean inside B, or 1 where the flows are observed; w and L from w_i L_i = B_i."""
    if "commuting" in arrays.observed:
        jobs = arrays.residents @ reach
        return bill / jobs, jobs, np.ones_like(bill)
    size = bill / bill[arrays.inside].mean()
    wage = wages_from_residents(reach, arrays.residents, bill, size, kept, dispersion)
    return wage, bill / wage, size


def wages_branch(arrays: Any, bill: np.ndarray, reach: np.ndarray, kept: np.ndarray, dispersion: float) -> tuple:
    """(a) residents, jobs and wages: e_i brings every place its jobs; its mean inside is 1."""
    jobs = np.where(arrays.inside, arrays.jobs, arrays.residents)
    wage = np.where(arrays.inside, arrays.wage, bill / arrays.residents)
    size = workplace_attraction_of(reach, arrays.residents, jobs)
    if "commuting" not in arrays.observed:  # then the wages are in the kernel
        size = size / (kept * wage) ** dispersion
    return wage, jobs, np.where(arrays.inside, size / size[arrays.inside].mean(), 1.0)


def jobs_branch(arrays: Any, bill: np.ndarray, reach: np.ndarray, kept: np.ndarray, dispersion: float) -> tuple:
    """(b) residents and jobs: e = 1 and the wages that bring every place its jobs (ARSW 2015)."""
    jobs, inside = np.where(arrays.inside, arrays.jobs, arrays.residents), arrays.inside
    wage = bill / arrays.residents
    attraction = workplace_attraction_of(reach, arrays.residents, jobs)
    wage[inside] = wages_of_jobs(attraction[inside], kept[inside], dispersion, jobs[inside], float(bill[inside].sum()))
    return wage, jobs, np.ones_like(bill)


BRANCHES = {
    "residents_jobs_and_wages": wages_branch,
    "residents_and_jobs": jobs_branch,
    "residents_and_value_added": value_added_branch,
}
"""Wages [money a person and year], jobs [people] and workplace sizes [1] by what the region gives; outside everybody works at home."""
