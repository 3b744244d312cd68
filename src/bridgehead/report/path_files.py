"""The files of a path: its tables, its scenario, and what they came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PARQUET = ("path", "places", "origins", "ideas")
CSV = (
    *("path", "origins", "totals", "growth", "sectors", "ideas", "fit", "fit_summary", "idea_fit", "parameters", "certificates"),
    *("budgets", "budgets_summary"),
)


def write_path(folder: Path, result: Any, plan: Any) -> None:
    """Write a path's tables, its scenario (None: the baseline alone) and what it came from into a folder."""
    from bridgehead.models.results import to_json
    from bridgehead.policy import scenario_text
    from bridgehead.version import VERSION

    for name in CSV:
        result.tables[name].write_csv(folder / f"{name}.csv", line_terminator="\n")
    for name in PARQUET:
        result.tables[name].write_parquet(folder / f"{name}.parquet")
    if plan is not None:
        (folder / "scenario.toml").write_text(scenario_text(plan), encoding="utf-8")
    region, settings = result.baseline.region, result.settings
    inputs = {"region": region.meta.name, "region_hash": region.folder_hash, "version": VERSION, "years": list(settings.shown)}
    inputs |= {"solved_years": list(settings.years), "movers": settings.movers, "scenario": None if plan is None else plan.name}
    inputs |= {"closures": region.meta.closures.model_dump(), "parameters": result.baseline.parameters, "notes": list(result.notes)}
    (folder / "inputs.json").write_text(to_json(inputs), encoding="utf-8")
