"""Region: what there is, labelled and validated. Frozen; every later room reads it and none changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from bridgehead.errors import LabelError, did_you_mean
from bridgehead.region.arrays import RegionArrays, build_arrays
from bridgehead.region.facts import pick
from bridgehead.region.geometry_files import polygons_of
from bridgehead.region.meta import RegionMeta
from bridgehead.region.parameters import Parameter
from bridgehead.region.tables import frozen


@dataclass(frozen=True, eq=False)
class Region:
    """A region folder, read and checked. N places in the order of places.csv, S sectors, G origins.

    `travel` [N, N, minutes; home, work] is NaN where a place lies outside and infinite never; `trade_costs` [N, N, 1;
    buyer, seller] is NaN where no row gives the pair; `kept_income` [G, N, 1] has 0 for never. Tables are polars
    frames with the columns of the format page; facts are in the working units of `units.py`.
    """

    meta: RegionMeta
    places: pl.DataFrame
    facts: pl.DataFrame
    sectors: pl.DataFrame
    input_output: pl.DataFrame | None
    consumption: pl.DataFrame | None
    travel: np.ndarray | None
    links: pl.DataFrame | None
    trade_costs: np.ndarray | None
    gateways: pl.DataFrame | None
    origins: pl.DataFrame
    kept_income: np.ndarray
    borders: pl.DataFrame
    flows: dict[str, pl.DataFrame]
    moments: pl.DataFrame | None
    parameters: dict[str, Parameter]
    geometry: dict[str, Any] | None = None
    needs: dict[str, Any] | None = None
    strategies: dict[str, Any] | None = None
    zones: dict[str, Any] | None = None
    fit: dict[str, Any] | None = None
    fiscal: dict[str, Any] | None = None
    optimise: dict[str, Any] | None = None
    uncertainty: dict[str, Any] | None = None
    adjacency: pl.DataFrame | None = None
    totals: pl.DataFrame | None = None
    idea_flows: pl.DataFrame | None = None
    bounds: pl.DataFrame | None = None
    folder_hash: str = ""
    default_origins: bool = field(default=False)  # origins made by the rule for regions without migration data

    @cached_property
    def place_ids(self) -> tuple[str, ...]:
        """The ids of the places, in canonical order."""
        return tuple(self.places["place"])

    @property
    def sector_names(self) -> tuple[str, ...]:
        """The sectors, in the order of region.toml."""
        return self.meta.sectors

    @cached_property
    def sector_groups(self) -> dict[str, tuple[str, ...]]:
        """Every name that sectors go by, with the sectors it means: a sector itself with its sub-sectors (`part_of` in sectors.csv), and a
        name that only sub-sectors share."""
        groups = {name: [name] for name in self.sector_names}
        if "part_of" in self.sectors.columns:
            for name, whole in self.sectors.select("sector", "part_of").iter_rows():
                if whole is not None:
                    groups.setdefault(whole, []).append(name)
        return {name: tuple(sorted(members, key=self.sector_names.index)) for name, members in groups.items()}

    @cached_property
    def gateway_shares(self) -> dict[str, np.ndarray]:
        """Share [N] of each place's foreign trade that goes by a gateway, by its name; 0 for places that name none."""
        if self.gateways is None:
            return {}
        shares = {name: np.zeros(len(self.place_ids)) for name in sorted(set(self.gateways["gateway"].to_list()))}
        index = {place: row for row, place in enumerate(self.place_ids)}
        for place, gateway, share in self.gateways.select("place", "gateway", "share").iter_rows():
            if place in index:
                shares[gateway][index[place]] += share
        return {name: frozen(share) for name, share in shares.items()}

    def sector_mask(self, name: str) -> np.ndarray:
        """Which sectors [S] a name means; LabelError with a suggestion for an unknown one."""
        if name not in self.sector_groups:
            raise LabelError(f"unknown sector '{name}'; {did_you_mean(name, self.sector_groups)}")
        return np.isin(self.sector_names, self.sector_groups[name])

    @cached_property
    def origin_names(self) -> tuple[str, ...]:
        """The origins, in the order of origins.csv."""
        return tuple(self.origins["origin"])

    @cached_property
    def inside(self) -> np.ndarray:
        """Which places [N] lie inside the region, where people commute."""
        return frozen(~self.places["outside"].to_numpy())

    @property
    def levels(self) -> tuple[str, ...]:
        """All levels of jurisdictions: those of region.toml, `country` and `place`."""
        return self.meta.all_levels

    def index(self, place: str) -> int:
        """Position of a place in the canonical order; LabelError with a suggestion for an unknown one."""
        if place not in self.place_ids:
            raise LabelError(f"unknown place '{place}'; {did_you_mean(place, self.place_ids)}")
        return self.place_ids.index(place)

    def fact(self, variable: str, *, sector: str | None = None) -> np.ndarray:
        """A variable by place [N], in its working unit, NaN where absent. See `facts.pick` for years and sectors."""
        return self._picked(variable, sector)[0]

    def status(self, variable: str, *, sector: str | None = None) -> np.ndarray:
        """'observed', 'inferred' or '' (absent) by place [N]."""
        return self._picked(variable, sector)[1]

    def _picked(self, variable: str, sector: str | None) -> tuple[np.ndarray, np.ndarray]:
        """Values and status, picked from the table once: measures ask for them thousands of times."""
        if (variable, sector) not in self._facts_made:
            self._known_sector(sector)
            values, status = pick(self.facts, variable, self.place_ids, year=self.meta.year, sector=sector)
            self._facts_made[variable, sector] = (frozen(values), frozen(status))
        return self._facts_made[variable, sector]

    @cached_property
    def _facts_made(self) -> dict[tuple[str, str | None], tuple[np.ndarray, np.ndarray]]:
        return {}

    def _known_sector(self, sector: str | None) -> None:
        if sector is not None and sector not in self.sector_names:
            raise LabelError(f"unknown sector '{sector}'; {did_you_mean(sector, self.sector_names)}")

    def column_of(self, level: str) -> Sequence[str]:
        """The jurisdiction of every place at a level [N]; LabelError for an unknown level."""
        return self._at(level)[0]

    def jurisdictions(self, level: str) -> tuple[str, ...]:
        """The jurisdictions of a level, in the order in which places.csv first names them."""
        return self._at(level)[1]

    def cells(self, level: str) -> np.ndarray:
        """Index [N] of every place's jurisdiction in `jurisdictions(level)`; read only."""
        return self._at(level)[2]

    def _at(self, level: str) -> tuple[tuple[str, ...], tuple[str, ...], np.ndarray]:
        """A level's column, names and cells, made once: measures ask for them thousands of times."""
        if level not in self.levels:
            raise LabelError(f"unknown level '{level}'; {did_you_mean(level, self.levels)}")
        if level not in self._levels_made:
            column = self.place_ids if level == "place" else tuple(self.places[level])
            order = {name: i for i, name in enumerate(dict.fromkeys(column))}
            self._levels_made[level] = (column, tuple(order), frozen(np.array([order[name] for name in column], dtype=np.int64)))
        return self._levels_made[level]

    @cached_property
    def _levels_made(self) -> dict[str, tuple[tuple[str, ...], tuple[str, ...], np.ndarray]]:
        return {}

    def members(self, level: str, name: str) -> np.ndarray:
        """Which places [N] belong to a jurisdiction; LabelError with a suggestion for an unknown one."""
        known = self.jurisdictions(level)
        if name not in known:
            raise LabelError(f"unknown {level} '{name}'; {did_you_mean(name, known)}")
        return self.cells(level) == known.index(name)

    def origin_levels(self) -> tuple[str, ...]:
        """The levels at which origins have a jurisdiction."""
        return tuple(level for level in self.levels if level in self.origins.columns)

    @cached_property
    def polygons(self) -> dict[str, Any]:
        """The shapely polygon of each place that has one, in degrees and canonical order; empty without boundaries."""
        return {} if self.geometry is None else polygons_of(self.geometry, self.place_ids)

    def arrays(self) -> RegionArrays:
        """Everything the model needs, as NumPy arrays in canonical order; built once."""
        return self._arrays

    @cached_property
    def _arrays(self) -> RegionArrays:
        return build_arrays(self)
