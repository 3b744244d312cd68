"""RegionArrays: a region as NumPy arrays in canonical order, the only thing kernels, blocks and solver see of it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

import numpy as np

from bridgehead.region.borders import passage_array
from bridgehead.region.distance import iceberg_of, place_km
from bridgehead.region.schemas import FLOWS
from bridgehead.region.tables import frozen, positions

if TYPE_CHECKING:
    from bridgehead.region.region import Region


@dataclass(frozen=True, eq=False)
class RegionArrays:
    """Arrays over N places, S sectors, G origins, J jurisdictions; units as in `units.py`; none is writeable.

    Missing is NaN (`construction_land`, `exports`, `imports`, `own_consumption`, minutes to or from outside places) or
    None (`jobs`, `wage`, `research_spending` where no place has one; abroad research counts 1, a unit, where absent).
    `own_consumption` holds shares of all spending: the file's shares of spending on goods times 1 - housing share.
    `observed` has the flows that the folder gives, 0 where it has no row: commuting [N, N; home, work], trade [S, N, N; buyer,
    seller] and migration [G, N] (model page section 7). `inversion` says which facts fix wages and jobs.
    `passages` has (flow, level) -> [J, J], receiver by supplier, trade [S, J, J], for every bordered level.
    """

    residents: np.ndarray
    value_added: np.ndarray
    jobs: np.ndarray | None
    wage: np.ndarray | None
    rent_home: np.ndarray
    rent_work: np.ndarray
    supply_elasticity_home: np.ndarray
    supply_elasticity_work: np.ndarray
    land_km2: np.ndarray
    construction_land: np.ndarray
    research_spending: np.ndarray | None
    exports: np.ndarray
    imports: np.ndarray
    inside: np.ndarray
    minutes: np.ndarray
    iceberg: np.ndarray
    km: np.ndarray
    origin_people: np.ndarray
    kept_income: np.ndarray
    beta: np.ndarray
    gamma: np.ndarray
    omega: np.ndarray
    theta: np.ndarray
    density_elasticity: np.ndarray
    own_consumption: np.ndarray
    cells: dict[str, np.ndarray]
    origin_cells: dict[str, np.ndarray]
    passages: dict[tuple[str, str], np.ndarray]
    rent_pool: np.ndarray
    rent_pool_names: tuple[str, ...]
    observed: dict[str, np.ndarray] = field(default_factory=dict)
    inversion: str = "residents_and_value_added"

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
            elif isinstance(value, dict):
                for part in value.values():
                    part.setflags(write=False)


def build_arrays(region: Region) -> RegionArrays:
    """The arrays of a region."""
    pools = _rent_pools(region)
    names = tuple(dict.fromkeys(pools))
    return RegionArrays(
        **_facts(region),
        **_sectors(region),
        **_distances(region),
        inside=region.inside,
        land_km2=_column(region.places, "land_km2"),
        origin_people=_column(region.origins, "people"),
        kept_income=region.kept_income,
        own_consumption=_own_consumption(region),
        cells={level: region.cells(level) for level in region.levels},
        origin_cells=_origin_cells(region),
        passages=_passages(region),
        rent_pool=np.array([names.index(pool) for pool in pools], dtype=np.int64),
        rent_pool_names=names,
        observed=_observed(region),
        inversion=region.meta.inversion,
    )


def iceberg_costs(region: Region, *, distance_elasticity: float | None = None) -> np.ndarray:
    """Iceberg costs [N, N, 1; buyer, seller]: those of trade_costs.csv, the rest km^psi (psi from the parameters)."""
    given = np.full((len(region.place_ids),) * 2, np.nan) if region.trade_costs is None else region.trade_costs
    if np.isfinite(given).all():
        return given
    if "trade" in region.flows and "trade_distance" not in region.parameters:
        return given
    psi = region.parameters["trade_distance"].value if distance_elasticity is None else distance_elasticity
    return np.where(np.isfinite(given), given, iceberg_of(_km(region), psi))


def _column(table, name: str) -> np.ndarray:
    return frozen(table[name].cast(float).fill_null(np.nan).to_numpy())


def _km(region: Region) -> np.ndarray:
    return place_km(*(_column(region.places, name) for name in ("lon", "lat", "land_km2")))


def _distances(region: Region) -> dict[str, np.ndarray]:
    n = len(region.place_ids)
    minutes = np.full((n, n), np.nan) if region.travel is None else region.travel
    return {"minutes": minutes, "km": _km(region), "iceberg": iceberg_costs(region)}


def _facts(region: Region) -> dict[str, np.ndarray | None]:
    plain = ("residents", "supply_elasticity_home", "supply_elasticity_work", "construction_land", "exports", "imports")
    facts = {name: region.fact(name) for name in plain}
    for name in ("rent_home", "rent_work"):
        rent = region.fact(name)
        facts[name] = np.where(np.isnan(rent) & ~region.inside, 1.0, rent)  # outside, rents are a unit
    for name in ("jobs", "wage"):
        values = region.fact(name)
        facts[name] = None if np.isnan(values).all() else values
    research = region.fact("research_spending")
    facts["research_spending"] = None if np.isnan(research).all() else np.where(np.isnan(research), 1.0, research)
    value_added = [region.fact("value_added", sector=name) for name in region.sector_names]
    facts["value_added"] = np.nan_to_num(np.stack(value_added, axis=1), nan=0.0)
    return facts


def _sectors(region: Region) -> dict[str, np.ndarray]:
    order = positions(region.sectors["sector"], region.sector_names)
    table = region.sectors[[int(np.flatnonzero(order == i)[0]) for i in range(len(region.sector_names))]]
    names = {
        "beta": "labour",
        "gamma": "floor_space",
        "theta": "trade_elasticity",
        "density_elasticity": "density_elasticity",
    }
    omega = np.zeros((len(region.sector_names),) * 2)
    if region.input_output is not None:
        where = tuple(positions(region.input_output[side], region.sector_names) for side in ("input", "user"))
        omega[where] = region.input_output["share"].to_numpy()
    return {**{key: _column(table, column) for key, column in names.items()}, "omega": omega}


def _own_consumption(region: Region) -> np.ndarray:
    shares = np.full((len(region.place_ids), len(region.sector_names)), np.nan)
    if region.consumption is not None:
        row = positions(region.consumption["place"], region.place_ids)
        column = positions(region.consumption["sector"], region.sector_names)
        shares[row, column] = region.consumption["share"].to_numpy()
    return shares * (1.0 - region.parameters["housing_share"].value)


def _origin_cells(region: Region) -> dict[str, np.ndarray]:
    return {level: positions(region.origins[level], region.jurisdictions(level)) for level in region.origin_levels()}


def _passages(region: Region) -> dict[tuple[str, str], np.ndarray]:
    given = set(region.borders["flow"])
    flows = [flow for flow in FLOWS if flow != "ideas" or flow in given]
    passages = {}
    for level in region.meta.bordered_levels:
        for flow in flows:
            array = passage_array(region.borders, flow, level, region.jurisdictions(level), region.sector_names)
            passages[flow, level] = np.where(np.isnan(array), 1.0, array)  # migration where origins lack the level
    return passages


def _observed(region: Region) -> dict[str, np.ndarray]:
    """The flows the folder gives, as arrays."""
    axes = {
        "commuting": (("home", region.place_ids), ("work", region.place_ids)),
        "trade": (("sector", region.sector_names), ("buyer", region.place_ids), ("seller", region.place_ids)),
        "migration": (("origin", region.origin_names), ("destination", region.place_ids)),
    }
    found = {}
    for flow, table in region.flows.items():
        array = np.zeros([len(names) for _, names in axes[flow]])
        where = tuple(positions(table[column], names) for column, names in axes[flow])
        array[where] = table["value" if flow == "trade" else "people"].to_numpy()
        found[flow] = array
    return found


def _rent_pools(region: Region) -> list[str]:
    if "rent_pool" in region.places.columns:
        return list(region.places["rent_pool"])
    return ["inside" if here else place for here, place in zip(region.inside, region.place_ids, strict=True)]


def public_levels(region: Region) -> list[str]:
    """The levels that revenue can be split over: those of [split], then all others, so that a lever may give any of them a part."""
    return list(dict.fromkeys((*region.meta.split, *region.meta.all_levels)))


def public_sets(region: Region, levels: list[str]) -> np.ndarray:
    """Members of every jurisdiction [level, jurisdiction, place] as 0 and 1, padded with empty jurisdictions."""
    count = len(region.place_ids)
    cells = [np.arange(count) if level == "place" else region.cells(level) for level in levels]
    most = max(int(cell.max()) + 1 for cell in cells)
    return np.stack([np.eye(most)[cell].T for cell in cells])
