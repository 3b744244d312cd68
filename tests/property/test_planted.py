"""Planted troubles, each named for what it is: nearly separate, disconnected, money across a closed border, several
equilibria, badly scaled units, data that nothing can reproduce."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from bridgehead.errors import DataError, SolveError
from bridgehead.kernels import passage_of
from bridgehead.models import solve, solve_from_starts
from bridgehead.models.equilibrium import certify
from bridgehead.models.identities import identities
from property.economies import FOUR, LEVEL, arrays_of, baseline_of, economy, parameters_of, scaled_arrays, with_passages
from property.verify import errors, payments, plain

SEEDS = (0, 2, 3)
SIDES = int(FOUR.sides.max()) + 1
ACROSS = (np.arange(SIDES)[:, None] == 0) ^ (np.arange(SIDES)[None, :] == 0)


def cut_off(baseline, goods: float, commuters: float, *, own_money: bool) -> dict:
    """The first province all but shut to goods and commuters; own_money: no transfers, and rents stay in provinces."""
    factors = {"trade": np.where(ACROSS, goods, 1.0) * np.ones((FOUR.sectors, 1, 1)), "commuting": np.where(ACROSS, commuters, 1.0)}
    given = with_passages(dict(baseline.given), baseline, factors)
    if own_money:
        pools = np.eye(SIDES)[FOUR.sides].T
        given |= {"transfer_rate": jnp.zeros(FOUR.places), "rent_pool": jnp.asarray(pools)}
    return given


@pytest.fixture(scope="module", params=SEEDS)
def baseline(request):
    """A random economy."""
    return economy(request.param, FOUR)


@pytest.mark.parametrize("goods", [1e-4, 1e-8, 1e-12])
def test_a_nearly_separate_province_is_solved_by_the_trickle_that_crosses(baseline, goods):
    found = solve(baseline, cut_off(baseline, goods, goods, own_money=True)).require()
    assert max(errors(found.given, found.state).values()) < 1e-8
    assert any("nearly separate block" in warning for warning in found.certificate.warnings)
    assert found.certificate.smallest_singular_value > 1e-4  # well pinned: without the balance it falls with the trickle
    assert found.certificate.identities["balance_of_blocks"] < 1e-8
    mine = np.asarray(found.given["blocks"])[0] > 0
    dearer = found.state | {"unit_cost": found.state["unit_cost"] * np.where(mine, 1 + 1e-5, 1.0)[:, None]}
    rents = float(found.given["housing_share"]) * dearer["income"] + dearer["output"] @ np.asarray(found.given["floor_share"])
    off = identities(found.given, dearer, ((rents, found.given["rent_pool"]),))
    assert off["balance_of_blocks"] > 1e-5
    paid, _ = payments(plain(found.given), found.state)
    mine = FOUR.sides == 0
    assert paid[mine][:, ~mine].sum() / found.state["income"][mine].sum() < 10 * goods


@pytest.mark.parametrize("trickles", [(1e-12, 1e-12, 1e-12), (1e-4, 1e-8, 1e-12), (1e-12, 1e-6, 1e-6)])
def test_two_provinces_and_abroad_all_but_separate_are_each_balanced(baseline, trickles):
    # Each pair of the three has a trickle of its own: three blocks, each pinned by what crosses alone.
    factor = np.eye(SIDES)
    for (one, other), trickle in zip(((0, 1), (1, 2), (0, 2)), trickles, strict=True):
        factor[one, other] = factor[other, one] = trickle
    given = cut_off(baseline, 1.0, 1.0, own_money=True)
    given = with_passages(given, baseline, {"trade": np.stack([factor] * FOUR.sectors), "commuting": factor})
    found = solve(baseline, given).require()
    assert max(errors(found.given, found.state).values()) < 1e-8
    assert found.certificate.identities["balance_of_blocks"] < 1e-8
    assert sum("nearly separate block" in warning for warning in found.certificate.warnings) == 3
    assert found.certificate.smallest_singular_value > 1e-4


def test_a_place_that_trades_little_is_balanced_by_what_crosses_and_not_as_a_share_of_its_income(baseline):
    # A thousandth crosses: prices off by 1e-5 are 1e-8 of income, and would pass as nothing.
    found = solve(baseline, cut_off(baseline, 1e-3, 1e-3, own_money=True)).require()
    assert found.certificate.identities["balance_of_places"] < 1e-8
    dearer = found.state | {"unit_cost": found.state["unit_cost"] * np.where(np.arange(FOUR.places) == 2, 1 + 1e-5, 1.0)[:, None]}
    off = identities(found.given, dearer, ())
    assert off["balance_of_places"] > 1e-5


def test_a_border_that_is_shut_one_way_alone_is_balanced_both_ways(baseline):
    # At the prices of the data much would cross; prices move until as much comes in as goes out, and little does.
    one_way = np.where(ACROSS & (np.arange(SIDES)[:, None] == 0), 1e-10, np.where(ACROSS, 0.3, 1.0))
    passages = {"trade": one_way * np.ones((FOUR.sectors, 1, 1)), "commuting": np.where(ACROSS, 1e-12, 1.0)}
    given = with_passages(cut_off(baseline, 1.0, 1.0, own_money=True), baseline, passages)
    found = solve(baseline, given).require()
    assert max(errors(found.given, found.state).values()) < 1e-8


@pytest.mark.parametrize("passage", [0.5, 1e-8])
def test_a_solution_moved_by_a_millionth_is_refused_at_that_distance(baseline, passage):
    found = solve(baseline, cut_off(baseline, passage, passage, own_money=True)).require()
    folded = found.engine.fold(found.engine.select(found.given))
    away = np.random.default_rng(1).standard_normal(found.x.size)
    away *= 1e-6 / np.abs(away).max()
    moved = certify(found.engine, found.given, folded, found.x + away, 0, found.labels).certificate
    assert not moved.solved
    assert moved.estimated_distance == pytest.approx(1e-6, rel=1e-2)


def test_an_exactly_disconnected_economy_is_refused_as_such(baseline):
    found = solve(baseline, cut_off(baseline, 0.0, 0.0, own_money=True))
    assert not found.solved
    assert found.state == {}
    assert found.certificate.warnings == ("disconnected",)
    assert "falls into parts between which nothing at all passes" in found.certificate.reason
    with pytest.raises(SolveError, match="one numeraire a part"):
        found.require()


def test_money_across_a_closed_border_is_warned_of_or_refused_with_the_reason(baseline):
    found = solve(baseline, cut_off(baseline, 1e-9, 1e-9, own_money=False))
    said = " ".join([found.certificate.reason, *found.certificate.warnings])
    assert "pay across a border that goods cannot" in said
    if found.solved:
        assert max(errors(found.given, found.state).values()) < 1e-8


def strongly_clustered(strength: float):
    """An economy whose firms gain so much from density (λ) that the data's equilibrium need not be the only one."""
    rng = np.random.default_rng(2)
    arrays = arrays_of(rng, FOUR)
    parameters = parameters_of(rng) | {
        "home_dispersion": 3.3,
        "workplace_dispersion": 5.0,
        "productivity_decay": 0.2,
        "amenity_density": 0.1,
    }
    return baseline_of(replace(arrays, density_elasticity=np.full(FOUR.sectors, strength)), parameters, FOUR)


def test_several_equilibria_are_named():
    found, starts = solve_from_starts(strongly_clustered(1.2), starts=16, seed=1, width=1.0)
    assert found.solved
    assert len(starts.equilibria) > 1
    for other in starts.equilibria:  # each of them is one
        assert max(errors(other.given, other.state).values()) < 1e-8
    assert any("not the only equilibrium" in warning for warning in found.certificate.warnings)
    assert found.certificate.spread == pytest.approx(starts.spread)


def test_one_equilibrium_is_found_from_every_start():
    found, starts = solve_from_starts(strongly_clustered(0.07), starts=16, seed=1, width=1.0)
    assert (len(starts.equilibria), starts.lost) == (1, 0)
    assert not any("equilibrium" in warning for warning in found.certificate.warnings)


@pytest.mark.parametrize("units", [{"people": 1e-9}, {"people": 1e9}, {"money": 1e-9}, {"money": 1e9}, {"land": 1e9}, {"land": 1e-9}])
def test_units_of_any_size_change_no_answer(units):
    rng = np.random.default_rng(2)
    arrays, parameters = arrays_of(rng, FOUR), parameters_of(rng)
    welfare = []
    for region in (arrays, scaled_arrays(arrays, **units)):
        baseline = baseline_of(region, parameters, FOUR)
        given = cut_off(baseline, 0.5, 0.5, own_money=False)
        found = solve(baseline, given).require()
        assert max(errors(found.given, found.state).values()) < 1e-8
        welfare.append(found.state["welfare"] / baseline.equilibrium.state["welfare"])
    np.testing.assert_allclose(welfare[1], welfare[0], rtol=1e-8)


def test_exports_that_no_prices_can_meet_are_refused_with_the_reason():
    rng = np.random.default_rng(2)
    arrays, parameters = arrays_of(rng, FOUR), parameters_of(rng)
    exports, imports = np.full((2, FOUR.places), np.nan)
    exports[-1] = imports[-1] = 1e-6 * arrays.value_added[-1].sum()
    with pytest.raises(SolveError, match=r"Place 4 of places.csv exports .* but makes .* more of some sectors than it buys"):
        baseline_of(replace(arrays, exports=exports, imports=imports), parameters, FOUR)


def test_accounts_that_leave_nothing_to_consume_are_refused_with_the_sector():
    rng = np.random.default_rng(2)
    arrays, parameters = arrays_of(rng, FOUR), parameters_of(rng)
    value = np.array(arrays.value_added)
    value[:, 0] *= 1e-3  # next to nothing is made of a sector that the others need as an input
    with pytest.raises(DataError, match="final demand for 'sector 0' would be -"):
        baseline_of(replace(arrays, value_added=value), parameters, FOUR)


@pytest.mark.parametrize("smaller", [1e-6, 1e-9])
def test_a_place_a_billionth_of_the_others_does_not_spoil_them(smaller):
    rng = np.random.default_rng(2)
    arrays, parameters = arrays_of(rng, FOUR), parameters_of(rng)
    small = np.where(np.arange(FOUR.places) == 1, smaller, 1.0)
    people = np.bincount(FOUR.sides, weights=arrays.residents * small)
    region = replace(
        arrays, residents=arrays.residents * small, value_added=arrays.value_added * small[:, None],
        land_km2=arrays.land_km2 * small, origin_people=people, exports=np.full(4, np.nan), imports=np.full(4, np.nan),
    )  # fmt: skip
    baseline = baseline_of(region, parameters, FOUR)
    found = solve(baseline, cut_off(baseline, 0.3, 0.3, own_money=False)).require()
    assert max(errors(found.given, found.state).values()) < 1e-8


def test_a_passage_of_the_baseline_is_still_there(baseline):
    given = cut_off(baseline, 1e-4, 1e-4, own_money=True)
    assert passage_of(given["trade"], LEVEL).min() == 1e-4
    assert passage_of(baseline.given["trade"], LEVEL).min() > 1e-2  # the baseline's own is not changed
