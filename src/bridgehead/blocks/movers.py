"""Where people live when only some of them may move this period (model.md §5, "movers")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from bridgehead.blocks.density import density_factor
from bridgehead.blocks.homes import Homes, chosen_homes, living_value
from bridgehead.kernels import Kernel


def stay_value(value: jax.Array, outlook: jax.Array, patience: jax.Array) -> jax.Array:
    """V̄_n = V_n^(1−b) O_n^b [place]: what a home is worth over a stay; O_n is V̄_n of the next period, b the weight of the future."""
    return value ** (1.0 - patience) * outlook**patience


@dataclass(frozen=True)
class MovingHomes:
    """Home choice with a share m free to move this period (Calvo), who look at a whole stay; m = 1 and b = 0 is `Homes`.

    people      R_gn = (1 − m) R_gn,−1 + m M_g D̄_gn V̄_n^ν / Σ_m D̄_gm V̄_m^ν,   V̄_n = V_n^(1−b) O_n^b

    people_before R_gn,−1 [origin, place] persons, their sums M_g; mover_share m, 0 < m ≤ 1; patience b, 0 ≤ b < 1; outlook O_n, V̄_n of
    the next period [place]; migration_kept_ahead D̄^(1/ν) [origin, place], kept income over a stay likewise. With b = 0 neither
    enters. `welfare` is what the choice is worth to those who are free to move, (Σ_n D̄_gn V̄_n^ν)^(1/ν).
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
        home_dispersion: jax.Array,
        housing_share: jax.Array,
        people_before: jax.Array,
        mover_share: jax.Array,
        patience: jax.Array,
        outlook: jax.Array,
        migration_kept_ahead: jax.Array,
    ) -> dict[str, jax.Array]:
        crowd = density_factor(amenity_spillover.apply(residents), land_km2, inside, amenity_density)
        amenity = amenity_fundamental * crowd
        value = living_value(amenity, access, income_factor, consumer_price, rent_home, housing_share)
        stay = stay_value(value, outlook, patience)
        free, welfare = chosen_homes(migration_kept_ahead, stay, home_dispersion, origin_people)
        people = (1.0 - mover_share) * people_before + mover_share * free
        return {
            "amenity": amenity,
            "value": value,
            "people": people,
            "residents": jnp.sum(people, axis=0),
            "welfare": welfare,
            "people_free": free,
        }
