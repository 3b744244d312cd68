"""Charts on two axes as inline SVG: what two governments can have together, a front of two measures, money by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridgehead.report.charts import nice_ticks
from bridgehead.report.figures.numbers import plain
from bridgehead.report.figures.words import Both, attributes, same, svg_text

__all__ = ["Axis", "Mark", "plane", "series"]

LEFT, FOOT, TOP, RIGHT = 64.0, 46.0, 14.0, 16.0


@dataclass(frozen=True)
class Axis:
    """An axis: its title, and by what numbers are multiplied to be shown in either language (英 bn, 中 亿)."""

    title: Both
    scale_en: float = 1.0
    scale_zh: float = 1.0

    def shown(self, value: float) -> Both:
        """A tick's text in both languages."""
        return Both(*(plain(round(value * scale, 10)) for scale in (self.scale_en, self.scale_zh)))


@dataclass(frozen=True)
class Mark:
    """A point: where, what it is called beside it (empty: not), what it says when pointed at, and a CSS class."""

    x: float
    y: float
    name: Both
    tip: Both
    css: str = ""


class _Frame:
    """Two linear axes in a picture, with ticks."""

    def __init__(self, xs: Sequence[float], ys: Sequence[float], width: float, height: float):
        self.width, self.height = width, height
        self.x0, self.x1 = _room(xs)
        self.y0, self.y1 = _room(ys)

    def x(self, value: float) -> float:
        return LEFT + (value - self.x0) / (self.x1 - self.x0) * (self.width - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return self.height - FOOT - (value - self.y0) / (self.y1 - self.y0) * (self.height - FOOT - TOP)

    def axes(self, horizontal: Axis, vertical: Axis, *, years: bool = False) -> str:
        parts = []
        for tick in nice_ticks(self.x0, self.x1):
            where, text = self.x(tick), same(f"{tick:.0f}") if years else horizontal.shown(tick)
            parts.append(f'<line class="grid" x1="{where:.1f}" x2="{where:.1f}" y1="{TOP}" y2="{self.height - FOOT:.1f}"/>')
            parts.append(svg_text(where, self.height - FOOT + 16, text, "tick", "middle"))
        for tick in nice_ticks(self.y0, self.y1):
            where = self.y(tick)
            parts.append(f'<line class="grid" x1="{LEFT}" x2="{self.width - RIGHT:.1f}" y1="{where:.1f}" y2="{where:.1f}"/>')
            parts.append(svg_text(LEFT - 7, where + 4, vertical.shown(tick), "tick", "end"))
        for value, line in ((0.0, "h"), (0.0, "v")):
            if line == "h" and self.y0 < value < self.y1:
                parts.append(f'<line class="axis" x1="{LEFT}" x2="{self.width - RIGHT:.1f}" y1="{self.y(0):.1f}" y2="{self.y(0):.1f}"/>')
            if line == "v" and not years and self.x0 < value < self.x1:
                parts.append(f'<line class="axis" x1="{self.x(0):.1f}" x2="{self.x(0):.1f}" y1="{TOP}" y2="{self.height - FOOT:.1f}"/>')
        parts.append(svg_text((LEFT + self.width - RIGHT) / 2, self.height - 8, horizontal.title, "label", "middle"))
        middle = (TOP + self.height - FOOT) / 2
        parts.append(f'<g transform="translate(15 {middle:.0f}) rotate(-90)">{svg_text(0, 0, vertical.title, "label", "middle")}</g>')
        return "".join(parts)


def _room(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    pad = 0.06 * ((high - low) or abs(high) or 1.0)
    return low - pad, high + pad


def _open(width: float, height: float, title: Both) -> str:
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" style="max-width:{1.15 * width:.0f}px"'
    return f'<svg class="chart plane" {size} role="img" {attributes("aria-label", title)}>'


def plane(
    corners: Sequence[tuple[float, float]],
    marks: Sequence[Mark],
    title: Both,
    axes: tuple[Axis, Axis],
    *,
    joined: bool = False,
    width: float = 540,
    height: float = 430,
) -> str:
    """A region (its corners in order) and points on two axes; joined: a line through the marks in their order."""
    xs, ys = ([*(c[i] for c in corners), *(getattr(m, "xy"[i]) for m in marks)] for i in range(2))
    frame = _Frame(xs, ys, width, height)
    parts = [_open(width, height, title), frame.axes(*axes)]
    if corners:
        points = " ".join(f"{frame.x(x):.1f},{frame.y(y):.1f}" for x, y in corners)
        parts.append(f'<polygon class="core" points="{points}"/>')
    if joined and len(marks) > 1:
        points = " ".join(f"{frame.x(m.x):.1f},{frame.y(m.y):.1f}" for m in marks if m.css != "apart")
        parts.append(f'<polyline class="line plan" points="{points}"/>')
    at = [(frame.x(mark.x), frame.y(mark.y)) for mark in marks]
    for mark, (x, y) in zip(marks, at, strict=True):
        css = mark.css or "rule"
        parts.append(f'<circle class="dot {css}" cx="{x:.1f}" cy="{y:.1f}" r="5.5" tabindex="0" {attributes("data-tip", mark.tip)}/>')
    parts += [
        svg_text(x, y, mark.name, "label named", "middle") for mark, (x, y) in zip(marks, _names_at(marks, at), strict=True) if mark.name.en
    ]
    return "".join(parts) + "</svg>"


def _names_at(marks: Sequence[Mark], at: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where the marks' names stand: on the side of each where it covers the fewest marks and names."""
    boxes = [(x - 6, y - 6, x + 6, y + 6) for x, y in at]
    found = []
    for mark, (x, y) in zip(marks, at, strict=True):
        half = 3.6 * max(len(mark.name.en), 2 * len(mark.name.zh)) + 2
        sides = [(half + 9, 4), (-half - 9, 4), (0, -11), (0, 20), (half + 6, -8), (-half - 6, -8), (half + 6, 17), (-half - 6, 17)]
        best = min(sides, key=lambda side: sum(_overlap(_box(x + side[0], y + side[1], half), other) for other in boxes))
        place = (x + best[0], y + best[1])
        boxes.append(_box(*place, half))
        found.append(place)
    return found


def _box(x: float, y: float, half: float) -> tuple[float, float, float, float]:
    return x - half, y - 11, x + half, y + 3


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0.0) * max(high, 0.0)


def series(
    lines: Sequence[tuple[Both, str, Sequence[tuple[float, float]]]],
    title: Both,
    vertical: Axis,
    *,
    width: float = 620,
    height: float = 300,
) -> str:
    """Numbers by year, one line a series: name, CSS class, (year, value); names stand at their ends, apart where ends are near."""
    years, values = ([point[i] for _, _, points in lines for point in points] for i in range(2))
    frame = _Frame([*years, max(years) + 0.22 * (max(years) - min(years))], [0.0, *values], width, height)
    parts = [_open(width, height, title), frame.axes(Axis(same("")), vertical, years=True)]
    ends = sorted((frame.y(points[-1][1]), index) for index, (_, _, points) in enumerate(lines))
    heights, last = {}, -1e9
    for where, index in ends:
        last = heights[index] = max(where, last + 15.0)
    for index, (name, css, points) in enumerate(lines):
        path = " ".join(f"{frame.x(x):.1f},{frame.y(y):.1f}" for x, y in points)
        parts.append(f'<polyline class="line {css}" points="{path}"/>')
        parts.append(svg_text(frame.x(points[-1][0]) + 6, heights[index] + 4, name, f"label end-{css}"))
    return "".join(parts) + "</svg>"
