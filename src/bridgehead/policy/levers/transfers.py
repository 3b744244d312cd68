"""Money that moves between places without work or goods: transfers and rents."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from bridgehead.policy.context import Context
from bridgehead.policy.edits import Edit, Target
from bridgehead.policy.fields import Number, Text
from bridgehead.policy.levers.base import BaseLever
from bridgehead.policy.names import Names


class Transfers(BaseLever):
    """All transfer rates z by one factor: 0 ends the transfers, and with them the trade imbalances they pay for."""

    lever: Literal["transfers"] = "transfers"
    multiply: Number

    def touches(self, region: Any) -> frozenset[str]:
        """Transfer rates."""
        return frozenset({"transfer_rate"})

    def check(self, names: Names) -> None:
        """Nothing to know but the number."""

    def edits(self, context: Context) -> tuple[Edit, ...]:
        """A factor everywhere."""
        everywhere = np.ones(len(context.region.place_ids), dtype=bool)
        return (Edit(Target("transfer_rate"), "multiply", everywhere, self.multiply),)

    def places_touched(self, names: Names) -> np.ndarray:
        """All inside places."""
        return np.asarray(names.region.inside, dtype=bool)

    def mechanisms(self, region: Any = None) -> tuple[str, ...]:
        """Public money."""
        return ("public_money",)


class RentPools(BaseLever):
    """Who shares rents: the inside places of each jurisdiction of the level `by` are a pool; each outside place stays its own."""

    lever: Literal["rent_pools"] = "rent_pools"
    by: Text

    def _meant(self) -> set[str]:
        return {"by"}

    def touches(self, region: Any) -> frozenset[str]:
        """The pools of rents."""
        return frozenset({"rent_pool"})

    def check(self, names: Names) -> None:
        """The level is known; `place` makes each place its own."""
        if self.by != "place":
            names.level(self.by, bordered=False)

    def edits(self, context: Context) -> tuple[Edit, ...]:
        """New membership of places in pools, one row a pool."""
        pools = pools_by(self.by, context.region)
        return (Edit(Target("rent_pool"), "replace", np.ones(pools.shape, dtype=bool), pools),)

    def places_touched(self, names: Names) -> np.ndarray:
        """All inside places."""
        return np.asarray(names.region.inside, dtype=bool)

    def mechanisms(self, region: Any = None) -> tuple[str, ...]:
        """Public money: rents that cross a border without goods."""
        return ("public_money",)


def pools_by(level: str, region: Any) -> np.ndarray:
    """Membership [pool, place], 0 or 1, of one pool a jurisdiction for inside places and one for each outside place."""
    inside = np.asarray(region.inside, dtype=bool)
    count = inside.size
    cells = np.arange(count) if level == "place" else np.asarray(region.cells(level))
    own = np.where(inside, cells, count + np.arange(count))
    return (np.unique(own)[:, None] == own[None, :]).astype(float)
