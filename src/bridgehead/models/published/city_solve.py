"""Equilibria of a city: solving from fundamentals, its accounts, and the certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np

from bridgehead.kernels import as_array
from bridgehead.models.engine import Engine
from bridgehead.models.equilibrium import Equilibrium, distance_left, polish, stamped, to_numpy
from bridgehead.models.model import Model
from bridgehead.models.published.city_calibration import CityBaseline, CityParameters
from bridgehead.solve import Anderson, Certificate, Layout, judge

METHOD = Anderson(memory=12, tolerance=1e-12, max_steps=600)


def city_engine(model: Model, baseline: CityBaseline) -> tuple[Engine, np.ndarray]:
    """The compiled engine of a city model for the baseline's blocks, and the logs of the data as its unknowns.

    What is empty in the data stays empty, and has no row among the unknowns.
    """
    data = {**baseline.values, "population": np.array([baseline.population])}
    layout = Layout.of({name: data[name] for name in model.unknowns})
    return Engine(model, layout, METHOD), np.asarray(layout.pack(data))


def solve_city(
    engine: Engine, baseline: CityBaseline, given: Mapping[str, Any], start: np.ndarray, name: str
) -> Equilibrium:
    """The city's equilibrium from the logs `start`; never raises for want of convergence: the certificate tells."""
    reads = {key: given[key] for key in engine.model.reads_given}
    x, steps = engine.run_solve(jnp.asarray(start), reads)
    x, steps = np.asarray(x), int(steps)
    if not np.max(np.abs(np.asarray(engine.run_update(jnp.asarray(x), reads)) - x)) <= 10 * engine.method.tolerance:
        x, more = polish(engine, reads, x)
        steps += more
    found = certify_city(engine, baseline, dict(given), x, steps)
    return stamped(found, "", name)


def certify_city(engine: Engine, baseline: CityBaseline, given: dict, x: np.ndarray, steps: int) -> Equilibrium:
    """The state at x with its certificate: gap, distance, smallest singular value, accounts."""
    reads = {key: given[key] for key in engine.model.reads_given}
    point = jnp.asarray(x)
    gap = np.asarray(engine.run_update(point, reads)) - x
    state = to_numpy(engine.run_state(point, reads))
    state.setdefault("population", np.asarray(given["population"]))
    if np.isfinite(gap).all():
        left, weakest = distance_left(engine, reads, x, gap)
        outside = np.asarray(given["outside_draw"]) if "population" in engine.model.unknowns else None
        errors = city_identities(as_array(given["commuting"]), baseline.parameters, state, np.asarray(given["floor_stock"]), outside)
    else:
        left, weakest, errors = np.where(np.isfinite(gap), 0.0, np.inf), None, {"finite": float("inf")}
    distance = float(np.max(np.abs(left)))
    outcome, reason = judge(distance, errors)
    variable, index = engine.layout.where(int(np.argmax(np.abs(left))))
    certificate = Certificate(
        outcome=outcome,
        reason=reason,
        gap=float(np.max(np.abs(gap))),
        estimated_distance=distance,
        smallest_singular_value=weakest,
        worst={"variable": variable, "place": "the city" if variable == "population" else baseline.city.ids[index[0]]},
        identities=errors,
        uniqueness_radius=None,
        steps=steps,
    )
    return Equilibrium(state, certificate, given, x, engine, {"places": baseline.city.ids})


def city_identities(
    commuting: np.ndarray,
    parameters: CityParameters,
    state: Mapping[str, np.ndarray],
    floor_stock: np.ndarray,
    outside_draw: np.ndarray | None = None,
) -> dict[str, float]:
    """The largest error of each account of a city, as a share of what it balances; plain NumPy, from the formulas and not the map.

    people: Σ jobs = Σ residents = H; workers, residents: jobs and residents are what people choose at these wages and prices;
    labour: w H_M = α Y with Y made from labour and floor space; zero_profit: Y = w H_M + q θ L; floor_space: what firms and
    homes rent is L; utility: in an open city Φ is the outside world's.
    """
    alpha, eps, homes = parameters.labour_share, parameters.dispersion, 1.0 - parameters.goods_share
    wage, jobs, residents, price = (state[name] for name in ("wage", "jobs", "residents", "floor_price"))
    works, lives, used = jobs > 0, residents > 0, floor_stock > 0
    draw = np.where(lives, state["amenity"] * np.where(lives, price, 1.0) ** (-homes), 0.0) ** eps
    reach, total = commuting @ wage**eps, state["total_draw"][0]
    coming, people = draw @ commuting, state["population"][0]
    vv = people / total * draw * (commuting @ wage ** (1.0 + eps))
    q = np.where(works, state["work_price"], 1.0)
    rented = jobs * ((1.0 - alpha) * state["productivity"] / q) ** (1.0 / alpha)
    made = state["productivity"] * jobs**alpha * rented ** (1.0 - alpha)
    lived_in = homes * vv / np.where(lives, price, 1.0)
    errors = {
        "people": max(abs(jobs.sum() / people - 1.0), abs(residents.sum() / people - 1.0), abs((draw @ reach) / total - 1.0)),
        "workers": _largest(people / total * (wage**eps * coming)[works] / jobs[works] - 1.0),
        "residents": _largest(people / total * (draw * reach)[lives] / residents[lives] - 1.0),
        "labour": _largest((wage * jobs)[works] / (alpha * made[works]) - 1.0),
        "zero_profit": _largest((wage * jobs + q * rented)[works] / made[works] - 1.0),
        "floor_space": _largest((rented + lived_in)[used] / floor_stock[used] - 1.0),
        "income": float(abs(vv.sum() / (wage * jobs).sum() - 1.0)),
    }
    if outside_draw is not None:
        errors["utility"] = float(abs(total / outside_draw[0] - 1.0))
    return {name: float(error) for name, error in errors.items()}


def _largest(errors: np.ndarray) -> float:
    return float(np.max(np.abs(errors))) if errors.size and np.isfinite(errors).all() else float("inf")
