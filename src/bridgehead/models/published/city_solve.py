"""Equilibria of a city: solving from fundamentals, its accounts, and the certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np

from bridgehead.kernels import as_array
from bridgehead.models.engine import Engine
from bridgehead.models.equilibrium import Equilibrium, distance_left, polish, single_kernels, stamped, to_numpy
from bridgehead.models.model import Model
from bridgehead.models.published.city_accounts import city_identities
from bridgehead.models.published.city_calibration import CityBaseline
from bridgehead.solve import Anderson, Certificate, Layout, judge

METHOD = Anderson(memory=12, tolerance=1e-11, max_steps=600)

_ENGINES: dict[Any, Engine] = {}


def city_engine(model: Model, baseline: CityBaseline) -> tuple[Engine, np.ndarray]:
    """The compiled engine of a city model for the baseline's blocks, and the logs of the data as its unknowns.

    What is empty in the data stays empty, and has no row among the unknowns. Cities with the same empty blocks share an engine.
    """
    data = {**baseline.values, "population": np.array([baseline.population])}
    layout = Layout.of({name: data[name] for name in model.unknowns})
    key = (model, layout.shapes, tuple(index.tobytes() for index in layout.active))
    if key not in _ENGINES:
        _ENGINES[key] = Engine(model, layout, METHOD)
    return _ENGINES[key], np.asarray(layout.pack(data))


def solve_city(
    engine: Engine, baseline: CityBaseline, given: Mapping[str, Any], start: np.ndarray, name: str, *, single: bool = False
) -> Equilibrium:
    """The city's equilibrium from the logs `start`; never raises for want of convergence: the certificate tells.

    single: solve with kernels rounded to float32; the certificate is of the exact kernels, so that its distance includes the rounding.
    Fundamentals that are not certified to reproduce the data have no equilibrium worth showing: none is solved for.
    """
    if not baseline.certificate.solved:
        return _without_data(engine, baseline, given, start)
    reads = {key: given[key] for key in engine.model.reads_given}
    x, steps = engine.run_solve(jnp.asarray(start), single_kernels(reads) if single else reads)
    x, steps = np.asarray(x), int(steps)
    if single:
        found = certify_city(engine, baseline, dict(given), x, steps, precision="float32 kernels")
        return stamped(found, "", name)
    if not np.max(np.abs(np.asarray(engine.run_update(jnp.asarray(x), reads)) - x)) <= 10 * engine.method.tolerance:
        x, more = polish(engine, reads, x)
        steps += more
    found = certify_city(engine, baseline, dict(given), x, steps)
    return stamped(found, "", name)


def _without_data(engine: Engine, baseline: CityBaseline, given: Mapping[str, Any], start: np.ndarray) -> Equilibrium:
    """No equilibrium, for want of a certified calibration."""
    reason = f"the calibration it starts from has no certificate: {baseline.certificate.reason}"
    certificate = Certificate("not_solved", reason, float("inf"), float("inf"), None, {}, {}, None, 0)
    return Equilibrium({}, certificate, dict(given), start, engine, {"places": baseline.city.ids})


def people_in(equilibrium: Equilibrium) -> float:
    """H of a solved city: found where it is open, given where it is closed."""
    return float(np.asarray({**equilibrium.given, **equilibrium.require().state}["population"])[0])


def certify_city(
    engine: Engine, baseline: CityBaseline, given: dict, x: np.ndarray, steps: int, *, precision: str = "float64"
) -> Equilibrium:
    """The state at x with its certificate: gap, distance, smallest singular value, accounts."""
    reads = {key: given[key] for key in engine.model.reads_given}
    point = jnp.asarray(x)
    gap = np.asarray(engine.run_update(point, reads)) - x
    state = to_numpy(engine.run_state(point, reads))
    if np.isfinite(gap).all():
        left, weakest = distance_left(engine, reads, x, gap)
        outside = np.asarray(given["outside_draw"]) if "population" in engine.model.unknowns else None
        accounts = {"population": np.asarray(given["population"]), **state}
        errors = city_identities(as_array(given["commuting"]), baseline.parameters, accounts, np.asarray(given["floor_stock"]), outside)
    else:
        left, weakest, errors = np.where(np.isfinite(gap), 0.0, np.inf), None, {"finite": float("inf")}
    distance = float(np.max(np.abs(left)))
    outcome, reason = judge(distance, errors, precision)
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
        precision=precision,
    )
    return Equilibrium(state, certificate, given, x, engine, {"places": baseline.city.ids})
