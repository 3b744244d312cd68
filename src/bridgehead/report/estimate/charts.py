"""Pictures of an estimation as inline SVG: intervals, observed against fitted, ratios by distance, profiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bridgehead.report.charts import nice_ticks
from bridgehead.report.figures.numbers import plain
from bridgehead.report.figures.words import Both, attributes, same, svg_text

__all__ = ["Interval", "Point", "density", "intervals", "profile", "ratios"]

ROW = 30.0


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval: label, number, ends (±inf where open), the number as text, a CSS class."""

    label: Both
    value: float
    low: float
    high: float
    shown: Both
    css: str = "fitted"


@dataclass(frozen=True)
class Point:
    """A point of a line chart: position, height, weight (its area), what a reader sees on it."""

    x: float
    y: float
    weight: float
    tip: Both


def _open(width: float, height: float, title: Both) -> str:
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" style="max-width:{1.1 * width:.0f}px"'
    return f'<svg class="chart" {size} role="img" {attributes("aria-label", title)}>'


def _tick(value: float) -> Both:
    return same(f"{value:g}".replace("-", "−"))


def intervals(rows: Sequence[Interval], title: Both, *, zero: float = 0.0, width: float = 760, label_width: float = 236) -> str:
    """Horizontal intervals on one scale around a line at `zero`, each with its number at the right."""
    ends = [x for row in rows for x in (row.low, row.high, row.value, zero) if math.isfinite(x)]
    low, high = min(ends), max(ends)
    margin = 0.06 * (high - low or 1.0)
    low, high = low - margin, high + margin
    number = 152.0
    room = width - label_width - number
    height = len(rows) * ROW + 34

    def at(value: float) -> float:
        return label_width + (min(max(value, low), high) - low) / (high - low) * room

    parts = [_open(width, height, title)]
    base = len(rows) * ROW + 4
    for tick in nice_ticks(low, high, 6):
        parts.append(f'<line class="grid" x1="{at(tick):.1f}" x2="{at(tick):.1f}" y1="2" y2="{base:.1f}"/>')
        parts.append(svg_text(at(tick), base + 17, _tick(tick), "tick", "middle"))
    if low < zero < high:
        parts.append(f'<line class="axis" x1="{at(zero):.1f}" x2="{at(zero):.1f}" y1="2" y2="{base:.1f}"/>')
    for number_of, row in enumerate(rows):
        y = 4 + (number_of + 0.5) * ROW
        parts.append(svg_text(label_width - 12, y + 4.5, row.label, "label", "end"))
        parts.append(f'<line class="whisker" x1="{at(row.low):.1f}" x2="{at(row.high):.1f}" y1="{y:.1f}" y2="{y:.1f}"/>')
        for end in (row.low, row.high):
            tall = 5 if math.isfinite(end) else 0  # an open end has no stop
            parts.append(f'<line class="whisker" x1="{at(end):.1f}" x2="{at(end):.1f}" y1="{y - tall:.1f}" y2="{y + tall:.1f}"/>')
        parts.append(f'<circle class="dot {row.css}" cx="{at(row.value):.1f}" cy="{y:.1f}" r="5.5"/>')
        parts.append(svg_text(label_width + room + 12, y + 4.5, row.shown, "value"))
    return "".join(parts) + "</svg>"


def density(
    observed: np.ndarray, fitted: np.ndarray, title: Both, axes: tuple[Both, Both], tip, *, cells: int = 44, size: float = 540
) -> str:
    """Pairs by observed and fitted flow on logarithmic axes, counted in square cells; the line is equality.

    tip(count, observed, fitted) is what a cell says. Only pairs with both above 0; fitted flows below a hundredth of the smallest observed
    one stand on the lower edge.
    """
    good = (observed > 0) & (fitted > 0)
    x, y = np.log10(observed[good]), np.log10(fitted[good])
    low, high = math.floor(x.min()), math.ceil(max(x.max(), y.max()) + 1e-9)
    low = min(low, max(math.floor(y.min()), low - 2))
    y = np.maximum(y, low + 1e-9)
    edges = np.linspace(low, high, cells + 1)
    counts, _, _ = np.histogram2d(x, y, bins=(edges, edges))
    left, foot, top = 62.0, 46.0, 10.0
    room = size - left - 30
    base = top + room
    cell = room / cells
    parts = [_open(size, base + foot, title)]
    for power in range(low, high + 1):
        step = (power - low) / (high - low) * room
        name = same(f"{10.0**power:,.0f}" if power >= 0 else f"{10.0**power:g}")
        parts.append(f'<line class="grid" x1="{left + step:.1f}" x2="{left + step:.1f}" y1="{top:.1f}" y2="{base:.1f}"/>')
        parts.append(f'<line class="grid" x1="{left:.1f}" x2="{left + room:.1f}" y1="{base - step:.1f}" y2="{base - step:.1f}"/>')
        parts.append(svg_text(left + step, base + 16, name, "tick", "middle"))
        parts.append(svg_text(left - 7, base - step + 4, name, "tick", "end"))
    most = counts.max()
    for i, j in np.argwhere(counts > 0):
        shade = 0.12 + 0.88 * math.log1p(counts[i, j]) / math.log1p(most)
        middle = [10 ** ((edges[k] + edges[k + 1]) / 2) for k in (i, j)]
        box = f'x="{left + i * cell:.1f}" y="{base - (j + 1) * cell:.1f}" width="{cell + 0.15:.2f}" height="{cell + 0.15:.2f}"'
        parts.append(f'<rect class="hero" {box} opacity="{shade:.2f}" {attributes("data-tip", tip(int(counts[i, j]), *middle))}/>')
    parts.append(f'<line class="equal" x1="{left:.1f}" y1="{base:.1f}" x2="{left + room:.1f}" y2="{top:.1f}"/>')
    parts.append(svg_text(left + room / 2, base + 38, axes[0], "label", "middle"))
    parts.append(f'<g transform="translate(14 {base - room / 2:.0f}) rotate(-90)">{svg_text(0, 0, axes[1], "label", "middle")}</g>')
    return "".join(parts) + "</svg>"


def ratios(series: Sequence[tuple[str, Sequence[Point]]], title: Both, axis: Both, *, width: float = 760, height: float = 300) -> str:
    """Points joined by lines around 1 on a logarithmic height; a point's area is its weight. series: CSS class and points."""
    points = [point for _, part in series for point in part if point.y > 0]
    logs = [math.log2(point.y) for point in points]
    low, high = min(-1.0, math.floor(min(logs))), max(1.0, math.ceil(max(logs)))
    right = max(point.x for point in points)
    left, foot, top = 52.0, 44.0, 12.0
    room, tall, most = width - left - 18, height - foot - top, max(point.weight for point in points)

    def place(point: Point) -> tuple[float, float]:
        return left + point.x / right * room, top + (high - math.log2(point.y)) / (high - low) * tall

    parts = [_open(width, height, title)]
    for power in range(int(low), int(high) + 1):
        y = top + (high - power) / (high - low) * tall
        parts.append(f'<line class="{"axis" if power == 0 else "grid"}" x1="{left:.0f}" x2="{left + room:.0f}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(svg_text(left - 8, y + 4, same(f"{2.0**power:g}" if power >= 0 else f"1/{2.0**-power:g}"), "tick", "end"))
    for tick in nice_ticks(0.0, right, 7):
        parts.append(svg_text(left + tick / right * room, height - foot + 18, _tick(tick), "tick", "middle"))
    for css, part in series:
        drawn = [(point, *place(point)) for point in part if point.y > 0]
        line = " ".join(f"{x:.1f},{y:.1f}" for _, x, y in drawn)
        parts.append(f'<polyline class="line {css}" points="{line}" fill="none"/>')
        for point, x, y in drawn:
            radius = 2.6 + 8.0 * math.sqrt(point.weight / most)
            parts.append(f'<circle class="dot {css}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" {attributes("data-tip", point.tip)}/>')
    parts.append(svg_text(left + room / 2, height - 6, axis, "label", "middle"))
    return "".join(parts) + "</svg>"


def profile(points: Sequence[tuple[float, float]], title: Both, reach: float, *, width: float = 250, height: float = 170) -> str:
    """How much worse the fit gets (height) as a number is held elsewhere: points, the line they must stay under, the best at the foot."""
    ordered = sorted(points)
    xs, most = [x for x, _ in ordered], 1.25 * reach
    left, foot, top = 34.0, 30.0, 12.0
    low, high = min(xs), max(xs)
    room, tall = width - left - 12, height - foot - top

    def place(x: float, rise: float) -> tuple[float, float]:
        return left + (x - low) / (high - low or 1.0) * room, top + (1 - min(rise, most) / most) * tall

    parts = [_open(width, height, title)]
    for tick in nice_ticks(low, high, 4):
        parts.append(svg_text(place(tick, 0)[0], height - 10, _tick(tick), "tick", "middle"))
    base = top + tall
    parts.append(f'<line class="axis" x1="{left:.0f}" x2="{left + room:.0f}" y1="{base:.1f}" y2="{base:.1f}"/>')
    edge = place(low, reach)[1]
    parts.append(f'<line class="tie" x1="{left:.0f}" x2="{left + room:.0f}" y1="{edge:.1f}" y2="{edge:.1f}"/>')
    parts.append(svg_text(left - 4, edge + 4, same(plain(reach)), "tick", "end"))
    line = " ".join("{:.1f},{:.1f}".format(*place(x, rise)) for x, rise in _curve(ordered))
    parts.append(f'<polyline class="line fitted" points="{line}" fill="none"/>')
    for x, rise in ordered:
        cx, cy = place(x, rise)
        parts.append(f'<circle class="dot fitted" cx="{cx:.1f}" cy="{cy:.1f}" r="3.4"/>')
    return "".join(parts) + "</svg>"


def _curve(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Between computed points the signed root of the rise is drawn straight, as it nearly is: a parabola where there are few points."""
    best = min(points, key=lambda point: point[1])[0]
    xs = [x for x, _ in points]
    roots = [math.copysign(math.sqrt(max(rise, 0.0)), x - best) for x, rise in points]
    fine = np.linspace(min(xs), max(xs), 61)
    return [(float(x), float(r) ** 2) for x, r in zip(fine, np.interp(fine, xs, roots), strict=True)]
