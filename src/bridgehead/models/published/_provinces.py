"""A region of places as an economy of provinces: sums of people and money, means of costs that keep the flows' weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from bridgehead.errors import DataError, Fault
from bridgehead.models.published._balancing import balance

SMALLEST_KEPT = 0.02


@dataclass(frozen=True, eq=False)
class Provinces:
    """P provinces, S sectors, G origins of people. Arrays are plain NumPy.

    residents [P]; output [P, S] money a year; freeness τ^(−θ) [S, buyer, seller], borders included; reach D [origin, province], the share of real
    income kept to the power ν, borders included; own_goods [P, S] own final demand shares of spending on goods, nan where
    common; exports [P] money a year, nan where not observed; abroad [P] bool: only home of its own people and theirs alone;
    away [G, P] bool: open to the origin but not its own province.
    """

    names: tuple[str, ...]
    sectors: tuple[str, ...]
    origins: tuple[str, ...]
    residents: np.ndarray
    output: np.ndarray
    freeness: np.ndarray
    origin_people: np.ndarray
    reach: np.ndarray
    own_goods: np.ndarray
    exports: np.ndarray
    away: np.ndarray
    abroad: np.ndarray
    labour_share: np.ndarray
    floor_share: np.ndarray
    input_share: np.ndarray
    trade_elasticity: np.ndarray
    housing_share: float
    dispersion: float


def provinces_of(region: Any, *, level: str = "province") -> Provinces:
    """The provinces of a region, with its borders as the files state them.

    Freeness between provinces is the mean of τ^(−θ) f over pairs of places, weighted by the buyers' and sellers' shares of their
    province's value added; D of a province is the mean over its places, weighted by residents.
    """
    if level not in region.meta.levels:
        raise DataError(
            "the region has no provinces", [Fault(f"no level '{level}'", "region.toml", "one of " + ", ".join(region.meta.levels))]
        )
    arrays = region.arrays()
    names, cell = region.jurisdictions(level), region.cells(level)
    member = np.eye(len(names))[cell].T
    dispersion = region.parameters["home_dispersion"].value
    made = arrays.value_added.sum(axis=1)
    by_made = member * made / (member @ made)[:, None]
    by_people = member * arrays.residents / (member @ arrays.residents)[:, None]
    freeness = arrays.iceberg[None] ** -arrays.theta[:, None, None] * _passage(arrays, "trade", arrays.cells)
    reach = (arrays.kept_income**dispersion * _passage(arrays, "migration", arrays.origin_cells)) @ by_people.T
    goods = 1.0 - region.parameters["housing_share"].value
    return Provinces(
        names=tuple(names),
        sectors=tuple(region.sector_names),
        origins=tuple(region.origin_names),
        residents=member @ arrays.residents,
        output=member @ arrays.value_added / (arrays.beta + arrays.gamma),
        freeness=np.einsum("an,sni,bi->sab", by_made, freeness, by_made),
        origin_people=np.asarray(arrays.origin_people),
        reach=reach,
        own_goods=_own_goods(arrays.own_consumption / goods, cell, len(names)),
        exports=_own_exports(np.asarray(arrays.exports), cell, len(names)),
        away=_away(region, level, names, reach),
        abroad=np.array([(reach[:, p] > 0).sum() == 1 and (reach[reach[:, p] > 0][0] > 0).sum() == 1 for p in range(len(names))]),
        labour_share=arrays.beta,
        floor_share=arrays.gamma,
        input_share=arrays.omega,
        trade_elasticity=arrays.theta,
        housing_share=1.0 - goods,
        dispersion=dispersion,
    )


def _passage(arrays: Any, flow: str, receiving: dict[str, np.ndarray]) -> np.ndarray:
    """Product over levels of a flow's passages [(sector,) receiver, place]; receivers by their cells of each level."""
    factor: np.ndarray | float = 1.0
    for (name, level), passage in arrays.passages.items():
        if name == flow and level in receiving:
            factor = factor * passage[..., receiving[level][:, None], arrays.cells[level][None, :]]
    return np.asarray(factor)


def _own_goods(shares: np.ndarray, cell: np.ndarray, count: int) -> np.ndarray:
    """Own final demand shares of provinces that are one place with shares of its own; nan elsewhere."""
    own = np.full((count, shares.shape[1]), np.nan)
    for place in np.flatnonzero(np.isfinite(shares).all(axis=1)):
        if (cell == cell[place]).sum() == 1:
            own[cell[place]] = shares[place] / shares[place].sum()
    return own


def _own_exports(exports: np.ndarray, cell: np.ndarray, count: int) -> np.ndarray:
    """Observed exports of provinces that are one place; nan elsewhere."""
    own = np.full(count, np.nan)
    for place in np.flatnonzero(np.isfinite(exports)):
        if (cell == cell[place]).sum() == 1:
            own[cell[place]] = exports[place]
    return own


def _away(region: Any, level: str, names: tuple[str, ...], reach: np.ndarray) -> np.ndarray:
    """Pairs [origin, province] open to an origin that are not its own province; none where origins name no province."""
    if level not in region.origins.columns:
        return np.zeros(reach.shape, dtype=bool)
    home = np.array([[name == own for name in names] for own in region.origins[level]])
    return (reach > 0) & ~home


def home_weights(provinces: Provinces, reach: np.ndarray) -> np.ndarray:
    """V^ν [province] at which people live where they do; its level is free in each set of provinces that movers link."""
    linked = connected_components(csr_array((reach > 0).T.astype(float) @ (reach > 0) > 0), directed=False)[1]
    weight = np.ones(len(provinces.names))
    for group in range(linked.max() + 1):
        members = np.flatnonzero(linked == group)
        if len(members) > 1:
            people = (reach[:, members] > 0).any(axis=1)
            weight[members] = balance(reach[np.ix_(people, members)], provinces.residents[members], provinces.origin_people[people])
    return weight


def people_of(provinces: Provinces, reach: np.ndarray) -> np.ndarray:
    """People by origin and province [origin, province] at the weights that put everyone where they live."""
    weight = reach * home_weights(provinces, reach)
    return provinces.origin_people[:, None] * weight / weight.sum(axis=1, keepdims=True)


def with_migrants(provinces: Provinces, province: str, share: float) -> tuple[np.ndarray, float]:
    """(D, kept): one share of real income kept by all who live away from home, such that `share` of the people of `province`
    come from elsewhere; DataError where none does.
    """
    place = provinces.names.index(province)

    def reach(kept: float) -> np.ndarray:
        return np.where(provinces.away, provinces.reach * kept**provinces.dispersion, provinces.reach)

    def miss(log_kept: float) -> float:
        people = people_of(provinces, reach(float(np.exp(log_kept))))
        return float((people * provinces.away)[:, place].sum() / people[:, place].sum()) - share

    if not miss(np.log(SMALLEST_KEPT)) < 0 < miss(0.0):
        fault = Fault(f"{share:g} of the people of {province}", "moments.csv", "a share that some kept income between 0 and 1 gives")
        raise DataError("migration costs cannot be found", [fault])
    kept = float(np.exp(brentq(miss, np.log(SMALLEST_KEPT), 0.0, xtol=1e-12)))
    return reach(kept), kept
