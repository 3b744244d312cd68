"""Where searches begin: the plan itself, an even spread, and random choices; and how floors are reached where a start misses them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bridgehead.appraise.optimise.choices import Choice
from bridgehead.appraise.optimise.conditions import filled
from bridgehead.appraise.optimise.task import Task
from bridgehead.policy.edits import Target

Array = np.ndarray


def starts(task: Task, count: int) -> Iterator[tuple[str, Array]]:
    """`count` choices within bounds and amounts, with their names: the plan's where it is one, an even spread, then random ones.

    The random ones are the same on every call.
    """
    plan, made = task.of_plan(), 0
    if plan is not None and plan.any():
        yield "plan", plan
        made += 1
    if made < count:
        yield "even", np.concatenate([_even(choice) for choice in task.choices])
        made += 1
    random = np.random.default_rng(0)
    for number in range(1, count - made + 1):
        yield f"random {number}", np.concatenate([_random(choice, random) for choice in task.choices])


def _even(choice: Choice) -> Array:
    """Land and money in proportion to what there is; borders as they are."""
    if choice.kind == "border":
        return np.zeros(choice.most.size)
    if choice.kind == "land":
        weight = np.asarray(choice.context.arrays.construction_land, dtype=float)[choice.places]
    else:
        weight = choice.context.array(Target("research"))[choice.places]
    weight = np.where(weight > 0, weight, weight.max() * 1e-3 if weight.max() > 0 else 1.0)
    return filled(choice.total * weight / weight.sum(), choice.total, choice.most)


def _random(choice: Choice, random: np.random.Generator) -> Array:
    if choice.kind != "border":
        return filled(choice.total * random.dirichlet(np.ones(choice.most.size)), choice.total, choice.most)
    shares = choice.most * random.random(choice.most.size)
    used = choice.points() @ shares
    return shares if choice.total is None or used <= choice.total else shares * choice.total / used
