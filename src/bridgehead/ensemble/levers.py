"""Lever strengths as factors: levers of one scenario with the same strength and range are one number, and move together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bridgehead.appraise.columns import Plan
from bridgehead.ensemble.factors import Factor
from bridgehead.ensemble.uncertainty import DEFAULT
from bridgehead.policy import Scenario, combine

Places = Mapping[str, tuple[int, ...]]


def lever_factors(plan: Plan) -> tuple[Factor, ...]:
    """A factor for every distinct (strength, value, low, high) of each scenario that is not made of others."""
    found = []
    for id, scenario in plan.columns.items():
        if id == plan.joint:
            continue
        groups: dict[tuple[Any, ...], list[int]] = {}
        for number, lever in enumerate(scenario.levers):
            if lever.strength is not None and lever.low is not None and lever.high is not None and lever.low < lever.high:
                key, value = lever.strength
                groups.setdefault((lever.kind, key, value, lever.low, lever.high), []).append(number)
        for (kind, key, value, low, high), numbers in groups.items():
            same = sum(1 for other in groups if other[:2] == (kind, key))
            name = f"{id}: {kind} {key}" + (f" {value:g}" if same > 1 else "")
            source = scenario.levers[numbers[0]].source or ""
            how = {"scenario": id, "levers": tuple(numbers)}
            found.append(Factor(name, "lever", float(value), float(low), float(high), DEFAULT, "lever", source, how))
    return tuple(found)


def drawn_columns(plan: Plan, factors: tuple[Factor, ...], values: Mapping[str, float]) -> dict[str, Scenario]:
    """The plan's scenarios with their levers as strong as drawn."""
    strength: dict[str, dict[int, float]] = {}
    for factor in factors:
        if factor.enters == "lever" and factor.how is not None:
            for number in factor.how["levers"]:
                strength.setdefault(factor.how["scenario"], {})[number] = values[factor.name]
    found = {}
    for id, scenario in plan.columns.items():
        own = strength.get(id)
        if id != plan.joint:
            found[id] = scenario if own is None else _with(scenario, own)
    if plan.joint is not None:
        parts = combine(plan.columns[plan.joint].name, [found[zone] for zone in plan.zones])
        found[plan.joint] = replace(plan.columns[plan.joint], levers=parts.levers)
    return {id: found[id] for id in plan.columns}


def drawn_groups(plan: Plan, columns: Mapping[str, Scenario]) -> dict[frozenset[str], Scenario]:
    """The scenarios of the groups of zones that are no columns, as drawn: what the Shapley split needs beside them."""
    return {
        group: combine("+".join(zone for zone in plan.zones if zone in group), [columns[zone] for zone in plan.zones if zone in group])
        for group in plan.coalitions
        if plan.column_of(group) is None
    }


def _with(scenario: Scenario, strength: Mapping[int, float]) -> Scenario:
    levers = tuple(
        lever if number not in strength else lever.with_strength(strength[number]) for number, lever in enumerate(scenario.levers)
    )
    return replace(scenario, levers=levers, text=None)
