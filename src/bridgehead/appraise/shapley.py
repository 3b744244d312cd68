"""The Shapley split of a joint effect: independent of any order (Shapley 1953)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from math import factorial


def coalitions(players: Iterable[str]) -> list[frozenset[str]]:
    """All non-empty subsets, small ones first, in the players' order."""
    names = list(players)
    return [frozenset(group) for size in range(1, len(names) + 1) for group in combinations(names, size)]


def shapley_values(players: Iterable[str], worth: Mapping[frozenset[str], float]) -> dict[str, float]:
    """φ_i = Σ_{S without i} |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S)); the sum over players is v(all) − v(none).

    worth maps every non-empty subset of the players to its effect; that of nobody is 0 unless given. KeyError names a subset
    that is missing.
    """
    names = list(players)
    values = {frozenset(): 0.0, **worth}
    total = factorial(len(names))
    share = dict.fromkeys(names, 0.0)
    for player in names:
        others = [name for name in names if name != player]
        for group in [frozenset(), *coalitions(others)]:
            weight = factorial(len(group)) * factorial(len(names) - len(group) - 1) / total
            share[player] += weight * (values[group | {player}] - values[group])
    return share
