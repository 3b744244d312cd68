"""Several starts, and kernels in float32 whose rounding the certificate includes."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

import bridgehead.models.starts as starts_module
from bridgehead.models import solve, solve_from_starts
from bridgehead.models.equilibrium import single_kernels
from bridgehead.solve.certificate import SINGLE_DISTANCE, SOLVED_DISTANCE


def test_random_starts_find_the_one_equilibrium(toy):
    found, starts = solve_from_starts(toy, starts=5, seed=1)
    assert found.certificate.starts == 5
    assert starts.spread == 0.0
    assert starts.reached == (5,)
    assert starts.lost == 0


def with_density(toy, elasticity):
    """The toy with another density elasticity, its data still an equilibrium."""
    strong = {**toy.given, "density_elasticity": jnp.asarray([0.0, elasticity, elasticity])}
    reached = np.asarray(toy.given["spillover"].apply(jnp.asarray(toy.equilibrium.state["jobs"])))
    density = np.where(np.asarray(toy.given["inside"]) > 0, reached / np.asarray(toy.given["land_km2"]), 1.0)
    fundamental = toy.equilibrium.state["productivity"] / density[:, None] ** np.asarray(strong["density_elasticity"])
    return strong | {"productivity_fundamental": jnp.asarray(fundamental)}


def largest_eigenvalue(toy, given):
    folded = toy.engine.fold(toy.engine.select(given))
    return np.abs(np.linalg.eigvals(np.asarray(toy.engine.run_jacobian(jnp.asarray(toy.equilibrium.x), folded)))).max()


def test_one_equilibrium_where_density_effects_are_as_estimated_and_well_beyond(toy):
    given = with_density(toy, 1.0)
    found, starts = solve_from_starts(toy, given, starts=6, seed=3, width=1.0)
    assert largest_eigenvalue(toy, given) < 1
    assert (starts.reached, starts.lost) == ((6,), 0)
    assert not found.certificate.warnings


def test_several_equilibria_are_named_where_the_data_have_lost_stability(toy):
    # The model page puts the loss of stability at an elasticity of 1.1 to 1.3 for a home dispersion of 1.5.
    given = with_density(toy, 1.3)
    assert largest_eigenvalue(toy, given) > 1
    found, starts = solve_from_starts(toy, given, starts=12, seed=3, width=1.0)
    assert found.solved
    assert len(starts.equilibria) == 3
    assert all(other.solved for other in starts.equilibria)
    assert found.certificate.spread > 1
    assert any("not the only equilibrium: 12 starts found 3" in warning for warning in found.certificate.warnings)


def failing(starts_that_fail):
    """`solve`, whose first calls come to nothing."""
    calls = iter(range(1000))

    def one(baseline, given=None, **options):
        found = solve(baseline, given, **options)
        if next(calls) < starts_that_fail:
            return replace(found, certificate=replace(found.certificate, outcome="not_solved", reason="it went round"))
        return found

    return one


def test_where_the_data_lead_nowhere_another_start_may(toy, monkeypatch):
    monkeypatch.setattr(starts_module, "solve", failing(1))
    found, starts = solve_from_starts(toy, starts=4, seed=1)
    assert found.require().certificate.spread == 0.0
    assert (starts.reached, starts.lost) == ((3,), 1)
    assert found.certificate.smallest_singular_value > 0  # measured of the one that is shown
    said = " ".join(found.certificate.warnings)
    assert "this one is from a random start" in said
    assert "1 of 4 starts found no equilibrium" in said


def test_where_no_start_leads_anywhere_that_is_the_reason(toy, monkeypatch):
    monkeypatch.setattr(starts_module, "solve", failing(9))
    found, starts = solve_from_starts(toy, starts=3, seed=1)
    assert not found.solved
    assert found.certificate.reason == "it went round; none of 3 starts found an equilibrium"
    assert (starts.reached, starts.lost) == ((), 3)


def test_float32_kernels_are_certified_with_their_rounding(toy):
    exact, rounded = solve(toy), solve(toy, single=True)
    assert rounded.certificate.precision == "float32 kernels"
    assert rounded.solved
    error = np.abs(rounded.x - exact.x).max()
    assert SOLVED_DISTANCE < error < SINGLE_DISTANCE  # the rounding shows, and the certificate sees it
    assert rounded.certificate.estimated_distance > 0.3 * error
    kernels = single_kernels(toy.engine.fold(toy.engine.select(toy.given)))
    assert kernels["trade"].matrix.dtype == jnp.float32
    assert kernels["trade"].apply(jnp.ones((3, 14))).dtype == jnp.float64


def test_nothing_built_on_a_baseline_without_certificate_is_certified(toy):
    refused = replace(toy.equilibrium, certificate=replace(toy.equilibrium.certificate, outcome="not_solved", reason="planted"))
    found = solve(replace(toy, equilibrium=refused), toy.given)
    assert not found.certificate.solved
    assert "baseline" in found.certificate.reason
    assert solve(toy, toy.given).certificate.solved
