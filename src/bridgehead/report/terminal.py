"""What the command prints for people: errors, certificates, tables, the needs matrix, and progress.

Blue is better and orange is worse, never red and green; the arrow shows the direction of the change, so that nothing rests
on colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE, SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, Group
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bridgehead.errors import BridgeheadError
from bridgehead.report.shell import Shell

__all__ = ["BETTER", "WORSE", "Column", "MatrixRow", "file_list", "matrix", "plain_table", "progress_bar", "show_error", "step"]

BETTER, WORSE = "#4393c3", "#e08214"
MIN_NAME_WIDTH, NAME_WIDTH, CELL_WIDTH = 26, 80, 5
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def show_error(error: BridgeheadError, console: Console | None = None) -> None:
    """Print an error with every one of its faults on standard error."""
    console = console or Console(stderr=True, highlight=False)
    soft = not console.is_terminal
    console.print(Text("✗ ", style=f"bold {WORSE}") + Text(error.message, style="bold"), soft_wrap=soft)
    for fault in error.faults:
        line = Text(str(fault))
        if fault.place:
            line.stylize("cyan", 0, len(fault.place))
        console.print(Text("  - ") + line if soft else Padding(line, (0, 0, 0, 4)), soft_wrap=soft)


def plain_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str = "",
    numbers: Iterable[int] = (),
    whole: Iterable[int] = (),
) -> Table:
    """A table of texts; the columns counted in `numbers` are set flush right, those in `whole` are never broken into lines."""
    table = Table(box=SIMPLE_HEAD, title=title or None, title_justify="left", title_style="bold", pad_edge=False)
    right, unbroken = set(numbers), set(whole)
    for index, column in enumerate(columns):
        table.add_column(Text(column), justify="right" if index in right else "left", overflow="fold", no_wrap=index in unbroken)
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text("" if cell is None else str(cell)) for cell in row))
    return table


def file_list(shell: Shell, folder: Path, *, first: str = "") -> Text:
    """Where the results are: the file to open first, then the folder with the number of its files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    text = Text(shell.text("files.heading") + "\n", style="bold")
    if first and (folder / first).is_file():
        text.append(f"  {folder / first}", style="bold cyan").append("  " + shell.text("files.first") + "\n", style="default not bold")
    here = [path for path in files if path.parent == folder and path.name != first]
    # A table is written as Parquet and, where it is, as CSV too: one of the two is named.
    top = [path.name for path in here if path.suffix != ".parquet" or path.with_suffix(".csv") not in here]
    below = {path.relative_to(folder).parts[0] for path in files if path.parent != folder}
    names = ", ".join(top + [f"{name}/" for name in sorted(below)])
    return text.append(shell.text("files.all", folder=folder, names=names, count=len(files)), style="default not bold")


# The needs matrix.


@dataclass(frozen=True)
class Column:
    """A column of the matrix: a strategy, a zone or a scenario, with a code for its narrow heading and a reason if it is empty."""

    code: str
    name: str
    reason: str = ""


@dataclass(frozen=True)
class MatrixRow:
    """A line of the matrix: the change of one measure by every column, None where unsolved or undefined.

    `better` is 'up' or 'down'; `group` is the government and its need, shown once above its rows.
    """

    group: str
    name: str
    unit: str
    baseline: float | None
    better: str
    changes: tuple[float | None, ...]


def matrix(shell: Shell, columns: Sequence[Column], rows: Sequence[MatrixRow], *, width: int) -> Group:
    """The needs by strategies and zones as one table, or as several where the terminal is too narrow for all columns."""
    room = max(1, (width - MIN_NAME_WIDTH - 1) // (CELL_WIDTH + 1))
    tables = max(1, math.ceil(len(columns) / room))
    size = max(1, math.ceil(len(columns) / tables))
    longest = max((max(cell_len(row.group), cell_len(f" {row.name}  {row.unit}") + 5) for row in rows), default=0)
    name_width = min(longest, NAME_WIDTH, width - 1 - size * (CELL_WIDTH + 1))
    parts: list[object] = []
    for start in range(0, len(columns), size):
        parts.append(_matrix_part(columns, rows, range(start, min(start + size, len(columns))), max(name_width, 12)))
    parts.append(_legend(shell, columns, width))
    return Group(*parts)


def _matrix_part(columns: Sequence[Column], rows: Sequence[MatrixRow], shown: range, name_width: int) -> Table:
    table = Table(box=SIMPLE, pad_edge=False, show_edge=False, header_style="bold", padding=(0, 0))
    table.add_column("", width=name_width, overflow="fold")
    for index in shown:
        table.add_column(columns[index].code, justify="right", width=CELL_WIDTH, no_wrap=True)
    group = None
    for row in rows:
        if row.group != group:
            table.add_row(Text(row.group, style="bold"), *[""] * len(shown))
            group = row.group
        power = row_power(row.changes)
        table.add_row(_row_title(row, power, name_width), *(cell(row.changes[i], power=power, better=row.better) for i in shown))
    return table


def _row_title(row: MatrixRow, power: int, width: int) -> Padding:
    """The measure and its unit, on one line where they fit; set in a little below its need."""
    unit = f"×10{str(power).translate(SUPERSCRIPT)} {row.unit}".strip() if power else row.unit
    gap = "  " if cell_len(f" {row.name}  {unit}") <= width else "\n  "
    return Padding(Text(row.name).append(gap + unit if unit else "", style="dim"), (0, 0, 0, 1))


def row_power(values: Iterable[float | None]) -> int:
    """The power of ten, a multiple of three, that a row's numbers are shown in: none where the largest is 0.1 to 9999.

    >>> row_power([0.0012, None, -0.5e-3]), row_power([12.0, 0.3]), row_power([25e3])
    (-3, 0, 3)
    """
    sizes = [abs(value) for value in values if value is not None and math.isfinite(value) and value != 0]
    if not sizes or 0.1 <= max(sizes) < 9999.5:
        return 0
    # Rounded first: 999.96 is shown as 1000 and belongs one step up.
    return 3 * math.floor(math.log10(float(f"{max(sizes):.3g}")) / 3)


def cell(value: float | None, *, power: int, better: str) -> Text:
    """A change with its arrow, blue where it is better and orange where it is worse; a dash where there is no number."""
    if value is None or not math.isfinite(value):
        return Text("–", style="dim")
    if value == 0:
        return Text("0", style="dim")
    good = (value > 0) == (better == "up")
    return Text(("▲" if value > 0 else "▼") + three_digits(abs(value) / 10.0**power), style=BETTER if good else WORSE)


def three_digits(size: float) -> str:
    """At most three digits and a point; what would round to nothing is shown as below the last digit, never as zero.

    >>> three_digits(123.4), three_digits(12.34), three_digits(1.234), three_digits(0.0004), three_digits(8.0)
    ('123', '12.3', '1.23', '<.01', '8')
    """
    if size < 0.005:
        return "<.01"
    if size == round(size) and size < 1000:
        return f"{size:.0f}"
    decimals = 2 if size < 9.995 else 1 if size < 99.95 else 0
    return f"{size:.{decimals}f}"


def _legend(shell: Shell, columns: Sequence[Column], width: int) -> Group:
    better, worse = Text("■ " + shell.text("matrix.better"), style=BETTER), Text("■ " + shell.text("matrix.worse"), style=WORSE)
    first = Text("\n") + better + "  " + worse + Text("  " + shell.text("matrix.how"), style="dim")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    across = 3 if width >= 110 else 2
    for _ in range(across):
        table.add_column(max_width=width // across - 2)
    names = [Text(f"{column.code} ", style="bold") + Text(column.name, style="not bold") for column in columns]
    height = math.ceil(len(names) / across)
    for line in range(height):
        table.add_row(*(names[index] if index < len(names) else "" for index in range(line, height * across, height)))
    empty = [Text(f"– {column.code}: {column.reason}", style=WORSE) for column in columns if column.reason]
    return Group(first, table, *empty)


# Progress.


@contextmanager
def progress_bar(shell: Shell, title: str) -> Iterator[Callable[[int, int, str], None]]:
    """A bar with the time left on standard error; yields `report(done, total, label)`.

    Where standard error is no terminal each step is a line of its own; with `--json` there is nothing.
    """
    console = shell.notes()
    if shell.json:
        yield lambda done, total, label: None
    elif not console.is_terminal:
        yield lambda done, total, label: console.print(f"[{done}/{total}] {label}", markup=False, soft_wrap=True)
    else:
        parts = (TextColumn("{task.description}"), BarColumn(complete_style=BETTER), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*parts, console=console, transient=True) as progress:
            task = progress.add_task(title, total=None)
            yield lambda done, total, label: progress.update(task, completed=done, total=total, description=label or title)


@contextmanager
def step(shell: Shell, label: str) -> Iterator[None]:
    """A spinner on standard error while something runs that has no steps to count; nothing where there is no terminal."""
    console = shell.notes()
    if shell.json or not console.is_terminal:
        yield
        return
    with console.status(label):
        yield
