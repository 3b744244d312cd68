"""Goods and services between places (model.md §4, "Trade"; Eaton & Kortum 2002; Redding & Rossi-Hansberg 2017 eqs. 4-7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from bridgehead.blocks.production import unit_cost
from bridgehead.kernels import Kernel


def consumer_price(price_index: jax.Array, consumption_share: jax.Array) -> jax.Array:
    """P_n = Π_s P_ns^(α_s / (1 − α_H)): the weights are each place's own spending shares on goods, scaled to one."""
    weights = consumption_share / jnp.sum(consumption_share, axis=1, keepdims=True)
    return jnp.exp(jnp.sum(weights * jnp.log(price_index), axis=1))


def power(base: jax.Array, exponent: jax.Array) -> jax.Array:
    """base^exponent for base > 0, as exp(exponent log base): compiled, half the time of the general power."""
    return jnp.exp(exponent * jnp.log(base))


def sector_spending(income: jax.Array, output: jax.Array, consumption_share: jax.Array, input_share: jax.Array) -> jax.Array:
    """X_ns = α_s I_n + Σ_k ω_sk Y_nk [money a year], [place, sector]: final demand and inputs."""
    return consumption_share * income[:, None] + output @ input_share.T


def competitiveness(cost: jax.Array, present: jax.Array, trade_elasticity: jax.Array) -> jax.Array:
    """c_is^(−θ_s) [place, sector]; 0 where the sector is absent."""
    return jnp.where(present, power(cost, -trade_elasticity), 0.0)


def sector_price(trade: Kernel, strength: jax.Array, trade_elasticity: jax.Array) -> jax.Array:
    """P_ns = (Σ_i T_ni,s c_is^(−θ_s))^(−1/θ_s) [place, sector]; strength = c^(−θ)."""
    return power(trade.apply(strength.T).T, -1.0 / trade_elasticity)


def sales(trade: Kernel, strength: jax.Array, spending: jax.Array, prices: jax.Array, trade_elasticity: jax.Array) -> jax.Array:
    """Y_is = c_is^(−θ_s) Σ_n T_ni,s X_ns P_ns^θ_s [money a year], [place, sector]."""
    demand = spending * power(prices, trade_elasticity)
    return strength * trade.apply_transpose(demand.T).T


@dataclass(frozen=True)
class ConsumerPrice:
    """The price of the goods that people buy, from the prices of sectors."""

    role: ClassVar[str] = "ConsumerPrice"
    writes: ClassVar[tuple[str, ...]] = ("consumer_price",)

    def __call__(self, price_index: jax.Array, consumption_share: jax.Array) -> dict[str, jax.Array]:
        return {"consumer_price": consumer_price(price_index, consumption_share)}


@dataclass(frozen=True)
class GravityTrade:
    """Armington / Eaton–Kortum trade with intermediates.

    Unit costs depend on prices and prices on unit costs: `sweeps` rounds from the guess of the prices pay, because they cost
    one kernel application each and inputs are most of costs. `sold` is what the guess of output becomes: its value is the new
    guess, and labour is paid from it.
    """

    sweeps: int = 3
    role: ClassVar[str] = "Trade"
    writes: ClassVar[tuple[str, ...]] = ("unit_cost", "price_index", "spending", "sold", "output")

    def __call__(
        self,
        trade: Kernel,
        wage: jax.Array,
        rent_work: jax.Array,
        price_index: jax.Array,
        productivity: jax.Array,
        productivity_fundamental: jax.Array,
        income: jax.Array,
        output: jax.Array,
        labour_share: jax.Array,
        floor_share: jax.Array,
        input_share: jax.Array,
        consumption_share: jax.Array,
        trade_elasticity: jax.Array,
    ) -> dict[str, jax.Array]:
        present = productivity_fundamental > 0
        prices = price_index
        able = jnp.where(present, productivity, 1.0)
        for _ in range(self.sweeps):
            cost = unit_cost(wage, rent_work, prices, able, labour_share, floor_share, input_share)
            strength = competitiveness(cost, present, trade_elasticity)
            prices = sector_price(trade, strength, trade_elasticity)
        spending = sector_spending(income, output, consumption_share, input_share)
        sold = sales(trade, strength, spending, prices, trade_elasticity)
        return {
            "unit_cost": jnp.where(present, cost, jnp.inf),
            "price_index": prices,
            "spending": spending,
            "sold": sold,
            "output": sold,
        }
