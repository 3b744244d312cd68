"""`bridgehead optimise`: where to release land, how far to open borders, where to spend on research."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.report.commands.common import REGION_HELP
from bridgehead.report.shell import Shell

RegionArgument = Annotated[str, typer.Argument(metavar="REGION", help=REGION_HELP)]
ProblemOption = Annotated[
    Path | None, typer.Option("--problem", metavar="FILE", help="A problem file; the other options replace what it says.")
]
PlanOption = Annotated[
    str | None,
    typer.Option("--plan", metavar="S", help="The plan to compare with, of which the rest stays: a scenario file, a strategy or a zone."),
]
RaiseOption = Annotated[str | None, typer.Option("--raise", metavar="NEED", help="welfare, welfare:SET, a need, or NEED:LINE.")]
KeepOption = Annotated[str | None, typer.Option("--keep", metavar="NEED,…", help="What must not fall: needs, NEED:LINE, or all.")]
ThanOption = Annotated[str | None, typer.Option("--than", metavar="plan|baseline", help="Below what it must not fall.")]
LandOption = Annotated[float | None, typer.Option("--land", metavar="KM2", help="Land to release; the default is the plan's.")]
ResearchOption = Annotated[float | None, typer.Option("--research", metavar="MONEY", help="Million a year to spend on research.")]
WhereOption = Annotated[
    str | None, typer.Option("--where", metavar="PLACE,… | LEVEL:NAME,…", help="Candidates; the default are the plan's own places.")
]
MostOption = Annotated[float | None, typer.Option("--most-share", help="At most this share more land at a place; 0.05 is 5 %.")]
FrontOption = Annotated[str | None, typer.Option("--front", metavar="NEED,NEED", help="Trade the second for the first: a Pareto front.")]
PointsOption = Annotated[int | None, typer.Option("--points", help="Plans of the front.")]
StartsOption = Annotated[int | None, typer.Option("--starts", help="How many starts to search from.")]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the plan, as a scenario file, and its tables go.")]


def optimise(
    shell: Shell,
    region: RegionArgument = "yangtze",
    problem: ProblemOption = None,
    plan: PlanOption = None,
    raise_: RaiseOption = None,
    keep: KeepOption = None,
    than: ThanOption = None,
    land: LandOption = None,
    research: ResearchOption = None,
    where: WhereOption = None,
    most_share: MostOption = None,
    front: FrontOption = None,
    points: PointsOption = None,
    starts: StartsOption = None,
    out: OutOption = None,
) -> None:
    """Choose where land and research money go, or how far borders open, for a need or welfare; compare with the plan as it is."""
    from contextlib import nullcontext

    from bridgehead.appraise.optimise import optimise as find_optimum
    from bridgehead.appraise.optimise import question_of, read_problem
    from bridgehead.appraise.optimise.write import write_optimum
    from bridgehead.calibrate import calibrate
    from bridgehead.report.commands import common
    from bridgehead.report.optimise import document, show_optimum
    from bridgehead.report.output import staged_folder
    from bridgehead.report.terminal import file_list, progress_bar, step

    clock = common.Clock()
    said = {"plan": plan, "raise": raise_, "keep": _listed(keep), "than": than, "front": _listed(front), "points": points, "starts": starts}
    more = {key: value for key, value in said.items() if value is not None} | _amounts(land, research, where, most_share)
    with nullcontext() if out is None else staged_folder(out) as folder:
        with step(shell, shell.text("steps.read")), clock.stage("read"):
            data = common.load_region(region)
            asked = read_problem((data.optimise or {}) if problem is None else problem, **more)
            question_of(asked, data)
        with step(shell, shell.text("steps.calibrate")), clock.stage("calibrate"):
            baseline = calibrate(data)
        with progress_bar(shell, shell.text("steps.optimise")) as progress, clock.stage("optimise"):
            found = find_optimum(baseline, asked, progress=progress)
        if folder is not None:
            write_optimum(found, folder)
            clock.write(folder, verb="optimise", region_folder=common.region_name(region))
    show_optimum(shell, found)
    if out is not None:
        shell.show(file_list(shell, out))
    files = [] if out is None else common.written_files(out)
    shell.document({**document(shell, found), "seconds": clock.seconds, "out": out, "files": files})


def _listed(text: str | None) -> list[str] | None:
    return None if text is None else [name.strip() for name in text.split(",") if name.strip()]


def _amounts(land: float | None, research: float | None, where: str | None, most_share: float | None) -> dict[str, Any]:
    """The tables [land] and [research] of a problem, from options."""
    from bridgehead.errors import Fault, PolicyError

    places = _where(where)
    found = {}
    if land is not None or most_share is not None or (places and research is None):
        table = {"km2": land, "most_share": most_share}
        found["land"] = {key: float(value) for key, value in table.items() if value is not None} | places
    if research is not None:
        found["research"] = {"money": float(research)} | places
    if where is not None and not places:
        raise PolicyError("the candidates cannot be read", [Fault(f"'{where}' names nothing", "--where", "PLACE,… or LEVEL:NAME,…")])
    return found


def _where(text: str | None) -> dict[str, Any]:
    level, colon, names = (text or "").partition(":")
    if colon:
        return {"in": {"level": level.strip(), "is": _listed(names)}}
    places = _listed(text) or []
    return {"places": places} if places else {}
