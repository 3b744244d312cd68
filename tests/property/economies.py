"""Random small economies and random scenarios on them: arrays as a region folder would give them, made without one.

A draw is a function of its seed alone. Data are log-normal around a delta's own; parameters lie in the intervals of the case,
upper ends included (θ 8, ν 3.3, λ 0.12); borders are anything from open to nearly shut.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace

import jax.numpy as jnp
import numpy as np

from bridgehead.calibrate import Baseline, engine_for
from bridgehead.calibrate.inversion import invert
from bridgehead.kernels import matrix_of, with_matrix, with_passage
from bridgehead.models.equilibrium import certify
from bridgehead.models.regional import regional_model
from bridgehead.region.arrays import RegionArrays
from bridgehead.solve import prepare

LEVEL = "province"
FLOWS = ("commuting", "trade", "migration", "spillover", "ideas")


@dataclass(frozen=True)
class Shape:
    """One shape of economies, compiled once: provinces of the inside places, how many outside places, which model."""

    name: str
    provinces: tuple[int, ...]
    outside: int
    research: bool = False
    local_landlords: bool = False
    taxes: bool = False
    sectors: int = 2

    @property
    def places(self) -> int:
        """Number of places."""
        return len(self.provinces) + self.outside

    @property
    def sides(self) -> np.ndarray:
        """Province of each place; every outside place is one of its own."""
        first = max(self.provinces) + 1
        return np.array([*self.provinces, *range(first, first + self.outside)])

    @property
    def model(self):
        """The model of this shape."""
        return regional_model(taxes=self.taxes, local_landlords=self.local_landlords, research=self.research)


FOUR = Shape("four", (0, 0, 1), 1)
SEVEN = Shape("seven", (0, 0, 0, 1, 1), 2, research=True)
LANDLORDS = Shape("four, local landlords", (0, 0, 1), 1, local_landlords=True)
TAXES = Shape("four, taxes", (0, 0, 1), 1, taxes=True)
THREE = Shape("three provinces", (0, 1, 2), 1)


def parameters_of(rng: np.random.Generator) -> dict[str, float]:
    """Parameters, each at an end of its interval as often as inside it."""

    def draw(low: float, high: float) -> float:
        return float(rng.choice([low, high, rng.uniform(low, high)], p=[0.15, 0.25, 0.6]))

    return {
        "workplace_dispersion": draw(3.4, 7.0), "home_dispersion": draw(1.0, 3.3), "commuting_decay": draw(0.05, 0.1),
        "housing_share": draw(0.2, 0.4), "productivity_decay": draw(0.0, 0.36), "amenity_density": draw(0.0, 0.155),
        "amenity_decay": draw(0.0, 0.76), "research_elasticity": draw(0.05, 0.12), "knowledge_decay": draw(30.0, 300.0),
        "foreign_ideas": draw(0.1, 0.5),
    }  # fmt: skip


def _shares(rng: np.random.Generator, sectors: int) -> dict[str, np.ndarray]:
    """β, γ, ω that add up to one in every sector, θ and λ."""
    omega = rng.uniform(0.02, 0.3, (sectors, sectors))
    beta, gamma = rng.uniform(0.15, 0.45, sectors), rng.uniform(0.05, 0.2, sectors)
    total = beta + gamma + omega.sum(axis=0)
    high = rng.random() < 0.3
    theta = np.full(sectors, 8.0) if high else rng.uniform(2.5, 8.0, sectors)
    lam = np.full(sectors, 0.12) if rng.random() < 0.3 else rng.uniform(0.0, 0.12, sectors)
    return {"beta": beta / total, "gamma": gamma / total, "omega": omega / total, "theta": theta, "density_elasticity": lam}


def passages_of(rng: np.random.Generator, shape: Shape, *, lowest: float = -1.0) -> dict[tuple[str, str], np.ndarray]:
    """Passages f in [10^lowest, 1] of every flow between provinces, one way and the other apart; nobody commutes abroad."""
    sides = int(shape.sides.max()) + 1
    found = {}
    for flow in FLOWS if shape.research else FLOWS[:4]:
        size = (shape.sectors, sides, sides) if flow == "trade" else (sides, sides)
        passage = 10.0 ** rng.uniform(lowest, 0.0, size)
        passage[..., np.arange(sides), np.arange(sides)] = 1.0
        found[flow, LEVEL] = passage
    return found


def _distances(rng: np.random.Generator, shape: Shape, land: np.ndarray) -> dict[str, np.ndarray]:
    """Places on a plain of 100 km: minutes, icebergs, kilometres; the last outside place is abroad and has none."""
    n, inside = shape.places, len(shape.provinces)
    spot = rng.uniform(0, 100, (n, 2))
    km = np.hypot(*(spot[:, None] - spot[None, :]).transpose(2, 0, 1)) + 3.0
    np.fill_diagonal(km, 2 / 3 * np.sqrt(land / np.pi))
    minutes = np.where(np.arange(n)[:, None] < inside, km * rng.uniform(0.8, 1.6, (n, n)) + 5.0, np.nan)
    minutes[:, inside:] = np.nan
    far = np.where(np.arange(n) >= inside, 4.0, 1.0)
    iceberg = np.maximum(km, 1.5) ** rng.uniform(0.2, 0.5) * np.maximum(far[:, None], far[None, :])
    iceberg[np.arange(n), np.arange(n)] = rng.uniform(1.1, 2.0, n)
    km[-1, :-1] = km[:-1, -1] = np.nan
    return {"minutes": minutes, "iceberg": iceberg, "km": km}


def _people(rng: np.random.Generator, shape: Shape, residents: np.ndarray) -> dict[str, np.ndarray]:
    """One origin a province, and one for each outside place, whose people stay there."""
    sides, inside = shape.sides, len(shape.provinces)
    origins = int(sides.max()) + 1
    people = np.bincount(sides, weights=residents)
    home = np.arange(origins)[:, None] == sides[None, :]
    kept = np.where(home, 1.0, rng.uniform(0.3, 0.95, home.shape))
    outside = np.arange(shape.places) >= inside
    kept = np.where(home, kept, np.where(outside[None, :] | (np.arange(origins) > max(shape.provinces))[:, None], 0.0, kept))
    return {"origin_people": people, "kept_income": kept}


def _money(rng: np.random.Generator, shape: Shape, residents: np.ndarray) -> dict[str, np.ndarray]:
    """Value added, trade of the last outside place (in half the draws), research."""
    n = shape.places
    value = residents[:, None] * 0.15 * rng.lognormal(0.0, 0.35, (n, 1)) * rng.dirichlet(np.full(shape.sectors, 6.0), n)
    exports, imports = np.full(n, np.nan), np.full(n, np.nan)
    if rng.random() < 0.5:
        exports[-1] = rng.uniform(0.05, 0.25) * min(value[-1].sum(), value[:-1].sum())
        imports[-1] = exports[-1] * rng.uniform(0.8, 1.2)
    research = 0.03 * value.sum(axis=1) * rng.lognormal(0.0, 0.5, n) if shape.research else None
    return {"value_added": value, "exports": exports, "imports": imports, "research_spending": research}


def arrays_of(rng: np.random.Generator, shape: Shape) -> RegionArrays:
    """A random region of a shape."""
    n, inside = shape.places, np.arange(shape.places) < len(shape.provinces)
    residents = np.where(inside, 3e5, 3e6) * rng.lognormal(0.0, 0.8, n)
    land = np.where(inside, 300.0, 1e6) * rng.lognormal(0.0, 0.7, n)
    own = np.full((n, shape.sectors), np.nan)
    pool = np.where(inside, 0, np.cumsum(~inside))
    rents = {f"rent_{use}": rng.lognormal(0.0, 0.5, n) for use in ("home", "work")}
    supply = {f"supply_elasticity_{use}": rng.uniform(0.1, 2.0, n) for use in ("home", "work")}
    return RegionArrays(
        residents=residents, jobs=None, wage=None, land_km2=land, construction_land=0.2 * land, inside=inside, own_consumption=own,
        rent_pool=pool, rent_pool_names=tuple(map(str, range(pool.max() + 1))), cells={LEVEL: shape.sides},
        origin_cells={LEVEL: np.arange(shape.sides.max() + 1)}, passages=passages_of(rng, shape),
        **rents, **supply, **_money(rng, shape, residents), **_shares(rng, shape.sectors), **_distances(rng, shape, land),
        **_people(rng, shape, residents),
    )  # fmt: skip


def taxes_of(rng: np.random.Generator, shape: Shape) -> dict[str, np.ndarray]:
    """Rates by place, and revenue split between the place and its province; {} where governments do not tax."""
    if not shape.taxes:
        return {}
    n = shape.places
    rates = {name: rng.uniform(0.0, 0.15, n) for name in ("tax_value_added", "tax_earnings", "tax_land")}
    most = max(n, int(shape.sides.max()) + 1)
    sets = np.stack([np.eye(most)[np.arange(n)].T, np.eye(most)[shape.sides].T])
    return rates | {"public_split": np.array([0.4, 0.6]), "public_sets": sets}


def baseline_of(arrays: RegionArrays, parameters: dict[str, float], shape: Shape, taxes: dict | None = None) -> Baseline:
    """The data inverted, as `calibrate` does, without a folder. SolveError or DataError where they cannot be."""
    sectors = tuple(f"sector {s}" for s in range(shape.sectors))
    prepare()
    given, unknowns, _ = invert(arrays, parameters, shape.model, taxes or {}, sectors)
    engine = engine_for(shape.model, unknowns)
    x = np.asarray(engine.layout.pack(unknowns))
    labels = {"places": tuple(f"place {n}" for n in range(shape.places)), "sectors": sectors}
    equilibrium = certify(engine, given, engine.fold(engine.select(given)), x, 0, labels)
    return Baseline(SimpleNamespace(folder_hash=shape.name), arrays, engine, given, equilibrium, parameters)


def economy(seed: int, shape: Shape) -> Baseline:
    """The random economy of a seed."""
    rng = np.random.default_rng(seed)
    arrays = arrays_of(rng, shape)
    return baseline_of(arrays, parameters_of(rng), shape, taxes_of(rng, shape))


def _scaled(given: dict, rng: np.random.Generator, name: str, spread: float) -> dict:
    """One fundamental by a random factor at about half of the places."""
    value = np.asarray(given[name])
    where = rng.random(value.shape[0]) < 0.5
    factor = np.where(where, rng.lognormal(0.0, spread, value.shape[0]), 1.0)
    return {**given, name: jnp.asarray(value * factor.reshape(-1, *[1] * (value.ndim - 1)))}


def with_passages(given: dict, baseline: Baseline, passages: dict[str, np.ndarray]) -> dict:
    """Fundamentals with other passages; that of migration stands in the income kept."""
    names = {"commuting": ("commuting",), "trade": ("trade",), "spillover": ("spillover", "amenity_spillover"), "ideas": ("knowledge",)}
    for flow, passage in passages.items():
        for name in names.get(flow, ()):
            given = {**given, name: with_passage(given[name], LEVEL, jnp.asarray(passage))}
        if flow == "migration":
            side = baseline.arrays.cells[LEVEL]
            factor = passage[:, side] ** (1 / baseline.parameters["home_dispersion"])
            given = {**given, "migration_kept": jnp.asarray(baseline.arrays.kept_income * factor)}
    return given


def mild(baseline: Baseline, rng: np.random.Generator, shape: Shape) -> dict:
    """Land, productivity, amenity, trade costs and every border, moved by tens of per cent."""
    given = with_passages(dict(baseline.given), baseline, {key[0]: p for key, p in passages_of(rng, shape).items()})
    for name, spread in (("home_supply", 0.3), ("work_supply", 0.3), ("productivity_fundamental", 0.15), ("amenity_fundamental", 0.15)):
        given = _scaled(given, rng, name, spread)
    matrix = np.asarray(matrix_of(given["trade"]))
    return {**given, "trade": with_matrix(given["trade"], jnp.asarray(matrix * rng.lognormal(0.0, 0.3, matrix.shape)))}


def wild(baseline: Baseline, rng: np.random.Generator, shape: Shape) -> dict:
    """As mild, with every passage anything from 1e-12 to 1."""
    passages = passages_of(rng, shape, lowest=-12.0)
    passages["migration", LEVEL] = np.maximum(passages["migration", LEVEL], 1e-3)
    return with_passages(mild(baseline, rng, shape), baseline, {key[0]: p for key, p in passages.items()})


def isolated(baseline: Baseline, rng: np.random.Generator, shape: Shape) -> dict:
    """As mild, the first province all but cut off: goods and commuters at 1e-2 to 1e-12, no transfers, rents stay in provinces."""
    given = mild(baseline, rng, shape)
    sides = int(shape.sides.max()) + 1
    cut = 10.0 ** rng.uniform(-12.0, -2.0)
    across = (np.arange(sides)[:, None] == 0) ^ (np.arange(sides)[None, :] == 0)
    factor = np.where(across, cut * rng.lognormal(0.0, 0.5, (sides, sides)), 1.0)
    given = with_passages(given, baseline, {"trade": np.stack([factor] * shape.sectors), "commuting": factor})
    pools = np.eye(sides)[shape.sides].T
    return {**given, "transfer_rate": jnp.zeros(shape.places), "rent_pool": jnp.asarray(pools)}


SCENARIOS = {"mild": mild, "wild": wild, "isolated": isolated}


def odd_arrays(rng: np.random.Generator, shape: Shape) -> tuple[RegionArrays, dict[str, float]]:
    """A region and parameters beyond what estimates allow: homes as close substitutes as workplaces, density effects past the loss
    of stability, places a billionth of the others, trade elasticities from 1.2 to 25, sectors that are absent, any units."""
    arrays, parameters = arrays_of(rng, shape), parameters_of(rng)
    odd = rng.random(6) < 0.25
    if odd[0]:
        parameters["home_dispersion"] = parameters["workplace_dispersion"] * float(rng.choice([1.0, 0.999]))
    if odd[1]:
        parameters["amenity_density"] = rng.uniform(0.2, 0.9)
        arrays = replace(arrays, density_elasticity=rng.uniform(0.2, 1.6, shape.sectors))
    if odd[2]:
        small = np.where(np.arange(shape.places) == rng.integers(len(shape.provinces)), 10.0 ** rng.uniform(-9, -3), 1.0)
        arrays = replace(
            arrays, residents=arrays.residents * small, value_added=arrays.value_added * small[:, None], land_km2=arrays.land_km2 * small,
            origin_people=np.bincount(shape.sides, weights=arrays.residents * small),
            research_spending=None if arrays.research_spending is None else arrays.research_spending * small,
        )  # fmt: skip
    if odd[3]:
        arrays = replace(arrays, theta=rng.uniform(1.2, 25.0, shape.sectors))
    if odd[4] and shape.name == THREE.name:  # another layout of unknowns, compiled apart: once is enough
        value = np.array(arrays.value_added)
        value[0, 0] = 0.0
        arrays = replace(arrays, value_added=value)
    if odd[5]:
        people, money, land = 10.0 ** rng.uniform(-9, 9, 3)
        arrays = scaled_arrays(arrays, people=people, money=money, land=land)
    return arrays, parameters


def odd_passages(rng: np.random.Generator, shape: Shape) -> dict[str, np.ndarray]:
    """Passages from 1e-30 to 1, or exactly 0: each its own, shut one way alone, one for all, between two halves, or some of them 0."""
    sides, found = int(shape.sides.max()) + 1, {}
    kind = rng.choice(["each", "one way", "common", "halves", "zeros"])
    half = rng.random(sides) < 0.5
    for flow in FLOWS if shape.research else FLOWS[:4]:
        size = (shape.sectors, sides, sides) if flow == "trade" else (sides, sides)
        small = 10.0 ** rng.uniform(-30.0, -3.0, (sides, sides))
        passage = {
            "each": 10.0 ** rng.uniform(-30.0, 0.0, size),
            "one way": np.where(rng.random((sides, sides)) < 0.4, small, rng.uniform(0.1, 1.0, size)),
            "common": small[0, 0] * rng.lognormal(0.0, 0.5, size),
            "halves": np.where(half[:, None] != half[None, :], small, rng.uniform(0.2, 1.0, size)),
            "zeros": np.where(rng.random(size) < 0.3, 0.0, rng.uniform(1e-3, 1.0, size)),
        }[str(kind)]
        passage = np.maximum(passage, 10.0 ** rng.uniform(-12, -1)) if flow == "migration" else passage
        passage[..., np.arange(sides), np.arange(sides)] = 1.0
        found[flow] = passage
    return found


def odd(baseline: Baseline, rng: np.random.Generator, shape: Shape) -> dict:
    """As mild, with odd passages; in two draws of three nobody pays anything across provinces but for goods and work."""
    given = with_passages(mild(baseline, rng, shape), baseline, odd_passages(rng, shape))
    if rng.random() < 1 / 3:
        return given
    sides = int(shape.sides.max()) + 1
    return {**given, "transfer_rate": jnp.zeros(shape.places), "rent_pool": jnp.asarray(np.eye(sides)[shape.sides].T)}


def scaled_arrays(arrays: RegionArrays, *, people: float = 1.0, money: float = 1.0, land: float = 1.0) -> RegionArrays:
    """The same region in other units of people, money and land."""

    def times(value, factor):
        return None if value is None else value * factor

    return replace(
        arrays, residents=arrays.residents * people, origin_people=arrays.origin_people * people, value_added=arrays.value_added * money,
        exports=arrays.exports * money, imports=arrays.imports * money, research_spending=times(arrays.research_spending, money),
        rent_home=arrays.rent_home * money, rent_work=arrays.rent_work * money, land_km2=arrays.land_km2 * land,
    )  # fmt: skip
