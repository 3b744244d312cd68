"""`bridgehead path`."""

from __future__ import annotations

from typing import Annotated

import typer

from bridgehead.report.commands.common import ClosureOption, OutOption, RegionArgument
from bridgehead.report.commands.solve import ScenarioOption
from bridgehead.report.shell import Shell

FromOption = Annotated[
    int | None, typer.Option("--from", help="The first year shown; the default is the data's, in which every path begins.")
]
UntilOption = Annotated[int, typer.Option("--until", help="The last year.")]
StepOption = Annotated[int, typer.Option("--step", help="Years between two solved ones.")]
MoversOption = Annotated[
    str, typer.Option("--movers", help="myopic: people move by what homes are worth now; forward: by what they will be.")
]
WeakestOption = Annotated[bool, typer.Option("--full", help="Certificates with the smallest singular value, which takes longer.")]


def path(
    shell: Shell,
    region: RegionArgument,
    out: OutOption,
    scenario: ScenarioOption = None,
    start: FromOption = None,
    until: UntilOption = 2050,
    step: StepOption = 1,
    movers: MoversOption = "myopic",
    closure: ClosureOption = None,
    full: WeakestOption = False,
) -> None:
    """Solve a region year by year, with and without a scenario, and write both paths side by side."""
    from bridgehead.appraise.path_run import paths_of
    from bridgehead.calibrate import calibrate
    from bridgehead.models.path_settings import path_settings, path_years
    from bridgehead.report import path_text
    from bridgehead.report.commands import common
    from bridgehead.report.output import staged_folder
    from bridgehead.report.path_files import write_path
    from bridgehead.report.terminal import file_list, progress_bar
    from bridgehead.report.terminal import step as busy

    clock = common.Clock()
    with staged_folder(out) as folder:
        with busy(shell, shell.text("steps.read")), clock.stage("read"):
            data = common.load_region(region, closure)
            plan = None if scenario is None else common.find_scenario(scenario, data)
            settings = path_settings(data, path_years(data.meta.year, start, until, step, movers=movers), movers=movers)
        with busy(shell, shell.text("steps.calibrate")), clock.stage("calibrate"):
            baseline = calibrate(data)
            baseline.equilibrium.require()
        with clock.stage("path"), progress_bar(shell, shell.text("steps.path")) as report:
            result = paths_of(baseline, settings, plan, weakest=full, report=report)
        write_path(folder, result, plan)
        if closure is not None:
            (folder / "closure.toml").write_bytes(closure.read_bytes())
        asked = {"start": start, "until": until, "step": step, "movers": movers, "full": full}
        clock.write(folder, verb="path", region_folder=common.region_name(region), years=asked)
    shell.show(*path_text.shown(shell, result, clock.seconds["path"]), file_list(shell, out))
    shell.document(path_text.document(result, clock.seconds, out))
