"""Draws as tables: one row a draw, one row a draw and scenario with its cells, one row a draw, line and year of a path."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import polars as pl

from bridgehead.appraise.cells import UNDEFINED
from bridgehead.ensemble.evaluate import OK, Drawn, Member
from bridgehead.ensemble.paths import DrawnPath
from bridgehead.ensemble.plan import EnsemblePlan

BASE = "base: "
FITTED = "fitted: "
FACTOR = "factor: "


def cell_name(need: str, line: str) -> str:
    """The column of a cell."""
    return f"{need}|{line}"


def tables_of(plan: EnsemblePlan, drawn: Sequence[Drawn]) -> dict[str, bytes]:
    """The Parquet files of a batch by name: the same bytes for the same draws."""
    return {"draws": _parquet(_draws(plan, drawn)), "cells": _parquet(_cells(plan, drawn)), "paths": _parquet(_paths(drawn))}


def _draws(plan: EnsemblePlan, drawn: Sequence[Drawn]) -> pl.DataFrame:
    names = list(plan.fitted_names)
    rows = []
    for each in drawn:
        twin = plan.asked.twin_of(each.number)
        row: dict[str, Any] = {"draw": each.number, "twin_of": twin, "outcome": each.outcome, "cause": each.cause}
        row |= {"path": None, "path_distance": None} if each.path is None else _path_end(each.path)
        row |= {FACTOR + f.name: each.values[f.name] for f in plan.factors}
        row |= {FITTED + name: each.numbers.get(name) for name in names}
        row |= {BASE + cell_name(*r.key): each.base.get(r.key) for r in plan.needs.rows}
        rows.append(row)
    head = {"draw": pl.Int64, "twin_of": pl.Int64, "outcome": pl.String, "cause": pl.String, "path": pl.String}
    head |= {"path_distance": pl.Float64}
    numbers = [FACTOR + f.name for f in plan.factors] + [FITTED + n for n in names] + [BASE + cell_name(*r.key) for r in plan.needs.rows]
    return pl.DataFrame(rows, schema={**head, **dict.fromkeys(numbers, pl.Float64)}, orient="row")


def _cells(plan: EnsemblePlan, drawn: Sequence[Drawn]) -> pl.DataFrame:
    rows = [_cell_row(plan, each.number, member) for each in drawn for member in each.members]
    head = {"draw": pl.Int64, "background": pl.String, "scenario": pl.String, "solved": pl.Boolean, "reason": pl.String}
    numbers = {**dict.fromkeys(("distance", "gap", "identity"), pl.Float64), "steps": pl.Int64}
    cells = {cell_name(*row.key): pl.Float64 for row in plan.needs.rows}
    return pl.DataFrame(rows, schema={**head, **numbers, **cells}, orient="row")


def _cell_row(plan: EnsemblePlan, number: int, member: Member) -> dict[str, Any]:
    row: dict[str, Any] = {"draw": number, "background": member.background, "scenario": member.id, "solved": member.solved}
    row |= {"reason": member.reason, "distance": member.distance, "gap": member.gap, "identity": member.identity, "steps": member.steps}
    for need in plan.needs.rows:
        cell = member.cells[need.key]
        row[cell_name(*need.key)] = None if cell.status == UNDEFINED else cell.change
    return row


def _path_end(path: DrawnPath) -> dict[str, Any]:
    return {"path": path.cause or OK, "path_distance": path.distance}


def _paths(drawn: Sequence[Drawn]) -> pl.DataFrame:
    rows = [(each.number, *row) for each in drawn if each.path is not None for row in each.path.rows]
    kinds = {"draw": pl.Int64, "need": pl.String, "line": pl.String, "year": pl.Int64, "baseline": pl.Float64, "change": pl.Float64}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def _parquet(table: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    table.write_parquet(out, compression="zstd", statistics=False)
    return out.getvalue()
