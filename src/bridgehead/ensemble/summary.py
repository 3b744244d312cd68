"""What an ensemble says: ranges, signs, ranks, splits, failures, backgrounds, and how sure the data are. Tables of numbers and labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from bridgehead.appraise.needs import Row
from bridgehead.appraise.shapley import shapley_values
from bridgehead.ensemble.evaluate import OK
from bridgehead.ensemble.plan import EnsemblePlan
from bridgehead.ensemble.solving import BACKGROUND
from bridgehead.ensemble.tables import FACTOR, cell_name

RANGE = (5.0, 50.0, 95.0)
NUMBER, TEXT, COUNT = pl.Float64, pl.String, pl.Int64


@dataclass(frozen=True, eq=False)
class Draws:
    """The draws of a store beside its plan.

    Draws are those that came to a good end (`ok`), the defaults and the twins left out; everything else is counted in `failures`.
    """

    plan: EnsemblePlan
    draws: pl.DataFrame
    cells: pl.DataFrame
    paths: pl.DataFrame

    @cached_property
    def good(self) -> np.ndarray:
        """The numbers of the draws that count."""
        own = self.draws.filter((pl.col("draw") > 0) & pl.col("twin_of").is_null() & (pl.col("outcome") == OK))
        return own["draw"].to_numpy()

    @cached_property
    def _index(self) -> dict[tuple[str, str], pl.DataFrame]:
        parts = self.cells.partition_by("background", "scenario", as_dict=True, maintain_order=True)
        return {(str(key[0]), str(key[1])): part for key, part in parts.items()}

    def changes(self, row: Row, scenario: str, background: str = "", numbers: np.ndarray | None = None) -> np.ndarray:
        """A cell in the draws `numbers` (the good ones by default), NaN where it is not defined or not solved [draw].

        In a background: what the scenario adds to it, the change with both less the change with the background alone.
        """
        wanted = self.good if numbers is None else numbers
        found = self._column(row, scenario, background, wanted)
        return found if not background else found - self._column(row, BACKGROUND, background, wanted)

    def alone(self, row: Row, background: str) -> np.ndarray:
        """What a background does by itself [draw]."""
        return self._column(row, BACKGROUND, background, self.good)

    def _column(self, row: Row, scenario: str, background: str, wanted: np.ndarray) -> np.ndarray:
        part = self._index.get((background, scenario))
        if part is None:
            return np.full(len(wanted), np.nan)
        known = dict(zip(part["draw"].to_list(), part[cell_name(*row.key)].to_list(), strict=True))
        return np.array([np.nan if known.get(int(n)) is None else known[int(n)] for n in wanted], dtype=float)

    def default(self, row: Row, scenario: str, background: str = "") -> float | None:
        """The cell at the default numbers."""
        value = self.changes(row, scenario, background, np.array([0]))[0]
        return float(value) if np.isfinite(value) else None

    def factors(self, names: list[str], numbers: np.ndarray | None = None) -> np.ndarray:
        """Drawn values [draw, factor]."""
        wanted = self.good if numbers is None else numbers
        table = pl.DataFrame({"draw": wanted}).join(self.draws, on="draw", how="left", maintain_order="left")
        return table.select([FACTOR + name for name in names]).to_numpy()

    @property
    def scenarios(self) -> list[str]:
        """The columns of the matrix."""
        return list(self.plan.columns.columns)


def _key(row: Row, scenario: str) -> dict[str, Any]:
    return {"need": row.need, "line": row.line, "scenario": scenario}


KEY = {"need": TEXT, "line": TEXT, "scenario": TEXT}


def range_of(values: np.ndarray) -> dict[str, Any]:
    """median, p5, p95, shares of draws with a positive and a negative sign, and how many have a number; empty numbers where none has."""
    found = values[np.isfinite(values)]
    if not found.size:
        return {**dict.fromkeys(("median", "p5", "p95", "positive", "negative")), "draws": 0}
    low, middle, high = np.percentile(found, RANGE)
    signs = {"positive": float((found > 0).mean()), "negative": float((found < 0).mean())}
    return {"median": float(middle), "p5": float(low), "p95": float(high), **signs, "draws": int(found.size)}


RANGES = {**dict.fromkeys(("default", "median", "p5", "p95", "positive", "negative"), NUMBER), "draws": COUNT}


def ranges(draws: Draws) -> pl.DataFrame:
    """One row a cell of the needs matrix: the default, median, 5 and 95 %, the share of draws with a positive change, draws with a number."""
    rows = [
        {**_key(row, scenario), "default": draws.default(row, scenario), **range_of(draws.changes(row, scenario))}
        for row in draws.plan.needs.rows
        for scenario in draws.scenarios
    ]
    return pl.DataFrame(rows, schema={**KEY, **RANGES}, orient="row")


def ranking(draws: Draws) -> pl.DataFrame:
    """How stable the order of scenarios is, by line: the rank at the defaults, median and range of ranks, probability to be best.

    Rank 1 is best (`better`); ties share the mean of their ranks. agreement: the mean rank correlation (Spearman) between draws and the
    defaults. Only draws in which every scenario has a number count.
    """
    rows = []
    for row in draws.plan.needs.rows:
        sign = 1.0 if row.better == "up" else -1.0
        names = [s for s in draws.scenarios if draws.default(row, s) is not None]
        if len(names) < 2:
            continue
        values = sign * np.stack([draws.changes(row, name) for name in names], axis=1)
        values = values[np.isfinite(values).all(axis=1)]
        if not len(values):
            continue
        first = ranks(np.array([[sign * draws.default(row, name) for name in names]]))[0]
        all_ranks = ranks(values)
        agreement = float(np.mean([_correlation(each, first) for each in all_ranks]))
        low, middle, high = np.percentile(all_ranks, RANGE, axis=0)
        best = (all_ranks == all_ranks.min(axis=1, keepdims=True)).mean(axis=0)
        rows += [
            {**_key(row, name), "rank": float(first[i]), "median": float(middle[i]), "p5": float(low[i]), "p95": float(high[i]),
             "best": float(best[i]), "agreement": agreement, "draws": len(values)}
            for i, name in enumerate(names)
        ]  # fmt: skip
    numbers = dict.fromkeys(("rank", "median", "p5", "p95", "best", "agreement"), NUMBER)
    return pl.DataFrame(rows, schema={**KEY, **numbers, "draws": COUNT}, orient="row")


def ranks(values: np.ndarray) -> np.ndarray:
    """Ranks by row, 1 the largest; ties share the mean."""
    from scipy.stats import rankdata

    return rankdata(-values, axis=1)


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def shapley(draws: Draws) -> pl.DataFrame:
    """The Shapley split of the zones together in every draw: each zone's part, its range and the probability that it is positive."""
    plan, rows = draws.plan.columns, []
    kinds = {"need": TEXT, "line": TEXT, "zone": TEXT, **RANGES}
    if plan.joint is None:
        return pl.DataFrame(schema=kinds)
    for row in draws.plan.needs.rows:
        for numbers, defaults in ((np.array([0]), True), (draws.good, False)):
            worth = {group: draws.changes(row, _member_of(plan, group), numbers=numbers) for group in plan.coalitions}
            split = _shapley_by_draw(plan.zones, worth)
            if defaults:
                at_default = {zone: float(values[0]) for zone, values in split.items()}
                continue
            for zone, values in split.items():
                default = at_default[zone] if np.isfinite(at_default[zone]) else None
                rows.append({"need": row.need, "line": row.line, "zone": zone, "default": default, **range_of(values)})
    return pl.DataFrame(rows, schema=kinds, orient="row")


def _member_of(plan: Any, group: frozenset[str]) -> str:
    return plan.column_of(group) or "+".join(sorted(group))


def _shapley_by_draw(zones: tuple[str, ...], worth: Mapping[frozenset[str], np.ndarray]) -> dict[str, np.ndarray]:
    """Shapley values of arrays [draw]: the formula is linear in the worths."""
    return {zone: np.asarray(value) for zone, value in shapley_values(zones, worth).items()}


def failures(draws: Draws) -> pl.DataFrame:
    """Draws by outcome and cause, and the scenarios of good draws that have no certified solution; twins are counted apart."""
    table = draws.draws.filter(pl.col("draw") > 0).with_columns(pl.col("twin_of").is_not_null().alias("twin"))
    found = table.group_by("outcome", "cause", "twin", maintain_order=True).agg(pl.len().alias("draws").cast(COUNT))
    bad = draws.cells.filter(~pl.col("solved") & (pl.col("draw") > 0))
    columns = bad.group_by("scenario", "background", "reason", maintain_order=True).agg(pl.len().alias("draws").cast(COUNT))
    named = columns.select(
        pl.lit("scenario unsolved").alias("outcome"),
        (
            pl.col("scenario")
            + pl.when(pl.col("background") == "").then(pl.lit("")).otherwise(" in " + pl.col("background"))
            + ": "
            + pl.col("reason")
        ).alias("cause"),
        pl.lit(value=False).alias("twin"),
        "draws",
    )
    paths = table.filter(pl.col("path").is_not_null() & (pl.col("path") != OK))
    paths = paths.group_by(pl.lit("path unsolved").alias("outcome"), pl.col("path").alias("cause"), "twin", maintain_order=True)
    return pl.concat([found, named, paths.agg(pl.len().alias("draws").cast(COUNT))]).sort("twin", "outcome", "cause", maintain_order=True)


def certificates(draws: Draws) -> pl.DataFrame:
    """The worst of what every solve was certified with, by scenario and background: distance, gap, identities, evaluations."""
    solved = draws.cells.filter(pl.col("solved"))
    return solved.group_by("background", "scenario", maintain_order=True).agg(
        pl.len().alias("solves").cast(COUNT), pl.col("distance").max(), pl.col("gap").max(), pl.col("identity").max(),
        pl.col("steps").median().alias("evaluations"), pl.col("steps").max().alias("most_evaluations"),
    )  # fmt: skip


def backgrounds(draws: Draws) -> pl.DataFrame:
    """What every scenario adds without and with each background (--beside), and the difference, draw by draw."""
    rows = []
    for background in draws.plan.backgrounds:
        for row in draws.plan.needs.rows:
            own = range_of(draws.alone(row, background))
            rows.append(
                {
                    "background": background,
                    **_key(row, BACKGROUND),
                    **_prefixed("with", own),
                    **_prefixed("without", None),
                    **_prefixed("difference", None),
                }
            )
            for scenario in draws.scenarios:
                without, beside = draws.changes(row, scenario), draws.changes(row, scenario, background)
                rows.append({
                    "background": background, **_key(row, scenario), **_prefixed("without", range_of(without)),
                    **_prefixed("with", range_of(beside)), **_prefixed("difference", range_of(beside - without)),
                })  # fmt: skip
    parts = [f"{kind}_{name}" for kind in ("without", "with", "difference") for name in ("median", "p5", "p95", "positive")]
    return pl.DataFrame(rows, schema={"background": TEXT, **KEY, **dict.fromkeys(parts, NUMBER)}, orient="row")


FAN = {"p5": 5.0, "p25": 25.0, "median": 50.0, "p75": 75.0, "p95": 95.0}


def paths(draws: Draws) -> pl.DataFrame:
    """The lead scenario's change over the baseline's path, by line and year: at the defaults, percentiles over the draws that have a
    path, the share with a positive change."""
    kinds = {"need": TEXT, "line": TEXT, "year": COUNT, "default": NUMBER, **dict.fromkeys(FAN, NUMBER), "positive": NUMBER, "draws": COUNT}
    parts = draws.paths.partition_by("need", "line", "year", as_dict=True, maintain_order=True)
    rows, good = [], set(draws.good.tolist())
    for (need, line, year), part in parts.items():
        own = part.filter(pl.col("draw") == 0)["change"].to_list()
        values = np.array(part.filter(pl.col("draw").is_in(good))["change"].drop_nulls().to_list())
        row = {"need": need, "line": line, "year": year, "default": own[0] if own else None, "draws": values.size}
        if values.size:
            row |= dict(zip(FAN, map(float, np.percentile(values, list(FAN.values()))), strict=True))
            row["positive"] = float((values > 0).mean())
        rows.append(row)
    return pl.DataFrame(rows, schema=kinds, orient="row")


def _prefixed(kind: str, found: Mapping[str, Any] | None) -> dict[str, Any]:
    return {f"{kind}_{name}": None if found is None else found[name] for name in ("median", "p5", "p95", "positive")}


SURE = 0.9
"""A sign is sure where at least this share of draws has it."""

FEWEST_PAIRS, FLIPS, DRIVEN = 5, 0.1, 0.5
"""Fewer pairs of twins tell nothing; a sign hangs on inferred data where so many pairs flip it, a value where so much variance is theirs."""


def data_share(draws: Draws, *, seed: int = 0, resamples: int = 400) -> pl.DataFrame:
    """How much of a cell's variance comes from inferred data, from twins: draws with the same elasticities and levers and other data.

    share = mean (y − y′)² / (2 Var y) (Jansen's total index of all data together), with a 90 % interval over resampled pairs; flips: pairs
    whose signs differ. hangs: whether the sign flips in at least one pair of ten; driven: whether data account for half of the variance.
    """
    twins = draws.draws.filter(pl.col("twin_of").is_not_null() & (pl.col("outcome") == OK))
    good = set(draws.good.tolist())
    pairs = [(d, t) for d, t in zip(twins["draw"], twins["twin_of"], strict=True) if t in good]
    number, first = (np.array([p[k] for p in pairs], dtype=int) for k in (0, 1))
    rows, rng = [], np.random.default_rng([seed, 6])
    for row in draws.plan.needs.rows:
        for scenario in draws.scenarios:
            one, other = draws.changes(row, scenario, numbers=first), draws.changes(row, scenario, numbers=number)
            known = np.isfinite(one) & np.isfinite(other)
            everything = draws.changes(row, scenario)
            rows.append(
                {**_key(row, scenario), **_data_cell(one[known], other[known], everything[np.isfinite(everything)], rng, resamples)}
            )
    numbers = dict.fromkeys(("share", "low", "high", "flips", "sure"), NUMBER)
    return pl.DataFrame(rows, schema={**KEY, **numbers, "pairs": COUNT, "hangs": pl.Boolean, "driven": pl.Boolean}, orient="row")


def _data_cell(one: np.ndarray, other: np.ndarray, everything: np.ndarray, rng: np.random.Generator, resamples: int) -> dict[str, Any]:
    variance = float(np.var(everything)) if everything.size else 0.0
    positive = float((everything > 0).mean()) if everything.size else 0.0
    sure = max(positive, float((everything < 0).mean()) if everything.size else 0.0)
    if one.size < FEWEST_PAIRS or variance == 0.0:
        return {"sure": sure, "pairs": int(one.size)} | dict.fromkeys(("share", "low", "high", "flips", "hangs", "driven"))
    squares = (one - other) ** 2 / (2.0 * variance)
    means = squares[rng.integers(0, one.size, (resamples, one.size))].mean(axis=1)
    low, high = np.percentile(means, (5, 95))
    flips = float((np.sign(one) != np.sign(other)).mean())
    return {
        "share": float(squares.mean()), "low": float(low), "high": float(high), "flips": flips, "sure": sure,
        "pairs": int(one.size), "hangs": flips >= FLIPS, "driven": bool(squares.mean() >= DRIVEN),
    }  # fmt: skip
