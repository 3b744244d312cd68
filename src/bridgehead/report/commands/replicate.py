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
    _show(shell, model, result, clock.last)
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


FEW = 6
"""Up to this many certificates are shown one by one; more are summed up by the worst of each number."""


def _show(shell: Shell, model: Any, result: Any, seconds: float) -> None:
    """The table, what a reader must know, and how sure all runs are."""
    from bridgehead.report.figures.words import load_text
    from bridgehead.report.terminal import plain_table

    table, words = result.table, load_text("replicate")
    numbers = [index for index, kind in enumerate(table.dtypes) if kind.is_numeric()]
    rows = [[_cell(value) for value in row] for row in table.rows()]
    heads = [shell.choose(*words["heads"].get(name, {"en": name, "zh": name}).values()) for name in table.columns]
    title = shell.choose(model.title, words["titles"].get(model.name))
    shell.show(plain_table(heads, rows, title=title, numbers=numbers))
    shell.show(*(shell.choose(note, _in_chinese(note, words["notes"])) for note in result.notes))
    shell.show(*_certificates(shell, result.certificates, seconds))


def _in_chinese(note: str, notes: dict[str, dict[str, str]]) -> str | None:
    """The Chinese of a note, found by how the English one begins."""
    return next((each["zh"] for each in notes.values() if note.startswith(each["en"])), None)


def _certificates(shell: Shell, certificates: Any, seconds: float) -> list[Any]:
    """One line of certificate a run where there are few; else one line for all that hold, each that does not, each warning once."""
    from rich.text import Text

    from bridgehead.report.commands.common import certificate_text
    from bridgehead.report.terminal import BETTER, WORSE

    if len(certificates) <= FEW:
        return [Text(f"{run}  ").append_text(certificate_text(shell, each)) for run, each in certificates.items()]
    good = [each for each in certificates.values() if each.solved]
    lines: list[Any] = [
        Text(f"{run}  ").append_text(certificate_text(shell, each)) for run, each in certificates.items() if not each.solved
    ]
    if good:
        said = shell.text(
            "replicate.certified",
            solved=len(good),
            count=len(certificates),
            distance=f"{max(each.estimated_distance for each in good):.1e}",
            gap=f"{max(each.gap for each in good):.1e}",
            identities=f"{max(max(each.identities.values(), default=0.0) for each in good):.1e}",
            weak=f"{min(each.smallest_singular_value for each in good):.2g}",
            steps=max(each.steps for each in good),
            seconds=f"{seconds:.1f}",
        )
        lines.append(Text("✓ ", style=f"bold {BETTER}").append(said, style="default not bold"))
    warned: dict[str, list[str]] = {}
    for run, each in certificates.items():
        for warning in each.warnings if each.solved else ():
            warned.setdefault(warning, []).append(run)
    for warning, runs in warned.items():
        lines.append(Text(shell.text("replicate.warned", warning=warning, runs=", ".join(runs)), style=WORSE))
    return lines


def _cell(value: object) -> str:
    """A cell for people: six digits are enough to compare, and what does not exist is a dash."""
    if value is None:
        return "–"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
