"""An optimal plan: found from one or several starts, written as a scenario, solved again from that file, and set beside the plan as it is."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridgehead.appraise.budgets import by_government, calibrated
from bridgehead.appraise.cells import Cell, cell_of
from bridgehead.appraise.engine import Runner, Solved
from bridgehead.appraise.fiscal import fiscal_rules, has_rules
from bridgehead.appraise.optimise.evaluate import Evaluator
from bridgehead.appraise.optimise.front import Front, front_of
from bridgehead.appraise.optimise.problem import Problem, Question, default_problem, question_of
from bridgehead.appraise.optimise.search import Found, Search
from bridgehead.appraise.optimise.starts import starts
from bridgehead.appraise.optimise.task import Task, task_of
from bridgehead.appraise.sharing.players import owners, players_of
from bridgehead.errors import Fault, SolveError
from bridgehead.policy import Scenario, read_scenario, scenario_text

Array = np.ndarray
Report = Callable[[int, int, str], None]
SAME_PLAN = 1e-3
"""Two starts end at one plan when their choices differ by no more than this share of the amounts."""


@dataclass(frozen=True, eq=False)
class Attempt:
    """One start: its name, what it ended at (None and the reason where it found nothing), and whether that is the plan shown."""

    name: str
    found: Found | None
    reason: str = ""
    same: bool = False


@dataclass(frozen=True, eq=False)
class Optimum:
    """The result of `optimise`.

    found: the best local optimum of the attempts. scenario: the plan as a file says it; solved: that file solved anew, where every
    number shown comes from. plan: the plan as it is, solved; planned: its own choice in the same numbers. solves: certified solves
    of the search, refused: those that had no certificate and were turned away from.
    """

    question: Question
    task: Task
    found: Found
    attempts: tuple[Attempt, ...]
    scenario: Scenario
    solved: Solved
    plan: Solved | None
    planned: Array | None
    cells: dict[str, dict[tuple[str, str], Cell]]
    budgets: dict[str, dict[str, float]]
    front: Front | None
    solves: int
    refused: int
    runner: Runner

    @property
    def agree(self) -> int:
        """How many starts ended at the plan shown."""
        return sum(each.same for each in self.attempts)


def optimise(
    baseline: Any,
    problem: Problem | None = None,
    plan: Scenario | None = None,
    *,
    progress: Report | None = None,
    runner: Runner | None = None,
) -> Optimum:
    """The best plan for a question: a local optimum, verified by solving the scenario file that says it.

    problem: default that of the region's optimise.toml, else the land of its joint plan, chosen anew to raise welfare. plan: in the
    stead of the one it names. runner: one that has found multipliers already.
    PolicyError lists every fault of the question; SolveError where floors cannot be kept, or no start ends at an optimum.
    """
    baseline.equilibrium.require()
    runner = Runner.of(baseline) if runner is None else runner
    question = question_of(default_problem(baseline.region) if problem is None else problem, baseline.region, plan)
    task = task_of(question, runner.policy)
    tell = progress or (lambda done, total, label: None)
    evaluator = Evaluator.of(runner, task, (question.goal, *question.keep))
    planned = None if question.plan is None else _solved_plan(runner, question.plan)
    floors = _floors(question, evaluator, planned)
    attempts = _attempts(evaluator, task, floors, tell)
    best = max((each.found for each in attempts if each.found is not None), key=lambda found: found.value)
    scenario = _scenario(task, best)
    solved = _verified(runner, evaluator, scenario, best)
    front = None
    if question.front is not None:
        p = question.problem
        front = front_of(evaluator, question.front, question.keep, floors, best.point.x, p.points, p.steps, tell)
    worlds = {"optimum": solved} | ({} if planned is None else {"plan": planned})
    marked = tuple(_marked(each, best, task) for each in attempts)
    return Optimum(
        question, task, best, marked, scenario, solved, planned, task.of_plan(), _cells(runner, question, worlds),
        _budgets(runner, worlds), front, evaluator.shared.solves, evaluator.shared.refused, runner,
    )  # fmt: skip


def _solved_plan(runner: Runner, plan: Scenario) -> Solved:
    solved = runner.solve(plan, weakest=False)
    if not solved.ok:
        raise SolveError("the plan as it is has no certified solution", [Fault(solved.reason, plan.name)])
    return solved


def _floors(question: Question, evaluator: Evaluator, planned: Solved | None) -> Array:
    """What the kept rows must not fall below, more being better."""
    if question.than == "plan" and planned is not None:
        return evaluator.measure(evaluator.runner.context(planned, evaluator.kind).after)[1:]
    return evaluator.measure(evaluator.runner.world)[1:]


def _attempts(evaluator: Evaluator, task: Task, floors: Array, tell: Report) -> list[Attempt]:
    """A search from every start. SolveError where none ends at an optimum, with what each came to."""
    found, errors = [], []
    for name, x in starts(task, task.question.problem.starts):
        try:
            each = Search(evaluator, floors, task.question.problem.steps, tell).run(x)
            reason = (
                "" if each.optimal else f"first-order conditions are missed by {each.stationarity:.1e} of the gradient ({each.message})"
            )
            found.append(Attempt(name, each if each.optimal else None, reason))
        except SolveError as error:
            found.append(Attempt(name, None, error.message))
            errors.append(error)
    if all(each.found is None for each in found):
        if errors:
            raise errors[0]
        faults = [Fault(each.reason, f"from '{each.name}'", cure="allow more steps (`steps`), or several `starts`") for each in found]
        raise SolveError("no optimal plan was found, and no number of an unfinished search is shown", faults)
    return found


def _marked(attempt: Attempt, best: Found, task: Task) -> Attempt:
    same = attempt.found is not None and np.abs((attempt.found.point.x - best.point.x) / task.scale).max() <= SAME_PLAN
    return Attempt(attempt.name, attempt.found, attempt.reason, bool(same))


def _scenario(task: Task, best: Found) -> Scenario:
    """The plan as its file says it, read back from that text."""
    name, name_zh = task.question.title
    goal = task.question.goal
    said = f"A local optimum: raises '{goal.title}' ({goal.unit}) to {best.goal:.9g}, found by `bridgehead optimise`."
    text = scenario_text(task.scenario(best.point.x, name, name_zh, said))
    region = task.context.region
    found = read_scenario(tomllib.loads(text), region)
    return Scenario(**{**{f: getattr(found, f) for f in found.__dataclass_fields__}, "text": text})


def _verified(runner: Runner, evaluator: Evaluator, scenario: Scenario, best: Found) -> Solved:
    """The scenario solved from the baseline, as `bridgehead solve` does it. SolveError where it is not what the search found."""
    solved = runner.solve(scenario)
    if not solved.ok:
        raise SolveError("the plan that was found has no certified solution when it is solved anew", [Fault(solved.reason, scenario.name)])
    worst = float(evaluator.differ(runner.context(solved, evaluator.kind).after, best.point).max())
    if worst > 1.0:
        cause = f"a measure differs by {worst:.1e} times what the certificates allow"
        fault = Fault(cause, scenario.name, cure="there may be several equilibria: see `bridgehead solve --starts`")
        raise SolveError("the plan solved from its file is not what the search found", [fault])
    return solved


def _cells(runner: Runner, question: Question, worlds: dict[str, Solved]) -> dict[str, dict[tuple[str, str], Cell]]:
    """Every row of the question and of the needs, in the plan and in the optimum."""
    rows = {row.key: row for row in (question.goal, *question.keep, *(question.front or ()), *question.needs.rows)}
    base = runner.baseline_context()
    before = {key: row.measure(base, row.arguments) for key, row in rows.items()}
    contexts = {name: runner.context(solved, "zone") for name, solved in worlds.items()}
    return {name: {key: cell_of(row, context, before[key]) for key, row in rows.items()} for name, context in contexts.items()}


def _budgets(runner: Runner, worlds: dict[str, Solved]) -> dict[str, dict[str, float]]:
    """Change of each government's budget, million a year at the baseline's prices; {} without fiscal rules of the region."""
    region = runner.baseline.region
    if not has_rules(region) or not fiscal_rules(region).own:
        return {}
    ledger, found = calibrated(runner.world), {}
    for name, solved in worlds.items():
        players = players_of(region, solved.scenario)
        accounts = ledger.change(runner.context(solved, "zone").after, solved.scenario.levers)
        held = by_government(accounts, owners(players, len(region.place_ids)), len(players))
        found[name] = {player.id: float(sum(values[n] for values in held.values())) for n, player in enumerate(players)}
    return found
