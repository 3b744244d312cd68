"""All measures by name. A need names one by `function`, with the sets of places it is taken of."""

from __future__ import annotations

from bridgehead.appraise import measures_growth, measures_links, measures_people
from bridgehead.appraise.values import MEASURES, UNITS, Measure, Value

__all__ = ["FAMILIES", "MEASURES", "UNITS", "Measure", "Value"]

FAMILIES = (measures_growth, measures_people, measures_links)
"""The files whose import fills MEASURES."""
