"""The literature's numeraire, for models that are cut at wages and residents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp


@dataclass(frozen=True)
class MeanWage:
    """Numeraire: the plain mean of wages over inside places is 1, whatever the places' sizes.

    The new guess of wages is moved by the block balance and rescaled; Walras's law makes the rescaling exact at the solution.
    `residents_step` is the power of R′/R by which the guess of residents moves, their sum kept: more residents raise rents and
    so send residents away again, with slope ν α_H / (1 + η), and 1 / (1 + slope) lands where the two meet. It does not move
    the solution. `wage_pull` is the power at which residents follow the move of wages in the same pass: where people are
    perfectly mobile the two are solved together, place by place, with access to other places held.
    """

    residents_step: float = 1.0
    wage_pull: float = 0.0

    def __call__(self, update: dict[str, jax.Array], state: dict[str, jax.Array], given: dict[str, Any]) -> dict[str, jax.Array]:
        wage = update["wage"] * jnp.exp(state["block_shift"])
        inside = given["inside"]
        wage = wage * (jnp.sum(inside) / jnp.sum(inside * wage))
        moved = state["residents"] * (update["residents"] / state["residents"]) ** self.residents_step
        moved = moved * (wage / state["wage"]) ** self.wage_pull
        return {
            **update,
            "wage": wage,
            "residents": moved * (jnp.sum(update["residents"]) / jnp.sum(moved)),
        }
