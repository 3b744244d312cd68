"""Which axioms the rules satisfy: a table of theorems, and a check of each on a given game."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bridgehead.appraise.sharing.games import (
    Allocation,
    Game,
    core_is_empty,
    game_of,
    in_core,
    is_efficient,
    is_individually_rational,
    sum_of,
)

Rule = Callable[[Game], Allocation | None]


@dataclass(frozen=True)
class Axiom:
    """One axiom: what it says in both languages, and whether a rule keeps it on a game (True also where it asks for nothing)."""

    name: str
    says: str
    says_zh: str
    holds: Callable[[Rule, Game], bool]


def near(game: Game, first: float, second: float) -> bool:
    """Whether two amounts are the same within the game's tolerance."""
    return abs(first - second) <= 10.0 * game.tolerance


def _efficient(rule: Rule, game: Game) -> bool:
    found = rule(game)
    return found is None or is_efficient(game, found)


def _symmetric(rule: Rule, game: Game) -> bool:
    """Players who add the same to every coalition get the same."""
    found = rule(game)
    if found is None:
        return True
    return all(near(game, found[a], found[b]) for a in game.players for b in game.players if a < b and _substitutes(game, a, b))


def _substitutes(game: Game, first: str, second: str) -> bool:
    others = [frozenset()] + [group for group in game.coalitions if not group & {first, second}]
    return all(near(game, game(group | {first}), game(group | {second})) for group in others)


def _null_player(rule: Rule, game: Game) -> bool:
    """Who adds nothing to any coalition gets nothing."""
    found = rule(game)
    if found is None:
        return True
    null = [player for player in game.players if _adds_nothing(game, player)]
    return all(near(game, found[player], 0.0) for player in null)


def _adds_nothing(game: Game, player: str) -> bool:
    others = [frozenset()] + [group for group in game.coalitions if player not in group]
    return all(near(game, game(group | {player}), game(group)) for group in others)


def _additive(rule: Rule, game: Game) -> bool:
    """The rule of two games together is the sum of its results: asked with a game w(S) = (Σ_{i∈S} i)² of the same players."""
    other = game_of(game.players, lambda group: game.scale * sum(game.players.index(p) + 1 for p in group) ** 2 / len(game.players) ** 3)
    one, two, both = rule(game), rule(other), rule(sum_of(game, other))
    if one is None or two is None or both is None:
        return True
    return all(near(sum_of(game, other), one[p] + two[p], both[p]) for p in game.players)


def _covariant(rule: Rule, game: Game) -> bool:
    """Another unit and money of one's own change the split in the same way: rule(2v + c) = 2 rule(v) + c."""
    own = {player: 0.1 * (index + 1) * game.scale for index, player in enumerate(game.players)}
    moved = game_of(game.players, lambda group: 2.0 * game(group) + sum(own[p] for p in group), error=2.0 * game.error)
    before, after = rule(game), rule(moved)
    if before is None or after is None:
        return before is None and after is None
    return all(near(moved, 2.0 * before[p] + own[p], after[p]) for p in game.players)


def _rational(rule: Rule, game: Game) -> bool:
    """Nobody gets less than alone, wherever that can be."""
    found = rule(game)
    if found is None or sum(game.alone().values()) > game(game.all) + game.tolerance:
        return True
    return is_individually_rational(game, found)


def _core(rule: Rule, game: Game) -> bool:
    """In the core, wherever it has a point."""
    found = rule(game)
    return found is None or core_is_empty(game) or in_core(game, found)


def _monotonic(rule: Rule, game: Game) -> bool:
    """When every marginal contribution of a player rises, it gets no less (Young 1985): asked by raising v(S) of all S with it."""
    before = rule(game)
    for player in game.players:
        raised = game_of(game.players, lambda group, p=player: game(group) + (0.3 * game.scale / len(group) if p in group else 0.0))
        after = rule(raised)
        if before is not None and after is not None and after[player] < before[player] - 10.0 * game.tolerance:
            return False
    return True


AXIOMS: dict[str, Axiom] = {
    axiom.name: axiom
    for axiom in (
        Axiom("efficiency", "all of the gain is shared out, and no more", "收益全部分配", _efficient),
        Axiom("symmetry", "who adds the same gets the same", "贡献相同者所得相同", _symmetric),
        Axiom("null_player", "who adds nothing gets nothing", "无贡献者无所得", _null_player),
        Axiom("additivity", "two plans together are shared as each is", "两项计划合并后的分配等于各自分配之和", _additive),
        Axiom("covariance", "another unit, or money of one's own, changes nothing else", "与计量单位和自有资金无关", _covariant),
        Axiom("individual_rationality", "nobody gets less than alone, where that can be", "可行时，无人所得少于单独行动", _rational),
        Axiom("core_selection", "no group would do better by itself, where that can be", "可行时，任何联盟都不会另立门户", _core),
        Axiom("strong_monotonicity", "who adds more everywhere gets no less", "贡献增加者所得不减", _monotonic),
    )
}

SATISFIED: dict[str, tuple[str, ...]] = {
    "shapley": ("efficiency", "symmetry", "null_player", "additivity", "covariance", "strong_monotonicity"),
    "nucleolus": ("efficiency", "symmetry", "null_player", "covariance", "individual_rationality", "core_selection"),
    "nash": ("efficiency", "symmetry", "additivity", "covariance", "individual_rationality"),
    "host_keeps_all": ("efficiency", "additivity", "covariance"),
    "increment_5050": ("efficiency", "additivity", "covariance"),
    "capped_5050": ("efficiency",),
    "equity": ("efficiency", "additivity", "covariance"),
}
"""Axioms that hold in *every* game, by rule: theorems of Shapley, Young, Schmeidler and Nash. Of the rules by accounts, where plans
add up and units change account by account; the smaller-of in the cap breaks additivity. On superadditive games the Shapley value
is individually rational."""


def axioms_of(rule: str) -> tuple[str, ...]:
    """The axioms that a rule satisfies in every game."""
    return SATISFIED[rule]


def holds_in(game: Game, allocation: Allocation) -> tuple[str, ...]:
    """The axioms about a single split that this one keeps in this game, whatever rule it came from."""

    def constant(_: Game) -> Allocation:
        return allocation

    single = ("efficiency", "symmetry", "null_player", "individual_rationality", "core_selection")
    return tuple(name for name in single if AXIOMS[name].holds(constant, game))
