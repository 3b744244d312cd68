"""Where productivity comes from on a path: trend, R&D, ideas learned, density, and levers on productivity itself (model.md §5).

log A_is − log A_is⁰ = g_s t + χ log(Z_i / Z_i⁰) + learned_is + λ_s log(density_i / density_i⁰) + levers, exactly; a set's is weighed
by the data's value added.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bridgehead.appraise.path_sets import Dense, sets_of
from bridgehead.blocks.density import density_factor
from bridgehead.models.path import Path, PathYear

SOURCES = ("trend", "research", "learning", "density", "levers")
TOTAL, OUTPUT, SHARE, SHARE_OF_CHANGE = "productivity", "real_value_added", "share_of_growth", "share_of_change"
NOISE, ROUNDING = 1e-6, 1e-13
"""Growth below `NOISE`, in logs, has no shares."""


def sources_of(baseline: Any, settings: Any, point: PathYear, dense: Dense | None = None) -> dict[str, np.ndarray]:
    """What each source adds to log A since the data [place, sector]; they add up to log(A / A⁰). 0 where the sector is absent.

    dense: kernels as matrices, made once for all years that share them.
    """
    dense = Dense() if dense is None else dense
    given, data, state = point.equilibrium.given, baseline.given, point.equilibrium.state
    years = point.year - settings.years[0]
    shape = state["output"].shape
    trend = np.broadcast_to(years * settings.trend, shape)
    made = np.asarray(data["productivity_fundamental"])
    there = made > 0
    levers = np.log(np.where(there, np.asarray(given["productivity_fundamental"]) / np.where(there, made, 1.0), 1.0)) - point.gain
    found = {"trend": trend, "research": _research(baseline, point, shape), "learning": point.learned}
    found |= {"density": _density(given, state, dense) - _density(data, baseline.equilibrium.state, dense), "levers": levers}
    return {name: np.where(there, value, 0.0) for name, value in found.items()}


def _research(baseline: Any, point: PathYear, shape: tuple[int, ...]) -> np.ndarray:
    """χ log(Z / Z⁰) where places learn from research, with what common growth of R&D adds; abroad keeps pace with that."""
    common = np.full(shape, point.growth - point.trend)
    if "research" not in baseline.given:
        return common
    now, data = point.equilibrium.state["knowledge_stock"], baseline.equilibrium.state["knowledge_stock"]
    learns = (np.asarray(baseline.given["learns"]) > 0) & (data > 0)
    ratio = np.log(np.where(learns, now / np.where(learns, data, 1.0), 1.0))
    return common + float(baseline.given["research_elasticity"]) * ratio[:, None]


def _density(given: Any, state: dict[str, np.ndarray], dense: Dense) -> np.ndarray:
    reached = dense.of(given["spillover"]) @ state["jobs"]
    return np.log(np.asarray(density_factor(reached, *(np.asarray(given[name]) for name in ("land_km2", "inside", "density_elasticity")))))


def growth_table(baseline: Any, base: Path, plan: Path) -> pl.DataFrame:
    """year, level, jurisdiction, source, unit, baseline, scenario, change: log points since the data by source of productivity, their sum
    `productivity`, and growth of `real_value_added`; then the share of growth that comes from productivity, and the share of the
    scenario's own growth over the baseline (`share_of_change`), empty where one of the two does not grow.
    """
    made, rows, dense = _made(baseline), [], Dense()
    for first, second in zip(base.shown, plan.shown, strict=True):
        one, two = ({**sources_of(baseline, base.settings, point, dense), OUTPUT: _real(baseline, point)} for point in (first, second))
        for level, name, members in sets_of(baseline.region):
            pair = [_of_set(found, members[:, None] * made, members) for found in (one, two)]
            at = (first.year, level, name)
            rows += [(*at, source, "log", *(found[source] for found in pair)) for source in (*SOURCES, TOTAL, OUTPUT)]
            rows.append((*at, SHARE, "1", *(_share(found[TOTAL], found[OUTPUT]) for found in pair)))
            rows.append((*at, SHARE_OF_CHANGE, "1", None, _share(*(pair[1][name] - pair[0][name] for name in (TOTAL, OUTPUT)))))
    schema = {"year": pl.Int64, **dict.fromkeys(("level", "jurisdiction", "source", "unit"), pl.String)}
    table = pl.DataFrame(rows, orient="row", schema=schema | dict.fromkeys(("baseline", "scenario"), pl.Float64))
    change = pl.when(pl.col("unit") == "log").then(pl.col("scenario") - pl.col("baseline")).alias("change")
    return table.with_columns(change)


def _made(baseline: Any) -> np.ndarray:
    given = baseline.given
    return baseline.equilibrium.state["output"] * (np.asarray(given["labour_share"]) + np.asarray(given["floor_share"]))


def _real(baseline: Any, point: PathYear) -> np.ndarray:
    """(G⁰, G) [2, place]: real value added of the data and of the year."""
    state, given, data = point.equilibrium.state, point.equilibrium.given, baseline.equilibrium.state
    now = (state["output"] @ (np.asarray(given["labour_share"]) + np.asarray(given["floor_share"]))) * np.exp(point.growth)
    return np.array([_made(baseline).sum(axis=1), now * data["consumer_price"] / state["consumer_price"]])


def _of_set(found: dict[str, np.ndarray], weight: np.ndarray, members: np.ndarray) -> dict[str, float]:
    weight = weight / weight.sum()
    parts = {name: _cleared(float((weight * found[name]).sum())) for name in SOURCES}
    before, after = found[OUTPUT] @ members
    return {**parts, TOTAL: sum(parts.values()), OUTPUT: float(np.log(after / before))}


def _cleared(value: float) -> float:
    """0 for what is rounding of a sum of logs."""
    return 0.0 if abs(value) < ROUNDING else value


def _share(part: float, whole: float) -> float | None:
    """part / whole where both are positive beyond the noise."""
    return part / whole if part > NOISE and whole > NOISE else None
