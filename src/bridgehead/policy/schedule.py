"""When levers act on a path: what share of each is in during a year, and what the model is given then (formats.md, "Scenario file").

A year is looked at in its middle, as the region's own year is for its links. A lever is in from the first day of `starts` (its
scenario's `from` where it has none) to the last of `ends` (`until`); over `phase_in` years from its start it comes in evenly.
Without a start it is in from the first year of the path. A link is open or shut: it opens on `opened` or its start, the later one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from bridgehead.policy.context import Context
from bridgehead.policy.edits import Edit, Step, Target
from bridgehead.policy.enact import refuse_conflicts
from bridgehead.policy.fields import first_day, last_day
from bridgehead.policy.levers import BaseLever, Link
from bridgehead.policy.levers.base import apply_steps
from bridgehead.policy.levers.link import DECAYS
from bridgehead.policy.scenario import Scenario, check_scenario
from bridgehead.region.travel import middle_of, travel_times, with_link

DAYS = 365.25
NO_LEVER = Scenario("baseline")


@dataclass(frozen=True)
class Window:
    """From which day until which a lever acts (None: always), and the years it takes to come in."""

    begins: date | None
    ends: date | None
    phase_in: float

    def share(self, year: int, first: int) -> float:
        """What share of the lever is in in the middle of a year, 0 to 1; `first` is the path's first year."""
        now = middle_of(year)
        begins = first_day(first) if self.begins is None else self.begins
        if (self.begins is not None and now < begins) or (self.ends is not None and now > self.ends):
            return 0.0
        if self.phase_in == 0:
            return 1.0
        return min(1.0, max(0.0, (now - begins).days / DAYS / self.phase_in))


def window_of(lever: BaseLever, scenario: Scenario) -> Window:
    """A lever's dates, its scenario's where it has none of its own; a link also waits for its opening."""
    starts = scenario.from_ if lever.starts is None else lever.starts
    ends = scenario.until if lever.ends is None else lever.ends
    phase = scenario.phase_in if lever.phase_in is None else lever.phase_in
    days = [first_day(when) for when in (starts, getattr(lever, "opened", None)) if when is not None]
    return Window(max(days) if days else None, None if ends is None else last_day(ends), 0.0 if isinstance(lever, Link) else phase or 0.0)


def scaled(edit: Edit, share: float, start: np.ndarray) -> Edit:
    """An edit of which a share is in; `start` is the array of the baseline.

    A sum or a factor of a number grows evenly; factors of kernels, passages and kept income, and the opening of borders, in logs;
    a set goes evenly from the baseline to its value. What replaces a whole array cannot be half in: it is, once it has begun.
    """
    if share == 1.0 or edit.how == "replace":
        return edit
    value = np.asarray(edit.value, dtype=float)
    if edit.how in ("add", "open"):
        return replace(edit, value=value * share)
    if edit.how == "set":
        return replace(edit, value=start + share * (value - start))
    in_logs = edit.target.part != "array" or edit.target.name == "migration_kept"
    whole = np.where(value > 0, np.where(value > 0, value, 1.0) ** share, 1.0 - share)
    return replace(edit, value=whole if in_logs else 1.0 + share * (value - 1.0))


@dataclass(eq=False)
class Schedule:
    """What the model is given in each year of a path under one scenario (the baseline's path: `Schedule(context, first)`).

    context: the baseline as levers see it, one for both paths. first: the path's first year. Links of the region that open after its own
    year open in every path. Years in which the same shares of the same levers are in are given the same objects. PolicyError: a lever
    does not fit the region, or levers that are in together depend on an order they do not carry.
    """

    context: Context
    first: int
    scenario: Scenario = NO_LEVER
    _edits: dict[int, tuple[Edit, ...]] = field(default_factory=dict, repr=False)
    _given: dict[Any, dict[str, Any]] = field(default_factory=dict, repr=False)
    _saved: dict[Any, np.ndarray] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        check_scenario(self.scenario, self.context.region)
        self.windows = tuple(window_of(lever, self.scenario) for lever in self.scenario.levers)

    def beside(self, scenario: Scenario) -> Schedule:
        """The schedule of another scenario over the same years; travel times that both need are computed once."""
        return Schedule(self.context, self.first, scenario, _saved=self._saved)

    def shares(self, year: int) -> tuple[float, ...]:
        """What share of each lever is in."""
        return tuple(window.share(year, self.first) for window in self.windows)

    def idle(self, years: Iterable[int]) -> tuple[str, ...]:
        """The levers that act in none of some years, by title: their dates lie outside, or between two of them."""
        shares = [self.shares(year) for year in years]
        return tuple(
            f"{number}, {lever.title()},"
            for number, lever in enumerate(self.scenario.levers, start=1)
            if all(share[number - 1] == 0 for share in shares)
        )

    def given(self, year: int) -> Mapping[str, Any]:
        """The fundamentals of a year."""
        shares, opened = self.shares(year), self._opened(year)
        key = (shares, opened)
        if key not in self._given:
            steps = [*self._steps(shares), *self._network(shares, opened, year)]
            refuse_conflicts(steps, self.context, name=f"{self.scenario.name} in {year}")
            new = apply_steps(steps, self.context.given, self.context)
            self._given[key] = self._shared(new)
        return self._given[key]

    def _shared(self, new: dict[str, Any]) -> dict[str, Any]:
        """The same fundamentals, with the very object of an earlier year for every kernel that is equal to it."""
        for known in self._given.values():
            for name, value in known.items():
                if hasattr(value, "apply") and new[name] is not value and _equal(new[name], value):
                    new[name] = value
        return new

    def _steps(self, shares: tuple[float, ...]) -> list[Step]:
        steps = []
        for number, (lever, share) in enumerate(zip(self.scenario.levers, shares, strict=True), start=1):
            if share == 0 or isinstance(lever, Link):
                continue
            if number not in self._edits:
                self._edits[number] = lever.edits(self.context)
            for edit in self._edits[number]:
                part = scaled(edit, share, self.context.array(edit.target)) if share < 1 else edit
                steps.append(Step(part, number, lever.name or lever.kind, lever.order, lever.key()))
        return steps

    def _opened(self, year: int) -> int:
        """How many links of the region's own are open: two years with as many have the same ones."""
        links = self.context.region.links
        if links is None:
            return 0
        return int((links["opened"].is_null() | (links["opened"] < middle_of(year))).sum())

    def _network(self, shares: tuple[float, ...], opened: int, year: int) -> list[Step]:
        """Factors of the kernels that fall with time, for all links that are open in the year."""
        levers = {n: lever for n, lever in enumerate(self.scenario.levers, start=1) if isinstance(lever, Link) and shares[n - 1] > 0}
        if not levers and opened == self._opened(self.context.region.meta.year):
            return []
        change = self._minutes_saved([lever for _, lever in sorted(levers.items())], opened, year)
        number = min(levers, default=0)
        edits = [
            Edit(Target(name, "matrix"), "multiply", change != 0.0, np.exp(self.context.parameters[rate] * change))
            for name, rate in DECAYS.items()
        ]
        return [Step(edit, number, "links", None, "links") for edit in edits]

    def _minutes_saved(self, levers: list[Link], opened: int, year: int) -> np.ndarray:
        """t of the data − t of the year [home, work] in minutes, 0 to and from outside places."""
        region = self.context.region
        key = (tuple(sorted(lever.key() for lever in levers)), opened)
        if key in self._saved:
            return self._saved[key]
        inside = np.flatnonzero(np.asarray(region.inside))
        ids, land = [region.place_ids[n] for n in inside], np.asarray(self.context.arrays.land_km2)[inside]
        links = region.links
        for lever in sorted(levers, key=lambda lever: lever.key()):
            links = with_link(links, lever.from_, lever.to, mode=lever.mode, minutes=lever.minutes)
        if "data" not in self._saved:
            self._saved["data"] = travel_times(region.links, region.meta.modes, ids, land, date=middle_of(region.meta.year))
        old = self._saved["data"]
        new = travel_times(links, region.meta.modes, ids, land, date=middle_of(year))
        saved = np.zeros((len(region.place_ids),) * 2)
        saved[np.ix_(inside, inside)] = np.where(old == new, 0.0, np.where(np.isfinite(old), old, new) - new)
        self._saved[key] = saved
        return saved


def _equal(one: Any, other: Any) -> bool:
    """Whether two kernels hold the same numbers."""
    import jax

    pairs = zip(jax.tree_util.tree_leaves(one), jax.tree_util.tree_leaves(other), strict=True)
    return all(a is b or np.array_equal(np.asarray(a), np.asarray(b)) for a, b in pairs)


def enact_at(
    scenario: Scenario, baseline: Any, year: int, *, first: int | None = None, context: Context | None = None
) -> Mapping[str, Any]:
    """The fundamentals of one year under a scenario's dates. first: the path's first year (default: the region's)."""
    context = Context.of(baseline) if context is None else context
    return Schedule(context, context.region.meta.year if first is None else first, scenario).given(year)
