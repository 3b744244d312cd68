"""`bridgehead appraise`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridgehead.report.commands.common import REGION_HELP, EstimatesOption, out_folder
from bridgehead.report.shell import Shell

if TYPE_CHECKING:
    from bridgehead.ensemble.attach import Ranges

RegionArgument = Annotated[str, typer.Argument(metavar="REGION", help=REGION_HELP)]
ScenarioOption = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="FILE", help="Appraise this scenario instead of the region's strategies and zones; repeatable."),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", parser=out_folder, help="Where the results go; by default out/REGION.")
]
EnsembleOption = Annotated[
    Path | None, typer.Option("--ensemble", metavar="DIR", help="An ensemble of the same plans, whose ranges stand in the report's table.")
]
REPORT = "report.html"


def appraise(
    shell: Shell,
    region: RegionArgument = "yangtze",
    scenario: ScenarioOption = None,
    out: OutOption = None,
    estimates: EstimatesOption = None,
    ensemble: EnsembleOption = None,
) -> int:
    """Measure every need under every strategy and zone, and write the tables and the report."""
    from bridgehead.appraise import appraise as appraise_region
    from bridgehead.appraise import write_appraisal
    from bridgehead.calibrate import calibrate
    from bridgehead.report.commands import common
    from bridgehead.report.html import write_report
    from bridgehead.report.output import staged_folder
    from bridgehead.report.ranges import agreeing, ranges_for, remove_ranges
    from bridgehead.report.terminal import progress_bar, step

    clock = common.Clock()
    out = Path("out") / Path(region).resolve().name if out is None else out
    with staged_folder(out) as folder:
        with step(shell, shell.text("steps.read")), clock.stage("read"):
            data, taken = common.load_region(region), common.load_estimates(estimates)
            plans = scenarios_asked(scenario, data)
            _keep(scenario, folder)
            ranges = ranges_for(ensemble, data, plans, taken)
            source = data if taken is None else calibrate(data, estimates=taken)
        with progress_bar(shell, shell.text("steps.appraise")) as progress, clock.stage("appraise"):
            appraisal = appraise_region(source, plans, progress=progress)
        ranges, notice = agreeing(shell, ranges, appraisal)
        with step(shell, shell.text("steps.report")), clock.stage("write"):
            write_appraisal(appraisal, folder)
            common.keep_estimates(taken, folder)
            if ranges is not None:
                ranges.write(folder)
            clock.write(folder)
            write_report(folder, data, folder / REPORT, lang=shell.lang)
        clock.write(folder, verb="appraise", region_folder=common.region_name(region), scenarios=scenario, language=shell.lang)
    if ranges is None:
        remove_ranges(out)
    _show(shell, appraisal, clock, out, ranges, notice)
    return 2 if appraisal.unsolved or appraisal.no_path else 0


def scenarios_asked(names: list[str] | None, region: Any) -> dict[str, Any] | None:
    """The scenarios a user brings, by the name of their file; None for the region's own."""
    from bridgehead.errors import Fault, PolicyError
    from bridgehead.report.commands.common import find_scenario

    if not names:
        return None
    ids = [Path(name).stem if name.endswith(".toml") else name for name in names]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        faults = [Fault("two scenarios have this name", id, cure="give one file another name") for id in twice]
        raise PolicyError("the scenarios cannot be told apart", faults)
    return {id: find_scenario(name, region) for id, name in zip(ids, names, strict=True)}


def _keep(names: list[str] | None, folder: Path) -> None:
    """Copies of the scenario files a user brings, so that the result says what it answers; `rerun` reads them."""
    for name in names or ():
        if Path(name).is_file():
            kept = folder / "scenarios" / Path(name).name
            kept.parent.mkdir(exist_ok=True)
            kept.write_bytes(Path(name).read_bytes())


def _show(shell: Shell, appraisal: Any, clock: Any, out: Path, ranges: Ranges | None, notice: tuple[str, ...]) -> None:
    """The matrix, what a reader must know, one line of certificate, and where the files are."""
    from bridgehead.report.commands.common import written_files
    from bridgehead.report.scoreboard import certificate_line, ranges_line, scoreboard, zone_table
    from bridgehead.report.terminal import file_list

    seconds = sum(clock.seconds.values())
    if not shell.json:
        zones = zone_table(shell, appraisal)
        shell.show(scoreboard(shell, appraisal, width=shell.console().width), "", *([] if zones is None else [zones]))
        # Why a column is empty stands under the matrix already.
        warnings = [each for each in appraisal.warnings if not any(reason and reason in each for reason in appraisal.unsolved.values())]
        sure = [] if ranges is None else [ranges_line(shell, appraisal, ranges)]
        shell.show(certificate_line(shell, appraisal, seconds), *sure, *(f"! {warning}" for warning in (*warnings, *notice)))
        shell.show(file_list(shell, out, first=REPORT))
    shell.document(
        {
            "matrix": appraisal.tables["matrix"],
            "zone_results": appraisal.tables["zone_results"],
            "unsolved": appraisal.unsolved,
            "warnings": [*appraisal.warnings, *notice],
            "ranges": None if ranges is None else ranges.table,
            "certificates": {id: each.certificate for id, each in appraisal.solved.items()},
            "seconds": clock.seconds,
            "out": out,
            "files": written_files(out),
        }
    )
