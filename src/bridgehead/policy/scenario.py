"""Scenarios: named lists of levers with dates, read from TOML with every fault listed, and written back unchanged."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from bridgehead.errors import Faults, PolicyError
from bridgehead.policy.fields import STRICT, NotNegative, Text, When, first_day, in_order, last_day
from bridgehead.policy.levers import BaseLever
from bridgehead.policy.names import Names
from bridgehead.policy.parse import lever_rows, parse_levers, parse_model
from bridgehead.region.forms import to_toml


@dataclass(frozen=True)
class Scenario:
    """What is changed at once: levers, and from when until when (a year or a day), with so many years to phase in.

    `kind` and `id`, `government`, `quote` are those of a strategy or zone. `text` is the file it was read from.
    """

    name: str
    levers: tuple[BaseLever, ...] = ()
    name_zh: str | None = None
    describe: str | None = None
    describe_zh: str | None = None
    from_: int | date | None = None
    until: int | date | None = None
    phase_in: float | None = None
    kind: Literal["scenario", "strategy", "zone", "joint"] = "scenario"
    id: str = ""
    government: str | None = None
    quote: str | None = None
    quote_zh: str | None = None
    text: str | None = field(default=None, compare=False, repr=False)

    def touches(self, region: Any) -> frozenset[str]:
        """The names of `given` that its levers change."""
        return frozenset().union(*(lever.touches(region) for lever in self.levers))


class Head(BaseModel):
    """The keys of a scenario file outside its levers."""

    model_config = STRICT

    format: Literal[1]
    name: Text
    name_zh: Text | None = None
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


def read_scenario(source: str | os.PathLike[str] | Mapping[str, Any], region: Any) -> Scenario:
    """A scenario from a TOML file, or from a mapping of the same content, checked against a region.

    PolicyError lists every fault with file, row and lever number: unknown keys, levers, levels, jurisdictions, places, sectors
    (with the nearest known name), numbers out of bounds, dates that end before they start, levers the region has no data for.
    """
    file = "the scenario" if isinstance(source, Mapping) else Path(source).name
    faults = Faults(f"{file if isinstance(source, Mapping) else f'the scenario {file}'} cannot be used", PolicyError)
    table, text = (source, None) if isinstance(source, Mapping) else _parsed(Path(source), faults)
    faults.raise_if_any()
    rows = lever_rows(text or "")

    def at(number: int) -> str:
        row = f":{rows[number - 1]}" if number <= len(rows) else ""
        return f"{file}{row} (lever {number})"

    head = parse_model(Head, table, faults, file)
    levers = parse_levers(table.get("lever", ()), region, faults, at=at)
    if head is not None:
        check_windows(head, levers, faults, at)
    faults.raise_if_any()
    return Scenario(**head.model_dump(exclude={"format", "lever"}), levers=levers, id=head.name, text=text)


def _parsed(path: Path, faults: Faults) -> tuple[Mapping[str, Any], str | None]:
    try:
        text = path.read_bytes().decode("utf-8")
        return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n")), text
    except OSError as error:
        faults.add(f"the file cannot be read: {error.strerror}", place=str(path), cure="name a scenario file that is there")
    except UnicodeDecodeError:
        faults.add("the text cannot be read", place=path.name, expected="UTF-8", cure="save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        faults.add(f"the file is not valid TOML: {error}", place=path.name, cure="mend the line it names")
    return {}, None


def check_windows(head: Any, levers: Sequence[BaseLever], faults: Faults, at: Any) -> None:
    """Levers with dates of their own act within the scenario's, `from_` to `until` of its head."""
    for number, lever in enumerate(levers, start=1):
        if lever.ends is not None and head.from_ is not None and last_day(lever.ends) < first_day(head.from_):
            faults.add(f"the lever ends ({lever.ends}) before the scenario begins ({head.from_})", place=at(number))
        if lever.starts is not None and head.until is not None and last_day(head.until) < first_day(lever.starts):
            faults.add(f"the lever starts ({lever.starts}) after the scenario has ended ({head.until})", place=at(number))


def check_scenario(scenario: Scenario, region: Any) -> None:
    """PolicyError with every fault of a scenario in a region; for scenarios that were not read from a file with it."""
    faults = Faults(f"the scenario '{scenario.name}' does not fit the region '{region.meta.name}'", PolicyError)
    for number, lever in enumerate(scenario.levers, start=1):
        lever.check(Names(region, faults, at=f"lever {number}"))
    faults.raise_if_any()


def scenario_text(scenario: Scenario) -> str:
    """The scenario as TOML: the text it was read from, byte for byte, or one made of its levers."""
    if scenario.text is not None:
        return scenario.text
    head = {
        "format": 1,
        "name": scenario.name,
        "name_zh": scenario.name_zh,
        "describe": scenario.describe,
        "describe_zh": scenario.describe_zh,
        "from": scenario.from_,
        "until": scenario.until,
        "phase_in": scenario.phase_in,
    }
    return to_toml({**head, "lever": [_lever_table(lever) for lever in scenario.levers]})


def _lever_table(lever: BaseLever) -> dict[str, Any]:
    table = lever.model_dump(by_alias=True, exclude_none=True)
    kind = table.pop("lever")
    return {"lever": kind, **{key: value for key, value in table.items() if not (key == "one_way" and value is False)}}


def write_scenario(scenario: Scenario, path: str | os.PathLike[str]) -> Path:
    """Write a scenario to a TOML file; one that was read from a file is written back unchanged."""
    target = Path(path)
    target.write_bytes(scenario_text(scenario).encode("utf-8"))
    return target


def combine(name: str, scenarios: Sequence[Scenario], *, name_zh: str | None = None) -> Scenario:
    """One scenario of the levers of several, each with the dates it had; enacting it refuses what depends on their order."""
    levers = tuple(_dated(lever, scenario) for scenario in scenarios for lever in scenario.levers)
    return Scenario(name=name, name_zh=name_zh, levers=levers, kind="joint", id=name)


def _dated(lever: BaseLever, scenario: Scenario) -> BaseLever:
    """A lever with the dates of its scenario where it has none of its own."""
    own = {"starts": scenario.from_, "ends": scenario.until, "phase_in": scenario.phase_in}
    missing = {key: value for key, value in own.items() if value is not None and getattr(lever, key) is None}
    return lever.model_copy(update=missing) if missing else lever
