"""Named sets of places: what measures are taken of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridgehead.errors import Faults, did_you_mean

MAINLAND = "mainland"
ABROAD = "abroad"
ZONE_SIDES = "zone_sides"


@dataclass(frozen=True, eq=False)
class Places:
    """A named set of places: mask [place] bool, read only."""

    name: str
    mask: np.ndarray

    def __post_init__(self) -> None:
        self.mask.setflags(write=False)

    def without(self, other: Places, name: str = "") -> Places:
        """The places of this set that are not in the other."""
        return Places(name or f"{self.name} without {other.name}", self.mask & ~other.mask)

    def both(self, other: Places, name: str = "") -> Places:
        """The places in both sets."""
        return Places(name or f"{self.name} and {other.name}", self.mask & other.mask)

    @property
    def empty(self) -> bool:
        """True when the set has no place."""
        return not self.mask.any()


def mainland_of(region: Any) -> Places:
    """All places but abroad (model.md §10): those of a country that has inside places; all places without a country column."""
    inside = np.asarray(region.inside, dtype=bool)
    if "country" not in region.places.columns:
        return Places(MAINLAND, np.ones(inside.size, dtype=bool))
    countries = np.asarray(region.places["country"].to_list(), dtype=object)
    home = set(countries[inside])
    return Places(MAINLAND, np.array([country in home for country in countries]))


def read_sets(raw: Mapping[str, Any], region: Any, faults: Faults) -> dict[str, Places]:
    """The sets of needs.toml, each `level` and `is` or `places`; `mainland` and `abroad` are there unless named anew.

    raw: name -> table. Every fault goes to `faults`, with the names nearest to an unknown one.
    """
    mainland = mainland_of(region)
    sets = {MAINLAND: mainland, ABROAD: Places(ABROAD, ~mainland.mask)}
    for name, table in raw.items():
        where = f"needs.toml: [sets] {name}"
        if not isinstance(table, Mapping) or set(table) not in ({"level", "is"}, {"places"}):
            faults.add("is not a set of places", place=where, expected="the keys `level` and `is`, or `places`")
            continue
        mask = _by_place(table, region, where, faults) if "places" in table else _by_level(table, region, where, faults)
        sets[name] = Places(name, mask)
    return sets


def _by_place(table: Mapping[str, Any], region: Any, where: str, faults: Faults) -> np.ndarray:
    wanted = _listed(table["places"])
    for place in wanted:
        if place not in region.place_ids:
            faults.add(f"unknown place '{place}'", place=where, cure=did_you_mean(place, region.place_ids))
    return np.isin(np.asarray(region.place_ids), wanted)


def _by_level(table: Mapping[str, Any], region: Any, where: str, faults: Faults) -> np.ndarray:
    mask = np.zeros(len(region.place_ids), dtype=bool)
    levels = list(region.levels)
    if table["level"] not in levels:
        faults.add(f"unknown level '{table['level']}'", place=where, cure=did_you_mean(table["level"], levels))
        return mask
    known = region.jurisdictions(table["level"])
    for name in _listed(table["is"]):
        if name in known:
            mask |= np.asarray(region.members(table["level"], name), dtype=bool)
        else:
            faults.add(f"unknown {table['level']} '{name}'", place=where, cure=did_you_mean(name, known))
    return mask


def _listed(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
