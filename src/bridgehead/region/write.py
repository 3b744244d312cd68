"""write_region: a region as a folder that reads back to the same tables, arrays and parameters."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bridgehead.errors import DataError
from bridgehead.region.forms import to_toml
from bridgehead.region.meta import RegionMeta
from bridgehead.region.parameters import Parameter
from bridgehead.region.region import Region
from bridgehead.region.schemas import EXTRAS


def write_region(region: Region, folder: str | Path, *, parquet: Collection[str] = ()) -> Path:
    """Write `region` to `folder`, which must be new or empty, and return it.

    Tables named in `parquet` (by the stem of their file, e.g. 'trade_costs') are written as Parquet, the others as CSV.
    Numbers are written so that they read back to the last bit; facts are in the working units. Travel times computed
    from links are not written: the links are.
    """
    folder = Path(folder)
    require_empty(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for stem, table in tables_of(region).items():
        if stem in parquet:
            table.write_parquet(folder / f"{stem}.parquet")
        else:
            table.write_csv(folder / f"{stem}.csv")
    _write_text(folder / "region.toml", to_toml(meta_table(region.meta)))
    _write_text(folder / "parameters.toml", to_toml({k: parameter_table(p) for k, p in region.parameters.items()}))
    for name in EXTRAS:
        if getattr(region, name) is not None:
            _write_text(folder / f"{name}.toml", to_toml(getattr(region, name)))
    if region.geometry is not None:
        text = json.dumps(region.geometry, ensure_ascii=False, separators=(",", ":"))
        _write_text(folder / "geometry.geojson", text + "\n")
    return folder


def require_empty(folder: Path) -> None:
    """Raise DataError where `folder` exists and holds anything: nothing is overwritten or mixed."""
    if folder.is_file():
        raise DataError(f"'{folder}' is a file: nothing was written. Name a new folder.")
    if folder.is_dir() and any(folder.iterdir()):
        raise DataError(f"'{folder}' is not empty: nothing was written. Name a new folder, or empty this one.")


def tables_of(region: Region) -> dict[str, pl.DataFrame]:
    """All tables of a region in long form, by the stem of their file."""
    plain = (
        "places",
        "facts",
        "sectors",
        "input_output",
        "consumption",
        "links",
        "gateways",
        "moments",
        "adjacency",
        "totals",
        "idea_flows",
        "bounds",
    )
    tables = {name: getattr(region, name) for name in plain}
    ids, inside = region.place_ids, region.inside
    if region.links is None and region.travel is not None:
        wanted = inside[:, None] & inside[None, :]
        tables["travel"] = _long(region.travel, wanted, {"home": ids, "work": ids}, "minutes")
    if region.trade_costs is not None:
        given = np.isfinite(region.trade_costs)
        tables["trade_costs"] = _long(region.trade_costs, given, {"buyer": ids, "seller": ids}, "iceberg")
    if not region.default_origins:
        labels = {"origin": region.origin_names, "destination": ids}
        kept = region.kept_income
        tables["migration_costs"] = _long(kept, np.ones(kept.shape, dtype=bool), labels, "kept_income")
        tables["origins"] = region.origins
    if region.borders.height:
        unnamed = region.borders["sector"].null_count() == region.borders.height
        tables["borders"] = region.borders.drop("sector") if unnamed else region.borders
    tables |= region.flows
    return {name: table for name, table in tables.items() if table is not None}


def meta_table(meta: RegionMeta) -> dict[str, Any]:
    """region.toml as a mapping, without what is empty."""
    table = meta.model_dump(exclude_none=True)
    table["rates"] = {tax: rates for tax, rates in table["rates"].items() if rates}
    return {key: value for key, value in table.items() if value != {}}


def parameter_table(parameter: Parameter) -> dict[str, Any]:
    """One parameter as a table of parameters.toml."""
    return {"value": parameter.value, "low": parameter.low, "high": parameter.high, "source": parameter.source}


def _long(array: np.ndarray, where: np.ndarray, labels: dict[str, tuple[str, ...]], value: str) -> pl.DataFrame:
    rows = np.nonzero(where)
    columns = {name: np.array(names, dtype=object)[i].tolist() for (name, names), i in zip(labels.items(), rows, strict=True)}
    return pl.DataFrame({**columns, value: array[where]})


def _write_text(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
