"""The value of living in a place from who lives there (model.md §6.6)."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from bridgehead.errors import SolveError


def mover_sets(reach: np.ndarray) -> np.ndarray:
    """Which places are linked by movers [place]: places that some origin can both choose share a number. reach D [origin, place]."""
    positive = reach > 0
    return connected_components(csr_array(positive.T.astype(float) @ positive.astype(float) > 0), directed=False)[1]


def attraction_from_residents(
    reach: np.ndarray, origin_people: np.ndarray, residents: np.ndarray, *, tolerance: float = 1e-13
) -> np.ndarray:
    """The v_n = V_n^ν at which R_n = Σ_g M_g D_gn v_n / Σ_m D_gm v_m, up to one scale a set of places linked by movers.

    reach D [origin, place], origin_people M, residents R [people]. Newton in logs; the scale of each set is pinned at the mean of
    log v, so that places whose only movers are their own get v = 1.
    """
    sets = mover_sets(reach)
    same = (sets[:, None] == sets[None, :]).astype(float)
    pin = same / same.sum(axis=1, keepdims=True)
    log_v = np.zeros(reach.shape[1])
    for _ in range(100):
        weight = reach * np.exp(log_v)
        share = weight / weight.sum(axis=1, keepdims=True)
        people = origin_people[:, None] * share
        living = people.sum(axis=0)
        gap = np.log(residents / living)
        if np.abs(gap).max() < tolerance:
            return np.exp(log_v - pin @ log_v)
        slope = np.eye(len(living)) - (people.T @ share) / living[:, None] + pin
        move = np.linalg.solve(slope, gap)
        log_v = log_v + move * min(1.0, 2.0 / np.abs(move).max())
    if np.abs(gap).max() < 1e-10:
        return np.exp(log_v - pin @ log_v)
    raise SolveError(f"no amenities put people where they live: a gap of {np.abs(gap).max():.1e} remains in log residents")
