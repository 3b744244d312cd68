"""Allen & Arkolakis (2014, QJE 129(3)): trade and the topography of the spatial economy. No land, constant elasticities.

Places differ in productivity A_i = Ā_i L_i^α and amenity u_i = ū_i L_i^β; one good of each place (σ) is traded at symmetric
iceberg costs τ; people live where they like, so that ū_i L_i^β w_i / P_i is the same everywhere. In this package's terms
(model.md §9): one sector, nobody commutes, no floor space (α_H = γ = 0), θ = σ − 1, λ = α on own jobs, and λ_b = 1/ν + β on own
residents, where 1/ν cancels the dispersion of tastes ν: people are perfectly mobile and ν is only how far a pass moves them.

One equilibrium when α + β ≤ 0 (symmetric costs): the spectral radius of Allen, Arkolakis & Li (2024) is then 1. It is part of every
certificate here, as `uniqueness_radius`.

The paper's line, whose answer is known: equal places on [−π, π], τ = e^{t |i − s|}. With f = L^{σ̃ γ₁}, σ̃ = (σ − 1)/(2σ − 1),
γ₁ = 1 − α (σ − 1) − β σ and γ₂ = 1 + α σ + (σ − 1) β, its equilibrium is f = W^{1−σ} K f^{γ₂/γ₁}. Where α + β = 0 the powers are
equal and f is the Perron eigenvector of K; in continuous space f = cos(√k i) with √k tan(√k π) = (σ − 1) t.

Published: σ 9 throughout; (α, β) = (0.1, −0.3) for the United States. Its empirical part (location explains at least 20 % of the
variation of US incomes; interstate highways raise welfare by 1.1 to 1.4 %) rests on data of its own that are not used here.

Errata: none known that changes a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bridgehead.blocks.homes_only import NoLand
from bridgehead.errors import DataError, Fault, Faults, ModelError
from bridgehead.kernels import Dense
from bridgehead.models.engine import Engine
from bridgehead.models.equilibrium import Equilibrium
from bridgehead.models.published._constant_elasticity import Elasticities, allen_arkolakis, helpman, redding_constant_returns
from bridgehead.models.published._one_sector import certified, engine_of, fundamentals, labels_of, one_sector_model, solved, with_radius
from bridgehead.models.published.replication import Replication, ReplicationResult, write_json, write_table
from bridgehead.models.results import table_of

POINTS, DECAY = 101, 0.1
"""The line of the replication: how many places stand for [−π, π], and its t."""

RADII: tuple[tuple[str, str, Elasticities, float], ...] = (
    *(("helpman", f"σ 5, goods share {share:g}", helpman(5.0, share), want) for share, want in ((0.75, 1.0), (0.80, 1.0), (0.85, 1.75))),
    ("helpman", "σ 4, goods share 0.7", helpman(4.0, 0.70), 1.0),
    *(
        ("allen-arkolakis", f"σ 9, α {alpha:g}, β {beta:g}", allen_arkolakis(9.0, alpha, beta), want)
        for alpha, beta, want in ((0.1, -0.3, 1.0), (0.1, -0.1, 1.0), (0.1, 0.0, 9.5))
    ),
    *(
        ("redding 2016, constant returns", f"θ 4, goods share 0.75, ε {spread:g}", redding_constant_returns(4.0, 0.75, spread), 1.0)
        for spread in (1.5, 4.0, 100.0)
    ),
)
"""Model, parameters, elasticities, and the radius that theory gives."""


@dataclass(frozen=True)
class Parameters:
    """substitution σ, productivity_spillover α, amenity_spillover β; the step ν of the map moves no solution."""

    substitution: float = 9.0
    productivity_spillover: float = 0.1
    amenity_spillover: float = -0.3
    step: float = 4.0

    @property
    def elasticities(self) -> Elasticities:
        """Those of the workhorse form."""
        return allen_arkolakis(self.substitution, self.productivity_spillover, self.amenity_spillover)

    @property
    def powers(self) -> tuple[float, float, float]:
        """(σ̃, γ₁, γ₂) of the paper's equilibrium condition."""
        s, a, b = self.substitution, self.productivity_spillover, self.amenity_spillover
        return (s - 1.0) / (2.0 * s - 1.0), 1.0 - a * (s - 1.0) - b * s, 1.0 + a * s + (s - 1.0) * b


@dataclass(frozen=True, eq=False)
class Geography:
    """Places: productivity Ā and amenity ū [place] > 0, iceberg costs τ [buyer, seller] ≥ 1, and how many people there are."""

    names: tuple[str, ...]
    productivity: np.ndarray
    amenity: np.ndarray
    iceberg: np.ndarray
    people: float

    def __post_init__(self) -> None:
        count, faults = len(self.names), Faults("the geography cannot be used", ModelError)
        for name, value in (("productivity", self.productivity), ("amenity", self.amenity)):
            if value.shape != (count,) or not (value > 0).all():
                faults.add(f"{name} is not a positive number a place", expected=f"{count} numbers above 0")
        if self.iceberg.shape != (count, count) or not (self.iceberg >= 1 - 1e-12).all():
            faults.add("trade costs are not a square table of numbers from 1", expected=f"{count} × {count}")
        if not self.people > 0:
            faults.add("there are no people", expected="more than 0")
        faults.raise_if_any()


def spots(points: int) -> np.ndarray:
    """The middles of equal pieces of [−π, π]."""
    return (np.arange(points) + 0.5) / points * 2.0 * np.pi - np.pi


def line(points: int = POINTS, decay: float = DECAY) -> Geography:
    """The paper's line: equal places in the middle of equal pieces of [−π, π], people with mean 1."""
    at = spots(points)
    iceberg = np.exp(decay * np.abs(at[:, None] - at[None, :]))
    names = tuple(f"{spot:+.3f}" for spot in at)
    return Geography(names, np.ones(points), np.ones(points), iceberg, float(points))


def given_of(geography: Geography, parameters: Parameters) -> dict[str, Any]:
    """The fundamentals of a geography."""
    theta, count = parameters.substitution - 1.0, len(geography.names)
    return fundamentals(
        count,
        trade=Dense(np.asarray(geography.iceberg ** (-theta))),
        home_dispersion=parameters.step,
        amenity_density=1.0 / parameters.step + parameters.amenity_spillover,
        amenity_fundamental=geography.amenity,
        productivity_fundamental=geography.productivity[:, None],
        density_elasticity=np.array([parameters.productivity_spillover]),
        housing_share=0.0,
        consumption_share=np.ones((count, 1)),
        trade_elasticity=np.array([theta]),
        origin_people=np.array([geography.people]),
    )


def engine_for(geography: Geography) -> Engine:
    """The compiled model for as many places."""
    places = np.ones(len(geography.names))
    return engine_of(one_sector_model("aa2014", FloorSpace=NoLand()), places, places)[0]


def solve_geography(
    geography: Geography, parameters: Parameters = Parameters(), *, engine: Engine | None = None, start: Mapping | None = None
) -> Equilibrium:
    """The certified equilibrium, its certificate with the spectral radius. start: wages and residents to begin from, else even."""
    engine = engine or engine_for(geography)
    count = len(geography.names)
    even = {"wage": np.ones(count), "residents": np.full(count, geography.people / count)}
    x = np.asarray(engine.layout.pack(dict(start or even)))
    given, labels = given_of(geography, parameters), labels_of(geography.names)
    reference = certified(engine, given, x, labels, "start")
    found = solved(engine, given, x, reference.state, labels, f"aa2014 {parameters}")
    return with_radius(found, parameters.elasticities.radius())


def welfare_of(found: Equilibrium) -> float:
    """ū_i L_i^β w_i / P_i, the same everywhere, from a certified state."""
    state, given = found.require().state, found.given
    count, step = float(np.asarray(given["origin_people"])[0]), float(given["home_dispersion"])
    return float(state["welfare"][0]) * count ** (-1.0 / step)


def line_people(points: int, decay: float, parameters: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Log people on the line, mean 0, where α + β = 0: (from the Perron eigenvector, from the cosine of continuous space).

    ModelError for other elasticities.
    """
    tilde, first, second = parameters.powers
    if abs(first - second) > 1e-12:
        raise ModelError("the line's answer is known in closed form only where α + β = 0")
    geography = line(points, decay)
    theta = parameters.substitution - 1.0
    _, vectors = np.linalg.eigh(geography.iceberg ** (-theta))
    at = spots(points)
    perron = np.log(np.abs(vectors[:, -1])) / (tilde * first)
    cosine = np.log(np.cos(_wave(theta * decay) * at)) / (tilde * first)
    return perron - perron.mean(), cosine - cosine.mean()


def _wave(kappa: float) -> float:
    """√k with √k tan(√k π) = κ, √k in (0, ½): by bisection."""
    low, high = 0.0, 0.5
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if middle * np.tan(middle * np.pi) < kappa else (low, middle)
    return 0.5 * (low + high)


def replicate(data_dir: Path | None, out_dir: Path | None) -> ReplicationResult:
    """The spectral radii beside what theory gives, and the paper's line beside its closed form."""
    if data_dir is not None:
        fault = Fault("aa2014 reads no data", str(data_dir), cure="leave --data out: its geography is the paper's own line")
        raise DataError("the model cannot be replicated from data", [fault])
    rows = [(f"radius: {model}", setting, each.radius(), want) for model, setting, each, want in RADII]
    certificates, files = {}, []
    geography = line()
    engine = engine_for(geography)
    for beta in (-0.3, -0.1):
        parameters = Parameters(amenity_spillover=beta)
        name = f"line-beta{beta:g}"
        found = solve_geography(geography, parameters, engine=engine)
        certificates[name] = found.certificate
        if found.solved:
            rows += _line_rows(found, parameters)
            if out_dir is not None:
                files += _write(found, out_dir / name)
    table = {name: [row[index] for row in rows] for index, name in enumerate(("figure", "setting", "ours", "published"))}
    if out_dir is not None:
        files.append(write_table(table, out_dir / "table.csv"))
    notes = ("A radius of at most 1 means one equilibrium; above 1 some geography has several.",)
    return ReplicationResult(table_of(table), certificates, tuple(files), notes)


def _line_rows(found: Equilibrium, parameters: Parameters) -> list[tuple[str, str, float, float | None]]:
    """How much more people live in the middle of the line than at its ends, beside the closed form where there is one."""
    people = np.log(found.state["residents"])
    setting = f"σ {parameters.substitution:g}, α {parameters.productivity_spillover:g}, β {parameters.amenity_spillover:g}, t {DECAY:g}"
    known: tuple[float | None, float | None] = (None, None)
    if abs(parameters.productivity_spillover + parameters.amenity_spillover) < 1e-12:
        perron, cosine = line_people(POINTS, DECAY, parameters)
        known = tuple(float(each[POINTS // 2] - each[0]) for each in (perron, cosine))
    ours = float(people[POINTS // 2] - people[0])
    rows = [("line: log people, middle over end (Perron eigenvector)", setting, ours, known[0])]
    if known[1] is not None:
        rows.append(("line: log people, middle over end (continuous space)", setting, ours, known[1]))
    return rows


def _write(found: Equilibrium, folder: Path) -> list[Path]:
    state, places = found.state, found.labels["places"]
    columns = {"place": list(places), "people": state["residents"], "wage": state["wage"], "price": state["consumer_price"]}
    summary = {"welfare": welfare_of(found), "numeraire": "the plain mean of wages is 1", "certificate": found.certificate.as_dict()}
    return [write_table(columns, folder / "places.csv"), write_json(summary, folder / "summary.json")]


REPLICATION = Replication("aa2014", "Allen & Arkolakis 2014: the topography of the spatial economy", "", replicate)
