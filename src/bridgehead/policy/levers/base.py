"""What all levers have in common."""

from __future__ import annotations

import json
from abc import abstractmethod
from typing import Any, Self

import numpy as np
from pydantic import BaseModel, Field, model_validator

from bridgehead.errors import Faults, PolicyError
from bridgehead.policy.context import Context, Given, kept_with_passages, read, written
from bridgehead.policy.edits import Edit, Step, Target, composed
from bridgehead.policy.fields import STRICT, Jurisdiction, NotNegative, Number, Text, Texts, When, first_day, last_day
from bridgehead.policy.names import Names

# Keys that say how strong a lever is; a lever has one of those its model knows. `low` and `high` are values of the same key.
STRENGTHS = ("multiply", "set", "open", "raise_value_added", "add_km2", "add", "minutes")


class BaseLever(BaseModel):
    """A change of what the model is given: frozen, and a function of fundamentals to new fundamentals.

    name, source, low, high describe it; by names the governments whose consent it needs; starts, ends (a year or a day) and
    phase_in (years) date it on a path, while one-period solves take every lever as fully in; order settles what a `set` and
    another lever on the same entry come to.
    """

    model_config = STRICT

    name: Text | None = None
    by: Texts | None = None
    source: Text | None = None
    low: Number | None = None
    high: Number | None = None
    starts: When | None = None
    ends: When | None = None
    phase_in: NotNegative | None = None
    order: int | None = Field(default=None, strict=True)

    @abstractmethod
    def touches(self, region: Any) -> frozenset[str]:
        """The names of `given` that this lever changes."""

    @abstractmethod
    def check(self, names: Names) -> None:
        """Collect, as faults, every name and number that the region of `names` does not know or allow."""

    @abstractmethod
    def edits(self, context: Context) -> tuple[Edit, ...]:
        """The entries this lever changes, and how."""

    @abstractmethod
    def mechanisms(self, region: Any = None) -> tuple[str, ...]:
        """The mechanisms it works by, in the words of the appraisal's table."""

    @abstractmethod
    def places_touched(self, names: Names) -> np.ndarray:
        """Mask [N] of the places it names, or whose borders it names."""

    def apply(self, given: Given, context: Context) -> dict[str, Any]:
        """A new `given` with this lever alone; the old one is not changed.

        Several levers compose by `bridgehead.policy.enact`, which also refuses what depends on their order.
        """
        require_fit(self, context.region)
        steps = [Step(edit, 1, self.name or self.kind, self.order, self.key()) for edit in self.edits(context)]
        return apply_steps(steps, given, context)

    @property
    def strength(self) -> tuple[str, float] | None:
        """The key and value that say how strong it is; None for a lever without one."""
        for key in STRENGTHS:
            value = getattr(self, key, None)
            if value is not None:
                return key, float(value)
        return None

    def with_strength(self, value: float) -> Self:
        """The same lever with another strength: for draws between `low` and `high`."""
        key, _ = self.strength or ("", 0.0)
        if not key:
            raise PolicyError(f"{self.title()} has no strength to vary")
        settings = self.model_dump(by_alias=True, exclude_none=True, exclude={"low", "high"})
        return type(self).model_validate({**settings, key: value})

    def title(self) -> str:
        """One phrase for messages: its own name, or its kind."""
        return f"'{self.name}' ({self.kind})" if self.name else f"lever '{self.kind}'"

    @property
    def kind(self) -> str:
        """The word for its kind in files."""
        return getattr(self, "lever", type(self).__name__)

    def key(self) -> str:
        """A text that is equal for levers that do the same: kind, entries and strength, whatever they are called."""
        said = {"name", "by", "source", "low", "high", "starts", "ends", "phase_in", "order"} - self._meant()
        return json.dumps(self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=said), sort_keys=True)

    def _meant(self) -> set[str]:
        """Common keys that mean something else in this lever."""
        return set()

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.starts is not None and self.ends is not None and last_day(self.ends) < first_day(self.starts):
            raise ValueError(f"`ends` ({self.ends}) is before `starts` ({self.starts})")
        return self

    @model_validator(mode="after")
    def _range_holds_value(self) -> Self:
        if self.low is None and self.high is None:
            return self
        if self.strength is None:
            raise ValueError("`low` and `high` are values of a lever's strength, and this one has none")
        key, value = self.strength
        low, high = (value if bound is None else bound for bound in (self.low, self.high))
        if not low <= value <= high:
            raise ValueError(f"`{key}` = {value:g} is not between `low` = {low:g} and `high` = {high:g}")
        return self


class PlacedLever(BaseLever):
    """A lever on places: one `place`, several `places`, or a jurisdiction, `in = { level = …, is = … }`."""

    place: Text | None = None
    places: Texts | None = None
    in_: Jurisdiction | None = Field(default=None, alias="in")

    @model_validator(mode="after")
    def _one_way_to_say_where(self) -> Self:
        if sum(value is not None for value in (self.place, self.places, self.in_)) != 1:
            raise ValueError("exactly one of `place`, `places` and `in` says where")
        return self

    def mask(self, names: Names) -> np.ndarray:
        """Mask [N] of its places."""
        if self.in_ is not None:
            return names.within(self.in_, key="in")
        if self.places is not None:
            return names.places(self.places, key="places")
        return names.places((self.place,), key="place")

    def places_touched(self, names: Names) -> np.ndarray:
        """Mask [N] of the places it names."""
        return self.mask(names)


def exactly_one(lever: BaseModel, keys: tuple[str, ...]) -> None:
    """ValueError unless exactly one of some keys is given."""
    given = [key for key in keys if getattr(lever, key) is not None]
    if len(given) != 1:
        found = " and ".join(f"`{key}`" for key in given) or "none of them"
        raise ValueError("exactly one of " + ", ".join(f"`{key}`" for key in keys) + f" is expected; found {found}")


def require_fit(lever: BaseLever, region: Any) -> None:
    """PolicyError with every fault of one lever in a region."""
    faults = Faults(f"{lever.title()} does not fit the region '{region.meta.name}'", PolicyError)
    lever.check(Names(region, faults))
    faults.raise_if_any()


def apply_steps(steps: list[Step], given: Given, context: Context) -> dict[str, Any]:
    """A new `given` after all steps; migration passages before the terms of registration, which are about the whole."""
    new = dict(given)
    by_target: dict[Target, list[Step]] = {}
    for step in steps:
        by_target.setdefault(step.edit.target, []).append(step)
    passages = {t.level: _array(group, new, context) for t, group in sorted(by_target.items()) if _is_migration_passage(t)}
    if passages:
        new = written(new, Target("migration_kept"), kept_with_passages(new, passages, context), context)
    for target, group in sorted(by_target.items()):
        if not _is_migration_passage(target):
            new = written(new, target, _array(group, new, context), context)
    return new


def _is_migration_passage(target: Target) -> bool:
    return target.name == "migration_kept" and target.part == "passage"


def _array(group: list[Step], given: Given, context: Context) -> np.ndarray:
    target = group[0].edit.target
    ceiling = np.maximum(1.0, context.array(target)) if target.capped else None
    return composed(group, read(given, target, context), ceiling=ceiling)
