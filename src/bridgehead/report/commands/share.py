"""`bridgehead share`: what coalitions of governments gain, and how the gain can be divided so that all sign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.report.commands.common import REGION_HELP
from bridgehead.report.shell import Shell

RegionArgument = Annotated[str, typer.Argument(metavar="REGION", help=REGION_HELP)]
ScenarioOption = Annotated[
    str | None,
    typer.Option("--scenario", metavar="FILE", help="A scenario file, or a strategy or zone of the region; by default its zones together."),
]
GovernmentsOption = Annotated[
    str | None, typer.Option("--governments", metavar="A,B,…", help="Who shares: governments of fiscal.toml (districts too) or provinces.")
]
ValueOption = Annotated[
    str,
    typer.Option("--value", metavar="budget|welfare", help="What a government values: its own budget, or its people's welfare in money."),
]
YearsOption = Annotated[int | None, typer.Option("--years", help="Years the agreement runs.")]
DiscountOption = Annotated[float | None, typer.Option("--discount", help="Discount rate a year; 0.04 is 4 %.")]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the tables of the sharing go.")]


def share(
    shell: Shell,
    region: RegionArgument = "yangtze",
    scenario: ScenarioOption = None,
    governments: GovernmentsOption = None,
    value: ValueOption = "budget",
    years: YearsOption = None,
    discount: DiscountOption = None,
    out: OutOption = None,
) -> None:
    """Solve every coalition of governments and divide what all gain together: seven rules, who would sign, what carries it out."""
    from contextlib import nullcontext

    from bridgehead.appraise.fiscal import fiscal_rules
    from bridgehead.appraise.sharing import share as share_plan
    from bridgehead.appraise.sharing.players import players_of
    from bridgehead.appraise.sharing.result import require_terms
    from bridgehead.appraise.sharing.write import write_sharing
    from bridgehead.calibrate import calibrate
    from bridgehead.report.commands import common
    from bridgehead.report.output import staged_folder
    from bridgehead.report.share import document, show_sharing
    from bridgehead.report.terminal import file_list, progress_bar, step

    clock = common.Clock()
    asked = [name.strip() for name in governments.split(",") if name.strip()] if governments is not None else None
    require_terms(value, years, discount)
    with nullcontext() if out is None else staged_folder(out) as folder:
        with step(shell, shell.text("steps.read")), clock.stage("read"):
            data = common.load_region(region)
            plan = _scenario(scenario, data)
            players_of(data, plan, asked)
            if value == "budget":
                fiscal_rules(data)
        with step(shell, shell.text("steps.calibrate")), clock.stage("calibrate"):
            baseline = calibrate(data)
            baseline.equilibrium.require()
        with progress_bar(shell, shell.text("steps.share")) as progress, clock.stage("share"):
            found = share_plan(baseline, plan, kind=value, governments=asked, years=years, discount=discount, progress=progress)
        if folder is not None:
            write_sharing(found, folder)
            terms = {"scenario": plan.id, "governments": governments, "value": value, "years": years, "discount": discount}
            clock.write(folder, verb="share", region_folder=common.region_name(region), asked=terms)
    show_sharing(shell, found)
    if out is not None:
        shell.show(file_list(shell, out))
    written = {} if out is None else {"out": out, "files": common.written_files(out)}
    shell.document({**document(shell, found), "seconds": clock.seconds, **written})


def _scenario(name: str | None, region: Any) -> Any:
    """The scenario named, or the region's zones together; PolicyError where there is neither."""
    from bridgehead.errors import Fault, PolicyError
    from bridgehead.policy import scenarios_of
    from bridgehead.report.commands.common import find_scenario

    if name is not None:
        return find_scenario(name, region)
    own = scenarios_of(region)
    joint = next((scenario for scenario in own.values() if scenario.kind == "joint"), None)
    if joint is None:
        known = f"one of {', '.join(own)}, or a scenario file" if own else "a scenario file"
        raise PolicyError("nothing says what is shared", [Fault("the region puts no zones together", "--scenario", known)])
    return joint
