"""The core seen from two players: the polygon of what both can have together, corner by corner (linear programs)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import linprog

from bridgehead.appraise.sharing.games import EXACT, Game, members, require
from bridgehead.errors import SolveError

CLOSE = 1e-7
"""Corners nearer than this share of the game's scale are one."""


def frontier_of(game: Game, pair: tuple[str, str]) -> list[tuple[float, float]]:
    """The corners of the core's shadow on the plane of two players, counterclockwise from the largest of the first; [] where the core is
    empty. One corner where it is a point, two where it is a line.

    Every corner is the farthest point of the core in some direction: directions are halved between neighbours until none adds a corner.
    """
    index = [game.players.index(player) for player in pair]
    groups = [group for group in game.coalitions if group != game.all]
    rows, needed = members(game, groups), np.array([game(group) for group in groups]) / game.scale

    def farthest(direction: np.ndarray) -> np.ndarray:
        goal = np.zeros(len(game.players))
        goal[index] = -direction
        # Where the core is a point, round-off may leave none: the tolerance then gives way.
        for slack in (0.0, game.tolerance / game.scale):
            found = linprog(
                goal, A_ub=-rows if groups else None, b_ub=slack - needed if groups else None, A_eq=np.ones((1, goal.size)),
                b_eq=[game(game.all) / game.scale], bounds=(None, None), method="highs", options=EXACT,
            )  # fmt: skip
            if found.status == 0:
                break
        return require(found, "the frontier")[index]

    try:
        ring = [farthest(np.array(direction, dtype=float)) for direction in ((1, 0), (0, 1), (-1, 0), (0, -1))]
    except SolveError:
        return []
    corners = _distinct([corner for n in range(4) for corner in _between(ring[n], ring[(n + 1) % 4], farthest)])
    return [(float(x * game.scale), float(y * game.scale)) for x, y in corners]


def _between(one: np.ndarray, two: np.ndarray, farthest: Callable[[np.ndarray], np.ndarray]) -> list[np.ndarray]:
    """The corners from one to just before two: the point farthest beyond their chord, where there is one, and so on either side of it."""
    chord = two - one
    if np.abs(chord).max() <= CLOSE:
        return [one]
    outward = np.array([chord[1], -chord[0]]) / np.linalg.norm(chord)
    corner = farthest(outward)
    if outward @ (corner - one) <= CLOSE:
        return [one]
    return [*_between(one, corner, farthest), *_between(corner, two, farthest)]


def _distinct(corners: list[np.ndarray]) -> list[np.ndarray]:
    kept: list[np.ndarray] = []
    for corner in corners:
        if all(np.abs(corner - other).max() > CLOSE for other in kept):
            kept.append(corner)
    return kept
