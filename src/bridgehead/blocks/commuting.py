"""Where people work, given where they live (model.md §4, "Households"; ARSW 2015 eq. 4; MRRH 2018 eq. 10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax

from bridgehead.kernels import Kernel


def workplace_attraction(wage_kept: jax.Array, workplace_size: jax.Array, workplace_dispersion: jax.Array) -> jax.Array:
    """e_i w_i^ε [work]; wage_kept w [money a person and year, after taxes], workplace_size e [1], dispersion ε [1]."""
    return workplace_size * wage_kept**workplace_dispersion


@dataclass(frozen=True)
class Commuting:
    """Workplace choice from home n with Fréchet tastes.

    access      W_n = (Σ_i K_ni e_i w_i^ε)^(1/ε)
    commuters   C_ni = R_n K_ni e_i w_i^ε / W_n^ε,  jobs L_i = Σ_n C_ni
    earnings    E_n = Σ_i C_ni w_i, with w the wage kept after taxes [million money a year]
    """

    role: ClassVar[str] = "Commuting"
    writes: ClassVar[tuple[str, ...]] = ("access", "jobs", "earnings")

    def __call__(
        self,
        commuting: Kernel,
        residents: jax.Array,
        wage_kept: jax.Array,
        workplace_size: jax.Array,
        workplace_dispersion: jax.Array,
    ) -> dict[str, jax.Array]:
        attraction = workplace_attraction(wage_kept, workplace_size, workplace_dispersion)
        reach = commuting.apply(attraction)
        return {
            "access": reach ** (1.0 / workplace_dispersion),
            "jobs": attraction * commuting.apply_transpose(residents / reach),
            "earnings": residents * commuting.apply(attraction * wage_kept) / reach,
        }
