"""What an ensemble says of made-up draws of the case: which number drives a need, which conclusion hangs on inferred data, what is joint."""

from __future__ import annotations

import numpy as np
import pytest

from bridgehead.appraise.cells import Cell
from bridgehead.ensemble import Asked, EnsemblePlan
from bridgehead.ensemble.evaluate import Drawn, Member
from bridgehead.ensemble.paths import DrawnPath
from bridgehead.ensemble.result import summed_up
from bridgehead.ensemble.store import Store
from bridgehead.ensemble.summary import _data_cell
from bridgehead.ensemble.tables import tables_of
from bridgehead.policy import scenarios_of
from bridgehead.report.ensemble.hanging import hanging, joint_words
from bridgehead.report.ensemble.page import ensemble_page
from bridgehead.report.ensemble.terminal import facts_zh, names_for

DRIVER = "x_trade_elasticity"
SCENARIOS = ("zone.innovation", "zone.integration")


@pytest.fixture(scope="module")
def result(case_region, tmp_path_factory):
    """Draws whose first need follows the trade elasticity, whose second follows inferred data around zero, the others nothing but noise."""
    given = scenarios_of(case_region)
    plan = EnsemblePlan.of(case_region, Asked(120, 1, batch=140, paths=60), scenarios={id: given[id] for id in SCENARIOS})
    driver = next(f for f in plan.factors if f.name == DRIVER)
    spread, first = driver.high - driver.low, [row for row in plan.needs.rows if row.line == "1"]

    def change(number: int, row) -> float:
        values, inferred = plan.values(number), plan.inferred(number)
        base = (values[DRIVER] - driver.low) / spread
        data = 0.0 if inferred is None else float(inferred[0]) - 0.5
        return data if row.key == first[1].key else 2.0 + base + 0.05 * np.sin(100.0 * data)

    drawn = []
    for number in plan.asked.numbers:
        cells = {row.key: Cell(1.0, 2.0, change(number, row), None, "solved") for row in plan.needs.rows}
        members = tuple(Member(id, "", True, "", 1e-12, 1e-12, 1e-12, 30, cells) for id in plan.columns.columns)
        path = DrawnPath(tuple((*row.key, year, 1.0, change(number, row) * (year - 2020)) for row in first for year in (2025, 2030)), 1e-9)
        numbers = {"spectral_radius": 0.9, "largest_real_part": 0.8}
        drawn.append(Drawn(number, plan.values(number), "ok", "", numbers, {}, members, path if number <= 60 else None))
    store = Store.open(tmp_path_factory.mktemp("made") / "store", plan.manifest)
    store.add(0, tables_of(plan, drawn))
    return summed_up(plan, store)


def first_rows(result):
    return [row for row in result.plan.needs.rows if row.line == "1"]


def test_the_number_that_drives_a_need_is_found_with_its_error_bars(result):
    row, scenario = first_rows(result)[0], SCENARIOS[1]
    assert result.drivers(scenario)[row.key] == DRIVER
    found = next(
        r for r in result.tables["sobol"].to_dicts() if (r["need"], r["line"], r["scenario"], r["factor"]) == (*row.key, scenario, DRIVER)
    )
    assert found["first"] == pytest.approx(1.0, abs=0.1 + found["first_interval"])
    assert found["total_low"] <= found["total"] <= found["total_high"]
    assert found["total"] > 0.8
    assert found["explained"] > 0.8
    swing = max((r for r in result.tables["tornado"].to_dicts() if (r["need"], r["line"]) == row.key), key=lambda r: r["swing"])
    assert swing["factor"] == DRIVER


def test_the_conclusion_that_hangs_on_inferred_data_is_named_and_no_other(result):
    told, names = hanging(result, SCENARIOS), names_for(result)
    second = first_rows(result)[1]
    assert told.pairs == 12
    assert {row.key for row, _ in told.signs} == {row.key for row, _ in told.values} == {second.key}
    sign, value = told.words(names, scenarios=True)
    assert "The sign hangs on inferred data" in sign.en
    assert second.name in sign.en
    assert "方向取决于推断数据" in sign.zh
    assert "half of its variance or more" in value.en


def test_the_page_says_it_in_both_languages_with_its_pictures(result):
    page = ensemble_page(result)
    for part in (
        "The sign hangs on inferred data",
        "方向取决于推断数据",
        "Drawn jointly",
        "联合抽样",
        "swing-low",
        "band-1",
        "120",
        "Latin hypercube",
    ):
        assert part in page
    assert page.count('class="band-1"') >= 2  # fans


def test_what_is_joint_is_said(result):
    words = joint_words(result.plan, names_for(result), facts_zh(result))
    assert "Trade elasticity θ: Trade cost elasticity to distance ψ, Goods border, ad valorem" in words.en
    assert "Home dispersion ν: Movers' provincial border" in words.en
    jointly = {r["factor"]: r["jointly"] for r in result.tables["factors"].to_dicts()}
    assert jointly["trade_distance"] == jointly["x_border_goods_ad_valorem"] == DRIVER
    assert jointly["commuting_decay"] is None


def test_the_share_of_data_in_a_sum_of_both_is_their_share_of_its_variance():
    rng = np.random.default_rng(2)
    z, one, other = rng.standard_normal((3, 20_000))
    found = _data_cell(0.8 * z + 0.6 * one, 0.8 * z + 0.6 * other, 0.8 * z + 0.6 * one, rng, 50)
    assert found["share"] == pytest.approx(0.36, abs=0.02)
    assert found["low"] <= found["share"] <= found["high"]
    assert found["flips"] == pytest.approx(np.arccos(0.64) / np.pi, abs=0.02)  # two normals correlated by 0.64
    assert (found["hangs"], found["driven"]) == (True, False)
    assert _data_cell(z[:4], one[:4], z, rng, 5)["hangs"] is None
