"""What governments take, and who spends it (model.md §4, "Government")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp


@dataclass(frozen=True)
class NoTaxes:
    """Governments keep accounts only: wages and rents are kept whole."""

    role: ClassVar[str] = "Government"
    writes: ClassVar[tuple[str, ...]] = ("wage_kept", "home_rent_kept", "work_rent_kept")

    def __call__(self, wage: jax.Array) -> dict[str, jax.Array]:
        whole = jnp.ones_like(wage)
        return {"wage_kept": wage, "home_rent_kept": whole, "work_rent_kept": whole}


@dataclass(frozen=True)
class Taxes:
    """Rates by place on value added t^v, earnings t^e and land t^l, levied where it is made.

    Wages kept (1 − t^v − t^e) w, home rents kept (1 − t^l), work rents kept (1 − t^l − t^v) [shares].
    """

    role: ClassVar[str] = "Government"
    writes: ClassVar[tuple[str, ...]] = ("wage_kept", "home_rent_kept", "work_rent_kept")

    def __call__(self, wage: jax.Array, tax_value_added: jax.Array, tax_earnings: jax.Array, tax_land: jax.Array) -> dict[str, jax.Array]:
        return {
            "wage_kept": (1.0 - tax_value_added - tax_earnings) * wage,
            "home_rent_kept": 1.0 - tax_land,
            "work_rent_kept": 1.0 - tax_land - tax_value_added,
        }
