"""The page of an ensemble: one self-contained file, in two languages, made from its tables alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridgehead.appraise.needs import Row
from bridgehead.ensemble.result import Result
from bridgehead.report.document import document, hero
from bridgehead.report.ensemble import page_drivers, page_paths, page_trust
from bridgehead.report.ensemble.cells import Cells, cells_of
from bridgehead.report.ensemble.charts import Range, range_strip
from bridgehead.report.ensemble.words import per_cent, sign_css, tell
from bridgehead.report.estimate.frame import card
from bridgehead.report.figures.frame import Html, table
from bridgehead.report.figures.numbers import Unit, amount, change, unit_of
from bridgehead.report.figures.words import Both, both, span

__all__ = ["ensemble_page"]


def ensemble_page(result: Result, *, lang: str = "en") -> str:
    """The whole page as text."""
    cells, region = cells_of(result), result.plan.region
    name = both(region.meta.name, region.meta.name_zh)
    sections: list[tuple[str, Both, Callable[[], str]]] = [
        ("result", tell("page.section.result"), lambda: _result(cells)),
        ("needs", tell("page.section.needs"), lambda: _needs(cells)),
        ("ranking", tell("page.section.ranking"), lambda: _ranking(cells)),
    ]
    if result.tables["shapley"].height:
        sections.append(("split", tell("page.section.split"), lambda: _split(cells)))
    if result.tables["sobol"].height:
        sections.append(("drivers", tell("page.section.drivers"), lambda: page_drivers.drivers(cells)))
    for id, scenario in result.plan.backgrounds.items():
        called = both(scenario.name, scenario.name_zh)
        sections.append(
            (
                f"with-{id}",
                tell("page.section.background", name=called),
                lambda id=id, called=called: page_trust.background(cells, id, called),
            )
        )
    if result.tables["paths"].height:
        sections.append(("paths", tell("page.section.paths"), lambda: page_paths.paths(cells)))
    sections += [
        ("data", tell("page.section.data"), lambda: page_trust.data(cells)),
        ("apart", tell("page.section.apart"), lambda: page_trust.apart(cells)),
        ("how", tell("page.section.how"), lambda: page_trust.how(cells)),
    ]
    made = "".join(_section(key, title, body()) for key, title, body in sections)
    title = tell("page.title", draws=f"{result.plan.asked.draws:,}")
    head = hero([tell("page.product"), name], title, tell("page.ask"), tell("page.period"))
    return document(title, name, [(key, title) for key, title, _ in sections], head + made, lang=lang)


def _section(key: str, title: Both, body: str) -> str:
    return f'<section id="{key}" aria-labelledby="{key}-h"><h2 id="{key}-h">{span(title)}</h2>{body}</section>'


def lead_text(key: str, **values: object) -> str:
    """The opening sentence of a section."""
    return f'<p class="lead">{span(tell(f"page.lead.{key}", **values))}</p>'


def _result(cells: Cells) -> str:
    """Cards with the headline, and the lead scenario's first lines as ranges."""
    result, lead = cells.result, cells.result.lead
    rows = [row for row in result.plan.needs.rows if row.line == "1"]
    sure = sum(cells.sure(row, lead) for row in rows)
    total = sum(result.outcomes.values())
    first, found = rows[0], cells.ranges[rows[0].key, lead]
    unit = unit_of(first.unit)
    ends = {"low": amount(found["p5"], unit, signed=True, named=False), "high": amount(found["p95"], unit, signed=True, named=False)}
    cards = [
        card(
            cells.title(first),
            amount(found["median"], unit, signed=True, named=False),
            tell("page.word.headline_sub", **ends, unit=unit.label, positive=per_cent(found["positive"])),
            lead=True,
        ),
        card(tell("page.word.sure_card"), both(sure), tell("page.word.sure_sub", count=len(rows), scenario=cells.names.scenario(lead))),
        card(tell("page.word.count_card"), both(f"{result.good:,}"), tell("page.word.of_all", count=f"{total:,}")),
    ]
    heads = [tell("terminal.need"), tell("terminal.unit"), "", tell("terminal.median"), tell("terminal.range"), tell("page.word.chance")]
    body = table(heads, [_range_row(cells, row, lead) for row in rows], css="ranges", numbers=(3, 4, 5))
    caption = f"<h3>{span(cells.names.scenario(lead))}</h3>"
    return f'{lead_text("result")}<div class="cards">{"".join(cards)}</div>{caption}{body}'


def _range_row(cells: Cells, row: Row, scenario: str) -> list[object]:
    found, unit = cells.ranges[row.key, scenario], unit_of(row.unit)
    title = Html(f"<strong>{span(cells.need(row))}</strong><br>{span(cells.title(row))}")
    if not found["draws"]:
        return [title, unit.label, "", "–", "–", "–"]
    strip = range_strip(Range(found["p5"], found["median"], found["p95"], cells.css(row, scenario)), cells.title(row))
    return [title, unit.label, Html(strip), numbers(found["median"], unit), ends_of(found, unit), per_cent(found["positive"])]


def numbers(value: float | None, unit: Unit) -> Both:
    """A signed number without its unit, in both languages."""
    return amount(value, unit, signed=True, named=False)


def ends_of(found: dict[str, Any], unit: Unit) -> Both:
    """5 and 95 % of a range."""

    def one(scale: float) -> str:
        return f"{change(found['p5'] * scale)} … {change(found['p95'] * scale)}"

    return Both(one(unit.scale_en), one(unit.scale_zh))


def _needs(cells: Cells) -> str:
    """Every line by every scenario."""
    result = cells.result
    heads = [tell("terminal.need"), *(cells.names.short(s) for s in cells.scenarios)]
    rows = []
    for row in result.plan.needs.rows:
        if "." in row.line:
            continue
        unit = unit_of(row.unit)
        head = f'<span class="measure">{span(cells.title(row))} <em>{span(unit.label)}</em></span>'
        name = f"<strong>{span(cells.need(row))}</strong><br>" if row.line == "1" else ""
        rows.append([Html(name + head), *(_cell(cells, row, s, unit) for s in cells.scenarios)])
    return lead_text("needs") + table(heads, rows, css="compact odds", numbers=range(1, len(heads)))


def _cell(cells: Cells, row: Row, scenario: str, unit: Unit) -> Html:
    found = cells.ranges[row.key, scenario]
    if not found["draws"]:
        return Html("–")
    return _odd(found, unit, cells.css(row, scenario))


def _odd(found: dict[str, Any], unit: Unit, css: str) -> Html:
    """A median with its range below, coloured by how sure its sign is."""
    if css == "none":
        return Html(f'<div class="odd none">{span(numbers(found["median"], unit))}</div>')
    middle, ends = numbers(found["median"], unit), ends_of(found, unit)
    return Html(f'<div class="odd {css}"><b>{span(middle)}</b><small>{span(ends)}</small></div>')


def _ranking(cells: Cells) -> str:
    """The probability of each scenario to be best, by first line."""
    scenarios = cells.scenarios
    heads = [tell("terminal.need"), tell("page.word.agreement"), *(cells.names.short(s) for s in scenarios)]
    rows = []
    for row in cells.result.plan.needs.rows:
        found = {r["scenario"]: r for r in cells.ranking.get(row.key, ())}
        if row.line == "1" and found:
            best = max(r["best"] for r in found.values())
            shown = [_best(found.get(s), best) for s in scenarios]
            rows.append(
                [
                    Html(f"<strong>{span(cells.need(row))}</strong><br>{span(cells.title(row))}"),
                    f"{next(iter(found.values()))['agreement']:.2f}",
                    *shown,
                ]
            )
    return lead_text("ranking") + table(heads, rows, css="compact odds", numbers=range(1, len(heads)))


def _split(cells: Cells) -> str:
    """Each zone's part of what the zones do together, by first line."""
    found = {(r["need"], r["line"], r["zone"]): r for r in cells.result.tables["shapley"].to_dicts()}
    zones = cells.result.plan.columns.zones
    heads = [tell("terminal.need"), tell("terminal.unit"), *(cells.names.short(zone) for zone in zones)]
    rows = []
    for row in cells.result.plan.needs.rows:
        parts = [found[row.need, row.line, zone] for zone in zones]
        if row.line == "1" and all(part["draws"] for part in parts):
            unit = unit_of(row.unit)
            title = Html(f"<strong>{span(cells.need(row))}</strong><br>{span(cells.title(row))}")
            rows.append([title, unit.label, *(_odd(part, unit, sign_css(part, row.better)) for part in parts)])
    return lead_text("split") + table(heads, rows, css="compact odds", numbers=range(2, len(heads)))


def _best(found: dict[str, Any] | None, best: float) -> Html:
    if found is None:
        return Html("–")
    text = per_cent(found["best"]) if found["best"] >= 0.005 else "0"
    return Html(f"<b>{text}</b>" if found["best"] == best else f'<span class="dim">{text}</span>')
