"""Many scenarios at once: the same equilibria and certificates as one after another, and nothing passed over."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.kernels import as_array, with_passage
from bridgehead.models import identities_by_products, solve, solve_many
from bridgehead.models.batch import assembled, batch_of, can_share
from bridgehead.models.identities import identities
from bridgehead.models.many import LINEAR, gradient_many, linear_many, measured
from bridgehead.models.near import Near
from bridgehead.policy import enact, read_scenario
from bridgehead.solve import Factored


@pytest.fixture(scope="module")
def members(toy):
    """What the model is given under each of the toy's scenarios."""
    files = sorted((case_folder("toy") / "scenarios").glob("*.toml"))
    return {file.stem: enact(read_scenario(file, toy.region), toy).given for file in files}


@pytest.fixture(scope="module")
def together(toy, members):
    return dict(zip(members, solve_many(toy, list(members.values()), names=list(members)), strict=True))


def test_the_batch_holds_every_members_own_kernels_and_numbers(toy, members):
    alike = [given for given in members.values() if can_share(toy.given, given)]
    assert 1 < len(alike) < len(members)  # a scenario that redraws the rent pools has arrays of another shape
    batch = batch_of(toy.engine, toy.given, alike)
    for m, given in enumerate(alike):
        own = {name: value[m] for name, value in batch.own.items()}
        held = assembled(batch.shared, own)
        for name, value in toy.engine.select(given).items():
            if hasattr(value, "apply"):
                np.testing.assert_allclose(held[name].dense(), as_array(value), rtol=1e-13, atol=0)
            else:
                np.testing.assert_array_equal(held[name], value)


def test_each_member_is_what_a_solve_by_itself_gives(toy, members, together):
    for name, given in members.items():
        alone = solve(toy, given, name=name, weakest=False)
        assert together[name].certificate.input_hash == alone.certificate.input_hash
        assert together[name].certificate.reason == alone.certificate.reason
        if not alone.solved:
            continue
        np.testing.assert_allclose(together[name].x, alone.x, atol=1e-10)
        assert together[name].certificate.estimated_distance < 1e-8
        assert set(together[name].certificate.identities) == set(alone.certificate.identities)
        for key, value in alone.state.items():
            np.testing.assert_allclose(together[name].state[key], value, rtol=1e-9, err_msg=key)


def test_identities_by_products_are_those_of_pairs_also_where_they_fail(toy):
    folded = toy.engine.fold(toy.engine.select(toy.given))
    claims = toy.engine.run_state(jnp.asarray(toy.equilibrium.x), folded)["claims"]
    assert claims
    off = {**toy.equilibrium.state, "residents": toy.equilibrium.state["residents"] * np.linspace(0.9, 1.1, len(toy.arrays.inside))}
    for state in (toy.equilibrium.state, off):
        by_pairs = identities({**toy.given, **folded}, state, claims)
        written = {name: jnp.asarray(value) for name, value in state.items()} | {"claims": claims}
        by_products = identities_by_products(folded, written)
        assert set(by_products) == set(by_pairs)
        for name, value in by_pairs.items():
            np.testing.assert_allclose(by_products[name], value, rtol=1e-9, atol=1e-13, err_msg=name)


def test_a_member_that_falls_into_blocks_is_balanced_by_itself_and_one_without_solution_says_so(toy, members):
    first = next(iter(members.values()))
    shut = {**toy.given, "trade": _scaled(toy.given["trade"], 1e-9), "commuting": _scaled(toy.given["commuting"], 0.0)}
    broken = {**toy.given, "home_supply": jnp.asarray(np.full_like(np.asarray(toy.given["home_supply"]), np.nan))}
    found = solve_many(toy, [first, shut, broken])
    assert found[0].solved
    alone = solve(toy, shut, weakest=False)
    assert found[1].certificate.warnings == alone.certificate.warnings != ()
    np.testing.assert_allclose(found[1].x, alone.x, atol=1e-9)
    assert not found[2].solved
    assert "distance" in found[2].certificate.reason


def _alike(toy, members):
    return [given for given in members.values() if can_share(toy.given, given)]


def test_with_the_inverse_of_another_equilibrium_members_come_to_the_same_in_fewer_evaluations(toy, members):
    other = calibrate(toy.region, parameters={"home_dispersion": 1.2 * toy.parameters["home_dispersion"], "trade_distance": 0.25})
    assert other.engine is toy.engine
    near = Near.of(other.equilibrium)
    together, saved = list(zip(solve_many(toy, _alike(toy, members), near=near), solve_many(toy, _alike(toy, members)), strict=True)), 0
    for found, plain in together:
        assert found.solved == plain.solved
        if not plain.solved:
            continue
        np.testing.assert_allclose(found.x, plain.x, atol=1e-10)
        saved += found.certificate.steps < 0.75 * plain.certificate.steps
    assert saved > len(together) / 2  # some are solved by themselves: nearly shut borders, no solution


def test_an_inverse_that_is_wrong_costs_evaluations_and_no_digit(toy, members):
    size = toy.equilibrium.x.size
    wild = jnp.asarray(3.0 * np.random.default_rng(5).standard_normal((size, size)), dtype=jnp.float32)
    some = _alike(toy, members)[:2]
    for found, plain in zip(solve_many(toy, some, near=Near(wild, wild.T)), solve_many(toy, some), strict=True):
        assert found.solved
        np.testing.assert_allclose(found.x, plain.x, atol=1e-10)


def test_slopes_with_an_inverse_are_those_without(toy, members):
    solved = [toy.equilibrium, *solve_many(toy, _alike(toy, members))]
    outcome = lambda state, given: (state["welfare"] * jnp.arange(1.0, state["welfare"].size + 1)).sum()  # noqa: E731
    names = ("home_supply", "work_supply")
    near = Near.of(toy.equilibrium)
    for one, other in zip(gradient_many(toy, solved, outcome, names, near=near), gradient_many(toy, solved, outcome, names), strict=True):
        for name in names:
            np.testing.assert_allclose(one[name], other[name], rtol=1e-5)  # to 1e-5 of a change


def test_no_inverse_is_made_where_the_equilibrium_is_not_pinned(toy):
    class Unpinned:
        layout = toy.engine.layout
        fold = select = staticmethod(lambda given: given)

        def factored(self, x, given):
            return Factored.of(np.zeros((x.size, x.size)))

    assert Near.of(replace(toy.equilibrium, engine=Unpinned())) is None


def test_no_members_are_no_work(toy):
    assert solve_many(toy, []) == []


def _scaled(kernel, factor):
    """The kernel with everything between jurisdictions of its outermost level multiplied."""
    off = 1.0 - np.eye(np.asarray(kernel.passage).shape[-1])
    return with_passage(kernel, kernel.level, jnp.asarray(np.asarray(kernel.passage) * np.where(off > 0, factor, 1.0)))


def test_a_distance_that_the_iteration_has_not_come_to_is_infinite():
    # I − J turns every vector into the next: in forty steps nothing of the answer is seen. The other member's J is 0.
    size = 100
    shift = np.stack([np.eye(size) - np.roll(np.eye(size), 1, axis=0), np.zeros((size, size))])
    product = lambda v: jnp.einsum("mij,mj->mi", jnp.asarray(shift), v)  # noqa: E731
    right = jnp.asarray(np.stack([np.eye(size)[0], np.arange(1.0, size + 1)]))
    left = measured(product, right, linear_many(product, right, replace(LINEAR, max_steps=40)))
    assert np.isinf(left[0]).all()
    np.testing.assert_allclose(left[1], right[1], rtol=1e-12)
