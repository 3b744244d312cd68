"""The needs matrix of an appraisal as the terminal shows it: names, codes for narrow headings, units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bridgehead.report.figures.names import Names
from bridgehead.report.figures.numbers import unit_of
from bridgehead.report.shell import Shell
from bridgehead.report.terminal import Column, MatrixRow

__all__ = ["FIXED", "columns_of", "rows_of"]

FIXED = ("need", "government", "name", "measure", "line", "unit", "better", "baseline")
"""Columns of matrix.csv that are no scenario."""

PREFIXES = {"china": "CN", "shanghai": "SH", "zhejiang": "ZJ", "zone": "Zone"}


def columns_of(shell: Shell, scenarios: Iterable[str], names: Names, reasons: Mapping[str, str]) -> list[Column]:
    """The matrix's columns: a code a heading can hold, the full name for the legend, why one is empty."""
    found, count = [], {}
    for scenario in scenarios:
        group = scenario.split(".")[0] if "." in scenario else ""
        prefix = PREFIXES.get(group, group[:3].upper())
        count[prefix] = count.get(prefix, 0) + 1
        code = "City" if scenario == names.joint else f"{prefix or '#'}{count[prefix]}"
        name = names.scenario(scenario)
        found.append(Column(code, shell.choose(name.en, name.zh), reasons.get(scenario, "")))
    return found


def rows_of(shell: Shell, matrix: Iterable[Mapping[str, Any]], scenarios: Iterable[str], names: Names) -> list[MatrixRow]:
    """The matrix's rows in the terminal's language and units: the first and second line of every need."""
    rows, columns = [], list(scenarios)
    for entry in matrix:
        if "." in str(entry["line"]):
            continue
        government, need = names.government(entry["government"]), names.need(entry["need"])
        measure = names.measure(entry["need"], str(entry["line"]), entry["measure"])
        unit = unit_of(entry["unit"])
        scale = unit.scale_zh if shell.lang == "zh" else unit.scale_en
        rows.append(
            MatrixRow(
                group=f"{shell.choose(*government)} · {shell.choose(*need)}",
                name=shell.choose(*measure),
                unit=shell.choose(*unit.label),
                baseline=entry["baseline"],
                better=entry["better"],
                changes=tuple(None if entry[column] is None else entry[column] * scale for column in columns),
            )
        )
    return rows
