"""Many scenarios of one baseline solved and certified together: each pass over a kernel serves all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import jax
import jax.numpy as jnp
import numpy as np
from jax.tree_util import Partial

from bridgehead.models.batch import Batch, Groups, assembled, batch_of, can_share
from bridgehead.models.derivatives import gradient
from bridgehead.models.engine import Engine
from bridgehead.models.equilibrium import MEASURED, Equilibrium, solve_from, stamped, worst_of
from bridgehead.models.identities import identities_by_products
from bridgehead.models.near import Near
from bridgehead.models.separation import one_economy
from bridgehead.solve import Anderson, Certificate, anderson_many, judge

LINEAR = Anderson(memory=10, tolerance=1e-2, largest_step=1e300, max_steps=200)
"""How the distance left is found: the largest residual is a hundredth of the gap."""


@dataclass(frozen=True, eq=False)
class Together:
    """The compiled functions of an engine over a batch of members; each pass over a kernel serves all of them."""

    engine: Engine

    def update(self, shared: Mapping[str, Any], own: Mapping[str, Any]) -> Any:
        """F of all members: [member, size] -> [member, size]."""
        return lambda x: jax.vmap(lambda x, own: self.engine.update(x, assembled(shared, own)))(x, own)

    @cached_property
    def run_solve(self) -> Any:
        """Compiled: (start [member, size], shared, own, near) -> (x, evaluations [member]); one that has arrived stays where it is."""

        def solve(start: jax.Array, shared: Mapping[str, Any], own: Mapping[str, Any], near: Near | None) -> tuple[jax.Array, jax.Array]:
            return anderson_many(self.update(shared, own), start, shorter(self.engine.method, near), near)

        return jax.jit(solve)

    @cached_property
    def run_check(self) -> Any:
        """Compiled, what a certificate is made of: (x, shared, own, near) -> (gap, distance left, state, identities)."""

        def finish(x: jax.Array, given: Mapping[str, Any]) -> tuple[dict, dict]:
            state = self.engine.state(x, given)
            return {name: value for name, value in state.items() if name != "claims"}, identities_by_products(given, state)

        def check(x: jax.Array, shared: Mapping[str, Any], own: Mapping[str, Any], near: Near | None) -> tuple[Any, Any, dict, dict]:
            after, product = jax.linearize(self.update(shared, own), x)
            left = measured(product, after - x, linear_many(product, after - x, LINEAR, near=near))
            return after - x, left, *jax.vmap(lambda x, own: finish(x, assembled(shared, own)))(x, own)

        return jax.jit(check)

    def run_slopes(self, method: Anderson) -> Any:
        """Compiled: (x, shared, own, chosen, d outcome / d state, start, near) -> (adjoint λ, d outcome / d chosen by name, what λ misses of
        its right-hand side as a share of its largest entry), all [member, …].

        λ = (I − J′)⁻¹ (∂state/∂x)′ y_state; dy/dg = (∂state/∂g)′ y_state + (∂F/∂g)′ λ.
        """
        if method not in self._slopes:
            self._slopes[method] = jax.jit(lambda *arguments: self._slope(method, *arguments))
        return self._slopes[method]

    @cached_property
    def _slopes(self) -> dict[Any, Any]:
        return {}

    def _slope(self, method: Anderson, x: Any, shared: Any, own: Any, chosen: Any, by_state: Any, start: Any, near: Any) -> tuple:
        def both(x: jax.Array, chosen: Mapping[str, Any]) -> tuple[dict, jax.Array]:
            def one(x: jax.Array, own: Any, chosen: Any) -> tuple[dict, jax.Array]:
                given = {**assembled(shared, own), **chosen}
                state, new = self.engine.model.pass_once(given, self.engine.layout.unpack(x))
                return {name: state[name] for name in by_state}, self.engine.layout.pack(new)

            return jax.vmap(one)(x, own, chosen)

        (states, new), back = jax.vjp(both, x, chosen)
        direct_x, direct = back((by_state, jnp.zeros_like(new)))
        none = jax.tree_util.tree_map(jnp.zeros_like, states)
        adjoint = linear_many(lambda u: back((none, u))[0], direct_x, method, start, None if near is None else near.transposed)
        by_x, through = back((none, adjoint))
        missed = jnp.max(jnp.abs(direct_x - adjoint + by_x), axis=1) / jnp.maximum(jnp.max(jnp.abs(direct_x), axis=1), 1e-300)
        return adjoint, jax.tree_util.tree_map(jnp.add, direct, through), missed


def linear_many(product: Any, right: jax.Array, method: Anderson, start: jax.Array | None = None, near: Any = None) -> jax.Array:
    """(I − J)⁻¹ right of every member, to `method.tolerance` of the largest of `right`: the fixed point of x = J x + right, accelerated.

    product: J of all members at once [member, size] -> [member, size]. start: a guess, from which only the rest is solved, to the
    tolerance of the largest of the rest. near: v -> about (I − J)⁻¹ v.
    """
    if start is not None:
        return start + linear_many(product, right - start + product(start), method, near=near)
    finite = jnp.where(jnp.isfinite(right), right, 0.0)
    scale = jnp.maximum(jnp.max(jnp.abs(finite), axis=1, keepdims=True), 1e-300)
    first = finite / scale if near is None else near(finite / scale)
    found, _ = anderson_many(lambda x: product(x) + finite / scale, first, shorter(method, near), near)
    return found * scale


def shorter(method: Anderson, near: Any) -> Anderson:
    """The method with the memory that is enough where every step is nearly Newton's: `SHORT`."""
    return method if near is None else replace(method, memory=min(method.memory, SHORT))


SHORT = 5
"""Past steps kept beside a `Near`: more save no evaluation."""


def measured(product: Any, right: jax.Array, left: jax.Array) -> jax.Array:
    """`left` where (I − J) times it gives `right` but for `MEASURED` of it; infinite for members whose iteration has not come there."""
    missed = jnp.max(jnp.abs(right - left + product(left)), axis=1, keepdims=True)
    return jnp.where(missed <= MEASURED * jnp.max(jnp.abs(right), axis=1, keepdims=True), left, jnp.inf)


SLOPES = Anderson(memory=10, tolerance=1e-7, largest_step=1e300, max_steps=400)
"""How the adjoint is found, from that of the baseline: to 1e-7 of what a scenario changes in its right-hand side."""

MISSED = 1e-6
"""An adjoint that misses more than this of its right-hand side is found by itself."""

FIRST_SLOPES = Anderson(memory=10, tolerance=1e-10, largest_step=1e300, max_steps=400)
"""How the adjoint of the baseline is found."""


def gradient_many(
    baseline: Any,
    equilibria: Sequence[Equilibrium],
    outcome: Any,
    names: Sequence[str],
    *,
    groups: Groups | None = None,
    base: Mapping[str, Any] | None = None,
    near: Near | None = None,
) -> list[dict[str, np.ndarray]]:
    """`gradient` of several equilibria of one baseline, which is the first of them: d outcome / d fundamental by name, for each.

    outcome(state, given) is a scalar function of the state; names: arrays among the fundamentals, not kernels. Each adjoint starts from
    the baseline's. groups, base, near: as in `solve_many`.
    """
    run, common = together(baseline.engine), baseline.given if base is None else base
    fit = [m for m, each in enumerate(equilibria) if m and can_share(common, each.given)]
    rest = batch_of(baseline.engine, common, [equilibria[m].given for m in fit], groups) if fit else None
    first = batch_of(baseline.engine, baseline.given, [baseline.given])
    start, found = _slopes(run, first, equilibria[:1], outcome, names, FIRST_SLOPES, None, None)
    slopes = {0: found[0]}
    if rest is not None:
        several = _slopes(run, rest, [equilibria[m] for m in fit], outcome, names, SLOPES, jnp.tile(start, (len(fit), 1)), near)[1]
        slopes |= dict(zip(fit, several, strict=True))
    return [slopes[m] if m in slopes else gradient(each, outcome, names) for m, each in enumerate(equilibria)]


class _Read(dict):
    """A mapping that notes which of its names are read."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return super().__getitem__(name)


def _slopes(
    run: Together,
    batch: Batch,
    equilibria: Sequence[Equilibrium],
    outcome: Any,
    names: Sequence[str],
    method: Anderson,
    start: Any,
    near: Any,
) -> tuple[jax.Array, list[dict[str, np.ndarray]]]:
    """(adjoints [member, size], derivatives of every member by name)."""
    noted = _Read(equilibria[0].state)
    outcome(noted, {})
    states = {name: np.stack([each.state[name] for each in equilibria]) for name in sorted(noted.names)}
    by_state = (_run_by_state if isinstance(outcome, Partial) else _by_state)(outcome, states)
    x = np.stack([each.x for each in equilibria])
    chosen = {name: np.stack([np.asarray(each.given[name]) for each in equilibria]) for name in names}
    own = {name: value for name, value in batch.own.items() if name not in names}
    adjoint, slopes, missed = run.run_slopes(method)(x, batch.shared, own, chosen, by_state, start, near)
    arrays, near = {name: np.asarray(value) for name, value in slopes.items()}, np.asarray(missed) <= MISSED
    found = [
        {name: value[m] for name, value in arrays.items()} if near[m] else gradient(each, outcome, names)
        for m, each in enumerate(equilibria)
    ]
    return adjoint, found


def _by_state(outcome: Any, states: dict[str, Any]) -> dict[str, Any]:
    """d outcome / d state of every member."""
    return jax.vmap(jax.grad(lambda state: outcome(state, {})))(states)


_run_by_state = jax.jit(_by_state)
"""Compiled once a formula: for outcomes whose numbers are arguments (`Partial`)."""

_TOGETHER: WeakKeyDictionary[Engine, Together] = WeakKeyDictionary()


def together(engine: Engine) -> Together:
    """The batch functions of an engine, made once."""
    if engine not in _TOGETHER:
        _TOGETHER[engine] = Together(engine)
    return _TOGETHER[engine]


def solve_many(
    baseline: Any,
    members: Sequence[Mapping[str, Any]],
    *,
    names: Sequence[str] | None = None,
    starts: np.ndarray | None = None,
    groups: Groups | None = None,
    base: Mapping[str, Any] | None = None,
    near: Near | None = None,
    stamp: bool = True,
) -> list[Equilibrium]:
    """The equilibria of several fundamentals of one baseline, each with its own certificate, as `solve` gives one after another.

    names: what each is called; starts [member, size]: logs to start from, the baseline's by default; groups: see `batch_of`; base:
    fundamentals in the place of the baseline's that members share kernels with, such as those with a new link; near: the inverse at an
    equilibrium not far away, worth its making where many batches are solved; stamp: whether certificates carry a hash of the input. Members whose kernels cannot be shared, that may fall into nearly separate blocks,
    or that the common iteration does not bring to the tolerance, are solved by themselves. Certificates have the gap, the distance and
    the identities of every member; the smallest singular value is not measured. Never raises for want of convergence.
    """
    names = [""] * len(members) if names is None else list(names)
    start = np.tile(baseline.equilibrium.x, (len(members), 1)) if starts is None else np.asarray(starts)
    found: dict[int, Equilibrium] = {}
    common = baseline.given if base is None else base
    fit = [m for m, member in enumerate(members) if can_share(common, member)]
    if fit:
        alike = [members[m] for m in fit]
        batch = batch_of(baseline.engine, common, alike, groups)
        joined = one_economy(common, baseline.equilibrium.state, batch.passing)
        solved = _together(baseline, alike, batch, start[fit], near)
        found = {m: each for m, each, one in zip(fit, solved, joined, strict=True) if one and each.solved}
    reference, labels = baseline.equilibrium.state, baseline.equilibrium.labels
    for m, member in enumerate(members):
        if m not in found:
            found[m] = solve_from(baseline.engine, member, start[m], reference, labels, weakest=False)
    ordered = [found[m] for m in range(len(members))]
    return [stamped(each, baseline.region.folder_hash, name) for each, name in zip(ordered, names, strict=True)] if stamp else ordered


def _together(baseline: Any, members: Sequence[Mapping[str, Any]], batch: Batch, start: np.ndarray, near: Near | None) -> list[Equilibrium]:
    """All members by the common iteration, certified."""
    run = together(baseline.engine)
    x, steps = run.run_solve(jnp.asarray(start), batch.shared, batch.own, near)
    checked = run.run_check(x, batch.shared, batch.own, near)
    x, steps, (gap, left, states, errors) = np.asarray(x), np.asarray(steps), jax.tree_util.tree_map(np.asarray, checked)
    found = []
    for m, member in enumerate(members):
        state = {name: value[m] for name, value in states.items()}
        named = {name: float(value[m]) for name, value in errors.items()}
        certificate = _certificate(baseline, gap[m], left[m], named, int(steps[m]))
        found.append(Equilibrium(state, certificate, member, x[m], baseline.engine, baseline.equilibrium.labels))
    return found


def _certificate(baseline: Any, gap: np.ndarray, left: np.ndarray, errors: dict[str, float], steps: int) -> Certificate:
    """The certificate of one member."""
    finite = bool(np.isfinite(gap).all())
    distance = float(np.max(np.abs(left))) if finite else float("inf")
    outcome, reason = judge(distance, {name: value if np.isfinite(value) else float("inf") for name, value in errors.items()})
    return Certificate(
        outcome=outcome,
        reason=reason,
        gap=float(np.max(np.abs(gap))),
        estimated_distance=distance,
        smallest_singular_value=None,
        worst=worst_of(baseline.engine, left if finite else np.where(np.isfinite(gap), 0.0, np.inf), baseline.equilibrium.labels),
        identities=errors,
        uniqueness_radius=None,
        steps=steps,
    )
