"""Draws of inferred figures within their bounds (bounds.csv): which numbers they take, and a region's arrays at them.

A row's figure at u in (0, 1) lies between its bounds, its own value in the middle, in logs: value (low/value)^(1 − 2u) below u = ½, value
(high/value)^(2u − 1) above; an `opposite` row takes 1 − u. Rows of one `draw` share their u. Where a total stands, its parts are then scaled
together, so that what is published stays; they may leave their bounds by that much. Several rows on one figure act one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import polars as pl

from bridgehead.region.facts import used_rows

DRAWN = ("value_added", "residents", "rent_home", "rent_work", "construction_land")
"""Figures of the arrays that draws move; bounds of others are carried along and move nothing."""


@dataclass(frozen=True, eq=False)
class _Layer:
    """Rows that act at once, no figure twice: draw, ends over the value in logs, what they move, the total each is a part of (−1: none)."""

    draw: np.ndarray
    low: np.ndarray
    high: np.ndarray
    opposite: np.ndarray
    cell: np.ndarray
    of_row: np.ndarray
    total: np.ndarray

    def at(self, values: np.ndarray, uniform: np.ndarray) -> np.ndarray:
        """The flat values with this layer's figures drawn."""
        u = np.where(self.opposite, 1.0 - uniform[self.draw], uniform[self.draw])
        factor = np.exp(np.where(u < 0.5, self.low * (1.0 - 2.0 * u), self.high * (2.0 * u - 1.0)))
        before = values[self.cell]
        after = before * factor[self.of_row]
        group = self.total[self.of_row]
        held = group >= 0
        if held.any():
            sums = [np.bincount(group[held], weights=part[held]) for part in (before, after)]
            after[held] *= (sums[0] / np.where(sums[1] > 0, sums[1], 1.0))[group[held]]
        moved = values.copy()
        moved[self.cell] = after
        return moved


@dataclass(frozen=True, eq=False)
class BoundDraws:
    """How a region's bounded figures are drawn. names: one uniform number each; unused: bounded variables that no array holds."""

    names: tuple[str, ...]
    layers: tuple[_Layer, ...]
    unused: tuple[str, ...]
    sectors: int

    def at(self, arrays: Any, uniform: np.ndarray) -> Any:
        """The region's arrays with its inferred figures drawn: `uniform` [names], numbers in (0, 1), ½ for the figures themselves."""
        if uniform.shape != (len(self.names),):
            raise ValueError(f"a draw takes {len(self.names)} numbers, got an array of shape {uniform.shape}")
        parts = {name: np.asarray(getattr(arrays, name), dtype=float) for name in DRAWN}
        flat = np.concatenate([part.ravel() for part in parts.values()])
        for layer in self.layers:
            flat = layer.at(flat, uniform)
        ends = np.cumsum([0, *(part.size for part in parts.values())])
        drawn = {name: flat[a:b].reshape(part.shape) for (name, part), a, b in zip(parts.items(), ends, ends[1:], strict=False)}
        return replace(arrays, **drawn)


def bound_draws(region: Any) -> BoundDraws:
    """The draws that a region's bounds.csv asks for; none where it has no such file. Worked out once a region."""
    if region not in _KNOWN:
        _KNOWN[region] = _bound_draws(region)
    return _KNOWN[region]


_KNOWN: WeakKeyDictionary[Any, BoundDraws] = WeakKeyDictionary()


def _bound_draws(region: Any) -> BoundDraws:
    table = region.bounds
    if table is None:
        return BoundDraws((), (), (), len(region.sector_names))
    used = table.filter(pl.col("variable").is_in(DRAWN))
    unused = tuple(table.filter(~pl.col("variable").is_in(DRAWN))["variable"].unique(maintain_order=True))
    rows = used.to_dicts()
    names = tuple(dict.fromkeys(row["draw"] for row in rows))
    values = _figures(region)
    cells = [_cells(region, row) for row in rows]
    layers = [_layer([rows[i] for i in part], [cells[i] for i in part], names, values) for part in _apart(rows, cells)]
    return BoundDraws(names, tuple(layers), unused, len(region.sector_names))


def _figures(region: Any) -> dict[tuple[str, str, str | None], float]:
    """Every bounded figure, of sectors together under None."""
    found: dict[tuple[str, str, str | None], float] = {}
    for variable in DRAWN:
        for row in used_rows(region.facts, variable, year=region.meta.year).iter_rows(named=True):
            found[row["place"], variable, row["sector"]] = row["value"]
            if row["sector"] is not None:
                found[row["place"], variable, None] = found.get((row["place"], variable, None), 0.0) + row["value"]
    return found


def _cells(region: Any, row: dict) -> list[int]:
    """Where a row's figure lies in the flat values: all sectors of a place where it names none."""
    count, sectors, place = len(region.place_ids), len(region.sector_names), region.index(row["place"])
    if row["variable"] == "value_added":
        chosen = range(sectors) if row["sector"] is None else [region.sector_names.index(row["sector"])]
        return [place * sectors + s for s in chosen]
    return [count * sectors + (DRAWN.index(row["variable"]) - 1) * count + place]


def _apart(rows: Sequence[dict], cells: Sequence[list[int]]) -> list[list[int]]:
    """Rows in layers in which no figure stands twice. The parts of a total act together, where the first of them stands."""
    steps: dict[object, list[int]] = {}
    for number, row in enumerate(rows):
        steps.setdefault(number if row["total"] is None else row["total"], []).append(number)
    layers: list[list[int]] = []
    seen: dict[int, int] = {}
    for members in steps.values():
        touched = [cell for i in members for cell in cells[i]]
        number = max(seen.get(cell, 0) for cell in touched)
        seen |= dict.fromkeys(touched, number + 1)
        if number == len(layers):
            layers.append([])
        layers[number] += members
    return layers


def _layer(rows: list[dict], cells: list[list[int]], names: tuple[str, ...], values: dict) -> _Layer:
    figure = np.array([values[row["place"], row["variable"], row["sector"]] for row in rows])
    totals = list(dict.fromkeys(row["total"] for row in rows if row["total"] is not None))
    return _Layer(
        draw=np.array([names.index(row["draw"]) for row in rows]),
        low=np.log([row["low"] for row in rows]) - np.log(figure),
        high=np.log([row["high"] for row in rows]) - np.log(figure),
        opposite=np.array([bool(row["opposite"]) for row in rows]),
        cell=np.array([cell for part in cells for cell in part]),
        of_row=np.array([number for number, part in enumerate(cells) for _ in part]),
        total=np.array([-1 if row["total"] is None else totals.index(row["total"]) for row in rows]),
    )
