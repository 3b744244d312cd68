"""`bridgehead explain`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bridgehead.report.commands.common import REGION_HELP
from bridgehead.report.shell import Shell

MOST_NEAR = 4
MOST_PAIRS = 2
"""So many borders that open alike are named, then how many there are."""
PAGE = "model page "
"""How the sources of equations begin."""
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
    shell.document(
        {"place": here, "scenario": plan.id or plan.name, "steps": [each.as_dict() for each in chain], "certificate": certificate}
    )


def find_place(region: Any, word: str) -> str:
    """The id of a place named by id or by name; LabelError with the nearest ones, or with all that share the name."""
    from bridgehead.errors import Fault, LabelError, did_you_mean

    if word in region.place_ids:
        return word
    columns = [column for column in ("name", "name_zh") if column in region.places.columns]
    labels = [(str(label), row[0]) for row in region.places.select("place", *columns).iter_rows() for label in row[1:] if label]
    found = sorted({place for label, place in labels if label.lower() == word.lower()})
    if len(found) == 1:
        return found[0]
    near = [f"{label} ({place})" for label, place in labels if word.lower() in label.lower()]
    if found:
        cause, cure = f"{len(found)} places have that name", f"name one by its id: {', '.join(found)}"
    elif near:
        cause, cure = "there is no such place", f"did you mean {' or '.join(near[:MOST_NEAR])}?"
    else:
        cause, cure = "there is no such place", did_you_mean(word, [*region.place_ids, *(label for label, _ in labels)])
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
    """The chain as a table; an equation stands beside the first of the rows it moves."""
    from rich.text import Text

    from bridgehead.report.figures.numbers import amount, change, unit_of
    from bridgehead.report.terminal import plain_table

    rows, stage, equation = [], "", ""
    for links in alike(chain):
        link = links[0]
        first = "" if link.stage == stage else shell.text(f"explain.{link.stage}")
        source = shell.text("explain.source", section=link.source.removeprefix(PAGE))
        said = "" if link.equation == equation else f"{link.equation}\n{source}"
        stage, equation = link.stage, link.equation
        unit = unit_of("" if link.unit == "1" else link.unit)
        label = shell.choose(*unit.label)
        name = Text(_together(shell, links)).append(f"\n{label}" if label else "", style="dim")
        values = (shell.choose(*amount(value, unit, named=False)) for value in (link.before, link.after))
        numbers = (*values, change(link.change_percent))
        rows.append((Text(first, style="bold"), name, *numbers, Text(said, style="dim")))
    heads = [shell.text(f"explain.{key}") for key in ("stage", "quantity", "before", "after")]
    return plain_table((*heads, "%", shell.text("explain.equation")), rows, numbers=(2, 3, 4))


def alike(chain: Any) -> list[list[Any]]:
    """Links that say the same of several origins, sectors or borders, together; the order of the first of each is kept."""
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for link in chain:
        key = (link.stage, link.name.split(", ")[0], f"{link.before:.9g}", f"{link.after:.9g}", link.unit)
        groups.setdefault(key, []).append(link)
    return list(groups.values())


def _together(shell: Shell, links: list[Any]) -> str:
    """One name for links that are alike: what they share, then the first few of what they do not, and how many there are."""
    comma = shell.text("share.comma")
    name, *_ = shell.choose(links[0].name, links[0].name_zh).replace("，", ", ").partition(", ")
    tails = [_known(shell, tail) for link in links if (tail := link.name.partition(", ")[2])]
    most = MOST_PAIRS if any("←" in tail for tail in tails) else MOST_NEAR
    more = [f"… ({len(tails)})"] if len(tails) > most else []
    return (", " if shell.lang == "en" else "，").join([name, comma.join([*tails[:most], *more])]) if tails else name


def _known(shell: Shell, tail: str) -> str:
    """Sectors, origins and jurisdictions in words where they have any."""
    from bridgehead.report.figures.words import load_text

    words = load_text("names")["jurisdiction"]
    parts = [(part, words.get(part)) for part in tail.split(" ← ")]
    return " ← ".join(part if known is None else shell.choose(known["en"], known["zh"]) for part, known in parts)
