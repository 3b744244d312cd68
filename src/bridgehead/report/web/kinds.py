"""The kinds of jobs a server can do, and what can be set about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Options(BaseModel):
    """What can be set about a kind of job; unknown keys are faults."""

    model_config = ConfigDict(extra="forbid")


class PathOptions(Options):
    """Years of a path."""

    from_: int | None = Field(default=None, alias="from", ge=1800, le=2200, description="the first year; default: the region's")
    until: int = Field(default=2050, ge=1800, le=2200, description="the last year")
    step: int = Field(default=1, ge=1, le=50, description="years between two solved ones")
    movers: Literal["myopic", "forward"] = Field(default="myopic", description="how people who move look ahead")


class ShareOptions(Options):
    """Terms of an agreement between governments."""

    value: Literal["budget", "welfare"] = Field(default="budget", description="what a government values")
    governments: list[str] | None = Field(default=None, description="who shares; default: those of fiscal.toml")
    years: int | None = Field(default=None, ge=1, le=200, description="years the agreement runs")
    discount: float | None = Field(default=None, ge=0, lt=1, description="discount rate a year")


class ReportOptions(Options):
    """How a report is written."""

    lang: Literal["en", "zh"] = Field(default="en", description="the language it opens in")


class EnsembleOptions(ReportOptions):
    """How many draws of what is not known."""

    draws: int = Field(default=200, ge=1, le=20_000, description="draws; sixty or more say what drives a number")
    seed: int = Field(default=0, ge=0, description="the same seed, the same numbers")
    method: Literal["latin_hypercube", "sobol"] = Field(default="latin_hypercube", description="how the numbers are spread")
    batch: int = Field(default=5, ge=1, le=100, description="draws made and kept together")
    paths: int | None = Field(default=None, ge=0, description="how many of the first draws have a path too; default: one in ten")
    until: int = Field(default=2050, ge=1800, le=2200, description="the last year of their paths")

    @model_validator(mode="after")
    def _no_more_paths_than_draws(self) -> EnsembleOptions:
        if self.paths is not None and self.paths > self.draws:
            raise ValueError(f"paths of {self.paths} draws, where {self.draws} are made")
        return self


class OptimiseOptions(Options):
    """A question of optimal plans."""

    problem: dict[str, Any] = Field(
        default={}, description="a problem file as JSON (docs/formats.md): raise, keep, than, land, research, border, front …"
    )


@dataclass(frozen=True)
class Kind:
    """One kind: the call of the solving process, its options, and whether it can go on where it was interrupted."""

    call: str
    options: type[Options]
    name: str
    name_zh: str
    resumable: bool = False

    def as_dict(self, id: str) -> dict[str, Any]:
        """The kind for the page."""
        schema = self.options.model_json_schema()
        return {"id": id, "name": self.name, "name_zh": self.name_zh, "resumable": self.resumable, "options": schema["properties"]}


KINDS: dict[str, Kind] = {
    "path": Kind("path", PathOptions, "Path over years", "逐年路径"),
    "share": Kind("share", ShareOptions, "Sharing between governments", "政府间收益分享"),
    "optimise": Kind("optimise", OptimiseOptions, "Optimal plan", "最优方案"),
    "ensemble": Kind("ensemble", EnsembleOptions, "How sure: many draws", "不确定性：多次抽样", resumable=True),
    "appraise": Kind("appraise", ReportOptions, "Appraisal and report", "评估与报告"),
}
"""By the id that a request names."""
