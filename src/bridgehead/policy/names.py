"""Names in levers, found in a region: every name that is unknown becomes a fault with the nearest known one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bridgehead.errors import Faults, PolicyError, did_you_mean
from bridgehead.policy.fields import Jurisdiction


class Names:
    """Looks names up in a region and collects what is unknown, all of it, as faults of one lever.

    `at` says where the lever stands (file, row and number). Look-ups of unknown names return what is known of them, so that
    checking goes on; nothing is enacted once there is a fault.
    """

    def __init__(self, region: Any, faults: Faults | None = None, *, at: str = ""):
        self.region = region
        self.faults = faults if faults is not None else Faults("the lever cannot be enacted", PolicyError)
        self.at = at

    def fault(self, cause: str, *, expected: str = "", cure: str = "") -> None:
        """Record one fault of this lever."""
        self.faults.add(cause, place=self.at, expected=expected, cure=cure)

    @property
    def levels(self) -> tuple[str, ...]:
        """All levels of jurisdictions of the region, `country` included; the places themselves are none."""
        return tuple(level for level in self.region.levels if level != "place")

    def level(self, level: str, *, bordered: bool) -> bool:
        """Whether a level exists, and, if asked, has borders."""
        if level not in self.levels:
            self.fault(f"unknown level '{level}'", cure=did_you_mean(level, self.levels))
            return False
        borders = tuple(self.region.meta.bordered_levels)
        if bordered and level not in borders:
            self.fault(
                f"level '{level}' has no borders in this region",
                expected="one of bordered_levels: " + ", ".join(borders),
                cure="name a bordered level, or give the level its passages in borders.csv",
            )
            return False
        return True

    def jurisdictions(self, level: str, names: Sequence[str], *, key: str) -> np.ndarray:
        """Indices of named jurisdictions of a level that exists, each once."""
        known = list(self.region.jurisdictions(level))
        for name in names:
            if name not in known:
                self.fault(f"`{key}` names no jurisdiction of level '{level}': '{name}'", cure=did_you_mean(name, known))
        return np.unique([known.index(name) for name in names if name in known]).astype(int)

    def places(self, names: Sequence[str], *, key: str) -> np.ndarray:
        """Mask [N] of named places."""
        known = list(self.region.place_ids)
        for name in names:
            if name not in known:
                self.fault(f"`{key}` names no place: '{name}'", cure=did_you_mean(name, known))
        return np.isin(known, list(names))

    def within(self, jurisdiction: Jurisdiction, *, key: str) -> np.ndarray:
        """Mask [N] of the places of one or several jurisdictions of a level."""
        mask = np.zeros(len(self.region.place_ids), dtype=bool)
        if not self.level(jurisdiction.level, bordered=False):
            return mask
        cells = np.asarray(self.region.cells(jurisdiction.level))
        return np.isin(cells, self.jurisdictions(jurisdiction.level, jurisdiction.is_, key=key))

    def side(self, items: Sequence[str | Jurisdiction], *, key: str) -> np.ndarray:
        """Mask [N] of places and jurisdictions mixed. A name that means different places at different levels is a fault."""
        mask = np.zeros(len(self.region.place_ids), dtype=bool)
        for item in items:
            mask |= self.within(item, key=key) if isinstance(item, Jurisdiction) else self._named(item, key)
        return mask

    def _named(self, name: str, key: str) -> np.ndarray:
        place_ids = list(self.region.place_ids)
        found = {"place": np.asarray([place == name for place in place_ids])} if name in place_ids else {}
        for level in self.levels:
            if name in self.region.jurisdictions(level):
                found[level] = np.asarray(self.region.members(level, name), dtype=bool)
        if not found:
            known = [*place_ids, *(name for level in self.levels for name in self.region.jurisdictions(level))]
            self.fault(f"`{key}` names no place and no jurisdiction: '{name}'", cure=did_you_mean(name, dict.fromkeys(known)))
            return np.zeros(len(place_ids), dtype=bool)
        masks = list(found.values())
        if any(not np.array_equal(masks[0], other) for other in masks[1:]):
            self.fault(
                f"`{key}` is ambiguous: '{name}' is a name at {', '.join(found)}, with different places",
                cure=f'write {{ level = "{list(found)[-1]}", is = "{name}" }} in its stead',
            )
        return masks[0]

    def sectors(self, names: Sequence[str] | None) -> np.ndarray:
        """Mask [S] of named sectors, each with its sub-sectors; all of them when none is named."""
        mask = np.zeros(len(self.region.sector_names), dtype=bool)
        for name in names or ():
            if name in self.region.sector_groups:
                mask |= self.region.sector_mask(name)
            else:
                self.fault(f"unknown sector '{name}'", cure=did_you_mean(name, self.region.sector_groups))
        return np.ones_like(mask) if names is None else mask

    def origins(self, names: Sequence[str]) -> np.ndarray:
        """Mask [G] of named origins."""
        known = list(self.region.origin_names)
        for name in names:
            if name not in known:
                self.fault(f"unknown origin '{name}'", cure=did_you_mean(name, known))
        return np.isin(known, list(names))

    def gateway(self, name: str) -> np.ndarray:
        """Share [N] of each place's foreign trade that goes by one gateway; 0 for places that name none."""
        shares = self.region.gateway_shares
        if self.region.gateways is None:
            self.fault(
                "`via` needs to know by which gateway places trade, and the region has no gateways.csv",
                cure="add gateways.csv (place, gateway, share), or leave `via` out",
            )
        elif name not in shares:
            self.fault(f"unknown gateway '{name}'", cure=did_you_mean(name, shares))
        return shares[name] if name in shares else np.zeros(len(self.region.place_ids))

    def abroad(self) -> np.ndarray:
        """Mask [N] of places abroad: of another country than every inside place."""
        cells = np.asarray(self.region.cells("country"))
        return ~np.isin(cells, cells[np.asarray(self.region.inside, dtype=bool)])
