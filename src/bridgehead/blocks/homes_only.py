"""Floor space for homes alone: supply on the nominal or on the deflated price, or no land at all (MRRH 2018; AA 2014)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from bridgehead.blocks.floor_space import market_rent

_WRITES = ("rent_home", "rent_work", "floor_home", "floor_work")


def _homes(spending: jax.Array, rent: jax.Array) -> dict[str, jax.Array]:
    return {
        "rent_home": rent,
        "rent_work": jnp.ones_like(rent),
        "floor_home": spending / rent,
        "floor_work": jnp.zeros_like(rent),
    }


@dataclass(frozen=True)
class DeflatedHomes:
    """Homes supplied on the price deflated by the place's consumer price, h = h̄ (r / P)^η, as in the regional model."""

    role: ClassVar[str] = "FloorSpace"
    writes: ClassVar[tuple[str, ...]] = _WRITES

    def __call__(
        self,
        income: jax.Array,
        consumer_price: jax.Array,
        housing_share: jax.Array,
        home_supply: jax.Array,
        home_supply_elasticity: jax.Array,
    ) -> dict[str, jax.Array]:
        spending = housing_share * income
        return _homes(spending, market_rent(spending, consumer_price, home_supply, home_supply_elasticity))


@dataclass(frozen=True)
class NominalHomes:
    """Homes supplied on the nominal price, h = h̄ r^η, as published (Seidel & Wickerath 2020).

    Real outcomes then depend on the unit in which prices are counted: whoever shows them names the numeraire.
    """

    role: ClassVar[str] = "FloorSpace"
    writes: ClassVar[tuple[str, ...]] = _WRITES

    def __call__(
        self, income: jax.Array, housing_share: jax.Array, home_supply: jax.Array, home_supply_elasticity: jax.Array
    ) -> dict[str, jax.Array]:
        spending = housing_share * income
        unit = jnp.ones_like(spending)
        return _homes(spending, market_rent(spending, unit, home_supply, home_supply_elasticity))


@dataclass(frozen=True)
class NoLand:
    """Nobody needs floor space (α_H = γ = 0): rents stand at 1 and weigh nothing."""

    role: ClassVar[str] = "FloorSpace"
    writes: ClassVar[tuple[str, ...]] = _WRITES

    def __call__(self, income: jax.Array) -> dict[str, jax.Array]:
        return _homes(jnp.zeros_like(income), jnp.ones_like(income))
