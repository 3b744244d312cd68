"""The frontier of two governments, and the tables of a sharing."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.appraise.sharing.frontier import frontier_of
from bridgehead.appraise.sharing.games import Game, core_is_empty, game_of, in_core, least_total
from bridgehead.appraise.sharing.tables import SCHEMAS, empty_tables, sharing_tables


def corners(game, pair=("a", "b")):
    return [tuple(round(x, 6) + 0.0 for x in corner) for corner in frontier_of(game, pair)]


def test_the_core_of_two_is_a_line():
    game = Game(("a", "b"), {frozenset("a"): 2.0, frozenset("b"): 4.0, frozenset("ab"): 10.0})
    assert corners(game) == [(6.0, 4.0), (2.0, 8.0)]


def test_the_core_of_the_gloves_is_a_point():
    assert corners(game_of("abc", lambda s: float("a" in s and len(s) > 1))) == [(1.0, 0.0)]


def test_an_empty_core_has_no_frontier():
    assert corners(game_of("abc", lambda s: float(len(s) >= 2))) == []


def test_the_frontier_of_three_by_hand():
    """v(N) = 10, pairs of a 4, b with c 2, nobody alone: 0 ≤ a ≤ 8, 0 ≤ b ≤ 6, 4 ≤ a + b ≤ 10."""
    game = game_of("abc", lambda s: {1: 0.0, 2: 2.0 if s == {"b", "c"} else 4.0, 3: 10.0}[len(s)])
    assert set(corners(game)) == {(8.0, 0.0), (8.0, 2.0), (4.0, 6.0), (0.0, 6.0), (0.0, 4.0), (4.0, 0.0)}


@given(st.lists(st.floats(0.0, 10.0).map(lambda x: round(x, 2)), min_size=7, max_size=7))
def test_corners_are_of_the_core_and_convex(numbers):
    order = iter(numbers)
    game = game_of("abc", lambda s: next(order))
    found = frontier_of(game, ("a", "b"))
    assert bool(found) == (not core_is_empty(game)) or abs(least_total(game)[0] - game(game.all)) <= 2 * game.tolerance
    for x, y in found:
        assert in_core(game, {"a": x, "b": y, "c": game(game.all) - x - y})
    ring = np.array(found)
    for n in range(len(found) if len(found) > 2 else 0):
        one, two, three = ring[n - 2], ring[n - 1], ring[n]
        turn = (two[0] - one[0]) * (three[1] - two[1]) - (two[1] - one[1]) * (three[0] - two[0])
        assert turn >= -1e-6 * game.scale**2


@pytest.fixture(scope="module")
def tables(shared):
    return sharing_tables(shared)


def test_every_table_has_its_columns(tables):
    assert {name: table.columns for name, table in tables.items()} == {name: list(schema) for name, schema in SCHEMAS.items()}
    assert all(table.is_empty() for table in empty_tables().values())


def test_budgets_add_up_to_their_total(tables, shared):
    for player, total in zip(shared.players, shared.together.budget, strict=True):
        rows = tables["budgets"].filter(pl.col("government") == player.id)
        assert rows.filter(pl.col("item") == "total")["change"].item() == pytest.approx(total)
        assert rows.filter(pl.col("item") != "total")["change"].sum() == pytest.approx(total)


def test_rules_give_out_the_whole_and_payments_lead_there(tables, shared):
    keeps = dict(zip(tables["sharing"]["government"], tables["sharing"]["together"], strict=True))
    for rule in tables["sharing_rules"]["rule"].unique():
        got = tables["sharing_rules"].filter(pl.col("rule") == rule)
        assert got["amount"].sum() == pytest.approx(shared.game(shared.game.all))
        held = dict(keeps)
        for payer, receiver, amount in (
            tables["sharing_payments"].filter(pl.col("rule") == rule).select("payer", "receiver", "amount").rows()
        ):
            held[payer] -= amount
            held[receiver] += amount
        assert held == pytest.approx(dict(zip(got["government"], got["amount"], strict=True)), abs=1e-6 * shared.game.scale)


def test_the_frontier_marks_the_rules_and_the_threat_point(tables, shared):
    rows = tables["sharing_frontier"]
    assert set(rows["what"]) == {"core", "threat", "rule"}
    threat = rows.filter(pl.col("what") == "threat").row(0, named=True)
    assert (threat["x"], threat["y"]) == (shared.game({"A"}), shared.game({"B"}))
    assert rows.filter(pl.col("what") == "rule").height == len(shared.splits)
