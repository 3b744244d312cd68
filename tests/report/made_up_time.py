"""Made-up tables of paths and ideas for the report's tests: the right shape, no economics."""

from __future__ import annotations

from pathlib import Path

import polars as pl

JOINT = "sci_tech_city"
YEARS = (2020, 2025, 2030)
PROVINCES = ("shanghai", "jiangsu", "zhejiang", "anhui")
SOURCES = ("trend", "research", "learning", "density", "levers", "productivity", "real_value_added", "share_of_growth", "share_of_change")


def make_time(folder: Path, needs: tuple, region_name: str) -> None:
    """Writes the tables of the sections over time and on ideas."""
    sets = (("inside", region_name), *(("province", name) for name in PROVINCES), ("regime", "shanghai"))
    path, growth = [], []
    for year in YEARS:
        for order, (level, name) in enumerate(sets):
            size = 2000.0 if name == "shanghai" else 1000.0 * (50 if level == "inside" else 1 + order)
            for variable, unit in (("residents", "person"), ("real_value_added", "million_yuan/year")):
                base = size * (1 + 0.03 * (year - 2020))
                row = {"scenario": JOINT, "year": year, "level": level, "jurisdiction": name, "variable": variable, "unit": unit}
                path.append({**row, "baseline": base, "value": 1.001 * base, "change": 0.001 * base})
            for source in SOURCES:
                row = {"scenario": JOINT, "year": year, "level": level, "jurisdiction": name, "source": source, "unit": "log"}
                growth.append({**row, "baseline": 0.1, "value": 0.11, "change": None if source.startswith("share") else 0.01})
    pl.DataFrame(path).write_csv(folder / "path.csv")
    pl.DataFrame(growth, infer_schema_length=None).write_csv(folder / "path_growth.csv")
    measured = [
        {"scenario": JOINT, "need": need, "line": line, "year": year, "change": 0.2 * (year - 2020), "status": "solved", "note": ""}
        for need, line, *_ in needs
        for year in YEARS
    ]
    pl.DataFrame(measured).write_csv(folder / "path_needs.csv")
    _fit(folder)
    _ideas(folder)


def _fit(folder: Path) -> None:
    points = [("gdp", "place", "310104", 2022, 2, 4.0, 1.0), ("population", "county", "310116", 2023, 3, -2.0, 0.2)]
    rows = [
        {"variable": v, "level": where, "place": p, "year": y, "years": k, "data_relative": d / 100, "model_relative": m / 100}
        for v, where, p, y, k, d, m in points
    ]
    pl.DataFrame(rows).write_csv(folder / "path_fit.csv")
    sizes = {"data_mean": 0.1, "model_mean": 0.04, "data_spread": 0.06, "model_spread": 0.01, "root_mean_square_gap": 0.055}
    summary = [
        {"variable": v, "year": y, "figures": 12, **sizes, "rank_correlation": r, "skill": s}
        for v, y, r, s in (("gdp", 2022, 0.2, 0.14), ("gdp", None, 0.1, 0.13), ("population", None, 0.1, -0.04))
    ]
    pl.DataFrame(summary, infer_schema_length=None).write_csv(folder / "path_fit_summary.csv")
    parameters = [{"name": "mover_share", "value": 0.05, "low": 0.02, "high": 0.15, "source": "assumption"}]
    pl.DataFrame(parameters).write_csv(folder / "path_parameters.csv")


def _ideas(folder: Path) -> None:
    rows = []
    for scenario in ("baseline", "zone.innovation", JOINT):
        for i, receiver in enumerate(PROVINCES):
            for j, source in enumerate((*PROVINCES, "elsewhere", "abroad")):
                value = 1000.0 * (1 + i + 2 * j)
                change = 0.0 if scenario == "baseline" else (5.0 if j < 2 else -2.0)
                row = {"scenario": scenario, "level": "province", "receiver": receiver, "source": source, "unit": "million_yuan/year"}
                row |= {"baseline": value, "value": value + change, "change": change, "change_percent": 100 * change / value}
                rows.append({**row, "share": 1 / 6})
    pl.DataFrame(rows).write_csv(folder / "idea_flows.csv")
    seen = {"flow": "stakes_of_investors", "from": "shanghai", "to": "jiangsu+zhejiang", "year": "2024", "unit": "1", "source": "test"}
    fit = [
        {"check": "balance", **seen, "data": 1.7, "model": 2.7, "agrees": True},
        {"check": "ranking", **seen, "to": "hangzhou / kunshan", "data": 1.2, "model": 0.4, "agrees": False},
        {"check": "growth", **seen, "year": "2018-2023", "unit": "log/year", "data": 0.3, "model": 0.03, "agrees": None},
    ]
    pl.DataFrame(fit, infer_schema_length=None).write_csv(folder / "idea_fit.csv")
