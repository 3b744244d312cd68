"""Where people live when only some of them may move this period (model.md §5, "movers")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from bridgehead.blocks.homes import Homes
from bridgehead.kernels import Kernel


@dataclass(frozen=True)
class MovingHomes:
    """Home choice with a share m free to move this period (Calvo); m = 1 is `Homes`.

    people      R_gn = (1 − m) R_gn,−1 + m M_g D_gn V_n^ν / Σ_m D_gm V_m^ν

    people_before R_gn,−1 [origin, place] persons, their sums M_g; mover_share m, 0 < m ≤ 1. `welfare` is that of those who are free to move.
    """

    role: ClassVar[str] = "Homes"
    writes: ClassVar[tuple[str, ...]] = (*Homes.writes, "people_free")

    def __call__(
        self,
        amenity_spillover: Kernel,
        residents: jax.Array,
        access: jax.Array,
        income_factor: jax.Array,
        consumer_price: jax.Array,
        rent_home: jax.Array,
        amenity_fundamental: jax.Array,
        amenity_density: jax.Array,
        land_km2: jax.Array,
        inside: jax.Array,
        origin_people: jax.Array,
        migration_kept: jax.Array,
        home_dispersion: jax.Array,
        housing_share: jax.Array,
        people_before: jax.Array,
        mover_share: jax.Array,
    ) -> dict[str, jax.Array]:
        free = Homes()(
            amenity_spillover,
            residents,
            access,
            income_factor,
            consumer_price,
            rent_home,
            amenity_fundamental,
            amenity_density,
            land_km2,
            inside,
            origin_people,
            migration_kept,
            home_dispersion,
            housing_share,
        )
        people = (1.0 - mover_share) * people_before + mover_share * free["people"]
        return {**free, "people": people, "residents": jnp.sum(people, axis=0), "people_free": free["people"]}
