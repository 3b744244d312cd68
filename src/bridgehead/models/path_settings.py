"""What a path needs beside a region: its years, how movers look ahead, and the parameters of change (model.md §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bridgehead.errors import DataError, Faults, did_you_mean

FIRST_YEAR, LAST_YEAR, MOST_YEARS = 1800, 2500, 500
TREND, OF_SECTOR = "productivity_trend", "productivity_trend_"
MYOPIC, FORWARD = "myopic", "forward"
MOVERS = (MYOPIC, FORWARD)
"""How movers choose: by what homes are worth this year, or by what they will be worth over a stay."""

TAIL = (1, 2, 4, 8, 16, 32)
"""Years between the solved ones that follow upon the last year asked for, where movers look ahead."""


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
    "research_growth": Default(0.0, 0.0, 0.03, "growth of R&D spending a year beyond that of the economy"),
    "idea_diffusion": Default(0.02, 0.0, 0.05, "rho_N: share of a productivity gap that ideas close in a year"),
    "mover_share": Default(0.05, 0.02, 0.15, "m: share of people who are free to move in a year"),
    "discount_factor": Default(0.96, 0.92, 0.98, "beta: what next year counts for movers who look ahead"),
}


@dataclass(frozen=True)
class PathSettings:
    """Years of a path and its parameters.

    years: those that are solved, rising; the first is that of the data. shown: those among them that were asked for. trend g_s
    [sector] a year, in logs. research_decay d in (0, 1]; research_growth n a year, in logs; diffusion ρ_N ≥ 0 a year; mover_share m
    in (0, 1]; movers: one of `MOVERS`; discount β in [0, 1). assumed: names whose values are this package's defaults and not the
    region's; given: names whose values the caller gave.
    """

    years: tuple[int, ...]
    shown: tuple[int, ...]
    trend: np.ndarray
    research_decay: float
    research_growth: float
    diffusion: float
    mover_share: float
    movers: str
    discount: float
    assumed: tuple[str, ...] = ()
    given: Mapping[str, float] = field(default_factory=dict)

    def steps_to(self, position: int) -> int:
        """Years since the year before; 1 for the first, which follows upon the data."""
        return 1 if position == 0 else self.years[position] - self.years[position - 1]

    def patience(self, position: int) -> float:
        """b = (β (1 − m))^k: what all years after this one weigh for who moves now; k years to the next. 0 in the last, and where
        movers are myopic. Who moves knows that she stays a further year with 1 − m, and discounts it by β."""
        if self.movers == MYOPIC or position == len(self.years) - 1:
            return 0.0
        return (self.discount * (1.0 - self.mover_share)) ** self.steps_to(position + 1)


@dataclass(frozen=True)
class PathYears:
    """The years of a path: `solved`, rising from the data's year, and `shown`, those among them that were asked for."""

    solved: tuple[int, ...]
    shown: tuple[int, ...]


def path_years(data: int, start: int | None, until: int, step: int = 1, *, movers: str = MYOPIC) -> PathYears:
    """The years start, start + step, … until (always the last one); and those solved beside them.

    data: the region's year, in which every path begins: the years from it to a later start are solved and not shown. Where movers
    look ahead, so are some years after the last, ever further apart. DataError lists what is wrong.
    """
    faults = Faults("the years of the path cannot be used", DataError)
    first = data if start is None else start
    if movers not in MOVERS:
        faults.add(f"unknown movers '{movers}'", expected=" or ".join(MOVERS), cure=did_you_mean(movers, MOVERS))
    if until < first:
        faults.add(f"the path ends in {until}, before it starts in {first}", expected="--from at most --until")
    elif first < data:
        faults.add(f"the path starts in {first}, before the data, which are of {data}", expected=f"--from at least {data}")
    if step < 1:
        faults.add(f"the step is {step} years", expected="one year or more")
    for name, year in (("starts", first), ("ends", until)):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            faults.add(f"the path {name} in {year}", expected=f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    faults.raise_if_any()
    shown = [*range(first, until, step), until]
    solved = [*range(data, first, step), *shown]
    if movers == FORWARD:
        solved += (until + np.cumsum(TAIL)).tolist()
    if len(solved) > MOST_YEARS:
        faults.add(f"the path has {len(solved)} years to solve", expected=f"at most {MOST_YEARS}", cure="take a longer --step")
    faults.raise_if_any()
    return PathYears(tuple(solved), tuple(shown))


def path_settings(region: Any, years: PathYears, given: Mapping[str, float] | None = None, *, movers: str = MYOPIC) -> PathSettings:
    """The settings of a path: values in `given` before the region's parameters before `DEFAULTS`; a sector's own trend before the common one.

    DataError lists every unknown name, every sector a trend names that is not there, and every number out of bounds.
    """
    faults = Faults("the parameters of the path cannot be used", DataError)
    own = {name: entry.value for name, entry in region.parameters.items() if name in DEFAULTS or name.startswith(OF_SECTOR)}
    values = own | dict(given or {})
    for name in values:
        if name.startswith(OF_SECTOR) and name.removeprefix(OF_SECTOR) not in region.sector_names:
            cure = did_you_mean(name.removeprefix(OF_SECTOR), region.sector_names)
            faults.add(f"'{name}' names no sector", place="parameters.toml", expected=" or ".join(region.sector_names), cure=cure)
        elif name not in DEFAULTS and not name.startswith(OF_SECTOR):
            faults.add(f"unknown parameter '{name}' of a path", cure=did_you_mean(name, DEFAULTS))
    unused = {"discount_factor"} if movers == MYOPIC else set()
    assumed = tuple(name for name in DEFAULTS if name not in values and name not in unused)
    values = {name: entry.value for name, entry in DEFAULTS.items()} | values
    trend = np.array([values.get(OF_SECTOR + sector, values[TREND]) for sector in region.sector_names])
    _check(values, trend, faults)
    faults.raise_if_any()
    numbers = (values[name] for name in ("research_decay", "research_growth", "idea_diffusion", "mover_share"))
    return PathSettings(years.solved, years.shown, trend, *numbers, movers, values["discount_factor"], assumed, dict(given or {}))


def _check(values: Mapping[str, float], trend: np.ndarray, faults: Faults) -> None:
    for name, expected, good in (
        ("research_decay", "above 0 and at most 1: at 0 the stock would have no steady state", 0 < values["research_decay"] <= 1),
        ("research_growth", "between -1 and 1", -1 < values["research_growth"] < 1),
        ("idea_diffusion", "from 0 to 1", 0 <= values["idea_diffusion"] <= 1),
        ("mover_share", "above 0 and at most 1", 0 < values["mover_share"] <= 1),
        ("discount_factor", "from 0 to below 1", 0 <= values["discount_factor"] < 1),
        (TREND, "between -1 and 1 in every sector", bool((np.abs(trend) < 1).all())),
    ):
        if not good:
            faults.add(f"{name} is {values[name]:g}", expected=expected)
