"""What crosses a border, and which places hang together, against the plain definitions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from bridgehead.models.identities import balance_of_groups
from bridgehead.models.separation import components

SIZE = 9


@pytest.mark.parametrize("seed", range(5))
def test_the_balance_of_groups_is_what_crosses_their_borders(seed):
    rng = np.random.default_rng(seed)
    paid = rng.uniform(size=(SIZE, SIZE)) * (rng.uniform(size=(SIZE, SIZE)) > 0.4)
    np.fill_diagonal(paid, 0.0)
    transfers = rng.normal(size=SIZE)
    groups = np.concatenate([np.eye(SIZE), np.eye(3)[rng.integers(0, 3, SIZE)].T])
    worst = 0.0
    for group in groups:
        inside, outside = np.flatnonzero(group > 0), np.flatnonzero(group == 0)
        net = float(transfers[inside].sum())
        received = sum(paid[k, i] for k in outside for i in inside) + max(net, 0.0)
        spent = sum(paid[i, k] for k in outside for i in inside) + max(-net, 0.0)
        if received or spent:
            worst = max(worst, abs(np.log(received / spent)))
    assert balance_of_groups(paid, transfers, groups) == pytest.approx(worst, rel=1e-12)


def test_a_trickle_across_a_border_keeps_its_digits():
    """Two halves that trade 1 within and 1e-12 between: one per cent too little of the trickle shows as one per cent."""
    paid = np.array([[0.0, 1.0, 1e-12, 0.0], [1.0, 0.0, 0.0, 0.0], [0.99e-12, 0.0, 0.0, 1.0], [0.0, 0.0, 1.0, 0.0]])
    halves = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]])
    assert balance_of_groups(paid, np.zeros(4), halves) == pytest.approx(-np.log(0.99), rel=1e-9)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.05, 0.1, 0.3, 1.0])
def test_what_hangs_together_is_found_whatever_the_way(share):
    rng = np.random.default_rng(3)
    for _ in range(20):
        links = rng.uniform(size=(SIZE * 3, SIZE * 3)) < share
        links |= links.T
        assert components(links).tolist() == connected_components(csr_array(links), directed=False)[1].tolist()
    line = np.eye(12, k=1) + np.eye(12, k=-1) > 0
    assert components(line).max() == 0
