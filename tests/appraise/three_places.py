"""Three places small enough to compute by hand: X and Y inside, each a province, and O abroad. Two sectors.

β = (0.5, 0.4) and γ = (0.1, 0.2), so that value added is 0.6 of output in both. Money in million a year.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from bridgehead.appraise.context import Context, Engine, World
from bridgehead.kernels import Bordered, Dense

X, Y, ABROAD = 0, 1, 2
DECAY = 0.1
MINUTES = np.array([[10.0, 30.0, np.nan], [30.0, 20.0, np.nan], [np.nan, np.nan, np.nan]])

BEFORE = {
    "output": np.array([[10e3, 90e3], [20e3, 80e3], [100e3, 900e3]]),
    "consumer_price": np.array([1.0, 1.0, 1.0]),
    "price_index": np.ones((3, 2)),
    "spending": np.array([[10e3, 80e3], [20e3, 90e3], [100e3, 900e3]]),
    "productivity": np.ones((3, 2)),
    "wage": np.array([0.1, 0.08, 0.05]),
    "jobs": np.array([3e5, 2e5, 1e7]),
    "residents": np.array([2e5, 3e5, 1e7]),
    "earnings": np.array([2e4, 2.4e4, 5e5]),
    "income": np.array([4e4, 3e4, 1e6]),
    "rent_home": np.array([2.0, 1.0, 1.0]),
    "floor_home": np.array([5e3, 7e3, 1e5]),
    "value": np.array([1.0, 1.0, 1.0]),
    "welfare": np.array([1.0, 2.0, 4.0]),
    "people": np.array([[1.5e5, 0.5e5, 0.0], [0.5e5, 2.5e5, 0.0], [0.0, 0.0, 1e7]]),
}
AFTER = BEFORE | {
    "output": np.array([[10e3, 110e3], [15e3, 75e3], [100e3, 900e3]]),  # value added 72, 54, 600 thousand
    "consumer_price": np.array([0.9, 1.08, 1.0]),  # real value added 80, 50, 600 thousand
    "productivity": np.array([[1.0, np.e], [1.0, 1.0], [5.0, 5.0]]),
    "wage": np.array([0.2, 0.08, 0.05]),
    "residents": np.array([2.5e5, 2.5e5, 1e7]),
    "rent_home": np.array([2.25, 1.08, 1.0]),
    "welfare": np.array([1.1, 2.0, 4.0]),
}
COMMUTERS = (
    np.array([[1.8e5, 0.2e5, 0], [1.2e5, 1.8e5, 0], [0, 0, 1e7]]),
    np.array([[2.0e5, 0.5e5, 0], [1.0e5, 1.5e5, 0], [0, 0, 1e7]]),
)
# what n buys from i, one number for both sectors together
TRADE = (
    np.array([[60e3, 20e3, 10e3], [30e3, 70e3, 10e3], [10e3, 10e3, 980e3]]),
    np.array([[60e3, 36e3, 10e3], [30e3, 70e3, 10e3], [30e3, 10e3, 980e3]]),
)


def region(currency: str = "yuan") -> SimpleNamespace:
    """A stand-in of Region: what measures look at, and no more."""
    columns = {"province": ("x", "y", "o"), "place": ("X", "Y", "O"), "country": ("home", "home", "abroad")}
    found = SimpleNamespace(
        place_ids=("X", "Y", "O"), sector_names=("primary", "rest"), origin_names=("gx", "gy", "go"),
        inside=np.array([True, True, False]), levels=("province", "country", "place"),
        meta=SimpleNamespace(currency=currency, levels=("province",)),
        places=SimpleNamespace(columns=["place", "country"], __getitem__=None),
    )  # fmt: skip
    found.places = _Column(columns)
    found.jurisdictions = lambda level: tuple(dict.fromkeys(columns[level]))
    found.cells = lambda level: np.array([found.jurisdictions(level).index(n) for n in columns[level]])
    found.members = lambda level, name: np.array([n == name for n in columns[level]])
    found.sector_mask = lambda name: np.array([sector == name for sector in found.sector_names])
    found.fact = lambda variable, sector=None: np.array([4e5, 6e5, np.nan]) if variable == "population" else np.full(3, np.nan)
    return found


class _Column(dict):
    """Columns by name, as a table of places has them."""

    columns = property(lambda self: list(self))

    def __getitem__(self, name: str) -> SimpleNamespace:
        values = dict.__getitem__(self, name)
        return SimpleNamespace(to_list=lambda: list(values))


def given(**changes: object) -> dict[str, object]:
    """What the model is given; research and ideas among it."""
    kernel = np.where(np.isfinite(MINUTES), np.exp(-DECAY * np.nan_to_num(MINUTES)), 0.0)
    kernel[ABROAD, ABROAD] = 1.0
    side = np.arange(3)
    return {
        "labour_share": np.array([0.5, 0.4]), "floor_share": np.array([0.1, 0.2]), "trade_elasticity": np.array([4.0, 4.0]),
        "housing_share": np.array(0.25), "research": np.array([1200.0, 600.0, 1000.0]),
        "home_supply": np.array([4.0, 3.0, 1.0]), "work_supply": np.array([2.0, 1.0, 1.0]),
        "migration_kept": np.array([[1.0, 0.8, 0.0], [0.6, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        "commuting": Bordered(Dense(kernel), side, np.ones((3, 3)), "province"),
        "knowledge": Bordered(Dense(np.array([[1.0, 0.5, 0.1], [0.5, 1.0, 0.1], [0, 0, 1.0]])), side, np.ones((3, 3)), "province"),
        "trade": Dense(np.ones((2, 3, 3))),
    } | changes  # fmt: skip


ENGINE = Engine(
    commuters=lambda equilibrium: equilibrium.commuters,
    trade_values=lambda equilibrium: equilibrium.trade[None, :, :],
    gradient=lambda equilibrium, outcome: {"home_supply": np.array([300.0, 200.0, 0.0]), "work_supply": np.array([100.0, 50.0, 0.0])},
)


def world(state: dict, numbers: dict, which: int, error: float = 1e-12) -> World:
    """One equilibrium, made up by hand."""
    arrays = SimpleNamespace(
        minutes=MINUTES, land_km2=np.array([10.0, 20.0, 1e6]), construction_land=np.array([4.0, 5.0, np.nan]),
        origin_cells={"province": np.array([0, 1, 2])}, cells={"province": np.array([0, 1, 2])},
    )  # fmt: skip
    baseline = SimpleNamespace(region=region(), arrays=arrays, parameters={"commuting_decay": DECAY})
    certificate = SimpleNamespace(estimated_distance=error, outcome="solved")
    equilibrium = SimpleNamespace(state=state, given=numbers, certificate=certificate, commuters=COMMUTERS[which], trade=TRADE[which])
    return World(baseline, equilibrium, ENGINE)


def context(after: dict | None = None, numbers: dict | None = None, kind: str = "strategy") -> Context:
    """The made-up baseline beside the made-up scenario, or beside another state or other numbers."""
    base = given()
    return Context(world(BEFORE, base, 0), world(AFTER if after is None else after, {**base, **(numbers or {})}, 1), kind)


def unchanged() -> Context:
    """The baseline beside itself."""
    same = world(BEFORE, given(), 0)
    return Context(same, same, "baseline")
