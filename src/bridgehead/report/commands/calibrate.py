"""`bridgehead calibrate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.report.commands.common import ClosureOption, CsvOption, EstimatesOption, RegionArgument, out_folder
from bridgehead.report.shell import Shell

OptionalOut = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", parser=out_folder, help="Write the baseline's solution and the moments there.")
]


def calibrate(
    shell: Shell,
    region: RegionArgument,
    closure: ClosureOption = None,
    out: OptionalOut = None,
    csv: CsvOption = False,
    estimates: EstimatesOption = None,
) -> None:
    """Fit the model to a region's data, and show how well it fits and that the data solve it."""
    from bridgehead.appraise.tables import fitted
    from bridgehead.calibrate import calibrate as calibrate_model
    from bridgehead.report.commands.common import (
        Clock,
        certificate_text,
        fitted_table,
        keep_estimates,
        load_estimates,
        load_region,
        moments_table,
        written_files,
    )  # fmt: skip
    from bridgehead.report.output import staged_folder
    from bridgehead.report.terminal import file_list, step

    clock = Clock()
    with step(shell, shell.text("steps.calibrate")), clock.stage("calibrate"):
        baseline = calibrate_model(load_region(region, closure), estimates=load_estimates(estimates))
    baseline.equilibrium.require()
    if out is not None:
        with staged_folder(out) as folder:
            _write(baseline, folder, csv=csv)
            keep_estimates(baseline.estimates, folder)
            clock.write(folder)
    certificate = baseline.equilibrium.certificate
    shown = [moments_table(shell, baseline.moments), fitted_table(shell, baseline.fitted)]
    shell.show(*(table for table in shown if table is not None), certificate_text(shell, certificate, clock.last))
    shell.show(*(f"! {note}" for note in baseline.notes))
    if out is not None:
        shell.show(file_list(shell, out))
    shell.document(
        {
            "certificate": certificate.as_dict(),
            "moments": baseline.moments,
            "fitted": fitted(baseline.fitted),
            "notes": baseline.notes,
            "seconds": clock.seconds,
            "files": [] if out is None else written_files(out),
        }
    )


def _write(baseline: Any, folder: Path, *, csv: bool) -> None:
    from bridgehead.appraise.tables import fitted
    from bridgehead.appraise.write import write_table
    from bridgehead.models import write_solution

    if baseline.fitted:
        write_table(fitted(baseline.fitted), folder, "fitted")
    write_solution(baseline.equilibrium, baseline, folder, csv=csv)
    if baseline.moments is not None:
        baseline.moments.write_parquet(folder / "moments.parquet")
        baseline.moments.write_csv(folder / "moments.csv")
