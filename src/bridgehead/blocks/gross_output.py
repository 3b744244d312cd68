"""Productivity of gross output, as multi-sector trade models have it (Caliendo & Parro 2015; Tombe & Zhu 2019)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax


def of_value_added(gross: jax.Array, labour_share: jax.Array, floor_share: jax.Array) -> jax.Array:
    """A^(1/(β+γ)) [place, sector]: the productivity of value added that lowers unit cost as much as A of gross output does."""
    return gross ** (1.0 / (labour_share + floor_share))


@dataclass(frozen=True)
class GrossProductivity:
    """c_is = w^β q^γ Π P^ω / A_is: productivity to the power 1, without density or ideas; 0 where the sector is absent."""

    role: ClassVar[str] = "Productivity"
    writes: ClassVar[tuple[str, ...]] = ("productivity",)

    def __call__(self, productivity_fundamental: jax.Array, labour_share: jax.Array, floor_share: jax.Array) -> dict[str, jax.Array]:
        return {"productivity": of_value_added(productivity_fundamental, labour_share, floor_share)}
