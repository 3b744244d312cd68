"""Fixed points x = F(x): Anderson's acceleration, stopped by the undamped gap (Walker & Ni 2011)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp


@dataclass(frozen=True)
class Anderson:
    """Anderson acceleration with a memory of past steps.

    memory: how many differences are kept. ridge: relative weight that keeps the small least-squares problem regular.
    largest_step: a step that moves any log by more is cut to it, so that a wild guess cannot overflow.
    """

    memory: int = 10
    ridge: float = 1e-14
    largest_step: float = 1.0
    tolerance: float = 1e-12
    max_steps: int = 400

    def __post_init__(self) -> None:
        if self.memory < 0:
            raise ValueError(f"`memory` must not be negative; got {self.memory}.")
        if not 0 < self.tolerance < 1:
            raise ValueError(f"`tolerance` must be in (0, 1); got {self.tolerance}.")


class Step(NamedTuple):
    """Where the iterations stand: arrays [member, …], the past ones [memory, member, size]. gap is what moves x: M (F(x) − x)."""

    x: jax.Array
    gap: jax.Array
    best: jax.Array
    best_size: jax.Array
    past_gap: jax.Array
    past_sum: jax.Array
    products: jax.Array
    steps: jax.Array
    since_best: jax.Array
    round: jax.Array


def anderson(update: Callable[[jax.Array], jax.Array], start: jax.Array, method: Anderson) -> tuple[jax.Array, jax.Array]:
    """Iterate to a fixed point; returns (best x met, evaluations). Whether it is one is for the certificate to say.

    x ← x + f − (ΔX + ΔF) γ with f = F(x) − x and γ the least-squares solution of ΔF γ = f. It stops when the largest |f| is
    under the tolerance, when it has not improved for 60 evaluations, or at `max_steps`.
    """
    x, steps = anderson_many(lambda x: update(x[0])[None], start[None], method)
    return x[0], steps[0]


def anderson_many(
    update: Callable[[jax.Array], jax.Array],
    start: jax.Array,
    method: Anderson,
    near: Callable[[jax.Array], jax.Array] | None = None,
) -> tuple[jax.Array, jax.Array]:
    """`anderson` of several maps at once: update and start [member, size]; (best x met [member, size], evaluations [member]).

    Each member has a memory of its own and stops by its own gap; one that has stopped stays where it is while the others go on.
    near: v -> about (I − J)⁻¹ v of every member. Then f = M (F(x) − x), whose root is the same; what stops is the gap itself.
    """
    near = near or (lambda gap: gap)
    members, size = start.shape
    memory = max(method.memory, 1)

    def advance(step: Step) -> Step:
        active = _unfinished(step, method)
        move = step.gap - _mixture(step, method.ridge) if method.memory else step.gap
        longest = jnp.max(jnp.abs(move), axis=1)
        move = move * (active * jnp.minimum(1.0, method.largest_step / jnp.maximum(longest, 1e-300)))[:, None]
        x = step.x + move
        gap = update(x) - x
        size_now = jnp.max(jnp.abs(gap), axis=1)
        lost = ~jnp.isfinite(size_now)
        x, gap = jnp.where(lost[:, None], step.best, x), jnp.where(lost[:, None], step.gap * 0.5, near(gap))
        size_now = jnp.where(lost, jnp.inf, size_now)
        better = size_now < step.best_size
        moved, changed = x - step.x, gap - step.gap
        slot = step.round % memory
        past_gap = step.past_gap.at[slot].set(changed)
        row = _products(past_gap, changed)
        return Step(
            x=x,
            gap=gap,
            best=jnp.where(better[:, None], x, step.best),
            best_size=jnp.minimum(size_now, step.best_size),
            past_gap=past_gap,
            past_sum=step.past_sum.at[slot].set(moved + changed),
            products=step.products.at[:, slot, :].set(row).at[:, :, slot].set(row),
            steps=step.steps + active,
            since_best=jnp.where(size_now < 0.7 * step.best_size, 0, step.since_best + active),
            round=step.round + 1,
        )

    gap = update(start) - start
    empty, products = jnp.zeros((memory, members, size), start.dtype), jnp.zeros((members, memory, memory), start.dtype)
    ones = jnp.ones(members, dtype=int)
    first = Step(start, near(gap), start, jnp.max(jnp.abs(gap), axis=1), empty, empty, products, ones, 0 * ones, jnp.array(1))
    last = jax.lax.while_loop(lambda step: _unfinished(step, method).any(), advance, first)
    return last.best, last.steps


def _unfinished(step: Step, method: Anderson) -> jax.Array:
    """Which members go on [member]."""
    return (step.best_size > method.tolerance) & (step.steps < method.max_steps) & (step.since_best < 60)


def _mixture(step: Step, ridge: float) -> jax.Array:
    """(ΔX + ΔF) γ with γ = argmin ‖f − ΔF γ‖, columns scaled to one so that old, long steps do not drown new ones."""
    length = jnp.sqrt(jnp.maximum(jnp.einsum("mkk->mk", step.products), 0.0))
    scale = jnp.where(length > 0, 1.0 / jnp.where(length > 0, length, 1.0), 0.0)
    gram = step.products * scale[:, :, None] * scale[:, None, :] + ridge * jnp.eye(scale.shape[1])
    gram = gram + jnp.where(length > 0, 0.0, 1.0)[:, :, None] * jnp.eye(scale.shape[1])
    right = scale * _products(step.past_gap, step.gap)
    weight = jnp.linalg.solve(gram, right[:, :, None])[:, :, 0] * scale
    return sum(weight[:, k, None] * past for k, past in enumerate(step.past_sum))


def _products(past: jax.Array, now: jax.Array) -> jax.Array:
    """Σ_n past[k, m, n] now[m, n] [member, memory]. Written as a sum, it is one pass over the memory; as a product of matrices, it is
    copied first."""
    return jnp.sum(past * now, axis=2).T
