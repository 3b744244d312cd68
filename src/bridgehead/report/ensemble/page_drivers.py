"""Which number drives which need: Sobol indices by need, and the tornado of the first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from bridgehead.appraise.needs import Row
from bridgehead.report.ensemble.cells import Cells
from bridgehead.report.ensemble.charts import Swing, by_unit, tornado
from bridgehead.report.ensemble.words import tell
from bridgehead.report.estimate.frame import key
from bridgehead.report.figures.frame import Html, panel, table
from bridgehead.report.figures.numbers import change, unit_of
from bridgehead.report.figures.words import Both, both, span

__all__ = ["drivers"]

SHOWN, BARS = 3, 8


def drivers(cells: Cells) -> str:
    """The three strongest numbers of every first line, and the tornado of the first line."""
    lead = f'<p class="lead">{span(tell("page.lead.drivers"))}</p>'
    rows = [row for row in cells.result.plan.needs.rows if row.line == "1"]
    heads = [tell("terminal.need"), tell("page.word.explained"), *(f"{n}" for n in range(1, SHOWN + 1))]
    strongest = table(heads, [line for row in rows if (line := _strongest(cells, row))], css="compact drivers", numbers=(1,))
    first = next((row for row in rows if _swings(cells, row)), None)
    below = "" if first is None else _tornado(cells, first)
    return f"{lead}<h3>{span(cells.names.scenario(cells.result.lead))}</h3>{strongest}{below}"


def _strongest(cells: Cells, row: Row) -> list[object]:
    found = _of(cells.result.tables["sobol"], row, cells.result.lead).sort("total", descending=True).head(SHOWN).to_dicts()
    if not found:
        return []
    shown: list[object] = [
        Html(f"<strong>{span(cells.need(row))}</strong><br>{span(cells.title(row))}"),
        f"{max(found[0]['explained'], 0):.2f}",
    ]
    for each in found:
        name = span(cells.factor(each["factor"]))
        words = f"{span(tell('page.word.total'))} {each['total']:.2f} ({each['total_low']:.2f}–{each['total_high']:.2f})"
        known = each["first"] is not None and each["first_interval"] is not None
        first = f"{span(tell('page.word.first'))} " + (f"{max(each['first'], 0.0):.2f} ± {each['first_interval']:.2f}" if known else "–")
        shown.append(Html(f"{name}<br><small>{words}; {first}</small>"))
    return shown


def _of(frame: pl.DataFrame, row: Row, scenario: str) -> pl.DataFrame:
    return frame.filter((pl.col("need") == row.need) & (pl.col("line") == row.line) & (pl.col("scenario") == scenario))


def _swings(cells: Cells, row: Row) -> list[dict[str, Any]]:
    return _of(cells.result.tables["tornado"], row, cells.result.lead).sort("swing", descending=True).head(BARS).to_dicts()


def _tornado(cells: Cells, row: Row) -> str:
    unit, middle = unit_of(row.unit), cells.ranges[row.key, cells.result.lead]["median"]
    title = tell("page.word.tornado", need=cells.title(row))
    bars = []
    for each in _swings(cells, row):
        shown = Both(*(f"{change(each['at_low'] * s)} … {change(each['at_high'] * s)}" for s in (unit.scale_en, unit.scale_zh)))
        bars.append(Swing(cells.factor(each["factor"]), each["at_low"], each["at_high"], shown))

    def at(scale: float) -> str:
        drawn = [replace(bar, at_low=bar.at_low * scale, at_high=bar.at_high * scale) for bar in bars]
        return tornado(drawn, float(np.nan_to_num(middle)) * scale, title)

    chart = by_unit(unit, at)
    marks = key([("swing-low", tell("page.word.at_low")), ("swing-high", tell("page.word.at_high"))])
    return panel(title, chart + marks, both(unit.label.en, unit.label.zh))
