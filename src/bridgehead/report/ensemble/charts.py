"""Pictures of an ensemble as inline SVG: ranges, tornados, fans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bridgehead.report.charts import nice_ticks
from bridgehead.report.figures.numbers import Unit
from bridgehead.report.figures.words import Both, attributes, same, svg_text

__all__ = ["Range", "Swing", "by_unit", "fan", "range_strip", "tornado"]

ROW, LETTER = 27.0, 6.9
"""Height of a bar's row, and about the width of a letter of its label."""


@dataclass(frozen=True)
class Range:
    """A range of draws: 5th, 50th and 95th per cent; css says whether its sign is sure."""

    low: float
    middle: float
    high: float
    css: str = ""


@dataclass(frozen=True)
class Swing:
    """A bar of a tornado: the medians where a number is low and where it is high, with its name and both as text."""

    label: Both
    at_low: float
    at_high: float
    shown: Both


def _open(width: float, height: float, title: Both, css: str = "chart") -> str:
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" style="max-width:{1.1 * width:.0f}px"'
    return f'<svg class="{css}" {size} role="img" {attributes("aria-label", title)}>'


def by_unit(unit: Unit, at: Callable[[float], str]) -> str:
    """One picture where both languages use a unit of one size, else one for each; at: the picture at a scale."""
    if unit.scale_en == unit.scale_zh:
        return at(unit.scale_en)
    return f'<div class="en">{at(unit.scale_en)}</div><div class="zh">{at(unit.scale_zh)}</div>'


def range_strip(found: Range, title: Both, *, width: float = 220, height: float = 22) -> str:
    """One range around zero on a scale of its own: a bar from 5 to 95 %, a dot at the median, a line at zero."""
    low, high = min(found.low, 0.0), max(found.high, 0.0)
    margin = 0.05 * (high - low or 1.0)
    low, high = low - margin, high + margin

    def at(value: float) -> float:
        return (value - low) / (high - low) * width

    y = height / 2
    bar = f'<rect class="range {found.css}" x="{at(found.low):.1f}" y="{y - 4:.1f}" width="{max(at(found.high) - at(found.low), 1):.1f}" height="8" rx="4"/>'
    zero = f'<line class="axis" x1="{at(0):.1f}" x2="{at(0):.1f}" y1="1" y2="{height - 1:.0f}"/>'
    dot = f'<circle class="median {found.css}" cx="{at(found.middle):.1f}" cy="{y:.1f}" r="5"/>'
    return f"{_open(width, height, title, 'chart strip')}{zero}{bar}{dot}</svg>"


def tornado(rows: Sequence[Swing], middle: float, title: Both, *, width: float = 720) -> str:
    """Bars around the median of all draws: where each number is in its lowest tenth, and in its highest."""
    label_width = max(270.0, LETTER * max((len(row.label.en) for row in rows), default=0) + 16)
    width += label_width - 270
    values = [middle, *(v for row in rows for v in (row.at_low, row.at_high))]
    low, high = min(values), max(values)
    margin = 0.06 * (high - low or 1.0)
    low, high = low - margin, high + margin
    number = 150.0
    room, base = width - label_width - number, len(rows) * ROW + 24

    def at(value: float) -> float:
        return label_width + (value - low) / (high - low) * room

    parts = [_open(width, base + 24, title)]
    for tick in nice_ticks(low, high, 6):
        parts.append(f'<line class="grid" x1="{at(tick):.1f}" x2="{at(tick):.1f}" y1="18" y2="{base:.1f}"/>')
        parts.append(svg_text(at(tick), base + 16, same(f"{tick:g}".replace("-", "−")), "tick", "middle"))
    for index, row in enumerate(rows):
        y = 22 + index * ROW
        parts.append(svg_text(label_width - 10, y + 14, row.label, "label", "end"))
        for value, css in ((row.at_low, "low"), (row.at_high, "high")):
            left, size = min(at(value), at(middle)), abs(at(value) - at(middle))
            parts.append(
                f'<rect class="swing-{css}" x="{left:.1f}" y="{y + 3:.1f}" width="{max(size, 0.8):.1f}" height="{ROW - 11:.0f}" rx="1.5"/>'
            )
        parts.append(svg_text(label_width + room + 10, y + 14, row.shown, "value"))
    parts.append(f'<line class="axis" x1="{at(middle):.1f}" x2="{at(middle):.1f}" y1="18" y2="{base:.1f}"/>')
    return "".join(parts) + "</svg>"


def fan(
    years: Sequence[int],
    bands: Sequence[tuple[Sequence[float], Sequence[float]]],
    middle: Sequence[float],
    title: Both,
    *,
    width: float = 470,
) -> str:
    """A fan: bands of percentiles by year, the widest first, and the median as a line; zero is marked."""
    height, left, foot = 250.0, 52.0, 30.0
    values = [0.0, *(v for low, high in bands for v in (*low, *high)), *middle]
    bottom, top = min(values), max(values)
    margin = 0.06 * (top - bottom or 1.0)
    bottom, top = bottom - margin, top + margin

    def x(year: float) -> float:
        return left + (year - years[0]) / max(years[-1] - years[0], 1) * (width - left - 16)

    def y(value: float) -> float:
        return 12 + (top - value) / (top - bottom) * (height - foot - 12)

    parts = [_open(width, height, title)]
    for tick in nice_ticks(bottom, top, 6):
        parts.append(f'<line class="grid" x1="{left:.0f}" x2="{width - 16:.0f}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>')
        parts.append(svg_text(left - 8, y(tick) + 4, same(f"{tick:g}".replace("-", "−")), "tick", "end"))
    for number, (low, high) in enumerate(bands):
        up = " ".join(f"{x(t):.1f},{y(v):.1f}" for t, v in zip(years, high, strict=True))
        down = " ".join(f"{x(t):.1f},{y(v):.1f}" for t, v in zip(reversed(years), reversed(low), strict=True))
        parts.append(f'<polygon class="band-{number + 1}" points="{up} {down}"/>')
    line = " ".join(f"{x(t):.1f},{y(v):.1f}" for t, v in zip(years, middle, strict=True))
    parts.append(
        f'<line class="axis" x1="{left:.0f}" x2="{width - 16:.0f}" y1="{y(0):.1f}" y2="{y(0):.1f}"/><polyline class="middle" points="{line}"/>'
    )
    step = max(1, round((years[-1] - years[0]) / 6 / 5) * 5) if years[-1] - years[0] > 10 else 1
    for year in range(years[0], years[-1] + 1, step):
        parts.append(svg_text(x(year), height - 12, same(str(year)), "tick", "middle"))
    return "".join(parts) + "</svg>"
