"""Fundamentals of several scenarios of one baseline, in a form that shares what they have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import jax.numpy as jnp
import numpy as np

from bridgehead.kernels import Bordered, Dense, Scaled, as_array, between_places, groups_of
from bridgehead.models.engine import Engine

Given = Mapping[str, Any]
Groups = Mapping[str, np.ndarray]

CROSSING = ("commuting", "trade")
"""The kernels whose flows join places into one economy (model.md §8)."""


@dataclass(frozen=True, eq=False)
class Batch:
    """shared: fundamentals that all members have, kernels as one matrix each; own: what differs, [member, …], for a kernel its factors.

    passing [member]: the least share of any baseline flow that a member's kernels can leave, whatever the others do: 1 where they
    are the baseline's. groups: the groups of suppliers of each shared kernel.
    """

    shared: dict[str, Any]
    own: dict[str, Any]
    passing: np.ndarray
    groups: dict[str, np.ndarray]

    def first(self, count: int) -> Batch:
        """The batch of its first members."""
        if count == len(self.passing):
            return self
        return replace(self, own={name: value[:count] for name, value in self.own.items()}, passing=self.passing[:count])


def assembled(shared: Given, own: Given) -> dict[str, Any]:
    """The fundamentals of one member."""
    return {
        **shared,
        **{name: shared[name].with_factor(value) if isinstance(shared.get(name), Scaled) else value for name, value in own.items()},
    }


def can_share(given: Given, member: Given) -> bool:
    """Whether a scenario's fundamentals have the shapes of the baseline's, and its kernels are the baseline's under factors."""
    return all(_same_form(value, member[name]) for name, value in given.items() if name in member)


def _same_form(base: Any, own: Any) -> bool:
    if base is own:
        return True
    if not hasattr(base, "apply"):
        return np.shape(base) == np.shape(own)
    one, other = _parts(base), _parts(own)
    if one is None or other is None or len(one[0]) != len(other[0]):
        return False
    sides = all(np.array_equal(a[0], b[0]) and np.shape(a[1]) == np.shape(b[1]) for a, b in zip(one[0], other[0], strict=True))
    return sides and _matrix_ratio(one[1], other[1]) is not None


_LAST: WeakKeyDictionary[Engine, tuple[Given, tuple[Given, ...], Batch]] = WeakKeyDictionary()


def batch_of(engine: Engine, given: Given, members: Sequence[Given], groups: Groups | None = None) -> Batch:
    """The batch of some members (see `_batch`); the last one of an engine is kept, for what is solved is mostly differentiated next."""
    known = _LAST.get(engine)
    alike = known is not None and known[0] is given and len(known[1]) >= len(members) > 0
    if alike and all(one is other for one, other in zip(known[1], members, strict=False)):
        return known[2].first(len(members))
    found = _batch(engine, given, members, groups)
    _LAST[engine] = (given, tuple(members), found)
    return found


def _batch(engine: Engine, given: Given, members: Sequence[Given], groups: Groups | None) -> Batch:
    """The batch of the members' fundamentals, `given` being the baseline's; every member must be able to share (`can_share`).

    Members' kernels are the baseline's under factors that are equal for groups of suppliers: passages of any level, and costs of
    some pairs. groups: groups by kernel that are at least to be told apart, so that batches of equal shape are compiled once.
    """
    base = engine.select(given)
    chosen = [engine.select(member) for member in members]
    shared, own, found = {}, {}, {}
    passing = np.ones(len(members))
    for name, value in base.items():
        values = [member[name] for member in chosen]
        if not hasattr(value, "apply"):
            shared[name] = jnp.asarray(value)
            if any(each is not value for each in values):
                own[name] = jnp.asarray(np.stack([np.asarray(each, dtype=float) for each in values]))
        elif all(each is value for each in values) and name not in (groups or {}):
            shared[name] = _folded(value)
        else:
            shared[name], own[name], found[name] = _shared_kernel(value, values, (groups or {}).get(name))
            if name in CROSSING:
                passing *= _least_share(np.asarray(own[name]))
    return Batch(shared, own, passing, found)


def _folded(kernel: Any) -> Any:
    """The kernel without its borders; a dense one by NumPy, for JAX takes ten times as long where nothing is compiled."""
    return kernel.folded() if not isinstance(kernel, Bordered) or _parts(kernel) is None else Dense(jnp.asarray(as_array(kernel)))


def _least_share(factor: np.ndarray) -> np.ndarray:
    """Least factor over greatest [member]."""
    flat = factor.reshape(len(factor), -1)
    return flat.min(axis=1) / np.maximum(flat.max(axis=1), 1e-300)


def _shared_kernel(base: Any, members: list[Any], at_least: np.ndarray | None) -> tuple[Scaled, Any, np.ndarray]:
    """(the baseline's matrix in groups, factors [member, …, receiver, group], groups)."""
    (levels, matrix), *rest = [_parts(kernel) for kernel in (base, *members)]
    changed = [any(member[0][i][1] is not passage for member in rest) for i, (_, passage) in enumerate(levels)]
    ratios = [_matrix_ratio(matrix, member[1]) for member in rest]
    places = matrix.shape[-1]
    columns = [] if at_least is None else [np.asarray(at_least, dtype=float)[None, :]]
    scale, passages = np.array(matrix), []
    for i, (side, passage) in enumerate(levels):
        before = np.asarray(passage)
        scale_by, own = _unit_and_ratios(before, [np.asarray(member[0][i][1]) for member in rest]) if changed[i] else (before, [])
        scale = scale * between_places(scale_by, side)
        passages.append((side, own))
        columns += [each[..., side] for each in own if not (each == 1.0).all()]
    columns += [ratio for ratio in ratios if ratio is not ONE]
    group = groups_of(columns) if columns else np.zeros(places, dtype=np.int64)
    first = np.unique(group, return_index=True)[1]
    factors = np.ones((len(members), *matrix.shape[:-1], len(first)))
    for m, ratio in enumerate(ratios):
        if ratio is not ONE:
            factors[m] *= ratio[..., first]
        for side, own in passages:
            factors[m] *= between_places(own[m], side, side[first]) if own else 1.0
    return Scaled.of(scale, group, np.ones(factors.shape[1:])), jnp.asarray(factors), group


def _unit_and_ratios(before: np.ndarray, after: list[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
    """(passages to be folded into the common matrix, each member's passages over them): the baseline's, or 1 where only members pass."""
    opened = (before == 0) & (np.max(after, axis=0) > 0)
    unit = np.where(opened, 1.0, before)
    return unit, [np.where(unit > 0, each / np.where(unit > 0, unit, 1.0), 1.0) for each in after]


ONE = object()
"""The ratio of a matrix to itself."""


def _parts(kernel: Any) -> tuple[list[tuple[np.ndarray, Any]], np.ndarray] | None:
    """([(side, passage) of each level], the innermost matrix); None for a kernel that is not dense inside."""
    levels = []
    while isinstance(kernel, Bordered):
        levels.append((np.asarray(kernel.side), kernel.passage))
        kernel = kernel.inner
    return (levels, np.asarray(kernel.matrix)) if isinstance(kernel, Dense) else None


def _matrix_ratio(base: np.ndarray, member: np.ndarray) -> Any:
    """member / base [..., receiver, supplier], 1 where both are 0; None where the member has entries that the baseline lacks."""
    if member is base or np.shares_memory(base, member):
        return ONE
    absent = base == 0
    if (member[absent] != 0).any():
        return None
    ratio = np.where(absent, 1.0, member / np.where(absent, 1.0, base))
    return ONE if (ratio == 1.0).all() else ratio
