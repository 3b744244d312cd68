"""Monte, Redding & Rossi-Hansberg (2018, AER 108(12)) as quantified for Germany by Seidel & Wickerath (2020, RSUE 85, 103580).

People choose a home n and a workplace i with Fréchet tastes (ε); one good is traded with love of variety (σ); homes are supplied
with elasticity δ; landlords spend rents where they arise. In this package's terms (model.md §9):
- one sector, no work floor space, no inputs; θ = σ − 1; trade kernel T_ni = μ_i d_ni^(1−σ), d_ni = (distance / smallest distance)^ψ
- productivity A_i = a_i L_i^λ, λ = 1/(σ−1) + ν on own jobs: variety, and ν of agglomeration beyond it
- home and workplace choice share one dispersion, ν_home = ε; commuting cost κ_ni = distance^μ, so its kernel is distance^(−με)
- home supply h = h̄ Q^δ on the nominal price at the numeraire mean wage 1, as in the published code; `deflated` for h̄ (Q/P)^δ

Two quantifications: `observed` takes the commuting shares from the flows; `predicted` takes them from distance, with workplace
amenities e such that the flows' jobs and residents are met. Productivities follow from w_i L_i = Σ_n π_ni v_n R_n.
Counterfactuals: a border along the line of 1949-90 that multiplies trade cost, commuting cost or both by 1000; homes stay freely
chosen across it. Figures: an independent port finds −2.150 % (trade) and −0.078 % (commuting) at observed flows and ψ 0.42.

Parameters: goods share α 0.7, ε 4.6, μ 0.47, δ 0.38, σ 4, ν 0.05, ψ 0.42 (and 0.21).

Errata of the public toolkit (Ahlfeldt & Seidel 2024), none reproduced here:
- it stops when steps fall under 1e-4, which the nearly separable `both` reaches far from its equilibrium
- its codebook calls α the share of land (it is that of goods), flips the sign of κ in λ, and puts (w)^−ε inside the welfare sum;
  the code has all three right
- its productivity inversion mixes (consumer, producer) with (producer, consumer): harmless for symmetric distances only
- its baseline price index, used for maps, lacks d_nn and L^ν
- welfare is printed from one pair of counties, true only at an exact equilibrium, where all pairs give the same number
- its counterfactuals run on predicted flows although the papers use observed ones; both are given here
- supply on the nominal price makes welfare depend on the numeraire, so the numeraire is part of the result
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bridgehead.blocks.homes_only import DeflatedHomes, NominalHomes
from bridgehead.blocks.mean_wage import MeanWage
from bridgehead.kernels import Dense
from bridgehead.models.engine import Engine
from bridgehead.models.equilibrium import Equilibrium
from bridgehead.models.published._balancing import balance
from bridgehead.models.published._one_sector import (
    bordered,
    certified,
    closed,
    engine_of,
    fundamentals,
    labels_of,
    one_sector_model,
    solved,
)
from bridgehead.models.published.germany import Counties, read_germany
from bridgehead.models.published.replication import Replication, ReplicationResult, folder_of_data, write_json, write_table
from bridgehead.models.results import table_of

BORDERS = ("trade", "commuting", "both")
FLOWS = ("observed", "predicted")
DECAYS = (0.42, 0.21)
COST = 1000.0
"""The border multiplies costs by this."""

NUMERAIRES = {
    "nominal": "the plain mean of wages over counties is 1; homes are supplied on the nominal price, h = h̄ Q^δ",
    "deflated": "the plain mean of wages over counties is 1; homes are supplied on the price over the county's price index, "
    "h = h̄ (Q/P)^δ, so that real results depend on no numeraire",
}
KNOWN = {("observed", 0.42, "trade"): -2.150, ("observed", 0.42, "commuting"): -0.078}
"""Welfare changes in per cent of an independent port, by flows, ψ and border."""

DATA = (
    "The county data come with the toolkit of Ahlfeldt & Seidel (2024), data/input of github.com/Ahlfeldt/MRRH2018-toolkit: "
    "download it and name the folder with --data"
)
FILES = ("commuting_wide.csv", "distance_matrix.csv", "labor_tidy.csv")


@dataclass(frozen=True)
class Parameters:
    """The published parameters. goods_share α, dispersion ε, commuting_decay μ, supply_elasticity δ, substitution σ,
    agglomeration ν, trade_decay ψ."""

    goods_share: float = 0.7
    dispersion: float = 4.6
    commuting_decay: float = 0.47
    supply_elasticity: float = 0.38
    substitution: float = 4.0
    agglomeration: float = 0.05
    trade_decay: float = 0.42

    @property
    def trade_elasticity(self) -> float:
        """θ = σ − 1."""
        return self.substitution - 1.0

    @property
    def residents_step(self) -> float:
        """How far the guess of residents moves: 1 / (1 + ε (1 − α) / (1 + δ)), the slope of rents with respect to residents."""
        return 1.0 / (1.0 + self.dispersion * (1.0 - self.goods_share) / (1.0 + self.supply_elasticity))

    @property
    def variety(self) -> float:
        """λ = 1/(σ−1) + ν: the elasticity of productivity with respect to own jobs."""
        return 1.0 / self.trade_elasticity + self.agglomeration


@dataclass(frozen=True, eq=False)
class Quantified:
    """The counties as an equilibrium of the model: fundamentals, engine, and the data's certified state."""

    counties: Counties
    parameters: Parameters
    flows: str
    engine: Engine
    given: dict[str, Any]
    equilibrium: Equilibrium = field(repr=False)


def engines(
    counties: Counties, parameters: Parameters = Parameters(), supply: Iterable[str] = ("nominal", "deflated")
) -> dict[str, Engine]:
    """One engine a supply of homes, to be shared by all quantifications of the same number of counties."""
    kinds = {"nominal": NominalHomes(), "deflated": DeflatedHomes()}
    places, closing = np.ones(len(counties.wage)), MeanWage(parameters.residents_step)
    models = {kind: one_sector_model("mrrh2018", closing=closing, FloorSpace=kinds[kind]) for kind in supply}
    return {kind: engine_of(model, places, places)[0] for kind, model in models.items()}


def quantify(
    counties: Counties, parameters: Parameters = Parameters(), *, flows: str = "observed", engine: Engine | None = None
) -> Quantified:
    """Fundamentals under which the data are an equilibrium, in units of the data: all prices and unit costs are 1 there.

    Wages have mean 1; jobs and residents are the flows' margins over their mean. engine: one of `engines`; nominal supply by
    default. Raises SolveError where no fundamentals reproduce the data.
    """
    engine = engine or engines(counties, parameters, ("nominal",))["nominal"]
    wage, residents, jobs = counties.wage, counties.residents, counties.jobs
    share, kernel, size = _commuting(counties, parameters, flows)
    earnings = residents * (share @ wage)
    theta = parameters.trade_elasticity
    weight = counties.trade_cost(parameters.trade_decay) ** (-theta)
    strength = balance(weight, wage * jobs, earnings)
    bought = weight * strength
    bought = bought / bought.sum(axis=1, keepdims=True)
    attraction = kernel.apply(size * wage**parameters.dispersion)
    housing = 1.0 - parameters.goods_share
    given = fundamentals(
        len(wage),
        commuting=bordered(kernel, counties.east),
        trade=bordered(bought, counties.east),
        workplace_size=size,
        workplace_dispersion=parameters.dispersion,
        home_dispersion=parameters.dispersion,
        housing_share=housing,
        consumption_share=np.full((len(wage), 1), parameters.goods_share),
        trade_elasticity=np.array([theta]),
        density_elasticity=np.array([parameters.variety]),
        productivity_fundamental=(wage * jobs ** (-parameters.variety))[:, None],
        home_supply=housing * earnings / parameters.goods_share,
        home_supply_elasticity=np.full(len(wage), parameters.supply_elasticity),
        amenity_fundamental=(residents / np.asarray(attraction)) ** (1.0 / parameters.dispersion),
        origin_people=np.array([residents.sum()]),
    )
    x = np.asarray(engine.layout.pack({"wage": wage, "residents": residents}))
    name = f"{flows}-psi{parameters.trade_decay:g}"
    found = certified(engine, given, x, labels_of(counties.names, ("workers",)), name).require()
    return Quantified(counties, parameters, flows, engine, given, found)


def _commuting(counties: Counties, parameters: Parameters, flows: str) -> tuple[np.ndarray, Any, np.ndarray]:
    """(shares of residents by workplace, kernel K, workplace sizes e) of a quantification: shares ∝ K e w^ε."""
    wage, dispersion = counties.wage, parameters.dispersion
    if flows == "observed":
        share = counties.flows / counties.flows.sum(axis=1, keepdims=True)
        return share, Dense(share * wage ** (-dispersion)), np.ones_like(wage)
    decay = (counties.distance / counties.distance.min()) ** (-parameters.commuting_decay * dispersion)
    pull = balance(decay, counties.jobs, counties.residents)
    share = decay * pull
    share = share / share.sum(axis=1, keepdims=True)
    return share, Dense(decay), pull * wage ** (-dispersion)


def with_border(quantified: Quantified, border: str, cost: float = COST) -> dict[str, Any]:
    """The fundamentals with a border that multiplies trade cost, commuting cost or both by `cost`."""
    given, parameters = dict(quantified.given), quantified.parameters
    if border in ("trade", "both"):
        given["trade"] = closed(given["trade"], cost ** (-parameters.trade_elasticity))
    if border in ("commuting", "both"):
        given["commuting"] = closed(given["commuting"], cost ** (-parameters.dispersion))
    return given


def run_name(flows: str, decay: float, border: str) -> str:
    """The folder of a run: `observed-psi0.42-trade`."""
    return f"{flows}-psi{decay:g}-{border}"


def solve_border(quantified: Quantified, border: str, cost: float = COST) -> Equilibrium:
    """The certified equilibrium with a border; look at its certificate."""
    base = quantified.equilibrium
    name = run_name(quantified.flows, quantified.parameters.trade_decay, border)
    given = with_border(quantified, border, cost)
    return solved(quantified.engine, given, base.x, base.state, base.labels, name)


def hats(quantified: Quantified, found: Equilibrium) -> dict[str, np.ndarray]:
    """Ratios of the counterfactual to the data, county by county in the data's order."""
    old, new = quantified.equilibrium.state, found.require().state
    own = {name: new[name] / old[name] for name in ("wage", "jobs", "residents", "consumer_price", "rent_home")}
    mean = (new["earnings"] / new["residents"]) / (old["earnings"] / old["residents"])
    return {
        "county": np.arange(1, len(old["wage"]) + 1),
        "wage_hat": own["wage"],
        "jobs_hat": own["jobs"],
        "residents_hat": own["residents"],
        "residents_wage_hat": mean,
        "price_hat": own["consumer_price"],
        "house_price_hat": own["rent_home"],
    }


def welfare_change(quantified: Quantified, found: Equilibrium) -> float:
    """Û − 1."""
    return float(found.require().state["welfare"][0] / quantified.equilibrium.state["welfare"][0] - 1.0)


def replicate(data_dir: Path | None, out_dir: Path | None) -> ReplicationResult:
    """All twelve runs, nominal and deflated: two quantifications, two trade decays, three borders."""
    folder = folder_of_data("mrrh2018", data_dir, DATA, FILES)
    return replicate_counties(read_germany(folder), out_dir)


def replicate_counties(counties: Counties, out_dir: Path | None, *, decays: Iterable[float] = DECAYS) -> ReplicationResult:
    """The runs on any counties with two sides."""
    shared = engines(counties)
    rows, certificates, files = [], {}, []
    for flows in FLOWS:
        for decay in decays:
            parameters = Parameters(trade_decay=decay)
            both = {kind: quantify(counties, parameters, flows=flows, engine=engine) for kind, engine in shared.items()}
            certificates[f"{flows}-psi{decay:g}-data"] = both["nominal"].equilibrium.certificate
            for border in BORDERS:
                found = {kind: solve_border(each, border) for kind, each in both.items()}
                name = run_name(flows, decay, border)
                certificates |= {name: found["nominal"].certificate, f"{name}-deflated": found["deflated"].certificate}
                rows.append(_row(both, found, (flows, decay, border)))
                if out_dir is not None:
                    files += _write(both, found, out_dir / name)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    notes = (f"Numeraire: {NUMERAIRES['nominal']}.", f"Deflated: {NUMERAIRES['deflated']}.")
    return ReplicationResult(table_of(columns), certificates, tuple(files), notes)


def _change(both: Mapping[str, Quantified], found: Mapping[str, Equilibrium], kind: str) -> float | None:
    """Û − 1 of a certified run, None where there is none."""
    return welfare_change(both[kind], found[kind]) if found[kind].solved else None


def _row(both: Mapping[str, Quantified], found: Mapping[str, Equilibrium], run: tuple[str, float, str]) -> dict[str, Any]:
    """A run's line of the table, changes in per cent."""
    changes = {kind: _change(both, found, kind) for kind in found}
    certificate = found["nominal"].certificate
    return {
        "flows": run[0],
        "psi": run[1],
        "border": run[2],
        "welfare_percent": None if changes["nominal"] is None else 100 * changes["nominal"],
        "known_percent": KNOWN.get(run),
        "deflated_percent": None if changes["deflated"] is None else 100 * changes["deflated"],
        "outcome": certificate.outcome,
        "distance": certificate.estimated_distance,
        "evaluations": certificate.steps,
    }


def _write(both: Mapping[str, Quantified], found: Mapping[str, Equilibrium], folder: Path) -> list[Path]:
    """counties.csv and summary.json of a run, the deflated variant beside them; no numbers of what is not certified."""
    files = []
    summary: dict[str, Any] = {}
    for kind, suffix in (("nominal", ""), ("deflated", "_deflated")):
        if found[kind].solved:
            files.append(write_table(hats(both[kind], found[kind]), folder / f"counties{suffix}.csv"))
        summary |= {
            f"welfare_change{suffix}": _change(both, found, kind),
            f"numeraire{suffix}": NUMERAIRES[kind],
            f"certificate{suffix}": found[kind].certificate.as_dict(),
        }
    return [*files, write_json(summary, folder / "summary.json")]


def synthetic_counties(places: int, seed: int) -> Counties:
    """A made-up country of counties with two sides, from a seed: for tests and benchmarks where the data are not at hand.

    Places lie at random in a square; flows fall with distance to the power −2.2 and are whole numbers, so that most are zero.
    """
    random = np.random.default_rng(seed)
    spot = random.uniform(0.0, 600.0, (places, 2))
    spot = spot[np.argsort(spot[:, 0])]
    distance = np.hypot(*(spot[:, None, :] - spot[None, :, :]).transpose(2, 0, 1))
    distance[np.diag_indices(places)] = random.uniform(2.0, 6.0, places)
    people, pull = random.lognormal(11.0, 0.7, (2, places))
    weight = distance**-2.2 * pull
    flows = people[:, None] * weight / weight.sum(axis=1, keepdims=True)
    flows = np.where(flows < 10, 0.0, np.round(flows))
    wage = random.lognormal(0.0, 0.1, places)
    names = tuple(f"c{number:03d}" for number in range(1, places + 1))
    east = (np.arange(places) >= int(0.8 * places)).astype(int)
    return Counties(names, wage / wage.mean(), flows, distance, east)


REPLICATION = Replication("mrrh2018", "Monte, Redding & Rossi-Hansberg 2018; Seidel & Wickerath 2020: Germany's border", DATA, replicate)
