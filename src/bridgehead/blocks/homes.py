"""Where people live (model.md §4, "Households")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from bridgehead.blocks.density import density_factor
from bridgehead.kernels import Kernel


def living_value(
    amenity: jax.Array,
    access: jax.Array,
    income_factor: jax.Array,
    consumer_price: jax.Array,
    rent_home: jax.Array,
    housing_share: jax.Array,
) -> jax.Array:
    """V_n = b_n W_n y_n / (P_n^(1−α_H) r_n^α_H) [only ratios mean anything]."""
    cost_of_living = consumer_price ** (1.0 - housing_share) * rent_home**housing_share
    return amenity * access * income_factor / cost_of_living


def chosen_homes(kept: jax.Array, value: jax.Array, dispersion: jax.Array, origin_people: jax.Array) -> tuple[jax.Array, jax.Array]:
    """People who choose freely [origin, place], M_g D_gn V_n^ν / Σ_m D_gm V_m^ν, and what that is worth to them, (Σ_n D_gn V_n^ν)^(1/ν).

    kept D^(1/ν) [origin, place], 0 where nobody of g may live; value V [place]; dispersion ν; origin_people M [origin].
    """
    scale = jnp.max(value)
    weight = kept**dispersion * (value / scale) ** dispersion
    total = jnp.sum(weight, axis=1)
    return weight * (origin_people / total)[:, None], scale * total ** (1.0 / dispersion)


@dataclass(frozen=True)
class Homes:
    """Home choice of people by origin g.

    amenity     b_n = b̄_n (Σ_j S^b_nj R_j / land_n)^λ_b, outside b_n = b̄_n
    people      R_gn = M_g D_gn V_n^ν / Σ_m D_gm V_m^ν, with D = (share of real income kept)^ν
    welfare     U_g = (Σ_n D_gn V_n^ν)^(1/ν), only as a ratio to the baseline
    """

    role: ClassVar[str] = "Homes"
    writes: ClassVar[tuple[str, ...]] = ("amenity", "value", "people", "residents", "welfare")

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
    ) -> dict[str, jax.Array]:
        crowd = density_factor(amenity_spillover.apply(residents), land_km2, inside, amenity_density)
        amenity = amenity_fundamental * crowd
        value = living_value(amenity, access, income_factor, consumer_price, rent_home, housing_share)
        people, welfare = chosen_homes(migration_kept, value, home_dispersion, origin_people)
        residents = jnp.sum(people, axis=0)
        return {"amenity": amenity, "value": value, "people": people, "residents": residents, "welfare": welfare}
