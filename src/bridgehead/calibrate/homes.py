"""The value of living in a place from who lives there (model.md §6.6)."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from bridgehead.errors import SolveError


def mover_sets(reach: np.ndarray) -> np.ndarray:
    """Which places are linked by movers [place]: places that some origin can both choose share a number. reach D [origin, place]."""
    return linked_sets(reach)[1]


def linked_sets(reach: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(set of each origin, set of each place): connected components of origins and places that `reach` joins."""
    origins, places = reach.shape
    row, column = np.nonzero(reach > 0)
    joins = csr_array((np.ones(row.size), (row, origins + column)), shape=(origins + places,) * 2)
    label = connected_components(joins, directed=False)[1]
    names, place = np.unique(label[origins:], return_inverse=True)
    return np.searchsorted(names, label[:origins]), place.reshape(-1)


def attraction_from_residents(
    reach: np.ndarray,
    origin_people: np.ndarray,
    residents: np.ndarray,
    *,
    tolerance: float = 1e-13,
    start: np.ndarray | None = None,
    sets: tuple[np.ndarray, np.ndarray] | None = None,
) -> np.ndarray:
    """The v_n = V_n^ν at which R_n = Σ_g M_g D_gn v_n / Σ_m D_gm v_m, up to one scale a set of places linked by movers.

    reach D [origin, place], origin_people M, residents R [people]; start: a guess of v; sets: `linked_sets(reach)`, where it is known. With Φ_g = Σ_m D_gm v_m it is
    v_n = R_n / Σ_g M_g D_gn / Φ_g, so that only the few log Φ_g are unknown: Newton on log Σ_n D_gn v_n − log Φ_g, and the plain
    balancing step where Newton's does not come nearer. The scale of each set is pinned at the mean of log v, so that places whose
    only movers are their own get v = 1.
    """
    of_origin, of_place = linked_sets(reach) if sets is None else sets
    same = (of_origin[:, None] == of_origin[None, :]).astype(float)
    pin = same / same.sum(axis=1, keepdims=True)
    first = np.ones(reach.shape[1]) if start is None else start
    log_phi = np.log(reach @ first)
    attraction, gap, slope = _choice(reach, origin_people, residents, log_phi)
    for _ in range(200):
        size = np.abs(gap).max()
        if size < tolerance:
            break
        move = np.linalg.solve(np.eye(gap.size) - slope + pin, gap)
        trial = log_phi + move * min(1.0, 2.0 / np.abs(move).max())
        found = _choice(reach, origin_people, residents, trial)
        if not np.abs(found[1]).max() < size:
            if size < 1e-11:  # rounding: no step comes nearer
                break
            trial = log_phi + gap
            found = _choice(reach, origin_people, residents, trial)
        log_phi, (attraction, gap, slope) = trial, found
    if not np.abs(gap).max() < 1e-10:
        raise SolveError(f"no amenities put people where they live: a gap of {np.abs(gap).max():.1e} remains in log residents")
    log_v = np.log(attraction)
    mean = np.bincount(of_place, weights=log_v) / np.bincount(of_place)
    return np.exp(log_v - mean[of_place])


def _choice(
    reach: np.ndarray, origin_people: np.ndarray, residents: np.ndarray, log_phi: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(v [place], log Σ_n D_gn v_n − log Φ_g [origin], its slope by log Φ_h plus the identity [origin, origin])."""
    come = (origin_people * np.exp(-log_phi))[:, None] * reach
    total = come.sum(axis=0)
    attraction = residents / total
    weight = reach * attraction
    phi = weight.sum(axis=1)
    return attraction, np.log(phi) - log_phi, (weight / phi[:, None]) @ (come / total).T
