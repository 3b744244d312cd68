"""When is there one equilibrium: radii that theory gives."""

from __future__ import annotations

import pytest

from bridgehead.errors import ModelError
from bridgehead.models.published._constant_elasticity import Elasticities, allen_arkolakis, helpman, redding_constant_returns


@pytest.mark.parametrize(("share", "radius"), [(0.75, 1.0), (0.80, 1.0), (0.85, 1.75)])
def test_helpman(share, radius):
    assert helpman(5.0, share).radius() == pytest.approx(radius, abs=1e-12)


@pytest.mark.parametrize(("beta", "radius"), [(-0.3, 1.0), (-0.1, 1.0), (0.0, 9.5)])
def test_allen_arkolakis(beta, radius):
    assert allen_arkolakis(9.0, 0.1, beta).radius() == pytest.approx(radius, abs=1e-10)


@pytest.mark.parametrize("dispersion", [1.5, 4.0, 100.0])
def test_redding_with_constant_returns_always_has_one(dispersion):
    assert redding_constant_returns(4.0, 0.75, dispersion).radius() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("sigma", [3.0, 5.0, 9.0])
@pytest.mark.parametrize("share", [0.55, 0.65, 0.75, 0.85, 0.95])
def test_the_rule_of_helpman_is_the_radius(sigma, share):
    assert (helpman(sigma, share).radius() <= 1 + 1e-9) == (sigma * (1 - share) >= 1 - 1e-9)


@pytest.mark.parametrize("beta", [-0.4, -0.2, -0.15, -0.05, 0.0])
def test_the_rule_of_allen_and_arkolakis_is_the_radius(beta):
    assert (allen_arkolakis(9.0, 0.1, beta).radius() <= 1 + 1e-9) == (0.1 + beta <= 1e-9)


def test_helpman_is_a_case_of_allen_and_arkolakis():
    """Variety is a spillover of 1 / (σ − 1), land one of −(1 − α) / α."""
    assert helpman(5.0, 0.7).radius() == pytest.approx(allen_arkolakis(5.0, 0.25, -0.3 / 0.7).radius(), rel=1e-12)


def test_elasticities_without_a_radius_are_refused():
    with pytest.raises(ModelError, match="must not be zero"):
        Elasticities(0.1, 0.0, 0.1, 0.2)
    with pytest.raises(ModelError, match="not pinned down"):
        Elasticities(-1.0, 1.0, 1.0, 1.0).radius()
