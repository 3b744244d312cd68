"""Goods made by labour alone and bought by households alone: trade without inputs and work floor space (γ = ω = 0, β = 1).

Nothing is bought by firms, so neither output nor prices need a guess: a model with these blocks is cut at wages and residents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from bridgehead.blocks.income import net_transfers
from bridgehead.blocks.labour import wage_bill
from bridgehead.blocks.trade import competitiveness, sales, sector_price
from bridgehead.kernels import Kernel


@dataclass(frozen=True)
class FinalGoodsTrade:
    """Gravity trade where c_is = w_i / A_is and X_ns = α_s I_n (Monte, Redding & Rossi-Hansberg 2018 eqs. 3-7).

    P_ns = (Σ_i T_ni,s c_is^(−θ_s))^(−1/θ_s), Y_is = c_is^(−θ_s) Σ_n T_ni,s X_ns P_ns^θ_s [money a year], [place, sector].
    """

    role: ClassVar[str] = "Trade"
    writes: ClassVar[tuple[str, ...]] = ("unit_cost", "price_index", "spending", "sold", "output")

    def __call__(
        self,
        trade: Kernel,
        wage: jax.Array,
        productivity: jax.Array,
        productivity_fundamental: jax.Array,
        income: jax.Array,
        consumption_share: jax.Array,
        trade_elasticity: jax.Array,
    ) -> dict[str, jax.Array]:
        present = productivity_fundamental > 0
        cost = wage[:, None] / jnp.where(present, productivity, 1.0)
        strength = competitiveness(cost, present, trade_elasticity)
        prices = sector_price(trade, strength, trade_elasticity)
        spending = consumption_share * income[:, None]
        sold = sales(trade, strength, spending, prices, trade_elasticity)
        return {
            "unit_cost": jnp.where(present, cost, jnp.inf),
            "price_index": prices,
            "spending": spending,
            "sold": sold,
            "output": sold,
        }


@dataclass(frozen=True)
class HomeRentsStay:
    """Home rents, the only ones, are spent where they arise: I_n = E_n (1 + z_n − z̄) / (1 − α_H), y_n = (1 + z_n − z̄).

    Whether residents or landlords who do not move receive them makes no difference: rents are the same share of every place's
    earnings (MRRH 2018, Redding & Rossi-Hansberg 2017; without land α_H = 0 and I = E).
    """

    role: ClassVar[str] = "Income"
    writes: ClassVar[tuple[str, ...]] = ("income", "income_factor", "rents_received", "public_money", "transfers", "claims")

    def __call__(self, earnings: jax.Array, transfer_rate: jax.Array, housing_share: jax.Array) -> dict[str, jax.Array]:
        transfers = net_transfers(earnings, transfer_rate)
        income = (earnings + transfers) / (1.0 - housing_share)
        return {
            "income": income,
            "income_factor": (earnings + transfers) / earnings,
            "rents_received": housing_share * income,
            "public_money": jnp.zeros_like(income),
            "transfers": transfers,
            "claims": (),
        }


@dataclass(frozen=True)
class LabourForVariety:
    """Labour clears, w_i L_i = Σ_s β_s Y_is, where more jobs mean more varieties: w ← w (Σ β Y / (w L))^(1/(1+θ+ε(1−λθ))).

    The power is the local slope of supply (ε) and demand together; sales grow with jobs at λθ, which takes back most of what
    supply adds. It does not move the solution. One sector of goods made by labour (β = 1).
    """

    role: ClassVar[str] = "LabourMarket"
    writes: ClassVar[tuple[str, ...]] = ("wage",)

    def __call__(
        self,
        wage: jax.Array,
        jobs: jax.Array,
        sold: jax.Array,
        labour_share: jax.Array,
        trade_elasticity: jax.Array,
        density_elasticity: jax.Array,
        workplace_dispersion: jax.Array,
    ) -> dict[str, jax.Array]:
        theta = jnp.max(trade_elasticity)
        slope = 1.0 + theta + workplace_dispersion * (1.0 - jnp.max(density_elasticity) * theta)
        power = 1.0 / jnp.maximum(slope, 0.5 * (1.0 + theta))
        return {"wage": wage * (wage_bill(sold, labour_share) / (wage * jobs)) ** power}
