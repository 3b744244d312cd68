"""Homes and work floor space (model.md §4, "Floor space")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax

from bridgehead.blocks.income import work_rents


def market_rent(spending: jax.Array, consumer_price: jax.Array, supply: jax.Array, supply_elasticity: jax.Array) -> jax.Array:
    """The rent at which spending = r h̄ (r / P)^η: r = (spending · P^η / h̄)^(1/(1+η)).

    spending [money a year], consumer_price P [1], supply h̄ [floor space at r = P], supply_elasticity η [1].
    """
    return (spending * consumer_price**supply_elasticity / supply) ** (1.0 / (1.0 + supply_elasticity))


@dataclass(frozen=True)
class TwoMarkets:
    """Two floor-space markets a place, one for homes and one for work, with supply h = h̄ (r / P)^η each.

    Supply costs nothing, so all of r h and q h^c is rent; both are deflated by the place's consumer price.
    """

    role: ClassVar[str] = "FloorSpace"
    writes: ClassVar[tuple[str, ...]] = ("rent_home", "rent_work", "floor_home", "floor_work")

    def __call__(
        self,
        income: jax.Array,
        output: jax.Array,
        consumer_price: jax.Array,
        housing_share: jax.Array,
        floor_share: jax.Array,
        home_supply: jax.Array,
        work_supply: jax.Array,
        home_supply_elasticity: jax.Array,
        work_supply_elasticity: jax.Array,
    ) -> dict[str, jax.Array]:
        homes = housing_share * income
        work = work_rents(output, floor_share)
        rent_home = market_rent(homes, consumer_price, home_supply, home_supply_elasticity)
        rent_work = market_rent(work, consumer_price, work_supply, work_supply_elasticity)
        return {
            "rent_home": rent_home,
            "rent_work": rent_work,
            "floor_home": homes / rent_home,
            "floor_work": work / rent_work,
        }
