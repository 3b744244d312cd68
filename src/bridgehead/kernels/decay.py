"""Decay with time and distance: the formulas that fill kernels (model.md §3). Plain arrays in, plain arrays out."""

from __future__ import annotations

import numpy as np


def exponential_decay(minutes: np.ndarray, decay: float, inside: np.ndarray, *, own_outside: float) -> np.ndarray:
    """exp(−decay · t_ni) between inside places; an outside place reaches only itself, with weight `own_outside`.

    minutes [place, place], inside [place] bool, decay a minute. Commuting uses own_outside = 1 (people outside work where they
    live), spillovers 0 (outside places have none).
    """
    both = inside[:, None] & inside[None, :]
    weight = np.where(both, np.exp(-decay * np.where(both, minutes, 0.0)), 0.0)
    return weight + np.diag(np.where(inside, 0.0, own_outside))


def gravity_weight(iceberg: np.ndarray, trade_elasticity: np.ndarray, size: np.ndarray) -> np.ndarray:
    """T_s[n, i] = μ_is τ_ni^(−θ_s), [sector, buyer, seller].

    iceberg τ [buyer, seller] ≥ 0, trade_elasticity θ [sector], size μ [place, sector]: the place's share of the sector's output
    in the data, which makes results independent of how places are cut.
    """
    distance = np.power(iceberg[None, :, :], -trade_elasticity[:, None, None])
    return size.T[:, None, :] * distance


def knowledge_weight(
    km: np.ndarray, decay_km: float, abroad: np.ndarray, research: np.ndarray, passage: np.ndarray, foreign_ideas: float
) -> np.ndarray:
    """N[i, j] = exp(−km_ij / ℓ), with the entries of places abroad such that their ideas are the share φ of Z_i in the data.

    km [place, place] (own distance included; nan to and from abroad), abroad [place] bool, research RD [place] money a year,
    passage [place, place] the border factors in the data, foreign_ideas φ. Abroad learns from itself alone. With
    H_i = Σ_j home N_ij f_ij RD_j the weight of abroad o is φ / (1 − φ) · H_i / Σ_o f_io RD_o.
    """
    home = ~abroad
    both = home[:, None] & home[None, :]
    weight = np.where(both, np.exp(-np.where(both, km, 0.0) / decay_km), 0.0)
    if abroad.any():
        domestic = (weight * passage) @ np.where(home, research, 0.0)
        foreign = passage[:, abroad] @ research[abroad]
        share = foreign_ideas / (1.0 - foreign_ideas)
        column = np.where(home & (foreign > 0), share * domestic / np.where(foreign > 0, foreign, 1.0), 0.0)
        weight[:, abroad] = column[:, None]
        weight[np.ix_(abroad, abroad)] = np.eye(int(abroad.sum()))
    return weight
