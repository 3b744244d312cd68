"""A still map: one number a place on the page's own geometry, with its inset and legend, and no script."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bridgehead.report.figures.breaks import NO_VALUE, SEQUENTIAL, class_of, sequential_breaks
from bridgehead.report.figures.frame import Page
from bridgehead.report.figures.mapview import LINES, near_places, spread_colours
from bridgehead.report.figures.numbers import Unit, amount, bound
from bridgehead.report.figures.words import Both, attributes, say, span

__all__ = ["still_map"]


def still_map(page: Page, values: Mapping[str, float | None], title: Both, unit: Unit, guessed: Collection[str] = ()) -> str:
    """A figure with the numbers of places by shade; those in `guessed` are hatched."""
    order = list(page.shapes.paths)
    breaks = sequential_breaks([value for value in values.values() if value is not None])
    colours = spread_colours(SEQUENTIAL, len(breaks) + 1)
    main = _drawing(page, order, values, breaks, colours, "main", title, unit, guessed)
    inset = ""
    if page.shapes.inset:
        inset = f'<div class="inset">{_drawing(page, order, values, breaks, colours, "inset", title, unit, guessed)}</div>'
    steps = "".join(
        f'<i style="background:{colour}"><b>{span(_edge(breaks[n], unit)) if n < len(breaks) else ""}</b></i>'
        for n, colour in enumerate(colours)
    )
    hatch = f'<span class="hatch-key"><i></i>{span(say("maps.hatch"))}</span>' if guessed else ""
    legend = f'<div class="map-legend"><span class="steps">{steps}</span><span class="unit">{span(unit.label)}</span>{hatch}</div>'
    return f'<figure class="map still"><figcaption><b>{span(title)}</b></figcaption><div class="frame">{main}{inset}</div>{legend}</figure>'


def _edge(value: float, unit: Unit) -> Both:
    return Both(bound(value * unit.scale_en), bound(value * unit.scale_zh))


def _drawing(
    page: Page,
    order: list[str],
    values: Mapping,
    breaks: list,
    colours: list,
    scale: str,
    title: Both,
    unit: Unit,
    guessed: Collection[str],
) -> str:
    box = page.shapes.view if scale == "main" else page.shapes.inset
    shown = range(len(order)) if scale == "main" else near_places([page.shapes.anchors[place] for place in order], box)
    fills = []
    for index in shown:
        place = order[index]
        value = values.get(place)
        shade = class_of(value, breaks)
        said, text = page.names.place(place), amount(value, unit)
        tip = attributes("data-tip", Both(f"{said.en}: {text.en}", f"{said.zh}：{text.zh}"))
        fills.append(f'<use href="#g{index}" fill="{NO_VALUE if shade is None else colours[shade]}" {tip}/>')
    hatches = "".join(f'<use href="#g{index}" fill="url(#hatch-{scale})"/>' for index in shown if order[index] in guessed)
    lines = "".join(f'<use href="#l-{line}" class="{look}"/>' for line, look in LINES)
    view, css = " ".join(f"{number:.0f}" for number in box), "main" if scale == "main" else "small"
    about = f'role="img" {attributes("aria-label", title)}'
    return (
        f'<svg viewBox="{view}" class="{css}" {about}><g class="fills">{"".join(fills)}</g><g class="hatches">{hatches}</g>'
        f'<g class="lines">{lines}</g></svg>'
    )
