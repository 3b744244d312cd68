"""What an appraisal says of governments: their budgets and how the joint plan is shared, and the plan that would do best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from bridgehead.appraise.columns import Plan
from bridgehead.appraise.engine import Runner
from bridgehead.appraise.fiscal import has_rules
from bridgehead.appraise.optimise.problem import default_problem
from bridgehead.appraise.optimise.result import Optimum, optimise
from bridgehead.appraise.optimise.tables import SCHEMAS as OPTIMUM
from bridgehead.appraise.optimise.tables import optimum_tables
from bridgehead.appraise.sharing.result import share
from bridgehead.appraise.sharing.tables import SCHEMAS as SHARING
from bridgehead.appraise.sharing.tables import empty_tables, sharing_tables
from bridgehead.errors import DataError, PolicyError, SolveError

NAMES = (*SHARING, *(f"optimum_{name}" for name in OPTIMUM))
"""The tables, in their order."""


@dataclass(frozen=True, eq=False)
class Governments:
    """The tables of `NAMES`; the optimum, where one was asked for and found; what a reader must know."""

    tables: dict[str, pl.DataFrame]
    optimum: Optimum | None
    notes: tuple[str, ...] = ()


def governments_of(plan: Plan, runner: Runner) -> Governments:
    """Share the joint plan between the governments of fiscal.toml, and answer the question of optimise.toml.

    Without the one or the other, its tables have no rows; where one has no answer, so too, and the note says why.
    """
    shared, one = _shared(plan, runner)
    best, optimum, other = _optimal(plan, runner)
    return Governments(shared | best, optimum, tuple(note for note in (one, other) if note))


def _shared(plan: Plan, runner: Runner) -> tuple[dict[str, pl.DataFrame], str]:
    region = runner.baseline.region
    if plan.joint is None or region.fiscal is None or not has_rules(region):
        return empty_tables(), ""
    try:
        return sharing_tables(share(runner.baseline, plan.columns[plan.joint], runner=runner)), ""
    except (DataError, PolicyError, SolveError) as error:
        return empty_tables(), f"the plan is not shared: {error}"


def _optimal(plan: Plan, runner: Runner) -> tuple[dict[str, pl.DataFrame], Optimum | None, str]:
    region = runner.baseline.region
    if plan.joint is None or region.optimise is None:
        return optimum_tables(None), None, ""
    try:
        found = optimise(runner.baseline, default_problem(region), runner=runner)
    except (PolicyError, SolveError) as error:
        return optimum_tables(None), None, f"no optimal plan: {error}"
    return optimum_tables(found), found, ""


def prepare(region: Any) -> None:
    """PolicyError or DataError with every fault of fiscal.toml and optimise.toml, before anything is solved."""
    from bridgehead.appraise.fiscal import fiscal_rules
    from bridgehead.appraise.optimise.problem import question_of

    if region.fiscal is not None:
        fiscal_rules(region)
    if region.optimise is not None:
        question_of(default_problem(region), region)
