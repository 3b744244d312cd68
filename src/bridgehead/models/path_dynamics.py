"""How the state of an economy moves from one year to the next (model.md §5): pure functions of arrays, without labels.

Between two solved years k years apart each yearly rule acts k times, with what was solved held as it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.kernels import as_array, matrix_of, with_matrix

Array = np.ndarray


def balanced_growth(trend: float, research_elasticity: float) -> float:
    """γ = ḡ / (1 − χ), a year in logs: growth where R&D spending keeps its share of value added (model.md §5).

    A grows by the trend ḡ and, through Z^χ, by χ times the growth of R&D, which is γ itself: γ = ḡ + χ γ. The part χ γ is what
    R&D adds.
    """
    return trend / (1.0 - research_elasticity)


def relative_decay(decay: float, growth: float) -> float:
    """d̃ = 1 − (1 − d) e^(−γ): share of the R&D stock lost in a year relative to an economy that grows by γ."""
    return float(1.0 - (1.0 - decay) * np.exp(-growth))


def steady_stock(spending: Array, decay: float) -> Array:
    """RD = spending / d [money]: the stock at which what is lost in a year is what is spent (model.md §5)."""
    return spending / decay


def research_stock(before: Array, spending: Array, decay: float, years: int = 1) -> Array:
    """RD_i = (1 − d) RD_i,−1 + spending, `years` times [money].

    before RD_i,−1 and spending [place], money and money a year; decay d in (0, 1].
    """
    kept = (1.0 - decay) ** years
    return kept * before + (1.0 - kept) / decay * spending


def moving_share(share: float, years: int) -> float:
    """1 − (1 − m)^years: who has been free to move at least once."""
    return 1.0 - (1.0 - share) ** years


def learning_weights(knowledge: Any, research: Array, sources: Array) -> Array:
    """N̄ [learner, source]: shares of the ideas within reach, N_ij RD_j / Σ_j N_ij RD_j among `sources`, then the passages `ideas` (model.md §5).

    research RD_j [place] of the data: a source counts by the research it does, so that a place cut in two teaches what it did whole.
    sources [place] is 1 where the level of productivity can be compared: inside places. Outside ones have rents and an openness
    in units of their own, so a gap to them would depend on those units.
    """
    matrix = np.asarray(matrix_of(knowledge)) * (np.asarray(research, dtype=float) * np.asarray(sources, dtype=float))[None, :]
    total = matrix.sum(axis=1, keepdims=True)
    return as_array(with_matrix(knowledge, matrix / np.where(total > 0, total, 1.0)))


def idea_growth(weights: Array, productivity: Array, learns: Array, diffusion: float) -> Array:
    """ρ_N Σ_j N̄_ij (log a_js − log a_is)₊ [place, sector], in logs a year (model.md §5, "ideas").

    weights N̄ [learner, source]; productivity a [place, sector], 0 where the sector is absent: it neither learns nor teaches;
    learns [place] is 0 outside, where productivity grows by the trend alone.
    """
    growth = np.zeros_like(productivity)
    for sector in range(productivity.shape[1]):
        there = productivity[:, sector] > 0
        level = np.log(productivity[there, sector])
        gap = np.maximum(level[None, :] - level[:, None], 0.0)
        growth[there, sector] = diffusion * np.einsum("ij,ij->i", weights[np.ix_(there, there)], gap)
    return growth * (np.asarray(learns) > 0)[:, None]


def learned(gain: Array, productivity: Array, weights: Array, learns: Array, diffusion: float, years: int) -> Array:
    """The gain log ā_is − log ā_is of the data after `years` years of learning; `productivity` a [place, sector] is today's."""
    now = gain
    for _ in range(years if diffusion > 0 else 0):
        now = now + idea_growth(weights, productivity * np.exp(now - gain), learns, diffusion)
    return now


def common_trend(trend: Array, value_added: Array) -> float:
    """ḡ = Σ_s (share of s in value added) g_s, a year in logs: the part of growth that is the same everywhere.

    It is divided out before a year is solved and put back into real numbers when they are shown: building costs follow it, so
    that a trend common to all sectors changes no share, wage, rent or home (a balanced growth path). value_added [place, sector].
    """
    total = value_added.sum(axis=0)
    return float(trend @ (total / total.sum()))


def mean_welfare(before: Array, people_before: Array, worth: Array, free: Array, free_welfare: Array, share: float) -> Array:
    """Mean utility of the people of each origin by home [origin, place] when only a share m chose anew.

    Who stays keeps her home and its draw, and gains by what it is worth now over before. before: last year's means; people_before
    R_gn,−1; worth: D_gn^(1/ν) V_n over last year's; free: where movers go; free_welfare: their utility this year by where they go
    [origin, place] (`movers_utility`); share m. Where nobody lives it is that of movers.
    """
    stay, come = (1.0 - share) * people_before, share * free
    total = stay + come
    summed = stay * before * worth + come * free_welfare
    return np.where(total > 0, summed / np.where(total > 0, total, 1.0), free_welfare)


def movers_utility(welfare: Array, worth: Array, worth_ahead: Array) -> Array:
    """Utility this year of who moves now [origin, place]: Ū_g (D_gn^(1/ν) V_n) / (D̄_gn^(1/ν) V̄_n).

    The draw of tastes that made her go is worth Ū_g / (D̄^(1/ν) V̄) on average, wherever she goes; welfare Ū_g [origin]. Myopic movers
    have worth = worth_ahead, and the same utility U_g everywhere.
    """
    ratio = np.where(worth_ahead > 0, worth / np.where(worth_ahead > 0, worth_ahead, 1.0), 1.0)
    return welfare[:, None] * ratio


def stay_ahead(values: list[Array], patience: list[float]) -> list[Array]:
    """x̄_t = x_t^(1 − b_t) x̄_t+1^b_t, backward from the last: the mean in logs of what comes, weighed by how likely one stays and by patience.

    values x_t ≥ 0, by solved year; patience b_t, the last 0.
    """
    found = [values[-1]]
    for value, weight in zip(reversed(values[:-1]), reversed(patience[:-1]), strict=True):
        found.insert(0, value ** (1.0 - weight) * found[0] ** weight)
    return found
