"""What the API answers about what is kept and what runs long, as pydantic models."""

from __future__ import annotations

from typing import Any

from bridgehead.report.web.views import FaultView, View


class EntryView(View):
    """A saved scenario."""

    id: int
    region: str
    name: str
    name_zh: str
    note: str
    revision: int
    owner: str
    created: str
    changed: str
    changed_by: str
    scenario: dict[str, Any]


class LibraryView(View):
    """What is saved."""

    scenarios: list[EntryView]


class InputChange(View):
    """One input that differs."""

    input: str
    a: str
    b: str


class HistoryRow(View):
    """One change: when, by whom, what."""

    revision: int
    at: str
    who: str
    action: str
    name: str
    note: str
    changes: list[InputChange]


class HistoryView(View):
    """All changes of a scenario, the latest first."""

    id: int
    history: list[HistoryRow]


class LinkMade(View):
    """The id of a new link."""

    id: str


class LinkView(View):
    """What a link reopens."""

    state: dict[str, Any]


class JobView(View):
    """A job: what it is, how far it is, and how long it will take."""

    id: int
    kind: str
    region: str
    name: str
    state: str
    done: int
    total: int
    label: str
    seconds: float
    seconds_left: float | None
    position: int | None
    error: str | None
    faults: list[FaultView]
    resumable: bool
    mine: bool
    who: str
    created: str
    options: dict[str, Any]


class JobList(View):
    """Jobs, the newest first."""

    jobs: list[JobView]


class RevisionView(View):
    """A saved scenario as it was."""

    id: int
    revision: int
    at: str
    who: str
    action: str
    name: str
    note: str
    scenario: dict[str, Any]
    text: str


class KindView(View):
    """A kind of job, and what can be set about it (JSON Schema)."""

    id: str
    name: str
    name_zh: str
    resumable: bool
    options: dict[str, Any]


class KindList(View):
    """What a server can do."""

    kinds: list[KindView]
