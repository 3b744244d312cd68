"""What it costs to move goods between places."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from bridgehead.policy.context import Context
from bridgehead.policy.edits import Edit, Target
from bridgehead.policy.fields import Jurisdiction, Positive, Side, Text, Texts
from bridgehead.policy.levers.base import BaseLever
from bridgehead.policy.names import Names


class TradeCost(BaseLever):
    """Iceberg costs by a factor: T_s × multiply^(−θ_s) (model.md §3).

    `place`, `places` or `in`: to and from them, both directions; not within them, as a place cut in two would otherwise pay
    another cost than the whole. Or `between` and `and`, lists of places and jurisdictions: both directions, or with
    `one_way` only from the seller, in `and`, to the buyer, in `between`. A place's cost to itself is never touched.
    `via` a gateway: only trade with places abroad, by the share that goes that way, 1 + share · (multiply − 1).
    """

    lever: Literal["trade_cost"] = "trade_cost"
    place: Text | None = None
    places: Texts | None = None
    in_: Jurisdiction | None = Field(default=None, alias="in")
    between: Side | None = None
    and_: Side | None = Field(default=None, alias="and")
    one_way: bool = Field(default=False, strict=True)
    sector: Texts | None = None
    via: Text | None = None
    multiply: Positive

    @model_validator(mode="after")
    def _one_way_to_say_where(self) -> Self:
        ways = sum(value is not None for value in (self.place, self.places, self.in_, self.between or self.and_))
        if ways != 1 or (self.between is None) != (self.and_ is None):
            raise ValueError("exactly one of `place`, `places`, `in`, or `between` together with `and`, says where")
        if self.one_way and self.between is None:
            raise ValueError("`one_way` goes with `between` (the buyers) and `and` (the sellers)")
        return self

    def touches(self, region: Any) -> frozenset[str]:
        """The trade kernel."""
        return frozenset({"trade"})

    def check(self, names: Names) -> None:
        """Places, jurisdictions, sectors and the gateway are known, and some trade goes that way."""
        before = len(names.faults.found)
        names.sectors(self.sector)
        factor = self._factor(names)
        if len(names.faults.found) == before and np.isnan(factor).all():
            way = f" by the gateway '{self.via}'" if self.via else ""
            names.fault(f"no pair of different places trades{way} where this lever says", cure="name other places")

    def _ends(self, names: Names) -> tuple[np.ndarray, np.ndarray]:
        """Masks [N] of the two ends."""
        if self.between is not None and self.and_ is not None:
            return names.side(self.between, key="between"), names.side(self.and_, key="and")
        if self.in_ is not None:
            mask = names.within(self.in_, key="in")
        else:
            key = "place" if self.place else "places"
            mask = names.places((self.place,) if self.place else self.places, key=key)
        return mask, ~mask

    def _pairs(self, names: Names) -> np.ndarray:
        buyers, sellers = self._ends(names)
        pairs = buyers[:, None] & sellers[None, :]
        if not self.one_way:
            pairs |= pairs.T
        np.fill_diagonal(pairs, val=False)
        return pairs

    def _factor(self, names: Names) -> np.ndarray:
        """By how much the iceberg of each pair [buyer, seller] is multiplied; NaN where it is not touched."""
        pairs = self._pairs(names)
        if self.via is None:
            return np.where(pairs, self.multiply, np.nan)
        share, abroad = names.gateway(self.via), names.abroad()
        at_home = np.where(abroad, 0.0, share)
        by_gateway = np.where(abroad[None, :], at_home[:, None], 0.0) + np.where(abroad[:, None], at_home[None, :], 0.0)
        return np.where(pairs & (by_gateway > 0), 1.0 + by_gateway * (self.multiply - 1.0), np.nan)

    def edits(self, context: Context) -> tuple[Edit, ...]:
        """A factor a sector, buyer and seller."""
        names = Names(context.region)
        factor = self._factor(names)
        where = names.sectors(self.sector)[:, None, None] & np.isfinite(factor)
        theta = np.asarray(context.given["trade_elasticity"])[:, None, None]
        value = np.where(np.isfinite(factor), factor, 1.0) ** -theta
        return (Edit(Target("trade", "matrix"), "multiply", where, value),)

    def places_touched(self, names: Names) -> np.ndarray:
        """The places it names; where all of those lie abroad, the places that trade with them, by the gateway if it names one."""
        one, other = self._ends(names)
        if self.between is not None:
            return one | other
        if (one & ~names.abroad()).any():
            return one
        return other if self.via is None else other & (names.gateway(self.via) > 0)

    def mechanisms(self, region: Any = None) -> tuple[str, ...]:
        """Foreign trade, goods within the country, or both; without a region only `via` tells."""
        if self.via is not None:
            return ("foreign_trade",)
        if region is None:
            return ("goods",)
        names = Names(region)
        abroad = names.abroad()
        pairs, crossing = self._pairs(names), abroad[:, None] ^ abroad[None, :]
        found = {"foreign_trade": (pairs & crossing).any(), "goods": (pairs & ~crossing).any()}
        if self.between is None and found["foreign_trade"] and abroad[self._ends(names)[0]].all():
            return ("foreign_trade",)
        return tuple(name for name, there in found.items() if there)
