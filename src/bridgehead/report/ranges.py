"""Which ranges stand beside an appraisal: an ensemble's that a user names, or those that come with the case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bridgehead.cases import case_folder, case_names
from bridgehead.ensemble.attach import KEPT, RANGES, Ranges, ranges_among, read_ranges
from bridgehead.report.figures.numbers import plain
from bridgehead.report.shell import Shell

__all__ = ["agreeing", "case_ranges", "ranges_for", "remove_ranges"]


def case_ranges(region: Any) -> Ranges | None:
    """The ranges that come with a case, of its strategies and zones; None for any other region, changed data, or another version."""
    return ranges_among((case_folder(name) / "ensemble" for name in case_names()), region)


def ranges_for(ensemble: Path | None, region: Any, plans: Any, estimates: Any) -> Ranges | None:
    """The ranges asked for; those that come with the case where its own plans are appraised; else None."""
    if ensemble is not None:
        return read_ranges(ensemble, region, plans, estimates)
    return case_ranges(region) if plans is None and estimates is None else None


def agreeing(shell: Shell, ranges: Ranges | None, appraisal: Any) -> tuple[Ranges | None, tuple[str, ...]]:
    """(ranges of the cells whose numbers at the defaults are the appraisal's, what to tell of the others)."""
    if ranges is None:
        return None, ()
    kept, differing = ranges.of(appraisal.tables["matrix_long"])
    if not differing:
        return kept, ()
    first = differing[0]
    cell = f"{first.need} {first.line} · {first.scenario}: {plain(first.default)} / {plain(first.change)}"
    counts = {"count": len(differing), "cells": appraisal.tables["matrix_long"].height, "cell": cell}
    return kept, (shell.text("appraise.ranges_left_out" if kept is None else "appraise.ranges_some", **counts),)


def remove_ranges(folder: Path) -> None:
    """Take away the ranges that an earlier appraisal left in a folder; those of an ensemble's own folder stay."""
    if (folder / KEPT).is_file():
        for name in (KEPT, f"{RANGES}.csv", f"{RANGES}.parquet"):
            (folder / name).unlink(missing_ok=True)
