"""The ranges that README and the page on ensembles quote are those that come with the case."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bridgehead.cases import case_folder
from bridgehead.region import read_region
from bridgehead.report.ranges import case_ranges

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def region():
    return read_region(case_folder("yangtze") / "region")


@pytest.fixture(scope="module")
def rows(region):
    """The first lines of the Sci-Tech City, by need."""
    table = case_ranges(region).table
    return {row["need"]: row for row in table.to_dicts() if row["scenario"] == "sci_tech_city" and row["line"] == "1"}


def number(text: str) -> float:
    return float(re.sub(r"[*%\s]", "", text).replace("−", "-").replace("+", ""))


def test_the_table_of_the_page_on_ensembles(rows):
    page = (ROOT / "docs" / "ensembles.md").read_text(encoding="utf-8").split("## How sure the case is", 1)[1]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| ")][1:13]
    assert len(lines) == len(rows) == 12
    for (name, _unit, default, median, span, positive), row in zip(lines, rows.values(), strict=True):
        for text, key in zip((default, median, *span.split("…")), ("default", "median", "p5", "p95"), strict=True):
            decimals = len(text.strip().partition(".")[2])
            assert number(text) == pytest.approx(row[key], abs=0.5001 * 10.0**-decimals), (name, key)
        assert number(positive) == round(100 * row["positive"]), name


def test_the_range_in_the_readme(rows):
    net = next(iter(rows.values()))
    english, chinese = (" ".join((ROOT / page).read_text(encoding="utf-8").split()) for page in ("README.md", "README.zh.md"))
    assert f"the net is {net['p5']:.1f} to {net['p95']:.1f} (5 to 95 %, median {net['median']:.1f})" in english
    assert f"净额为每年 {10 * net['p5']:.0f} 至 {10 * net['p95']:.0f} 亿元（5%—95%，中位数 {10 * net['median']:.0f}）" in chinese
