"""`bridgehead solve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bridgehead.report.commands.common import ClosureOption, CsvOption, OutOption, RegionArgument
from bridgehead.report.shell import Shell

ScenarioOption = Annotated[Path | None, typer.Option("--scenario", metavar="FILE", help="A scenario file; without one, the baseline.")]


def solve(
    shell: Shell,
    region: RegionArgument,
    out: OutOption,
    scenario: ScenarioOption = None,
    closure: ClosureOption = None,
    csv: CsvOption = False,
) -> None:
    """Solve a region under one scenario and write the solution folder."""
    from bridgehead.calibrate import calibrate
    from bridgehead.models import solve as solve_model
    from bridgehead.models import write_solution
    from bridgehead.policy import enact, read_scenario
    from bridgehead.region import read_region
    from bridgehead.report.commands.common import Clock, certificate_text, find_region, written_files
    from bridgehead.report.output import staged_folder
    from bridgehead.report.terminal import file_list, step

    clock = Clock()
    with staged_folder(out) as folder:
        with step(shell, shell.text("steps.read")), clock.stage("read"):
            data = read_region(find_region(region))
            plan = None if scenario is None else read_scenario(scenario, data)
        with step(shell, shell.text("steps.calibrate")), clock.stage("calibrate"):
            baseline = calibrate(data, closure=closure)
            given = None if plan is None else enact(plan, baseline)
        with step(shell, shell.text("steps.solve")), clock.stage("solve"):
            equilibrium = solve_model(baseline, given)
        equilibrium.require()
        write_solution(equilibrium, baseline, folder, csv=csv)
        clock.write(folder)
    certificate = equilibrium.certificate
    shell.show(certificate_text(shell, certificate, clock.seconds["solve"]), file_list(shell, out))
    shell.document({"certificate": certificate.as_dict(), "seconds": clock.seconds, "out": out, "files": written_files(out)})
