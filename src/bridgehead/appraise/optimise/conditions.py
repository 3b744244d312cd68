"""Amounts as linear limits, choices made tidy, and the first-order conditions of an optimum (Karush, Kuhn & Tucker)."""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

from bridgehead.appraise.optimise.choices import DUST
from bridgehead.appraise.optimise.task import Task

Array = np.ndarray
ACTIVE = 1e-5
"""A limit binds when no more than this share of its scale is left."""


def amounts(task: Task) -> list[tuple[Array, float, bool]]:
    """Rows a, bounds b and whether a·z = b (else ≤), of the choices' amounts, in shares z."""
    found, begin = [], 0
    for choice, size in zip(task.choices, task.sizes, strict=True):
        row = np.zeros(sum(task.sizes))
        if choice.kind == "border":
            if choice.total is not None:
                row[begin : begin + size] = choice.points() / max(choice.total, 1e-300)
                found.append((row, 1.0, False))
        else:
            row[begin : begin + size] = 1.0
            found.append((row, 1.0, True))
        begin += size
    return found


def tidy(task: Task, x: Array) -> Array:
    """x within its bounds, without dust, and with its amounts exactly."""
    parts = []
    for choice, part in zip(task.choices, task.parts(np.clip(x, 0.0, task.most)), strict=True):
        size = 1.0 if choice.kind == "border" else choice.total
        clean = np.where(part > DUST * size, part, 0.0)
        if choice.kind != "border":
            clean = filled(clean, choice.total, choice.most)
        elif choice.total is not None and choice.points() @ clean > choice.total:
            clean = clean * (choice.total / (choice.points() @ clean))
        parts.append(clean)
    return np.concatenate(parts)


def filled(part: Array, total: float, most: Array) -> Array:
    """Amounts scaled to their total, those at their bound held there; what is then left over goes to all that have room."""
    part = np.minimum(part, most)
    for _ in range(part.size + 1):
        left = total - part.sum()
        free = (part > 0) & (part < most)
        if left == 0 or not free.any():
            break
        part = np.where(free, part * (1.0 + left / part[free].sum()), part)
        part = np.minimum(part, most)
    left, room = total - part.sum(), most - part
    return part + room * left / room.sum() if left > 0 and room.sum() > 0 else part


def first_order(task: Task, x: Array, slopes: Array, near: Array) -> tuple[float, tuple[float | None, ...], Array]:
    """(what is left of the gradient, worth of each amount, price of each floor) at x: Karush, Kuhn & Tucker by least squares.

    ∇F + Σ μ_i ∇G_i − Σ λ_c a_c + ν⁻ − ν⁺ = 0 in shares, μ ≥ 0 of the floors that bind (`near`), ν ≥ 0 of the bounds that do.
    """
    scale = task.scale
    z, top = x / scale, task.most / scale
    gradient = slopes * scale
    size = np.abs(gradient).max(axis=1)
    size[size == 0] = 1.0
    held, limits = np.flatnonzero(near), amounts(task)
    columns = [gradient[1 + i] / size[1 + i] for i in held]
    columns += [-row if equal or bound - row @ z <= ACTIVE else np.zeros(z.size) for row, bound, equal in limits]
    columns += [row * equal for row, _, equal in limits]  # an equality's multiplier has either sign
    columns += [np.eye(z.size)[j] for j in np.flatnonzero(z <= DUST)]
    columns += [-np.eye(z.size)[j] for j in np.flatnonzero(z >= top - DUST)]
    target = -gradient[0] / size[0]
    multipliers, left = nnls(np.array(columns).T, target) if columns else (np.zeros(0), float(np.linalg.norm(target)))
    left = float(left / max(np.linalg.norm(target), 1e-300))
    prices = np.zeros(near.size)
    prices[held] = multipliers[: held.size] * size[0] / size[1 + held]
    one, other = (multipliers[begin : begin + len(limits)] for begin in (held.size, held.size + len(limits)))
    return left, _worths(task, (one - other) * size[0]), prices


def _worths(task: Task, multipliers: Array) -> tuple[float | None, ...]:
    """d goal / d amount of each choice, a unit of the amount."""
    found, order = [], iter(multipliers)
    for choice in task.choices:
        has = choice.kind != "border" or choice.total is not None
        found.append(float(next(order)) / max(choice.total, 1e-300) if has else None)
    return tuple(found)
