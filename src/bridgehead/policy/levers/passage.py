"""Borders: passages between jurisdictions of a level."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from bridgehead.policy.context import Context
from bridgehead.policy.edits import Edit, Target
from bridgehead.policy.fields import NotNegative, Share, Text, Texts
from bridgehead.policy.levers.base import BaseLever, exactly_one
from bridgehead.policy.names import Names

Flow = Literal["commuting", "trade", "migration", "spillover", "ideas"]

# Where the passages of a flow stand in `given`, and the mechanism they work by.
NAMES: dict[str, tuple[str, ...]] = {
    "commuting": ("commuting",),
    "trade": ("trade",),
    "migration": ("migration_kept",),
    "spillover": ("spillover", "amenity_spillover"),
    "ideas": ("knowledge",),
}
MECHANISM = {"commuting": "commuting", "trade": "goods", "migration": "movers", "spillover": "spillover", "ideas": "ideas"}


class Passage(BaseLever):
    """Open, close or set the border of one flow between jurisdictions of a level (model.md §3).

    `between` and `and` list jurisdictions; every ordered pair of different ones, both directions, or with `one_way` only from
    the supplier, in `and`, to the receiver, in `between` (home ← workplace, buyer ← seller, origin ← destination, learner ←
    source). The same list twice means every pair among them; a jurisdiction's passage to itself is never touched.
    multiply: f·m, stopping at max(1, baseline). set: a value from 0 to 1. open by a share x: f^(1−x), so x = 1 is no border.
    """

    lever: Literal["passage"] = "passage"
    flow: Flow
    level: Text
    sector: Texts | None = None
    between: Texts
    and_: Texts = Field(alias="and")
    one_way: bool = Field(default=False, strict=True)
    multiply: NotNegative | None = None
    set: Share | None = None
    open: Share | None = None

    @model_validator(mode="after")
    def _one_strength(self) -> Self:
        exactly_one(self, ("multiply", "set", "open"))
        if self.sector is not None and self.flow != "trade":
            raise ValueError(f"`sector` belongs to trade; the passage of {self.flow} is one for all sectors")
        if len(set(self.between) | set(self.and_)) < 2:
            raise ValueError("`between` and `and` name one jurisdiction alone, and it has no border to itself")
        return self

    def touches(self, region: Any) -> frozenset[str]:
        """The kernels of the flow; for migration the share of income kept."""
        return frozenset(NAMES[self.flow])

    def check(self, names: Names) -> None:
        """The level has borders, the flow exists there, every jurisdiction and sector is known."""
        self._check_flow(names)
        names.sectors(self.sector)
        if names.level(self.level, bordered=True):
            names.jurisdictions(self.level, self.between, key="between")
            names.jurisdictions(self.level, self.and_, key="and")

    def _check_flow(self, names: Names) -> None:
        region = names.region
        if self.flow == "ideas" and region.arrays().research_spending is None:
            names.fault(
                "no ideas cross borders in this region: it has no research_spending among its facts",
                cure="add research_spending to facts.csv and `ideas` to borders.csv, or leave the lever out",
            )
        elif self.flow == "migration" and self.level in names.levels and self.level not in region.origin_levels():
            names.fault(
                f"people's moves have no border at level '{self.level}': origins.csv has no such column",
                expected="a level that origins have: " + ", ".join(region.origin_levels()),
            )
        elif self.level in region.meta.bordered_levels and (self.flow, self.level) not in region.arrays().passages:
            names.fault(
                f"borders.csv has no passages of {self.flow} at level '{self.level}'",
                cure="add them, or leave the lever out",
            )

    def edits(self, context: Context) -> tuple[Edit, ...]:
        """One edit a kernel of the flow."""
        pairs = self._pairs(context.region)
        if self.flow == "trade":
            pairs = Names(context.region).sectors(self.sector)[:, None, None] & pairs
        how, value = self.strength
        return tuple(Edit(Target(name, "passage", self.level), how, pairs, value) for name in NAMES[self.flow])

    def _pairs(self, region: Any) -> np.ndarray:
        """Mask [J, J] of (receiver, supplier)."""
        names = Names(region)
        receivers = names.jurisdictions(self.level, self.between, key="between")
        suppliers = names.jurisdictions(self.level, self.and_, key="and")
        pairs = np.zeros((len(region.jurisdictions(self.level)),) * 2, dtype=bool)
        pairs[np.ix_(receivers, suppliers)] = True
        if not self.one_way:
            pairs |= pairs.T
        np.fill_diagonal(pairs, val=False)
        return pairs

    def places_touched(self, names: Names) -> np.ndarray:
        """The places of all jurisdictions it names."""
        cells = np.asarray(names.region.cells(self.level))
        return np.isin(cells, names.jurisdictions(self.level, (*self.between, *self.and_), key="between"))

    def mechanisms(self, region: Any = None) -> tuple[str, ...]:
        """That of its flow."""
        return (MECHANISM[self.flow],)
