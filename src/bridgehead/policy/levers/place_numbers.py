"""Levers on one number a place: research and amenity."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from bridgehead.policy.context import Context
from bridgehead.policy.edits import Edit, Target
from bridgehead.policy.fields import NotNegative, Number, Positive
from bridgehead.policy.levers.base import PlacedLever, exactly_one
from bridgehead.policy.names import Names


class Research(PlacedLever):
    """R&D spending, RD of the model: a factor, or so many million a year more (in the region's currency) at one place."""

    lever: Literal["research"] = "research"
    multiply: NotNegative | None = None
    add: Number | None = None

    @model_validator(mode="after")
    def _one_strength(self) -> Self:
        exactly_one(self, ("multiply", "add"))
        return self

    def touches(self, region: Any) -> frozenset[str]:
        """R&D spending."""
        return frozenset({"research"})

    def check(self, names: Names) -> None:
        """The region has research; places are known; a sum is for one place and leaves something there."""
        mask = self.mask(names)
        research = names.region.arrays().research_spending
        if research is None:
            names.fault(
                "there is no research in this region: it has no research_spending among its facts",
                cure="add research_spending to facts.csv, or leave the lever out",
            )
        if self.add is None or not mask.any():
            return
        if mask.sum() > 1:
            names.fault(
                f"`add` on {int(mask.sum())} places does not say how the money is shared among them",
                cure="write one lever a place",
            )
        elif research is not None and float(np.asarray(research)[mask][0]) + self.add < 0:
            spent = float(np.asarray(research)[mask][0])
            cause = f"`add` = {self.add:g} takes more than the {spent:g} million a year that are spent"
            names.fault(cause, expected=f"at least {-spent:g}")

    def edits(self, context: Context) -> tuple[Edit, ...]:
        """A factor or a sum."""
        how, value = self.strength
        return (Edit(Target("research"), how, self.mask(Names(context.region)), value),)

    def mechanisms(self, region: Any = None) -> tuple[str, ...]:
        """Research."""
        return ("research",)


class Amenity(PlacedLever):
    """What a place is worth to those who live there, by a factor: b̄, in units of real income."""

    lever: Literal["amenity"] = "amenity"
    multiply: Positive

    def touches(self, region: Any) -> frozenset[str]:
        """The amenity fundamental."""
        return frozenset({"amenity_fundamental"})

    def check(self, names: Names) -> None:
        """Places are known."""
        self.mask(names)

    def edits(self, context: Context) -> tuple[Edit, ...]:
        """A factor."""
        return (Edit(Target("amenity_fundamental"), "multiply", self.mask(Names(context.region)), self.multiply),)

    def mechanisms(self, region: Any = None) -> tuple[str, ...]:
        """Amenity."""
        return ("amenity",)
