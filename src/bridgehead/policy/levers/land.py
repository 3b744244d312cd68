"""Land released for building."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from bridgehead.policy.context import Context
from bridgehead.policy.edits import Edit, Target
from bridgehead.policy.fields import Number, Positive
from bridgehead.policy.levers.base import PlacedLever, exactly_one
from bridgehead.policy.names import Names

SUPPLY = {"home": ("home_supply",), "work": ("work_supply",), None: ("home_supply", "work_supply")}


class Land(PlacedLever):
    """More or less land to build on: h̄ and h̄^c by a factor, or by (1 + add_km2 / construction_land) of the data.

    `use` narrows it to homes or work. The official area, by which density is measured, stays (model.md §4, "Floor space").
    Two `add_km2` on a place add up.
    """

    lever: Literal["land"] = "land"
    multiply: Positive | None = None
    add_km2: Number | None = None
    use: Literal["home", "work"] | None = None

    @model_validator(mode="after")
    def _one_strength(self) -> Self:
        exactly_one(self, ("multiply", "add_km2"))
        return self

    def touches(self, region: Any) -> frozenset[str]:
        """The floor-space supply of its use, or of both."""
        return frozenset(SUPPLY[self.use])

    def check(self, names: Names) -> None:
        """Places are known; for `add_km2` it is one place, with construction land that does not run out."""
        mask = self.mask(names)
        if self.add_km2 is None or not mask.any():
            return
        if mask.sum() > 1:
            names.fault(
                f"`add_km2` on {int(mask.sum())} places does not say how the land is shared among them",
                cure="write one lever a place",
            )
            return
        place = int(np.argmax(mask))
        land = float(np.asarray(names.region.fact("construction_land"))[place])
        if not land > 0:
            name = names.region.place_ids[place]
            names.fault(
                f"place '{name}' has no construction_land among its facts, so {self.add_km2:g} km2 is no share of it",
                cure="add the fact to facts.csv, or say the release as `multiply`",
            )
        elif land + self.add_km2 <= 0:
            names.fault(f"`add_km2` = {self.add_km2:g} takes more than the {land:g} km2 there are", expected=f"more than {-land:g}")

    def edits(self, context: Context) -> tuple[Edit, ...]:
        """A factor, or a sum in units of the baseline's supply."""
        mask = self.mask(Names(context.region))
        if self.multiply is not None:
            return tuple(Edit(Target(name), "multiply", mask, self.multiply) for name in SUPPLY[self.use])
        share = np.where(mask, self.add_km2 / np.asarray(context.arrays.construction_land), 0.0)
        return tuple(Edit(Target(name), "add", mask, context.array(Target(name)) * share) for name in SUPPLY[self.use])

    def mechanisms(self, region: Any = None) -> tuple[str, ...]:
        """Land."""
        return ("land",)
