"""Which number drives which need: Sobol indices from the draws at hand, and the tornado.

First-order indices by random balance designs (RBD-FAST, Tarantola, Gatelli & Mara 2006; SALib), which needs nothing but the draws. Total
indices from a polynomial fitted to the draws (Sudret 2008): degree two in every factor, with the interactions that stand out of what
single factors leave; `explained` is what the polynomial predicts of draws it has not seen (five folds), and says how far totals can be believed.
Intervals are over resampled draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from bridgehead.appraise.needs import Row
from bridgehead.ensemble.factors import Factor
from bridgehead.ensemble.summary import KEY, NUMBER, TEXT, Draws, _key
from bridgehead.errors import DataError, Fault

FEWEST = 60
"""Fewer draws than this give no indices."""

MOST_PAIRS, STANDS_OUT = 30, 3.0
"""Interactions that are fitted: no more than so many, and only where the products' correlation with what single factors leave is so many
standard errors."""

RESAMPLES, BALANCE_RESAMPLES, FOLDS = 40, 10, 5
NORMAL_90 = 1.645
"""Half-width of the middle 90 % of a normal distribution, in standard deviations."""


@dataclass(frozen=True, eq=False)
class Indices:
    """first, total [factor] as shares of all variance, total with low and high (90 %); explained: share of variance that the polynomial
    predicts of draws it has not seen. What is left is data that are not among the factors, and what the polynomial misses."""

    first: np.ndarray
    total: np.ndarray
    total_low: np.ndarray
    total_high: np.ndarray
    explained: float


def unit_ranks(values: np.ndarray) -> np.ndarray:
    """Each column's ranks in (−1, 1) [draw, factor]: uniform whatever the distribution, which leaves variance shares as they are."""
    order = np.argsort(np.argsort(values, axis=0, kind="stable"), axis=0, kind="stable")
    return 2.0 * (order + 0.5) / len(values) - 1.0


def polynomials(u: np.ndarray, pairs: list[tuple[int, int]]) -> np.ndarray:
    """Legendre polynomials of length one under the uniform law on (−1, 1): 1, √3 u, √5 (3u² − 1)/2 of every factor, and products of
    the first of the pairs [draw, term]."""
    one, two = np.sqrt(3.0) * u, np.sqrt(5.0) * (1.5 * u**2 - 0.5)
    return np.column_stack([np.ones(len(u)), one, two, *(one[:, i] * one[:, j] for i, j in pairs)])


def polynomial_indices(u: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> Indices:
    """Indices of one output from ranks u [draw, factor] and values y [draw]."""
    count = u.shape[1]
    alone = polynomials(u, [])
    pairs = _pairs(u, y - alone @ _fit(alone, y))
    design = polynomials(u, pairs)
    first, total = _shares(_fit(design, y), count, pairs)
    draws = [rng.integers(0, len(y), len(y)) for _ in range(RESAMPLES)]
    several = np.array([_shares(_fit(design[rows], y[rows]), count, pairs)[1] for rows in draws])
    width = NORMAL_90 * several.std(axis=0)  # around the estimate: refits of resampled draws are themselves further off on one side
    explained = _predicted(design, y)
    scale = max(explained, 0.0)
    return Indices(scale * first, scale * total, scale * np.maximum(total - width, 0.0), scale * (total + width), explained)


def _pairs(u: np.ndarray, left: np.ndarray) -> list[tuple[int, int]]:
    """The pairs of factors whose product goes with what is left, strongest first."""
    spread = max(float(left.std()), 1e-300)
    together = 3.0 * (u * left[:, None]).T @ u / (spread * np.sqrt(len(left)))
    found = [(abs(together[i, j]), i, j) for i, j in combinations(range(u.shape[1]), 2)]
    return [(i, j) for size, i, j in sorted(found, reverse=True)[:MOST_PAIRS] if size > STANDS_OUT]


def _fit(design: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Least squares; the columns are near orthonormal, and the small ridge keeps few draws from failing."""
    gram = design.T @ design
    return np.linalg.solve(gram + 1e-9 * len(y) * np.eye(len(gram)), design.T @ y)


def _shares(coefficients: np.ndarray, count: int, pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """(first, total) [factor]: shares of the polynomial's variance."""
    squares = coefficients[1:] ** 2
    own, joint = squares[:count] + squares[count : 2 * count], squares[2 * count :]
    variance = max(float(squares.sum()), 1e-300)
    total = own.copy()
    for (i, j), value in zip(pairs, joint, strict=True):
        total[i] += value
        total[j] += value
    return own / variance, total / variance


def _predicted(design: np.ndarray, y: np.ndarray) -> float:
    """1 − Σ (y − prediction)² / Σ (y − mean)², every draw predicted by a fit that has not seen it."""
    fold, left = np.arange(len(y)) % FOLDS, np.empty(len(y))
    for number in range(FOLDS):
        out = fold == number
        left[out] = y[out] - design[out] @ _fit(design[~out], y[~out])
    return float(1.0 - (left**2).sum() / max(float(((y - y.mean()) ** 2).sum()), 1e-300))


def balance_indices(names: list[str], values: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(first-order indices [factor], half-widths of their 90 % intervals) by RBD-FAST of SALib."""
    try:
        from SALib.analyze import rbd_fast
    except ImportError as error:
        cure = "install the extra: pip install 'bridgehead[uncertainty]'"
        raise DataError("Sobol indices cannot be computed", [Fault("the package `SALib` is not installed", cure=cure)]) from error
    bounds = [[float(column.min()), float(column.max())] for column in values.T]
    problem = {"num_vars": len(names), "names": names, "bounds": bounds}
    with np.errstate(invalid="ignore"):  # a resample in which nothing moves has no index
        found = rbd_fast.analyze(problem, values, y, M=10, num_resamples=BALANCE_RESAMPLES, conf_level=0.9, seed=0)
    return np.array(found["S1"]), np.array(found["S1_conf"])


def relevant(draws: Draws, scenario: str) -> list[Factor]:
    """The factors that can move a scenario: all but those of paths, and of levers its own and its zones'."""
    columns = draws.plan.columns
    own = set(columns.zones) if scenario == columns.joint else {scenario}
    levers = [f for f in draws.plan.factors if f.kind == "lever" and f.how is not None and f.how["scenario"] in own]
    return [f for f in draws.plan.factors if f.kind != "lever" and not f.paths] + levers


def sobol(draws: Draws, progress: Any = None) -> pl.DataFrame:
    """One row a cell and factor: first-order (RBD-FAST) and total (polynomial) indices with their intervals, and `explained`.

    Every line for zones, lines 1 and 2 for strategies.
    """
    rows, rng = [], np.random.default_rng([draws.plan.asked.seed, 7])
    kinds = {**KEY, "factor": TEXT, "kind": TEXT}
    numbers = ("first", "first_interval", "total", "total_low", "total_high", "explained")
    if len(draws.good) < FEWEST:
        return pl.DataFrame(schema={**kinds, **dict.fromkeys(numbers, NUMBER)})
    for done, scenario in enumerate(draws.scenarios):
        factors = relevant(draws, scenario)
        values = draws.factors([f.name for f in factors])
        zone = draws.plan.columns.is_zone(scenario)
        for row in draws.plan.needs.rows:
            if not zone and "." in row.line:
                continue
            y = draws.changes(row, scenario)
            known = np.isfinite(y)
            if known.sum() >= FEWEST and np.ptp(y[known]) > 0:
                rows += _rows_of(row, scenario, factors, values[known], y[known], rng)
        if progress is not None:
            progress(done + 1, len(draws.scenarios), scenario)
    return pl.DataFrame(rows, schema={**kinds, **dict.fromkeys(numbers, NUMBER)}, orient="row")


def _rows_of(row: Row, scenario: str, factors: list[Factor], values: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> list[dict]:
    first, width = balance_indices([f.name for f in factors], values, y)
    found = polynomial_indices(unit_ranks(values), y, rng)
    return [
        {**_key(row, scenario), "factor": f.name, "kind": f.kind, "first": _number(first[i]), "first_interval": _number(width[i]),
         "total": float(found.total[i]), "total_low": float(found.total_low[i]), "total_high": float(found.total_high[i]),
         "explained": found.explained}
        for i, f in enumerate(factors)
    ]  # fmt: skip


def _number(value: float) -> float | None:
    """A number; None for one that is none."""
    return float(value) if np.isfinite(value) else None


TENTH = 0.1


def tornado(draws: Draws) -> pl.DataFrame:
    """One row a cell and factor: the median change in the tenth of draws where the factor is lowest, and where it is highest."""
    rows = []
    for scenario in draws.scenarios:
        factors = relevant(draws, scenario)
        values = draws.factors([f.name for f in factors])
        ends = [np.quantile(values, q, axis=0) for q in (TENTH, 1.0 - TENTH)]
        for row in draws.plan.needs.rows:
            y = draws.changes(row, scenario)
            for i, factor in enumerate(factors):
                low, high = (_median(y[part]) for part in (values[:, i] <= ends[0][i], values[:, i] >= ends[1][i]))
                if low is not None and high is not None:
                    rows.append(
                        {
                            **_key(row, scenario),
                            "factor": factor.name,
                            "kind": factor.kind,
                            "at_low": low,
                            "at_high": high,
                            "swing": abs(high - low),
                        }
                    )
    return pl.DataFrame(
        rows, schema={**KEY, "factor": TEXT, "kind": TEXT, **dict.fromkeys(("at_low", "at_high", "swing"), NUMBER)}, orient="row"
    )


def _median(values: np.ndarray) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else None
