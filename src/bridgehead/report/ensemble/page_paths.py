"""Fans: what the lead scenario changes year by year, in all draws that have a path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bridgehead.appraise.needs import Row
from bridgehead.report.ensemble.cells import Cells
from bridgehead.report.ensemble.charts import by_unit, fan
from bridgehead.report.ensemble.words import tell
from bridgehead.report.estimate.frame import key
from bridgehead.report.figures.frame import panel
from bridgehead.report.figures.numbers import Unit, unit_of
from bridgehead.report.figures.words import Both, span

__all__ = ["paths"]

MOST = 6
"""Fans on the page; every line is in the table."""


def paths(cells: Cells) -> str:
    """A fan for the first line of every need that has one."""
    by_line: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in cells.result.tables["paths"].to_dicts():
        if row["draws"]:
            by_line.setdefault((row["need"], row["line"]), []).append(row)
    wanted = [row for row in cells.result.plan.needs.rows if row.line == "1" and len(by_line.get(row.key, ())) > 1]
    fans = [_fan(cells, row, by_line[row.key]) for row in wanted[:MOST]]
    distance = np.nanmax(np.array(cells.result.draws.draws["path_distance"].to_list(), dtype=float))
    count = max(each[-1]["draws"] for each in by_line.values()) if by_line else 0
    told = {"scenario": cells.names.scenario(cells.result.lead), "draws": count, "distance": f"{distance:.1e}"}
    marks = key([("middle", tell("page.word.middle")), ("band-2", tell("page.word.half")), ("band-1", tell("page.word.most"))])
    return f'<p class="lead">{span(tell("page.lead.paths", **told))}</p>{marks}<div class="fans">{"".join(fans)}</div>'


def _fan(cells: Cells, row: Row, found: Sequence[Mapping[str, Any]]) -> str:
    unit = unit_of(row.unit)
    need, title = cells.need(row), cells.title(row)
    name = Both(f"{need.en}: {title.en}", f"{need.zh}：{title.zh}")
    return panel(name, _chart(found, unit, name), unit.label)


def _chart(found: Sequence[Mapping[str, Any]], unit: Unit, name: Both) -> str:
    """The same picture in both languages, unless their units are of another size."""

    def at(scale: float) -> str:
        columns = {key: [each[key] * scale for each in found] for key in ("p5", "p25", "median", "p75", "p95")}
        bands = [(columns["p5"], columns["p95"]), (columns["p25"], columns["p75"])]
        return fan([each["year"] for each in found], bands, columns["median"], name)

    return by_unit(unit, at)
