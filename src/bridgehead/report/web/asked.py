"""What the API is asked, as pydantic models."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Scenario = dict[str, Any]
"""A scenario file as JSON: docs/formats.md, "Scenario file"; days are texts such as "2030-01-01"."""


UNFIT = re.compile("[\x00\ud800-\udfff]")
"""What no text file and no database takes: NUL, and halves of characters."""
MOST_ID = 2**31 - 1
"""The largest number of an entry that every database has."""


class Asked(BaseModel):
    """A body; unknown keys are faults, and so is text that could not be kept."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _fit(cls, data: Any) -> Any:
        rest = [data]
        while rest:
            part = rest.pop()
            if isinstance(part, str) and UNFIT.search(part):
                raise ValueError("a text holds characters that cannot be kept: NUL, or half of one")
            if isinstance(part, dict):
                rest += [*part, *part.values()]
            elif isinstance(part, list):
                rest += part
        return data


class Plan(Asked):
    """Which scenario: its content, a strategy or zone of the region, or one that is saved; none of them is the baseline."""

    scenario: Scenario | None = Field(default=None, description="the scenario as JSON of the TOML schema")
    preset: str | None = Field(default=None, description="the id of a strategy or zone of the region")
    saved: int | None = Field(default=None, ge=1, le=MOST_ID, description="the number of a saved scenario")

    @model_validator(mode="after")
    def _one(self) -> Plan:
        if sum(value is not None for value in (self.scenario, self.preset, self.saved)) > 1:
            raise ValueError("at most one of `scenario`, `preset` and `saved` names the scenario")
        return self


class SolveAsked(Plan):
    """A scenario to solve. Of one view of a session only the newest waits; `number` comes back with the answer."""

    view: str | None = Field(default=None, max_length=40)
    number: int | None = None


class SignIn(Asked):
    """A name and password, or the server's token."""

    name: str | None = Field(default=None, max_length=80)
    password: str | None = Field(default=None, max_length=1000)
    token: str | None = Field(default=None, max_length=1000)


class JobAsked(Plan):
    """Something that takes longer than a moment."""

    kind: str
    region: str
    options: dict[str, Any] = {}


class Saved(Asked):
    """A scenario to save."""

    region: str
    scenario: Scenario
    note: str = Field(default="", max_length=4000)


class Change(Asked):
    """What is changed of a saved scenario, of the revision that the page knows."""

    revision: int = Field(ge=1, le=MOST_ID)
    scenario: Scenario | None = None
    name: str | None = Field(default=None, min_length=1, max_length=200)
    note: str | None = Field(default=None, max_length=4000)


class Copy(Asked):
    """What a copy is called."""

    name: str | None = Field(default=None, min_length=1, max_length=200)


class Restore(Asked):
    """The revision that becomes the newest again."""

    revision: int = Field(ge=1, le=MOST_ID)


class LinkAsked(Asked):
    """What a link reopens."""

    state: dict[str, Any]


class UploadedFile(Asked):
    """One file of a region folder, its content as base64."""

    name: str = Field(max_length=200)
    base64: str


class Upload(Asked):
    """The files of a region folder."""

    files: list[UploadedFile]


Flow = Literal["commuting", "goods", "people"]
