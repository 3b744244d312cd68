"""`bridgehead explain`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bridgehead.report.commands.common import REGION_HELP
from bridgehead.report.shell import Shell

PlaceArgument = Annotated[str, typer.Argument(metavar="PLACE", help="A place of the region: its id, or its name in either language.")]
RegionOption = Annotated[str, typer.Option("--region", metavar="REGION", help=REGION_HELP)]
SCENARIO_HELP = "A scenario file, or a strategy or zone of the region; without one, the zones together."
ScenarioOption = Annotated[str | None, typer.Option("--scenario", metavar="FILE", help=SCENARIO_HELP)]


def explain(shell: Shell, place: PlaceArgument, region: RegionOption = "yangtze", scenario: ScenarioOption = None) -> None:
    """Follow a scenario through one place: lever, flows, market access, wage, rent, welfare, each with number and equation."""
    from bridgehead.appraise import explain_place
    from bridgehead.calibrate import calibrate
    from bridgehead.report.commands import common
    from bridgehead.report.terminal import step

    clock = common.Clock()
    with step(shell, shell.text("steps.read")):
        data = common.load_region(region)
        here = find_place(data, place)
        plan = common.find_scenario(scenario, data) if scenario else _joint(data)
    with step(shell, shell.text("steps.calibrate")):
        baseline = calibrate(data)
        baseline.equilibrium.require()
    with step(shell, shell.text("steps.solve")), clock.stage("solve"):
        equilibrium = common.solved_scenario(baseline, plan)
        chain = explain_place(baseline, equilibrium, here)
    shell.show(_heading(shell, data, here, plan), _chain(shell, chain), common.certificate_text(shell, equilibrium.certificate, clock.last))
    certificate = equilibrium.certificate.as_dict()
    shell.document({"place": here, "scenario": plan.name, "steps": [each.as_dict() for each in chain], "certificate": certificate})


def find_place(region: Any, word: str) -> str:
    """The id of a place named by id or by name; LabelError with the nearest one, or with all that share the name."""
    from bridgehead.errors import Fault, LabelError, did_you_mean

    if word in region.place_ids:
        return word
    columns = [column for column in ("name", "name_zh") if column in region.places.columns]
    rows = list(region.places.select("place", *columns).iter_rows())
    found = [row[0] for row in rows if word in row[1:]]
    if len(found) == 1:
        return found[0]
    known = [str(label) for row in rows for label in row if label]
    cure = f"name one by its id: {', '.join(found)}" if found else did_you_mean(word, known)
    cause = f"{len(found)} places have that name" if found else "there is no such place"
    raise LabelError("the place cannot be explained", [Fault(cause, word, "an id or a name of places.csv", cure)])


def _joint(region: Any) -> Any:
    from bridgehead.errors import Fault, PolicyError
    from bridgehead.policy import scenarios_of

    joint = [scenario for scenario in scenarios_of(region).values() if scenario.kind == "joint"]
    if not joint:
        fault = Fault("no scenario is named, and the region has no zones of its own", cure="name one with --scenario")
        raise PolicyError("there is nothing to explain", [fault])
    return joint[0]


def _heading(shell: Shell, region: Any, place: str, plan: Any) -> Any:
    from rich.text import Text

    row = region.places.row(region.place_ids.index(place), named=True)
    name, scenario = shell.choose(row["name"], row.get("name_zh")), shell.choose(plan.name, plan.name_zh)
    return Text(f"{name} ({place}) · {scenario}", style="bold")


def _chain(shell: Shell, chain: Any) -> Any:
    from rich.text import Text

    from bridgehead.report.figures.numbers import change, plain
    from bridgehead.report.terminal import plain_table

    rows, stage = [], ""
    for link in chain:
        first = "" if link.stage == stage else shell.text(f"explain.{link.stage}")
        stage = link.stage
        name = Text(shell.choose(link.name, link.name_zh)).append("" if link.unit == "1" else f"\n{link.unit}", style="dim")
        equation = Text(link.equation).append(f"\n{link.source}", style="dim")
        numbers = (plain(link.before), plain(link.after), change(link.change_percent))
        rows.append((Text(first, style="bold"), name, *numbers, equation))
    heads = [shell.text(f"explain.{key}") for key in ("stage", "quantity", "before", "after")]
    return plain_table((*heads, "%", shell.text("explain.equation")), rows, numbers=(2, 3, 4))
