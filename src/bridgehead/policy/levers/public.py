"""What governments take, and which of them has it: tax rates, and the split of revenue over levels (model.md §4, "Government")."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from bridgehead.errors import did_you_mean
from bridgehead.policy.context import Context
from bridgehead.policy.edits import Edit, Target
from bridgehead.policy.fields import NotNegative, Number, Share, Text
from bridgehead.policy.levers.base import BaseLever, PlacedLever, exactly_one
from bridgehead.policy.names import Names
from bridgehead.region import public_levels

Base = Literal["value_added", "earnings", "land"]
SUM_TOLERANCE = 1e-9


def require_taxes(names: Names) -> bool:
    """Whether the region's governments tax inside the model; a fault where they do not."""
    if names.region.meta.closures.government == "taxes":
        return True
    names.fault(
        "governments do not tax inside the model of this region",
        expected='government = "taxes" in [closures], with rates and split',
        cure="add them to region.toml, or give a closure file (--closure)",
    )
    return False


class Tax(PlacedLever):
    """A tax rate: t^v on value added, t^e on earnings or t^l on rents, by a factor, a sum or a new value.

    Rates are shares, so `add = 0.01` is one point more. What is raised goes to the levels of government by their split.
    """

    lever: Literal["tax"] = "tax"
    on: Base
    multiply: NotNegative | None = None
    add: Number | None = None
    set: Share | None = None

    @model_validator(mode="after")
    def _one_strength(self) -> Self:
        exactly_one(self, ("multiply", "add", "set"))
        return self

    def touches(self, region: Any) -> frozenset[str]:
        """The rates of its base."""
        return frozenset({f"tax_{self.on}"})

    def check(self, names: Names) -> None:
        """Governments tax; places are known; the rates that this lever alone makes leave a wage and a rent."""
        mask = self.mask(names)
        if not require_taxes(names):
            return
        rates, places = names.region.meta.rates, np.asarray(names.region.place_ids)[mask]
        for place in places:
            new = self._new(float(getattr(rates, self.on).get(place, 0.0)))
            other = {"value_added": "earnings", "earnings": "value_added"}.get(self.on)
            taken = new + (0.0 if other is None else float(getattr(rates, other).get(place, 0.0)))
            if not 0 <= new <= 1 or (other is not None and taken >= 1):
                names.fault(f"the rate on {self.on} of '{place}' becomes {new:g}", expected="0 or more, and a wage left")
                return

    def _new(self, rate: float) -> float:
        if self.set is not None:
            return self.set
        return rate * self.multiply if self.multiply is not None else rate + self.add

    def edits(self, context: Context) -> tuple[Edit, ...]:
        """A factor, a sum or a value."""
        how, value = self.strength
        return (Edit(Target(f"tax_{self.on}"), how, self.mask(Names(context.region)), value),)

    def mechanisms(self, region: Any = None) -> tuple[str, ...]:
        """Public money."""
        return ("public_money",)


class ShareRule(BaseLever):
    """Which level of government has how much of all revenue: shares that add to 1, by level (a level left out has none).

    Each level's part is spent by the residents of its jurisdictions in proportion to earnings.
    """

    lever: Literal["share_rule"] = "share_rule"
    split: dict[Text, Share] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = sum(self.split.values())
        if abs(total - 1.0) > SUM_TOLERANCE:
            raise ValueError(f"the shares of `split` add up to {total:g}, and not to 1")
        return self

    def touches(self, region: Any) -> frozenset[str]:
        """The split."""
        return frozenset({"public_split"})

    def check(self, names: Names) -> None:
        """Governments tax, and the levels are known."""
        known = list(names.region.meta.all_levels)
        for level in self.split:
            if level not in known:
                names.fault(f"unknown level '{level}' in `split`", cure=did_you_mean(level, known))
        require_taxes(names)

    def edits(self, context: Context) -> tuple[Edit, ...]:
        """New shares of all levels."""
        shares = np.array([self.split.get(level, 0.0) for level in public_levels(context.region)])
        return (Edit(Target("public_split"), "set", np.ones(shares.size, dtype=bool), shares),)

    def places_touched(self, names: Names) -> np.ndarray:
        """All inside places."""
        return np.asarray(names.region.inside, dtype=bool)

    def mechanisms(self, region: Any = None) -> tuple[str, ...]:
        """Public money."""
        return ("public_money",)
