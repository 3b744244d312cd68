"""A path beside what has been observed since the region's year: growth of places in the data and in the model."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bridgehead.appraise.outcomes import real_value_added, value_added
from bridgehead.models.path import Path, PathYear

SCHEMA = {
    "variable": pl.String,
    "place": pl.String,
    "year": pl.Int64,
    "data": pl.Float64,
    "model": pl.Float64,
    "data_relative": pl.Float64,
    "model_relative": pl.Float64,
    "log_gap": pl.Float64,
}


def path_fit(baseline: Any, path: Path) -> pl.DataFrame:
    """variable, place, year, then growth since the region's year in logs in the data and the model, the same less the mean over the
    places of the row's variable and year, and the gap between the latter two (model − data).

    `gdp` is beside real value added and `population` beside residents. Figures of the data are at current prices, so the mean
    says nothing of the model; differences between places do. Empty where facts.csv holds no later figure with one of the
    region's year, or where the path does not pass through a year of theirs.
    """
    region = baseline.region
    facts = region.facts.filter(pl.col("variable").is_in(["gdp", "population"]))
    now = facts.filter(pl.col("year") == region.meta.year).select("variable", "place", pl.col("value").alias("base"))
    later = facts.filter(pl.col("year").is_in([y for y in path.settings.years if y > region.meta.year]))
    pairs = later.join(now, on=["variable", "place"], how="inner", maintain_order="left")
    start = _growing(baseline, path.years[0])
    rows = []
    for row in pairs.iter_rows(named=True):
        place = region.place_ids.index(row["place"])
        model = _growing(baseline, path.of(row["year"]))[row["variable"]][place] / start[row["variable"]][place]
        rows.append((row["variable"], row["place"], row["year"], float(np.log(row["value"] / row["base"])), float(np.log(model))))
    table = pl.DataFrame(rows, schema=list(SCHEMA)[:5], orient="row") if rows else pl.DataFrame(schema=SCHEMA)
    return table if not rows else _relative(table).sort("variable", "year", "place").cast(SCHEMA)


def _growing(baseline: Any, point: PathYear) -> dict[str, np.ndarray]:
    state, given, data = point.equilibrium.state, point.equilibrium.given, baseline.equilibrium.state
    nominal = value_added(state["output"], np.asarray(given["labour_share"]), np.asarray(given["floor_share"]))
    real = real_value_added(nominal, state["consumer_price"], data["consumer_price"]) * np.exp(point.growth)
    return {"gdp": real, "population": state["residents"]}


def _relative(table: pl.DataFrame) -> pl.DataFrame:
    less_mean = [(pl.col(n) - pl.col(n).mean().over("variable", "year")).alias(f"{n}_relative") for n in ("data", "model")]
    return table.with_columns(less_mean).with_columns((pl.col("model_relative") - pl.col("data_relative")).alias("log_gap"))


def fit_summary(table: pl.DataFrame) -> list[dict[str, Any]]:
    """For each variable and year: figures, their standard deviation of relative growth, the root mean square gap, and the correlation.

    A root mean square gap below the standard deviation means that the model tells more than "all grow alike".
    """
    found = []
    for (variable, year), part in table.group_by("variable", "year", maintain_order=True):
        data, model = part["data_relative"].to_numpy(), part["model_relative"].to_numpy()
        spread = bool(data.std() > 0 and model.std() > 1e-12 and len(data) > 2)
        found.append(
            {
                "variable": variable,
                "year": year,
                "figures": len(data),
                "data_spread": float(data.std()),
                "root_mean_square_gap": float(np.sqrt(np.mean((model - data) ** 2))),
                "correlation": float(np.corrcoef(data, model)[0, 1]) if spread else None,
            }
        )
    return found
