"""Passages of borders as arrays: receiver by supplier, for trade also by sector, 1 inside a jurisdiction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from bridgehead.region.tables import positions


def passage_array(borders: pl.DataFrame, flow: str, level: str, jurisdictions: Sequence[str], sectors: Sequence[str]) -> np.ndarray:
    """Passages [J, J] of a flow at a level, [S, J, J] for trade; NaN where no row gives the pair, 1 on the diagonal.

    A trade row without sector holds for all sectors; one that names a sector takes its place for that sector.
    """
    rows = borders.filter((pl.col("flow") == flow) & (pl.col("level") == level))
    receiver, supplier = positions(rows["receiver"], jurisdictions), positions(rows["supplier"], jurisdictions)
    value = rows["passage"].fill_null(np.nan).to_numpy()
    n = len(jurisdictions)
    array = np.full((len(sectors) if flow == "trade" else 1, n, n), np.nan)
    named = rows["sector"].is_not_null().to_numpy() if "sector" in rows.columns else np.zeros(rows.height, dtype=bool)
    good = (receiver >= 0) & (supplier >= 0)
    common = good & ~named
    array[:, receiver[common], supplier[common]] = value[common]
    if named.any() and flow == "trade":
        sector = positions(rows["sector"], sectors)
        own = good & named & (sector >= 0)
        array[sector[own], receiver[own], supplier[own]] = value[own]
    array[:, np.arange(n), np.arange(n)] = 1.0
    return array if flow == "trade" else array[0]


def given_pairs(borders: pl.DataFrame, flow: str, level: str, jurisdictions: Sequence[str], sectors: Sequence[str]):
    """Where a row gives the passage, whatever its value; shape as `passage_array`, True on the diagonal."""
    marked = borders.with_columns(pl.lit(1.0).alias("passage"))
    return np.isfinite(passage_array(marked, flow, level, jurisdictions, sectors))
