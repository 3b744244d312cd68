"""A question of optimal plans, as a TOML file says it: what is chosen, what is raised, what must not fall, and beside which plan."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from bridgehead.appraise.needs import Needs, Row, measure_row, read_needs
from bridgehead.appraise.sets import MAINLAND
from bridgehead.errors import Faults, PolicyError, did_you_mean
from bridgehead.policy import Scenario, read_scenario, scenarios_of
from bridgehead.policy.fields import STRICT, Jurisdiction, NotNegative, Positive, Share, Text, Texts
from bridgehead.policy.parse import parse_model
from bridgehead.region.forms import to_toml

ALL, WELFARE = "all", "welfare"
MOST_POINTS, MOST_STARTS = 50, 100
Measured = Annotated[str | dict[str, Any], BeforeValidator(lambda value: value)]


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str | dict) else value


class Where(BaseModel):
    """Candidate places: one, several, or jurisdictions; those that the plan's levers of the kind name where none is said."""

    model_config = STRICT

    place: Text | None = None
    places: Texts | None = None
    in_: Jurisdiction | None = Field(default=None, alias="in")

    @model_validator(mode="after")
    def _at_most_one_way(self) -> Self:
        if sum(value is not None for value in (self.place, self.places, self.in_)) > 1:
            raise ValueError("at most one of `place`, `places` and `in` says where")
        return self


class LandTable(Where):
    """[land]: km2 to be released in all (default: what the plan releases), at most so many at one place, or such a share of the
    construction land there, for a use."""

    km2: Positive | None = None
    most: Positive | None = None
    most_share: Positive | None = None
    use: Literal["home", "work"] | None = None


class ResearchTable(Where):
    """[research]: million a year to be spent in all (default: what the plan adds), at most so much at one place."""

    money: Positive | None = None
    most: Positive | None = None


class BorderTable(BaseModel):
    """[[border]]: a border that may open, up to `most` of its passage; as in the lever `passage`."""

    model_config = STRICT

    flow: Text
    level: Text
    sector: Texts | None = None
    between: Texts
    and_: Texts = Field(alias="and")
    one_way: bool = Field(default=False, strict=True)
    most: Share = 1.0


class Problem(BaseModel):
    """A problem file. raise: `welfare`, `welfare:SET`, a need (its first line), `NEED:LINE`, or a measure as a table; keep: the same,
    or `all`: the needs that must not fall below the baseline, or below the plan.

    than: what the kept measures must not fall below; the plan where there is one. front: two such measures, of which the second is
    traded for the first in `points` steps. border_points: how many points of passage (0.01 log) may be opened in all.
    """

    model_config = STRICT

    format: Literal[1] = 1
    name: Text | None = None
    name_zh: Text | None = None
    plan: Text | None = None
    raise_: Measured = Field(default=WELFARE, alias="raise")
    keep: Annotated[tuple[Measured, ...], BeforeValidator(_several)] = ()
    than: Literal["baseline", "plan"] | None = None
    front: Annotated[tuple[Measured, ...], BeforeValidator(_several)] | None = None
    points: Annotated[int, Field(strict=True, ge=3, le=MOST_POINTS)] = 7
    starts: Annotated[int, Field(strict=True, ge=1, le=MOST_STARTS)] = 1
    steps: Annotated[int, Field(strict=True, ge=1, le=1000)] = 100
    land: LandTable | None = None
    research: ResearchTable | None = None
    border: Annotated[tuple[BorderTable, ...], BeforeValidator(lambda v: (v,) if isinstance(v, dict) else v)] = ()
    border_points: NotNegative | None = None

    @model_validator(mode="after")
    def _two_ends(self) -> Self:
        if self.front is not None and len(self.front) != 2:
            raise ValueError(f"`front` names {len(self.front)} measures; a front is between two")
        if self.border_points is not None and not self.border:
            raise ValueError("`border_points` is an amount for [[border]], and there is none")
        return self


def default_problem(region: Any) -> Problem:
    """The problem of the region's optimise.toml; without one, all that a problem may leave out."""
    return read_problem({} if region.optimise is None else region.optimise)


def problem_text(problem: Problem) -> str:
    """A problem as TOML, as `read_problem` reads it again."""
    return to_toml(problem.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True) | {"format": problem.format})


@dataclass(frozen=True, eq=False)
class Question:
    """A problem checked against its region: the plan beside it, the measures by name, and the tables of what is chosen."""

    problem: Problem
    needs: Needs
    plan: Scenario | None
    goal: Row
    keep: tuple[Row, ...]
    front: tuple[Row, Row] | None
    skipped: tuple[str, ...] = ()

    @property
    def than(self) -> str:
        """What the kept measures must not fall below."""
        return self.problem.than or ("baseline" if self.plan is None else "plan")

    @property
    def title(self) -> tuple[str, str]:
        """What the question is called, in English and Chinese."""
        of = "" if self.plan is None else self.plan.name
        zh = "" if self.plan is None else self.plan.name_zh or self.plan.name
        en = self.problem.name or f"Optimal plan{f': {of}' if of else ''}"
        return en, self.problem.name_zh or self.problem.name or f"最优方案{f'：{zh}' if zh else ''}"


def read_problem(source: str | os.PathLike[str] | Mapping[str, Any], **more: Any) -> Problem:
    """A problem from a TOML file or a mapping; `more` replaces what it says, by key. PolicyError lists every fault of its form."""
    file = "the problem" if isinstance(source, Mapping) else Path(source).name
    faults = Faults(f"{file} cannot be used" if isinstance(source, Mapping) else f"the problem {file} cannot be used", PolicyError)
    table: Mapping[str, Any] = source if isinstance(source, Mapping) else _parsed(Path(source), faults)
    faults.raise_if_any()
    found = parse_model(Problem, {**table, **more}, faults, file)
    faults.raise_if_any()
    return found


def _parsed(path: Path, faults: Faults) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8").removeprefix("\ufeff"))
    except OSError as error:
        faults.add(f"the file cannot be read: {error.strerror}", place=str(path), cure="name a problem file that is there")
    except UnicodeDecodeError:
        faults.add("the text cannot be read", place=path.name, expected="UTF-8", cure="save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        faults.add(f"the file is not valid TOML: {error}", place=path.name, cure="mend the line it names")
    return {}


def question_of(problem: Problem, region: Any, plan: Scenario | None = None) -> Question:
    """The question a problem asks of a region. plan: in the stead of the one it names. PolicyError lists every fault."""
    faults = Faults("the question cannot be asked", PolicyError)
    needs = read_needs(region.needs, region)
    plan = plan if plan is not None else _plan(problem.plan, region, faults)
    goal = _row(problem.raise_, needs, region, faults, "raise")
    keep, skipped = _kept(problem, needs, region, faults)
    front = None
    if problem.front is not None:
        ends = [_row(each, needs, region, faults, "front") for each in problem.front]
        front = (ends[0], ends[1]) if None not in ends else None
    if problem.than == "plan" and plan is None:
        faults.add("`than` is 'plan', and there is no plan", place="plan", cure="name one")
    faults.raise_if_any()
    return Question(problem, needs, plan, goal, keep, front, skipped)


def _plan(name: str | None, region: Any, faults: Faults) -> Scenario | None:
    own = scenarios_of(region)
    if name is None:
        return next((scenario for scenario in own.values() if scenario.kind == "joint"), None)
    if name.endswith(".toml"):
        return read_scenario(name, region)
    if name not in own:
        faults.add(
            f"there is no plan '{name}'",
            place="plan",
            expected="a strategy or zone of the region, or a scenario file",
            cure=did_you_mean(name, own),
        )
    return own.get(name)


def _kept(problem: Problem, needs: Needs, region: Any, faults: Faults) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The rows that must not fall, and the needs among `all` that have no line with a derivative."""
    if ALL not in problem.keep:
        rows = [_row(each, needs, region, faults, "keep") for each in problem.keep]
        return tuple(row for row in rows if row is not None), ()
    if len(problem.keep) > 1:
        faults.add("`keep` names 'all' and others", place="keep", cure="leave the others out")
    first: dict[str, Row | None] = {}
    for row in needs.rows:
        if first.get(row.need) is None:
            first[row.need] = row if row.measure.smooth and row.only is None else None
    return tuple(row for row in first.values() if row is not None), tuple(need for need, row in first.items() if row is None)


def _row(said: Any, needs: Needs, region: Any, faults: Faults, key: str) -> Row | None:
    """The row a problem names."""
    if isinstance(said, Mapping):
        return _smooth(measure_row(said, needs.sets, region, faults, f"{key}: the measure"), faults, key)
    name, _, line = str(said).partition(":")
    if name == WELFARE and not any(row.need == WELFARE for row in needs.rows):
        return measure_row(_welfare(line, region), needs.sets, region, faults, key, str(said))
    found = [row for row in needs.rows if row.need == name and row.line == (line or "1")]
    if found:
        return _smooth(found[0], faults, key)
    lines = [row.line for row in needs.rows if row.need == name]
    cure = f"its lines are {', '.join(lines)}" if lines else did_you_mean(name, [WELFARE, *dict.fromkeys(row.need for row in needs.rows)])
    faults.add(f"no need or line is called '{said}'", place=key, cure=cure)
    return None


def _welfare(of: str, region: Any) -> dict[str, Any]:
    en, zh = "Welfare in money", "福利（货币等价）"
    names = {"name": f"{en}: {of}", "name_zh": f"{zh}：{of}"} if of else {"name": en, "name_zh": zh}
    return {"function": "welfare", "of": of or MAINLAND, **names, "unit": f"bn {region.meta.currency}/year", "better": "up"}


def _smooth(row: Row | None, faults: Faults, key: str) -> Row | None:
    if row is None or row.measure.smooth:
        return row
    cause = f"'{row.need}:{row.line}' is measured by '{row.measure.name}', a count, a share with a threshold or a derivative itself"
    faults.add(f"{cause}: no plan can be chosen by it", place=key, cure="name another line of the need")
    return None
