"""What the API answers about scenarios beside each other, what moves each need, and shadow prices, as pydantic models."""

from __future__ import annotations

from bridgehead.report.web.views import Named, Number, Quantity, RowHead, Unit, View


class About(View):
    """One of two scenarios."""

    key: str
    name: str
    name_zh: str


class Total(Quantity):
    """A total of the mainland in two scenarios."""

    a: float
    b: float
    difference: float


class DifferenceRow(RowHead):
    """A row of the matrix in two scenarios: the change of each over the baseline, and b's less a's."""

    a: Number
    b: Number
    difference: Number
    note: str


class CompareView(View):
    """Two scenarios beside each other; `changes` are those of b over a, by place, with the ids of a solve's changes."""

    a: About
    b: About
    inputs: list[dict[str, str]]
    totals: list[Total]
    changes: dict[str, list[Number]]
    noise: float
    matrix: list[DifferenceRow]


class MovedRow(View):
    """What moves a row of the matrix: each mechanism alone."""

    need: str
    line: str
    moved_by: str
    moved_by_zh: str
    mechanism: str | None
    change: Number
    alone: dict[str, Number]


class MechanismsView(View):
    """What moves each need."""

    key: str
    mechanisms: list[Named]
    rows: list[MovedRow]


class PassagePrice(View):
    """What a wider passage is worth."""

    flow: str
    name: str
    name_zh: str
    level: str
    receiver: str
    supplier: str
    passage: float
    value: float


class ShadowView(View):
    """Shadow prices by place, or of passages between jurisdictions. per_percent: of land, what one per cent more of it is worth,
    which is known where the place's construction land is not."""

    key: str
    of: str
    name: str
    name_zh: str
    unit: Unit
    values: list[Number] | None
    passages: list[PassagePrice]
    per_percent: list[float] | None = None
    per_percent_unit: Unit | None = None
