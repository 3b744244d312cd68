"""A question made ready to be searched: the choices with their bounds, what of the plan stays, and the plan's own choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bridgehead.appraise.optimise.choices import Choice, Openings, Release, Spending, is_release
from bridgehead.appraise.optimise.problem import LandTable, Question, ResearchTable, Where
from bridgehead.errors import Faults, PolicyError
from bridgehead.policy import BaseLever, Context, Passage, Scenario
from bridgehead.policy.enact import refuse_conflicts, steps_of
from bridgehead.policy.names import Names

Array = np.ndarray
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Task:
    """The choices of a question, one after the other in a vector x of their own units; `fixed` is the plan without what is chosen.

    dates: those of the plan's levers that are chosen anew, where they agree.
    """

    question: Question
    context: Context
    choices: tuple[Choice, ...]
    fixed: tuple[BaseLever, ...]
    dates: dict[str, Any] = field(default_factory=dict)

    @property
    def sizes(self) -> list[int]:
        """How many numbers each choice has."""
        return [choice.most.size for choice in self.choices]

    def parts(self, x: Array) -> list[Array]:
        """x by choice."""
        return np.split(x, np.cumsum(self.sizes)[:-1])

    @property
    def most(self) -> Array:
        """Upper bounds; the lower ones are 0."""
        return np.concatenate([choice.most for choice in self.choices])

    @property
    def scale(self) -> Array:
        """What x is measured in where it is searched: the totals, so that all are shares."""
        return np.concatenate([np.full(c.most.size, 1.0 if c.kind == "border" else c.total) for c in self.choices])

    @property
    def names(self) -> tuple[str, ...]:
        """The fundamentals that the choices change."""
        return tuple(sorted({name for choice in self.choices for name in choice.names}))

    def apply(self, given: Any, x: Array) -> dict[str, Any]:
        """The fundamentals with the choice on top."""
        for choice, part in zip(self.choices, self.parts(x), strict=True):
            given = choice.apply(given, part)
        return dict(given)

    def back(self, slopes: Any, given: Any, x: Array) -> Array:
        """d outcome / dx from d outcome / d fundamental."""
        pairs = zip(self.choices, self.parts(x), strict=True)
        return np.concatenate([choice.back(slopes, given, part) for choice, part in pairs])

    def scenario(self, x: Array, name: str, name_zh: str | None = None, describe: str | None = None) -> Scenario:
        """The choice as a scenario, with what of the plan stays."""
        pairs = zip(self.choices, self.parts(x), strict=True)
        chosen = [lever.model_copy(update=self.dates) for choice, part in pairs for lever in choice.levers(part)]
        plan = self.question.plan
        when = {} if plan is None else {"from_": plan.from_, "until": plan.until, "phase_in": plan.phase_in}
        return Scenario(name, (*self.fixed, *chosen), name_zh=name_zh, describe=describe, id=name, **when)

    def of_plan(self) -> Array | None:
        """What the plan itself chooses; None without a plan, or where it does not use the same amounts."""
        if self.question.plan is None:
            return None
        x = np.concatenate([choice.of_levers(self.question.plan.levers) for choice in self.choices])
        return x if self.holds(x) else None

    def holds(self, x: Array) -> bool:
        """Whether x is within its bounds and amounts."""
        inside = (x >= 0).all() and (x <= self.most * (1 + ROUNDING)).all()
        return bool(inside and all(_within(choice, part) for choice, part in zip(self.choices, self.parts(x), strict=True)))


def _within(choice: Choice, part: Array) -> bool:
    if choice.total is None:
        return True
    if choice.kind == "border":
        return bool(choice.points() @ part <= choice.total * (1 + ROUNDING))
    return bool(abs(part.sum() - choice.total) <= ROUNDING * choice.total)


def task_of(question: Question, context: Context) -> Task:
    """The task of a question. PolicyError lists every fault: places without construction land, amounts that do not fit …"""
    faults = Faults("the question cannot be asked", PolicyError)
    plan = () if question.plan is None else question.plan.levers
    problem, choices = question.problem, []
    land = problem.land
    if land is None and problem.research is None and not problem.border:
        land = LandTable()
    if land is not None:
        choices.append(_release(land, plan, context, faults))
    if problem.research is not None:
        choices.append(_spending(problem.research, plan, context, faults))
    if problem.border:
        choices.append(_openings(question, context, faults))
    faults.raise_if_any()
    fixed = tuple(lever for lever in plan if not any(_is_chosen(lever, choice) for choice in choices))
    _refuse_settled(choices, fixed, context)
    task = Task(question, context, tuple(choices), fixed, _dates([lever for lever in plan if lever not in fixed]))
    start = np.where(task.most > 0, 0.5 * np.minimum(task.most, task.scale), 0.0)
    refuse_conflicts(
        steps_of(task.scenario(start, "the plan and what is chosen").levers, context), context, name="the plan with what is chosen"
    )
    return task


def _dates(levers: Sequence[BaseLever]) -> dict[str, Any]:
    """The dates of some levers where all have the same ones."""
    found = [{name: getattr(lever, name) for name in ("starts", "ends", "phase_in")} for lever in levers]
    return found[0] if found and all(each == found[0] for each in found) else {}


def _refuse_settled(choices: Sequence[Choice], fixed: Sequence[BaseLever], context: Context) -> None:
    """PolicyError where the plan sets or multiplies a passage that is to be chosen: what is opened of it would count for nothing."""
    faults = Faults("the question cannot be asked", PolicyError)
    borders = [border for choice in choices if choice.kind == "border" for border in choice.borders]
    settled = [lever for lever in fixed if lever.lever == "passage" and lever.open is None]
    for number, border in enumerate(borders, start=1):
        for lever in settled:
            pairs = [(one, two) for one in border.edits(context) for two in lever.edits(context) if one.target == two.target]
            if any((one.where & two.where).any() for one, two in pairs):
                cause = f"the plan's {lever.title()} settles the same passages of {border.flow}"
                faults.add(cause, place=f"[[border]] {number}", cure="choose another border, or another plan")
                break
    faults.raise_if_any()


def _is_chosen(lever: BaseLever, choice: Choice) -> bool:
    """Whether a lever of the plan is what a choice chooses anew."""
    if choice.kind == "border":
        return bool(choice.of_levers([lever]).any())
    kind = is_release(lever, choice.use) if choice.kind == "land" else lever.lever == "research"
    return kind and bool(lever.mask(Names(choice.context.region))[choice.places].any())


def _candidates(table: Where, levers: Sequence[BaseLever], names: Names, at: str) -> Array:
    """Indices of the places asked for, or of those that the plan's levers name."""
    mask = np.zeros(len(names.region.place_ids), dtype=bool)
    if table.in_ is not None:
        mask = names.within(table.in_, key="in")
    elif table.place is not None or table.places is not None:
        asked = (table.place,) if table.place is not None else table.places
        mask = names.places(asked, key="place" if table.place is not None else "places")
    else:
        for lever in levers:
            mask = mask | lever.mask(names)
        if not mask.any():
            names.fault(f"nothing says where: the plan has no lever of this kind, and [{at}] names no places", cure="name places, or `in`")
    return np.flatnonzero(mask)


def _release(table: LandTable, plan: Sequence[BaseLever], context: Context, faults: Faults) -> Release:
    names = Names(context.region, faults, at="[land]")
    own = [lever for lever in plan if is_release(lever, table.use)]
    places = _candidates(table, own, names, "land")
    land = np.asarray(context.arrays.construction_land, dtype=float)[places]
    unknown = [context.region.place_ids[n] for n in places[~(land > 0)]]
    if unknown:
        shown = ", ".join(unknown[:5]) + (" …" if len(unknown) > 5 else "")
        names.fault(
            f"{len(unknown)} candidates have no construction_land among their facts: {shown}", cure="add the fact, or leave them out"
        )
    found = Release(context, places, 1.0, np.full(places.size, np.inf), table.use)
    if unknown:
        return found
    _refuse_partly(own, places, names)
    total = table.km2 if table.km2 is not None else float(found.of_levers(own).sum())
    return replace(found, total=total, most=_most(_bounds(table.most, table.most_share, land), total, names, "km2"))


def _spending(table: ResearchTable, plan: Sequence[BaseLever], context: Context, faults: Faults) -> Spending:
    names = Names(context.region, faults, at="[research]")
    own = [lever for lever in plan if lever.lever == "research"]
    places = _candidates(table, own, names, "research")
    found = Spending(context, places, 1.0, np.full(places.size, np.inf))
    if "research" not in context.given:
        names.fault("there is no research in this region", cure="add research_spending to facts.csv, or leave [research] out")
        return found
    total = table.money if table.money is not None else float(found.of_levers(own).sum())
    _refuse_partly(own, places, names)
    return replace(found, total=total, most=_most(_bounds(table.most, None, found.most), total, names, "money"))


def _refuse_partly(levers: Sequence[BaseLever], places: Array, names: Names) -> None:
    """A lever of the plan that names candidates and other places too cannot be chosen anew in part."""
    for lever in levers:
        mask = lever.mask(names)
        if mask[places].any() and mask.sum() > mask[places].sum():
            names.fault(f"the plan's {lever.title()} acts on candidates and on other places too", cure="name all of its places, or none")


def _bounds(most: float | None, share: float | None, land: Array) -> Array:
    """The most that each candidate can take."""
    return np.minimum(np.inf if most is None else most, np.full(land.size, np.inf) if share is None else share * land)


def _most(bounds: Array, total: float, names: Names, key: str) -> Array:
    """Upper bounds [candidate], checked against the amount."""
    if not total > 0:
        names.fault(f"nothing says how much: the plan adds nothing at these places, and `{key}` is not given", cure=f"write {key} = …")
        return np.zeros(bounds.size)
    if bounds.size and bounds.sum() < total:
        cure = "allow more a place, or name more places"
        names.fault(f"{bounds.size} places that take {bounds.sum():g} at most cannot take {total:g}", cure=cure)
    return np.minimum(bounds, total)


def _openings(question: Question, context: Context, faults: Faults) -> Openings:
    borders = []
    for number, table in enumerate(question.problem.border, start=1):
        names = Names(context.region, faults, at=f"[[border]] {number}")
        keys = table.model_dump(by_alias=True, exclude_none=True, exclude={"most"})
        before = len(faults.found)
        try:
            border = Passage(**keys, open=0.5)
        except ValueError as error:
            names.fault(str(error.errors()[0]["msg"]).removeprefix("Value error, "))
            continue
        border.check(names)
        if len(faults.found) == before:
            _check_border(border, borders, context, names)
        borders.append(border)
    most = np.array([table.most for table in question.problem.border])
    return Openings(context, tuple(borders), most, question.problem.border_points)


def _check_border(border: Passage, others: Sequence[Passage], context: Context, names: Names) -> None:
    """A border that can open, and is not another's."""
    for edit in border.edits(context):
        passage = context.array(edit.target)[edit.where]
        if (passage <= 0).any() or (passage >= 1).all():
            what = "shut in the data: no share of it can be opened" if (passage <= 0).any() else "open in the data already"
            names.fault(f"a passage of {border.flow} here is {what}", cure="name other jurisdictions")
            return
    for other in others:
        for one, two in zip(border.edits(context), other.edits(context), strict=False):
            if one.target == two.target and (one.where & two.where).any():
                names.fault("it names pairs that another [[border]] names too", cure="name each pair once")
                return
