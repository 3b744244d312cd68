"""Derivatives of outcomes with respect to fundamentals, by the implicit function theorem (model.md §10, shadow prices).

With x = F(x, g) and an outcome y(state(x, g), g):  dy/dg = ∂y/∂g + ((I − J′)⁻¹ ∂y/∂x)′ ∂F/∂g. One solve with the transpose gives
the derivative with respect to every fundamental at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import jax
import jax.numpy as jnp
import numpy as np

from bridgehead.errors import Fault, ModelError, SolveError
from bridgehead.models.engine import CLOSING_READS, Engine, fold
from bridgehead.models.equilibrium import DENSE_LIMIT, WHOLE_LIMIT, Equilibrium

EXACT_ENOUGH = 1e-8
"""Largest part of the right side that the transposed solve may miss."""

Outcome = Callable[[Mapping[str, Any], Mapping[str, Any]], jax.Array]


def gradient(equilibrium: Equilibrium, outcome: Outcome, names: Sequence[str] = ("home_supply", "work_supply")) -> dict[str, Any]:
    """d outcome / d fundamental for each of `names`, at a certified equilibrium.

    outcome(state, given) is a scalar JAX function. An array name gives an array of its shape; a kernel name gives a kernel whose
    matrix and passages are the derivatives. The solution's accuracy is that of the transposed solve, 1e-10 relative.
    """
    equilibrium.require()
    engine, given = equilibrium.engine, equilibrium.given
    unknown = [name for name in names if name not in given]
    if unknown:
        raise ModelError(f"no fundamental is called {unknown}; there are {sorted(given)}")
    chosen = {name: given[name] for name in names}
    rest = {name: given[name] for name in _read_by(engine, given) if name not in chosen}
    x = jnp.asarray(equilibrium.x)
    state = {name: jnp.asarray(value) for name, value in equilibrium.state.items()}
    by_state, by_given = _outcome_slopes(outcome)(state, chosen, rest)
    state_back, update_back = _pullbacks(engine)
    from_x, direct = state_back(x, chosen, rest, by_state)
    adjoint = _transposed_solve(engine, x, engine.fold({**rest, **chosen}), np.asarray(from_x))
    _, through = update_back(x, chosen, rest, jnp.asarray(adjoint))
    return {name: _add(by_given[name], direct[name], through[name]) for name in names}


def _read_by(engine: Engine, given: Mapping[str, Any]) -> list[str]:
    names = {*engine.model.reads_given, *CLOSING_READS}
    return sorted(name for name in names if name in given)


def _pullbacks(engine: Engine) -> tuple[Any, Any]:
    """Compiled pullbacks of the state and of the map: (x, chosen, rest, cotangent) -> (by x, by chosen)."""
    if not hasattr(engine, "_pullbacks"):

        def state(x: jax.Array, chosen: Mapping, rest: Mapping) -> dict[str, jax.Array]:
            found = engine.state(x, fold({**rest, **chosen}))
            return {name: value for name, value in found.items() if name != "claims"}

        def update(x: jax.Array, chosen: Mapping, rest: Mapping) -> jax.Array:
            return engine.update(x, fold({**rest, **chosen}))

        def back(function: Any) -> Any:
            return jax.jit(lambda x, chosen, rest, u: jax.vjp(lambda y, c: function(y, c, rest), x, chosen)[1](u))

        object.__setattr__(engine, "_pullbacks", (back(state), back(update)))
    return engine._pullbacks


def _transposed_solve(engine: Engine, x: jax.Array, folded: Mapping[str, Any], right: np.ndarray) -> np.ndarray:
    """(I − J′)⁻¹ right; SolveError where it cannot be found, for a wrong derivative looks like any other."""
    if x.size <= DENSE_LIMIT:
        jacobian = np.asarray(engine.run_jacobian(x, folded))
        return np.linalg.solve(np.eye(x.size) - jacobian.T, right)
    found, missed = engine.run_shifted_transpose(x, jnp.asarray(right), folded, 1e-11)
    if missed <= EXACT_ENOUGH:
        return np.asarray(found)
    factored = engine.factored(np.asarray(x), folded) if x.size <= WHOLE_LIMIT else None
    if factored is None or factored.singular:
        fault = Fault(f"the transposed system is met but for {missed:.1e} of its right side", expected=f"{EXACT_ENOUGH:.0e} at most")
        raise SolveError("the derivative of the outcome cannot be computed at this equilibrium", [fault])
    return factored.solve_transposed(right)


_SLOPES: WeakKeyDictionary[Outcome, Any] = WeakKeyDictionary()


def _outcome_slopes(outcome: Outcome) -> Any:
    """Compiled direct derivatives of an outcome by state and by the chosen fundamentals: once a function."""
    if outcome not in _SLOPES:

        def value(state: Mapping, chosen: Mapping, rest: Mapping) -> jax.Array:
            return outcome(state, {**rest, **chosen})

        _SLOPES[outcome] = jax.jit(jax.grad(value, argnums=(0, 1), allow_int=True))
    return _SLOPES[outcome]


def _add(*parts: Any) -> Any:
    """Sum of pytrees; leaves without a derivative (integers) become zeros."""

    def total(*leaves: Any) -> np.ndarray:
        real = [np.asarray(leaf) for leaf in leaves if getattr(leaf, "dtype", None) != jax.dtypes.float0]
        return sum(real) if real else np.zeros(np.shape(leaves[0]))

    return jax.tree_util.tree_map(total, *parts)
