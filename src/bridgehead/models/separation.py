"""Economies that a border has cut, or nearly cut, into blocks (model.md §8, traps i to iii)."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from bridgehead.models.flows import commuters_of, trade_of

LINKED = 1e-4
"""Two places are linked when what passes between them is more than this share of the smaller one's income."""

FEW_STEPS = 3

NEARLY_SEPARATE = 1e-2
"""A block is nearly separate when what crosses its border is less than this share of its income."""


def crossings(given: dict[str, Any], state: dict[str, np.ndarray]) -> np.ndarray:
    """Money that passes between places in either direction, goods and commuters' earnings [place, place].

    `state` need not be an equilibrium of `given`: at the prices of the data it tells which flows the kernels still let through.
    """
    goods = trade_of(given, state).sum(axis=0)
    earnings = commuters_of(given, state) * state["wage_kept"]
    flow = goods + earnings
    return flow + flow.T


def components(links: np.ndarray) -> np.ndarray:
    """Connected component [place] of a symmetric boolean array of links."""
    # Nearly all economies are one: from the place with most links, everything is found in a few steps, without a sparse graph.
    reached = links[links.sum(axis=1).argmax()]
    for _ in range(FEW_STEPS):
        if reached.all():
            return np.zeros(len(links), dtype=np.int32)
        reached = reached | links[reached].any(axis=0)
    return connected_components(csr_array(links), directed=False)[1]


def blocks_of(given: dict[str, Any], state: dict[str, np.ndarray]) -> tuple[np.ndarray, bool]:
    """(block [place], disconnected): the nearly separate blocks of the economy; all zeros when there is one.

    Places that are linked are joined; then groups that exchange more than `NEARLY_SEPARATE` of the smaller one's income are. With
    flows that are exactly zero the economy is disconnected.
    """
    passing = crossings(given, state)
    return nearly_separate(passing, state["income"]), bool(components(passing > 0).max() > 0)


def nearly_separate(passing: np.ndarray, income: np.ndarray) -> np.ndarray:
    """The nearly separate block of each place, from the money that passes between places [place, place] and their incomes."""
    group = components(passing > LINKED * np.minimum(income[:, None], income[None, :]))
    while group.max() > 0:
        hot = np.eye(group.max() + 1)[group]
        between, size = hot.T @ passing @ hot, income @ hot
        joined = components(between > NEARLY_SEPARATE * np.minimum(size[:, None], size[None, :]))
        if joined.max() == group.max():
            break
        group = joined[group]
    return group


def one_economy(given: dict[str, Any], state: dict[str, np.ndarray], passing: np.ndarray) -> np.ndarray:
    """Whether scenarios of a baseline are surely one block each [scenario]: even if only the share `passing` [scenario] of every
    flow of the baseline were left, and the incomes as they are, all places would still be linked."""
    flow, income = crossings(given, state), state["income"]
    link = LINKED * np.minimum(income[:, None], income[None, :])
    found = np.zeros(len(passing), dtype=bool)
    for member in np.argsort(passing, kind="stable"):  # where the least is left all the others follow
        if passing[member] > 0 and components(flow * passing[member] > link).max() == 0:
            found[passing >= passing[member]] = True
            break
    return found


def finer_blocks(blocks: np.ndarray, given: dict[str, Any], state: dict[str, np.ndarray]) -> np.ndarray:
    """The blocks known, cut further where little passes at another state, such as the one a solve has come to.

    Groups of places are joined two by two, those first that exchange most, as a share of the smaller one's income, until one is
    left. The last joins, while each is below `NEARLY_SEPARATE`, are undone: what they joined is nearly separate.
    """
    passing, size = crossings(given, state), state["income"].astype(float)
    group, joins = np.arange(len(blocks)), []
    alive = np.ones(len(blocks), dtype=bool)
    while alive.sum() > 1:
        pairs = alive[:, None] & alive[None, :] & ~np.eye(len(blocks), dtype=bool)
        share = np.where(pairs, passing / np.minimum(size[:, None], size[None, :]), -1.0)
        one, other = np.unravel_index(int(np.argmax(share)), share.shape)
        joins.append((share[one, other], group))
        group = np.where(group == other, one, group)
        passing[one] += passing[other]
        passing[:, one] += passing[:, other]
        size[one] += size[other]
        alive[other] = False
    found = group
    for share_joined, before in reversed(joins):
        if share_joined > NEARLY_SEPARATE:
            break
        found = before
    return joint_blocks(blocks, found)


def joint_blocks(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The blocks [place] that two partitions of the places have in common: places apart in either are apart."""
    return np.unique(np.stack([one, other]), axis=1, return_inverse=True)[1].reshape(-1)
