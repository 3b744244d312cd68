"""An ensemble's ranges beside an appraisal: only where both are of the same region, scenarios, estimates and version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from bridgehead.ensemble.plan import estimates_digest
from bridgehead.ensemble.store import MANIFEST
from bridgehead.errors import DataError, Fault
from bridgehead.policy import Scenario, scenario_text
from bridgehead.version import VERSION

RANGES, KEPT = "ranges", "ensemble.json"
"""The table of ranges, and what an appraisal keeps of the ensemble's manifest."""


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


def read_ranges(folder: Path, region: Any, scenarios: Mapping[str, Scenario] | None = None, estimates: Any = None) -> Ranges:
    """The ranges of an ensemble's folder, or of an appraisal that keeps them.

    DataError where there are none, or where they are of another region, other scenarios, estimates or version than the appraisal.
    """
    manifest, table = next((path for name in (KEPT, MANIFEST) if (path := folder / name).is_file()), None), folder / f"{RANGES}.parquet"
    if manifest is None or not table.is_file():
        cure = "make it with `bridgehead ensemble`, to its end"
        raise DataError("the ensemble cannot be used", [Fault("the folder holds no ranges of an ensemble", str(folder), cure=cure)])
    try:
        found, ranges = json.loads(manifest.read_text(encoding="utf-8")), pl.read_parquet(table)
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
