"""The strategies and zones that a region folder brings along, as scenarios (strategies.toml, zones.toml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from bridgehead.errors import Faults, PolicyError, did_you_mean
from bridgehead.policy.fields import STRICT, NotNegative, Text, Texts, When, in_order
from bridgehead.policy.parse import parse_levers, parse_model
from bridgehead.policy.scenario import Scenario, check_windows, combine


class Entry(BaseModel):
    """One [[strategy]] or [[zone]]: who follows it, what it is called, from when until when, and its levers."""

    model_config = STRICT

    id: Text
    name: Text
    government: Text | None = None
    name_zh: Text | None = None
    quote: Text | None = None
    quote_zh: Text | None = None
    describe: Text | None = None
    describe_zh: Text | None = None
    from_: When | None = Field(default=None, alias="from")
    until: When | None = None
    phase_in: NotNegative | None = None
    lever: Any = ()

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        in_order(self.from_, self.until)
        return self


class Joint(BaseModel):
    """[joint] of zones.toml: what some zones are together; all of them where `zones` is left out."""

    model_config = STRICT

    id: Text
    name: Text
    name_zh: Text | None = None
    quote: Text | None = None
    quote_zh: Text | None = None
    describe: Text | None = None
    describe_zh: Text | None = None
    zones: Texts | None = None


def scenarios_of(region: Any) -> dict[str, Scenario]:
    """The region's strategies, then its zones, then the zones together ([joint]), by id and in the order of the files.

    Empty for a region without them. PolicyError lists every fault of both files.
    """
    faults = Faults("the strategies and zones of the region cannot be used", PolicyError)
    found: dict[str, Scenario] = {}
    for kind, plural in (("strategy", "strategies"), ("zone", "zones")):
        raw = getattr(region, plural)
        if raw is not None:
            _read_entries(raw, kind, f"{plural}.toml", region, found, faults)
    if region.zones is not None and "joint" in region.zones:
        _read_joint(region.zones["joint"], found, faults)
    faults.raise_if_any()
    return found


def _read_entries(
    raw: Mapping[str, Any], kind: Literal["strategy", "zone"], file: str, region: Any, found: dict[str, Scenario], faults: Faults
) -> None:
    known = ["format", kind] + (["joint"] if kind == "zone" else [])
    for key in raw:
        if key not in known:
            faults.add(f"unknown key '{key}'", place=file, cure=did_you_mean(key, known))
    if raw.get("format") != 1:
        faults.add(f"format is {raw.get('format')}", place=file, expected="format = 1")
    for number, table in enumerate(raw.get(kind, ()), start=1):
        label = table.get("id", f"{kind} {number}") if isinstance(table, Mapping) else f"{kind} {number}"
        entry = parse_model(Entry, table, faults, f"{file}: {label}")

        def at(lever: int, label: str = label) -> str:
            return f"{file}: {label} (lever {lever})"

        levers = parse_levers(table.get("lever", ()), region, faults, at=at) if isinstance(table, Mapping) else ()
        if entry is not None:
            check_windows(entry, levers, faults, at)
        if entry is not None and entry.id in found:
            faults.add(f"the id '{entry.id}' is there twice", place=f"{file}: {label}", expected="one id a strategy or zone")
        elif entry is not None:
            found[entry.id] = Scenario(**entry.model_dump(exclude={"lever"}), levers=levers, kind=kind)


def _read_joint(raw: Any, found: dict[str, Scenario], faults: Faults) -> None:
    file = "zones.toml: [joint]"
    joint = parse_model(Joint, raw, faults, file)
    if joint is None:
        return
    zones = [id for id, scenario in found.items() if scenario.kind == "zone"]
    wanted = zones if joint.zones is None else list(joint.zones)
    for id in wanted:
        if id not in zones:
            faults.add(f"unknown zone '{id}'", place=file, cure=did_you_mean(id, zones))
    if joint.id in found:
        faults.add(f"the id '{joint.id}' is there twice", place=file, expected="an id of its own")
    together = combine(joint.name, [found[id] for id in wanted if id in found])
    found[joint.id] = replace(together, **joint.model_dump(exclude={"zones"}))


def zones_of_joint(region: Any) -> tuple[str, ...]:
    """The ids of the zones that [joint] puts together; () for a region without one."""
    raw = (region.zones or {}).get("joint")
    if raw is None:
        return ()
    zones = tuple(table["id"] for table in region.zones.get("zone", ()))
    return tuple(raw.get("zones", zones))
