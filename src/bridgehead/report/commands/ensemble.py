"""`bridgehead ensemble`: many draws of what is not known, kept as they come, and summed up."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.report.commands.common import REGION_HELP, out_folder
from bridgehead.report.shell import Shell

RegionArgument = Annotated[str, typer.Argument(metavar="REGION", help=REGION_HELP)]
DrawsOption = Annotated[int, typer.Option("--draws", metavar="N", help="How many draws.")]
SeedOption = Annotated[int, typer.Option("--seed", metavar="S", help="The seed: the same seed, the same numbers.")]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", parser=out_folder, help="Where draws are kept and a stopped run goes on; default out/REGION-ensemble."
    ),
]
MethodOption = Annotated[str, typer.Option("--method", metavar="latin_hypercube|sobol", help="How the numbers are spread.")]
WorkersOption = Annotated[int | None, typer.Option("--workers", metavar="K", help="Processes on this machine; by default one a core.")]
ClusterOption = Annotated[str | None, typer.Option("--cluster", metavar="ADDRESS", help="A Dask scheduler, such as tcp://host:8786.")]
BesideOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--beside", metavar="FILE", help="A scenario in whose presence every plan is solved again, such as a railway; repeatable."
    ),
]
ScenarioOption = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="FILE", help="Appraise this scenario instead of the region's strategies and zones; repeatable."),
]
EstimatesOption = Annotated[
    Path | None, typer.Option("--estimates", metavar="FILE", help="Numbers of `bridgehead estimate`, drawn with their covariance.")
]
PathsOption = Annotated[
    int | None,
    typer.Option("--paths", metavar="N", help="So many of the first draws have a path over the years too; by default one in ten."),
]
UntilOption = Annotated[int, typer.Option("--until", metavar="YEAR", help="The last year of paths.")]
DrawOption = Annotated[
    int | None, typer.Option("--draw", metavar="N", help="Make one draw again and compare it with the stored one; 0 is the defaults.")
]
BatchOption = Annotated[int, typer.Option("--batch", metavar="N", help="Draws that are made and written together.")]
REPORT = "report.html"


def ensemble(
    shell: Shell,
    region: RegionArgument = "yangtze",
    draws: DrawsOption = 1000,
    seed: SeedOption = 0,
    out: OutOption = None,
    scenario: ScenarioOption = None,
    method: MethodOption = "latin_hypercube",
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    beside: BesideOption = None,
    estimates: EstimatesOption = None,
    paths: PathsOption = None,
    until: UntilOption = 2050,
    draw: DrawOption = None,
    batch: BatchOption = 5,
) -> int:
    """Draw elasticities, borders, inferred data and levers, solve every plan in each draw, and say how sure each need is."""
    from bridgehead.ensemble import Asked, EnsemblePlan, read_backgrounds
    from bridgehead.report.commands import common
    from bridgehead.report.commands.appraise import scenarios_asked
    from bridgehead.report.terminal import step

    clock = common.Clock()
    out = Path("out") / f"{Path(region).resolve().name}-ensemble" if out is None else out
    asked = Asked(draws, seed, method, batch, paths, until)
    with step(shell, shell.text("steps.read")), clock.stage("read"):
        folder = common.find_region(region)
        data = common.load_region(region)
        found = None if estimates is None else _estimates(estimates)
        plans = {"scenarios": scenarios_asked(scenario, data), "backgrounds": read_backgrounds(data, beside or [])}
        plan = EnsemblePlan.of(data, asked, **plans, estimates=found)
    if draw is not None:
        return _one(shell, plan, folder, out, draw, estimates)
    used = _make(shell, plan, folder, out, clock, workers=workers or os.cpu_count() or 1, cluster=cluster, estimates=estimates)
    return _sum_up(shell, plan, region, out, clock, used)


def _estimates(path: Path) -> Any:
    from bridgehead.calibrate.estimates import read_estimates

    return read_estimates(path)


def _make(shell: Shell, plan: Any, folder: Path, out: Path, clock: Any, **how: Any) -> Any:
    """Make what is missing; a run that is stopped keeps what it made."""
    from bridgehead.ensemble import run_ensemble
    from bridgehead.report.terminal import progress_bar

    with progress_bar(shell, shell.text("steps.ensemble")) as progress, clock.stage("draws"):
        return run_ensemble(plan, out, folder, progress=progress, **how)[1]


def _sum_up(shell: Shell, plan: Any, region: str, out: Path, clock: Any, used: Any) -> int:
    """Tables, report and run.json beside the draws."""
    from bridgehead.ensemble import Store
    from bridgehead.ensemble.result import summed_up, write_tables
    from bridgehead.report.commands import common
    from bridgehead.report.ensemble.page import ensemble_page
    from bridgehead.report.ensemble.terminal import document, show
    from bridgehead.report.output import staged_folder
    from bridgehead.report.terminal import file_list, progress_bar

    with progress_bar(shell, shell.text("steps.summary")) as progress, clock.stage("summary"):
        result = summed_up(plan, Store(out), progress)
    with staged_folder(out) as folder:
        write_tables(result, folder)
        (folder / REPORT).write_text(ensemble_page(result, lang=shell.lang), encoding="utf-8")
        took = {"draws_made": used.made, "draws_kept": used.kept, "worker_seconds": used.seconds, "worker_memory": used.memory}
        clock.write(folder, verb="ensemble", region_folder=common.region_name(region), plan=plan.manifest, took=took)
    show(shell, result, used, clock.seconds["draws"])
    shell.show(file_list(shell, out, first=REPORT))
    shell.document({**document(result), "took": took, "seconds": clock.seconds, "out": out})
    return 2 if result.unsolved_members or result.unsolved_paths or result.outcomes["unsolved"] else 0


def _one(shell: Shell, plan: Any, folder: Path, out: Path, number: int, estimates: Path | None) -> int:
    """One draw made again, shown, and compared with what the folder holds of it."""
    from bridgehead.ensemble.again import draw_again
    from bridgehead.report.ensemble.terminal import show_draw
    from bridgehead.report.terminal import step

    with step(shell, shell.text("steps.ensemble")):
        again = draw_again(plan, out, folder, number, estimates)
    show_draw(shell, plan, again)
    shell.document({"draw": number, "identical": again.identical, "differing": again.differing, **again.document()})
    return 1 if again.identical is False else 0
