"""`bridgehead replicate`."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.report.commands.common import out_folder
from bridgehead.report.shell import Shell

NAME_HELP = "A published model: mrrh2018, rrh2017, aa2014, arsw2015 or tz2019."
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=NAME_HELP)]
DataOption = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The folder of the paper's data, which are not shipped.")]
OptionalOut = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", parser=out_folder, help="Write the tables and certificates of all runs there.")
]


def replicate(shell: Shell, name: NameArgument, data: DataOption = None, out: OptionalOut = None) -> int:
    """Solve a published model, and set our figures beside the published ones, each with its certificate."""
    from bridgehead.models.published import find
    from bridgehead.report.commands.common import Clock, written_files
    from bridgehead.report.made import checksums
    from bridgehead.report.output import staged_folder
    from bridgehead.report.terminal import file_list, step

    model, clock = find(name), Clock()
    with nullcontext() if out is None else staged_folder(out) as folder:
        with step(shell, shell.text("steps.solve")), clock.stage("solve"):
            result = model.replicate(data, folder)
        if folder is not None:
            used = {} if data is None else checksums(data)
            clock.write(folder, verb="replicate", model=name, data=None if data is None else str(data.resolve()), data_files=used)
    _show(shell, model, result)
    if out is not None:
        shell.show(file_list(shell, out))
    shell.document(
        {
            "model": name,
            "title": model.title,
            "table": result.table,
            "notes": list(result.notes),
            "certificates": {run: each.as_dict() for run, each in result.certificates.items()},
            "unsolved": result.unsolved,
            "seconds": clock.seconds,
            "out": out,
            "files": [] if out is None else written_files(out),
        }
    )
    return 2 if result.unsolved else 0


def _show(shell: Shell, model: Any, result: Any) -> None:
    """The table, what a reader must know, and one line of certificate a run."""
    from rich.text import Text

    from bridgehead.report.commands.common import certificate_text
    from bridgehead.report.terminal import plain_table

    table = result.table
    numbers = [index for index, kind in enumerate(table.dtypes) if kind.is_numeric()]
    rows = [[_cell(value) for value in row] for row in table.rows()]
    shell.show(plain_table(table.columns, rows, title=model.title, numbers=numbers))
    shell.show(*result.notes)
    for run, certificate in result.certificates.items():
        shell.show(Text(f"{run}  ").append_text(certificate_text(shell, certificate)))


def _cell(value: object) -> str:
    """A cell for people: six digits are enough to compare, and what does not exist is a dash."""
    if value is None:
        return "–"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
