"""What a path needs beside a region: its years, and the four parameters of change (model.md §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridgehead.errors import DataError, Faults, did_you_mean

FIRST_YEAR, LAST_YEAR, MOST_YEARS = 1800, 2500, 500
TREND, OF_SECTOR = "productivity_trend", "productivity_trend_"


@dataclass(frozen=True)
class Default:
    """What a parameter of the path is where the region gives none: stated with every path as an assumption."""

    value: float
    low: float
    high: float
    meaning: str
    source: str = "assumption"


DEFAULTS: dict[str, Default] = {
    TREND: Default(0.03, 0.01, 0.05, "g: growth of the productivity of value added a year, where a sector has none of its own"),
    "research_decay": Default(0.15, 0.10, 0.25, "d: share of the R&D stock that is lost in a year"),
    "idea_diffusion": Default(0.02, 0.0, 0.05, "rho_N: share of a productivity gap that ideas close in a year"),
    "mover_share": Default(0.05, 0.02, 0.15, "m: share of people who are free to move in a year"),
}


@dataclass(frozen=True)
class PathSettings:
    """Years of a path and its parameters.

    years: rising. trend g_s [sector] a year, in logs. research_decay d in (0, 1]; diffusion ρ_N ≥ 0 a year; mover_share m in (0, 1].
    assumed: names whose values are this package's defaults and not the region's.
    """

    years: tuple[int, ...]
    trend: np.ndarray
    research_decay: float
    diffusion: float
    mover_share: float
    assumed: tuple[str, ...] = ()

    def steps_to(self, position: int) -> int:
        """Years since the year before; 1 for the first, which follows upon the data."""
        return 1 if position == 0 else self.years[position] - self.years[position - 1]


def path_years(start: int, until: int, step: int = 1) -> tuple[int, ...]:
    """The years start, start + step, … until (always the last one). DataError lists what is wrong with them."""
    faults = Faults("the years of the path cannot be used", DataError)
    if until < start:
        faults.add(f"the path ends in {until}, before it starts in {start}", expected="--from at most --until")
    if step < 1:
        faults.add(f"the step is {step} years", expected="one year or more")
    for name, year in (("starts", start), ("ends", until)):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            faults.add(f"the path {name} in {year}", expected=f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    faults.raise_if_any()
    years = [*range(start, until, step), until]
    if len(years) > MOST_YEARS:
        faults.add(f"the path has {len(years)} years to solve", expected=f"at most {MOST_YEARS}", cure="take a longer --step")
    faults.raise_if_any()
    return tuple(years)


def path_settings(region: Any, years: tuple[int, ...], given: Mapping[str, float] | None = None) -> PathSettings:
    """The settings of a path: values in `given` before the region's parameters before `DEFAULTS`; a sector's own trend before the common one.

    DataError lists every unknown name, every sector a trend names that is not there, and every number out of bounds.
    """
    faults = Faults("the parameters of the path cannot be used", DataError)
    own = {name: entry.value for name, entry in region.parameters.items() if name in DEFAULTS or name.startswith(OF_SECTOR)}
    values = own | dict(given or {})
    for name in values:
        if name.startswith(OF_SECTOR):
            sector = name.removeprefix(OF_SECTOR)
            if sector not in region.sector_names:
                faults.add(f"'{name}' names no sector of the region", cure=did_you_mean(sector, region.sector_names))
        elif name not in DEFAULTS:
            faults.add(f"unknown parameter '{name}' of a path", cure=did_you_mean(name, DEFAULTS))
    assumed = tuple(name for name in DEFAULTS if name not in values)
    values = {name: entry.value for name, entry in DEFAULTS.items()} | values
    trend = np.array([values.get(OF_SECTOR + sector, values[TREND]) for sector in region.sector_names])
    _check(values, trend, faults)
    faults.raise_if_any()
    return PathSettings(tuple(years), trend, values["research_decay"], values["idea_diffusion"], values["mover_share"], assumed)


def _check(values: Mapping[str, float], trend: np.ndarray, faults: Faults) -> None:
    for name, expected, good in (
        ("research_decay", "above 0 and at most 1: at 0 the stock would have no steady state", 0 < values["research_decay"] <= 1),
        ("idea_diffusion", "from 0 to 1", 0 <= values["idea_diffusion"] <= 1),
        ("mover_share", "above 0 and at most 1", 0 < values["mover_share"] <= 1),
        (TREND, "between -1 and 1 in every sector", bool((np.abs(trend) < 1).all())),
    ):
        if not good:
            faults.add(f"{name} is {values[name]:g}", expected=expected)
