"""The matrix of needs for one scenario."""

from __future__ import annotations

from typing import Any

from bridgehead.appraise.cells import cell_of
from bridgehead.report.figures.words import both
from bridgehead.report.web.engine.hot import Hot, Result
from bridgehead.report.web.engine.words import named, unit


def head_of(hot: Hot, row: Any) -> dict[str, Any]:
    """What a row is: need, government, measure, formula, unit, what is better."""
    government = hot.needs.governments.get(row.government) or hot.names.government(row.government)
    title, owner = both(row.title, row.title_zh), both(*government)
    quote = both(row.quote, row.quote_zh)
    return {
        "need": row.need, "line": row.line, "government": row.government,
        "government_name": owner.en, "government_name_zh": owner.zh, **named(both(row.name, row.name_zh)),
        "quote": quote.en, "quote_zh": quote.zh, "measure": title.en, "measure_zh": title.zh, "function": row.measure.name,
        "formula": (row.measure.formula.__doc__ or "").strip().split("\n")[0],
        "unit": unit(row.unit, hot.region.meta.currency), "better": row.better, "target": row.target,
    }  # fmt: skip


def cells_of(hot: Hot, result: Result) -> dict[tuple[str, str], Any]:
    """The cell of every row in a solved scenario."""
    return {row.key: cell_of(row, result.context, hot.base[row.key]) for row in hot.needs.rows}


def matrix(hot: Hot, text: str) -> dict[str, Any]:
    """Every row in one scenario; SolveError where it has no certified solution, for then there are no numbers."""
    result = solved(hot, text)
    cells = cells_of(hot, result)
    rows = []
    for row in hot.needs.rows:
        cell = cells[row.key]
        numbers = {"baseline": cell.baseline, "value": cell.value, "change": cell.change, "change_percent": cell.percent}
        rows.append(head_of(hot, row) | numbers | {"status": cell.status, "note": cell.note})
    return {"key": result.key, "kind": result.kind, "rows": rows}


def solved(hot: Hot, text: str) -> Result:
    """A scenario's result with numbers; SolveError with the reason where there are none."""
    from bridgehead.errors import SolveError

    result = hot.result(text)
    if result.context is None:
        raise SolveError(f"the scenario has no certified solution; no number of it is shown: {result.solved.reason}")
    return result
