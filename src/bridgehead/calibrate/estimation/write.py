"""The tables of an estimation as files hold them."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bridgehead.calibrate.estimation.minimum_distance import MomentsResult
from bridgehead.calibrate.estimation.result import GravityResult
from bridgehead.calibrate.estimation.smooth import Smoothed
from bridgehead.calibrate.estimation.tables import WORDS

VALUE = {"commuting": "people", "trade": "value", "migration": "people"}


def flow_tables(result: GravityResult, smoothed: Smoothed | None = None) -> dict[str, pl.DataFrame]:
    """coefficients, alternatives, by_distance, left_out, fitted (a row a pair), and smoothed (as the region folder has flows)."""
    tables = {
        "coefficients": result.coefficients,
        "alternatives": result.alternatives,
        "by_distance": result.by_distance,
        "left_out": left_table(result),
        "fitted": pair_table(result),
    }
    if smoothed is not None:
        pairs = result.pairs
        i, j = np.nonzero(np.isfinite(smoothed.value))
        first, second = WORDS[pairs.flow]
        names = np.array(pairs.places)
        tables["smoothed"] = pl.DataFrame({first: names[i], second: names[j], VALUE[pairs.flow]: smoothed.value[i, j]})
    return tables


def left_table(result: GravityResult) -> pl.DataFrame:
    """reason, pairs, names: what was left out, and what was used (reason `used`)."""
    sample = result.fit.sample
    rows: list[dict[str, Any]] = [{"reason": "used", "pairs": sample.count, "names": ""}]
    rows += [{"reason": entry.key, "pairs": entry.pairs, "names": " ".join(entry.names)} for entry in sample.left]
    return pl.DataFrame(rows)


def pair_table(result: GravityResult) -> pl.DataFrame:
    """A row a pair: both sides, observed, fitted (empty outside the sample), distance or minutes, whether used."""
    pairs, (i, j) = result.pairs, np.indices(result.pairs.value.shape)
    first, second = WORDS[pairs.flow]
    names = np.array(pairs.places)
    columns = {first: names[i.ravel()], second: names[j.ravel()], "observed": pairs.value.ravel(), "fitted": result.fit.fitted.ravel()}
    table = pl.DataFrame({**columns, pairs.measure: pairs.cost.ravel(), "used": result.fit.sample.used.ravel()})
    return table.with_columns(pl.col(pl.Float64).fill_nan(None))


def smoothed_facts(smoothed: Smoothed | None) -> dict[str, Any] | None:
    """What smoothing did, in numbers; None where nothing was smoothed."""
    if smoothed is None:
        return None
    names = ("filled", "left", "people", "above", "smallest", "moved")
    return {name: getattr(smoothed, name) for name in names}


def moment_tables(result: MomentsResult) -> dict[str, pl.DataFrame]:
    """numbers, moments, profiles, depends, and jacobian (a row a moment, a column a number)."""
    known = result.identification
    jacobian = {"moment": result.moments["name"], **{name: known.jacobian[:, k] for k, name in enumerate(known.names)}}
    return {
        "numbers": result.numbers,
        "moments": result.moments,
        "profiles": result.profiles,
        "depends": result.depends,
        "jacobian": pl.DataFrame(jacobian),
    }
