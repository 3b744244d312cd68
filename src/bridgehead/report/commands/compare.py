"""`bridgehead compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.report.shell import Shell

MOST_PLACES = 10
FolderArgument = Annotated[Path, typer.Argument(help="A folder that `bridgehead solve --out` wrote.")]


def compare(shell: Shell, a: FolderArgument, b: FolderArgument) -> None:
    """Set two solutions side by side: what differs in their inputs, and what that does to the outputs."""
    from bridgehead.appraise import compare_solutions

    found = compare_solutions(a, b)
    shell.show(_inputs(shell, found), _totals(shell, found), _places(shell, found), *(f"! {note}" for note in found.notes))
    shell.document(
        {
            "a": a,
            "b": b,
            "inputs": found.inputs,
            "totals": found.totals,
            "places": found.tables["places"],
            "origins": found.tables["origins"],
            "certificates": found.certificates,
            "notes": found.notes,
        }
    )


def _inputs(shell: Shell, found: Any) -> Any:
    from bridgehead.report.terminal import plain_table

    rows = [(row["input"], row["a"], row["b"]) for row in found.inputs.to_dicts()]
    if not rows:
        return shell.text("compare.same")
    return plain_table((shell.text("compare.input"), found.a, found.b), rows, title=shell.text("compare.inputs"))


def _totals(shell: Shell, found: Any) -> Any:
    from bridgehead.report.terminal import plain_table

    rows = [(row["quantity"].replace("_", " "), *_numbers(row, "")) for row in found.totals.to_dicts()]
    return plain_table(_heads(shell, found, "quantity"), rows, title=shell.text("compare.totals"), numbers=(1, 2, 3, 4))


def _places(shell: Shell, found: Any) -> Any:
    """The places whose jobs change most."""
    from bridgehead.report.terminal import plain_table

    most = sorted(found.tables["places"].to_dicts(), key=lambda row: -abs(row["jobs_change"] or 0.0))[:MOST_PLACES]
    rows = [(row["place"], *_numbers(row, "jobs")) for row in most]
    return plain_table(_heads(shell, found, "place"), rows, title=shell.text("compare.places", count=len(rows)), numbers=(1, 2, 3, 4))


def _heads(shell: Shell, found: Any, first: str) -> tuple[str, ...]:
    return shell.text(f"compare.{first}"), found.a, found.b, shell.text("compare.change"), "%"


def _numbers(row: dict[str, Any], name: str) -> tuple[str, ...]:
    from bridgehead.report.figures.numbers import change, plain

    names = [f"{name}_{end}" for end in ("a", "b", "change", "percent")] if name else ["a", "b", "change", "change_percent"]
    return plain(row[names[0]]), plain(row[names[1]]), change(row[names[2]]), change(row[names[3]])
