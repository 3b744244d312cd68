"""When a constant-elasticity spatial model has one equilibrium: the spectral radius of Allen, Arkolakis & Li (2024, NBER 27837).

Two elasticities of supply and two of demand tell how sales Y_i and people L_i move with a place's own density and with the access
of the whole system (the workhorse form of Allen & Arkolakis 2025). With outward and inward market access
    MA_out = Y^(1/d_g) L^((d_l − 1)/d_g),   MA_in = Y^(−1/s_g) L^((1 + s_l)/s_g)
the equilibrium is a system x_h = Σ_j K_ij Π_h′ x_h′^A_hh′ with A = G B⁻¹. It has one solution when the spectral radius of |A| is at
most 1 (trade costs symmetric, populations fixed up to scale); where it is more, some geography has several.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridgehead.errors import ModelError

__all__ = ["Elasticities", "allen_arkolakis", "helpman", "redding_constant_returns"]


@dataclass(frozen=True)
class Elasticities:
    """supply_local s_l, supply_global s_g, demand_local d_l, demand_global d_g of the workhorse form."""

    supply_local: float
    supply_global: float
    demand_local: float
    demand_global: float

    def __post_init__(self) -> None:
        if self.supply_global == 0 or self.demand_global == 0:
            raise ModelError("the elasticities with respect to market access must not be zero")

    def exponents(self) -> np.ndarray:
        """A = G B⁻¹ [2, 2]; ModelError where supply and demand have the same slope, for then people are not pinned down."""
        sl, sg, dl, dg = self.supply_local, self.supply_global, self.demand_local, self.demand_global
        b = np.array([[1.0 / dg, (dl - 1.0) / dg], [-1.0 / sg, (sl + 1.0) / sg]])
        g = np.array([[(sg + 1.0) / sg, -(1.0 + sl) / sg], [(dg - 1.0) / dg, (1.0 - dl) / dg]])
        if abs(np.linalg.det(b)) <= 1e-12 * np.abs(b).max() ** 2:
            raise ModelError("supply and demand of labour have the same slope: people are not pinned down, and there is no radius")
        return g @ np.linalg.inv(b)

    def radius(self) -> float:
        """ρ(|A|): at most 1, one equilibrium."""
        return float(np.abs(np.linalg.eigvals(np.abs(self.exponents()))).max())


def helpman(substitution: float, goods_share: float) -> Elasticities:
    """Helpman (1998), Redding & Sturm (2008), Redding & Rossi-Hansberg (2017): variety against land in fixed supply.

    substitution σ, goods_share α (1 − α is spent on land). One equilibrium when σ (1 − α) ≥ 1.
    """
    return Elasticities((1.0 - goods_share) / goods_share, 1.0 / (substitution - 1.0), 0.0, 1.0 / substitution)


def allen_arkolakis(substitution: float, productivity_spillover: float, amenity_spillover: float) -> Elasticities:
    """Allen & Arkolakis (2014): A = ā L^α, u = ū L^β. One equilibrium when α + β ≤ 0."""
    demand_local = (1.0 - productivity_spillover * (substitution - 1.0)) / substitution
    return Elasticities(-amenity_spillover, 1.0 / (substitution - 1.0), demand_local, 1.0 / substitution)


def redding_constant_returns(trade_elasticity: float, goods_share: float, dispersion: float) -> Elasticities:
    """Redding (2016), constant returns: θ, share of goods α, dispersion of tastes ε. Always one equilibrium."""
    supply_local = (1.0 + (1.0 - goods_share) * dispersion) / (goods_share * dispersion)
    access = 1.0 / (1.0 + trade_elasticity)
    return Elasticities(supply_local, 1.0 / trade_elasticity, access, access)
