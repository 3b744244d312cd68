"""Games with transferable money between a few players: what every coalition is worth, the core, individual rationality.

A game is v(S) for every coalition S of the players, v(∅) = 0. An allocation x is *efficient* when x(N) = v(N), *individually
rational* when x_i ≥ v({i}), and in the *core* when besides x(S) ≥ v(S) for all S (Gillies 1959).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import linprog

from bridgehead.appraise.shapley import coalitions
from bridgehead.errors import DataError, Faults, SolveError

Allocation = dict[str, float]
EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10, "presolve": True}
"""HiGHS at its tightest: the linear programs here are tiny."""


@dataclass(frozen=True, eq=False)
class Game:
    """A game in coalition form: players in order, and the value of every coalition but the empty one, in one unit.

    error: by how much a value may be off (of certified solves); comparisons allow for twice that. DataError lists players named
    twice, coalitions that are missing or unknown, and values that are no numbers.
    """

    players: tuple[str, ...]
    values: Mapping[frozenset[str], float]
    error: float = 0.0

    def __post_init__(self) -> None:
        faults = Faults("the game cannot be used", DataError)
        if not self.players:
            faults.add("there are no players", expected="one at least")
        for player in dict.fromkeys(p for p in self.players if self.players.count(p) > 1):
            faults.add(f"player '{player}' is there twice", expected="one name a player")
        known = set(coalitions(self.players))
        for group in known - set(self.values):
            faults.add(f"coalition {named(group)} has no value", cure="give the value of every coalition")
        for group, value in self.values.items():
            if group and group not in known:
                faults.add(f"coalition {named(group)} is none of these players", expected=", ".join(self.players))
            if not np.isfinite(value) or (not group and value != 0):
                faults.add(f"the value of coalition {named(group)} is {value}", expected="0 of nobody" if not group else "a finite number")
        faults.raise_if_any()

    @cached_property
    def coalitions(self) -> list[frozenset[str]]:
        """All coalitions but the empty one, small ones first."""
        return coalitions(self.players)

    @property
    def all(self) -> frozenset[str]:
        """The coalition of all players."""
        return frozenset(self.players)

    def __call__(self, group: frozenset[str] | set[str]) -> float:
        """v(S); 0 of nobody."""
        return float(self.values[frozenset(group)]) if group else 0.0

    def alone(self) -> Allocation:
        """What each player is worth alone."""
        return {player: self({player}) for player in self.players}

    @cached_property
    def scale(self) -> float:
        """The largest value in size; 1 where all are 0."""
        return max((abs(self(group)) for group in self.coalitions), default=0.0) or 1.0

    @property
    def tolerance(self) -> float:
        """How far a sum may miss a value and still meet it: round-off of the linear programs, and twice the values' error."""
        return 1e-8 * self.scale + 2.0 * self.error


def named(group: frozenset[str]) -> str:
    """A coalition in a message: its members in alphabetical order."""
    return "{" + ", ".join(sorted(group)) + "}"


def total(allocation: Mapping[str, float], group: frozenset[str] | set[str]) -> float:
    """x(S) = Σ_{i∈S} x_i."""
    return float(sum(allocation[player] for player in group))


def is_efficient(game: Game, allocation: Mapping[str, float]) -> bool:
    """x(N) = v(N): nothing is left over and nothing is promised that is not there."""
    return abs(total(allocation, game.all) - game(game.all)) <= game.tolerance


def is_individually_rational(game: Game, allocation: Mapping[str, float]) -> bool:
    """x_i ≥ v({i}) for every player: nobody is worse off than alone."""
    return all(allocation[player] >= game({player}) - game.tolerance for player in game.players)


def objections(game: Game, allocation: Mapping[str, float]) -> list[tuple[frozenset[str], float]]:
    """The coalitions that would do better by themselves, with what they lack, v(S) − x(S) > 0; the worst first."""
    lacks = [(group, game(group) - total(allocation, group)) for group in game.coalitions if group != game.all]
    return sorted(((group, lack) for group, lack in lacks if lack > game.tolerance), key=lambda pair: -pair[1])


def in_core(game: Game, allocation: Mapping[str, float]) -> bool:
    """Efficient, and no coalition would do better by itself."""
    return is_efficient(game, allocation) and not objections(game, allocation)


def is_superadditive(game: Game) -> bool:
    """v(S ∪ T) ≥ v(S) + v(T) for disjoint S and T: joining never costs."""
    apart = ((s, t) for s in game.coalitions for t in game.coalitions if not s & t)
    return all(game(s | t) >= game(s) + game(t) - game.tolerance for s, t in apart)


def is_convex(game: Game) -> bool:
    """v(S ∪ T) + v(S ∩ T) ≥ v(S) + v(T): the more there are, the more a player adds; the Shapley value is then in the core."""
    pairs = ((s, t) for s in game.coalitions for t in game.coalitions)
    return all(game(s | t) + game(s & t) >= game(s) + game(t) - game.tolerance for s, t in pairs)


def members(game: Game, groups: list[frozenset[str]]) -> np.ndarray:
    """[coalition, player] of 0 and 1."""
    return np.array([[float(player in group) for player in game.players] for group in groups]).reshape(len(groups), len(game.players))


def least_total(game: Game) -> tuple[float, Allocation]:
    """The least x(N) with x(S) ≥ v(S) for every proper coalition, and an x that has it (Bondareva 1963, Shapley 1967).

    The core is empty exactly when it exceeds v(N); the difference is the grant from outside that would fill it.
    """
    groups = [group for group in game.coalitions if group != game.all]
    if not groups:
        return game(game.all), {game.players[0]: game(game.all)}
    needed = np.array([game(group) for group in groups]) / game.scale
    found = linprog(
        np.ones(len(game.players)), A_ub=-members(game, groups), b_ub=-needed, bounds=(None, None), method="highs", options=EXACT
    )
    point = require(found, "the least total that satisfies every coalition") * game.scale
    return float(found.fun * game.scale), dict(zip(game.players, map(float, point), strict=True))


def core_is_empty(game: Game) -> bool:
    """Whether some coalition always does better by itself, however v(N) is split."""
    return least_total(game)[0] > game(game.all) + game.tolerance


def require(found: object, what: str) -> np.ndarray:
    """The point of a linear program; SolveError where HiGHS has none."""
    if found.status != 0:
        raise SolveError(f"{what}: the linear program has no solution ({found.message})")
    return np.asarray(found.x)


def sum_of(first: Game, second: Game) -> Game:
    """The game v + w of the same players."""
    if set(first.players) != set(second.players):
        raise DataError("only games of the same players can be added")
    return Game(first.players, {g: first(g) + second(g) for g in first.coalitions}, first.error + second.error)


def game_of(players: tuple[str, ...] | list[str] | str, value: Callable[[frozenset[str]], float], *, error: float = 0.0) -> Game:
    """The game of a function of coalitions."""
    names = tuple(players)
    return Game(names, {group: float(value(group)) for group in coalitions(names)}, error)
