"""The needs matrix of an appraisal as the terminal shows it: names, codes for narrow headings, units."""

from __future__ import annotations

from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from bridgehead.report.figures.matrix import is_unsure
from bridgehead.report.figures.numbers import change, unit_of
from bridgehead.report.shell import Shell
from bridgehead.report.terminal import BETTER, WORSE, Column, MatrixRow, matrix, plain_table

__all__ = ["certificate_line", "columns_of", "ranges_line", "rows_of", "scoreboard", "zone_table"]

PREFIXES = {"china": "CN", "shanghai": "SH", "zhejiang": "ZJ", "zone": "Zone"}
"""Short forms for headings of what the first part of an id says; others are shortened to three letters."""


def scoreboard(shell: Shell, appraisal: Any, *, width: int) -> Group:
    """The whole matrix with its legend, for a terminal of so many columns."""
    return matrix(shell, columns_of(shell, appraisal), rows_of(shell, appraisal), width=width)


def zone_table(shell: Shell, appraisal: Any) -> Table | None:
    """What each zone gains in real value added, net first, and from where; welfare beside it. None without zones."""
    results = appraisal.tables["zone_results"].to_dicts()
    if not results:
        return None
    scenarios = list(dict.fromkeys(row["scenario"] for row in results))
    codes = dict(zip(appraisal.solved, columns_of(shell, appraisal), strict=True))
    cells = {(row["scenario"], row["row"]): row for row in results}
    labels = {row["row"]: shell.choose(row["name"], row["name_zh"]) for row in results}
    unit = unit_of(f"bn {appraisal.baseline.region.meta.currency}/year")
    scale = unit.scale_zh if shell.lang == "zh" else unit.scale_en

    def numbers(row: str, quantity: str) -> list[str]:
        found = [cells.get((scenario, row)) for scenario in scenarios]
        return ["–" if each is None or each[quantity] is None else change(each[quantity] * scale) for each in found]

    lines = [(shell.text("appraise.net"), *numbers("net", "value_added"))]
    lines += [(f"  {label}", *numbers(row, "value_added")) for row, label in labels.items() if row != "net"]
    lines.append((shell.text("appraise.welfare"), *numbers("net", "welfare")))
    title = shell.text("appraise.zones", unit=shell.choose(*unit.label))
    return plain_table(("", *(codes[each].code for each in scenarios)), lines, title=title, numbers=range(1, len(scenarios) + 1))


def columns_of(shell: Shell, appraisal: Any) -> list[Column]:
    """The matrix's columns: a code a heading can hold, the full name for the legend, why one is empty."""
    found, count = [], {}
    for row in appraisal.tables["scenarios"].to_dicts():
        prefix = _prefix(row["scenario"])
        count[prefix] = count.get(prefix, 0) + 1
        code = shell.text("matrix.joint") if row["kind"] == "joint" else f"{prefix}{count[prefix]}"
        name = shell.choose(row["name"] or row["scenario"], row["name_zh"])
        found.append(Column(code, name, appraisal.unsolved.get(row["scenario"], "")))
    return found


def _prefix(scenario: str) -> str:
    group, _, rest = scenario.partition(".")
    return PREFIXES.get(group, group[:3].upper()) if rest else "#"


def rows_of(shell: Shell, appraisal: Any) -> list[MatrixRow]:
    """The matrix's rows in the terminal's language and units: the lines of every need without their further quantities."""
    rows, columns = [], appraisal.tables["scenarios"]["scenario"].to_list()
    for need, numbers in zip(appraisal.tables["needs"].to_dicts(), appraisal.tables["matrix"].to_dicts(), strict=True):
        if "." in need["line"]:
            continue
        unit = unit_of(need["unit"])
        scale = unit.scale_zh if shell.lang == "zh" else unit.scale_en
        names = [shell.choose(need[key], need[f"{key}_zh"]) for key in ("government_name", "name", "measure")]
        rows.append(
            MatrixRow(
                group=names[1] if names[0] in (names[1], "all") else f"{names[0]} · {names[1]}",
                name=names[2],
                unit=shell.choose(*unit.label),
                baseline=numbers["baseline"],
                better=need["better"],
                changes=tuple(None if numbers[column] is None else numbers[column] * scale for column in columns),
            )
        )
    return rows


def ranges_line(shell: Shell, appraisal: Any, ranges: Any) -> Text:
    """How sure the inputs leave the answer: the first need under the leading scenario, and how many first lines keep their sign."""
    rows = [row for row in ranges.table.to_dicts() if row["line"] == "1" and row["draws"] and (row["p5"] or row["p95"])]
    matrix, lead = appraisal.tables["matrix"].to_dicts(), appraisal.tables["scenarios"].to_dicts()[-1]
    first = next((row for row in rows if row["need"] == matrix[0]["need"] and row["scenario"] == lead["scenario"]), None)
    sure = sum(not is_unsure(row) for row in rows)
    draws = max((row["draws"] for row in rows), default=0)
    text = shell.text("appraise.ranges", draws=f"{draws:,}", sure=sure, cells=len(rows))
    if first is not None:
        unit = unit_of(matrix[0]["unit"])
        scale = unit.scale_zh if shell.lang == "zh" else unit.scale_en
        low, high = (change(first[end] * scale) for end in ("p5", "p95"))
        name = shell.choose(lead["name"] or lead["scenario"], lead["name_zh"])
        text += shell.text("appraise.ranges_lead", name=name, low=low, high=high, unit=shell.choose(*unit.label))
    return Text("± ", style="bold").append(text, style="default not bold")


def certificate_line(shell: Shell, appraisal: Any, seconds: float) -> Text:
    """How sure the whole matrix is: how many columns are certified, and the worst of their certificates and the baseline's."""
    certificates = [appraisal.baseline.equilibrium.certificate]
    certificates += [each.certificate for each in appraisal.solved.values() if each.ok]
    good = not appraisal.unsolved
    text = shell.text(
        "appraise.certificate",
        solved=len(certificates) - 1,
        count=len(appraisal.solved),
        distance=f"{max(each.estimated_distance for each in certificates):.1e}",
        gap=f"{max(each.gap for each in certificates):.1e}",
        identities=f"{max(max(each.identities.values(), default=0.0) for each in certificates):.1e}",
        seconds=f"{seconds:.1f}",
    )
    mark = Text("✓ " if good else "✗ ", style=f"bold {BETTER if good else WORSE}")
    return mark.append(text, style="default not bold")
