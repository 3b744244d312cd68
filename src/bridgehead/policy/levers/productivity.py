"""Productivity of firms."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from bridgehead.policy.context import Context
from bridgehead.policy.edits import Edit, Target
from bridgehead.policy.fields import Positive, Texts
from bridgehead.policy.levers.base import PlacedLever, exactly_one
from bridgehead.policy.names import Names
from bridgehead.policy.roots import Root, value_added_root

TARGET = Target("productivity_fundamental")


class Productivity(PlacedLever):
    """Productivity of value added, ā, by a factor; of some sectors, or of all.

    `raise_value_added` = share says it by its effect: the factor, for each place its own, that lifts the place's real value
    added by that share when this lever acts alone: a root of certified solves, reported beside the result.
    """

    lever: Literal["productivity"] = "productivity"
    sector: Texts | None = None
    multiply: Positive | None = None
    raise_value_added: float | None = Field(default=None, strict=True, allow_inf_nan=False, gt=-1)

    @model_validator(mode="after")
    def _one_strength(self) -> Self:
        exactly_one(self, ("multiply", "raise_value_added"))
        return self

    def touches(self, region: Any) -> frozenset[str]:
        """The productivity fundamental."""
        return frozenset({"productivity_fundamental"})

    def check(self, names: Names) -> None:
        """Places and sectors are known, and something is made there that can be made better."""
        places, sectors = self.mask(names), names.sectors(self.sector)
        if not places.any() or not sectors.any():
            return
        made = names.region.arrays().value_added > 0
        idle = [names.region.place_ids[n] for n in np.flatnonzero(places & ~made[:, sectors].any(axis=1))]
        if idle and (self.raise_value_added is not None or len(idle) == places.sum()):
            what = "value added" if self.sector is None else f"value added in {', '.join(self.sector)}"
            names.fault(
                f"there is no {what} at {', '.join(idle[:5])}{' …' if len(idle) > 5 else ''}, so no productivity to raise",
                cure="name other places or sectors",
            )

    def entries(self, context: Context) -> np.ndarray:
        """Mask [N, S] of what moves."""
        names = Names(context.region)
        return self.mask(names)[:, None] & names.sectors(self.sector)[None, :]

    def edits(self, context: Context) -> tuple[Edit, ...]:
        """A factor, given or found."""
        where = self.entries(context)
        if self.multiply is not None:
            return (Edit(TARGET, "multiply", where, self.multiply),)
        factor = np.ones(where.shape)
        factor[where.any(axis=1)] = self.root(context).multiplier[:, None]
        return (Edit(TARGET, "multiply", where, factor),)

    def root(self, context: Context) -> Root | None:
        """The multipliers that `raise_value_added` comes to; None for a lever that names its factor."""
        if self.raise_value_added is None:
            return None
        return value_added_root(context, self.entries(context), self.raise_value_added, key=self.key(), title=self.title())

    def mechanisms(self, region: Any = None) -> tuple[str, ...]:
        """Productivity."""
        return ("productivity",)
