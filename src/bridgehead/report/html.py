"""The report: one self-contained HTML page made from an appraisal folder and its region, without any network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bridgehead.report.document import document, hero
from bridgehead.report.figures import fit as fit_section
from bridgehead.report.figures import gains as gains_section
from bridgehead.report.figures import ideas, mapview, matrix, optimal, overtime, question, summary, trust
from bridgehead.report.figures import sharing as sharing_section
from bridgehead.report.figures.frame import Page
from bridgehead.report.figures.names import names_of
from bridgehead.report.figures.tables import Tables, read_tables
from bridgehead.report.figures.words import both, say
from bridgehead.report.maps import map_shapes

__all__ = ["report_html", "write_report"]

FIXED = ("need", "government", "name", "name_zh", "measure", "line", "unit", "better", "baseline")
ORDER = (
    *("summary", "question", "fit", "options", "maps", "gains", "needs", "sharing", "optimal", "drivers", "time", "ideas"),
    *("evidence", "assumptions", "limits", "trust"),
)


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
        "maps": mapview.maps, "gains": gains_section.gains, "needs": matrix.needs, "sharing": sharing_section.sharing, "optimal": optimal.optimal, "drivers": trust.drivers,
        "time": overtime.overtime, "ideas": ideas.ideas,
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
    contents = [(key, say(f"{key}.title")) for key in ORDER]
    return document(title, name, contents, _hero(page) + sections, lang=lang, scripts=("report.js", "map.js", "time.js"))


def _hero(page: Page) -> str:
    meta = page.region.meta
    title = page.names.scenario(page.names.joint) if page.names.joint else both(meta.name, meta.name_zh)
    where = say("page.for_region", region=both(meta.name, meta.name_zh), year=meta.year)
    return hero([say("page.product"), where], title, say("page.title"), say("page.period"))
