"""The change of a scenario as a map for print: shapes filled by class, borders above them, one SVG without scripts or fonts."""

from __future__ import annotations

import numpy as np

from bridgehead.appraise.tables import place_columns
from bridgehead.region.checks import inferred_places
from bridgehead.report.figures.breaks import DIVERGING, NO_VALUE, class_of, diverging_breaks
from bridgehead.report.figures.numbers import bound
from bridgehead.report.maps import MapShapes, map_shapes
from bridgehead.report.web.engine.hot import Hot, Result

WIDTH = 1000.0
VARIABLE = "value_added_change_percent"
LINES = (
    ("prefecture_lines", "#ffffff", 0.7), ("outline", "#7d8790", 0.8), ("province_lines", "#ffffff", 2.6), ("province_lines", "#4a5560", 1.4),
    ("hero_line", "#ffffff", 5.0), ("hero_line", "#b3261e", 3.0), ("zone_line", "#ffffff", 3.0), ("zone_line", "#1c2733", 1.4),
)  # fmt: skip


def drawing(hot: Hot, result: Result) -> tuple[str, list[dict[str, str]]]:
    """(SVG, legend) of the change of real value added in per cent: the whole region, and the zone beside it where there is one."""
    shapes = map_shapes(hot.region)
    values = dict(zip(hot.region.place_ids, place_columns(result.context)[VARIABLE], strict=True))
    breaks = diverging_breaks([float(values[place]) for place in shapes.paths])
    guessed = {place for place, own in zip(hot.region.place_ids, inferred_places(hot.region), strict=True) if own}
    fills = {place: _fill(values[place], breaks) for place in shapes.paths}
    body = _panel(shapes, fills, guessed, shapes.view, 0.0, 640.0 if shapes.inset else WIDTH)
    height = _height(shapes.view, 640.0 if shapes.inset else WIDTH)
    if shapes.inset:
        body += _panel(shapes, fills, guessed, shapes.inset, 660.0, 340.0)
        height = max(height, _height(shapes.inset, 340.0))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}">{body}</svg>'
    return svg, _legend(breaks)


def _fill(value: float, breaks: list[float]) -> str:
    shade = class_of(float(value), breaks)
    return NO_VALUE if shade is None else DIVERGING[shade] if breaks else DIVERGING[len(DIVERGING) // 2]


def _legend(breaks: list[float]) -> list[dict[str, str]]:
    edges = [bound(each) for each in breaks] + [""]
    return [{"colour": colour, "edge": edge} for colour, edge in zip(DIVERGING, edges, strict=False)] if breaks else []


def _height(view: tuple[float, float, float, float], width: float) -> float:
    return width * view[3] / view[2]


def _panel(
    shapes: MapShapes, fills: dict[str, str], guessed: set[str], view: tuple[float, float, float, float], left: float, width: float
) -> str:
    """One view of the map, `width` wide at `left`. A nested svg cuts off what lies outside; widths of lines are of the page."""
    scale = view[2] / width
    height = _height(view, width)
    near = [place for place, at in shapes.anchors.items() if _reaches(at, view)]
    parts = [f'<path d="{shapes.paths[p]}" fill="{fills[p]}" fill-rule="evenodd"/>' for p in near]
    hatch = f"h{left:.0f}"
    parts += [f'<path d="{shapes.paths[p]}" fill="url(#{hatch})" fill-rule="evenodd"/>' for p in near if p in guessed]
    for name, colour, stroke in LINES:
        path = getattr(shapes, name)
        if path:
            parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{stroke * scale:.2f}" stroke-linejoin="round"/>')
    size = 7 * scale
    pattern = (
        f'<pattern id="{hatch}" patternUnits="userSpaceOnUse" width="{size:.2f}" height="{size:.2f}" patternTransform="rotate(45)">'
        f'<line x1="0" y1="0" x2="0" y2="{size:.2f}" stroke="#3b3f46" stroke-opacity="0.45" stroke-width="{1.4 * scale:.2f}"/></pattern>'
    )
    box = " ".join(f"{number:.0f}" for number in view)
    place = f'x="{left:.0f}" y="0" width="{width:.0f}" height="{height:.0f}"'
    return f'<svg {place} viewBox="{box}" overflow="hidden"><defs>{pattern}</defs>{"".join(parts)}</svg>'


def _reaches(at: tuple[float, float], view: tuple[float, float, float, float]) -> bool:
    """Whether a place can reach into a view: its point lies within a view's width of it."""
    x, y = view[0] + view[2] / 2, view[1] + view[3] / 2
    return bool(np.hypot(at[0] - x, at[1] - y) < 2.2 * max(view[2], view[3]))
