"""Classes of the maps' shades: fixed once for a variable, the same in every scenario, so that pictures can be compared."""

from __future__ import annotations

import math

import numpy as np

__all__ = ["DIVERGING", "NO_VALUE", "SEQUENTIAL", "class_of", "diverging_breaks", "sequential_breaks"]

SEQUENTIAL = ("#eef3ee", "#cfe3d8", "#a3ccc1", "#6dacab", "#3b8592", "#1d5c74", "#123a56")
"""Seven steps from low to high, readable in grey."""
DIVERGING = (
    "#8a4203", "#c46a12", "#e9a04f", "#f8d3a3", "#f4f4f1", "#c4dcee", "#7fb2d9", "#3c7fb8", "#124b82",
)  # fmt: skip
"""Orange below zero, near-white around it, blue above."""
NO_VALUE = "#dcdcd8"


def sequential_breaks(values: list[float]) -> list[float]:
    """Six bounds for seven shades: quantiles of the values, rounded to two digits, strictly rising."""
    known = np.array([value for value in values if value is not None and math.isfinite(value)])
    if known.size == 0:
        return []
    bounds = [_rounded(float(q)) for q in np.quantile(known, [0.1, 0.27, 0.44, 0.61, 0.78, 0.92])]
    return sorted(set(bounds))


def diverging_breaks(values: list[float]) -> list[float]:
    """Eight bounds symmetric around zero, each step a factor of 3 or 10 apart by how far the values spread.

    The outermost bound is near the 98th percentile of the size over all scenarios together.
    """
    sizes = np.abs([value for value in values if value is not None and math.isfinite(value) and value != 0])
    if sizes.size == 0:
        return []
    top, middle = (float(q) for q in np.quantile(sizes, [0.98, 0.4]))
    steep = top > 60 * middle
    # A bound just above the percentile is kept, so that the outermost shade stays for the few.
    top *= 1.15
    power = math.floor(math.log10(top))
    lead = 3.0 if top >= 3 * 10.0**power else 1.0
    positive = [lead * 10.0 ** (power - step) for step in range(4)] if steep else _thirds(lead, power)
    positive = sorted(round(bound, 12 - min(power, 0)) for bound in positive)
    return [-bound for bound in reversed(positive)] + positive


def _thirds(lead: float, power: int) -> list[float]:
    bounds, factor, exponent = [], lead, power
    for _ in range(4):
        bounds.append(factor * 10.0**exponent)
        factor, exponent = (1.0, exponent) if factor == 3.0 else (3.0, exponent - 1)
    return bounds


def class_of(value: float | None, breaks: list[float]) -> int | None:
    """Index of the class of a value: the number of bounds at or below it."""
    if value is None or not math.isfinite(value):
        return None
    return sum(value >= bound for bound in breaks)


def _rounded(value: float) -> float:
    if value == 0:
        return 0.0
    return round(value, 1 - math.floor(math.log10(abs(value))))
