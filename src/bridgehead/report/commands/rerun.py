"""`bridgehead rerun`: solve a result folder again from what it names."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.report.shell import Shell

FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that `solve` or `appraise` wrote.")]
RegionOption = Annotated[str | None, typer.Option("--region", metavar="REGION", help="Where the region lies now, if it has moved.")]
UNSTORED = ("run.json",)
"""The only file of a result that holds times: never compared."""


def rerun(shell: Shell, folder: FolderArgument, region: RegionOption = None) -> int:
    """Solve a result folder again from what it names, and say whether every byte is the same or what changed."""
    made = what_made(folder)
    with tempfile.TemporaryDirectory() as scratch:
        again = Path(scratch) / "again"
        code = run_again(made, folder, region or made["region_folder"], again)
        if code not in (0, 2) or not again.is_dir():
            return code
        same, differ = compare_bytes(folder, again)
        causes = causes_of(folder, again, made) if differ else []
    shell.show(*lines_of(shell, folder, same, differ, causes))
    shell.document({"folder": folder, "same_files": len(same), "differing_files": differ, "causes": causes, "identical": not differ})
    return 1 if differ else 0


def what_made(folder: Path) -> dict[str, Any]:
    """run.json of a result folder: the verb, the region, the scenario. DataError where the folder does not say."""
    from bridgehead.errors import DataError, Fault

    path = folder / "run.json"
    try:
        made = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        said = (error.strerror or str(error)) if isinstance(error, OSError) else f"it is not valid JSON ({error})"
        fault = Fault(said, str(path), "what the verb noted there", "name a folder that `bridgehead solve` or `bridgehead appraise` wrote")
        raise DataError("the result cannot be run again", [fault]) from error
    if made.get("verb") not in ("solve", "appraise"):
        fault = Fault("it does not say which verb made it", str(path), "a verb, solve or appraise")
        raise DataError("the result cannot be run again", [fault])
    return made


def run_again(made: dict[str, Any], folder: Path, region: str, again: Path) -> int:
    """Run the verb that made a folder once more into `again`, quietly; its exit code."""
    from bridgehead.report.shell import Shell

    quiet = Shell(lang=made.get("language", "en"), quiet=True)
    if made["verb"] == "solve":
        from bridgehead.report.commands.solve import solve

        plan, closure = folder / "scenario.toml", folder / "closure.toml"
        chosen = str(plan) if plan.is_file() else None
        solve(quiet, region, again, chosen, closure if closure.is_file() else None, csv=made["csv"], starts=made["starts"])
        return 0
    from bridgehead.report.commands.appraise import appraise

    return appraise(quiet, region, made.get("scenarios"), again)


def compare_bytes(folder: Path, again: Path) -> tuple[list[str], list[str]]:
    """(files that are the same, files that differ or that only the new run wrote), by path inside the folder."""
    same, differ = [], []
    for path in sorted(again.rglob("*")):
        name = path.relative_to(again)
        if path.is_dir() or name.name in UNSTORED:
            continue
        before = folder / name
        (same if before.is_file() and before.read_bytes() == path.read_bytes() else differ).append(str(name))
    return same, differ


def causes_of(folder: Path, again: Path, made: dict[str, Any]) -> list[str]:
    """What is not as it was: the version, the data, the parameters, the scenario; else the machine or its libraries."""
    from bridgehead.version import VERSION

    causes = []
    if made.get("version") != VERSION:
        causes.append(f"version {made.get('version')} made it, this is {VERSION}")
    old, new = (inputs_below(where) for where in (folder, again))
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            causes.append(f"{key}: was {_short(old.get(key))}, is {_short(new.get(key))}")
    return causes or ["version, data, scenario and parameters are the same: another machine, library or compiler made the other bytes"]


def inputs_below(folder: Path) -> dict[str, Any]:
    """inputs.json of a solution folder, or of the baseline of an appraisal."""
    for path in (folder / "inputs.json", folder / "solutions" / "baseline" / "inputs.json"):
        if path.is_file():
            return json.loads(path.read_text(encoding="utf-8"))
    return {}


def lines_of(shell: Shell, folder: Path, same: list[str], differ: list[str], causes: list[str]) -> list[str]:
    """What the terminal shows."""
    if not differ:
        return [shell.text("rerun.same", count=len(same), folder=folder)]
    shown = ", ".join(differ[:8]) + (", …" if len(differ) > 8 else "")
    head = shell.text("rerun.differ", count=len(differ), total=len(differ) + len(same), files=shown)
    return [head, *(f"  - {cause}" for cause in causes)]


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 80 else text[:77] + "…"
