"""What the API answers about levers, as pydantic models: kinds, their strengths and fields, and the region's plans as presets."""

from __future__ import annotations

from typing import Any, Literal

from bridgehead.report.web.views import Named, Number, Unit, View


class Strength(View):
    """How strong a lever is: the ends of its slider (min, max), where it does nothing (neutral), and what the lever accepts (least, most)."""

    key: str
    name: str
    name_zh: str
    unit: Unit
    min: float
    max: float
    least: Number
    most: Number
    neutral: Number
    default: float
    step: float
    scale: Literal["linear", "log"]


class FieldView(View):
    """One key of a lever; `choices` where it is one of some, `level_from` the key whose level its jurisdictions have."""

    key: str
    name: str
    name_zh: str
    kind: str
    required: bool
    choices: list[Named] | None = None
    level_from: str | None = None
    inside: bool | None = None
    min: Number = None
    unit: Unit | None = None


class LeverKind(View):
    """A kind of lever. `where`: groups of keys of which exactly one says where it acts."""

    lever: str
    name: str
    name_zh: str
    describe: str
    describe_zh: str
    strengths: list[Strength]
    fields: list[FieldView]
    where: list[list[str]]
    available: bool
    why_not: str | None


class Control(View):
    """A lever of a preset that can be moved: its value, its sourced range (low, high), the ends of its slider, and who consents."""

    lever: int
    kind: str
    key: str
    name: str
    name_zh: str
    value: float
    low: Number
    high: Number
    min: float
    max: float
    neutral: Number
    step: float
    scale: Literal["linear", "log"]
    unit: Unit
    source: str | None
    where: str
    mechanisms: list[str]
    by: list[str]
    title: str | None


class Preset(Named):
    """A strategy or zone of the region, with its levers as JSON of the scenario file."""

    kind: Literal["strategy", "zone", "joint"]
    government: str | None
    describe: str
    describe_zh: str
    quote: str
    quote_zh: str
    scenario: dict[str, Any]
    controls: list[Control]


class LeversView(View):
    """Controls made from the levers' own parameters."""

    kinds: list[LeverKind]
    common: list[FieldView]
    presets: list[Preset]
