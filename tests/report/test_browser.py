"""The page in a browser: what a reader sees, at the widths of a laptop and a desktop, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

HATCHES = """() => ["level", "change"].map((kind) => {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const shown = [...document.querySelectorAll(`#map-${kind} svg.main [data-h]`)].filter((node) => getComputedStyle(node).display !== "none");
  return [shown.map((node) => Number(node.dataset.h)).sort((a, b) => a - b), data[kind][0].inferred];
})"""
TOPS = '() => [...document.querySelectorAll(".maps .frame")].map((frame) => Math.round(frame.getBoundingClientRect().top))'
CUT = """() => [...document.querySelectorAll("main svg.chart text")].filter((node) => node.getClientRects().length).filter((node) => {
  const text = node.getBoundingClientRect(), whole = node.ownerSVGElement.getBoundingClientRect();
  return text.left < whole.left - 4 || text.right > whole.right + 4;
}).map((node) => node.textContent)"""


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def shown(browser: Any, delta_folder: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    width, lang = getattr(request, "param", (1366, "en"))
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.problems = []
    page.on("console", lambda message: page.problems.append(message.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(f"{(delta_folder / 'report.html').as_uri()}#{lang}")
    yield page
    page.close()


def test_places_are_hatched_exactly_where_their_figures_are_inferred(shown: Any) -> None:
    for hatched, inferred in shown.evaluate(HATCHES):
        assert 0 < len(inferred) < 307  # otherwise nothing is told apart
        assert hatched == inferred


@pytest.mark.parametrize("shown", [(width, lang) for width in (1366, 1920) for lang in ("en", "zh")], indirect=True)
def test_nothing_is_cut_off_or_out_of_line(shown: Any) -> None:
    assert shown.evaluate("document.documentElement.scrollWidth") <= shown.viewport_size["width"]
    assert len(set(shown.evaluate(TOPS))) == 1, "the two maps do not stand side by side"
    assert shown.evaluate(CUT) == []
    assert shown.problems == []


def test_a_chosen_scenario_is_shown_everywhere(shown: Any) -> None:
    shown.locator('[data-choose="scenario"]').first.select_option("zone.innovation")
    assert "National Independent Innovation" in shown.locator("#caption-change").inner_text()
    visible = shown.evaluate(
        '() => [...document.querySelectorAll("[data-of]")].filter((node) => !node.hidden).map((node) => node.dataset.of)'
    )
    assert set(visible) == {"zone.innovation"}


def test_the_paths_of_another_place_and_variable_can_be_chosen(shown: Any) -> None:
    """Both drawings and the table follow, in either language; the numbers are those of the page."""
    assert shown.locator("#path-levels polyline").count() == 2
    assert shown.locator("#path-change polyline").count() == 1
    shown.select_option("#path-where", "province.anhui")
    shown.select_option("#path-what", "residents")
    cells = shown.locator("#path-twin tbody tr").last.locator("td").all_text_contents()
    assert cells == ["2030", "6.5", "6.5065", "0.0065"]
    assert shown.locator("#path-levels-h").text_content() == "Baseline and scenario, thousand persons"
    shown.click('[data-lang="zh"]')
    cells = shown.locator("#path-twin tbody tr").last.locator("td").all_text_contents()
    assert cells == ["2030", "0.65", "0.65065", "0.00065"]
    assert shown.locator("#path-levels-h").text_content() == "基准与情景（万人）"
    assert shown.problems == []
