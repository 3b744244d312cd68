"""The kinds of levers (formats.md, "Scenario file"): one group a file, all frozen models told apart by `lever`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bridgehead.policy.levers.base import BaseLever, PlacedLever
from bridgehead.policy.levers.land import Land
from bridgehead.policy.levers.link import Link, link_edits
from bridgehead.policy.levers.passage import Passage
from bridgehead.policy.levers.place_numbers import Amenity, Research
from bridgehead.policy.levers.productivity import Productivity
from bridgehead.policy.levers.public import ShareRule, Tax
from bridgehead.policy.levers.registration import Registration
from bridgehead.policy.levers.trade_cost import TradeCost
from bridgehead.policy.levers.transfers import RentPools, Transfers

Lever = Annotated[
    Passage | Land | Productivity | TradeCost | Link | Research | Registration | Amenity | Transfers | RentPools | Tax | ShareRule,
    Field(discriminator="lever"),
]

LEVERS: dict[str, type[BaseLever]] = {
    kind.model_fields["lever"].default: kind
    for kind in (Passage, Land, Productivity, TradeCost, Link, Research, Registration, Amenity, Transfers, RentPools, Tax, ShareRule)
}

__all__ = [
    "LEVERS",
    "Amenity",
    "BaseLever",
    "Land",
    "Lever",
    "Link",
    "Passage",
    "PlacedLever",
    "Productivity",
    "Registration",
    "RentPools",
    "Research",
    "ShareRule",
    "Tax",
    "TradeCost",
    "Transfers",
    "link_edits",
]
