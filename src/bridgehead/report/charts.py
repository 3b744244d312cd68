"""Charts as inline SVG by small pure functions: no script, no network, both languages, and readable in print."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bridgehead.report.figures.words import Both, attributes, svg_text

__all__ = ["Bar", "coverage_bars", "diverging_bars", "fit_scatter", "growth_scatter", "nice_ticks", "stacked_shares", "waterfall"]

ROW = 26.0


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its number (None: not a number, drawn as a dash), the number as text, and a CSS class."""

    label: Both
    value: float | None
    shown: Both
    css: str = ""


def _open(width: float, height: float, title: Both, css: str = "chart") -> str:
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" style="max-width:{1.1 * width:.0f}px"'
    return f'<svg class="{css}" {size} role="img" {attributes("aria-label", title)}>'


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers that span low to high, about `count` of them.

    >>> nice_ticks(0, 10)
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    if high <= low:
        return [low]
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(index * step, 12) for index in range(first, last + 1)]


def diverging_bars(bars: list[Bar], title: Both, *, width: float = 560, label_width: float = 150) -> str:
    """Horizontal bars around zero on one scale; the number stands beside the bar's end on its own side."""
    values = [bar.value for bar in bars if bar.value is not None]
    low, high = min([0.0, *values]), max([0.0, *values])
    number = 14.0 + 6.6 * max((len(bar.shown.en) for bar in bars), default=6)
    room = width - label_width - number * ((low < 0) + (high > 0 or low == 0)) - 10
    scale = room / ((high - low) or 1.0)
    zero = label_width + number * (low < 0) + 6 - low * scale
    height = len(bars) * ROW + 8
    parts = [_open(width, height, title)]
    parts.append(f'<line class="axis" x1="{zero:.1f}" x2="{zero:.1f}" y1="2" y2="{height - 2:.0f}"/>')
    parts += [_bar_row(bar, index, zero, scale, label_width) for index, bar in enumerate(bars)]
    return "".join(parts) + "</svg>"


def _bar_row(bar: Bar, index: int, zero: float, scale: float, label_width: float) -> str:
    y = 4 + index * ROW
    text = svg_text(label_width - 8, y + 16.5, bar.label, "label", "end")
    if bar.value is None:
        return text + svg_text(zero + 6, y + 16.5, bar.shown, "value dim")
    size = max(abs(bar.value) * scale, 0.8)
    left = zero - size if bar.value < 0 else zero
    css = bar.css or ("loss" if bar.value < 0 else "gain")
    rect = f'<rect class="{css}" x="{left:.1f}" y="{y + 4:.1f}" width="{size:.1f}" height="{ROW - 10:.0f}" rx="1.5"/>'
    at, anchor = (left - 5, "end") if bar.value < 0 else (zero + size + 5, "start")
    return text + rect + svg_text(at, y + 16.5, bar.shown, "value", anchor)


def waterfall(steps: list[Bar], total: Bar, title: Both, *, width: float = 640) -> str:
    """From the first step to the total: each bar starts where the last ended; the total stands on zero."""
    height, top, foot = 300.0, 26.0, 52.0
    levels = [0.0]
    for step in steps:
        levels.append(levels[-1] + (step.value or 0.0))
    low, high = min(0.0, *levels, total.value or 0.0), max(0.0, *levels, total.value or 0.0)
    scale = (height - top - foot - 18) / ((high - low) or 1.0)

    def y(value: float) -> float:
        return top + (high - value) * scale

    slot = (width - 20) / (len(steps) + 1)
    parts = [_open(width, height, title), f'<line class="axis" x1="10" x2="{width - 10:.0f}" y1="{y(0):.1f}" y2="{y(0):.1f}"/>']
    for index, bar in enumerate([*steps, total]):
        start = 0.0 if bar is total else levels[index]
        parts.append(_fall(bar, start, 10 + index * slot, slot, y))
        parts.append(_two_lines(10 + (index + 0.5) * slot, height - 30, bar.label, slot))
        if index < len(steps):
            level, left = y(levels[index + 1]), 10 + (index + 0.8) * slot
            parts.append(f'<line class="tie" x1="{left:.1f}" x2="{left + 0.4 * slot:.1f}" y1="{level:.1f}" y2="{level:.1f}"/>')
    return "".join(parts) + "</svg>"


def _two_lines(x: float, y: float, text: Both, room: float) -> str:
    """A label in one line, or in two where it is wider than its room (8 units a letter, 14 a Chinese character)."""
    (a, b), (c, d) = _halves(text.en, room / 7.5), _halves(text.zh, room / 14)
    return svg_text(x, y, Both(a, c), "label", "middle") + svg_text(x, y + 17, Both(b, d), "label", "middle")


def _halves(text: str, letters: float) -> tuple[str, str]:
    if len(text) <= letters:
        return text, ""
    middle = len(text) / 2
    cuts = [index for index, sign in enumerate(text) if sign == " "] or [round(middle)]
    cut = min(cuts, key=lambda index: abs(index - middle))
    return text[:cut].strip(), text[cut:].strip()


def _fall(bar: Bar, start: float, left: float, slot: float, y) -> str:
    if bar.value is None:
        return svg_text(left + slot / 2, y(start) - 6, bar.shown, "value dim", "middle")
    end = start + bar.value
    top, size = min(y(start), y(end)), max(abs(y(start) - y(end)), 1.0)
    css = bar.css or ("loss" if bar.value < 0 else "gain")
    rect = f'<rect class="{css}" x="{left + 0.2 * slot:.1f}" y="{top:.1f}" width="{0.6 * slot:.1f}" height="{size:.1f}" rx="1.5"/>'
    # The number stands outside the bar on the side it moved to, so that it never covers the bar's edge.
    where = top - 7 if bar.value >= 0 else top + size + 16
    return rect + svg_text(left + slot / 2, where, bar.shown, "value strong", "middle")


def fit_scatter(points: list[tuple[Both, float, float, str]], title: Both, axes: tuple[Both, Both], *, size: float = 400) -> str:
    """Observed against model on logarithmic axes; the line is equality, the band a factor of two either way.

    points: label, observed, model, CSS class. Only positive pairs are drawn.
    """
    drawn = [point for point in points if point[1] > 0 and point[2] > 0]
    if not drawn:
        return ""
    logs = [math.log10(v) for _, a, b, _ in drawn for v in (a, b)]
    low, high = math.floor(min(logs) - 0.1), math.ceil(max(logs) + 0.1)
    left, foot = 58.0, 44.0
    room = size - left - 14

    def at(value: float) -> float:
        return (math.log10(value) - low) / (high - low) * room

    base = size - foot
    parts = [_open(size, size, title, "chart scatter")]
    parts.append(_decades(low, high, left, base, room))
    band = math.log10(2) / (high - low) * room
    right, top = left + room, base - room
    corner = f"{left:.1f},{base:.1f} {left:.1f},{base - band:.1f} {right - band:.1f},{top:.1f} {right:.1f},{top:.1f}"
    corner += f" {right:.1f},{top + band:.1f} {left + band:.1f},{base:.1f}"
    parts.append(f'<polygon class="band" points="{corner}"/>')
    parts.append(f'<line class="equal" x1="{left:.1f}" y1="{base:.1f}" x2="{left + room:.1f}" y2="{base - room:.1f}"/>')
    for label, observed, model, css in drawn:
        tip = attributes("data-tip", label)
        parts.append(f'<circle class="dot {css}" cx="{left + at(observed):.1f}" cy="{base - at(model):.1f}" r="5" tabindex="0" {tip}/>')
    parts.append(svg_text(left + room / 2, size - 8, axes[0], "label", "middle"))
    parts.append(f'<g transform="translate(14 {base - room / 2:.0f}) rotate(-90)">{svg_text(0, 0, axes[1], "label", "middle")}</g>')
    return "".join(parts) + "</svg>"


def growth_scatter(points: list[tuple[Both, float, float]], title: Both, axes: tuple[Both, Both], *, size: float = 400) -> str:
    """Observed across, model up, both on one linear scale around zero; the line is equality. points: tip, observed, model."""
    if not points:
        return ""
    reach = max(abs(value) for _, *pair in points for value in pair) or 1.0
    ticks = nice_ticks(-reach, reach, 6)
    left, foot = 58.0, 44.0
    room = size - left - 14
    base = size - foot

    def at(value: float) -> float:
        return (value + reach) / (2 * reach) * room

    parts = [_open(size, size, title, "chart scatter")]
    for tick in ticks:
        here, css = at(tick), "axis" if tick == 0 else "grid"
        name = Both(*([f"{tick:g}".replace("-", "−")] * 2))
        parts.append(f'<line class="{css}" x1="{left + here:.1f}" x2="{left + here:.1f}" y1="{base - room:.1f}" y2="{base:.1f}"/>')
        parts.append(f'<line class="{css}" x1="{left:.1f}" x2="{left + room:.1f}" y1="{base - here:.1f}" y2="{base - here:.1f}"/>')
        parts.append(svg_text(left + here, base + 15, name, "tick", "middle") + svg_text(left - 6, base - here + 4, name, "tick", "end"))
    parts.append(f'<line class="equal" x1="{left:.1f}" y1="{base:.1f}" x2="{left + room:.1f}" y2="{base - room:.1f}"/>')
    for label, observed, model in points:
        tip = attributes("data-tip", label)
        parts.append(f'<circle class="dot checked" cx="{left + at(observed):.1f}" cy="{base - at(model):.1f}" r="4.5" tabindex="0" {tip}/>')
    parts.append(svg_text(left + room / 2, size - 8, axes[0], "label", "middle"))
    parts.append(f'<g transform="translate(14 {base - room / 2:.0f}) rotate(-90)">{svg_text(0, 0, axes[1], "label", "middle")}</g>')
    return "".join(parts) + "</svg>"


def _decades(low: int, high: int, left: float, base: float, room: float) -> str:
    parts = []
    for power in range(low, high + 1):
        step = (power - low) / (high - low) * room
        name = Both(*([f"{10.0**power:,.0f}" if power >= 0 else f"{10.0**power:g}"] * 2))
        parts.append(f'<line class="grid" x1="{left + step:.1f}" x2="{left + step:.1f}" y1="{base - room:.1f}" y2="{base:.1f}"/>')
        parts.append(f'<line class="grid" x1="{left:.1f}" x2="{left + room:.1f}" y1="{base - step:.1f}" y2="{base - step:.1f}"/>')
        if (high - low) <= 5 or power % 2 == 0:
            parts.append(svg_text(left + step, base + 15, name, "tick", "middle"))
            parts.append(svg_text(left - 6, base - step + 4, name, "tick", "end"))
    return "".join(parts)


def stacked_shares(rows: list[tuple[Both, list[tuple[str, float, Both]]]], title: Both, *, width: float = 640) -> str:
    """Rows of shares side by side, each row on its own 0 to 1 scale. rows: label and (CSS class, share, text)."""
    height, label_width = len(rows) * ROW + 6, 200.0
    room = width - label_width - 8
    parts = [_open(width, height, title)]
    for index, (label, pieces) in enumerate(rows):
        y, x = 2 + index * ROW, label_width
        parts.append(svg_text(label_width - 10, y + 16.5, label, "label", "end"))
        for css, share, text in pieces:
            size = max(share, 0.0) * room
            parts.append(f'<rect class="{css}" x="{x:.1f}" y="{y + 3:.1f}" width="{size:.1f}" height="{ROW - 8:.0f}"/>')
            if size > 44:
                parts.append(svg_text(x + size / 2, y + 16.5, text, f"value on-{css}", "middle"))
            x += size
    return "".join(parts) + "</svg>"


def coverage_bars(rows: list[tuple[Both, float]], title: Both) -> str:
    """Observed (solid) and inferred (hatched) share of each total, 0 to 1."""
    pieces = []
    for label, observed in rows:
        seen, rest = f"{100 * observed:.0f} %", f"{100 * (1 - observed):.0f} %"
        pieces.append((label, [("observed", observed, Both(seen, seen)), ("inferred", 1 - observed, Both(rest, rest))]))
    return stacked_shares(pieces, title)
