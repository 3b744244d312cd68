"""What the API answers about regions and results, as pydantic models: OpenAPI is made from them, and a test holds the answers to them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Number = float | None
"""A number, or null where there is none; never 0 for what is not known."""


class View(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid")


class BaseUnit(View):
    """The unit of a level whose changes are in a smaller one: per cent beside basis points."""

    en: str
    zh: str
    scale: float


class Unit(View):
    """How a number is shown: number × scale, then the label, in either language; `base` for levels, where they have another."""

    id: str
    en: str
    zh: str
    scale_en: float
    scale_zh: float
    base: BaseUnit | None = None


class Named(View):
    """An id with its names."""

    id: str
    name: str
    name_zh: str


class Quantity(Named):
    """A quantity with its unit."""

    unit: Unit


class FaultView(View):
    """One thing wrong with an input."""

    cause: str
    place: str = ""
    expected: str = ""
    cure: str = ""


class Problem(BaseModel):
    """The body of every answer that is an error. All faults of an input are listed."""

    error: str
    code: str = ""
    faults: list[FaultView] = []


class RegionHead(View):
    """A region in a list."""

    id: str
    name: str | None
    name_zh: str | None
    year: int | None
    currency: str | None
    places: int | None
    own: bool
    state: Literal["closed", "reading", "calibrating", "ready", "refused"]
    error: dict[str, Any] | None
    data_hash: str | None


class RegionList(View):
    """All regions, and the one the server was started for."""

    default: str
    regions: list[RegionHead]


class Place(Named):
    """A place; `inferred`: its value added is."""

    lon: Number
    lat: Number
    land_km2: float
    outside: bool
    inferred: bool
    zone_side: bool
    jurisdictions: dict[str, str]


class Variable(Quantity):
    """What the map can show."""

    fact: str | None


class Zone(View):
    """The sides of a zone that straddles a border."""

    sides: list[str]
    inferred: bool


class Provenance(View):
    """Which data, which version."""

    data_hash: str
    version: str


class RegionView(Named):
    """A region, before anything is solved."""

    describe: str
    year: int
    currency: str
    state: str
    provenance: Provenance
    places: list[Place]
    levels: list[str]
    level_names: dict[str, dict[str, str]]
    bordered_levels: list[str]
    jurisdictions: dict[str, list[Named]]
    origins: list[Named]
    sectors: list[Named]
    governments: list[Named]
    variables: dict[str, list[Variable]]
    zone: Zone | None


class Label(Named):
    """A name on the map and where it stands."""

    at: tuple[float, float]


class MapView(View):
    """A region drawn in steps of `step_metres`, north up: SVG paths by place, lines of borders, view boxes (x, y, width, height)."""

    view: tuple[float, float, float, float]
    inset: tuple[float, float, float, float] | None
    drawn: Literal["boundaries", "discs"]
    step_metres: float
    paths: list[str | None]
    anchors: list[tuple[float, float] | None]
    lines: dict[str, str]
    labels: list[Label]


class Certificate(View):
    """How right a solution is; `complete` once the smallest singular value has been measured."""

    outcome: str
    reason: str
    gap: Number
    estimated_distance: Number
    smallest_singular_value: Number
    worst: dict[str, str]
    identities: dict[str, Number]
    uniqueness_radius: Number
    steps: int
    precision: str
    input_hash: str
    version: str
    warnings: list[str]
    starts: int
    spread: Number
    line: str
    line_zh: str
    complete: bool
    key: str | None = None


class RowHead(View):
    """What a row of the matrix is."""

    need: str
    line: str
    government: str
    government_name: str
    government_name_zh: str
    name: str
    name_zh: str
    quote: str
    quote_zh: str
    measure: str
    measure_zh: str
    function: str
    formula: str
    unit: Unit
    better: Literal["up", "down"]
    target: Number
    baseline: Number


class MatrixRow(RowHead):
    """A row of the matrix in one scenario; `change` is null where it is undefined, with the reason in `note`."""

    value: Number
    change: Number
    change_percent: Number
    status: Literal["solved", "zero_by_construction", "within_error", "undefined", "not_solved"]
    note: str


class MatrixView(View):
    """Every need in one scenario."""

    key: str
    kind: str
    rows: list[MatrixRow]


class OriginPeople(View):
    """People of an origin."""

    id: str
    people: float


class BaselineView(View):
    """The data as a certified equilibrium. Arrays are in the order of the region's places."""

    levels: dict[str, list[Number]]
    inferred: dict[str, list[int]]
    places: dict[str, list[Number]]
    quantities: list[Quantity]
    certificate: Certificate
    matrix: list[RowHead]
    origins: list[OriginPeople]


class Fact(View):
    """One figure with its source."""

    variable: str
    name: str
    name_zh: str
    sector: str | None = None
    year: int
    value: float
    unit: Unit
    source: str
    note: str = ""
    status: Literal["observed", "inferred"]


class FactsView(View):
    """What is known of a place."""

    place: str
    facts: list[Fact]


class ZoneRow(View):
    """What one part of the mainland gains from a scenario: bn a year, and per cent of itself."""

    row: str
    group: str
    name: str
    name_zh: str
    value_added: float
    welfare: float
    value_added_percent: Number
    value_of_living_percent: Number


class SolveView(View):
    """The answer to a scenario. Without a certified solution: outcome not_solved, the reason, the worst place, and no numbers."""

    key: str
    outcome: Literal["solved", "not_solved"]
    region: str
    name: str
    kind: str
    text: str
    data_hash: str
    number: int | None
    certificate: Certificate | None
    milliseconds: float
    reason: str | None = None
    worst: dict[str, str] | None = None
    places: dict[str, list[Number]] | None = None
    changes: dict[str, list[Number]] | None = None
    noise: float | None = None
    totals: dict[str, Any] | None = None
    zone: list[ZoneRow] | None = None
    levers_found: list[dict[str, Any]] | None = None


class Pair(View):
    """A number in the baseline and in the scenario."""

    baseline: Number
    value: Number
    change: Number
    change_percent: Number


class PairOf(Quantity, Pair):
    """A quantity in the baseline and in the scenario."""


class SectorView(View):
    """A sector of a place."""

    sector: str
    name: str
    name_zh: str
    numbers: list[PairOf]


class PlaceView(View):
    """A place in one scenario, baseline beside it."""

    key: str
    place: str
    name: str
    name_zh: str
    accounts: list[PairOf]
    state: list[PairOf]
    sectors: list[SectorView]
    inferred: bool


class Flow(Named, Pair):
    """A flow to or from one place."""


class FlowsView(Quantity):
    """Flows of one kind to and from a place."""

    key: str
    place: str
    flow: str
    out: list[Flow]
    in_: list[Flow] = Field(alias="in")
    own: Pair | None
    out_total: Pair | None = None
    in_total: Pair | None = None


class StepView(View):
    """One link of the chain from lever to welfare."""

    stage: str
    name: str
    name_zh: str
    before: Number
    after: Number
    unit: str
    shown: Unit
    equation: str
    source: str
    source_zh: str
    change_percent: Number


class ExplainView(View):
    """The chain behind a place's result."""

    key: str
    place: str
    name: str
    name_zh: str
    steps: list[StepView]
