"""Two solution folders side by side: what differs in their inputs, and what that does to the outputs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from bridgehead.errors import DataError, Faults
from bridgehead.region.differences import differing, flat, flat_scenario

FILES = ("certificate.json", "inputs.json")
KEYS = {"places": ["place"], "sectors": ["place", "sector"], "origins": ["origin"]}
MONEY = ("income", "goods_sold_elsewhere")
"""Money of places, compared at the first solution's consumer prices: nominal totals say nothing, the numeraire holds them."""
MOVED = ("residents", "jobs")
"""People of places: their sums never change, so what is shown is how many are elsewhere, Σ |change| / 2."""
FLOOR = ("floor_home", "floor_work")
"""Floor space, which adds up."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """inputs: (input, a, b), only what differs. totals: (quantity, a, b, change, change_percent), money at the prices of a.

    tables: by name, the rows of both with `_a`, `_b`, `_change` and `_percent` of every number. certificates: of a and of b.
    notes: what a reader must know, such as folders of different regions.
    """

    a: str
    b: str
    inputs: pl.DataFrame
    totals: pl.DataFrame
    tables: dict[str, pl.DataFrame]
    certificates: tuple[dict[str, Any], dict[str, Any]]
    notes: tuple[str, ...] = ()


def compare_solutions(folder_a: Path | str, folder_b: Path | str) -> Comparison:
    """Compare two solution folders (formats.md, "Solution folder"), inputs beside outputs.

    DataError lists everything that is missing, and places that only one of the two has.
    """
    a, b = Path(folder_a), Path(folder_b)
    faults = Faults(f"the solutions '{a.name}' and '{b.name}' cannot be compared", DataError)
    for folder in (a, b):
        _check(folder, faults)
    faults.raise_if_any()
    tables = {name: _joined(name, _table(a, name), _table(b, name), faults) for name in KEYS}
    faults.raise_if_any()
    one, other = inputs_of(a), inputs_of(b)
    notes = []
    if one.get("folder_hash") != other.get("folder_hash"):
        notes.append("the two solutions come from different data: differences are not the scenario's alone")
    certificates = tuple(json.loads((folder / "certificate.json").read_text(encoding="utf-8")) for folder in (a, b))
    totals = _totals(tables)
    return Comparison(a.name, b.name, input_differences(one, other), totals, tables, certificates, tuple(notes))


def _check(folder: Path, faults: Faults) -> None:
    if not folder.is_dir():
        faults.add("no such folder", place=str(folder), expected="a folder that `bridgehead solve --out` wrote")
        return
    missing = [name for name in FILES if not (folder / name).is_file()]
    missing += [name for name in KEYS if not any((folder / f"{name}.{end}").is_file() for end in ("parquet", "csv"))]
    for name in missing:
        faults.add(f"has no {name}", place=str(folder), expected="a folder that `bridgehead solve --out` wrote")


def _table(folder: Path, name: str) -> pl.DataFrame:
    parquet = folder / f"{name}.parquet"
    if parquet.is_file():
        return pl.read_parquet(parquet)
    return pl.read_csv(folder / f"{name}.csv", infer_schema_length=None, schema_overrides=dict.fromkeys(KEYS[name], pl.String))


def _joined(name: str, a: pl.DataFrame, b: pl.DataFrame, faults: Faults) -> pl.DataFrame:
    keys = KEYS[name]
    for one, other, which in ((a, b, "first"), (b, a, "second")):
        only = one.join(other, on=keys, how="anti")
        if only.height:
            faults.add(
                f"{only.height} rows are only in the {which}: {only.row(0)[: len(keys)]} …",
                place=name,
                cure="compare solutions of one region",
            )
    numbers = [c for c in a.columns if c not in keys and c in b.columns and a[c].dtype.is_numeric()]
    both = a.select(keys + numbers).join(b.select(keys + numbers), on=keys, how="left", suffix="_b", maintain_order="left")
    columns = [pl.col(key) for key in keys]
    for c in numbers:
        change = pl.col(f"{c}_b") - pl.col(c)
        percent = pl.when(pl.col(c) != 0).then(100.0 * change / pl.col(c).abs())
        columns += [pl.col(c).alias(f"{c}_a"), pl.col(f"{c}_b"), change.alias(f"{c}_change"), percent.alias(f"{c}_percent")]
    return both.select(columns)


def _totals(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Sums that mean something: real money, floor space, and people who are elsewhere."""
    places = tables["places"]
    deflator = pl.col("consumer_price_a") / pl.col("consumer_price_b")
    output = tables["sectors"].group_by("place", maintain_order=True).agg(pl.col("output_a").sum(), pl.col("output_b").sum())
    both = places.join(output, on="place", how="left", maintain_order="left")
    rows = []
    for name in ("output", *MONEY):
        a, b = both.select(pl.col(f"{name}_a").sum(), (pl.col(f"{name}_b") * deflator).sum()).row(0)
        rows.append(_total(f"real_{name}", a, b))
    rows += [_total(name, places[f"{name}_a"].sum(), places[f"{name}_b"].sum()) for name in FLOOR]
    rows += [_total(f"{name}_elsewhere", 0.0, float(places[f"{name}_change"].abs().sum()) / 2.0) for name in MOVED]
    numbers = dict.fromkeys(("a", "b", "change", "change_percent"), pl.Float64)
    return pl.DataFrame(rows, schema={"quantity": pl.String, **numbers}, orient="row")


def _total(name: str, a: float, b: float) -> dict[str, Any]:
    return {"quantity": name, "a": a, "b": b, "change": b - a, "change_percent": 100.0 * (b - a) / abs(a) if a else None}


def inputs_of(folder: Path) -> dict[str, Any]:
    """Everything a solution was computed from, flat: 'parameters.home_dispersion' -> 1.5, 'scenario.lever 1' -> its keys."""
    found = flat(json.loads((folder / "inputs.json").read_text(encoding="utf-8")))
    path = folder / "scenario.toml"
    return found | (flat_scenario(path.read_text(encoding="utf-8"), "scenario.") if path.is_file() else {})


def input_differences(a: dict[str, Any], b: dict[str, Any]) -> pl.DataFrame:
    """Inputs that are not the same in both, as text: (input, a, b)."""
    return pl.DataFrame(differing(a, b), schema={"input": pl.String, "a": pl.String, "b": pl.String})
