"""What was fitted to flows is no policy: whoever opens it is told that the column is an upper bound."""

from __future__ import annotations

import pytest

from bridgehead.appraise.opening import opens_residual, upper_bounds
from bridgehead.cases import case_folder
from bridgehead.policy import read_scenario, scenarios_of
from bridgehead.region import read_region


@pytest.fixture(scope="module")
def case():
    return read_region(case_folder("yangtze") / "region")


def commuting(level: str) -> dict:
    return {
        "lever": "passage",
        "flow": "commuting",
        "level": level,
        "between": ["shanghai"],
        "and": ["jiaxing" if level == "prefecture" else "zhejiang"],
        "open": 1.0,
    }


def test_a_scenario_that_opens_fitted_passages_is_an_upper_bound(case):
    made = {level: read_scenario({"format": 1, "name": level, "lever": [commuting(level)]}, case) for level in ("prefecture", "regime")}
    (warning,) = upper_bounds(made, case)
    assert warning.startswith("prefecture moves passages of commuting at level 'prefecture'")
    assert "upper bound" in warning
    assert not opens_residual(commuting("regime"), case)


def test_the_case_s_own_strategies_and_zones_open_policy_alone(case):
    assert upper_bounds(scenarios_of(case), case) == []


def test_a_region_without_fitted_passages_has_none(toy_region):
    assert not opens_residual(commuting("prefecture"), toy_region)
