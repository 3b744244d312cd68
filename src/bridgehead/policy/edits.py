"""What levers do to numbers: edits of entries, and the rule by which edits of several levers compose (formats.md, "Scenario file").

Factors multiply and sums add whatever their order, the cap of a passage comes last, equal sets are one. Edits whose result on an
entry depends on their order are refused unless each of their levers carries an `order`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

How = Literal["multiply", "add", "set", "open", "replace"]

# Edits of one kind give the same result in either order.
COMMUTING = frozenset({"multiply", "add", "open"})
# Two orders are one when they differ by no more than rounding of a few products.
SAME = 1e-12


@dataclass(frozen=True, order=True)
class Target:
    """One array of what the model is given: a name of `given`, and for a kernel its `part`.

    part "array": the entry itself; "matrix": the kernel inside its borders; "passage": the border of `level`. The migration
    passages of a level are part "passage" of `migration_kept`, although `given` holds only the whole they multiply into.
    """

    name: str
    part: Literal["array", "matrix", "passage"] = "array"
    level: str = ""

    @property
    def capped(self) -> bool:
        """Whether a multiplied entry stops at 1: passages, and the share of income that movers keep."""
        return self.part == "passage" or self.name == "migration_kept"


@dataclass(frozen=True)
class Edit:
    """One change of the entries `where` (bool, shaped as the target): x·v, x + v, v, or x^(1−v); "replace" swaps the whole array."""

    target: Target
    how: How
    where: np.ndarray
    value: float | np.ndarray


@dataclass(frozen=True)
class Step:
    """An edit of a numbered lever of a scenario, with its name or kind as `title`.

    `key` sorts levers without an order, so that files in any order give equal bytes.
    """

    edit: Edit
    number: int
    title: str
    order: int | None
    key: str


@dataclass(frozen=True)
class Conflict:
    """Two steps whose result depends on their order, with the entries where it does (bool, shaped as the target)."""

    first: Step
    second: Step
    where: np.ndarray


def applied(edit: Edit, array: np.ndarray, where: np.ndarray | None = None) -> np.ndarray:
    """The array after one edit, uncapped; the argument is not changed. `where` narrows the edit to some of its entries."""
    if edit.how == "replace":
        return np.array(edit.value, dtype=float)
    mask = edit.where if where is None else where
    changed = np.array(array, dtype=float)
    value = np.broadcast_to(edit.value, changed.shape)[mask]
    old = changed[mask]
    if edit.how == "multiply":
        changed[mask] = old * value
    elif edit.how == "add":
        changed[mask] = old + value
    elif edit.how == "open":
        changed[mask] = old ** (1.0 - value)
    else:
        changed[mask] = value
    return changed


def conflicts(steps: Sequence[Step], start: Callable[[Target], np.ndarray]) -> list[Conflict]:
    """All pairs of steps that depend on their order and whose levers do not both carry one."""
    found = []
    for position, first in enumerate(steps):
        for second in steps[position + 1 :]:
            if first.number == second.number or first.edit.target != second.edit.target:
                continue
            if None not in (first.order, second.order) and first.order != second.order:
                continue
            where = _differ(first.edit, second.edit, start)
            if where is not None:
                found.append(Conflict(first, second, where))
    return found


def _differ(first: Edit, second: Edit, start: Callable[[Target], np.ndarray]) -> np.ndarray | None:
    """Where the two orders of two edits give different numbers, before any cap; None where they never do."""
    if "replace" in (first.how, second.how):
        same = np.array_equal(np.asarray(first.value), np.asarray(second.value)) and first.how == second.how
        return None if same else np.ones_like(second.where)
    if first.how == second.how and first.how in COMMUTING:
        return None
    both = first.where & second.where
    if not both.any():
        return None
    array = start(first.target)
    one = applied(second, applied(first, array, both), both)
    other = applied(first, applied(second, array, both), both)
    different = both & ~np.isclose(one, other, rtol=SAME, atol=0.0)
    return different if different.any() else None


def composed(steps: Iterable[Step], start: np.ndarray, *, ceiling: np.ndarray | None) -> np.ndarray:
    """One target's array after all its steps. With `ceiling`, multiplied entries stop there, and that comes last.

    start: the baseline's array, not changed. Steps without an order act in the order of their keys, which is of no consequence
    but for rounding. The ceiling is max(1, baseline): a fitted passage may exceed 1, and multiplying by 1 leaves it alone.
    """
    array = np.array(start, dtype=float)
    multiplied = np.zeros(array.shape, dtype=bool)
    for step in sorted(steps, key=lambda step: (step.order or 0, step.key, step.edit.target)):
        array = applied(step.edit, array)
        if step.edit.how == "multiply":
            multiplied |= step.edit.where
    if ceiling is not None:
        array[multiplied] = np.minimum(array, ceiling)[multiplied]
    return array
