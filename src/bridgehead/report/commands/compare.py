"""`bridgehead compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.report.shell import Shell

MOST_PLACES = 10
MOST_CELLS = 30
FolderArgument = Annotated[Path, typer.Argument(help="A folder that `bridgehead solve --out` or `bridgehead appraise` wrote.")]


def compare(shell: Shell, a: FolderArgument, b: FolderArgument) -> None:
    """Set two results side by side: what differs in their inputs, and what that does to the outputs."""
    from bridgehead.appraise import compare_solutions
    from bridgehead.appraise.compare_appraisals import is_appraisal

    if is_appraisal(a) or is_appraisal(b):
        _appraisals(shell, a, b)
        return
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


def _appraisals(shell: Shell, a: Path, b: Path) -> None:
    """Two appraisals: inputs beside the cells of the matrix that are not the same."""
    from bridgehead.appraise.compare_appraisals import compare_appraisals
    from bridgehead.report.figures.numbers import change, plain
    from bridgehead.report.terminal import plain_table

    found = compare_appraisals(a, b)
    rows = [
        (f"{row['need']} {row['line']}", row["scenario"], plain(row["a"]), plain(row["b"]), change(row["difference"]), _unit(shell, row))
        for row in found.differing.head(MOST_CELLS).to_dicts()
    ]
    heads = [shell.text(f"compare.{key}") for key in ("cell", "scenario")]
    heads += [found.a, found.b, shell.text("compare.change"), shell.text("compare.unit")]
    title = shell.text("compare.cells", count=found.differing.height, total=found.cells.height, shown=len(rows))
    shell.show(_inputs(shell, found), plain_table(heads, rows, title=title, numbers=(2, 3, 4)) if rows else shell.text("compare.equal"))
    shell.show(*(f"! {note}" for note in found.notes))
    shell.document({"a": a, "b": b, "inputs": found.inputs, "cells": found.cells, "differing": found.differing, "notes": found.notes})


def _unit(shell: Shell, row: dict[str, Any]) -> str:
    from bridgehead.report.figures.numbers import unit_of

    return shell.choose(*unit_of(row["unit"]).label)


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
