"""Paths of a region and what is written of them: the baseline's, a scenario's beside it, and every table of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from bridgehead.appraise.budget_path import budget_path, no_budget_path
from bridgehead.appraise.budgets import calibrated
from bridgehead.appraise.context import World
from bridgehead.appraise.engine import ENGINE
from bridgehead.appraise.fiscal import has_rules
from bridgehead.appraise.idea_fit import idea_fit
from bridgehead.appraise.ideas import IdeaFlows
from bridgehead.appraise.path_fit import fit_summary, path_fit
from bridgehead.appraise.path_growth import growth_table
from bridgehead.appraise.path_sectors import sector_table
from bridgehead.appraise.path_tables import path_tables
from bridgehead.models.path import Path, run_path
from bridgehead.models.path_settings import DEFAULTS, FORWARD, OF_SECTOR, PathSettings
from bridgehead.policy import Context, Scenario
from bridgehead.policy.schedule import NO_LEVER, Schedule

Report = Callable[[int, int, str], None]
WITH_RESEARCH = ("research_elasticity", "knowledge_decay", "foreign_ideas")
BASELINE, SCENARIO = "baseline", "scenario"
BUDGETS = ("budgets", "budgets_summary")


@dataclass(frozen=True, eq=False)
class PathResult:
    """The baseline's path and a scenario's over the same years (the baseline's again where there is none), their tables by name, and
    what a reader must know before the numbers."""

    baseline: Any
    base: Path
    plan: Path
    tables: dict[str, pl.DataFrame]
    notes: tuple[str, ...]

    @property
    def settings(self) -> PathSettings:
        """Years and parameters of both."""
        return self.base.settings

    @property
    def compared(self) -> bool:
        """Whether there is a scenario beside the baseline."""
        return self.plan is not self.base


def paths_of(
    baseline: Any,
    settings: PathSettings,
    scenario: Scenario | None = None,
    *,
    weakest: bool = False,
    report: Report | None = None,
    context: Context | None = None,
) -> PathResult:
    """Solve the baseline's path and a scenario's, and fill the tables. SolveError names the path and year without a certificate;
    PolicyError: a lever does not fit, or levers in force together depend on their order. context: the baseline as levers see it, where
    there is one already, with the multipliers that it has found."""
    own = Schedule(Context.of(baseline) if context is None else context, settings.shown[0])
    plan = None if scenario is None else own.beside(scenario)
    plans = [(BASELINE, own)] + ([] if plan is None else [(scenario.name, plan)])
    found: list[Path] = []
    for number, (name, schedule) in enumerate(plans):

        def told(done: int, total: int, label: str, number: int = number) -> None:
            if report is not None:
                report(number * total + done, len(plans) * total, label)

        found.append(run_path(baseline, settings, schedule.given, name=name, weakest=weakest, report=told))
    tables = path_result_tables(baseline, found[0], found[-1]) | _budgets(baseline, found, plans)
    return PathResult(baseline, found[0], found[-1], tables, _notes(found, plan, settings))


def _budgets(baseline: Any, paths: list[Path], plans: list[tuple[str, Schedule]]) -> dict[str, pl.DataFrame]:
    """What the scenario does to public budgets year by year; without rows where there is none, or the region has no fiscal rules."""
    region = baseline.region
    if len(paths) < 2 or region.fiscal is None or not has_rules(region) or not plans[-1][1].scenario.levers:
        return dict(zip(BUDGETS, no_budget_path(), strict=True))
    ledger = calibrated(World(baseline, baseline.equilibrium, ENGINE))
    return dict(zip(BUDGETS, budget_path(ledger, *paths, plans[0][1], plans[1][1]), strict=True))


def path_result_tables(baseline: Any, base: Path, plan: Path) -> dict[str, pl.DataFrame]:
    """Every table of two paths by the name of its file."""
    tables = path_tables(baseline, base, plan)
    fit = path_fit(baseline, base)
    growth = base.years[-1].growth / max(1, base.years[-1].year - base.years[0].year) + base.settings.research_growth
    certificates = [certificate_table(BASELINE, base), *([] if plan is base else [certificate_table(SCENARIO, plan)])]
    return {
        "path": tables.path,
        "places": tables.places,
        "origins": tables.origins,
        "totals": tables.totals,
        "growth": growth_table(baseline, base, plan),
        "sectors": sector_table(baseline, base, plan),
        "ideas": idea_path(baseline, base, plan),
        "fit": fit,
        "fit_summary": pl.DataFrame(fit_summary(fit), schema=FIT_SUMMARY),
        "idea_fit": idea_fit(baseline, growth if len(base.years) > 1 else None),
        "parameters": parameter_table(baseline, base.settings),
        "certificates": pl.concat(certificates),
    }


FIT_SUMMARY = {
    "variable": pl.String,
    "year": pl.Int64,
    "figures": pl.Int64,
    **dict.fromkeys(("data_mean", "model_mean", "data_spread", "model_spread"), pl.Float64),
    **dict.fromkeys(("root_mean_square_gap", "rank_correlation", "skill"), pl.Float64),
}


def idea_path(baseline: Any, base: Path, plan: Path) -> pl.DataFrame:
    """year, level, receiver, source, unit, baseline, scenario, change: what ideas of a source are worth a year to a receiver, at the
    value added of the data, so that they grow with R&D alone. Empty without research."""
    flows = IdeaFlows(baseline)
    schema = {"year": pl.Int64, **dict.fromkeys(("level", "receiver", "source", "unit"), pl.String)}
    schema |= dict.fromkeys(("baseline", "scenario", "change"), pl.Float64)
    if not flows.known:
        return pl.DataFrame(schema=schema)
    unit, rows = f"million_{baseline.region.meta.currency}/year", []
    for first, second in zip(base.shown, plan.shown, strict=True):
        pair = [flows.rows(flows.matrix(point.equilibrium.given, point.growth)) for point in (first, second)]
        for one, two in zip(*pair, strict=True):
            names = (one["level"], one["receiver"], one["source"], unit)
            rows.append((first.year, *names, one["value"], two["value"], two["value"] - one["value"]))
    return pl.DataFrame(rows, schema=schema, orient="row")


def certificate_table(name: str, path: Path) -> pl.DataFrame:
    """Every solved year's certificate, one row each; and where movers look ahead the path's own, its year empty."""
    rows = []
    for point in path.years:
        held = point.equilibrium.certificate
        row = {"path": name, "year": point.year, "shown": point.year in path.settings.shown, "outcome": held.outcome}
        row |= {"estimated_distance": held.estimated_distance, "gap": held.gap, "worst_identity": max(held.identities.values())}
        rows.append(
            row | {"smallest_singular_value": held.smallest_singular_value, "steps": held.steps, "warnings": "; ".join(held.warnings)}
        )
    whole = path.certificate
    if whole is not None:
        row = {"path": name, "year": None, "shown": None, "outcome": whole.outcome, "estimated_distance": whole.estimated_distance}
        row |= {"gap": whole.gap, "worst_identity": None, "smallest_singular_value": None, "steps": whole.passes}
        said = f"movers look ahead: largest gap at {whole.worst}; years after {whole.last_year} weigh {whole.last_weight:.2g}"
        rows.append(row | {"warnings": said})
    return pl.DataFrame(rows, schema=CERTIFICATES)


CERTIFICATES = {
    "path": pl.String,
    "year": pl.Int64,
    "shown": pl.Boolean,
    "outcome": pl.String,
    **dict.fromkeys(("estimated_distance", "gap", "worst_identity", "smallest_singular_value"), pl.Float64),
    "steps": pl.Int64,
    "warnings": pl.String,
}


def parameter_table(baseline: Any, settings: PathSettings) -> pl.DataFrame:
    """name, value, low, high, source: the path's parameters and those of research, the region's or the package's defaults as
    assumptions."""
    own = baseline.region.parameters
    names = [name for name in DEFAULTS if name != "discount_factor" or settings.movers == FORWARD]
    names += [name for name in {**own, **settings.given} if name.startswith(OF_SECTOR)]
    names += [name for name in WITH_RESEARCH if name in own and "research" in baseline.given]
    rows = []
    for name in names:
        if name in settings.given:
            rows.append((name, settings.given[name], None, None, "given for this path"))
            continue
        entry = DEFAULTS[name] if name in settings.assumed else own[name]
        rows.append((name, entry.value, entry.low, entry.high, entry.source))
    schema = {"name": pl.String, **dict.fromkeys(("value", "low", "high"), pl.Float64), "source": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _notes(paths: list[Path], plan: Schedule | None, settings: PathSettings) -> tuple[str, ...]:
    """Warnings of certificates, once each with the years they hold in; and levers that never act."""
    found = []
    for path in paths:
        years: dict[str, list[int]] = {}
        for point in path.shown:
            for warning in point.equilibrium.certificate.warnings:
                years.setdefault(warning, []).append(point.year)
        found += [f"{path.name}, {held[0]} to {held[-1]}: {warning}" for warning, held in years.items()]
    if plan is not None and plan.scenario is not NO_LEVER:
        found += [
            f"lever {title} acts in no year of the path: its dates lie outside the years, or between two of them"
            for title in plan.idle(settings.shown)
        ]
    return tuple(found)
