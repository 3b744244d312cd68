"""Sobol indices on functions whose indices are known, and what is said where they cannot be believed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc

from bridgehead.ensemble.sensitivity import balance_indices, polynomial_indices, unit_ranks

FACTORS, DRAWS = 12, 1000


@pytest.fixture(scope="module")
def points():
    return qmc.LatinHypercube(FACTORS, rng=np.random.default_rng(5)).random(DRAWS)


def test_indices_of_a_quadratic_with_an_interaction(points):
    # y = 2 a + 1.5 b² + 1.5 a c on (−1, 1)³: variances 4/3, 2.25·4/45, 2.25/9.
    u = 2 * points - 1
    y = 2 * u[:, 0] + 1.5 * u[:, 1] ** 2 + 1.5 * u[:, 0] * u[:, 2]
    own, joint = np.array([4 / 3, 2.25 * 4 / 45, 0.0]), 2.25 / 9
    variance = own.sum() + joint
    found = polynomial_indices(unit_ranks(points), y, np.random.default_rng(0))
    assert found.explained > 0.999
    np.testing.assert_allclose(found.first[:3], own / variance, atol=0.01)
    np.testing.assert_allclose(found.total[:3], (own + [joint, 0.0, joint]) / variance, atol=0.01)
    np.testing.assert_allclose(found.total[3:], 0.0, atol=0.01)
    assert (found.total_low <= found.total_high).all()
    balanced, width = balance_indices([str(i) for i in range(FACTORS)], points, y)
    assert (np.abs(balanced[:3] - own / variance) < 3 * width[:3] + 0.02).all()


def test_first_order_indices_of_ishigami_need_no_polynomial(points):
    # Ishigami & Homma 1990, a = 7, b = 0.1: S = 0.3139, 0.4424, 0.
    x = np.pi * (2 * points - 1)
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    balanced, width = balance_indices([str(i) for i in range(FACTORS)], points, y)
    np.testing.assert_allclose(balanced[:3], [0.3139, 0.4424, 0.0], atol=0.05)
    assert (width[:3] < 0.1).all()
    found = polynomial_indices(unit_ranks(points), y, np.random.default_rng(0))
    assert found.explained < 0.7  # degree two cannot follow it, and says so


def test_what_is_not_among_the_factors_is_left_unexplained(points):
    noise = np.random.default_rng(8).standard_normal(DRAWS)
    y = (2 * points[:, 0] - 1) * np.sqrt(3) + noise  # half of the variance each
    found = polynomial_indices(unit_ranks(points), y, np.random.default_rng(0))
    assert found.explained == pytest.approx(0.5, abs=0.07)
    assert found.total[0] == pytest.approx(0.5, abs=0.07)
    assert found.total[1:].max() < 0.05
