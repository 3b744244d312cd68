"""Two paths side by side, year by year: the baseline's and a scenario's, by place and by jurisdiction (model.md §5, §10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from bridgehead.appraise.outcomes import income_of_origins, real_value_added, value_added, welfare_in_money
from bridgehead.appraise.path_sets import sets_of
from bridgehead.models.path import Path, PathYear

ROUNDING = 1e-13
SUMS = ("residents", "jobs", "real_value_added", "research_stock")
UNITS = {
    "residents": "person",
    "jobs": "person",
    "real_value_added": "million_{currency}/year",
    "research_stock": "million_{currency}",
    "productivity": "log",
    "real_rent_home": "1",
}
"""Variables of the tables and their units. productivity: log points over the path's first year of the baseline, weighed by the value
added of the data; real_rent_home: rent over consumer price, over the same in the data, weighed by residents of the data."""


@dataclass(frozen=True)
class PathTables:
    """`path`: year, level, jurisdiction, variable, unit, baseline, scenario, change. `places`: the same by place. `origins`: year,
    origin, welfare of both as ratios to the data. `totals`: year, and welfare in money of the scenario over the baseline."""

    path: pl.DataFrame
    places: pl.DataFrame
    origins: pl.DataFrame
    totals: pl.DataFrame


def path_tables(baseline: Any, base: Path, plan: Path | None = None) -> PathTables:
    """Tables of a baseline path and a scenario's, over the same years; without a scenario its columns repeat the baseline.

    Money is at the prices of the data's year. Common growth is put back into everything real.
    """
    other = base if plan is None else plan
    by_place, by_set, origins, totals = [], [], [], []
    for first, second in zip(base.shown, other.shown, strict=True):
        pair = (_variables(baseline, first), _variables(baseline, second))
        by_place.append(_place_rows(baseline, first.year, *pair))
        by_set.append(_set_rows(baseline, first.year, *pair))
        origins.append(_origin_rows(baseline, first, second))
        totals.append({"year": first.year, "welfare_in_money": _welfare(baseline, first, second)})
    tables = PathTables(pl.concat(by_set), pl.concat(by_place), pl.concat(origins), pl.DataFrame(totals))
    currency = baseline.region.meta.currency
    return PathTables(_with_units(tables.path, currency), _with_units(tables.places, currency), tables.origins, tables.totals)


def _with_units(table: pl.DataFrame, currency: str) -> pl.DataFrame:
    units = {name: unit.format(currency=currency) for name, unit in UNITS.items()}
    unit = pl.col("variable").replace_strict(units).alias("unit")
    change = (pl.col("scenario") - pl.col("baseline")).alias("change")
    keys = [name for name in table.columns if name not in ("baseline", "scenario")]
    return table.select(*keys, unit, "baseline", "scenario", change)


def _variables(baseline: Any, point: PathYear) -> dict[str, np.ndarray]:
    """What a year is by place [N]: sums as they are, the others as logs or ratios to the data."""
    data, state, given = baseline.equilibrium.state, point.equilibrium.state, point.equilibrium.given
    shares = np.asarray(given["labour_share"]), np.asarray(given["floor_share"])
    nominal = value_added(state["output"], *shares)
    made = data["output"] * (shares[0] + shares[1])
    ratio = np.where(made > 0, state["productivity"] / np.where(made > 0, data["productivity"], 1.0), 1.0)
    found = {
        "residents": state["residents"],
        "jobs": state["jobs"],
        "real_value_added": real_value_added(nominal, state["consumer_price"], data["consumer_price"]) * np.exp(point.growth),
        "productivity": _cleared((made * np.log(ratio)).sum(axis=1) / made.sum(axis=1) + point.growth),
        "real_rent_home": state["rent_home"]
        / state["consumer_price"]
        / (data["rent_home"] / data["consumer_price"])
        * np.exp(point.growth),
    }
    if point.research_stock is not None:
        found["research_stock"] = point.research_stock
    return found


def _cleared(logs: np.ndarray) -> np.ndarray:
    """0 for what is rounding of a sum of logs."""
    return np.where(np.abs(logs) < ROUNDING, 0.0, logs)


def _place_rows(baseline: Any, year: int, base: Mapping[str, np.ndarray], plan: Mapping[str, np.ndarray]) -> pl.DataFrame:
    ids, parts = list(baseline.region.place_ids), []
    for name, values in base.items():
        columns = {"place": ids, "variable": [name] * len(ids), "baseline": values, "scenario": plan[name]}
        parts.append(pl.DataFrame({"year": [year] * len(ids), **columns}))
    return pl.concat(parts)


def _set_rows(baseline: Any, year: int, base: Mapping[str, np.ndarray], plan: Mapping[str, np.ndarray]) -> pl.DataFrame:
    rows = []
    for level, name, members in sets_of(baseline.region):
        for variable in base:
            weight = _weight(baseline, variable, members)
            rows.append((year, level, name, variable, float(weight @ base[variable]), float(weight @ plan[variable])))
    names = ["year", "level", "jurisdiction", "variable", "baseline", "scenario"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _weight(baseline: Any, variable: str, members: np.ndarray) -> np.ndarray:
    if variable in SUMS:
        return members
    given, state = baseline.given, baseline.equilibrium.state
    made = value_added(state["output"], np.asarray(given["labour_share"]), np.asarray(given["floor_share"]))
    weight = members * (made if variable == "productivity" else state["residents"])
    return weight / weight.sum()


def _origin_rows(baseline: Any, base: PathYear, plan: PathYear) -> pl.DataFrame:
    """Mean welfare of each origin's people over that of the data, movers and stayers together."""
    names = list(baseline.region.origin_names)
    data, growth = baseline.equilibrium.state["welfare"], _welfare_growth(baseline, base)
    columns = {"origin": names, "baseline": base.welfare / data * growth, "scenario": plan.welfare / data * growth}
    return pl.DataFrame({"year": [base.year] * len(names), **columns})


def _welfare_growth(baseline: Any, point: PathYear) -> float:
    """e^(ḡ t (1 − α_H)): real income grows by the common trend, its housing part does not."""
    return float(np.exp(point.growth * (1.0 - float(baseline.given["housing_share"]))))


def _welfare(baseline: Any, base: PathYear, plan: PathYear) -> float:
    """Welfare in money of the scenario over the baseline in one year [million a year], of all origins but abroad, at the incomes
    of the baseline's path and the prices of the data's year."""
    state = base.equilibrium.state
    data = baseline.equilibrium.state
    income = state["income"] * data["consumer_price"] / state["consumer_price"] * np.exp(base.growth)
    at_home = np.isfinite(np.where(np.eye(len(income)) > 0, np.nan, baseline.arrays.km)).any(axis=1)
    people = state["people"] * at_home[None, :]
    return float(welfare_in_money(plan.welfare, base.welfare, income_of_origins(people, income, state["residents"])))
