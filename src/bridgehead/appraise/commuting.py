"""Commuting seen by a planner: minutes, and how far they are from the least possible (pure functions of arrays)."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from bridgehead.kernels import module_of

Array = np.ndarray


def minutes_now(minutes: Array, kernel: Array, kernel_base: Array, decay: float) -> Array:
    """t = t⁰ − log(K / K⁰) / κε [home, work], minutes: the times behind a commuting kernel (model.md §3), nan where none are.

    minutes t⁰ of the baseline; kernel K and kernel_base K⁰ without passages; decay κε a minute. Links change K alone.
    """
    both = (kernel > 0) & (kernel_base > 0)
    ratio = np.where(both, kernel, 1.0) / np.where(both, kernel_base, 1.0)
    return minutes - np.log(ratio) / decay if decay > 0 else minutes


def mean_minutes(commuters: Array, minutes: Array, homes: Array) -> float:
    """Σ C_ni t_ni / Σ C_ni over those who live in the set `homes` [place] bool, minutes one way (case-yangtze.md §5)."""
    people = commuters[homes]
    time = module_of(people).where(people > 0, minutes[homes], 0.0)
    return (people * time).sum() / people.sum()


def jobs_per_resident(jobs: Array, residents: Array, members: Array) -> float:
    """Jobs over working residents of a set (case-yangtze.md §5)."""
    return jobs[members].sum() / residents[members].sum()


def share_inside(commuters: Array, members: Array) -> float:
    """Share of the set's residents who also work in it (case-yangtze.md §5: living and working inside)."""
    people = commuters[members]
    return people[:, members].sum() / people.sum()


def least_plan(residents: Array, jobs: Array, minutes: Array, *, near: int = 24) -> Array:
    """The plan [home, work] that fills all jobs with all residents in the least total time: a transport problem.

    residents and jobs [place] with equal sums, minutes [place, place] finite. Solved on the `near` shortest pairs of every home
    and work and the pairs of a feasible corner, then enlarged by every pair that would shorten it, until none is left: the
    optimum of the whole problem. Raises ValueError when sums differ or times are missing.
    """
    if not np.isfinite(minutes).all():
        raise ValueError("the least plan needs minutes between all places")
    if not np.isclose(residents.sum(), jobs.sum(), rtol=1e-6):
        raise ValueError(f"residents ({residents.sum():.6g}) and jobs ({jobs.sum():.6g}) must have the same sum")
    total = residents.sum()
    supply, demand = residents / total, jobs / jobs.sum()
    pairs = _near_pairs(minutes, near) | _corner_pairs(supply, demand)
    while True:
        plan, home_price, work_price = _transport(supply, demand, minutes, pairs)
        better = (minutes - home_price[:, None] - work_price[None, :] < -1e-7) & ~pairs
        if not better.any():
            return plan * total
        pairs = pairs | better


def _near_pairs(minutes: Array, near: int) -> Array:
    """The `near` shortest pairs of each home and of each work."""
    pairs = np.zeros(minutes.shape, dtype=bool)
    count = min(near, minutes.shape[0])
    rows = np.argsort(minutes, axis=1, kind="stable")[:, :count]
    columns = np.argsort(minutes, axis=0, kind="stable")[:count]
    np.put_along_axis(pairs, rows, values=True, axis=1)
    np.put_along_axis(pairs, columns, values=True, axis=0)
    return pairs


def _corner_pairs(supply: Array, demand: Array) -> Array:
    """Pairs of the north-west corner plan: with them the small problem always has a solution."""
    pairs = np.zeros((supply.size, demand.size), dtype=bool)
    ends = np.unique(np.concatenate([np.cumsum(supply), np.cumsum(demand)]))
    middle = ends - np.diff(ends, prepend=0.0) / 2.0
    rows = np.minimum(np.searchsorted(np.cumsum(supply), middle), supply.size - 1)
    columns = np.minimum(np.searchsorted(np.cumsum(demand), middle), demand.size - 1)
    pairs[rows, columns] = True
    # rounding can leave a last crumb on either side: the last row and column take it
    pairs[-1, :] = True
    pairs[:, -1] = True
    return pairs


def _transport(supply: Array, demand: Array, minutes: Array, pairs: Array) -> tuple[Array, Array, Array]:
    """The least plan over some pairs, with the prices of both sides (dual values)."""
    rows, columns = np.nonzero(pairs)
    count, size = rows.size, supply.size
    entry = np.concatenate([rows, size + columns])
    matrix = csr_array((np.ones(2 * count), (entry, np.tile(np.arange(count), 2))), shape=(2 * size, count))
    # one equation follows from the others: the last work place's is left out
    solved = linprog(minutes[rows, columns], A_eq=matrix[:-1], b_eq=np.concatenate([supply, demand])[:-1], method="highs-ds")
    if solved.status != 0:
        raise ValueError(f"the least plan was not found: {solved.message}")
    plan = np.zeros(pairs.shape)
    plan[rows, columns] = solved.x
    prices = np.append(solved.eqlin.marginals, 0.0)
    return plan, prices[:size], prices[size:]


def excess_share(mean: float, least: float) -> float:
    """(mean − least) / mean: excess commuting (case-yangtze.md §5)."""
    return (mean - least) / mean
