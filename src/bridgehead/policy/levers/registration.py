"""Household registration: who may move in, and on which terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from bridgehead.policy.context import Context
from bridgehead.policy.edits import Edit, Target
from bridgehead.policy.fields import NotNegative, Share, Texts
from bridgehead.policy.levers.base import PlacedLever, exactly_one
from bridgehead.policy.names import Names


class Registration(PlacedLever):
    """The share of real income that people of some origins keep at some places, D^(1/ν) as a whole, border included.

    `multiply`, which stops at max(1, baseline), or `set`, from 0 to 1; also written `kept_income = { set = 1.0 }`. It is about
    the whole, so it acts on what passages of migration leave, and a `set` overrides them.
    """

    lever: Literal["registration"] = "registration"
    origins: Texts
    multiply: NotNegative | None = None
    set: Share | None = None

    @model_validator(mode="before")
    @classmethod
    def _unfold(cls, raw: Any) -> Any:
        """kept_income = { multiply | set = x } is another way to write multiply or set."""
        if not isinstance(raw, Mapping) or "kept_income" not in raw:
            return raw
        kept = raw["kept_income"]
        if not isinstance(kept, Mapping) or not set(kept) <= {"multiply", "set"} or {"multiply", "set"} & set(raw):
            raise ValueError("`kept_income` is written { multiply = x } or { set = x }")
        return {**{key: value for key, value in raw.items() if key != "kept_income"}, **kept}

    @model_validator(mode="after")
    def _one_strength(self) -> Self:
        exactly_one(self, ("multiply", "set"))
        return self

    def touches(self, region: Any) -> frozenset[str]:
        """The share of income kept by movers."""
        return frozenset({"migration_kept"})

    def check(self, names: Names) -> None:
        """Places and origins are known."""
        self.mask(names)
        names.origins(self.origins)

    def edits(self, context: Context) -> tuple[Edit, ...]:
        """A factor or a value, by origin and place."""
        names = Names(context.region)
        where = names.origins(self.origins)[:, None] & self.mask(names)[None, :]
        how, value = self.strength
        return (Edit(Target("migration_kept"), how, np.asarray(where), value),)

    def mechanisms(self, region: Any = None) -> tuple[str, ...]:
        """Movers."""
        return ("movers",)
