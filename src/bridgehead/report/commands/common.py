"""What several verbs do alike: find a region, calibrate it, write down when and how long, tell what was solved."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.report.made import RUN, checksums, libraries
from bridgehead.report.shell import Shell
from bridgehead.version import VERSION


def out_folder(text: str) -> Path:
    """The folder of `--out`; a usage error where it is empty, as an unset variable is: that would be the folder one stands in."""
    if not text.strip():
        raise typer.BadParameter("it is empty; write . for this folder")
    return Path(text)


REGION_HELP = "A region folder, or the name of a case (yangtze, toy)."
RegionArgument = Annotated[str, typer.Argument(metavar="REGION", help=REGION_HELP)]
OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", parser=out_folder, help="Where the results go, complete or not at all.")]
ClosureOption = Annotated[
    Path | None, typer.Option("--closure", metavar="FILE", help="A TOML file whose tables replace those of region.toml.")
]
EstimatesOption = Annotated[
    Path | None,
    typer.Option("--estimates", metavar="FILE", help="Estimates of `bridgehead estimate`, in the place of the region's own numbers."),
]
CsvOption = Annotated[bool, typer.Option("--csv", help="Tables as CSV instead of Parquet.")]


def find_region(name: str) -> Path:
    """The region folder a user names: a folder, or a case of the package. DataError with what is near where it is neither."""
    from bridgehead.cases import case_folder, case_names
    from bridgehead.errors import DataError, Fault, did_you_mean

    path = Path(name)
    # A results folder called like a case (`out/yangtze`, seen from `out`) is no region, and the case is meant.
    if path.is_dir() and (name not in case_names() or (path / "region.toml").is_file()):
        return path
    if name in case_names():
        return case_folder(name) / "region"
    folders = [entry for entry in path.parent.iterdir() if entry.is_dir()] if path.parent.is_dir() else []
    beside = [str(path.parent / entry.name) for entry in folders if not entry.name.startswith(".")]
    what = "is a file, not a folder" if path.exists() else "there is no such folder or case"
    fault = Fault(what, name, "a region folder or one of " + ", ".join(case_names()), did_you_mean(name, [*case_names(), *beside]))
    raise DataError("the region cannot be read", [fault])


def load_region(name: str, closure: Path | None = None) -> Any:
    """The region a user names, read and checked, with the tables of a closure file in place of its own."""
    from bridgehead.region import read_region
    from bridgehead.region.closure import with_closure

    region = read_region(find_region(name))
    return region if closure is None else with_closure(region, closure)


def load_estimates(path: Path | None) -> Any:
    """The estimates a user names; None where none are."""
    from bridgehead.calibrate.estimates import read_estimates

    return None if path is None else read_estimates(path)


def keep_estimates(estimates: Any, folder: Path) -> None:
    """The estimates beside the result they went into, so that it can be run again."""
    from bridgehead.calibrate.estimates import FILE_NAME, write_estimates

    if estimates is not None:
        write_estimates(estimates, folder / FILE_NAME)


def find_scenario(name: str, region: Any) -> Any:
    """The scenario a user names: a file, or a strategy or zone of the region. PolicyError where it is neither."""
    from bridgehead.errors import Fault, PolicyError, did_you_mean
    from bridgehead.policy import read_scenario, scenarios_of

    path = Path(name)
    if path.is_file() or path.suffix == ".toml":
        return read_scenario(path, region)
    own = scenarios_of(region)
    if name in own:
        return own[name]
    expected = "a scenario file" + (", or a strategy or zone of the region" if own else "")
    raise PolicyError("the scenario cannot be used", [Fault("there is no such scenario", name, expected, did_you_mean(name, own))])


@dataclass
class Clock:
    """Seconds by stage. They stand in run.json and on the terminal, never in a result."""

    started: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(time.perf_counter() - begin, 4)

    @property
    def last(self) -> float:
        """Seconds of the latest stage."""
        return list(self.seconds.values())[-1]

    def write(self, folder: Path, **more: object) -> None:
        """run.json: the only file of a result that holds times; what the engine already wrote in it stays.

        It is written last, for it holds the checksums of the other files.
        """
        path = folder / RUN
        before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        seconds = before.get("seconds", {}) | self.seconds
        content = before | {"version": VERSION, "started": self.started, "seconds": seconds} | more
        content |= {"libraries": libraries(), "files": checksums(folder)}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def solved_scenario(baseline: Any, scenario: Any, *, starts: int = 1) -> Any:
    """The equilibrium of a scenario, with its certificate; SolveError where it has none."""
    from bridgehead.models import solve, solve_from_starts
    from bridgehead.policy import enact

    given = None if scenario is None else enact(scenario, baseline).given
    name = "baseline" if scenario is None else scenario.name
    if starts == 1:
        return solve(baseline, given, name=name).require()
    return solve_from_starts(baseline, given, starts=starts, name=name)[0].require()


def region_name(name: str) -> str:
    """How run.json names a region, so that `rerun` finds it: the case, or the folder from the root."""
    from bridgehead.cases import case_names

    path = Path(name)
    case = name in case_names() and not (path / "region.toml").is_file()
    return str(path.resolve()) if path.is_dir() and not case else name


def certificate_text(shell: Shell, certificate: Any, seconds: float | None = None) -> Any:
    """The certificate's one line, marked by whether it holds, with its warnings under it."""
    from rich.text import Text

    from bridgehead.report.terminal import BETTER, WORSE

    good = certificate.outcome == "solved"
    text = Text("✓ " if good else "✗ ", style=f"bold {BETTER if good else WORSE}")
    text.append(certificate.line(seconds=seconds, lang=shell.lang), style="default not bold")
    for warning in certificate.warnings:
        text.append(f"\n! {warning}", style=WORSE)
    return text


def written_files(folder: Path) -> list[str]:
    """The files under a folder, for `--json`."""
    return sorted(str(path) for path in folder.rglob("*") if path.is_file())


def moments_table(shell: Shell, moments: Any) -> Any:
    """The calibration's moments, data beside model; None where there are none."""
    from bridgehead.report.figures.fit import moment_name
    from bridgehead.report.figures.numbers import change, plain
    from bridgehead.report.figures.words import say
    from bridgehead.report.terminal import plain_table

    if moments is None or moments.is_empty():
        return None
    names = [shell.text(f"calibrate.{key}") for key in ("name", "data", "model", "gap", "use")]
    rows = []
    for row in moments.to_dicts():
        use = shell.choose(*say("words.fit" if row["use"] == "fit" else "words.check"))
        rows.append(
            (shell.choose(*moment_name(row["name"])), plain(row["data"]), plain(row["model"]), change(round(row["log_gap"], 9)), use)
        )
    return plain_table(names, rows, title=shell.text("calibrate.moments"), numbers=(1, 2, 3))


def fitted_table(shell: Shell, numbers: Any) -> Any:
    """The numbers the calibration found, each labelled a residual and no policy; None where nothing was fitted."""
    from bridgehead.appraise.tables import fitted
    from bridgehead.report.figures.fit import fitted_name
    from bridgehead.report.figures.numbers import plain
    from bridgehead.report.figures.words import load_text
    from bridgehead.report.terminal import plain_table

    if not numbers:
        return None
    kinds = load_text("moments")["fitted_kind"]
    rows = [
        (shell.choose(*fitted_name(row["name"])), plain(row["value"]), shell.choose(*kinds[row["kind"]].values()))
        for row in fitted(numbers).to_dicts()
    ]
    heads = [shell.text(f"calibrate.{key}") for key in ("fitted_name", "value", "kind")]
    return plain_table(heads, rows, title=shell.text("calibrate.fitted"), numbers=(1,))
