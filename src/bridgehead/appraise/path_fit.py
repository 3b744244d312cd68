"""A path beside what has been observed since the region's year: growth of places and jurisdictions in the data and in the model."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bridgehead.appraise.outcomes import real_value_added, value_added
from bridgehead.models.path import Path, PathYear

SCHEMA = {
    "variable": pl.String,
    "level": pl.String,
    "place": pl.String,
    "year": pl.Int64,
    "years": pl.Int64,
    "data": pl.Float64,
    "model": pl.Float64,
    "data_relative": pl.Float64,
    "model_relative": pl.Float64,
    "log_gap": pl.Float64,
    "source": pl.String,
}
COMPARED = ("gdp", "population")
ENOUGH = 4
"""With fewer figures of a variable and year a correlation says nothing."""


def path_fit(baseline: Any, path: Path) -> pl.DataFrame:
    """variable, level (`place`, or that of a jurisdiction), place, year, years since the data, growth since the region's year in logs in the data and the
    model, the same less the mean over the row's variable and year, the gap between the latter two (model − data), and the source.

    `gdp` is beside real value added and `population` beside residents. Figures of the data are at current prices, so the mean
    says nothing of the model; differences between places do. From facts.csv where a place has a figure of the region's year too,
    and from totals.csv. Empty where there are none, or where the path does not pass through a year of theirs.
    """
    region, rows = baseline.region, []
    start = _growing(baseline, path.years[0])
    later = {year: _growing(baseline, path.of(year)) for year in path.settings.years if year > region.meta.year}
    for row in _figures(region, tuple(later)):
        members = row.pop("members")
        model = later[row["year"]][row["variable"]][members].sum() / start[row["variable"]][members].sum()
        rows.append({**row, "model": float(np.log(model))})
    table = pl.DataFrame(rows) if rows else pl.DataFrame(schema=SCHEMA)
    if rows:
        table = _relative(table).sort("variable", "year", "level", "place")
    return table.select(list(SCHEMA)).cast(SCHEMA)


def _figures(region: Any, years: tuple[int, ...]) -> list[dict[str, Any]]:
    """Observed growth since the region's year in the given years, with the places [N] bool it is of."""
    found = []
    for variable in COMPARED:
        base = _base(region, variable)
        facts = region.facts.filter((pl.col("variable") == variable) & pl.col("year").is_in(years) & (pl.col("status") == "observed"))
        units = [("place", row["place"], np.array(region.place_ids) == row["place"], row) for row in facts.to_dicts()]
        if region.totals is not None:
            totals = region.totals.filter((pl.col("variable") == variable) & pl.col("year").is_in(years))
            units += [(r["level"], r["jurisdiction"], region.members(r["level"], r["jurisdiction"]), r) for r in totals.to_dicts()]
        for level, name, members, row in units:
            before = base[members].sum()
            if not np.isfinite(before) or row["value"] <= 0:
                continue
            figure = {"variable": variable, "level": level, "place": name, "year": row["year"], "years": row["year"] - region.meta.year}
            found.append({**figure, "members": members, "data": float(np.log(row["value"] / before)), "source": row["source"]})
    return found


def _base(region: Any, variable: str) -> np.ndarray:
    """The variable in the region's own year [N], NaN where there is none."""
    values = np.full(len(region.place_ids), np.nan)
    own = (pl.col("variable") == variable) & (pl.col("year") == region.meta.year)
    for row in region.facts.filter(own).iter_rows(named=True):
        values[region.place_ids.index(row["place"])] = row["value"]
    return values


def _growing(baseline: Any, point: PathYear) -> dict[str, np.ndarray]:
    state, given, data = point.equilibrium.state, point.equilibrium.given, baseline.equilibrium.state
    nominal = value_added(state["output"], np.asarray(given["labour_share"]), np.asarray(given["floor_share"]))
    real = real_value_added(nominal, state["consumer_price"], data["consumer_price"]) * np.exp(point.growth)
    return {"gdp": real, "population": state["residents"]}


def _relative(table: pl.DataFrame) -> pl.DataFrame:
    less_mean = [(pl.col(n) - pl.col(n).mean().over("variable", "year")).alias(f"{n}_relative") for n in ("data", "model")]
    return table.with_columns(less_mean).with_columns((pl.col("model_relative") - pl.col("data_relative")).alias("log_gap"))


def fit_summary(table: pl.DataFrame) -> list[dict[str, Any]]:
    """How good the path is: for each variable and year, and for a variable over all its years together (year None, growth a year).

    figures; mean growth in the data and in the model; data_spread and model_spread, standard deviations of relative growth;
    root_mean_square_gap; rank_correlation, None with fewer than four figures; skill = 1 − Σ gap² / Σ (relative growth)²: 1 is
    perfect, 0 no better than "all grow alike", and below that worse.
    """
    if table.is_empty():
        return []
    found = [_summary(part) | {"variable": v, "year": y} for (v, y), part in table.group_by("variable", "year", maintain_order=True)]
    for (variable,), part in table.group_by("variable", maintain_order=True):
        if part["year"].n_unique() > 1:
            found.append(_summary(_a_year(part)) | {"variable": variable, "year": None})
    order = {name: place for place, name in enumerate(COMPARED)}
    return sorted(found, key=lambda row: (order[row["variable"]], row["year"] is None, row["year"] or 0))


def _a_year(part: pl.DataFrame) -> pl.DataFrame:
    columns = ("data", "model", "data_relative", "model_relative", "log_gap")
    return part.with_columns([pl.col(name) / pl.col("years") for name in columns])


def _summary(part: pl.DataFrame) -> dict[str, Any]:
    data, model = part["data_relative"].to_numpy(), part["model_relative"].to_numpy()
    spread = float(data.std())
    ranks = part.select(pl.corr("data_relative", "model_relative", method="spearman")).item()
    known = part.height >= ENOUGH and spread > 0 and float(model.std()) > 1e-12
    return {
        "figures": part.height,
        "data_mean": float(part["data"].mean()),
        "model_mean": float(part["model"].mean()),
        "data_spread": spread,
        "model_spread": float(model.std()),
        "root_mean_square_gap": float(np.sqrt(np.mean((model - data) ** 2))),
        "rank_correlation": float(ranks) if known else None,
        "skill": float(1.0 - np.sum((model - data) ** 2) / np.sum(data**2)) if known else None,
    }
