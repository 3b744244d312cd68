"""`bridgehead rerun`: solve a result folder again from what it names."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.report.made import RUN, changed_since, libraries
from bridgehead.report.shell import Shell

FOLDER_HELP = "A folder that `solve`, `appraise`, `path`, `share`, `optimise`, `replicate` or `estimate` wrote."
FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help=FOLDER_HELP)]
RegionOption = Annotated[
    str | None, typer.Option("--region", metavar="REGION", help="Where the region, or the published data, lie now, if they have moved.")
]


def rerun(shell: Shell, folder: FolderArgument, region: RegionOption = None) -> int:
    """Solve a result folder again from what it names, and say whether every byte is the same or what changed."""
    made = what_made(folder)
    if region is not None:
        made |= {"region_folder": region, "data": region}
    with tempfile.TemporaryDirectory() as scratch:
        again = Path(scratch) / "again"
        code = AGAIN[made["verb"]](Shell(lang=made.get("language", "en"), quiet=True), made, folder, again)
        if code not in (0, 2) or not again.is_dir():
            return code
        same, differ = compare_bytes(folder, again)
        causes = causes_of(folder, again, made) if differ else []
    shell.show(*lines_of(shell, folder, same, differ, causes))
    shell.document({"folder": folder, "same_files": len(same), "differing_files": differ, "causes": causes, "identical": not differ})
    return 1 if differ else 0


def what_made(folder: Path) -> dict[str, Any]:
    """run.json of a result folder: the verb and what it was asked. DataError where the folder does not say."""
    from bridgehead.errors import DataError, Fault

    path, cure = (
        folder / RUN,
        "name a folder that `bridgehead solve`, `appraise`, `path`, `share`, `optimise`, `replicate` or `estimate` wrote",
    )
    try:
        made = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        said = (error.strerror or str(error)) if isinstance(error, OSError) else f"it is not valid JSON ({error})"
        raise DataError("the result cannot be run again", [Fault(said, str(path), "what the verb noted there", cure)]) from error
    verb = made.get("verb") if isinstance(made, dict) else None
    if verb not in AGAIN:
        fault = Fault("it does not say which verb made it", str(path), "a verb: " + ", ".join(AGAIN), cure)
        raise DataError("the result cannot be run again", [fault])
    lacking = [name for name in NEEDED[verb] if name not in made]
    if lacking:
        faults = [Fault(f"there is no '{name}'", str(path), "what the verb was asked", cure) for name in lacking]
        raise DataError("the result cannot be run again", faults)
    return made


def _plan(folder: Path) -> tuple[str | None, Path | None]:
    """(scenario, closure) files that a result folder keeps."""
    plan, closure = folder / "scenario.toml", folder / "closure.toml"
    return (str(plan) if plan.is_file() else None), (closure if closure.is_file() else None)


def _solve(quiet: Shell, made: Mapping[str, Any], folder: Path, again: Path) -> int:
    from bridgehead.report.commands.solve import solve

    solve(quiet, made["region_folder"], again, *_plan(folder), csv=made["csv"], starts=made["starts"])
    return 0


def _appraise(quiet: Shell, made: Mapping[str, Any], folder: Path, again: Path) -> int:
    from bridgehead.ensemble.attach import KEPT
    from bridgehead.errors import DataError
    from bridgehead.report.commands.appraise import appraise

    kept = {name: folder / "scenarios" / Path(name).name for name in made["scenarios"] or ()}
    scenarios = [str(copy) if copy.is_file() else name for name, copy in kept.items()] or None
    estimates = folder / "estimates.toml"
    asked = (quiet, made["region_folder"], scenarios, again, estimates if estimates.is_file() else None)
    if KEPT not in made.get("files", ()):
        return appraise(*asked)
    try:
        return appraise(*asked, folder)
    except DataError:  # its ranges are of other data by now: without them the rest tells what has changed
        return appraise(*asked)


def _path(quiet: Shell, made: Mapping[str, Any], folder: Path, again: Path) -> int:
    from bridgehead.report.commands.path import path

    plan, closure = _plan(folder)
    path(quiet, made["region_folder"], again, plan, closure=closure, **made["years"])
    return 0


def _share(quiet: Shell, made: Mapping[str, Any], folder: Path, again: Path) -> int:
    from bridgehead.report.commands.share import share

    plan, _ = _plan(folder)
    share(quiet, made["region_folder"], **{**made["asked"], "scenario": plan or made["asked"]["scenario"]}, out=again)
    return 0


def _optimise(quiet: Shell, made: Mapping[str, Any], folder: Path, again: Path) -> int:
    from bridgehead.report.commands.optimise import optimise

    plan = folder / "plan.toml"
    optimise(quiet, made["region_folder"], folder / "problem.toml", str(plan) if plan.is_file() else None, out=again)
    return 0


def _replicate(quiet: Shell, made: Mapping[str, Any], _folder: Path, again: Path) -> int:
    from bridgehead.report.commands.replicate import replicate

    return replicate(quiet, made["model"], None if made["data"] is None else Path(made["data"]), again)


FILES_ASKED = ("flows", "distance", "minutes", "places")
"""Options of `estimate` that are files."""


def _estimate(quiet: Shell, made: Mapping[str, Any], _folder: Path, again: Path) -> int:
    from bridgehead.report.commands.estimate import estimate

    asked = {name: Path(value) if name in FILES_ASKED and value is not None else value for name, value in made["asked"].items()}
    if "region_folder" in made:
        asked["region"] = made["region_folder"]
    estimate(quiet, **asked, out=again)
    return 0


AGAIN: dict[str, Callable[[Shell, Mapping[str, Any], Path, Path], int]] = {
    "solve": _solve,
    "appraise": _appraise,
    "path": _path,
    "share": _share,
    "optimise": _optimise,
    "replicate": _replicate,
    "estimate": _estimate,
}
"""How a verb's result is made once more, quietly, into another folder; each returns the exit code."""

NEEDED = {
    "solve": ("region_folder", "csv", "starts"),
    "appraise": ("region_folder", "scenarios"),
    "path": ("region_folder", "years"),
    "share": ("region_folder", "asked"),
    "optimise": ("region_folder",),
    "replicate": ("model", "data"),
    "estimate": ("asked",),
}
"""What run.json must say for each verb."""


def compare_bytes(folder: Path, again: Path) -> tuple[list[str], list[str]]:
    """(files that are the same, files that differ or that only the new run wrote), by path inside the folder."""
    same, differ = [], []
    for path in sorted(again.rglob("*")):
        name = path.relative_to(again)
        if path.is_dir() or name.name == RUN:
            continue
        before = folder / name
        (same if before.is_file() and before.read_bytes() == path.read_bytes() else differ).append(name.as_posix())
    return same, differ


def causes_of(folder: Path, again: Path, made: Mapping[str, Any]) -> list[str]:
    """What is not as it was: the files themselves, the version, the data, the parameters, the scenario, the libraries."""
    from bridgehead.version import VERSION

    causes = changed_since(folder, made.get("files", {}))
    if made.get("data_files") and made["data"]:
        causes += [f"the published data: {line}" for line in changed_since(Path(made["data"]), made["data_files"])]
    if made.get("version") != VERSION:
        causes.append(f"version {made.get('version')} made it, this is {VERSION}")
    old, new = (inputs_below(where) for where in (folder, again))
    causes += [f"{MEANING.get(name, name)}: was {_short(was)}, is {_short(now)}" for name, was, now in differences(old, new)]
    now = libraries()
    for name, version in made.get("libraries", {}).items():
        if now.get(name) != version:
            causes.append(f"{name} {version} made it, this is {now.get(name)}")
    if not causes and solved_hash(folder) != solved_hash(again):
        causes.append("the scenario: what was solved is not what the folder's scenario says now (input_hash in the certificate)")
    return causes or ["version, libraries, data, scenario and parameters are the same: another machine or compiler made the other bytes"]


def differences(old: Mapping[str, Any], new: Mapping[str, Any], within: str = "") -> list[tuple[str, object, object]]:
    """(name, before, after) of every entry that differs between two documents, tables inside them entry by entry."""
    found = []
    for key in sorted({*old, *new}):
        was, now = old.get(key), new.get(key)
        if isinstance(was, dict) and isinstance(now, dict):
            found += differences(was, now, f"{within}{key}.")
        elif was != now:
            found.append((within + key, was, now))
    return found


MEANING = {"folder_hash": "the region's data (folder_hash)", "region_hash": "the region's data (region_hash)"}


def inputs_below(folder: Path) -> dict[str, Any]:
    """inputs.json of a solution folder, or of the baseline of an appraisal."""
    return _document(folder / "inputs.json") or _document(folder / "solutions" / "baseline" / "inputs.json")


def solved_hash(folder: Path) -> object:
    """The hash of what a solution folder's certificate is of; None where there is none."""
    return _document(folder / "certificate.json").get("input_hash")


def _document(path: Path) -> dict[str, Any]:
    """A JSON document; {} where there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


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
