"""What is printed for people: the matrix, its arrows and digits, and JSON for machines."""

from __future__ import annotations

import doctest
import io
import json

import numpy as np
import pytest
from rich.console import Console

from bridgehead.report import shell as shell_module
from bridgehead.report import terminal
from bridgehead.report.shell import Shell, plain_data
from bridgehead.report.terminal import BETTER, WORSE, Column, MatrixRow, cell, matrix

COLUMNS = [Column(f"C{number}", f"strategy number {number}") for number in range(1, 13)] + [
    Column("City", "the zones", "gap 1e-3 at Pinghu")
]
ROWS = [
    MatrixRow("China · growth", "Net gain of the mainland", "bn yuan a year", 12.0, "up", (*[0.1 * k for k in range(12)], None)),
    MatrixRow("China · growth", "Spillover multiplier", "", None, "up", (*[None] * 12, None)),
    MatrixRow("Shanghai · 缓解大城市病", "平均通勤时间", "分钟", 30.0, "down", (*[-0.0012 * k for k in range(12)], None)),
]


def printed(part: object, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(part)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_the_matrix_fits_the_terminal_and_shows_every_column(width):
    text = printed(matrix(Shell(), COLUMNS, ROWS, width=width), width)
    assert max(len(line) for line in text.splitlines()) <= width
    # Cut off would be shown by an ellipsis.
    assert "…" not in text
    assert all(f"{column.code} " in text for column in COLUMNS)


def test_one_table_holds_all_columns_at_120():
    header = printed(matrix(Shell(), COLUMNS, ROWS, width=120), 120).splitlines()[0]
    assert header.split() == [column.code for column in COLUMNS]


def test_an_unsolved_column_shows_no_number_but_its_reason():
    text = printed(matrix(Shell(), COLUMNS, ROWS, width=120), 120)
    assert "– City: gap 1e-3 at Pinghu" in text
    assert [line.rstrip()[-1] for line in text.splitlines() if "Net gain" in line] == ["–"]


@pytest.mark.parametrize(
    ("value", "better", "shown", "colour"),
    [
        (12.34, "up", "▲12.3", BETTER),
        (-12.34, "up", "▼12.3", WORSE),
        (-12.34, "down", "▼12.3", BETTER),
        (1e-9, "down", "▲<.01", WORSE),
        (0.0, "up", "0", "dim"),
        (None, "up", "–", "dim"),
        (float("nan"), "up", "–", "dim"),
    ],
)
def test_the_arrow_is_the_direction_and_the_colour_the_judgement(value, better, shown, colour):
    text = cell(value, power=0, better=better)
    assert text.plain == shown
    assert str(text.style) == colour


def test_a_row_s_power_of_ten_is_in_its_unit():
    text = printed(matrix(Shell(), COLUMNS, ROWS, width=120), 120)
    assert "平均通勤时间  ×10⁻³ 分钟" in text
    assert "▼13.2" in text


@pytest.mark.parametrize("module", [terminal, shell_module])
def test_examples_in_the_documentation_hold(module):
    assert doctest.testmod(module).failed == 0


def test_json_holds_arrays_and_has_null_where_there_is_no_number():
    document = plain_data({"a": np.array([1.0, np.nan]), "b": np.float64(2), "c": (np.int64(3), True, None), "d": np.bool_(1)})
    assert json.loads(json.dumps(document, allow_nan=False)) == {"a": [1.0, None], "b": 2.0, "c": [3, True, None], "d": True}


def test_json_prints_one_document_and_nothing_for_people(capsys):
    Shell(json=True).show("for people")
    Shell(json=True).document({"name": "张江"})
    assert json.loads(capsys.readouterr().out) == {"name": "张江"}
    Shell().document({"name": "张江"})
    assert capsys.readouterr().out == ""
