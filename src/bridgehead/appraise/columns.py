"""The columns of an appraisal: strategies, zones, the zones together, or scenarios a user brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bridgehead.appraise.shapley import coalitions
from bridgehead.errors import Faults, PolicyError, did_you_mean
from bridgehead.policy import Scenario, read_scenario

BASELINE = "baseline"
LEVER_KEYS = ("lever",)


@dataclass(frozen=True, eq=False)
class Column:
    """One column: id, kind ('strategy' · 'zone' · 'joint' · 'scenario'), what it is called, and what it does.

    parts: the columns that a joint column puts together.
    """

    id: str
    kind: str
    government: str
    name: str
    name_zh: str
    describe: str
    describe_zh: str
    quote: str
    scenario: Scenario
    parts: tuple[str, ...] = ()

    @property
    def is_zone(self) -> bool:
        """Zones and the zones together: what acts in the zone alone."""
        return self.kind in ("zone", "joint")


@dataclass(frozen=True, eq=False)
class Plan:
    """Columns in their order, and the scenarios of every coalition of the joint column's parts (sorted tuple of ids)."""

    columns: tuple[Column, ...]
    coalitions: dict[frozenset[str], Scenario]

    @property
    def joint(self) -> Column | None:
        """The column of the zones together."""
        return next((column for column in self.columns if column.kind == "joint"), None)


def plan_of(region: Any, scenarios: Mapping[str, Scenario] | None) -> Plan:
    """The plan of a region's strategies.toml and zones.toml; of the given scenarios alone when there are any.

    PolicyError lists every fault of all of them, and when there is nothing to appraise.
    """
    if scenarios is not None:
        columns = tuple(_given_column(name, scenario) for name, scenario in scenarios.items())
        return Plan(columns, {})
    faults = Faults("the strategies and zones cannot be enacted", PolicyError)
    strategies = [_column(e, "strategy", "strategies.toml", region, faults) for e in (region.strategies or {}).get("strategy", [])]
    zones = [_column(e, "zone", "zones.toml", region, faults) for e in (region.zones or {}).get("zone", [])]
    _check_ids([*strategies, *zones], faults)
    faults.raise_if_any()
    groups, joint = _joint(region.zones or {}, [z for z in zones if z is not None])
    columns = tuple(column for column in [*strategies, *zones, joint] if column is not None)
    if not columns:
        cure = "name scenario files, or add strategies.toml or zones.toml to the region folder"
        faults.add("the region has no strategies or zones, and no scenario is given", cure=cure)
        faults.raise_if_any()
    return Plan(columns, groups)


def _given_column(name: str, scenario: Scenario) -> Column:
    title = scenario.name or name
    return Column(name, "scenario", "", title, scenario.name_zh or "", scenario.describe or "", "", "", scenario)


def _column(entry: Mapping[str, Any], kind: str, file: str, region: Any, faults: Faults) -> Column | None:
    raw = {"format": 1, "name": str(entry.get("id", "")), "lever": entry.get("lever", [])}
    try:
        scenario = read_scenario(raw, region)
    except PolicyError as error:
        for fault in error.faults:
            faults.add(fault.cause, place=f"{file}: {entry.get('id', '?')} {fault.place}".strip(), expected=fault.expected, cure=fault.cure)
        if not error.faults:
            faults.add(error.message, place=f"{file}: {entry.get('id', '?')}")
        return None
    texts = {key: str(entry.get(key, "")) for key in ("government", "name", "name_zh", "describe", "describe_zh", "quote")}
    return Column(str(entry.get("id", "")), kind, scenario=scenario, **texts)


def _check_ids(columns: list[Column | None], faults: Faults) -> None:
    seen: set[str] = {BASELINE}
    for column in columns:
        if column is not None and (not column.id or column.id in seen):
            faults.add(f"the id '{column.id}' is missing or taken", cure="give every strategy and zone an id of its own")
        if column is not None:
            seen.add(column.id)


def _joint(raw: Mapping[str, Any], zones: list[Column]) -> tuple[dict[frozenset[str], Scenario], Column | None]:
    """The zones together: `[joint]` of zones.toml names them; without it, all zones when there are several."""
    entry = raw.get("joint", {"id": "all_zones", "name": "All zones together", "name_zh": "全部示范区"})
    by_id = {zone.id: zone for zone in zones}
    members = [str(name) for name in entry.get("zones", by_id)]
    unknown = [name for name in members if name not in by_id]
    if unknown:
        faults = Faults("the zones cannot be put together", PolicyError)
        for name in unknown:
            faults.add(f"unknown zone '{name}'", place="zones.toml: [joint]", cure=did_you_mean(name, by_id))
        faults.raise_if_any()
    if len(members) < 2:
        return {}, None
    groups = {group: together(group, by_id, members) for group in coalitions(members)}
    texts = {key: str(entry.get(key, "")) for key in ("government", "name", "name_zh", "describe", "describe_zh", "quote")}
    everyone = replace_name(groups[frozenset(members)], str(entry["id"]))
    return groups, Column(str(entry["id"]), "joint", scenario=everyone, parts=tuple(members), **texts)


def together(group: frozenset[str], by_id: Mapping[str, Column], order: list[str]) -> Scenario:
    """The scenario with the levers of all columns of a coalition, in the order of the columns."""
    names = [name for name in order if name in group]
    levers = tuple(lever for name in names for lever in by_id[name].scenario.levers)
    return with_levers(by_id[names[0]].scenario, "+".join(names), levers)


def with_levers(scenario: Scenario, name: str, levers: tuple[Any, ...]) -> Scenario:
    """The same scenario under another name and with other levers."""
    changed = {"name": name, "levers": levers}
    return scenario.model_copy(update=changed) if hasattr(scenario, "model_copy") else replace(scenario, **changed)


def replace_name(scenario: Scenario, name: str) -> Scenario:
    """The same scenario under another name."""
    return with_levers(scenario, name, tuple(scenario.levers))
