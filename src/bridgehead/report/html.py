"""The report: one self-contained HTML page made from an appraisal folder and its region, without any network."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

from bridgehead.report.figures import fit as fit_section
from bridgehead.report.figures import gains as gains_section
from bridgehead.report.figures import mapview, matrix, question, summary, trust
from bridgehead.report.figures.frame import Page
from bridgehead.report.figures.names import names_of
from bridgehead.report.figures.tables import Tables, read_tables
from bridgehead.report.figures.words import attributes, both, escape, say, span
from bridgehead.report.maps import map_shapes

__all__ = ["report_html", "write_report"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
MARK = (
    '<svg class="mark" viewBox="0 0 32 20" aria-hidden="true">'
    '<path d="M2 16h28M6 16V8M26 16V8M6 9c6 6 14 6 20 0M16 3v13" fill="none" stroke="currentColor" stroke-width="2"/></svg>'
)
FIXED = ("need", "government", "name", "name_zh", "measure", "line", "unit", "better", "baseline")
ORDER = ("summary", "question", "fit", "options", "maps", "gains", "needs", "drivers", "evidence", "assumptions", "limits", "trust")


def write_report(appraisal_folder: Path, region: Any, path: Path, *, lang: str = "en") -> None:
    """Writes the report of an appraisal folder as one HTML file that loads nothing.

    appraisal_folder: the tables of `bridgehead appraise`; region: the Region they belong to (names, boundaries, needs,
    strategies, zones); path: the file to write; lang: the language it opens in ("en" or "zh"; `#en` and `#zh` in the address
    and the reader's own choice go first). Raises DataError listing every missing table and column.
    """
    path.write_text(report_html(read_tables(appraisal_folder), region, lang=lang), encoding="utf-8")


def report_html(tables: Tables, region: Any, *, lang: str = "en") -> str:
    """The whole page as text."""
    page = _page(tables, region)
    makers = {
        "summary": summary.summary, "question": question.question, "fit": fit_section.fit, "options": question.options,
        "maps": mapview.maps, "gains": gains_section.gains, "needs": matrix.needs, "drivers": trust.drivers,
        "evidence": trust.evidence, "assumptions": trust.assumptions, "limits": trust.limits, "trust": trust.trust,
    }  # fmt: skip
    sections = "".join(makers[key](page) for key in ORDER)
    return _document(page, sections, lang)


def _page(tables: Tables, region: Any) -> Page:
    scenarios = tuple(name for name in tables["matrix"].columns if name not in FIXED)
    solved = tuple(key for key in scenarios if _is_solved(tables, key))
    shapes = map_shapes(region)
    return Page(region, tables, names_of(region, tables.rows("needs"), tables.rows("scenarios")), shapes, scenarios, solved)


def _is_solved(tables: Tables, key: str) -> bool:
    certificate = tables.certificates.get(key)
    if certificate is not None:
        return certificate.get("outcome") == "solved"
    return tables["matrix"][key].is_not_null().any()


def _document(page: Page, sections: str, lang: str) -> str:
    meta = page.region.meta
    name = both(meta.name, meta.name_zh)
    title = both(f"{name.en}: {say('page.product').en}", f"{name.zh}：{say('page.product').zh}")
    first = "zh" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{first}" class="lang-{first}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title.en)}</title><style>{_asset('report.css')}</style></head><body>"
        f'<a class="skip" href="#summary">{span(say("page.skip"))}</a>{_top(page)}<div class="layout">{_contents()}'
        f'<main>{_hero(page)}{sections}</main></div><div id="tip" role="status" hidden></div>'
        f"<script>{_asset('report.js')}\n{_asset('map.js')}</script></body></html>\n"
    )


def _top(page: Page) -> str:
    name = both(page.region.meta.name, page.region.meta.name_zh)
    switch = "".join(
        f'<button type="button" data-lang="{code}" lang="{code}" aria-pressed="{"true" if code == "en" else "false"}">{text}</button>'
        for code, text in (("en", "English"), ("zh", "中文"))
    )
    group = f'<span class="switch" role="group" {attributes("aria-label", say("page.switch"))}>{switch}</span>'
    button = f'<button type="button" class="tool" id="print">{span(say("page.print"))}</button>'
    brand = f'<span class="brand">{MARK}Bridgehead</span><span class="where">{span(name)}</span>'
    return f'<header class="top">{brand}{group}{button}</header>'


def _contents() -> str:
    items = "".join(f'<li><a href="#{key}">{span(say(f"{key}.title"))}</a></li>' for key in ORDER)
    return f'<nav class="contents" {attributes("aria-label", say("words.contents"))}><ol>{items}</ol></nav>'


def _hero(page: Page) -> str:
    meta = page.region.meta
    title = page.names.scenario(page.names.joint) if page.names.joint else both(meta.name, meta.name_zh)
    where = say("page.for_region", region=both(meta.name, meta.name_zh), year=meta.year)
    return (
        f'<div class="hero"><p class="eyebrow">{span(say("page.product"))} · {span(where)}</p><h1>{span(title)}</h1>'
        f'<p class="ask">{span(say("page.title"))}</p><p class="period">{span(say("page.period"))}</p></div>'
    )


def _asset(name: str) -> str:
    return resources.files("bridgehead.report").joinpath("assets", name).read_text(encoding="utf-8")
