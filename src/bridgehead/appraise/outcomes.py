"""Outcomes, one formula each (model.md §10): pure functions of arrays, without labels.

⁰ marks the baseline; places n, i, j; sectors s; origins g. Money is million of the region's currency a year. Everything here is
the same in any currency unit (where it is no money itself), any numeraire and any order of the places. Arrays are NumPy's, or
traced by JAX where a derivative is wanted: one formula for both.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from bridgehead.kernels import is_traced, module_of

Array = np.ndarray


def value_added(output: Array, labour_share: Array, floor_share: Array) -> Array:
    """Σ_s (β_s + γ_s) Y_is [place], million a year at current prices (model.md §4: GDP of a place).

    output Y [place, sector]; labour_share β and floor_share γ [sector], shares of gross output.
    """
    return output @ (labour_share + floor_share)


def real_value_added(nominal: Array, price: Array, price_base: Array) -> Array:
    """G_i = Σ_s (β_s + γ_s) Y_is · P_i⁰ / P_i [place], million a year at the baseline's prices of the place (model.md §10).

    nominal [place] from `value_added`; price P and price_base P⁰ [place], consumer prices.
    """
    return nominal * (price_base / price)


def relocated(gain: Array) -> float:
    """The sum of all places' losses, as a positive number: what was moved and not made (model.md §10).

    gain ΔG [place]. Gains less `relocated` are the net gain, Σ ΔG.
    """
    return module_of(gain).maximum(-gain, 0.0).sum()


def income_of_origins(people: Array, income: Array, residents: Array) -> Array:
    """M_g ȳ_g⁰ = Σ_n R_gn⁰ I_n⁰ / R_n⁰ [origin], million a year: what g's people live on in the baseline (model.md §10)."""
    a_head = np.where(residents > 0, income / np.where(residents > 0, residents, 1.0), 0.0)
    return people @ a_head


def welfare_in_money(welfare: Any, welfare_base: Any, income_base: Any) -> Any:
    """EV = Σ_g (U_g / U_g⁰ − 1) M_g ȳ_g⁰, million a year, over the origins whose income_base is not 0 (model.md §10).

    welfare U, welfare_base U⁰ and income_base M ȳ⁰ [origin]. NumPy or JAX arrays: the shadow prices differentiate it.
    """
    return ((welfare / welfare_base - 1.0) * income_base).sum()


def welfare_by_home(ratio: Array, people: Array, income: Array, residents: Array) -> Array:
    """EV_n = Σ_g (U_g / U_g⁰ − 1) R_gn⁰ I_n⁰ / R_n⁰ [place], million a year: the gain of those who live at n in the baseline.

    ratio U / U⁰ [origin]. Everyone of one origin gains the same per cent, wherever they live; Σ_n EV_n = EV.
    """
    a_head = np.where(residents > 0, income / np.where(residents > 0, residents, 1.0), 0.0)
    return ((ratio - 1.0) @ people) * a_head


def value_added_weights(sector_value_added: Array, members: Array) -> Array:
    """ω_is [place, sector]: share of i, s in the value added of the set in the baseline; 0 outside the set (model.md §10)."""
    inside = sector_value_added * members[:, None]
    return inside / inside.sum()


def productivity_gain(productivity: Array, productivity_base: Array, weights: Array) -> float:
    """TFP_B = Σ_{i∈B,s} ω_is log(A_is / A_is⁰), in log points, density and ideas included (model.md §10)."""
    held = weights > 0
    ratio = productivity[held] / productivity_base[held]
    return (weights[held] * module_of(ratio).log(ratio)).sum()


def real_income(income: Array, residents: Array, price: Array, rent: Array, housing_share: float) -> Array:
    """y^r_n = I_n / (R_n P_n^(1−α_H) r_n^α_H) [place]: only ratios between places and to the baseline mean anything (model.md §10)."""
    return income / (residents * price ** (1.0 - housing_share) * rent**housing_share)


class Theil(NamedTuple):
    """A Theil index and its parts: total = between + within."""

    total: float
    between: float
    within: float


def theil(income_a_head: Array, residents: Array, groups: Array) -> Theil:
    """T = Σ_n s_n log(s_n / p_n), s income and p resident shares; between = the same sum over groups (model.md §10).

    income_a_head y^r and residents R [place], groups [place] an index (province). Places without residents count for nothing.
    """
    xp = module_of(income_a_head, residents)
    income = xp.where(residents > 0, income_a_head, 0.0) * residents
    share, people = income / income.sum(), residents / residents.sum()
    member = (np.arange(int(groups.max()) + 1)[:, None] == groups[None, :]).astype(float)

    def distance(one: Any, other: Any) -> Any:
        held = (one > 0) & (other > 0)
        return (one * xp.log(xp.where(held, one, 1.0) / xp.where(held, other, 1.0))).sum()

    total, between = distance(share, people), distance(member @ share, member @ people)
    return Theil(total, between, total - between)


def ideas_used(weights: Array, reach: Array, research: Array, stock_base: Array, sources: Array) -> float:
    """Q(B←C) = Σ_{i∈B} ω_i Σ_{j∈C} N_ij RD_j / Z_i⁰ (model.md §10): 1 if B uses in the baseline nothing but C's ideas.

    weights ω [learner], 0 outside B; reach N [learner, source] with its passage; research RD [source]; stock_base Z⁰ [learner],
    held at the baseline; sources C [place] bool.
    """
    held = weights > 0
    from_sources = reach[held] @ (research * sources)
    return (weights[held] * from_sources / stock_base[held]).sum()


def foreign_access(trade: Array, spending: Array, price: Array, price_index: Array, trade_elasticity: Array, abroad: Array) -> Array:
    """Σ_{o abroad} T_oi,s (X_os / P_o) (P_os / P_o)^θ_s [place, sector], deflated there (model.md §10, foreign access).

    trade T [sector, buyer, seller] with its passages; spending X and price_index P_s [place, sector]; price P [place].
    """
    deflated = spending / price[:, None] * (price_index / price[:, None]) ** trade_elasticity
    return module_of(trade, deflated).einsum("soi,os->is", trade[:, abroad, :], deflated[abroad])


def access_gain(access: Array, access_base: Array, weights: Array) -> float:
    """FMA_B = Σ_{i∈B,s} ω_is log(access_is / access_is⁰), in log points (model.md §10)."""
    held = weights > 0
    ratio = access[held] / access_base[held]
    return (weights[held] * module_of(ratio).log(ratio)).sum()


def migrants_gap(people: Array, kept: Array, away: Array) -> float | None:
    """Σ_g Σ_{n away} R_gn (1 − D_gn^(1/ν)) / Σ R_gn: mean share of real income lost by those who live away (model.md §10).

    people R [origin, place]; kept D^(1/ν) [origin, place], border included; away [origin, place] bool: inside and not in g's own
    province. None when nobody lives away.
    """
    movers = people * away
    total = movers.sum()
    if not is_traced(total) and total <= 0:
        return None
    return (movers * (1.0 - kept)).sum() / total


def land_price(home_slope: Array, work_slope: Array, home_supply: Array, work_supply: Array, land: Array, members: Array) -> float:
    """dEV / d log(h̄, h̄^c together) over construction land, million a year a km2, of a set: all its land grows alike (model.md §10).

    home_slope dEV/dh̄ and work_slope dEV/dh̄^c [place] at the equilibrium; home_supply h̄⁰ and work_supply h̄^c⁰ [place] of the
    baseline; land [place] km2 of the baseline. h̄⁰ / land⁰ is the floor space a further km2 carries, as the lever `land` has it.
    """
    slope = home_slope * home_supply + work_slope * work_supply
    return float(slope[members].sum() / land[members].sum())


def jobs_by_sector(output: Array, labour_share: Array, wage: Array) -> Array:
    """β_s Y_is / w_i [place, sector], persons (case-yangtze.md §5): every sector of a place pays the same wage."""
    return output * labour_share / wage[:, None]


def sales_between(trade: Array, buyers: Array, sellers: Array) -> Array:
    """What each place of the set of buyers buys from the sellers, all sectors [place], million a year.

    trade [sector, buyer, seller] values; 0 for places that are no buyers.
    """
    return module_of(trade).einsum("sni,i->n", trade, sellers.astype(float)) * buyers


def additional_share(gain: float, rival_gain: float) -> float:
    """(Δ to us + min(0, Δ to the rival)) / Δ to us: the part of a gain that the rival did not lose (case-yangtze.md §5)."""
    return (gain + min(0.0, rival_gain)) / gain


def geometric_mean(ratios: list[float]) -> float:
    """(Π ratios)^(1/count)."""
    xp = module_of(*ratios)
    return xp.exp(sum(xp.log(ratio) for ratio in ratios) / len(ratios))
