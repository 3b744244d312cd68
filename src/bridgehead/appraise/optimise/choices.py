"""What can be chosen: amounts of land or research money by place, and how far borders open. Each knows its bounds, what it does to the
fundamentals, how a derivative comes back from them, and the levers that say the same in a scenario file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from bridgehead.kernels import passages_of
from bridgehead.policy import BaseLever, Context, Land, Passage, Research
from bridgehead.policy.edits import Step, Target
from bridgehead.policy.levers.base import apply_steps
from bridgehead.policy.levers.land import SUPPLY

Array = np.ndarray
DUST = 1e-7
"""An amount below this share of the total is none."""


@dataclass(frozen=True, eq=False)
class Release:
    """Land to build on, km2 by place: h̄ and h̄^c × (1 + km2 / construction_land), as the lever `land` with `add_km2`.

    places: indices of the candidates; total km2 to be released; most: km2 that a place can take [candidate].
    """

    kind: ClassVar[str] = "land"
    unit: ClassVar[str] = "km2"
    context: Context
    places: Array
    total: float
    most: Array
    use: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The fundamentals it changes."""
        return SUPPLY[self.use]

    def labels(self) -> list[str]:
        """The places."""
        return [self.context.region.place_ids[n] for n in self.places]

    def _floor_a_km2(self, name: str) -> Array:
        """Floor-space supply that a further km2 carries [candidate]."""
        land = np.asarray(self.context.arrays.construction_land, dtype=float)[self.places]
        return self.context.array(Target(name))[self.places] / land

    def apply(self, given: Mapping[str, Any], amounts: Array) -> dict[str, Any]:
        """The fundamentals with these amounts on top."""
        new = dict(given)
        for name in self.names:
            supply = np.array(given[name], dtype=float)
            supply[self.places] += self._floor_a_km2(name) * amounts
            new[name] = jnp.asarray(supply)
        return new

    def back(self, slopes: Mapping[str, Any], given: Mapping[str, Any], amounts: Array) -> Array:
        """d outcome / d amount [candidate] from d outcome / d fundamental."""
        return sum(np.asarray(slopes[name])[self.places] * self._floor_a_km2(name) for name in self.names)

    def levers(self, amounts: Array) -> list[BaseLever]:
        """One lever a place that gets any."""
        return [
            Land(lever="land", place=place, add_km2=float(amount), use=self.use)
            for place, amount in zip(self.labels(), amounts, strict=True)
            if amount > DUST * self.total
        ]

    def of_levers(self, levers: Sequence[BaseLever]) -> Array:
        """km2 that the levers of a plan release for the same use [candidate]; a factor of the supply is as many km2 of the land there."""
        land = np.asarray(self.context.arrays.construction_land, dtype=float)[self.places]
        found, base = np.zeros(self.places.size), self.context.array(Target(self.names[0]))[self.places]
        for lever in levers:
            if is_release(lever, self.use):
                edit = lever.edits(self.context)[0]
                share = edit.value - 1.0 if edit.how == "multiply" else np.broadcast_to(edit.value, edit.where.shape)[self.places] / base
                found += np.where(edit.where[self.places], share * land, 0.0)
        return found


@dataclass(frozen=True, eq=False)
class Spending:
    """R&D money, million a year by place: RD + money, as the lever `research` with `add`. Fields as of `Release`."""

    kind: ClassVar[str] = "research"
    unit: ClassVar[str] = "million_{currency}/year"
    context: Context
    places: Array
    total: float
    most: Array

    names: ClassVar[tuple[str, ...]] = ("research",)

    def labels(self) -> list[str]:
        """The places."""
        return [self.context.region.place_ids[n] for n in self.places]

    def apply(self, given: Mapping[str, Any], amounts: Array) -> dict[str, Any]:
        """The fundamentals with this money on top."""
        spent = np.array(given["research"], dtype=float)
        spent[self.places] += amounts
        return {**given, "research": jnp.asarray(spent)}

    def back(self, slopes: Mapping[str, Any], given: Mapping[str, Any], amounts: Array) -> Array:
        """d outcome / d money [candidate]."""
        return np.asarray(slopes["research"])[self.places]

    def levers(self, amounts: Array) -> list[BaseLever]:
        """One lever a place that gets any."""
        return [
            Research(lever="research", place=place, add=float(amount))
            for place, amount in zip(self.labels(), amounts, strict=True)
            if amount > DUST * self.total
        ]

    def of_levers(self, levers: Sequence[BaseLever]) -> Array:
        """What the levers of a plan add at the candidates, factors in money of the baseline."""
        found, base = np.zeros(self.places.size), self.context.array(Target("research"))[self.places]
        for lever in levers:
            for edit in lever.edits(self.context) if lever.lever == "research" else ():
                here = edit.where[self.places]
                found += np.where(here, base * (edit.value - 1.0) if edit.how == "multiply" else edit.value, 0.0)
        return found


@dataclass(frozen=True, eq=False)
class Openings:
    """How far borders open, a share from 0 to `most` each: f^(1 − x), as the lever `passage` with `open`.

    borders: levers whose `open` is what is chosen. total: points of passage (0.01 log, summed over the ordered pairs that a border
    names) that may be opened in all; None for no such limit. Borders do not overlap.
    """

    kind: ClassVar[str] = "border"
    unit: ClassVar[str] = "1"
    context: Context
    borders: tuple[Passage, ...]
    most: Array
    total: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The fundamentals it changes."""
        return tuple(sorted({edit.target.name for border in self.borders for edit in border.edits(self.context)}))

    def labels(self) -> list[str]:
        """Flow, between and and, in words."""
        return [border_label(border) for border in self.borders]

    def points(self) -> Array:
        """Points of passage of a whole opening [border]: Σ −100 log f over its pairs, once a flow."""
        found = []
        for border in self.borders:
            edit = border.edits(self.context)[0]
            passage = self.context.array(edit.target)[edit.where]
            found.append(float(-100.0 * np.log(passage).sum()))
        return np.array(found)

    def _steps(self, shares: Array) -> list[Step]:
        steps = []
        for number, (border, share) in enumerate(zip(self.borders, shares, strict=True), start=1):
            lever = border.model_copy(update={"open": float(share)})
            steps += [Step(edit, number, lever.kind, None, lever.key()) for edit in lever.edits(self.context)]
        return steps

    def apply(self, given: Mapping[str, Any], shares: Array) -> dict[str, Any]:
        """The fundamentals with the borders opened."""
        return apply_steps(self._steps(shares), given, self.context)

    def back(self, slopes: Mapping[str, Any], given: Mapping[str, Any], shares: Array) -> Array:
        """d outcome / d share [border]: df/dx = −f log f⁰ over its pairs; for movers by kept income, −kept log f⁰ / ν."""
        found = []
        for border in self.borders:
            found.append(sum(self._back(edit, slopes, given) for edit in border.edits(self.context)))
        return np.array(found)

    def _back(self, edit: Any, slopes: Mapping[str, Any], given: Mapping[str, Any]) -> float:
        target, closed = edit.target, self.context.array(edit.target)
        fall = np.where(edit.where, -np.log(np.where(edit.where, closed, 1.0)), 0.0)
        if target.name == "migration_kept":
            kept, slope = np.asarray(given["migration_kept"]), np.asarray(slopes["migration_kept"])
            by_place = fall[np.ix_(*self.context.passage_cells(target.level))]
            return float((slope * kept * by_place).sum() / float(np.asarray(given["home_dispersion"])))
        now = np.asarray(passages_of(given[target.name])[target.level])
        return float((np.asarray(passages_of(slopes[target.name])[target.level]) * now * fall).sum())

    def levers(self, shares: Array) -> list[BaseLever]:
        """One lever a border that opens at all."""
        pairs = zip(self.borders, shares, strict=True)
        return [border.model_copy(update={"open": float(min(share, 1.0))}) for border, share in pairs if share > DUST]

    def of_levers(self, levers: Sequence[BaseLever]) -> Array:
        """How far the plan opens the same borders [border]; 0 where it opens them otherwise or not at all."""
        same = {key_of(border): n for n, border in enumerate(self.borders)}
        found = np.zeros(len(self.borders))
        for lever in levers:
            if lever.lever == "passage" and lever.open is not None and key_of(lever) in same:
                found[same[key_of(lever)]] = lever.open
        return found


Choice = Release | Spending | Openings


def key_of(border: Passage) -> str:
    """Which border a lever is about, whatever it does to it."""
    return border.model_copy(update={"open": 0.5, "set": None, "multiply": None}).key()


def border_label(border: Passage) -> str:
    """A border in one phrase: flow, sectors, receivers ← suppliers, or – both ways.

    >>> border_label(Passage(flow="trade", level="province", between=["A"], and_=["B"], open=0.1))
    'trade A – B'
    """
    sectors = "" if border.sector is None else f" ({', '.join(border.sector)})"
    sign = "←" if border.one_way else "–"
    return f"{border.flow}{sectors} {', '.join(border.between)} {sign} {', '.join(border.and_)}"


def is_release(lever: BaseLever, use: str | None) -> bool:
    """Whether a lever releases land for a use (None: both)."""
    return lever.lever == "land" and lever.use == use
