"""Enacting a scenario: from what the baseline's model is given to what it is given under the scenario's levers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridgehead.errors import Faults, PolicyError
from bridgehead.policy.context import Context
from bridgehead.policy.edits import Conflict, Step, conflicts
from bridgehead.policy.levers import BaseLever, Link, Productivity, link_edits
from bridgehead.policy.levers.base import apply_steps
from bridgehead.policy.scenario import Scenario, check_scenario
from bridgehead.region import public_levels

# As many entries of a conflict are named in a message.
SHOWN = 3


@dataclass(frozen=True)
class Enacted:
    """What a model is given under a scenario, with what had to be found on the way: one note a `raise_value_added`."""

    given: dict[str, Any]
    notes: tuple[dict[str, Any], ...] = ()


def enact(
    scenario: Scenario,
    baseline: Any,
    *,
    solve: Callable[[dict[str, Any]], Any] | None = None,
    context: Context | None = None,
) -> Enacted:
    """The fundamentals under a scenario; the baseline is never changed, and names no lever touches are the same objects.

    Every lever is fully in. Factors multiply and sums add whatever their order, a multiplied passage stops at max(1, baseline)
    at the very end, equal sets are one. solve: given -> Equilibrium, for `raise_value_added` (default: that of the models).
    context: one for many scenarios finds each multiplier once. PolicyError: a lever does not fit the region, or levers whose
    result on an entry depends on their order do not each carry `order`. SolveError: a multiplier has no certified root.
    """
    context = Context.of(baseline, solve=solve) if context is None else context
    check_scenario(scenario, context.region)
    steps = steps_of(scenario.levers, context)
    refuse_conflicts(steps, context, name=scenario.name)
    return Enacted(apply_steps(steps, context.given, context), tuple(_notes(scenario.levers, context)))


def steps_of(levers: Sequence[BaseLever], context: Context) -> list[Step]:
    """All edits of some levers with the lever each belongs to. Links act together, as one trip may take several of them."""
    steps = []
    for number, lever in enumerate(levers, start=1):
        if not isinstance(lever, Link):
            steps += [Step(edit, number, lever.name or lever.kind, lever.order, lever.key()) for edit in lever.edits(context)]
    links = [(number, lever) for number, lever in enumerate(levers, start=1) if isinstance(lever, Link)]
    if links:
        number, first = links[0]
        edits = link_edits([lever for _, lever in links], context)
        steps += [Step(edit, number, first.name or first.kind, first.order, first.key()) for edit in edits]
    return steps


def refuse_conflicts(steps: Sequence[Step], context: Context, *, name: str) -> None:
    """PolicyError naming all levers, and entries, whose result depends on an order that they do not carry."""
    faults = Faults(f"the levers of '{name}' do not say in which order they act", PolicyError)
    said = set()
    for conflict in conflicts(steps, context.array):
        pair = (conflict.first.number, conflict.second.number)
        if pair not in said:
            said.add(pair)
            faults.add(
                f"{_who(conflict.first)} and {_who(conflict.second)} give different results in the two orders, "
                f"for {_entries(conflict, context.region)}",
                cure="give each of them its `order` (1 acts first), or leave one out",
            )
    faults.raise_if_any()


def _who(step: Step) -> str:
    how = {"open": "opens", "set": "sets", "multiply": "multiplies", "add": "adds", "replace": "sets"}[step.edit.how]
    return f"lever {step.number} ({step.title}, {how})"


def _entries(conflict: Conflict, region: Any) -> str:
    """The entries of a conflict in words: the target, and the first few labels."""
    target = conflict.first.edit.target
    index = np.argwhere(conflict.where)
    label = _labeller(target.name, target.part, target.level, region)
    shown = "; ".join(label(tuple(entry)) for entry in index[:SHOWN])
    more = f" and {len(index) - SHOWN} more" if len(index) > SHOWN else ""
    return f"`{target.name}`" + (f" at level '{target.level}'" if target.level else "") + f": {shown}{more}"


def _labeller(name: str, part: str, level: str, region: Any) -> Callable[[tuple[int, ...]], str]:
    places, sectors = region.place_ids, region.sector_names
    if name == "rent_pool":
        return lambda entry: "all pools"
    if name == "public_split":
        return lambda entry: public_levels(region)[entry[0]]
    if part == "passage":
        cells = region.jurisdictions(level)
        return lambda entry: f"{cells[entry[-2]]} ← {cells[entry[-1]]}" + (f" ({sectors[entry[0]]})" if len(entry) == 3 else "")
    if part == "matrix":
        return lambda entry: f"{places[entry[-2]]} ← {places[entry[-1]]}" + (f" ({sectors[entry[0]]})" if len(entry) == 3 else "")
    if name == "migration_kept":
        return lambda entry: f"{region.origin_names[entry[0]]} at {places[entry[1]]}"
    return lambda entry: places[entry[0]] + (f" ({sectors[entry[1]]})" if len(entry) == 2 else "")


def _notes(levers: Sequence[BaseLever], context: Context) -> list[dict[str, Any]]:
    notes = []
    for number, lever in enumerate(levers, start=1):
        root = lever.root(context) if isinstance(lever, Productivity) else None
        if root is not None:
            notes.append({"lever": number, "title": lever.title(), "raise_value_added": lever.raise_value_added, **root.as_dict()})
    return notes
