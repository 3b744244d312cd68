"""An ensemble's ranges beside an appraisal: only where both are of the same region, scenarios, estimates and version."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

    def disagreement(self, matrix: pl.DataFrame) -> str | None:
        """The first cell, in words, whose number at the defaults is not the appraisal's change; None where all agree. matrix: need, line,
        scenario, change (`matrix_long`)."""
        cells = {(row["need"], str(row["line"]), row["scenario"]): row["change"] for row in matrix.to_dicts()}
        for row in self.table.to_dicts():
            key, default = (row["need"], str(row["line"]), row["scenario"]), row["default"]
            if key in cells and not _alike(default, cells[key]):
                return f"{' '.join(key)} is {default} there, and {cells[key]} here"
        return None


AGREE, TINY = 1e-4, 1e-9
"""Numbers at the defaults agree to this share of themselves (shadow prices are found twice, each to 1e-5), or to this much."""


def _alike(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=AGREE, abs_tol=TINY)


def ranges_among(folders: Iterable[Path], region: Any) -> Ranges | None:
    """The ranges in the first of some folders that are of the region's own plans, its data and this version; None where none are."""
    for folder in folders:
        kept = folder / KEPT
        if kept.is_file() and json.loads(kept.read_text(encoding="utf-8")).get("region_hash") == region.folder_hash:
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
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
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
    return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, schema_overrides=SCHEMA)
