"""A city's fundamentals from its data: wages by undamped balancing, everything else in closed form (ARSW 2015, section 6.1 and 7.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from bridgehead.errors import DataError, Faults
from bridgehead.kernels import Kernel, as_array
from bridgehead.models.engine import Engine
from bridgehead.models.equilibrium import Equilibrium, distance_left, polish, stamped
from bridgehead.models.model import Model
from bridgehead.models.published.city_accounts import POOLED, CityParameters, city_identities
from bridgehead.models.published.city_data import City
from bridgehead.models.published.city_kernel import Between
from bridgehead.models.separation import components
from bridgehead.solve import Anderson, Certificate, Layout, judge, prepare

BALANCING = Anderson(memory=0, tolerance=1e-13, max_steps=1000, largest_step=30.0)
"""Undamped: in a connected city 8 to 19 steps reach 1e-13."""


@dataclass(frozen=True)
class Balancing:
    """ω_j ← H_Mj / Σ_i H_Ri K_ij / Σ_s K_is ω_s: the work draws at which as many people come as have jobs (eq. S.44)."""

    role: ClassVar[str] = "Balancing"
    writes: ClassVar[tuple[str, ...]] = ("work_draw", "reach")

    def __call__(self, commuting: Kernel, jobs: jax.Array, residents: jax.Array, work_draw: jax.Array) -> dict[str, jax.Array]:
        reach = commuting.apply(work_draw)
        coming = commuting.apply_transpose(jnp.where(residents > 0, residents / jnp.where(residents > 0, reach, 1.0), 0.0))
        return {"work_draw": jnp.where(jobs > 0, jobs / jnp.where(jobs > 0, coming, 1.0), 0.0), "reach": reach}


@dataclass(frozen=True)
class MeanDrawOne:
    """The level of work draws is free: their geometric mean over blocks with jobs is 1."""

    def __call__(self, update: dict[str, jax.Array], state: dict[str, jax.Array], given: dict) -> dict[str, jax.Array]:
        draw, works = update["work_draw"], given["jobs"] > 0
        level = jnp.sum(jnp.where(works, jnp.log(jnp.where(works, draw, 1.0)), 0.0)) / jnp.sum(works)
        return {"work_draw": draw * jnp.exp(-level)}


@dataclass(frozen=True, eq=False)
class CityBaseline:
    """A calibrated city: fundamentals of the closed city, unknowns at the data, and the certificate of the inversion.

    values: wage, productivity A, amenity B, floor_stock L, work_share θ [block] in the data; total_draw Φ = H.
    """

    city: City
    parameters: CityParameters
    given: dict[str, Any]
    values: dict[str, np.ndarray]
    certificate: Certificate

    @property
    def population(self) -> float:
        """H in the data."""
        return float(self.values["residents"].sum())


def city_kernels(minutes: np.ndarray, parameters: CityParameters, works: np.ndarray, lives: np.ndarray) -> dict[str, Any]:
    """The kernels of commuting and spillovers with their diagonals, from minutes [home, work].

    works, lives [block] bool: where there are jobs and residents. Where there are none, there never are, and no kernel goes there.
    """
    own, decay = np.diagonal(minutes), Between.decay
    found: dict[str, Any] = {
        "commuting": decay(minutes, parameters.commuting_decay, lives, works),
        "commuting_own": jnp.asarray(np.exp(-parameters.commuting_decay * own)),
    }
    if parameters.spillovers:
        found["spillover"] = decay(minutes, parameters.made_decay, works, works)
        found["spillover_own"] = jnp.asarray(np.exp(-parameters.made_decay * own))
        found["amenity_spillover"] = decay(minutes, parameters.lived_decay, lives, lives)
        found["amenity_spillover_own"] = jnp.asarray(np.exp(-parameters.lived_decay * own))
    return found


def calibrate_city(city: City, parameters: CityParameters = POOLED, *, wedge: np.ndarray | None = None) -> CityBaseline:
    """The fundamentals at which the city's data are an equilibrium.

    Jobs are rescaled to the number of residents; wages have geometric mean 1, so nothing but A, B and L depends on the unit of
    the floor price; Φ = H. wedge ξ [block] is the price of work space over that of homes, 1 where not given. DataError where
    residents reach no job or jobs no resident. The certificate says whether the balancing found wages.
    """
    prepare()
    kernels = city_kernels(city.minutes, parameters, city.jobs > 0, city.residents > 0)
    commuting = as_array(kernels["commuting"])
    residents = np.asarray(city.residents, dtype=float)
    jobs = city.jobs * (residents.sum() / city.jobs.sum())
    _check_reach(city, commuting, jobs, residents)
    found = _balance(kernels["commuting"], jobs, residents, city.ids)
    wedge = np.ones(city.size) if wedge is None else np.asarray(wedge, dtype=float)
    values = _closed_form(city, parameters, found.state, jobs, residents, wedge)
    given = {**kernels, **_fundamentals(city, parameters, kernels, values, wedge)}
    certificate = _with_accounts(found.certificate, city, parameters, values, commuting, wedge)
    return CityBaseline(city, parameters, given, values, certificate)


def _check_reach(city: City, kernel: np.ndarray, jobs: np.ndarray, residents: np.ndarray) -> None:
    faults = Faults("the city cannot be calibrated", DataError)
    for what, other, stranded in (
        ("residents", "job", (residents > 0) & ~(kernel @ jobs > 0)),
        ("jobs", "resident", (jobs > 0) & ~(residents @ kernel > 0)),
    ):
        for row in np.flatnonzero(stranded)[:5]:
            faults.add(f"the {what} of block {city.ids[row]} reach no {other}", place="tt", expected="a way to work that someone takes")
    faults.raise_if_any()


def _balance(commuting: Between, jobs: np.ndarray, residents: np.ndarray, ids: tuple[str, ...]) -> Equilibrium:
    """The balanced work draws, with a certificate that has no accounts yet."""
    model = Model((Balancing(),), ("work_draw",), MeanDrawOne(), "city balancing")
    start = {"work_draw": (jobs > 0).astype(float)}
    layout = Layout.of(start)
    engine = Engine(model, layout, BALANCING)
    given = {"commuting": commuting, "jobs": jnp.asarray(jobs), "residents": jnp.asarray(residents)}
    x, steps = engine.run_solve(layout.pack(start), given)
    x = np.asarray(x)
    gap = np.asarray(engine.run_update(jnp.asarray(x), given)) - x
    if not np.max(np.abs(gap)) < 1e-11:
        x, more = polish(engine, given, x)
        steps, gap = steps + more, np.asarray(engine.run_update(jnp.asarray(x), given)) - x
    left, weakest = distance_left(engine, given, x, gap)
    position = int(layout.active[0][int(np.argmax(np.abs(left)))])
    certificate = Certificate(
        outcome="not_solved",
        reason="",
        gap=float(np.max(np.abs(gap))),
        estimated_distance=float(np.max(np.abs(left))),
        smallest_singular_value=weakest,
        worst={"variable": "work_draw", "place": ids[position]},
        identities={},
        uniqueness_radius=None,
        steps=int(steps),
    )
    state = {name: np.asarray(value) for name, value in engine.run_state(jnp.asarray(x), given).items()}
    return stamped(Equilibrium(state, certificate, given, x, engine, {"places": ids}), "", "arsw2015 calibration")


def _closed_form(
    city: City, parameters: CityParameters, state: dict, jobs: np.ndarray, residents: np.ndarray, wedge: np.ndarray
) -> dict[str, np.ndarray]:
    """Wages, output, incomes, floor space, A and B from the work draws ω (eqs. 27, 28, S.29 to S.31, S.47)."""
    alpha, eps, homes = parameters.labour_share, parameters.dispersion, 1.0 - parameters.goods_share
    works, lives = jobs > 0, residents > 0
    wage = np.where(works, state["work_draw"], 0.0) ** (1.0 / eps)
    reach = np.where(lives, state["reach"], 1.0)
    return {
        "wage": wage,
        "jobs": jobs,
        "residents": residents,
        "home_draw": np.where(lives, residents / reach, 0.0),
        "reach": reach,
        "output": wage * jobs / alpha,
        "amenity": np.where(lives, (residents / reach) ** (1.0 / eps) * city.floor_price**homes, 0.0),
        "productivity": np.where(works, (wage / alpha) ** alpha * (wedge * city.floor_price / (1.0 - alpha)) ** (1.0 - alpha), 0.0),
        "floor_price": np.where(works | lives, city.floor_price, 0.0),
    }


def _fundamentals(
    city: City, parameters: CityParameters, kernels: dict, values: dict[str, np.ndarray], wedge: np.ndarray
) -> dict[str, Any]:
    """What the model is given beside the kernels; completes `values` with incomes, floor space and its use."""
    alpha, homes = parameters.labour_share, 1.0 - parameters.goods_share
    paid = np.asarray(kernels["commuting"].apply(jnp.asarray(values["wage"] ** (1.0 + parameters.dispersion))))
    values["earnings"] = values["home_draw"] * paid
    work = (1.0 - alpha) * values["output"] / wedge
    spent = work + homes * values["earnings"]
    used = spent > 0
    values["floor_stock"] = np.where(used, spent / np.where(used, city.floor_price, 1.0), 0.0)
    values["work_share"] = np.where(used, work / np.where(used, spent, 1.0), 0.0)
    values["productivity_fundamental"], values["amenity_fundamental"] = values["productivity"], values["amenity"]
    given: dict[str, Any] = {
        "labour_share": alpha,
        "housing_share": homes,
        "workplace_dispersion": parameters.dispersion,
        "land": city.land,
        "floor_stock": values["floor_stock"],
        "zoning_wedge": wedge,
        "population": np.array([values["residents"].sum()]),
    }
    if parameters.spillovers:
        given |= {"density_elasticity": parameters.made, "amenity_density": parameters.lived}
        made = np.asarray(kernels["spillover"].apply(jnp.asarray(values["jobs"] / city.land)))
        lived = np.asarray(kernels["amenity_spillover"].apply(jnp.asarray(values["residents"] / city.land)))
        values["productivity_fundamental"] = values["productivity"] / np.where(made > 0, made, 1.0) ** parameters.made
        values["amenity_fundamental"] = values["amenity"] / np.where(lived > 0, lived, 1.0) ** parameters.lived
    given |= {name: values[name] for name in ("productivity_fundamental", "amenity_fundamental")}
    return {name: jnp.asarray(value, dtype=float) for name, value in given.items()}


def _with_accounts(
    certificate: Certificate, city: City, parameters: CityParameters, values: dict, kernel: np.ndarray, wedge: np.ndarray
) -> Certificate:
    """The certificate with the accounts of the data at the fundamentals found, judged."""
    state = {
        **values,
        "work_price": wedge * values["floor_price"],
        "total_draw": np.array([values["residents"].sum()]),
        "population": np.array([values["residents"].sum()]),
    }
    errors = city_identities(kernel, parameters, state, values["floor_stock"])
    outcome, reason = judge(certificate.estimated_distance, errors)
    used = (values["jobs"] > 0) | (values["residents"] > 0)
    if outcome != "solved" and components((kernel + kernel.T > 0)[np.ix_(used, used)]).max() > 0:
        reason += "; the city falls into parts between which nobody commutes: what wages are in one over another is undefined"
    return replace(certificate, outcome=outcome, reason=reason, identities=errors)
