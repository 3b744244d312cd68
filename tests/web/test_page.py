"""The workbench in a real browser, on a real server: what a planner does, and what must never be seen."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from bridgehead.cases import case_folder
from bridgehead.report.figures.breaks import diverging_breaks, sequential_breaks
from bridgehead.report.figures.numbers import brief, change, plain
from web.pages import CERTIFIED, RAW, UNNAMED, WIDE, Visitor

pytestmark = pytest.mark.browser

SIZES = [(1366, 768), (2560, 1440)]
VIEWS = {
    "explore": CERTIFIED,
    "compare": ".map-row .fill",
    "path": "#run-path",
    "sharing": "#run-share",
    "library": "#import-scenario",
    "region": "#upload",
}


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Any, server: Any) -> Iterator[Callable[..., Visitor]]:
    """Opens windows; when the test ends, none has asked anything of another host, and no console holds an error."""
    visitors: list[Visitor] = []

    def begin(width: int = 1366, height: int = 768, address: str = "", **more: Any) -> Visitor:
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True, **more)
        visitors.append(Visitor(context, (address or server.address).rstrip("/")))
        return visitors[-1]

    yield begin
    for visitor in visitors:
        visitor.context.close()
        assert visitor.left == []
        assert visitor.problems == []


def command_line(tmp_path: Path, scenario: bytes) -> dict[str, list[dict[str, str]]]:
    """What `bridgehead solve` writes for a scenario file, and for the baseline."""
    (tmp_path / "scenario.toml").write_bytes(scenario)
    tables = {}
    for name, more in (("baseline", []), ("scenario", ["--scenario", str(tmp_path / "scenario.toml")])):
        command = [sys.executable, "-m", "bridgehead.report.cli", "solve", "toy", "--csv", "--out", str(tmp_path / name), *more]
        subprocess.run(command, check=True, capture_output=True)
        tables[name] = list(csv.DictReader((tmp_path / name / "places.csv").read_text(encoding="utf-8").splitlines()))
    return tables


def test_the_first_screen_shows_map_baseline_and_needs(visit) -> None:
    page = visit().open()
    assert page.locator(".map-main .fill").count() == 12
    assert len(set(page.eval_on_selector_all(".map-main .fill", "all => all.map(node => node.getAttribute('fill'))"))) > 3
    assert page.locator(".needs-panel tr[data-need]").count() == 3
    assert page.locator(".zone-mark").is_visible()
    assert "Baseline" in page.locator(".scenario-title").inner_text()
    widths = page.evaluate(
        "['.pref', '.prov', '.hero'].map(css => { const node = document.createElementNS('http://www.w3.org/2000/svg', 'path'); node.setAttribute('class', 'line ' + css.slice(1)); document.querySelector('.map-main').append(node); return parseFloat(getComputedStyle(node).strokeWidth) })"
    )
    assert widths[0] < widths[1] < widths[2], "the border between the two governments is the boldest line"


def test_a_lever_moves_the_numbers_and_they_are_the_command_lines(visit, tmp_path) -> None:
    visitor = visit()
    page = visitor.open()
    before = [
        page.locator(".headline").inner_text(),
        page.eval_on_selector_all(".map-main .fill", "all => all.map(n => n.getAttribute('fill'))"),
    ]
    visitor.slide("trade", 40)
    answer = visitor.settled()
    assert [
        page.locator(".headline").inner_text(),
        page.eval_on_selector_all(".map-main .fill", "all => all.map(n => n.getAttribute('fill'))"),
    ] != before
    assert page.locator(".lead-figure .number").inner_text() == change(answer["totals"]["net_gain"])

    with page.expect_download() as caught:
        page.locator(".downloads summary").click()
        page.locator(".downloads a", has_text="TOML").click()
    tables = command_line(tmp_path, Path(caught.value.path()).read_bytes())
    for name in ("wage", "jobs", "residents", "rent_home"):
        assert answer["places"][name] == [float(row[name]) for row in tables["scenario"]], name

    page.locator("select.variable").select_option("change:jobs_change_percent")
    page.locator("#table-twin").click()
    shown = dict(zip(visitor.texts(".twin tbody th .link-button"), visitor.texts(".twin tbody td:nth-child(3)"), strict=True))
    places = page.evaluate("async () => (await (await fetch('/api/regions/toy')).json()).places")
    for place, old, new in zip(places, tables["baseline"], tables["scenario"], strict=True):
        if not place["outside"]:
            assert shown[place["name"]] == change(100 * (float(new["jobs"]) / float(old["jobs"]) - 1)), place["name"]


def test_needs_show_what_the_server_measured(visit, client) -> None:
    visitor = visit()
    visitor.open()
    visitor.slide("commuting", 25)
    rows = client.get(f"/api/results/{visitor.settled()['key']}/matrix").json()["rows"]
    shown = visitor.needs()
    assert len(shown) == 3
    for key, text in shown.items():
        row = next(row for row in rows if f"{row['need']}|{row['line']}" == key)
        assert text == brief(row["change"] * row["unit"]["scale_en"])


def test_while_the_hand_moves_the_legend_stays(visit) -> None:
    visitor = visit()
    page = visitor.open()
    visitor.slide("trade", 30)
    visitor.settled()
    legend = visitor.texts(".map-legend .step b")
    slider = page.locator("[data-flow=trade] .range")
    for value in (35, 40, 45, 50):
        slider.evaluate("(node, value) => { node.value = value; node.dispatchEvent(new Event('input', { bubbles: true })) }", value)
        page.wait_for_timeout(40)
        assert visitor.texts(".map-legend .step b") == legend
    visitor.settled()
    assert visitor.texts(".map-legend .step b") == legend
    assert page.locator("[data-flow=trade] .exact").input_value() == "50"


def test_back_to_baseline_and_back_by_the_address(visit) -> None:
    visitor = visit()
    page = visitor.open()
    visitor.slide("trade", 35)
    answer, state = visitor.settled(), visitor.state()
    page.locator("#reset").click()
    page.wait_for_selector(".headline-hint")
    other = visit()
    other.open(state)
    assert other.settled()["key"] == answer["key"]
    assert other.page.locator("[data-flow=trade] .exact").input_value() == "35"


def test_a_refused_solve_shows_no_number(visit) -> None:
    visitor = visit()
    page = visitor.open()
    visitor.slide("trade", 30)
    visitor.settled()
    scenario = {"format": 1, "name": "too far", "lever": [{"lever": "transfers", "multiply": -50}]}
    page.evaluate("draft => { location.hash = 'lang=en&draft=' + btoa(JSON.stringify(draft)) }", scenario)
    page.wait_for_selector(".badge[data-phase=refused]")
    visitor.answered("not_solved")
    assert page.locator(".map-frame.refused").count() == 1
    assert len(set(page.eval_on_selector_all(".map-main .fill", "all => all.map(node => node.getAttribute('fill'))"))) == 1
    assert not re.search(r"\d", page.locator(".headline").inner_text())
    assert set(visitor.needs().values()) == {"–"}
    assert page.locator(".map-legend .step").count() == 0
    assert "estimated distance" in page.locator(".map-overlay").inner_text()
    page.locator("#reset").click()
    page.wait_for_selector(CERTIFIED)
    assert page.locator(".map-frame.refused").count() == 0


def test_a_scenario_at_fault_lists_every_fault(visit) -> None:
    visitor = visit()
    scenario = {
        "format": 1,
        "name": "wrong",
        "lever": [{"lever": "amenity", "place": "A1", "multiply": 1.1}, {"lever": "lnad", "place": "A11"}],
    }
    page = visitor.open()
    page.evaluate("draft => { location.hash = 'lang=en&draft=' + btoa(JSON.stringify(draft)) }", scenario)
    page.wait_for_selector(".badge[data-phase=faults]")
    assert page.locator(".map-overlay .faults li").count() == 2
    assert not re.search(r"\d", page.locator(".headline").inner_text())
    assert visitor.problems.pop().startswith("Failed to load resource"), "the browser's own note of the status 422"


def test_a_place_tells_facts_accounts_flows_and_why(visit) -> None:
    visitor = visit()
    page = visitor.open("lang=en&place=ZA&tab=facts")
    page.wait_for_selector(".facts tbody tr")
    assert page.locator(".facts .tag").count() == page.locator(".facts tbody tr.fact").count() > 3, "each fact says whether it was observed"
    visitor.slide("commuting", 50)
    visitor.settled()
    for tab, selector in (
        ("accounts", ".place-body .plain-table"),
        ("flows", ".flow-title"),
        ("change", ".place-body .plain-table"),
        ("why", ".chain .equation"),
    ):
        page.locator(f"[data-tab={tab}]").click()
        page.wait_for_selector(selector)
        assert page.evaluate(RAW) == [], tab
        if tab == "flows":
            assert page.locator(".map-main .flow").count() > 2
    assert list(visitor.texts(".chain h3"))[:2] == ["What the scenario changes", "Flows"]


def test_the_keyboard_alone_moves_a_lever_and_opens_a_place(visit) -> None:
    visitor = visit()
    page = visitor.open()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('[data-flow=trade]') && document.activeElement.type === 'range'"):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", "the focus can be seen"
    visitor.seen = len(visitor.solved)
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert visitor.settled()["totals"]["net_gain"] > 0
    assert page.locator("[data-flow=trade] .exact").input_value() == "10", "one press is one per cent"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('map-main')"):
            break
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#live")).to_have_text(re.compile(r"\S{3}"))
    page.keyboard.press("Enter")
    page.wait_for_selector(".place-head h2")
    assert "place=" in visitor.state()


def test_a_zone_is_drawn_and_given_a_lever(visit) -> None:
    visitor = visit()
    page = visitor.open()
    page.locator(".lever-panel button", has_text="Draw a zone").click()
    box = page.locator(".map-main").bounding_box()
    left, top, wide, high = box["x"], box["y"], box["width"], box["height"]
    page.mouse.move(left + 0.02 * wide, top + 0.05 * high)
    page.mouse.down()
    for x, y in ((0.3, 0.05), (0.3, 0.95), (0.02, 0.95)):
        page.mouse.move(left + x * wide, top + y * high, steps=4)
    page.mouse.up()
    marked = page.locator(".map-main .picked").count()
    assert 2 <= marked < 12
    page.locator(".draw-hint .strong").click()
    page.locator("#add-lever").click()
    visitor.page.wait_for_selector(".card.new")
    answer = visitor.settled()
    assert len(re.findall(r"places = \[(.+)\]", answer["text"])[0].split(",")) == marked


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_screen_in_both_languages_and_widths(visit, lang: str, width: int, height: int) -> None:
    visitor = visit(width, height)
    for view, selector in VIEWS.items():
        page = visitor.open(f"lang={lang}&view={view}", until=selector)
        if view == "compare":
            page.wait_for_selector(".map-panel.diff .map-frame:not(.busy):not(.refused)")
        assert page.evaluate(WIDE) <= width, f"{view} is wider than the window"
        assert page.evaluate(UNNAMED) == [], view
        assert page.evaluate(RAW) == [], view
        assert page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[lang]
    titles = " ".join(visitor.texts(".main-tabs .tab"))
    assert bool(re.search(r"[一-鿿]", titles)) == (lang == "zh")


def test_languages_switch_without_losing_the_scenario(visit) -> None:
    visitor = visit()
    page = visitor.open()
    visitor.slide("trade", 20)
    key = visitor.settled()["key"]
    page.locator("[data-lang=zh]").click()
    page.wait_for_selector(".badge-word:has-text('已通过检验')")
    assert page.locator("[data-flow=trade] .exact").input_value() == "20"
    assert page.locator(".lead-figure .number").inner_text() == change(10 * visitor.solved[-1]["totals"]["net_gain"])
    assert visitor.solved[-1]["key"] == key


def test_compare_sets_inputs_beside_outputs_under_one_legend(visit) -> None:
    visitor = visit()
    page = visitor.open()
    visitor.slide("trade", 30)
    answer = visitor.settled()
    page.locator("[data-view=compare]").click()
    page.wait_for_selector(".map-panel.diff .map-frame:not(.busy):not(.refused)")
    assert page.locator(".legends .map-legend").count() == 2
    rows = dict(
        zip(visitor.texts(".panel .plain-table tbody th"), visitor.texts(".panel .plain-table tbody td:nth-child(3)"), strict=False)
    )
    assert "Passage: Goods and services: A ↔ B" in " ".join(rows)
    net = page.locator("tr", has=page.locator("th", has_text="Net gain")).first.locator("td").nth(1).inner_text()
    assert net == change(answer["totals"]["net_gain"])


def test_two_users_at_once_see_their_own_numbers_and_share_the_library(visit) -> None:
    one, two = visit(), visit()
    for visitor in (one, two):
        visitor.open()
    one.slide("trade", 20)
    two.slide("trade", 60)
    first, second = one.settled(), two.settled()
    assert first["key"] != second["key"]
    for visitor, answer in ((one, first), (two, second)):
        assert visitor.page.locator(".lead-figure .number").inner_text() == change(answer["totals"]["net_gain"])
    one.page.locator("#save").click()
    one.page.locator(".dialog input").fill("Shared by one")
    one.page.locator(".dialog footer .strong").click()
    one.page.wait_for_selector(".toast")
    page = two.open("lang=en&view=library", until=".library tbody tr")
    two.seen = len(two.solved)
    page.locator(".link-button.name", has_text="Shared by one").click()
    assert two.settled()["totals"] == first["totals"]


def test_scenarios_go_out_and_come_back_as_files(visit) -> None:
    visitor = visit()
    text = '# by hand\nformat = 1\nname = "From a file"\n\n[[lever]]\nlever = "amenity"\nplace = "A11"\nmultiply = 1.05\n'
    page = visitor.open("lang=en&view=library", until="#import-scenario")
    page.locator("input[type=file]").set_input_files({"name": "own.toml", "mimeType": "application/toml", "buffer": text.encode()})
    page.wait_for_selector(".library .name:has-text('From a file')")
    row = page.locator(".library tbody tr", has=page.locator(".name", has_text="From a file"))
    with page.expect_download() as caught:
        row.locator("a[download]").click()
    assert Path(caught.value.path()).read_text(encoding="utf-8") == text
    row.get_by_role("button", name="Note").click()
    page.locator(".dialog textarea").fill("for the council")
    page.locator(".dialog footer .strong").click()
    page.wait_for_selector(".library td:has-text('for the council')")
    row.get_by_role("button", name="History").click()
    page.wait_for_selector(".history-list li")
    assert [text.split("\n")[0] for text in visitor.texts(".history-head b")] == ["Note changed", "Imported"]


def zipped(**changed: str | None) -> bytes:
    """The toy as a zip, with some of its files replaced."""
    folder, target = case_folder("toy") / "region", io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(folder.iterdir()):
            text = changed.get(file.stem, file.read_text(encoding="utf-8")) if file.is_file() else None
            if text is not None:
                archive.writestr(f"toy/{file.name}", text)
    return target.getvalue()


def test_an_upload_at_fault_lists_all_faults_and_keeps_nothing(visit, client) -> None:
    visitor = visit()
    places = (case_folder("toy") / "region" / "places.csv").read_text(encoding="utf-8").replace("A11,", "A11x,", 1)
    regions = client.get("/api/regions").json()["regions"]
    page = visitor.open("lang=en&view=region", until="#upload")
    page.locator("#region-files").set_input_files({"name": "toy.zip", "mimeType": "application/zip", "buffer": zipped(places=places)})
    page.locator("#upload").click()
    page.wait_for_selector(".refusal")
    assert page.locator(".refusal .faults li").count() >= 2
    assert "Nothing of this upload was kept" in page.locator(".refusal").inner_text()
    assert client.get("/api/regions").json()["regions"] == regions
    assert visitor.problems.pop().startswith("Failed to load resource"), "the browser's own note of the status 422"


def test_an_upload_that_is_right_opens(visit, client) -> None:
    visitor = visit()
    page = visitor.open("lang=en&view=region", until="#upload")
    page.locator("#region-name").fill("A region of my own")
    page.locator("#region-files").set_input_files({"name": "toy.zip", "mimeType": "application/zip", "buffer": zipped()})
    page.locator("#upload").click()
    page.wait_for_selector("#open-region", timeout=120_000)
    page.locator("#open-region").click()
    page.wait_for_selector(f".explore-grid {CERTIFIED}")
    own = next(region for region in client.get("/api/regions").json()["regions"] if region["own"])
    assert f"region={own['id']}" in visitor.state()
    visitor.slide("trade", 30)
    assert visitor.settled()["region"] == own["id"]


def test_sharing_marks_what_both_would_sign(visit) -> None:
    visitor = visit()
    page = visitor.open()
    visitor.slide("trade", 30)
    visitor.settled()
    page.locator("[data-view=sharing]").click()
    page.locator("button", has_text="People's welfare").click()
    page.locator("#run-share").click()
    page.wait_for_selector(".verdict", timeout=120_000)
    assert page.locator(".rules tbody tr").count() >= 5
    assert page.locator(".rules .pill-sign.yes").count() >= 1
    assert page.evaluate(RAW) == []


def test_a_path_plays(visit) -> None:
    visitor = visit()
    page = visitor.open()
    visitor.slide("trade", 30)
    visitor.settled()
    page.locator("[data-view=path]").click()
    page.locator(".page-head .narrow input").nth(1).fill("2026")
    page.locator(".page-head .narrow input").nth(1).press("Tab")
    page.locator("#run-path").click()
    page.wait_for_selector(".player .year", timeout=120_000)
    assert page.locator(".player .year").inner_text() == "2026"
    page.locator(".player button").click()
    expect(page.locator(".player .year")).to_have_text("2024")
    expect(page.locator(".player .year")).to_have_text("2026")
    assert page.locator(".curve.with").count() >= 1
    assert "certified" in page.locator(".page > .panel", has=page.locator(".run-of")).inner_text()
    assert page.evaluate(RAW) == []


def test_a_long_run_says_what_it_came_from_and_is_found_again(visit, client) -> None:
    visitor = visit()
    page = visitor.open()
    visitor.slide("trade", 30)
    visitor.settled()
    page.locator("[data-view=path]").click()
    for box, text in ((1, "2027"), (2, "2")):
        page.locator(".page-head .narrow input").nth(box).fill(text)
        page.locator(".page-head .narrow input").nth(box).press("Tab")
    page.locator("#run-path").click()
    page.wait_for_selector(".run-of", timeout=120_000)
    hash = client.get("/api/regions/toy").json()["provenance"]["data_hash"]
    assert page.locator(".run-of code[title]").get_attribute("title") == hash
    assert "bridgehead path toy --scenario scenario.toml --from 2023 --until 2027 --step 2" in page.locator(".run-of").inner_text()
    with page.expect_download() as caught:
        page.locator(".run-of a").click()
    with zipfile.ZipFile(caught.value.path()) as files:
        assert {"path.csv", "places.parquet", "scenario.toml", "inputs.json"} <= set(files.namelist())
    page.locator("[data-view=sharing]").click()
    page.wait_for_selector("#run-share")
    assert page.locator(".job .fault").count() == 0, "a path is no result of sharing"
    page.locator("[data-view=path]").click()
    page.wait_for_selector(".player .year")
    again = visitor.open("lang=zh&view=path", until=".earlier tbody tr")
    again.locator(".earlier tbody tr").first.get_by_role("button", name="打开").click()
    again.wait_for_selector(".player .year")
    assert again.evaluate(RAW) == []


def test_draws_say_how_sure_a_number_is_and_can_be_stopped_and_taken_up_again(visit) -> None:
    visitor = visit()
    page = visitor.open()
    visitor.slide("trade", 30)
    visitor.settled()
    page.locator("[data-view=ranges]").click()
    page.locator(".page-head .narrow input").first.fill("12")
    page.locator(".page-head .narrow input").first.press("Tab")
    page.locator(".page-head .narrow input").nth(1).fill("3")
    page.locator(".page-head .narrow input").nth(1).press("Tab")
    page.locator("#run-ensemble").click()
    page.wait_for_selector(".job progress", timeout=120_000)
    page.locator(".job button", has_text="Cancel").click()
    page.locator(".job button", has_text="Resume").click(timeout=120_000)
    page.wait_for_selector(".ranges tbody tr .whiskers", timeout=240_000)
    known = page.locator(".ranges tbody .whiskers").count()
    assert known > 3
    assert page.locator(".ranges .pill-sign").count() == known, "each number says how sure its sign is"
    assert "12 draws" in page.locator(".ranges-grid").inner_text()
    assert page.locator(".ranges-grid .band").count() == 2, "the years, with half of the draws and nine of ten"
    page.locator(".ranges-grid details summary", has_text="What was drawn").click()
    assert page.locator(".drawn tbody tr").count() > 5
    assert all("\n" in text for text in visitor.texts(".drawn tbody th")), "each with its source"
    assert page.evaluate(RAW) == []


ODD = '<img src=x onerror="window.odd=1"><script>window.odd=2</script>'


def test_names_and_notes_are_text_wherever_they_stand(visit, client) -> None:
    lever = {"lever": "land", "place": "ZA", "multiply": 1.2, "source": ODD, "name": ODD}
    scenario = {"format": 1, "name": ODD, "name_zh": ODD, "describe": ODD, "lever": [lever, lever | {"place": "A11"}]}
    saved = client.post("/api/scenarios", json={"region": "toy", "scenario": scenario, "note": ODD}).json()["id"]
    visitor = visit()
    for view, until in (("explore", CERTIFIED), ("compare", ".runs"), ("library", ".library tbody tr"), ("path", "#run-path")):
        page = visitor.open(f"lang=en&view={view}&from=saved:{saved}&b=saved:{saved}", until=until)
        if view == "library":
            page.get_by_role("button", name="History").first.click()
            page.wait_for_selector(".history-list li")
        assert "<img src=x" in page.locator("body").inner_text()
        assert page.evaluate("[window.odd ?? 0, document.querySelectorAll('img, body script').length]") == [0, 0], view
    client.delete(f"/api/scenarios/{saved}")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_a_server_that_is_killed_and_comes_back_loses_nothing(visit, serve, tmp_path) -> None:
    port = free_port()
    first = serve("--port", str(port), store=tmp_path / "store")
    first.ready("toy")
    visitor = visit(address=first.address)
    page = visitor.open()
    visitor.slide("trade", 30)
    totals = visitor.settled()["totals"]
    page.locator("#save").click()
    page.locator(".dialog input").fill("Kept")
    page.locator(".dialog footer .strong").click()
    page.wait_for_selector(".toast")
    first.kill()
    visitor.slide("trade", 45)
    page.wait_for_selector(".badge[data-phase=away]")
    assert not re.search(r"\d", page.locator(".headline").inner_text()), "no old number stands as if it were new"
    visitor.problems.clear()
    second = serve("--port", str(port), store=tmp_path / "store")
    second.ready("toy")
    page.wait_for_selector(CERTIFIED, timeout=60_000)
    assert visitor.settled()["totals"] != totals
    page = visitor.open("lang=en&view=library", until=".library .name")
    visitor.seen = len(visitor.solved)
    page.locator(".library .name", has_text="Kept").click()
    assert visitor.settled()["totals"] == totals
    visitor.problems = [text for text in visitor.problems if "ERR_CONNECTION" not in text and "401" not in text and "403" not in text]


MANY_PLACES = """async () => {
  const [{ RegionMap }, { Camera }, { scaleOf }] = await Promise.all(["map/map", "map/camera", "breaks"].map((name) => import(`/static/js/${name}.js`)));
  const side = 60, order = [...Array(side * side).keys()], at = (i) => [10 * (i % side), 10 * Math.floor(i / side)];
  const geo = { order, paths: order.map((i) => `M${at(i)[0]} ${at(i)[1]}h10v10h-10z`), anchors: order.map((i) => at(i).map((x) => x + 5)),
    lines: {}, labels: [], view: [0, 0, 600, 600], inset: null, zoneAt: null, first: 0 };
  const box = document.createElement("div");
  Object.assign(box.style, { position: "fixed", inset: "0", zIndex: "99", display: "flex", width: "600px", height: "600px" });
  document.body.append(box);
  window.picked = [];
  const words = () => ({ map: "many", place: String, province: String });
  const map = new RegionMap(geo, new Camera(geo.view, null), words, { pick: (i) => window.picked.push(i) });
  box.append(map.element);
  map.paint(order, scaleOf(order, false));
  await new Promise((done) => setTimeout(done, 300));
  const ink = map.element.querySelector("canvas").getContext("2d");
  const { data } = ink.getImageData(0, 0, 600, 600);
  const shade = ([x, y]) => [...data.slice(4 * (600 * y + x), 4 * (600 * y + x) + 3)].map((part) => part.toString(16).padStart(2, "0")).join("");
  return { nodes: map.element.querySelectorAll(".fill").length, shades: [[5, 5], [595, 595]].map(shade), colours: map.scale.colours };
}"""


def test_very_many_places_are_painted_and_still_found(visit) -> None:
    page = visit().open()
    drawn = page.evaluate(MANY_PLACES)
    assert drawn["nodes"] == 0
    assert [f"#{shade}" for shade in drawn["shades"]] == [drawn["colours"][0], drawn["colours"][-1]]
    page.mouse.click(10 * 17 + 5, 10 * 42 + 5)
    assert page.evaluate("picked") == [42 * 60 + 17]


def test_accounts_are_asked_who_they_are(visit, serve, tmp_path) -> None:
    store, password = tmp_path / "store", {"BRIDGEHEAD_PASSWORD": "correct horse battery staple"}
    command = [sys.executable, "-m", "bridgehead.report.cli", "serve", "--store", str(store), "--add-user", "li"]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | password)
    visitor = visit(address=serve(store=store).address)
    page = visitor.open("lang=zh", until=".sign-in")
    page.locator("[name=name]").fill("li")
    for typed, until in (("wrong", ".sign-in .fault:not(:empty)"), (password["BRIDGEHEAD_PASSWORD"], CERTIFIED)):
        page.locator("[name=password]").fill(typed)
        page.locator(".sign-in button").click()
        page.wait_for_selector(until, timeout=180_000)
    assert "li" in page.locator(".top-end").inner_text()
    assert [text for text in visitor.problems if "401" not in text] == []
    visitor.problems.clear()


def test_numbers_and_classes_are_those_of_the_report(visit) -> None:
    page = visit().open()
    values = [0.0, 1234.6, -0.0123, 7.15, -3.3e-6, 0.00042, 99.94, 1e9, 0.0995, -12345.678, 2.5e-12]
    shown = page.evaluate(
        "async values => { const n = await import('/static/js/numbers.js'); return values.map(v => [n.plain(v), n.change(v)]) }", values
    )
    assert shown == [[plain(value), change(value)] for value in values]
    samples = [[(i * 37 % 101 - 50) ** 3 / 7.0 for i in range(60)], [10.0 ** (i % 9 - 4) for i in range(50)], [0.0, 0.0]]
    for sample in samples:
        made = page.evaluate(
            "async v => { const b = await import('/static/js/breaks.js'); return [b.divergingBreaks(v), b.sequentialBreaks(v)] }", sample
        )
        assert made[0] == pytest.approx(diverging_breaks(sample), rel=1e-9)
        assert made[1] == pytest.approx(sequential_breaks(sample), rel=1e-9)
    assert json.loads(page.evaluate("JSON.stringify(Object.keys(localStorage))")) == ["bridgehead-lang"]
