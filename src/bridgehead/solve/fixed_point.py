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
    """Where the iteration stands."""

    x: jax.Array
    gap: jax.Array
    best: jax.Array
    best_size: jax.Array
    past_x: jax.Array
    past_gap: jax.Array
    steps: jax.Array
    since_best: jax.Array


def anderson(update: Callable[[jax.Array], jax.Array], start: jax.Array, method: Anderson) -> tuple[jax.Array, jax.Array]:
    """Iterate to a fixed point; returns (best x met, evaluations). Whether it is one is for the certificate to say.

    x ← x + f − (ΔX + ΔF) γ with f = F(x) − x and γ the least-squares solution of ΔF γ = f. It stops when the largest |f| is
    under the tolerance, when it has not improved for 60 evaluations, or at `max_steps`.
    """
    size, memory = start.shape[0], max(method.memory, 1)

    def advance(step: Step) -> Step:
        move = step.gap
        if method.memory:
            move = step.gap - _mixture(step, method.ridge)
        longest = jnp.max(jnp.abs(move))
        move = move * jnp.minimum(1.0, method.largest_step / jnp.maximum(longest, 1e-300))
        x = step.x + move
        gap = update(x) - x
        lost = ~jnp.isfinite(jnp.max(jnp.abs(gap)))
        x, gap = jnp.where(lost, step.best, x), jnp.where(lost, step.gap * 0.5, gap)
        slot = step.steps % memory
        size_now = jnp.where(lost, jnp.inf, jnp.max(jnp.abs(gap)))
        better = size_now < step.best_size
        return Step(
            x=x,
            gap=gap,
            best=jnp.where(better, x, step.best),
            best_size=jnp.minimum(size_now, step.best_size),
            past_x=step.past_x.at[slot].set(x - step.x),
            past_gap=step.past_gap.at[slot].set(gap - step.gap),
            steps=step.steps + 1,
            since_best=jnp.where(size_now < 0.7 * step.best_size, 0, step.since_best + 1),
        )

    def unfinished(step: Step) -> jax.Array:
        return (step.best_size > method.tolerance) & (step.steps < method.max_steps) & (step.since_best < 60)

    gap = update(start) - start
    empty = jnp.zeros((memory, size), start.dtype)
    first = Step(start, gap, start, jnp.max(jnp.abs(gap)), empty, empty, jnp.array(1), jnp.array(0))
    last = jax.lax.while_loop(unfinished, advance, first)
    return last.best, last.steps


def _mixture(step: Step, ridge: float) -> jax.Array:
    """(ΔX + ΔF) γ with γ = argmin ‖f − ΔF γ‖, columns scaled to one so that old, long steps do not drown new ones."""
    length = jnp.sqrt(jnp.sum(step.past_gap**2, axis=1))
    scale = jnp.where(length > 0, 1.0 / jnp.where(length > 0, length, 1.0), 0.0)
    columns = step.past_gap * scale[:, None]
    gram = columns @ columns.T + ridge * jnp.eye(columns.shape[0])
    gram = gram + jnp.diag(jnp.where(length > 0, 0.0, 1.0))
    weight = jnp.linalg.solve(gram, columns @ step.gap) * scale
    return weight @ (step.past_x + step.past_gap)
