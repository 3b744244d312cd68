"""`bridgehead compare`."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.report.shell import Shell

MOST_PLACES = 10
MOST_CELLS = 30
YI = 0.01
"""Money of the tables is in millions; Chinese shows 亿, of which one is a hundred million."""
LEVER = re.compile(r"scenario\.lever \d+")
UNSAID = ("source", "low", "high", "starts", "ends", "phase_in", "by", "name")
FolderArgument = Annotated[Path, typer.Argument(help="A folder that `bridgehead solve --out` or `bridgehead appraise` wrote.")]


def compare(shell: Shell, a: FolderArgument, b: FolderArgument) -> None:
    """Set two results side by side: what differs in their inputs, and what that does to the outputs."""
    from bridgehead.appraise import compare_solutions
    from bridgehead.appraise.compare_appraisals import is_appraisal

    if is_appraisal(a) or is_appraisal(b):
        _appraisals(shell, a, b)
        return
    found = compare_solutions(a, b)
    regions = [region for region in (_region(a), _region(b)) if region is not None]
    guessed = set().union(*(_inferred(region) for region in regions))
    places = _places(shell, found, guessed, _names(shell, regions))
    shell.show(_inputs(shell, found), _totals(shell, found), places, *(f"! {note}" for note in found.notes))
    shell.document(
        {
            "a": a,
            "b": b,
            "inputs": found.inputs,
            "totals": found.totals,
            "places": found.tables["places"],
            "inferred": sorted(guessed),
            "origins": found.tables["origins"],
            "certificates": found.certificates,
            "notes": found.notes,
        }
    )


def _region(folder: Path) -> Any:
    """The region that run.json names, of the folder or of the appraisal it lies in, where it can still be read; else None."""
    import json

    from bridgehead.errors import BridgeheadError
    from bridgehead.report.commands.common import load_region

    for where in (folder, folder.resolve().parent.parent):
        try:
            return load_region(json.loads((where / "run.json").read_text(encoding="utf-8"))["region_folder"])
        except (OSError, ValueError, KeyError, BridgeheadError):
            continue
    return None


def _names(shell: Shell, regions: list[Any]) -> dict[str, str]:
    """What places are called, by id."""
    rows = [row for region in regions for row in region.places.iter_rows(named=True)]
    return {row["place"]: shell.choose(row["name"], row.get("name_zh")) for row in rows}


def _inferred(region: Any) -> set[str]:
    """The places whose value added is inferred."""
    from bridgehead.region.checks import inferred_places

    return {place for place, guess in zip(region.place_ids, inferred_places(region), strict=True) if guess}


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

    rows = _levers_in_one_line(found.inputs.to_dicts())
    if not rows:
        return shell.text("compare.same")
    return plain_table((shell.text("compare.input"), found.a, found.b), rows, title=shell.text("compare.inputs"))


def _levers_in_one_line(inputs: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """The differing inputs; a lever that only one of the two has is one line of what it does, without source, range and dates."""
    rows: list[tuple[str, str, str]] = []
    for lever, group in groupby(inputs, key=lambda row: found.group(0) if (found := LEVER.match(row["input"])) else ""):
        entries = list(group)
        alone = [side for side in ("a", "b") if not any(entry[side] for entry in entries)]
        if not lever or len(alone) != 1:
            rows += [(entry["input"], entry["a"], entry["b"]) for entry in entries]
            continue
        side = "b" if alone == ["a"] else "a"
        named = {entry["input"].rpartition(".")[2]: entry[side] for entry in entries}
        said = ", ".join(value if key in ("lever", "flow") else f"{key} {value}" for key, value in named.items() if key not in UNSAID)
        rows.append((lever, *(("", said) if side == "b" else (said, ""))))
    return rows


def _totals(shell: Shell, found: Any) -> Any:
    from bridgehead.report.terminal import plain_table

    rows = []
    for row in found.totals.to_dicts():
        scale = YI if shell.lang == "zh" and row["quantity"].startswith("real_") else 1.0
        shown = {name: value if value is None or name not in ("a", "b", "change") else scale * value for name, value in row.items()}
        rows.append((shell.text(f"compare.{row['quantity']}"), *_numbers(shown, "")))
    return plain_table(_heads(shell, found, "quantity"), rows, title=shell.text("compare.totals"), numbers=(1, 2, 3, 4))


def _places(shell: Shell, found: Any, guessed: set[str], names: dict[str, str]) -> Any:
    """The places whose jobs change most; those whose figures are inferred follow in their fixed order, marked and not ranked."""
    from rich.text import Text

    from bridgehead.report.terminal import plain_table

    most = sorted(found.tables["places"].to_dicts(), key=lambda row: -abs(row["jobs_change"] or 0.0))[:MOST_PLACES]
    order = {row["place"]: index for index, row in enumerate(found.tables["places"].to_dicts())}
    unsure = sorted((row for row in most if row["place"] in guessed), key=lambda row: order[row["place"]])
    called = {row["place"]: f"{names[row['place']]} ({row['place']})" if row["place"] in names else row["place"] for row in most}
    rows: list[tuple] = [(called[row["place"]], *_numbers(row, "jobs")) for row in most if row["place"] not in guessed]
    for row in unsure:
        name = shell.text("compare.inferred", place=called[row["place"]])
        rows.append(tuple(Text(text, style="dim") for text in (name, *_numbers(row, "jobs"))))
    return plain_table(_heads(shell, found, "place"), rows, title=shell.text("compare.places", count=len(rows)), numbers=(1, 2, 3, 4))


def _heads(shell: Shell, found: Any, first: str) -> tuple[str, ...]:
    return shell.text(f"compare.{first}"), found.a, found.b, shell.text("compare.change"), "%"


def _numbers(row: dict[str, Any], name: str) -> tuple[str, ...]:
    from bridgehead.report.figures.numbers import change, plain

    names = [f"{name}_{end}" for end in ("a", "b", "change", "percent")] if name else ["a", "b", "change", "change_percent"]
    return plain(row[names[0]]), plain(row[names[1]]), change(row[names[2]]), change(row[names[3]])
