"""Where labour is worth what (model.md §4, "Labour clears" and "Map")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax


def wage_bill(output: jax.Array, labour_share: jax.Array) -> jax.Array:
    """Σ_s β_s Y_is [money a year] by place: what firms pay for labour."""
    return output @ labour_share


@dataclass(frozen=True)
class LabourMarket:
    """Labour clears, w_i L_i = Σ_s β_s Y_is. As a step of the map: w ← w (Σ β Y / (w L))^(1/(1+ε+θβ)).

    The power is the local slope of supply (ε) and demand (θβ) together; it does not move the solution. `sold` is output as it was sold in this pass.
    """

    role: ClassVar[str] = "LabourMarket"
    writes: ClassVar[tuple[str, ...]] = ("wage",)

    def __call__(
        self,
        wage: jax.Array,
        jobs: jax.Array,
        sold: jax.Array,
        labour_share: jax.Array,
        trade_elasticity: jax.Array,
        workplace_dispersion: jax.Array,
    ) -> dict[str, jax.Array]:
        bill = wage_bill(sold, labour_share)
        slope = wage_bill(sold, labour_share * labour_share * trade_elasticity) / bill
        power = 1.0 / (1.0 + workplace_dispersion + slope)
        return {"wage": wage * (bill / (wage * jobs)) ** power}
