"""How productive places are (model.md §4, "Firms")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from bridgehead.blocks.density import density_factor
from bridgehead.kernels import Kernel


def unit_cost(
    wage: jax.Array,
    rent_work: jax.Array,
    price_index: jax.Array,
    productivity: jax.Array,
    labour_share: jax.Array,
    floor_share: jax.Array,
    input_share: jax.Array,
) -> jax.Array:
    """c_is = w_i^β_s q_i^γ_s Π_k P_ik^ω_ks / A_is^(β_s+γ_s) [place, sector]; A multiplies value added.

    wage, rent_work [place]; price_index P [place, sector]; productivity A [place, sector] > 0; shares of gross output
    β, γ [sector] and ω [input, user].
    """
    log_cost = (
        jnp.log(wage)[:, None] * labour_share
        + jnp.log(rent_work)[:, None] * floor_share
        + jnp.log(price_index) @ input_share
        - jnp.log(productivity) * (labour_share + floor_share)
    )
    return jnp.exp(log_cost)


@dataclass(frozen=True)
class Productivity:
    """A_is = a_is (Σ_j S_ij L_j / land_i)^λ_s inside, A = a outside; a = ā where no research is given."""

    role: ClassVar[str] = "Productivity"
    writes: ClassVar[tuple[str, ...]] = ("productivity",)

    def __call__(
        self,
        spillover: Kernel,
        jobs: jax.Array,
        productivity_fundamental: jax.Array,
        density_elasticity: jax.Array,
        land_km2: jax.Array,
        inside: jax.Array,
    ) -> dict[str, jax.Array]:
        crowd = density_factor(spillover.apply(jobs), land_km2, inside, density_elasticity)
        return {"productivity": productivity_fundamental * crowd}


@dataclass(frozen=True)
class ProductivityWithIdeas:
    """As `Productivity`, with knowledge: a_is = ā_is Z_i^χ, Z_i = Σ_j N_ij RD_j; abroad a = ā.

    research RD is spending on research [money a year]; `learns` [place] is 0 abroad. Only ratios of Z mean anything.
    """

    role: ClassVar[str] = "Productivity"
    writes: ClassVar[tuple[str, ...]] = ("productivity", "knowledge_stock")

    def __call__(
        self,
        spillover: Kernel,
        knowledge: Kernel,
        jobs: jax.Array,
        research: jax.Array,
        learns: jax.Array,
        productivity_fundamental: jax.Array,
        density_elasticity: jax.Array,
        research_elasticity: jax.Array,
        land_km2: jax.Array,
        inside: jax.Array,
    ) -> dict[str, jax.Array]:
        stock = knowledge.apply(research)
        ideas = jnp.where(learns > 0, stock, 1.0) ** research_elasticity
        crowd = density_factor(spillover.apply(jobs), land_km2, inside, density_elasticity)
        return {"productivity": productivity_fundamental * ideas[:, None] * crowd, "knowledge_stock": stock}
