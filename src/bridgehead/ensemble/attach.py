"""An ensemble's ranges beside an appraisal: only where both are of the same region, scenarios, estimates and version."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from bridgehead.ensemble.plan import estimates_digest
from bridgehead.ensemble.store import MANIFEST
from bridgehead.ensemble.summary import KEY
from bridgehead.ensemble.summary import RANGES as NUMBERS
from bridgehead.errors import DataError, Fault
from bridgehead.policy import Scenario, scenario_text
from bridgehead.version import VERSION

RANGES, KEPT = "ranges", "ensemble.json"
"""The table of ranges, and what an appraisal keeps of the ensemble's manifest."""
SCHEMA = {**KEY, **NUMBERS}


@dataclass(frozen=True, eq=False)
class Ranges:
    """manifest: the ensemble's; table: its ranges."""

    manifest: dict[str, Any]
    table: pl.DataFrame

    def write(self, folder: Path) -> list[Path]:
        """Into an appraisal's folder: the table, and whose it is."""
        from bridgehead.appraise.write import write_table

        kept = folder / KEPT
        kept.write_text(json.dumps(self.manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        return [*write_table(self.table, folder, RANGES), kept]

    def of(self, matrix: pl.DataFrame) -> tuple[Ranges | None, list[Differing]]:
        """(the ranges of the cells whose number at the defaults is the appraisal's change, those that differ). matrix: `matrix_long`.

        A cell that differs shows no range: near the solver's error one side may say 0, or nothing, and the other a number. Where more than
        `MOST` of the cells differ the ensemble is of other numbers, and no range is left.
        """
        known = {(row["need"], row["line"], row["scenario"]): row["default"] for row in self.table.to_dicts()}
        differing, kept = [], []
        for row in matrix.to_dicts():
            key = (row["need"], str(row["line"]), row["scenario"])
            if key in known and _alike(known[key], row["change"]):
                kept.append(dict(zip(CELL, key, strict=True)))
            else:
                differing.append(Differing(*key, known.get(key), row["change"]))
        if len(differing) > MOST * matrix.height:
            return None, differing
        cells = pl.DataFrame(kept, schema=dict.fromkeys(CELL, pl.String))
        return Ranges(self.manifest, self.table.join(cells, on=CELL, how="semi", maintain_order="left")), differing


class Differing(NamedTuple):
    """A cell whose number at the defaults is another in the ensemble (`default`) than in the appraisal (`change`)."""

    need: str
    line: str
    scenario: str
    default: float | None
    change: float | None


CELL = ["need", "line", "scenario"]
AGREE = 1e-4
"""Numbers at the defaults agree to this share of themselves: shadow prices are found twice, each to 1e-5."""

MOST = 0.05
"""Share of the cells that may differ, each without a range, before the whole ensemble is of other numbers."""


def _alike(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=AGREE)


def ranges_among(folders: Iterable[Path], region: Any) -> Ranges | None:
    """The ranges in the first of some folders that are of the region's own plans, its data and this version; None where none are."""
    for folder in folders:
        if (folder / KEPT).is_file():
            try:
                return read_ranges(folder, region)
            except DataError:
                continue
    return None


def read_ranges(folder: Path, region: Any, scenarios: Mapping[str, Scenario] | None = None, estimates: Any = None) -> Ranges:
    """The ranges of an ensemble's folder, or of an appraisal that keeps them.

    DataError where there are none, or where they are of another region, other scenarios, estimates or version than the appraisal.
    """
    manifest = next((path for name in (KEPT, MANIFEST) if (path := folder / name).is_file()), None)
    table = next((path for kind in ("parquet", "csv") if (path := folder / f"{RANGES}.{kind}").is_file()), None)
    if manifest is None or table is None:
        cure = "make it with `bridgehead ensemble`, to its end"
        raise DataError("the ensemble cannot be used", [Fault("the folder holds no ranges of an ensemble", str(folder), cure=cure)])
    try:
        found, ranges = json.loads(manifest.read_text(encoding="utf-8")), _table(table)
        found = {**found}
    except (OSError, ValueError, TypeError, pl.exceptions.PolarsError) as error:
        raise DataError("the ensemble cannot be used", [Fault(f"it cannot be read: {error}", str(folder))]) from error
    texts = None if scenarios is None else {id: scenario_text(scenario) for id, scenario in scenarios.items()}
    wanted = {
        "version": (VERSION, "another version of the program"),
        "region_hash": (region.folder_hash, "other data of the region"),
        "scenarios": (texts, "other scenarios"),
        "estimates": (estimates_digest(estimates), "other estimates"),
    }
    faults = [
        Fault(f"it was made with {what}", f"{manifest.name}: {key}") for key, (value, what) in wanted.items() if found.get(key) != value
    ]
    if faults:
        raise DataError(f"the ensemble in {folder} is not of this appraisal. Make it anew with `bridgehead ensemble`", faults)
    return Ranges(found, ranges)


def _table(path: Path) -> pl.DataFrame:
    """The table of ranges; ValueError where a column is missing."""
    found = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, schema_overrides=SCHEMA)
    missing = [name for name in SCHEMA if name not in found.columns]
    if missing:
        raise ValueError(f"{path.name} has no column {', '.join(missing)}")
    return found
