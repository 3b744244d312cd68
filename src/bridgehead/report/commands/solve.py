"""`bridgehead solve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

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
    from bridgehead.models import write_solution
    from bridgehead.policy import read_scenario
    from bridgehead.report.commands.common import Clock, certificate_text, load_region, written_files
    from bridgehead.report.output import staged_folder
    from bridgehead.report.terminal import file_list, step

    clock = Clock()
    with staged_folder(out) as folder:
        with step(shell, shell.text("steps.read")), clock.stage("read"):
            data = load_region(region, closure)
            plan = None if scenario is None else read_scenario(scenario, data)
        with step(shell, shell.text("steps.calibrate")), clock.stage("calibrate"):
            baseline = calibrate(data)
            baseline.equilibrium.require()
        with step(shell, shell.text("steps.solve")), clock.stage("solve"):
            equilibrium = _solved(baseline, plan)
        write_solution(equilibrium, baseline, folder, csv=csv)
        clock.write(folder)
    certificate = equilibrium.certificate
    shell.show(certificate_text(shell, certificate, clock.seconds["solve"]), file_list(shell, out))
    shell.document({"certificate": certificate.as_dict(), "seconds": clock.seconds, "out": out, "files": written_files(out)})


def _solved(baseline: Any, plan: Any) -> Any:
    """The scenario's equilibrium, or the data's own without one; SolveError where there is none."""
    from bridgehead.models import solve as solve_model
    from bridgehead.policy import enact

    if plan is None:
        return baseline.equilibrium
    return solve_model(baseline, enact(plan, baseline).given, name=plan.name).require()
