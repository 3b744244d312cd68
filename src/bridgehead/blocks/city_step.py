"""How far to follow a pass of the city: each block's own response to its own prices and crowds, solved in closed form.

With ε near 7 a block's floor price falls when it is too high by 1.7 to 1.9 times as much as it should, and amenities feed on
themselves with ε η near 1: a plain pass overshoots, and a pass damped by a half is slow in dense cities and cycles in coarse ones.
The part of the Jacobian that is the block's own is known exactly, and (I − D)⁻¹ of it is two equations a block. The solution is
not moved, for a step of nothing stays nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

LEAST_DETERMINANT = 0.1
LEAST_SLOPE = 0.1


def log_ratio(new: jax.Array, old: jax.Array) -> jax.Array:
    """log(new / old), 0 where there is no such activity."""
    present = (new > 0) & (old > 0)
    return jnp.where(present, jnp.log(jnp.where(present, new, 1.0) / jnp.where(present, old, 1.0)), 0.0)


def own_step(step: dict[str, jax.Array], own: dict[str, jax.Array], share: dict[str, jax.Array]) -> tuple[jax.Array, jax.Array]:
    """(w, ρ) [block], the changes of log wage and log home draw at which each block's own three markets meet, others held.

    step: f of `jobs`, `residents`, `price` in logs. With m, r, q the steps sought and D a block's own derivatives,
    m = f_m + ε w + s_RM ρ,  r = f_r + ρ + s_MR ε w,  q = f_q + c_w w + c_ρ ρ,
    w = a m − k q,  ρ = b r − h q: two equations in w and ρ. Where the determinant is small they are 0:
    the pass is followed as it is.
    """
    a, k, b, h, eps = own["a"], own["k"], own["b"], own["h"], own["eps"]
    pay, draw = share["price_by_wage"], share["price_by_draw"]
    m11 = 1.0 - a * eps + k * pay
    m12 = k * draw - a * share["workers_at_home"]
    m21 = h * pay - b * share["residents_at_work"] * eps
    m22 = 1.0 - b + h * draw
    right1 = a * step["jobs"] - k * step["price"]
    right2 = b * step["residents"] - h * step["price"]
    determinant = m11 * m22 - m12 * m21
    safe = (determinant > LEAST_DETERMINANT) & (m11 > 0) & (m22 > 0)
    scale = jnp.where(safe, 1.0 / jnp.where(safe, determinant, 1.0), 0.0)
    return scale * (m22 * right1 - m12 * right2), scale * (m11 * right2 - m21 * right1)


def population_slope(given: dict[str, Any]) -> tuple[jax.Array, jax.Array]:
    """(−dlog Φ / dlog H, dlog Q / dlog H) when the whole city grows in proportion: how strongly crowding ends growth.

    From q̂ = ŵ + 1 and ŵ = λ/α − k q̂ with k = (1−α)/α; Φ moves by ε (ŵ + η − (1−β) q̂).
    """
    alpha, eps = given["labour_share"], given["workplace_dispersion"]
    made, lived = given.get("density_elasticity", 0.0), given.get("amenity_density", 0.0)
    price = alpha + made
    return eps * (given["housing_share"] * price - (price - 1.0) - lived), price


@dataclass(frozen=True)
class OwnResponse:
    """The closing of a city: every step divided by the block's own response, population's by the whole city's."""

    def __call__(self, update: dict[str, jax.Array], state: dict[str, jax.Array], given: dict) -> dict[str, jax.Array]:
        step = {
            "price": log_ratio(update["floor_price"], state["floor_price"]),
            "jobs": _step(update, state, "jobs"),
            "residents": _step(update, state, "residents"),
        }
        own, share = _own(state, given), _shares(state, given)
        wage, draw = own_step(step, own, share)
        new = {
            "floor_price": step["price"] + share["price_by_wage"] * wage + share["price_by_draw"] * draw,
            "jobs": step["jobs"] + own["eps"] * wage + share["workers_at_home"] * draw,
            "residents": step["residents"] + draw + share["residents_at_work"] * own["eps"] * wage,
        }
        if "population" in update:
            slope, price = population_slope(given)
            growth = jnp.log(update["population"] / state["population"]) / jnp.maximum(slope, LEAST_SLOPE)
            new = {name: value + growth * (price if name == "floor_price" else 1.0) for name, value in new.items()}
            new["population"] = growth
        return {name: state[name] * jnp.exp(new[name]) for name in update}


def _step(update: dict, state: dict, name: str) -> jax.Array:
    return log_ratio(update[name], state[name]) if name in update else jnp.zeros_like(state["floor_price"])


def _own(state: dict, given: dict) -> dict[str, jax.Array]:
    """What a block's wage and draw owe to its own jobs, residents and price; 0 where there is no such activity."""
    alpha, eps = given["labour_share"], given["workplace_dispersion"]
    works = (state["productivity"] > 0).astype(state["wage"].dtype)
    lives = (state["amenity"] > 0).astype(state["wage"].dtype)
    return {
        "a": works * given.get("density_elasticity", 0.0) * state["productivity_own_share"] / alpha,
        "k": works * (1.0 - alpha) / alpha,
        "b": lives * eps * given.get("amenity_density", 0.0) * state["amenity_own_share"],
        "h": lives * eps * given["housing_share"],
        "eps": eps,
    }


def _shares(state: dict, given: dict) -> dict[str, jax.Array]:
    """What jobs, residents and floor spending of a block owe to those who both live and work in it."""
    eps, work, at_home = given["workplace_dispersion"], state["work_share"], state["workers_at_home"]
    return {
        "workers_at_home": at_home,
        "residents_at_work": state["residents_at_work"],
        "price_by_wage": (1.0 + eps) * (work + (1.0 - work) * state["earnings_at_home"]),
        "price_by_draw": work * at_home + (1.0 - work),
    }
