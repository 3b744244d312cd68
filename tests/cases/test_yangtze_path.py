"""The first case year by year: links that open move people, R&D adds what it should, and movers who look ahead come to a certificate."""

from __future__ import annotations

import numpy as np
import pytest

from bridgehead.appraise.path_run import paths_of
from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.models.path import run_path
from bridgehead.models.path_settings import FORWARD, path_settings, path_years
from bridgehead.policy import Context, scenarios_of
from bridgehead.policy.schedule import Schedule
from bridgehead.region import read_region

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def case():
    return calibrate(read_region(case_folder("yangtze") / "region"))


@pytest.fixture(scope="module")
def path(case):
    settings = path_settings(case.region, path_years(2020, None, 2023))
    return run_path(case, settings, Schedule(Context.of(case), 2020).given)


def test_the_first_year_is_the_data_and_links_open_on_their_dates(case, path):
    """The Yexin highway, opened on 2020-12-28, brings Jiashan nearer to Fengjing from 2021 on: people move there and not elsewhere."""
    residents = [point.equilibrium.state["residents"] for point in path.years]
    np.testing.assert_allclose(residents[0], case.equilibrium.state["residents"], rtol=1e-9)
    jiashan, lishui = (case.region.place_ids.index(name) for name in ("330421", "331102"))
    moved = np.log(residents[1] / residents[0])
    assert moved[jiashan] > 0.01
    assert abs(moved[lishui]) < 0.001
    assert all(point.equilibrium.certificate.solved for point in path.years)


def test_ideas_close_gaps_by_half_a_per_cent_a_year_and_research_adds_a_quarter(case, path):
    inside, data = case.region.inside, case.equilibrium.state["output"]
    made = data * (np.asarray(case.given["labour_share"]) + np.asarray(case.given["floor_share"]))
    learned = path.of(2021).learned
    assert (learned[inside] * made[inside]).sum() / made[inside].sum() == pytest.approx(0.005, abs=0.002)
    assert learned[~inside].max() == 0
    year = path.of(2021)
    assert year.growth - year.trend == pytest.approx(0.03 * 0.08 / 0.92, rel=1e-12)


def test_movers_who_look_ahead_come_early(case):
    """The strategy that joins Zhejiang to Shanghai, from 2026: who looks ahead is there before, and the path is certified."""
    plan = scenarios_of(case.region)["zhejiang.with_shanghai"]
    later = type(plan)(**{**vars(plan), "from_": 2026})
    settings = path_settings(case.region, path_years(2020, None, 2027, movers=FORWARD), movers=FORWARD)
    result = paths_of(case, settings, later)
    assert result.plan.certificate.solved
    assert result.plan.certificate.estimated_distance <= 1e-8
    before = [
        np.abs(np.log(result.plan.of(y).equilibrium.state["residents"] / result.base.of(y).equilibrium.state["residents"])).max()
        for y in (2020, 2025)
    ]
    assert 1e-6 < before[0] < before[1]
    myopic = path_settings(case.region, path_years(2020, None, 2025))
    still = paths_of(case, myopic, later)
    for one, two in zip(still.base.years, still.plan.years, strict=True):
        np.testing.assert_allclose(one.equilibrium.state["residents"], two.equilibrium.state["residents"], rtol=1e-9)
