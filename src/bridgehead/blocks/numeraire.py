"""The unit of account, and the balance of nearly separate blocks of places (model.md §4 "Map", §8 trap i)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from bridgehead.blocks.commuting import workplace_attraction
from bridgehead.kernels import Kernel


def _across(amount: jax.Array, earnings: jax.Array, sets: jax.Array, blocks: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Money that sets of places send across blocks when their `amount` is shared by earnings: (received, paid) [block]."""
    weights = sets @ earnings
    weights = jnp.where(weights > 0, weights, 1.0)

    def one(block: jax.Array) -> tuple[jax.Array, jax.Array]:
        other = 1.0 - block
        received = jnp.sum((sets @ (earnings * block)) / weights * (sets @ (amount * other)))
        paid = jnp.sum((sets @ (earnings * other)) / weights * (sets @ (amount * block)))
        return received, paid

    return jax.vmap(one)(blocks)


def goods_across(trade: Kernel, strength: jax.Array, demand: jax.Array, blocks: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Goods sold to and bought from other blocks (received, paid) [block], from the flows that cross alone.

    strength c^(−θ) and demand X P^θ [place, sector]. Sums over what crosses are never differences of totals, so a trickle of 1e-9
    keeps all its digits.
    """

    def one(block: jax.Array) -> tuple[jax.Array, jax.Array]:
        other = 1.0 - block
        sold = jnp.sum((strength * block[:, None]) * trade.apply_transpose((demand * other[:, None]).T).T)
        bought = jnp.sum((demand * block[:, None]) * trade.apply((strength * other[:, None]).T).T)
        return sold, bought

    return jax.vmap(one)(blocks)


def earnings_across(
    commuting: Kernel, residents: jax.Array, attraction: jax.Array, wage_kept: jax.Array, blocks: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """Earnings that commuters bring home from other blocks, and carry away to them (received, paid) [block]."""
    at_home = residents / commuting.apply(attraction)
    paid_here = attraction * wage_kept

    def one(block: jax.Array) -> tuple[jax.Array, jax.Array]:
        other = 1.0 - block
        received = jnp.sum(at_home * block * commuting.apply(paid_here * other))
        paid = jnp.sum(at_home * other * commuting.apply(paid_here * block))
        return received, paid

    return jax.vmap(one)(blocks)


@dataclass(frozen=True)
class NoBalance:
    """One economy: no block of places needs a balance of its own."""

    role: ClassVar[str] = "Balance"
    writes: ClassVar[tuple[str, ...]] = ("block_shift",)

    def __call__(self, wage: jax.Array) -> dict[str, jax.Array]:
        return {"block_shift": jnp.zeros_like(wage)}


@dataclass(frozen=True)
class BlockBalance:
    """Balance of payments of blocks of places that a border has nearly cut off from each other.

    When 1e-9 of trade is left, the relative wage of two sides is pinned by that trickle alone. Each pass moves all nominal
    names of a block by log(received / paid) / (2θ), with received and paid from the flows that cross alone: goods, commuters'
    earnings, transfers, and what is shared by earnings over a set of places (rents, public money).
    """

    role: ClassVar[str] = "Balance"
    writes: ClassVar[tuple[str, ...]] = ("block_shift", "block_received", "block_paid", "block_goods")

    def __call__(
        self,
        trade: Kernel,
        commuting: Kernel,
        blocks: jax.Array,
        unit_cost: jax.Array,
        price_index: jax.Array,
        spending: jax.Array,
        earnings: jax.Array,
        transfers: jax.Array,
        claims: tuple,
        residents: jax.Array,
        wage_kept: jax.Array,
        workplace_size: jax.Array,
        workplace_dispersion: jax.Array,
        trade_elasticity: jax.Array,
    ) -> dict[str, jax.Array]:
        finite = jnp.isfinite(unit_cost)
        strength = jnp.where(finite, jnp.where(finite, unit_cost, 1.0) ** (-trade_elasticity), 0.0)
        goods = goods_across(trade, strength, spending * price_index**trade_elasticity, blocks)
        attraction = workplace_attraction(wage_kept, workplace_size, workplace_dispersion)
        people = earnings_across(commuting, residents, attraction, wage_kept, blocks)
        received, paid = goods[0] + people[0], goods[1] + people[1]
        for amount, sets in claims:
            shared = _across(amount, earnings, sets, blocks)
            received, paid = received + shared[0], paid + shared[1]
        net = blocks @ transfers
        received = received + jnp.maximum(net, 0.0)
        paid = paid + jnp.maximum(-net, 0.0)
        step = jnp.log(received / paid) / (2.0 * jnp.max(trade_elasticity))
        return {
            "block_shift": step @ blocks,
            "block_received": received,
            "block_paid": paid,
            "block_goods": goods[0] + goods[1],
        }


@dataclass(frozen=True)
class InsideWageBill:
    """Numeraire: Σ w L over inside places stays at its value in the data.

    The new guesses of all nominal names (wage, price index, output) are moved by the block balance and rescaled to it, output
    also to Σ β Y = Σ w L. Walras's law makes the rescaling exact at the solution.
    """

    def __call__(self, update: dict[str, jax.Array], state: dict[str, jax.Array], given: dict) -> dict[str, jax.Array]:
        shift = jnp.exp(state["block_shift"])
        wage = update["wage"] * shift
        scale = given["inside_wage_bill"] / jnp.sum(given["inside"] * wage * state["jobs"])
        wage = wage * scale
        output = update["output"] * shift[:, None]
        bill = jnp.sum(output @ given["labour_share"])
        return {
            **update,
            "wage": wage,
            "price_index": update["price_index"] * (shift * scale)[:, None],
            "output": output * (jnp.sum(wage * state["jobs"]) / bill),
        }
