"""Reads an appraisal folder: nothing of the report comes from anywhere but these tables and the region."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from bridgehead.errors import DataError, Faults

__all__ = ["Tables", "read_tables"]

REQUIRED = {
    "matrix": ("need", "government", "line", "unit", "better", "baseline"),
    "matrix_long": ("need", "line", "scenario", "change", "status"),
    "places_change": ("scenario", "place"),
    "origins": ("scenario", "origin"),
    "assumptions": ("name", "value", "source"),
    "coverage": ("total", "observed", "inferred"),
}
OPTIONAL = {
    "moments": ("name", "data", "model"),
    "fitted": ("name", "value"),
    "shapley": ("need", "line", "zone", "share"),
    "mechanisms": ("need", "line", "scenario", "mechanism"),
    "zone_results": ("scenario", "row", "group", "value_added"),
    "zone_facts": ("scenario", "row"),
    "opening": ("flow", "part", "net_gain"),
    "levers": ("scenario", "lever", "where", "key", "value", "source"),
    "needs": ("need", "line"),
    "scenarios": ("scenario",),
    "path": ("scenario", "year", "level", "jurisdiction", "variable", "baseline", "value"),
    "path_needs": ("scenario", "need", "line", "year", "change"),
    "path_growth": ("year", "level", "jurisdiction", "source", "baseline", "value", "change"),
    "path_fit": ("variable", "level", "place", "year", "years", "data_relative", "model_relative"),
    "path_fit_summary": ("variable", "year", "figures", "skill"),
    "path_parameters": ("name", "value", "low", "high", "source"),
    "budgets": ("government", "item", "change"),
    "budgets_fit": ("place", "province", "observed", "accounts", "log_gap"),
    "sharing": ("government", "name", "name_zh", "budget", "welfare", "alone", "least", "most"),
    "sharing_rules": ("rule", "government", "amount", "individually_rational", "in_core", "years", "reason"),
    "sharing_payments": ("rule", "payer", "receiver", "amount", "share"),
    "sharing_frontier": ("one", "other", "what", "name", "x", "y"),
    "sharing_terms": ("name", "value", "text"),
    "path_budgets": ("government", "year", "balance"),
    "path_budgets_summary": ("government", "present_value", "internal_rate"),
    "shadow_prices": ("place", "land", "research", "inferred"),
    "shadow_prices_borders": ("flow", "sector", "receiver", "supplier", "passage", "per_point", "per_point_cost"),
    "optimum_choice": ("kind", "what", "unit", "plan", "optimum", "worth"),
    "optimum_measures": ("need", "line", "measure", "measure_zh", "unit", "better", "role", "plan", "optimum"),
    "optimum_budgets": ("government", "plan", "optimum"),
    "optimum_starts": ("start", "stationarity", "same_plan"),
    "optimum_front": ("first_need", "first_line", "second_need", "second_line", "first_change", "second_change"),
    "ranges": ("need", "line", "scenario", "median", "p5", "p95", "positive", "draws"),
    "idea_flows": ("scenario", "level", "receiver", "source", "baseline", "change", "change_percent", "share"),
    "idea_fit": ("check", "flow", "from", "to", "year", "unit", "data", "model", "agrees"),
}
TEXT_COLUMNS = (
    "first_line",
    "second_line",
    "what",
    "rule",
    "reason",
    "text",
    "sector",
    "need",
    "line",
    "scenario",
    "place",
    "zone",
    "origin",
    "row",
    "name",
    "note",
    "mechanism",
    "source",
)


@dataclass(frozen=True)
class Tables:
    """The tables of one appraisal folder; an optional table that is absent is an empty frame.

    `frames` by file stem; `certificates` by scenario; `run` is run.json; `baseline` and `sectors` are the baseline
    solution's `places` and `sectors`.
    """

    frames: dict[str, pl.DataFrame]
    certificates: dict[str, dict]
    run: dict
    baseline: pl.DataFrame
    sectors: pl.DataFrame
    folder: Path = field(default_factory=Path)

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self.frames[name]

    def rows(self, name: str) -> list[dict]:
        """The rows of a table as mappings."""
        return self.frames[name].to_dicts()


def read_tables(folder: Path) -> Tables:
    """Every table of the appraisal folder. Raises DataError that lists each missing file and column."""
    faults = Faults(f"the appraisal folder {folder.name} cannot be reported", DataError)
    frames = {}
    for name, columns in (REQUIRED | OPTIONAL).items():
        frames[name] = _read(folder, name, columns, faults)
    faults.raise_if_any()
    return Tables(
        frames=frames,
        certificates=_certificates(folder / "certificates"),
        run=_json(folder / "run.json"),
        baseline=_solution(folder, "places"),
        sectors=_solution(folder, "sectors"),
        folder=folder,
    )


def _read(folder: Path, name: str, columns: tuple[str, ...], faults: Faults) -> pl.DataFrame:
    path = folder / f"{name}.csv"
    if not path.is_file():
        if name in REQUIRED:
            faults.add("missing", place=path.name, cure="run `bridgehead appraise` again")
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    frame = pl.read_csv(path, infer_schema_length=None, schema_overrides=_text_schema(path))
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        faults.add(f"has no column {', '.join(absent)}", place=path.name, expected=", ".join(columns))
    return frame


def _text_schema(path: Path) -> dict[str, pl.DataType]:
    with path.open(encoding="utf-8-sig") as file:
        header = file.readline().strip().split(",")
    return {column: pl.String() for column in header if column in TEXT_COLUMNS}


def _solution(folder: Path, table: str) -> pl.DataFrame:
    base = folder / "solutions" / "baseline"
    if (base / f"{table}.parquet").is_file():
        return pl.read_parquet(base / f"{table}.parquet")
    if (base / f"{table}.csv").is_file():
        path = base / f"{table}.csv"
        return pl.read_csv(path, infer_schema_length=None, schema_overrides=_text_schema(path))
    return pl.DataFrame(schema={"place": pl.String})


def _certificates(folder: Path) -> dict[str, dict]:
    return {path.stem: _json(path) for path in sorted(folder.glob("*.json"))} if folder.is_dir() else {}


def _json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
