"""Textbook games with known answers, and the axioms each rule keeps."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.appraise.sharing.axioms import AXIOMS, SATISFIED, holds_in
from bridgehead.appraise.sharing.games import (
    Game,
    core_is_empty,
    game_of,
    in_core,
    is_convex,
    is_individually_rational,
    is_superadditive,
    least_total,
    objections,
    total,
)
from bridgehead.appraise.sharing.solutions import nash, nucleolus, shapley
from bridgehead.errors import DataError

EXACT = 1e-7  # linear programs at 1e-10, relative to the largest value
RULES = {"shapley": shapley, "nucleolus": nucleolus, "nash": nash}


def gloves():
    """One left glove (a), two right ones (b, c): a pair is worth 1."""
    return game_of("abc", lambda s: float("a" in s and len(s) > 1))


def majority():
    """Two of three share 1."""
    return game_of("abc", lambda s: float(len(s) >= 2))


def bankruptcy(estate, claims=(100.0, 200.0, 300.0)):
    """Claims on an estate that is too small: a coalition is worth what the others leave (Aumann & Maschler 1985)."""
    owed = dict(zip("abc", claims, strict=True))
    return game_of("abc", lambda s: max(0.0, estate - sum(owed[p] for p in "abc" if p not in s)))


def airport(costs=(1.0, 2.0, 3.0)):
    """A runway as long as the longest of its users needs; values are minus costs (Littlechild & Owen 1973)."""
    needs = dict(zip("abc", costs, strict=True))
    return game_of("abc", lambda s: -max(needs[p] for p in s))


def unanimity():
    """a and b together make 6; c is of no use."""
    return game_of("abc", lambda s: 6.0 * ("a" in s and "b" in s))


def pair():
    """2 alone, 4 alone, 10 together."""
    return Game(("a", "b"), {frozenset("a"): 2.0, frozenset("b"): 4.0, frozenset("ab"): 10.0})


def apart():
    """Worth more alone than together: no split makes both sign."""
    return Game(("a", "b"), {frozenset("a"): 5.0, frozenset("b"): 4.0, frozenset("ab"): 7.0})


GAMES = {
    "gloves": gloves(), "majority": majority(), "bankruptcy_200": bankruptcy(200.0), "airport": airport(),
    "unanimity": unanimity(), "pair": pair(), "apart": apart(),
}  # fmt: skip


@pytest.mark.parametrize(("game", "answer"), [
    (gloves(), (2 / 3, 1 / 6, 1 / 6)),
    (majority(), (1 / 3, 1 / 3, 1 / 3)),
    (airport(), (-1 / 3, -5 / 6, -11 / 6)),
    (unanimity(), (3.0, 3.0, 0.0)),
    (pair(), (4.0, 6.0)),
    (apart(), (4.0, 3.0)),
])  # fmt: skip
def test_shapley_values_of_textbooks(game, answer):
    np.testing.assert_allclose(list(shapley(game).values()), answer, atol=1e-12)


@pytest.mark.parametrize(("game", "answer"), [
    (gloves(), (1.0, 0.0, 0.0)),  # the only point of the core
    (majority(), (1 / 3, 1 / 3, 1 / 3)),
    (bankruptcy(100.0), (100 / 3, 100 / 3, 100 / 3)),  # the three rows of the Talmud
    (bankruptcy(200.0), (50.0, 75.0, 75.0)),
    (bankruptcy(300.0), (50.0, 100.0, 150.0)),
    (unanimity(), (3.0, 3.0, 0.0)),
    (pair(), (4.0, 6.0)),
    (airport(), (-0.5, -0.75, -1.75)),  # Littlechild 1974: 1/2, then (2 - 1/2) / 2, then the rest
])  # fmt: skip
def test_nucleoli_of_textbooks(game, answer):
    np.testing.assert_allclose(list(nucleolus(game).values()), answer, atol=EXACT * game.scale)


def test_nash_bargaining_splits_the_surplus_over_the_disagreement_point():
    assert nash(pair()) == pytest.approx({"a": 4.0, "b": 6.0})
    assert nash(pair(), {"a": 0.0, "b": 0.0}) == pytest.approx({"a": 5.0, "b": 5.0})
    with pytest.raises(DataError, match="not of these players"):
        nash(pair(), {"a": 0.0, "d": 0.0})


def test_where_no_split_makes_both_sign_bargaining_and_nucleolus_have_none():
    assert nash(apart()) is None
    assert nucleolus(apart()) is None
    assert core_is_empty(apart())
    assert least_total(apart())[0] == pytest.approx(9.0)  # 2 from outside, and both sign


def test_the_core_of_the_majority_game_is_empty_by_one_half():
    assert least_total(majority())[0] == pytest.approx(1.5)
    assert core_is_empty(majority())
    assert not in_core(majority(), shapley(majority()))
    worst, lack = objections(majority(), shapley(majority()))[0]
    assert len(worst) == 2
    assert lack == pytest.approx(1 / 3)


def test_the_core_of_the_glove_game_is_the_scarce_glove():
    assert not core_is_empty(gloves())
    assert in_core(gloves(), {"a": 1.0, "b": 0.0, "c": 0.0})
    assert not in_core(gloves(), shapley(gloves()))
    assert not in_core(gloves(), {"a": 1.1, "b": 0.0, "c": 0.0})  # more than there is


def test_shapley_of_a_convex_game_is_in_its_core():
    assert is_convex(airport())
    assert in_core(airport(), shapley(airport()))
    assert is_superadditive(gloves())
    assert not is_convex(gloves())
    assert not is_superadditive(apart())


def test_voting_power():
    """[3; 2, 1, 1]: the large party has power 2/3 (Shapley & Shubik 1954)."""
    votes = {"a": 2, "b": 1, "c": 1}
    game = game_of("abc", lambda s: float(sum(votes[p] for p in s) >= 3))
    assert shapley(game) == pytest.approx({"a": 2 / 3, "b": 1 / 6, "c": 1 / 6})


@pytest.mark.parametrize("name", AXIOMS)
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_keeps_the_axioms_it_is_said_to_keep(rule, name):
    if name in SATISFIED[rule]:
        kept = {title: AXIOMS[name].holds(RULES[rule], game) for title, game in GAMES.items()}
        assert all(kept.values()), kept


def dear_pairs():
    """Two cost 9, and a with b 3; all three make 1: alone is better than what the orders of arrival average to."""
    return game_of("abc", lambda s: {1: 0.0, 2: -9.0, 3: 1.0}[len(s)] + 6.0 * (s == {"a", "b"}))


@pytest.mark.parametrize(("rule", "name", "game"), [
    ("shapley", "core_selection", gloves()),
    ("shapley", "individual_rationality", dear_pairs()),
    ("nucleolus", "additivity", bankruptcy(200.0)),
    ("nash", "null_player", unanimity()),
    ("nash", "core_selection", gloves()),
])  # fmt: skip
def test_a_rule_breaks_axioms_it_is_not_said_to_keep(rule, name, game):
    assert name not in SATISFIED[rule]
    assert not AXIOMS[name].holds(RULES[rule], game)


def test_a_single_split_is_checked_as_it_is():
    assert holds_in(unanimity(), {"a": 3.0, "b": 3.0, "c": 0.0}) == (
        "efficiency", "symmetry", "null_player", "individual_rationality", "core_selection",
    )  # fmt: skip
    assert holds_in(unanimity(), {"a": 2.0, "b": 2.0, "c": 2.0}) == (
        "efficiency", "symmetry", "individual_rationality",
    )  # fmt: skip


def random_games(count):
    sizes = sum(1 for k in range(1, count + 1) for _ in combinations(range(count), k))
    return st.lists(st.floats(-10, 10).map(lambda x: round(x, 2)), min_size=sizes, max_size=sizes)


@given(random_games(4))
def test_the_nucleolus_is_in_every_core_that_has_a_point(numbers):
    order = iter(numbers)
    game = game_of("abcd", lambda s: next(order))
    found = nucleolus(game)
    if found is None:
        assert sum(game.alone().values()) > game(game.all)
        return
    assert total(found, game.all) == pytest.approx(game(game.all), abs=EXACT * game.scale)
    assert is_individually_rational(game, found)
    assert core_is_empty(game) or in_core(game, found)


@given(random_games(3), st.floats(0.01, 100.0))
def test_splits_do_not_depend_on_the_unit(numbers, unit):
    game = Game(tuple("abc"), dict(zip(game_of("abc", len).coalitions, numbers, strict=True)))
    other = Game(game.players, {group: unit * value for group, value in game.values.items()})
    for rule in RULES.values():
        before, after = rule(game), rule(other)
        assert (before is None) == (after is None)
        for player in before or {}:
            assert after[player] == pytest.approx(unit * before[player], abs=EXACT * other.scale)


def test_eight_players_take_no_time():
    """256 coalitions: the nucleolus of a random superadditive game is in its core, and every rule is efficient."""
    weight = np.random.default_rng(1).random(8)
    game = game_of("abcdefgh", lambda s: float(sum(weight["abcdefgh".index(p)] for p in s)) ** 2)
    assert in_core(game, nucleolus(game))
    assert in_core(game, shapley(game))


def test_a_game_lists_every_fault():
    with pytest.raises(DataError) as raised:
        Game(("a", "b", "b"), {frozenset("a"): float("nan"), frozenset("ab"): 1.0, frozenset("z"): 2.0, frozenset(): 3.0})
    said = str(raised.value)
    for part in (
        "player 'b' is there twice", "coalition {b} has no value", "coalition {z} is none of these players",
        "the value of coalition {a} is nan", "the value of coalition {} is 3.0",
    ):  # fmt: skip
        assert part in said
