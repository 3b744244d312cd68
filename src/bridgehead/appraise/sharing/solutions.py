"""Solutions of a game: Shapley value, Nash bargaining, nucleolus."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.optimize import linprog

from bridgehead.appraise.shapley import shapley_values
from bridgehead.appraise.sharing.games import EXACT, Allocation, Game, members, require
from bridgehead.errors import DataError, did_you_mean

RANK = 1e-9
DUAL = 1e-7


def shapley(game: Game) -> Allocation:
    """φ_i: what i adds to those before it, on average over all orders of arrival (Shapley 1953)."""
    return shapley_values(game.players, {group: game(group) for group in game.coalitions})


def nash(game: Game, disagreement: Mapping[str, float] | None = None) -> Allocation | None:
    """x maximising Π (x_i − d_i) subject to x(N) = v(N), x ≥ d: with money, d_i + (v(N) − Σ d) / n (Nash 1950).

    disagreement d: what each has if they do not agree; v({i}), each alone, unless given. None where Σ d exceeds v(N): there is
    then nothing to agree on. DataError for a disagreement point of other players.
    """
    point = game.alone() if disagreement is None else dict(disagreement)
    if set(point) != set(game.players):
        wrong = sorted(set(point) ^ set(game.players))
        raise DataError(f"the disagreement point is not of these players: '{wrong[0]}'; {did_you_mean(wrong[0], game.players)}")
    surplus = game(game.all) - sum(point.values())
    if surplus < -game.tolerance:
        return None
    return {player: point[player] + surplus / len(game.players) for player in game.players}


def nucleolus(game: Game) -> Allocation | None:
    """The imputation whose complaints v(S) − x(S), sorted from the largest, are the least in order of words (Schmeidler 1969).

    Found by a sequence of linear programs (Maschler, Peleg & Shapley 1979): maximise the least excess ε = x(S) − v(S) over the
    coalitions that are free, hold those that bind in every solution (positive shadow price), go on until x is pinned down.
    None where no x is individually rational (Σ v({i}) > v(N)).
    """
    alone = np.array([game({player}) for player in game.players]) / game.scale
    worth = game(game.all) / game.scale
    if alone.sum() > worth + game.tolerance / game.scale:
        return None
    free = [group for group in game.coalitions if group != game.all]
    held, level = [np.ones(len(game.players))], [worth]
    # A sum of stand-alone values that exceeds the whole by no more than the error pins everyone to a point between.
    floor = alone - max(0.0, float(alone.sum()) - worth) / len(alone)
    while np.linalg.matrix_rank(np.array(held), tol=RANK) < len(game.players):
        free = [group for group in free if not _spanned(members(game, [group])[0], held)]
        rows, needed = members(game, free), np.array([game(group) for group in free]) / game.scale
        least, shadow = _largest_least_excess(rows, needed, np.array(held), np.array(level), floor)
        binding = np.flatnonzero(shadow > DUAL)
        for index in binding if binding.size else [int(np.argmax(shadow))]:
            if not _spanned(rows[index], held):
                held.append(rows[index])
                level.append(float(needed[index] + least))
    point = np.linalg.lstsq(np.array(held), np.array(level), rcond=None)[0] * game.scale
    return dict(zip(game.players, map(float, point), strict=True))


def _spanned(row: np.ndarray, held: list[np.ndarray]) -> bool:
    """Whether x(S) follows already from what is held."""
    rank = np.linalg.matrix_rank(np.array(held), tol=RANK)
    return np.linalg.matrix_rank(np.array([*held, row]), tol=RANK) == rank


def _largest_least_excess(
    rows: np.ndarray, needed: np.ndarray, held: np.ndarray, level: np.ndarray, floor: np.ndarray
) -> tuple[float, np.ndarray]:
    """max ε subject to x(S) − ε ≥ v(S) of the free, x(S) as held, x_i ≥ v({i}); and the free coalitions' shadow prices."""
    count = rows.shape[1]
    found = linprog(
        np.append(np.zeros(count), -1.0),
        A_ub=np.column_stack([-rows, np.ones(len(rows))]),
        b_ub=-needed,
        A_eq=np.column_stack([held, np.zeros(len(held))]),
        b_eq=level,
        bounds=[*((low, None) for low in floor), (None, None)],
        method="highs-ds",
        options=EXACT,
    )
    point = require(found, "the nucleolus")
    return float(point[-1]), -np.asarray(found.ineqlin.marginals)
