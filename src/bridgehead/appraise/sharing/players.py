"""Governments as players: which books each keeps, whose people it answers for, and whose consent a lever needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridgehead.appraise.fiscal import TIERS, fiscal_rules, places_of
from bridgehead.appraise.sets import mainland_of
from bridgehead.errors import Faults, PolicyError, did_you_mean
from bridgehead.policy import Scenario, governments
from bridgehead.policy.describe import government_level
from bridgehead.policy.names import Names

MOST = 10
"""As many governments play at once: 1,024 coalitions."""


@dataclass(frozen=True, eq=False)
class Government:
    """A player: its id (the name that `by` of a lever uses), names, tier and places."""

    id: str
    name: str
    name_zh: str
    tier: str
    mask: np.ndarray

    @property
    def rank(self) -> int:
        """Its tier as a number, counties 0."""
        return TIERS.index(self.tier)


def consent(lever: Any, region: Any, players: Sequence[Government] = ()) -> frozenset[str]:
    """The governments whose consent a lever needs: `by`, or those whose places or borders it touches.

    Where districts (governments below the province) play, those whose places the lever touches are asked too, unless it has `by`.
    """
    asked = frozenset(governments(lever, region))
    if lever.by is not None:
        return asked
    names = Names(region)
    touched = lever.places_touched(names)
    names.faults.raise_if_any()
    return asked | {each.id for each in players if each.rank < TIERS.index("province") and (each.mask & touched).any()}


def players_of(region: Any, scenario: Scenario, asked: Sequence[str] | None = None) -> tuple[Government, ...]:
    """The governments asked for, else those of fiscal.toml's [sharing], else all whose consent a lever of the scenario needs.

    A name is a [[government]] of fiscal.toml or a jurisdiction of the provinces' level. PolicyError lists every unknown one.
    """
    rules = fiscal_rules(region) if region.fiscal is not None else None
    known = {} if rules is None else rules.governments
    if not asked and rules is not None:
        asked = rules.sharing.governments
    if not asked:
        asked = list(dict.fromkeys(name for lever in scenario.levers for name in sorted(consent(lever, region))))
    faults = Faults("the governments cannot share", PolicyError)
    level = government_level(region)
    options = [*known, *region.jurisdictions(level)]
    found = []
    for name in asked:
        if name in known:
            books = known[name]
            found.append(Government(name, books.name, books.name_zh or books.name, books.tier, places_of(books, region)))
        elif name in region.jurisdictions(level):
            found.append(Government(name, name, name, "province", np.asarray(region.members(level, name))))
        else:
            faults.add(f"unknown government '{name}'", place="--governments", cure=did_you_mean(name, options))
    _check(found, asked, faults)
    faults.raise_if_any()
    return tuple(found)


def _check(found: Sequence[Government], asked: Sequence[str], faults: Faults) -> None:
    for name in dict.fromkeys(n for n in asked if list(asked).count(n) > 1):
        faults.add(f"'{name}' is asked for twice", place="--governments", expected="each government once")
    if not 2 <= len(asked) <= MOST:
        faults.add(f"{len(asked)} governments", place="--governments", expected=f"from 2 to {MOST}")
    for index, one in enumerate(found):
        for other in found[:index]:
            if one.tier == other.tier and one.id != other.id and (one.mask & other.mask).any():
                faults.add(f"'{other.id}' and '{one.id}' govern the same places", place="--governments", expected="one of the two")


def owners(players: Sequence[Government], count: int) -> dict[str, np.ndarray]:
    """Who holds the money of each tier [place]: the player of that tier, or the nearest above it; −1 nobody who plays.

    The centre holds its own money alone: local money of a place without a player is nobody's.
    """
    return {tier: _nearest(players, count, rank, local=tier != "centre") for rank, tier in enumerate(TIERS)}


def _nearest(players: Sequence[Government], count: int, rank: int, *, local: bool) -> np.ndarray:
    holder = np.full(count, -1)
    for index in sorted(range(len(players)), key=lambda i: -players[i].rank):
        if players[index].rank >= rank and not (local and players[index].tier == "centre"):
            holder[players[index].mask] = index
    return holder


def people_of(players: Sequence[Government], region: Any) -> np.ndarray:
    """Whose people those at home in each place are [place]: of the player nearest to them, −1 nobody's who plays, or abroad.

    Everyone counts once: the centre, where it plays, answers for those who have no other player.
    """
    return np.where(mainland_of(region).mask, _nearest(players, len(region.place_ids), 0, local=False), -1)
