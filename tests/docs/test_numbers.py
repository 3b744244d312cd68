"""The numbers that README and the page on validation quote are those of a fresh appraisal."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def appraisal():
    from bridgehead.appraise import appraise
    from bridgehead.cases import case_folder
    from bridgehead.region import read_region

    return appraise(read_region(case_folder("yangtze") / "region"))


def column(page: str, after: str) -> list[float]:
    """The numbers in the second column of the first table after a heading."""
    text = (ROOT / page).read_text(encoding="utf-8").split(after, 1)[1]
    rows = re.findall(r"^\|[^|]*\|[ *]*([+−]?[\d.,]+)[ *]*\|$", text, flags=re.MULTILINE)
    return [float(value.replace("−", "-").replace(",", "")) for value in rows[:4]]


def test_where_the_gain_comes_from(appraisal):
    table = appraisal.zone_results.filter(pl.col("scenario") == "sci_tech_city")
    gain = {group: table.filter(pl.col("group") == group)["value_added"].sum() for group in table["group"].unique()}
    found = [gain["zone"], gain["host"] + gain["province"], gain["elsewhere"], gain["net"]]
    assert column("README.md", "## What it finds") == [round(value, 1) for value in found]
    assert column("README.zh.md", "## 主要结果") == [round(10 * value) for value in found]
    assert 0.28 < -found[2] / (found[0] + found[1]) < 0.39  # "about a third" is taken from elsewhere


def test_who_pays_and_the_optimum_in_the_readme(appraisal):
    english, chinese = (" ".join((ROOT / page).read_text(encoding="utf-8").split()) for page in ("README.md", "README.zh.md"))
    total = appraisal.budgets.filter(pl.col("item") == "total")
    budget = {id: value / 1000 for id, value in total.select("government", "change").iter_rows()}
    said = f"Shanghai +{budget['shanghai']:.2f}, Zhejiang +{budget['zhejiang']:.2f}, the centre +{budget['china']:.2f} bn yuan"
    assert said in english
    assert (
        f"上海 +{10 * budget['shanghai']:.1f} 亿元，浙江 +{10 * budget['zhejiang']:.1f} 亿元，中央 +{10 * budget['china']:.1f} 亿元"
        in chinese
    )
    terms = dict(appraisal.sharing_terms.select("name", "value").iter_rows())
    assert (terms["signs"], terms["core_empty"]) == (1.0, 0.0)
    goal = appraisal.optimum_measures.filter(pl.col("role") == "raise").row(0, named=True)
    assert f"({goal['optimum']:.1f} instead of {goal['plan']:.1f} bn yuan a year)" in english
    assert f"每年 {10 * goal['optimum']:.0f} 亿元，而非 {10 * goal['plan']:.0f} 亿元" in chinese
    choice = {row["what"]: row for row in appraisal.optimum_choice.iter_rows(named=True)}
    whole = sum(row["plan"] for row in choice.values())
    assert f"{100 * choice['330482z']['plan'] / whole:.1f} % of its first phase's land on the Zhejiang side" in english
    assert f"{whole:.2f} km²" in english
    assert choice["310116z"]["optimum"] > 0.999 * whole
    books = {row["government"]: row for row in appraisal.optimum_budgets.iter_rows(named=True)}
    assert books["zhejiang"]["optimum"] < books["zhejiang"]["plan"]


def test_the_fit_in_the_readme(appraisal):
    model = dict(appraisal.moments.select("name", "model").iter_rows())
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"{model['commuter_total_both']:,.0f}"[:2] + ",000 people a day" in text
    assert f"Suzhou's share at {model['commuter_share_suzhou']:.2f}" in text
    assert f"commutes over an hour at {100 * model['share_over_60_minutes_shanghai']:.0f} %" in text


def test_the_moments_on_the_page_of_validation(appraisal):
    text = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([\d.,]+) \| ([\d.,]+) \| ([+−]?[\d.]+) \| (\w+) \|$", text, flags=re.MULTILINE)
    shown = {name: (model, gap, use) for name, _, model, gap, use in rows}
    wanted = {row["name"]: row for row in appraisal.moments.iter_rows(named=True) if not row["name"].startswith("foreign_")}
    assert set(shown) == set(wanted)
    for name, (model, gap, use) in shown.items():
        row = wanted[name]
        assert float(model.replace(",", "")) == pytest.approx(row["model"], rel=5e-3, abs=0.5), name
        assert float(gap.replace("−", "-")) == pytest.approx(row["log_gap"], abs=0.006), name
        assert use == row["use"], name


def test_how_good_the_path_is_on_the_page_of_validation(appraisal):
    text = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    part = text.split("<!-- path fit -->")[1].split("<!-- end -->")[0]
    shown = {
        row[0].lower(): [float(x.replace("−", "-")) for x in row[1:]]
        for row in re.findall(r"^\| (GDP|population)" + r" \| ([−\d.]+)" * 6, part, re.MULTILINE)
    }
    wanted = appraisal.path_fit_summary.filter(pl.col("year").is_null()).to_dicts()
    assert set(shown) == {row["variable"] for row in wanted} == {"gdp", "population"}
    for row in wanted:
        sizes = [100 * row[name] for name in ("data_spread", "model_spread", "root_mean_square_gap")]
        found = [row["figures"], *sizes, row["rank_correlation"], row["skill"]]
        assert shown[row["variable"]] == pytest.approx(found, abs=0.006)


def test_what_is_said_of_ideas_on_the_page_of_validation(appraisal):
    text = " ".join((ROOT / "docs" / "validation.md").read_text(encoding="utf-8").split())
    share = appraisal.idea_fit.filter(check="share").row(0, named=True)
    assert f"supplies {100 * share['model']:.0f} % of the ideas" in text
    assert f"{100 * share['data']:.0f} % of the value of technology contracts" in text
    judged = appraisal.idea_fit["agrees"].drop_nulls()
    assert (judged.sum(), len(judged)) == (3, 5)
    assert "Of five signs and rankings three agree" in text


def test_the_ranges_that_come_with_the_case_are_those_of_this_program(appraisal):
    from bridgehead.report.ranges import case_ranges

    assert case_ranges(appraisal.baseline.region).of(appraisal.matrix_long)[1] == []
