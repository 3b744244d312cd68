"""A draw reopened by its number: made again by the same kind of process, and compared with the stored one, number by number."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from bridgehead.ensemble.job import Job
from bridgehead.ensemble.plan import EnsemblePlan
from bridgehead.ensemble.store import TABLES, Store
from bridgehead.ensemble.worker import Worker
from bridgehead.errors import DataError, Fault


@dataclass(frozen=True, eq=False)
class Again:
    """draws: the row of the table of draws; cells: one row a scenario; paths: one a line and year; identical: whether the stored ones are the same to the last bit,
    None where none are stored; differing: the columns that are not."""

    draws: pl.DataFrame
    cells: pl.DataFrame
    paths: pl.DataFrame
    identical: bool | None
    differing: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """For machines."""
        return {"values": self.draws.to_dicts()[0], "cells": self.cells, "paths": self.paths}


def draw_again(plan: EnsemblePlan, folder: Path, region_folder: Path, number: int, estimates: Path | None = None) -> Again:
    """Make one draw of a plan. DataError for a number the plan does not have, or a folder that holds another plan's draws."""
    if number not in plan.asked.numbers:
        expected = f"0 to {plan.asked.numbers[-1]} (0: the defaults; above {plan.asked.draws}: twins)"
        raise DataError("there is no such draw", [Fault(f"draw {number}", "--draw", expected)])
    stored = _stored(plan, folder, number)
    worker = Worker(Job.of(plan, region_folder, estimates))
    try:
        made, _ = worker.draws([number])
    finally:
        worker.close()
    found = [pl.read_parquet(io.BytesIO(made[name])) for name in TABLES]
    differing = () if stored is None else _differing(found, stored)
    return Again(*found, None if stored is None else not differing, differing)


def _differing(made: list[pl.DataFrame], stored: list[pl.DataFrame]) -> tuple[str, ...]:
    """The columns in which a draw made again is not the stored one, to the last bit."""
    pairs = zip(made, stored, strict=True)
    return tuple(name for one, other in pairs for name in {**one.schema, **other.schema} if not _same_column(one, other, name))


def _same_column(one: pl.DataFrame, other: pl.DataFrame, name: str) -> bool:
    return name in one.columns and name in other.columns and one[name].equals(other[name])


def _stored(plan: EnsemblePlan, folder: Path, number: int) -> list[pl.DataFrame] | None:
    if Store(folder).manifest() is None:
        return None
    store = Store.open(folder, plan.manifest)
    batch = plan.asked.numbers.index(number) // plan.asked.batch
    if batch not in store.done():
        return None
    return [store.read(name, [batch]).filter(pl.col("draw") == number) for name in TABLES]
