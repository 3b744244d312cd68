"""The Sci-Tech City shared: accounts meet the provinces' totals, eight governments play on eight solves, and the verdict holds."""

from __future__ import annotations

import numpy as np
import pytest

from bridgehead.appraise.sharing import share
from bridgehead.appraise.sharing.games import is_efficient
from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.policy import scenarios_of
from bridgehead.region import read_region

pytestmark = pytest.mark.slow

EIGHT = ["shanghai", "zhejiang", "china", "jinshan", "pinghu", "jiaxing", "jiangsu", "jiashan"]


@pytest.fixture(scope="module")
def case():
    return calibrate(read_region(case_folder("yangtze") / "region"))


@pytest.fixture(scope="module")
def city(case):
    return scenarios_of(case.region)["sci_tech_city"]


@pytest.fixture(scope="module")
def three(case, city):
    return share(case, city)


def test_shanghai_zhejiang_and_the_centre_play_and_no_lever_stands_still_for_want_of_a_player(three):
    assert three.game.players == ("shanghai", "zhejiang", "china")
    assert three.table.never == {}
    assert three.game({"china"}) == 0.0


def test_accounts_meet_the_totals_of_provinces_and_nation(three):
    """Provinces and all local governments exactly; the centre's within 0.1 %: it takes its part at the places' own effort."""
    gaps = {row["name"]: row["log_gap"] for row in three.table.ledger.totals}
    assert abs(gaps.pop("centre.mainland")) < 1e-3
    assert len(gaps) == 5
    assert max(map(abs, gaps.values())) < 1e-9


def test_the_plan_gains_both_sides_and_the_increment_5050_flows_to_the_side_that_gains_less(three):
    assert three.verdict.signs
    split = next(split for split in three.splits if split.name == "increment_5050")
    gains = {side.name: sum(side.gain.values()) for side in three.books.sides}
    payer, receiver, amount, _ = split.payments[0]
    assert (payer, receiver) == (max(gains, key=gains.get), min(gains, key=gains.get))
    assert amount == pytest.approx(abs(gains["shanghai"] - gains["zhejiang"]) / 2)


def test_eight_governments_are_256_coalitions_and_few_solves(case, city, three):
    """What takes time is solves, and there are no more than distinct sets of levers (benchmarks/sharing.py has the seconds)."""
    found = share(case, city, governments=EIGHT)
    assert len(found.table.groups) == 256
    assert len({found.table.acting(group) for group in found.table.groups}) <= 8
    assert all(is_efficient(found.game, split.found.allocation) for split in found.splits if split.found.allocation)
    apart = dict(zip(EIGHT, found.together.budget, strict=True))
    whole = dict(zip(three.game.players, three.together.budget, strict=True))
    assert apart["shanghai"] + apart["jinshan"] == pytest.approx(whole["shanghai"])
    assert sum(apart[p] for p in ("zhejiang", "pinghu", "jiaxing", "jiashan")) == pytest.approx(whole["zhejiang"])
    assert np.isclose(apart["china"], whole["china"])
