"""Paths in draws: what the lead scenario does over time beside the baseline's path, both with the numbers of the draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridgehead.appraise.path_needs import ONE_PERIOD, path_needs
from bridgehead.appraise.path_run import PathResult
from bridgehead.ensemble.plan import EnsemblePlan
from bridgehead.errors import BridgeheadError
from bridgehead.models.path import run_path
from bridgehead.models.path_settings import PathSettings, path_settings, path_years
from bridgehead.policy import Context, Scenario
from bridgehead.policy.schedule import Schedule

STEP = 5
"""Years between two that are solved."""


@dataclass(frozen=True, eq=False)
class DrawnPath:
    """rows: need, line, year, baseline, change; distance: the worst estimated distance of any year; cause: why there is no path ('')."""

    rows: tuple[tuple[str, str, int, float | None, float | None], ...] = ()
    distance: float | None = None
    cause: str = ""


def wants_path(plan: EnsemblePlan, number: int) -> bool:
    """Whether a draw has a path too: the defaults and the first of the draws, where any is asked for."""
    return 0 <= number <= plan.asked.with_paths and plan.asked.with_paths > 0


def settings_of(plan: EnsemblePlan, values: Mapping[str, float]) -> PathSettings:
    """Every fifth year from the data's to the last one asked for, with the path's parameters as drawn."""
    given = {factor.name: values[factor.name] for factor in plan.factors if factor.paths}
    return path_settings(plan.region, path_years(plan.region.meta.year, None, plan.asked.until, STEP), given)


def drawn_path(plan: EnsemblePlan, baseline: Any, policy: Context, scenario: Scenario, values: Mapping[str, float]) -> DrawnPath:
    """Both paths of a draw, every year certified, and every need measured in each. The cause where a year has no certificate."""
    settings = settings_of(plan, values)
    own = Schedule(policy, settings.shown[0])
    try:
        base = run_path(baseline, settings, own.given)
        planned = run_path(baseline, settings, own.beside(scenario).given, name=scenario.name)
    except BridgeheadError as error:
        return DrawnPath(cause=" ".join(str(error).split())[:300])
    result = PathResult(baseline, base, planned, {}, ())
    measured = path_needs(plan.needs, result, settings.shown, scenario.kind)
    kept = [row.key for row in plan.needs.rows if row.measure.name not in ONE_PERIOD]
    rows = tuple(row for row in measured.select("need", "line", "year", "baseline", "change").rows() if (row[0], row[1]) in kept)
    distance = max(point.equilibrium.certificate.estimated_distance for path in (base, planned) for point in path.years)
    return DrawnPath(rows, distance)
