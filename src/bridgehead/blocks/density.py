"""How density raises productivity and amenity (model.md §4; ARSW 2015 eqs. 20-21)."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def density_factor(reached: jax.Array, land_km2: jax.Array, inside: jax.Array, elasticity: jax.Array) -> jax.Array:
    """(Σ_j S_nj x_j / land_n)^λ inside, 1 outside.

    reached = S x [people], land_km2 the official area [km2], inside [0 or 1], elasticity λ [1] or [sector], giving [place] or
    [place, sector].
    """
    density = jnp.where(inside > 0, reached / land_km2, 1.0)
    safe = jnp.where(density > 0, density, 1.0)
    if jnp.ndim(elasticity) == 0:
        return safe**elasticity
    return safe[:, None] ** elasticity[None, :]
