"""Rules by accounts: who gets what, when the cap bites, and the axioms they keep."""

from __future__ import annotations

import pytest

from bridgehead.appraise.budgets import annuity, internal_rate
from bridgehead.appraise.sharing.axioms import AXIOMS, SATISFIED
from bridgehead.appraise.sharing.games import Game, game_of, is_efficient
from bridgehead.appraise.sharing.rules import RULES, Books, Side, divide, transfers

YEARS, RATE = 20, 0.04


def books(gain=(10.0, 90.0), moved=(40.0, 0.0), keeps=(5.0, 85.0, 10.0), centre="c", scale=1.0, own=0.0):
    """Origin a loses 40 of revenue to the zone on b's side, where local revenue rises by 90; the centre c gains 10."""
    sides = (
        Side("west", {"a": 50.0}, {"a": scale * gain[0]}, scale * moved[0], equity=3.0),
        Side("east", {"b": 20.0}, {"b": scale * gain[1]}, scale * moved[1], equity=1.0),
    )
    return Books({p: scale * k + own for p, k in zip("abc", keeps, strict=True)}, sides, YEARS, RATE, centre)


def game_for(accounts):
    """A game of which the whole is what the books keep."""
    whole = sum(accounts.keeps.values())
    return game_of("abc", lambda s: whole if len(s) == 3 else 0.0)


def got(rule, accounts):
    return divide(rule, game_for(accounts), accounts).allocation


def test_the_host_keeps_all_as_its_books_show():
    assert got("host_keeps_all", books()) == {"a": 5.0, "b": 85.0, "c": 10.0}


def test_the_increment_is_halved_between_the_sides():
    """Pool 100: b's side has 90 of it and pays 40."""
    assert got("increment_5050", books()) == pytest.approx({"a": 45.0, "b": 45.0, "c": 10.0})


def test_equity_divides_the_pool_by_shares():
    """3:1 of a pool of 100: a is due 75 and has 10."""
    assert got("equity", books()) == pytest.approx({"a": 70.0, "b": 20.0, "c": 10.0})


def test_a_side_with_two_governments_shares_as_it_did_before():
    sides = (Side("west", {"a": 30.0, "c": 10.0}, {"a": 0.0, "c": 0.0}), Side("east", {"b": 5.0}, {"b": 80.0}))
    split = got("increment_5050", Books({"a": 0.0, "b": 80.0, "c": 0.0}, sides))
    assert split == pytest.approx({"a": 30.0, "b": 40.0, "c": 10.0})


def test_the_origin_is_paid_half_of_what_moved_and_no_more_than_three_years_of_it():
    """20 a year for five years of a cap of 120: 20 are left, and the centre pays them then."""
    found = divide("capped_5050", game_for(books()), books())
    assert found.years == 5.0
    assert found.notes == pytest.approx({"yearly": 20.0, "moved": 40.0, "cap": 120.0, "rest": 20.0})
    spread = annuity(RATE, YEARS)
    paid, late = 20.0 * spread / annuity(RATE, 5.0), 20.0 * (1 + RATE) ** -5 * spread
    assert found.allocation == pytest.approx({"a": 5.0 + paid + late, "b": 85.0 - paid, "c": 10.0 - late})


def test_the_present_value_of_five_years_is_what_the_even_payment_is_worth():
    found = divide("capped_5050", game_for(books(centre=None)), books(centre=None))
    five_years = sum(20.0 * (1 + RATE) ** -t for t in range(1, 6))
    assert (found.allocation["a"] - 5.0) / annuity(RATE, YEARS) == pytest.approx(five_years, rel=1e-12)


def test_nothing_moved_nothing_paid():
    found = divide("capped_5050", game_for(books()), books(moved=(0.0, 0.0)))
    assert found.allocation == {"a": 5.0, "b": 85.0, "c": 10.0}
    assert found.years == 0.0


@pytest.mark.parametrize("rule", ["increment_5050", "capped_5050", "equity"])
def test_a_rule_between_two_sides_needs_two(rule):
    one = Books({"a": 1.0, "b": 2.0, "c": 3.0}, (), why="one_side")
    found = divide(rule, game_for(one), one)
    assert found.allocation is None
    assert found.why == "one_side"


def test_where_alone_is_better_the_game_has_nothing_to_divide():
    game = Game(("a", "b"), {frozenset("a"): 5.0, frozenset("b"): 4.0, frozenset("ab"): 7.0})
    for rule in ("nash", "nucleolus"):
        assert divide(rule, game, Books({"a": 3.0, "b": 4.0})).why == "nothing_to_divide"


@pytest.mark.parametrize("rule", RULES[:4])
def test_rules_by_accounts_are_efficient(rule):
    assert "efficiency" in SATISFIED[rule]
    assert is_efficient(game_for(books()), got(rule, books()))


@pytest.mark.parametrize("rule", RULES[:4])
def test_rules_by_accounts_add_up_unless_they_are_capped(rule):
    """Two plans at once: where nothing of the second moved from a, the smaller of moved and gained is no sum."""
    one, two = books(), books(gain=(0.0, -60.0), moved=(30.0, 0.0), keeps=(1.0, 2.0, 3.0))
    both = books(gain=(10.0, 30.0), moved=(70.0, 0.0), keeps=(6.0, 87.0, 13.0))
    apart = {p: got(rule, one)[p] + got(rule, two)[p] for p in "abc"}
    assert (got(rule, both) == pytest.approx(apart)) == ("additivity" in SATISFIED[rule])


@pytest.mark.parametrize("rule", ["host_keeps_all", "increment_5050", "equity"])
def test_rules_by_accounts_do_not_depend_on_the_unit_or_on_money_of_ones_own(rule):
    before, after = got(rule, books()), got(rule, books(scale=2.0, own=7.0))
    assert after == pytest.approx({p: 2.0 * before[p] + 7.0 for p in "abc"})


def test_transfers_lead_from_what_is_kept_to_the_split():
    keeps, split = {"a": 10.0, "b": 0.0, "c": 5.0}, {"a": 4.0, "b": 9.0, "c": 2.0}
    paid = transfers(keeps, split)
    for payer, receiver, amount in paid:
        keeps[payer] -= amount
        keeps[receiver] += amount
    assert keeps == pytest.approx(split)
    assert len(paid) == 2
    assert transfers(split, split) == []


def test_annuity_and_internal_rate():
    assert annuity(0.0, 20) == 0.05
    assert internal_rate([-100.0] + 30 * [100.0 * annuity(0.07, 30)]) == pytest.approx(0.07)
    assert internal_rate([-100.0, 0.0, 121.0]) == pytest.approx(0.1)
    assert internal_rate([-100.0] + 20 * [4.0]) is None  # never pays
    assert internal_rate([0.0] + 20 * [4.0]) is None  # nothing is laid out
    assert internal_rate([50.0] + 20 * [4.0]) is None
    assert internal_rate([-100.0, 300.0, -190.0]) is None  # two rates would do, or none
    assert internal_rate([0.0, -10.0, 5.0, 5.0]) is None  # comes back to the last yuan: no rate above 0


@pytest.mark.parametrize("rule", RULES[:4])
def test_rules_by_accounts_may_leave_someone_worse_off_than_alone(rule):
    """Who hosts little keeps little, whatever it would have alone: no rule by accounts is individually rational in every game."""
    accounts = books()
    game = Game(tuple("abc"), {g: 200.0 if g == frozenset("c") else 0.0 for g in game_for(accounts).coalitions} | {frozenset("abc"): 300.0})
    kept = Books({"a": 150.0, "b": 140.0, "c": 10.0}, accounts.sides, YEARS, RATE, "c")
    assert not AXIOMS["individual_rationality"].holds(lambda g: divide(rule, g, kept).allocation, game)
    assert "individual_rationality" not in SATISFIED[rule]
    assert "core_selection" not in SATISFIED[rule]


@pytest.mark.parametrize("rule", RULES[:4])
def test_rules_by_accounts_do_not_look_at_what_anyone_adds(rule):
    """Two who add the same get what their books show: neither symmetry nor the null player's nothing holds in every game."""
    accounts = books()
    whole = sum(accounts.keeps.values())
    alike = game_of("abc", lambda s: whole * len(s) / 3.0)
    null = game_of("abc", lambda s: whole * ("a" in s))
    for name, game in (("symmetry", alike), ("null_player", null)):
        assert not AXIOMS[name].holds(lambda g: divide(rule, g, accounts).allocation, game)
        assert name not in SATISFIED[rule]
