"""`bridgehead solve`."""

from __future__ import annotations

from typing import Annotated

import typer

from bridgehead.report.commands.common import ClosureOption, CsvOption, OutOption, RegionArgument
from bridgehead.report.shell import Shell

SCENARIO_HELP = "A scenario file, or a strategy or zone of the region; without one, the baseline."
ScenarioOption = Annotated[str | None, typer.Option("--scenario", metavar="FILE", help=SCENARIO_HELP)]
StartsOption = Annotated[int, typer.Option("--starts", min=1, help="How many starts to solve from; reports where their answers differ.")]


def solve(
    shell: Shell,
    region: RegionArgument,
    out: OutOption,
    scenario: ScenarioOption = None,
    closure: ClosureOption = None,
    csv: CsvOption = False,
    starts: StartsOption = 1,
) -> None:
    """Solve a region under one scenario and write the solution folder."""
    from bridgehead.calibrate import calibrate
    from bridgehead.models import write_solution
    from bridgehead.policy import scenario_text
    from bridgehead.report.commands import common
    from bridgehead.report.output import staged_folder
    from bridgehead.report.terminal import file_list, step

    clock = common.Clock()
    with staged_folder(out) as folder:
        with step(shell, shell.text("steps.read")), clock.stage("read"):
            data = common.load_region(region, closure)
            plan = None if scenario is None else common.find_scenario(scenario, data)
        with step(shell, shell.text("steps.calibrate")), clock.stage("calibrate"):
            baseline = calibrate(data)
            equilibrium = baseline.equilibrium.require()
        if plan is not None or starts > 1:
            with step(shell, shell.text("steps.solve")), clock.stage("solve"):
                equilibrium = common.solved_scenario(baseline, plan, starts=starts)
        write_solution(equilibrium, baseline, folder, csv=csv, scenario=None if plan is None else scenario_text(plan))
        if closure is not None:
            (folder / "closure.toml").write_bytes(closure.read_bytes())
        clock.write(folder, verb="solve", region_folder=common.region_name(region), csv=csv, starts=starts)
    certificate = equilibrium.certificate
    shell.show(common.certificate_text(shell, certificate, clock.last), *(f"! {note}" for note in baseline.notes), file_list(shell, out))
    shell.document(
        {
            "certificate": certificate.as_dict(),
            "notes": baseline.notes,
            "seconds": clock.seconds,
            "out": out,
            "files": common.written_files(out),
        }
    )
