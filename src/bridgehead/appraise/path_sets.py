"""What the tables of paths share: the sets of places they are shown of, and kernels as matrices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bridgehead.kernels import as_array

INSIDE = "inside"


def sets_of(region: Any) -> list[tuple[str, str, np.ndarray]]:
    """(level, jurisdiction, members [place] 0 or 1): the inside, then every jurisdiction of the levels that group places."""
    found = [(INSIDE, region.meta.name, np.asarray(region.inside, dtype=float))]
    for level in region.meta.levels:
        names = region.jurisdictions(level)
        if len(names) <= len(region.place_ids) // 2:
            found += [(level, name, np.asarray(region.members(level, name), dtype=float)) for name in names]
    return found


@dataclass
class Dense:
    """Kernels as matrices with their borders, each made once: years of a path share the same objects."""

    _made: list[tuple[Any, np.ndarray]] = field(default_factory=list)

    def of(self, kernel: Any) -> np.ndarray:
        """The matrix of a kernel."""
        for known, matrix in self._made:
            if known is kernel:
                return matrix
        matrix = np.asarray(as_array(kernel))
        self._made.append((kernel, matrix))
        return matrix
