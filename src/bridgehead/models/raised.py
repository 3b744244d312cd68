"""The productivity that raises value added by given shares, found together with the economy: one fixed point, no search around solves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import jax
import jax.numpy as jnp
import numpy as np

from bridgehead.kernels import plain
from bridgehead.models.engine import Engine
from bridgehead.models.equilibrium import Equilibrium
from bridgehead.solve import anderson_many

SLOPE = 3.0
"""About d log value added / d log productivity: labour follows productivity, so value added rises by more than it."""


def real_value_added(state: Mapping[str, Any], given: Mapping[str, Any], price: Any) -> Any:
    """G_i = Σ_s (β_s + γ_s) Y_is · P_i⁰ / P_i (model.md §10) [place], money of the baseline; `price` is P⁰ [place]."""
    share = plain(given["labour_share"]) + plain(given["floor_share"])
    return state["output"] @ share * price / state["consumer_price"]


def raise_value_added(
    equilibrium: Equilibrium, given: Mapping[str, Any], where: np.ndarray, target: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(log multipliers [case, place], logs of the unknowns [case, size]) of several cases, each by itself.

    where [case, place, sector]: the entries of productivity that move, by a common factor a place; target [case, place]: by how much
    the log of the place's real value added is to rise, NaN elsewhere. x = F(x, m) and m ← m + (target − Δ log G) / slope are one
    fixed point. What is found is not certified: the caller solves at it and looks.
    """
    engine = equilibrium.engine
    folded = engine.fold(engine.select(given))
    price = jnp.asarray(equilibrium.state["consumer_price"])
    base = real_value_added(equilibrium.state, given, np.asarray(price))
    first = np.where(np.isfinite(target), target, 0.0) / SLOPE
    start = np.concatenate([np.tile(equilibrium.x, (len(where), 1)), first], axis=1)
    found, _ = _compiled(engine)(jnp.asarray(start), folded, jnp.asarray(where), jnp.asarray(target), price, jnp.asarray(base))
    return np.asarray(found)[:, equilibrium.x.size :], np.asarray(found)[:, : equilibrium.x.size]


_COMPILED: WeakKeyDictionary[Engine, Any] = WeakKeyDictionary()


def _compiled(engine: Engine) -> Any:
    """The joint iteration of an engine, compiled once."""
    if engine not in _COMPILED:
        size = engine.layout.size

        def run(start: jax.Array, given: dict, where: jax.Array, target: jax.Array, price: jax.Array, base: jax.Array) -> Any:
            def pass_once(y: jax.Array, where: jax.Array, target: jax.Array) -> jax.Array:
                x, multiplier = y[:size], y[size:]
                factor = jnp.where(where, jnp.exp(multiplier)[:, None], 1.0)
                moved = {**given, "productivity_fundamental": given["productivity_fundamental"] * factor}
                state, new = engine.model.pass_once(moved, engine.layout.unpack(x))
                asked = jnp.isfinite(target)
                missing = jnp.where(asked, target, 0.0) - jnp.log(real_value_added(state, given, price) / base)
                return jnp.concatenate([engine.layout.pack(new), multiplier + jnp.where(asked, missing / SLOPE, 0.0)])

            return anderson_many(lambda y: jax.vmap(pass_once)(y, where, target), start, engine.method)

        _COMPILED[engine] = jax.jit(run)
    return _COMPILED[engine]
