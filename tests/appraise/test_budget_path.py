"""Budgets along a path: what a dated plan brings and costs, year by year."""

from __future__ import annotations

import polars as pl
import pytest

from bridgehead.appraise.budgets import calibrated
from bridgehead.appraise.engine import Runner
from bridgehead.appraise.path_run import paths_of
from bridgehead.models.path_settings import path_settings, path_years
from bridgehead.policy import read_scenario

LAND = {"lever": "land", "place": "ZB", "multiply": 1.2}
ONCE = 1e-9


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The toy with fiscal rules, calibrated."""
    from books_toy import books_toy

    from bridgehead.calibrate import calibrate
    from bridgehead.region import read_region

    return calibrate(read_region(books_toy(tmp_path_factory.mktemp("books") / "region")))


@pytest.fixture(scope="module")
def run(base):
    """Paths under a scenario."""

    def make(*, until=2031, step=1, **more):
        years = path_years(base.region.meta.year, None, until, step)
        plan = read_scenario({"format": 1, "name": "land", "lever": [LAND], **more}, base.region)
        return paths_of(base, path_settings(base.region, years), plan).tables

    return make


def of(tables, government):
    return tables["budgets"].filter(pl.col("government") == government)


def test_land_is_paid_for_as_it_is_released_and_once_in_all(base, run):
    """A fifth of ZB's land at 10 a km2, in five years from 2025; the outlays add up to the one-off cost of the same plan at once."""
    km2 = 0.2 * base.region.fact("construction_land")[base.region.index("ZB")]
    rows = of(run(**{"from": 2025, "phase_in": 5.0}), "B")
    outlay = dict(zip(rows["year"], rows["outlay"], strict=True))
    assert sum(outlay.values()) == pytest.approx(10.0 * km2, rel=ONCE)
    assert all(outlay[year] == 0.0 for year in (2023, 2024, 2031))
    assert outlay[2026] == pytest.approx(outlay[2028], rel=5e-3)  # evenly, but for leap days


def test_before_a_plan_begins_no_money_moves(run):
    rows = run(**{"from": 2027})["budgets"].filter(pl.col("year") < 2027)
    assert rows.height == 3 * 4
    assert (rows["balance"] == 0.0).all()


def test_the_governments_balance_is_the_sum_of_its_parts_and_discounts_to_its_present_value(run):
    tables = run(**{"from": 2024})
    rows = tables["budgets"]
    parts = rows["change"] + rows["land_sales"] - rows["outlay"]
    assert (parts - rows["balance"]).abs().max() <= 1e-9 * rows["balance"].abs().max()
    for government, worth, discount in tables["budgets_summary"].select("government", "present_value", "discount").rows():
        mine = of(tables, government)
        by_hand = sum(money * (1 + discount) ** -t for t, money in enumerate(mine["balance"]))
        assert worth == pytest.approx(by_hand)
        assert mine["present_value_to_date"][-1] == pytest.approx(by_hand)


def test_a_longer_step_pays_for_the_same_land(run):
    yearly, coarse = (of(run(step=step, **{"from": 2025}), "B") for step in (1, 4))
    assert coarse["outlay"].sum() == pytest.approx(yearly["outlay"].sum(), rel=ONCE)
    assert coarse["year"].to_list() == yearly["year"].to_list()


def test_a_plan_at_once_pays_what_the_one_period_accounts_say(base, run):
    runner = Runner.of(base)
    ledger = calibrated(runner.world)
    plan = read_scenario({"format": 1, "name": "land", "lever": [LAND]}, base.region)
    once = ledger.one_off(runner.context(runner.solve(plan), "scenario").after, plan.levers)
    expected = -sum(parts.sum() for parts in once["land_development"].values())
    assert of(run(until=2025), "B")["outlay"].sum() == pytest.approx(expected, rel=ONCE)


def test_without_a_scenario_or_fiscal_rules_there_are_no_rows(base):
    from dataclasses import replace

    years = path_settings(base.region, path_years(base.region.meta.year, None, 2025))
    assert paths_of(base, years).tables["budgets"].is_empty()
    plan = read_scenario({"format": 1, "name": "land", "lever": [LAND]}, base.region)
    plain = replace(base, region=replace(base.region, fiscal=None))
    assert paths_of(plain, years, plan).tables["budgets_summary"].is_empty()
