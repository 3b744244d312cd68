"""The sets of places that paths are shown of: the inside as a whole, and jurisdictions."""

from __future__ import annotations

from typing import Any

import numpy as np

INSIDE = "inside"


def sets_of(region: Any) -> list[tuple[str, str, np.ndarray]]:
    """(level, jurisdiction, members [place] 0 or 1): the inside, then every jurisdiction of the levels that group places."""
    found = [(INSIDE, region.meta.name, np.asarray(region.inside, dtype=float))]
    for level in region.meta.levels:
        names = region.jurisdictions(level)
        if len(names) <= len(region.place_ids) // 2:
            found += [(level, name, np.asarray(region.members(level, name), dtype=float)) for name in names]
    return found
