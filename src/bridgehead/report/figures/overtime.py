"""Over time: the baseline's path and the zones' beside it, every need along it, where growth comes from, and how good the path is."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from bridgehead.report.charts import growth_scatter
from bridgehead.report.figures.frame import Html, Page, finite, note, panel, section, table
from bridgehead.report.figures.matrix import sourced, told
from bridgehead.report.figures.numbers import Unit, amount, plain, unit_of
from bridgehead.report.figures.trust import parameter
from bridgehead.report.figures.words import Both, both, load_text, say, span

__all__ = ["UNITS", "overtime"]

UNITS = {
    "real_value_added": ("bn yuan/year", 1e-3),
    "residents": ("thousand persons", 1e-3),
    "jobs": ("thousand persons", 1e-3),
    "productivity": ("log points", 1.0),
    "real_rent_home": ("data = 100", 100.0),
    "research_stock": ("bn yuan in stock", 1e-3),
}
"""Unit of a variable in the chart, and what the table's number is multiplied by; in the order of the chooser."""

SOURCES = ("trend", "research", "learning", "density", "levers", "productivity", "real_value_added")
INSIDE = "inside"


def overtime(page: Page) -> Html:
    """The section; a sentence where the appraisal has no path."""
    rows = page.tables["path"]
    if rows.is_empty():
        return section("time", [note(say("time.none"))])
    chosen = page.names.scenario(str(rows["scenario"][0]))
    parts = [_chart(page, rows, chosen), _needs(page, chosen), _growth(page, chosen), _fit(page), _parameters(page)]
    return section("time", parts)


def _chart(page: Page, rows: pl.DataFrame, chosen: Both) -> str:
    """Two drawings by the page's script, from numbers that stand in the page: the two paths, and the scenario's change."""
    data = json.dumps(_series(page, rows), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    pick = "".join(
        f'<label class="choose"><span>{span(say(f"time.{name}"))}</span><select id="path-{name}"></select></label>'
        for name in ("what", "where")
    )
    frames = "".join(f'<div><h4 id="path-{name}-h"></h4><div class="drawn" id="path-{name}"></div></div>' for name in ("levels", "change"))
    key = f'<p class="key"><span><i class="dashed"></i>{span(say("words.baseline"))}</span><span><i class="fitted"></i>{span(chosen)}</span></p>'
    twin = f'<details class="twin"><summary>{span(say("maps.twin"))}</summary><div class="scroll" id="path-twin"></div></details>'
    body = f'<div class="bar">{pick}</div><div class="pair">{frames}</div>{key}{twin}<script type="application/json" id="path-data">{data}</script>'
    return str(panel(say("time.chart"), body, say("time.chart_sub", scenario=chosen)))


def _series(page: Page, rows: pl.DataFrame) -> dict[str, Any]:
    words = load_text("terminal")["path"]["variable"]
    places: dict[str, dict[str, Any]] = {}
    for (where, name), part in rows.group_by("level", "jurisdiction", maintain_order=True):
        title = both(page.region.meta.name, page.region.meta.name_zh) if where == INSIDE else page.names.jurisdiction(str(name))
        values = {}
        for (variable,), found in part.group_by("variable", maintain_order=True):
            scale = UNITS.get(str(variable), ("", 1.0))[1]
            values[variable] = [[_short(scale * value) for value in found[side]] for side in ("baseline", "value")]
        known = next((key for key, other in places.items() if other["values"] == values), None)
        if known is None:  # a province is listed once; where its zone side has a regime of its own, the rest of it too
            if any(title.en == other["en"] for other in places.values()):
                title = say("time.apart", name=title)
            places[f"{where}.{name}"] = {"en": title.en, "zh": title.zh, "values": values}
    found = rows["variable"].unique(maintain_order=True).to_list()
    names = [name for name in UNITS if name in found] + [name for name in found if name not in UNITS]
    return {
        "years": rows["year"].unique(maintain_order=True).to_list(),
        "variables": [{"id": name, **words[name], "unit": _unit(name)} for name in names],
        "places": [{"id": key, **place} for key, place in places.items()],
        "words": {name: say(f"time.{name}")._asdict() for name in ("levels", "change", "year")}
        | {name: say(f"words.{name}")._asdict() for name in ("baseline", "scenario")},
    }


def _unit(variable: str) -> dict[str, Any]:
    unit = unit_of(UNITS.get(variable, ("", 1.0))[0])
    return {"en": unit.label.en, "zh": unit.label.zh, "scale_en": unit.scale_en, "scale_zh": unit.scale_zh}


def _short(value: float) -> float:
    return float(f"{value:.9g}")


def _needs(page: Page, chosen: Both) -> str:
    """First lines of all needs, what the scenario changes in some years, and in the long run of the matrix."""
    rows = page.tables["path_needs"].filter(pl.col("line").cast(pl.String) == "1")
    if rows.is_empty():
        return ""
    joint = str(rows["scenario"][0])
    years = rows["year"].unique(maintain_order=True).to_list()
    wide = {row["need"]: row for row in page.tables.rows("matrix") if str(row["line"]) == "1"}
    lines, government = [], None
    for (need,), part in rows.group_by("need", maintain_order=True):
        row = wide.get(str(need))
        if row is None:
            continue
        if row["government"] != government:
            government = row["government"]
            lines.append([Html(f'<span class="gov">{span(page.names.government(government))}</span>'), *[""] * (len(years) + 1)])
        unit = unit_of(row["unit"])
        arrow = "↓" if row["better"] == "down" else "↑"
        name = f"<strong>{span(page.names.need(str(need)))}</strong>"
        measure = f'<span class="measure">{span(page.names.measure(str(need), "1"))} {arrow} <em>{span(unit.label)}</em></span>'
        by_year = {each["year"]: each for each in part.to_dicts()}
        cells = [_pill(finite(by_year[year]["change"]), unit, str(row["better"])) for year in years]
        lines.append([Html(name + measure), *cells, _pill(finite(row.get(joint)), unit, str(row["better"]))])
    heads = [say("words.need"), *map(str, years), say("time.rest_point")]
    body = table(heads, lines, css="compact overtime", numbers=range(1, len(years) + 2))
    reasons = rows.filter(pl.col("change").is_null() & pl.col("note").is_not_null())["note"].unique(maintain_order=True)
    body += "".join(note(say("time.none_over_time", reason=told(reason)), "sub") for reason in reasons if reason)
    return str(panel(say("time.needs"), body, say("time.needs_sub", scenario=chosen)))


def _pill(value: float | None, unit: Unit, better: str) -> Html:
    text = amount(value, unit, signed=True, named=False)
    if value is None or value == 0:
        return Html(f'<span class="dim">{span(text)}</span>')
    good = (value > 0) == (better == "up")
    return Html(f'<span class="{"ok" if good else "bad"}">{span(text)}</span>')


def _growth(page: Page, chosen: Both) -> str:
    """Log points by source of productivity since the data's year, of the baseline in the last year and of what the scenario adds."""
    rows = page.tables["path_growth"]
    if rows.is_empty():
        return ""
    words, last = load_text("terminal")["path"]["source"], rows["year"].max()
    kept = rows.filter((pl.col("year") == last) & pl.col("level").is_in([INSIDE, _first_level(rows)]))
    heads: list[Any] = [say("words.province"), *(both(words[name]["en"], words[name]["zh"]) for name in (*SOURCES, "share_of_growth"))]
    parts = []
    for column, share in (("baseline", "share_of_growth"), ("change", "share_of_change")):
        lines = []
        for (where, name), part in kept.group_by("level", "jurisdiction", maintain_order=True):
            found = {row["source"]: row for row in part.to_dicts()}
            title = both(page.region.meta.name, page.region.meta.name_zh) if where == INSIDE else page.names.jurisdiction(str(name))
            portion = finite(found[share]["baseline" if column == "baseline" else "value"])
            numbers = [plain(None if (v := finite(found[source][column])) is None else 100 * v) for source in SOURCES]
            lines.append([title, *numbers, "–" if portion is None else f"{100 * portion:.0f} %"])
        title = say("time.growth_baseline", year=last) if column == "baseline" else say("time.growth_change", year=last, scenario=chosen)
        parts.append(f"<h4>{span(title)}</h4>{table(heads, lines, css='compact wrapped', numbers=range(1, len(heads)))}")
    return str(panel(say("time.growth"), "".join(parts), say("time.growth_sub")))


def _first_level(rows: pl.DataFrame) -> str:
    levels = [each for each in rows["level"].unique(maintain_order=True).to_list() if each != INSIDE]
    return levels[0] if levels else INSIDE


def _fit(page: Page) -> str:
    """Growth in the model beside growth in the data: a plain word, a table, and a drawing of all figures."""
    rows = page.tables.rows("path_fit_summary")
    if not rows:
        return str(note(say("time.no_fit")))
    lines, verdicts = [], []
    for row in rows:
        name = load_text("terminal")["path"]["observed"][row["variable"]]
        what, year = both(name["en"], name["zh"]), finite(row["year"])
        when = say("time.all_years") if year is None else both(str(int(year)))
        sizes = ("data_mean", "model_mean", "data_spread", "model_spread", "root_mean_square_gap")
        numbers = [plain(None if (v := finite(row[each])) is None else 100 * v) for each in sizes]
        known = [_signed(finite(row[each])) for each in ("rank_correlation", "skill")]
        lines.append([what, when, str(row["figures"]), *numbers, *known])
        if year is None:
            verdicts.append(_verdict(row, what))
    names = ("figures", "data_mean", "model_mean", "data_spread", "model_spread", "gap", "rank", "skill")
    heads = [say("words.name"), say("time.year"), *(say(f"time.fit_{name}") for name in names)]
    body = "".join(f'<p class="here">{span(text)}</p>' for text in verdicts)
    body += table(heads, lines, css="compact", numbers=range(2, 10)) + _scatter(page)
    return str(panel(say("time.fit"), body, say("time.fit_sub")))


def _verdict(row: dict[str, Any], what: Both) -> Both:
    skill = finite(row["skill"])
    key = "few" if skill is None else "none" if skill < 0.05 else "little" if skill < 0.3 else "some"
    return say(f"time.verdict_{key}", variable=what, skill=_signed(skill))


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value:+.2f}".replace("-", "−")


def _scatter(page: Page) -> str:
    """One drawing a variable: relative growth a year in the data and in the model."""
    drawn = []
    for (variable,), part in page.tables["path_fit"].group_by("variable", maintain_order=True):
        words = load_text("terminal")["path"]["observed"][variable]
        points = []
        for row in part.to_dicts():
            key = str(row["place"])
            name = page.names.place(key) if row["level"] == "place" else page.names.jurisdiction(key)
            data, model = (100 * row[key] / row["years"] for key in ("data_relative", "model_relative"))
            tip = Both(
                f"{name.en}, {row['year']}: {plain(data)} observed, {plain(model)} model",
                f"{name.zh}，{row['year']} 年：观测 {plain(data)}，模型 {plain(model)}",
            )
            points.append((tip, data, model))
        title = both(words["en"], words["zh"])
        drawn.append(f"<div><h4>{span(title)}</h4>{growth_scatter(points, title, (say('time.x'), say('time.y')))}</div>")
    return f'<div class="pair">{"".join(drawn)}</div>' if drawn else ""


def _parameters(page: Page) -> str:
    rows = page.tables.rows("path_parameters")
    if not rows:
        return ""
    lines = []
    for row in rows:
        low, high = finite(row["low"]), finite(row["high"])
        bounds = "–" if low is None or high is None else f"{plain(low)} … {plain(high)}"
        lines.append([parameter(str(row["name"])), plain(finite(row["value"])), bounds, sourced(str(row["source"]))])
    heads = [say("words.name"), say("words.value"), say("words.range"), say("words.source")]
    inner = table(heads, lines, css="compact", numbers=(1,))
    return f'<details class="more-detail"><summary>{span(say("time.parameters"))}</summary>{inner}</details>'
