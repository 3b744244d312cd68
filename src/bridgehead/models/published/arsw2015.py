"""Ahlfeldt, Redding, Sturm & Wolf (2015): "The economics of density: evidence from the Berlin Wall", Econometrica 83(6).

A city of blocks. People choose a home i and a workplace j together, φ_ij = exp(−κε τ_ij) (B_i Q_i^(−(1−β)) w_j)^ε (eq. 4); firms make
one freely traded good from labour (α 0.80) and floor space, Y = A H_M^α (θL)^(1−α), and earn nothing (eq. 12); homes take 1 − β = 0.25 of
income; one market clears the floor space L of each block for both uses, with a zoning wedge ξ between their prices (eqs. 16 to 19);
rents go to absentee landlords; productivity and amenity answer to density at its source, A = a (Σ exp(−δτ) H_M/K)^λ and
B = b (Σ exp(−ρτ) H_R/K)^η (eqs. 20, 21). The closed city keeps H people, the open city keeps their expected utility
U = Γ((ε−1)/ε) Φ^(1/ε) (eq. 9). Blocks with one activity, or none, keep it (Lemmas S.1 to S.3).

| | section 6, exogenous | section 7, pooled GMM (Table V) |
|---|---|---|
| κε, ε | 0.07, 6.83 | 0.098746, 6.694092 |
| λ, δ | – | 0.070984, 0.361739 |
| η, ρ | – | 0.155272, 0.759461 |

Known errata of the released code, not repeated here:
- its solver with exogenous fundamentals holds floor prices fixed in location choice: wrong by up to 10 to 29 % a block;
- it stops when levels agree to two decimals, so that results depend on the unit of the floor price; here every gap is in logs;
- amenities are followed undamped: with few large zones far apart (own share of the amenity kernel near 1, ε η = 1.04) it goes
  round in a cycle of two for ever; here each step is divided by the block's own response (`blocks/city_step.py`);
- the calibration of wages is damped by a half where plain balancing needs 8 to 19 steps to 1e-13;
- floor space is V K^0.75 where the paper has K^(1−μ) = K^0.25: inert, for V is found with the same power; here L itself is kept.

Units: adjusted variables (unobserved E, T and ξ folded in), wages with geometric mean 1 in the data and Φ = H there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import gamma
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np

from bridgehead.blocks.city import (
    ClosedCity,
    FixedAmenity,
    FixedProductivity,
    FreeTrade,
    HomeAndWork,
    OneMarket,
    OpenCity,
    Settlement,
    SourceAmenity,
    SourceProductivity,
)
from bridgehead.blocks.city_step import OwnResponse
from bridgehead.models.equilibrium import Equilibrium
from bridgehead.models.model import Model
from bridgehead.models.published.city_accounts import EXOGENOUS, POOLED
from bridgehead.models.published.city_calibration import CityBaseline, calibrate_city, city_kernels
from bridgehead.models.published.city_data import WHERE, City, read_city
from bridgehead.models.published.city_solve import city_engine, people_in, solve_city
from bridgehead.models.published.replication import Replication, ReplicationResult, write_json, write_table
from bridgehead.models.results import table_of

EAST_GAIN = 1.1
PUBLISHED_CAR_BAN = {"jobs": 0.8646, "output": 0.8755, "floor_price_log_change": -0.2004}
"""Table S.I, car ban of 2006 in the open city with spillovers, Berlin."""

PUBLISHED_DECAY = {
    "production_spillover": (0.696, 0.485, 0.338, 0.164, 0.027),
    "residential_spillover": (0.468, 0.219, 0.102, 0.022, 0.001),
    "utility_after_commuting": (0.985, 0.971, 0.957, 0.929, 0.863),
}
"""Table VI, after 1, 2, 3, 5 and 10 minutes."""
DECAY_MINUTES = (1.0, 2.0, 3.0, 5.0, 10.0)


@dataclass(frozen=True)
class Variant:
    """One of the paper's four settings: whether density counts, and whether the city is open."""

    name: str
    spillovers: bool
    opened: bool


VARIANTS = (
    Variant("exog", spillovers=False, opened=False),
    Variant("endog", spillovers=True, opened=False),
    Variant("open", spillovers=True, opened=True),
    Variant("exogopen", spillovers=False, opened=True),
)


def city_model(variant: Variant) -> Model:
    """The city: closed with exogenous fundamentals, and from it by swapping blocks open, or with spillovers, or both."""
    unknowns: tuple[str, ...] = ("floor_price",)
    blocks = (FixedProductivity(), FixedAmenity(), FreeTrade(), HomeAndWork(), ClosedCity(), Settlement(), OneMarket())
    swaps: dict[str, Any] = {}
    if variant.spillovers:
        unknowns = (*unknowns, "jobs", "residents")
        swaps |= {"Productivity": SourceProductivity(), "Amenity": SourceAmenity()}
    if variant.opened:
        unknowns = (*unknowns, "population")
        swaps |= {"City": OpenCity()}
    names = {block.role: block for block in blocks} | swaps
    return Model(tuple(names.values()), unknowns, OwnResponse(), f"arsw2015 {variant.name}")


def fundamentals(baseline: CityBaseline, *, minutes: np.ndarray | None = None, gain: np.ndarray | None = None) -> dict[str, Any]:
    """The baseline's fundamentals at other minutes [home, work], in spillovers too, and with productivity a times `gain` [block].

    They serve the closed and the open city: Φ̄ of the outside world is what the city offers in the data.
    """
    given = {**baseline.given, "outside_draw": jnp.asarray([baseline.population])}
    if minutes is not None:
        given |= city_kernels(minutes, baseline.parameters, baseline.values["jobs"] > 0, baseline.values["residents"] > 0)
    if gain is not None:
        given["productivity_fundamental"] = given["productivity_fundamental"] * jnp.asarray(gain)
    return given


def counterfactuals(baseline: CityBaseline) -> dict[str, dict[str, Any]]:
    """The two experiments: `tt`, no cars (minutes by public transport); `ae`, productivity up by a tenth in the east."""
    city = baseline.city
    return {
        "tt": fundamentals(baseline, minutes=city.minutes_public),
        "ae": fundamentals(baseline, gain=np.where(city.east, EAST_GAIN, 1.0)),
    }


def solve_variant(baseline: CityBaseline, variant: Variant, given: Mapping[str, Any] | None = None, *, name: str = "") -> Equilibrium:
    """The equilibrium of one setting, from the data; of the baseline's own fundamentals where none are given."""
    engine, start = city_engine(city_model(variant), baseline)
    return solve_city(engine, baseline, fundamentals(baseline) if given is None else given, start, name or variant.name)


def solve_all(baselines: Mapping[bool, CityBaseline]) -> dict[str, Equilibrium]:
    """The eight equilibria `{tt|ae}_{exog|endog|open|exogopen}`; baselines by whether density counts in them."""
    found = {}
    for variant in VARIANTS:
        baseline = baselines[variant.spillovers]
        engine, start = city_engine(city_model(variant), baseline)
        for shock, given in counterfactuals(baseline).items():
            name = f"{shock}_{variant.name}"
            found[name] = solve_city(engine, baseline, given, start, name)
    return dict(sorted(found.items()))


def replicate(data: Path | None, out: Path | None) -> ReplicationResult:
    """Calibrate a city twice and solve the paper's two counterfactuals in its four settings.

    data: city.csv, tt.csv, ttpub.csv. out: gets calibration.csv (pooled GMM values: A and B as they are in the data, density
    included), calibration_exog.csv (section 6 values), cf_{tt|ae}_{exog|endog|open|exogopen}.csv and summary.json. A run that is
    not solved has no table, nor has a calibration that is not certified, nor any run that starts from it.
    """
    city = read_city(data)
    baselines = {spillovers: calibrate_city(city, POOLED if spillovers else EXOGENOUS) for spillovers in (True, False)}
    found = solve_all(baselines)
    certificates = {"calibration": baselines[True].certificate, "calibration_exog": baselines[False].certificate}
    certificates |= {name: equilibrium.certificate for name, equilibrium in found.items()}
    files = () if out is None else tuple(_write(Path(out), baselines, found))
    notes = ("The published column is Berlin's (Tables VI and S.I): only for Berlin's own data should ours be the same.",)
    return ReplicationResult(table_of(comparison(baselines, found)), certificates, files, notes)


def comparison(baselines: Mapping[bool, CityBaseline], found: Mapping[str, Equilibrium]) -> dict[str, list]:
    """Columns run, outcome, ours, published: Table VI, then what each run did to the city as a ratio to the data."""
    rows: list[tuple[str, str, float | None, float | None]] = []
    for outcome, values in decay_table().items():
        for minutes, ours, published in zip(DECAY_MINUTES, values, PUBLISHED_DECAY[outcome], strict=True):
            rows.append(("table VI", f"{outcome}_{minutes:g}_minutes", ours, published))
    for name, equilibrium in found.items():
        published = PUBLISHED_CAR_BAN if name == "tt_open" else {}
        baseline = baselines[name.endswith(("endog", "_open"))]
        for outcome, value in outcomes(baseline, equilibrium).items():
            rows.append((name, outcome, value, published.get(outcome)))
    return {column: [row[place] for row in rows] for place, column in enumerate(("run", "outcome", "ours", "published"))}


def decay_table() -> dict[str, list[float]]:
    """Table VI from the parameters: exp(−δt), exp(−ρt) and exp(−κt), a test of signs and units."""
    rates = (POOLED.made_decay, POOLED.lived_decay, POOLED.commuting_decay / POOLED.dispersion)
    return {name: [float(np.exp(-rate * minutes)) for minutes in DECAY_MINUTES] for name, rate in zip(PUBLISHED_DECAY, rates, strict=True)}


def outcomes(baseline: CityBaseline, equilibrium: Equilibrium) -> dict[str, float | None]:
    """Jobs, utility and output as ratios to the data, and the mean log change of floor prices; None where not solved."""
    if not equilibrium.solved:
        return dict.fromkeys(("jobs", "utility", "output", "floor_price_log_change"))
    state, data = equilibrium.state, baseline.values
    used = data["floor_price"] > 0
    change = np.log(state["floor_price"][used] / data["floor_price"][used])
    return {
        "jobs": float(state["jobs"].sum() / data["jobs"].sum()),
        "utility": float((state["total_draw"][0] / baseline.population) ** (1.0 / baseline.parameters.dispersion)),
        "output": float(state["output"].sum() / data["output"].sum()),
        "floor_price_log_change": float(change.mean()),
    }


def _write(out: Path, baselines: Mapping[bool, CityBaseline], found: Mapping[str, Equilibrium]) -> list[Path]:
    ids = list(baselines[True].city.ids)
    named = {"calibration.csv": baselines[True], "calibration_exog.csv": baselines[False]}
    files = [_write_calibration(out / name, baseline) for name, baseline in named.items() if baseline.certificate.solved]
    files += [_write_run(out / f"cf_{name}.csv", ids, equilibrium) for name, equilibrium in found.items() if equilibrium.solved]
    return [*files, write_json(summary(baselines, found), out / "summary.json")]


def _write_calibration(path: Path, baseline: CityBaseline) -> Path:
    names = {"w": "wage", "A": "productivity", "B": "amenity", "L": "floor_stock", "theta": "work_share"}
    return write_table({"id": list(baseline.city.ids), **{short: baseline.values[name] for short, name in names.items()}}, path)


def _write_run(path: Path, ids: list[str], equilibrium: Equilibrium) -> Path:
    names = {
        "w": "wage",
        "Q": "floor_price",
        "q": "work_price",
        "HM": "jobs",
        "HR": "residents",
        "theta": "work_share",
        "Y": "output",
    }
    state = equilibrium.require().state
    return write_table({"id": ids, **{short: state[name] for short, name in names.items()}}, path)


def summary(baselines: Mapping[bool, CityBaseline], found: Mapping[str, Equilibrium]) -> dict[str, Any]:
    """U, H and the certificate of every run by name (U and H null where not solved), and of the two calibrations."""
    content: dict[str, Any] = {}
    for name, baseline in (("calibration", baselines[True]), ("calibration_exog", baselines[False])):
        content[name] = {
            "U": utility_in_data(baseline) if baseline.certificate.solved else None,
            "H": baseline.population,
            "parameters": vars(baseline.parameters),
            "certificate": baseline.certificate.as_dict(),
        }
    for name, equilibrium in found.items():
        solved = equilibrium.solved
        content[name] = {
            "U": float(equilibrium.state["welfare"][0]) if solved else None,
            "H": people_in(equilibrium) if solved else None,
            "certificate": equilibrium.certificate.as_dict(),
        }
    return content


def utility_in_data(baseline: CityBaseline) -> float:
    """U = Γ((ε−1)/ε) H^(1/ε), for Φ = H in the data."""
    eps = baseline.parameters.dispersion
    return gamma((eps - 1.0) / eps) * baseline.population ** (1.0 / eps)


REPLICATION = Replication(
    "arsw2015",
    "Ahlfeldt, Redding, Sturm & Wolf (2015), The economics of density: evidence from the Berlin Wall, Econometrica",
    "city.csv (id, x_km, y_km, K_m2, Q, HM, HR, east), tt.csv and ttpub.csv (minutes, n x n, no header). " + WHERE,
    replicate,
)

__all__ = [
    "REPLICATION",
    "VARIANTS",
    "City",
    "Variant",
    "calibrate_city",
    "city_model",
    "counterfactuals",
    "replicate",
    "solve_all",
    "solve_variant",
]
