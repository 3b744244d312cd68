"""The maps section: two linked maps with insets, their controls, legends, table twin, and the data they show."""

from __future__ import annotations

import json
import math

from bridgehead.report.figures.breaks import DIVERGING, NO_VALUE, SEQUENTIAL, class_of, diverging_breaks, sequential_breaks
from bridgehead.report.figures.frame import Html, Page, chooser, note, section
from bridgehead.report.figures.numbers import bound
from bridgehead.report.figures.places import Variable, change_variables, changes_of, inferred_places, level_variables, levels_of
from bridgehead.report.figures.words import Both, attributes, escape, say, span, svg_text

__all__ = ["map_data", "maps", "near_places", "spread_colours"]

# Lines from below to above with their looks; a white casing keeps the borders readable on every shade.
LINES = (
    ("pref", "pref"), ("out", "coast"), ("prov", "casing"), ("prov", "prov"),
    ("hero", "casing wide"), ("hero", "hero"), ("zone", "zone"),
)  # fmt: skip


def map_data(page: Page) -> dict:
    """What the page's script needs: places, variables with classes, and values in the order of the places."""
    order = list(page.shapes.paths)
    rows = {row["place"]: row for row in page.region.places.to_dicts()}
    places = []
    for place in order:
        name, province = page.names.place(place), page.names.jurisdiction(str(rows[place].get("province", "")))
        places.append({"id": place, "en": name.en, "zh": name.zh, "pen": province.en, "pzh": province.zh})
    levels = [_level(page, variable, order) for variable in level_variables(page)]
    hidden = sorted(order.index(place) for place in inferred_places(page) if place in page.shapes.paths)
    changes = [_change(page, variable, order) | {"inferred": hidden} for variable in change_variables(page)]
    view = {"view": page.shapes.view, "inset": page.shapes.inset, "anchors": [page.shapes.anchors[place] for place in order]}
    return {"places": places, "level": levels, "change": changes, "lead": page.lead, "empty": NO_VALUE, **view}


def _head(variable: Variable, breaks: list[float], colours: list[str]) -> dict:
    unit = variable.unit
    return {"id": variable.column, "en": variable.label.en, "zh": variable.label.zh, "uen": unit.label.en, "uzh": unit.label.zh,
            "sen": unit.scale_en, "szh": unit.scale_zh, "breaks": breaks, "colours": colours}  # fmt: skip


def _level(page: Page, variable: Variable, order: list[str]) -> dict:
    values = levels_of(page, variable)
    breaks = sequential_breaks(list(values.values()))
    guessed = inferred_places(page, variable)
    listed = [index for index, place in enumerate(order) if place in guessed]
    head = _head(variable, breaks, spread_colours(SEQUENTIAL, len(breaks) + 1))
    return head | {"values": [_short(values.get(place)) for place in order], "inferred": listed}


def _change(page: Page, variable: Variable, order: list[str]) -> dict:
    found = {key: changes_of(page, key, variable) for key in page.solved}
    breaks = diverging_breaks([value for values in found.values() for value in values.values()])
    colours = list(DIVERGING) if breaks else [DIVERGING[len(DIVERGING) // 2]]
    return _head(variable, breaks, colours) | {"values": {key: [_short(v.get(p)) for p in order] for key, v in found.items()}}


def _short(value: float | None) -> float | None:
    # Five digits are more than a tooltip shows; fewer characters open the page faster.
    return float(f"{value:.5g}") if value is not None and math.isfinite(value) else None


def spread_colours(colours: tuple[str, ...], count: int) -> list[str]:
    """So many of the colours, from the first to the last."""
    if count <= 1:
        return [colours[2]]
    return [colours[round(index * (len(colours) - 1) / (count - 1))] for index in range(count)]


def maps(page: Page) -> Html:
    """The section with both maps; works without script as a still picture of the lead scenario."""
    data = map_data(page)
    if not data["level"] or not data["change"] or page.lead is None:
        return section("maps", [note(say("maps.no_value"))])
    figures = _figure(page, data, "level", data["level"][0]) + _figure(page, data, "change", data["change"][0])
    lead = "lead" if page.shapes.hero_line else "lead_plain"
    drawn = say("maps.drawn" if page.shapes.drawn == "boundaries" else "maps.drawn_discs")
    head = f'<summary>{span(say("maps.twin"))}</summary><p class="sub">{span(say("maps.twin_note"))}</p>'
    twin = f'<details class="twin">{head}<div id="twin" class="scroll"></div></details>'
    payload = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    script = f'<script type="application/json" id="map-data">{payload}</script>'
    notes = [note(say("maps.help"), "sub"), note(drawn, "sub")]
    parts = [_geometry(page), _controls(page, data), f'<div class="maps">{figures}</div>', *notes, twin, script]
    return section("maps", parts, lead=lead)


def _geometry(page: Page) -> str:
    shapes = page.shapes
    drawn = {f"g{index}": path for index, path in enumerate(shapes.paths.values())}
    drawn |= {"l-pref": shapes.prefecture_lines, "l-out": shapes.outline, "l-prov": shapes.province_lines}
    drawn |= {"l-hero": shapes.hero_line, "l-zone": shapes.zone_line}
    paths = "".join(f'<path id="{key}" vector-effect="non-scaling-stroke" d="{path}"/>' for key, path in drawn.items())
    size = shapes.view[2] / 95
    hatch = "".join(
        f'<pattern id="hatch-{name}" patternUnits="userSpaceOnUse" width="1" height="1" patternTransform="scale({scale:.2f}) rotate(45)">'
        '<rect width="1" height="1" fill="#fff" fill-opacity=".15"/>'
        '<line x1="0" x2="0" y1="0" y2="1" stroke="#3b3f46" stroke-opacity=".42" stroke-width=".2"/></pattern>'
        for name, scale in _hatches(page, size)
    )
    return f'<svg class="geo" width="0" height="0" aria-hidden="true"><defs>{paths}{hatch}</defs></svg>'


def _hatches(page: Page, size: float) -> list[tuple[str, float]]:
    inset = page.shapes.inset
    return [("main", size), ("inset", inset[2] / 36 if inset else size)]


def _controls(page: Page, data: dict) -> str:
    def select(key: str, label: str) -> str:
        options = "".join(_choice(index, variable) for index, variable in enumerate(data[key]))
        return f'<label class="choose"><span>{span(say(label))}</span><select id="choose-{key}">{options}</select></label>'

    names = "".join(f'<option value="{escape(p["en"])}"></option><option value="{escape(p["zh"])}"></option>' for p in data["places"])
    find = f'<label class="choose"><span>{span(say("maps.find"))}</span><input id="find" list="place-names" autocomplete="off"></label>'
    find += f'<datalist id="place-names">{names}</datalist>'
    chosen = chooser(page, "scenario", say("words.scenario"))
    parts = [select("level", "maps.level"), chosen, select("change", "maps.change"), find, _zoom(page)]
    return f'<div class="bar map-bar">{"".join(parts)}</div>'


def _choice(index: int, variable: dict) -> str:
    english, chinese = escape(_with_unit(variable, "en")), escape(_with_unit(variable, "zh"))
    return f'<option value="{index}" data-en="{english}" data-zh="{chinese}">{english}</option>'


def _with_unit(variable: dict, lang: str) -> str:
    unit = variable["uen" if lang == "en" else "uzh"]
    return variable[lang] + (f" ({unit})" if lang == "en" else f"（{unit}）") if unit else variable[lang]


def _zoom(page: Page) -> str:
    zone = say("maps.zone" if page.names.joint == "sci_tech_city" else "maps.zone_plain")
    buttons = [("out", say("maps.further"), "−"), ("in", say("maps.nearer"), "+")]
    made = ""
    for key, text, sign in buttons:
        made += f'<button type="button" class="tool" data-zoom="{key}" {attributes("aria-label", text)}>{sign}</button>'
    made += f'<button type="button" class="tool" data-zoom="all">{span(say("maps.whole"))}</button>'
    if page.shapes.inset:
        made += f'<button type="button" class="tool" data-zoom="zone">{span(zone)}</button>'
    return f'<span class="zoom">{made}</span>'


def _figure(page: Page, data: dict, kind: str, variable: dict) -> str:
    values = variable["values"] if kind == "level" else variable["values"][data["lead"]]
    title = say("words.baseline") if kind == "level" else say("words.change")
    caption = f'<figcaption><b>{span(title)}</b> <span id="caption-{kind}"></span></figcaption>'
    drawing = _drawing(page, data, kind, variable, values, "main")
    inset = f'<div class="inset">{_drawing(page, data, kind, variable, values, "inset")}</div>' if page.shapes.inset else ""
    return f'<figure class="map" id="map-{kind}">{caption}<div class="frame">{drawing}{inset}</div>{_legend(variable, kind)}</figure>'


def _drawing(page: Page, data: dict, kind: str, variable: dict, values: list, scale: str) -> str:
    box = page.shapes.view if scale == "main" else page.shapes.inset
    shown = range(len(values)) if scale == "main" else near_places(data["anchors"], box)
    fills = []
    for index in shown:
        shade = class_of(values[index], variable["breaks"])
        colour = NO_VALUE if shade is None else variable["colours"][shade]
        fills.append(f'<use href="#g{index}" data-i="{index}" fill="{colour}"/>')
    hidden = {index: "" if index in set(variable["inferred"]) else " hidden" for index in shown}
    hatches = "".join(f'<use href="#g{index}" data-h="{index}" fill="url(#hatch-{scale})"{off}/>' for index, off in hidden.items())
    lines = "".join(f'<use href="#l-{line}" class="{look}"/>' for line, look in LINES)
    label, css = _aria(page, kind, variable), "main" if scale == "main" else "small"
    width = 560 if scale == "main" else 200
    view = " ".join(f"{number:.0f}" for number in box)
    names = _labels(page) if scale == "main" else _inset_title(page, box)
    focus = ' tabindex="0"' if scale == "main" else ""
    about = f'role="img"{focus} {attributes("aria-label", label)} style="--k:{box[2] / width:.2f}"'
    return (
        f'<svg viewBox="{view}" class="{css}" data-kind="{kind}" {about}>'
        f'<g class="fills">{fills and "".join(fills)}</g><g class="hatches">{hatches}</g><g class="lines">{lines}</g>{names}</svg>'
    )


def near_places(anchors: list, box: tuple[float, float, float, float]) -> list[int]:
    """Places that can reach into the inset: those with a point within its width of its centre."""
    x, y, reach = box[0] + box[2] / 2, box[1] + box[3] / 2, 2.2 * box[2]
    return [index for index, point in enumerate(anchors) if math.hypot(point[0] - x, point[1] - y) < reach]


def _aria(page: Page, kind: str, variable: dict) -> Both:
    title = say("words.baseline") if kind == "level" else say("words.change")
    return Both(f"Map. {title.en}: {variable['en']}", f"地图。{title.zh}：{variable['zh']}")


def _labels(page: Page) -> str:
    parts = [svg_text(x, y, page.names.jurisdiction(name), "prov-name", "middle") for name, (x, y) in page.shapes.labels.items()]
    return f'<g class="names" aria-hidden="true">{"".join(parts)}</g>'


def _inset_title(page: Page, box: tuple[float, float, float, float]) -> str:
    text = say("maps.inset" if page.names.joint == "sci_tech_city" else "maps.inset_plain")
    return svg_text(box[0] + 0.03 * box[2], box[1] + 0.1 * box[3], text, "inset-name")


def _legend(variable: dict, kind: str) -> str:
    """The still legend of the first variable; the script redraws it for the others."""
    parts = []
    for index, colour in enumerate(variable["colours"]):
        edge = bound(variable["breaks"][index]) if index < len(variable["breaks"]) else ""
        parts.append(f'<i style="background:{colour}"><b>{edge}</b></i>')
    hatch = f'<span class="hatch-key"><i></i>{span(say("maps.hatch"))}</span>'
    steps = f'<span class="steps">{"".join(parts)}</span><span class="unit">{escape(variable["uen"])}</span>'
    return f'<div class="map-legend" id="legend-{kind}">{steps}{hatch}</div>'
