"""What an appraisal says of time and ideas: the path of the zones together, every need over time, and flows of ideas in every column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from bridgehead.appraise.budget_path import SCHEMA as BUDGETS
from bridgehead.appraise.budget_path import SUMMARY
from bridgehead.appraise.columns import BASELINE, Plan
from bridgehead.appraise.engine import Runner, Solved
from bridgehead.appraise.idea_fit import SCHEMA as IDEA_FIT
from bridgehead.appraise.idea_fit import idea_fit
from bridgehead.appraise.ideas import IDEA_SCHEMA, idea_table, readable_levels
from bridgehead.appraise.needs import Needs
from bridgehead.appraise.path_fit import SCHEMA as FIT
from bridgehead.appraise.path_needs import SCHEMA as NEEDS
from bridgehead.appraise.path_needs import chosen_years, path_needs
from bridgehead.appraise.path_run import CERTIFICATES, FIT_SUMMARY, PathResult, paths_of
from bridgehead.appraise.path_sets import INSIDE
from bridgehead.errors import DataError, SolveError
from bridgehead.models.path_settings import path_settings, path_years

SPAN = 30
"""Years from the data's to the last of an appraisal's path."""

TEXT, NUMBER, YEAR = pl.String, pl.Float64, pl.Int64
PAIR = dict.fromkeys(("baseline", "value", "change"), NUMBER)
SCHEMAS: dict[str, dict[str, Any]] = {
    "path": {"scenario": TEXT, "year": YEAR, **dict.fromkeys(("level", "jurisdiction", "variable", "unit"), TEXT), **PAIR},
    "path_growth": {"scenario": TEXT, "year": YEAR, **dict.fromkeys(("level", "jurisdiction", "source", "unit"), TEXT), **PAIR},
    "path_totals": {"scenario": TEXT, "year": YEAR, "welfare_in_money": NUMBER},
    "path_needs": {"scenario": TEXT, **NEEDS},
    "path_fit": FIT,
    "path_fit_summary": FIT_SUMMARY,
    "path_parameters": {"name": TEXT, **dict.fromkeys(("value", "low", "high"), NUMBER), "source": TEXT},
    "path_certificates": CERTIFICATES,
    "path_budgets": {"scenario": TEXT, **BUDGETS},
    "path_budgets_summary": {"scenario": TEXT, **SUMMARY},
    "idea_flows": {"scenario": TEXT, **IDEA_SCHEMA},
    "idea_fit": IDEA_FIT,
}


@dataclass(frozen=True, eq=False)
class OverTime:
    """The tables of `SCHEMAS`; why there is no path, where there should be one; what a reader must know of it."""

    tables: dict[str, pl.DataFrame]
    reason: str = ""
    notes: tuple[str, ...] = field(default_factory=tuple)


def chosen_scenario(plan: Plan) -> str | None:
    """The column whose path is solved: the zones together, or the only scenario there is."""
    if plan.joint is not None:
        return plan.joint
    return next(iter(plan.columns)) if len(plan.columns) == 1 else None


def over_time(
    needs: Needs, plan: Plan, runner: Runner, solved: Mapping[str, Solved], *, report: Callable[[int, int, str], None] | None = None
) -> OverTime:
    """Solve the path of the baseline and of `chosen_scenario` over thirty years, and measure the needs along it."""
    baseline, chosen = runner.baseline, chosen_scenario(plan)
    tables = {"idea_flows": idea_flows(baseline, solved), "idea_fit": idea_fit(baseline)}
    if chosen is None:
        return OverTime(_complete(tables))
    try:
        year = baseline.region.meta.year
        settings = path_settings(baseline.region, path_years(year, None, year + SPAN))
        result = paths_of(baseline, settings, plan.columns[chosen], report=report, context=runner.policy)
    except (SolveError, DataError) as error:
        return OverTime(_complete(tables), f"{error}")
    kind = "zone" if plan.is_zone(chosen) else plan.columns[chosen].kind
    return OverTime(_complete(tables | _path_tables(needs, result, chosen, kind)), "", result.notes)


def _path_tables(needs: Needs, result: PathResult, chosen: str, kind: str) -> dict[str, pl.DataFrame]:
    found = result.tables
    named = pl.lit(chosen).alias("scenario")
    valued = pl.all().name.map(lambda name: "value" if name == "scenario" else name)
    shown = [INSIDE, *readable_levels(result.baseline.region)]
    inside = {(level, name) for level, name in _inside_sets(result.baseline.region, shown)}
    kept = pl.struct("level", "jurisdiction").map_elements(
        lambda row: (row["level"], row["jurisdiction"]) in inside, return_dtype=pl.Boolean
    )
    measured = path_needs(needs, result, chosen_years(result.settings.shown), kind)
    return {
        "path": found["path"].filter(kept).select(named, valued),
        "path_growth": found["growth"].filter(kept).select(named, valued),
        "path_totals": found["totals"].select(named, pl.all()),
        "path_needs": measured.select(named, pl.all()),
        "path_fit": found["fit"],
        "path_fit_summary": found["fit_summary"],
        "path_parameters": found["parameters"],
        "path_certificates": found["certificates"],
        "path_budgets": found["budgets"].select(named, pl.all()),
        "path_budgets_summary": found["budgets_summary"].select(named, pl.all()),
        "idea_fit": found["idea_fit"],
    }


def _inside_sets(region: Any, levels: list[str]) -> list[tuple[str, str]]:
    found = [(INSIDE, region.meta.name)]
    for level in levels[1:]:
        found += [(level, name) for name in region.jurisdictions(level) if (region.members(level, name) & region.inside).any()]
    return found


def idea_flows(baseline: Any, solved: Mapping[str, Solved]) -> pl.DataFrame:
    """scenario, then the columns of `idea_table`: the baseline's flows and those of every solved column."""
    given = {BASELINE: None} | {id: each.equilibrium.given for id, each in solved.items() if each.ok}
    parts = [idea_table(baseline, one).select(pl.lit(id).alias("scenario"), pl.all()) for id, one in given.items()]
    return pl.concat(parts)


def _complete(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    return {name: tables.get(name, pl.DataFrame(schema=schema)) for name, schema in SCHEMAS.items()}
