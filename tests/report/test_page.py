"""The page as a whole: it loads nothing, speaks two languages, and shows no number that has no certificate."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bridgehead.errors import DataError
from bridgehead.region import Region
from bridgehead.report.html import ORDER, write_report
from report.made_up import SCENARIOS
from report.made_up_public import make_public

VOID = {"meta", "input", "br", "link", "img", "hr"}


class Reader(HTMLParser):
    """Collects tags with their attributes and checks that they close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict]] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another tag"


@pytest.fixture(scope="module")
def read(delta_page: str) -> Reader:
    reader = Reader()
    reader.feed(delta_page)
    return reader


def test_the_page_loads_nothing(read: Reader, delta_page: str) -> None:
    loading = {"src", "data", "action", "srcset", "poster", "background"}
    for tag, attributes in read.tags:
        assert not loading & set(attributes), f"<{tag}> loads {attributes}"
        assert (attributes.get("href") or "#").startswith("#"), f"<{tag}> points outside: {attributes['href']}"
    assert not re.search(r"url\((?!#)|@import|fetch\(|XMLHttpRequest|WebSocket|import\(|sendBeacon|https?://", delta_page)


def test_its_policy_forbids_every_request(read: Reader, delta_page: str) -> None:
    policies = [a["content"] for tag, a in read.tags if a.get("http-equiv") == "Content-Security-Policy"]
    own = delta_page.rpartition("<script>")[2].partition("</script>")[0]
    seal = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
    assert policies == [f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{seal}'; img-src data:"]


def test_tags_close_and_ids_are_unique(read: Reader) -> None:
    assert read.open == []
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_sections_stand_in_the_order_planners_expect(read: Reader) -> None:
    assert tuple(attributes["id"] for tag, attributes in read.tags if tag == "section") == ORDER


def test_every_text_is_there_in_both_languages(delta_page: str) -> None:
    assert delta_page.count('<span class="en" lang="en">') == delta_page.count('<span class="zh" lang="zh">') > 300
    assert delta_page.count('lang="en">') - delta_page.count('lang="zh">') in (0, 1)
    for name in ("aria-label", "data-tip", "title"):
        assert delta_page.count(f"data-{name}-en=") == delta_page.count(f"data-{name}-zh=")


def test_it_opens_in_the_language_asked_for(delta_folder: Path, delta: Region, tmp_path: Path) -> None:
    write_report(delta_folder, delta, tmp_path / "zh.html", lang="zh")
    assert '<html lang="zh" class="lang-zh">' in (tmp_path / "zh.html").read_text(encoding="utf-8")


def test_it_is_small_and_the_same_each_time(delta_folder: Path, delta: Region, delta_page: str, tmp_path: Path) -> None:
    write_report(delta_folder, delta, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == delta_page
    assert len(delta_page.encode()) < 5e6


def test_an_unsolved_scenario_shows_its_reason_and_no_number(delta_page: str) -> None:
    assert "12 / 13" in delta_page
    assert '<option value="shanghai.four_centers"' not in delta_page
    assert 'data-of="shanghai.four_centers"' not in delta_page
    assert "scenario not solved: not solved: gap 3e-3 at 310115" in delta_page
    assert "gap above 1e-8 after 400 steps" in delta_page


def test_every_solved_scenario_can_be_chosen(delta_page: str) -> None:
    for key in SCENARIOS:
        if key != "shanghai.four_centers":
            assert f'<option value="{key}"' in delta_page


def test_what_would_mislead_is_said(delta_page: str) -> None:
    for text in ("long-run and one-period", "upper bound", "never ranked", "4,600 people a day", "97.7 %", "No column is a score"):
        assert text in delta_page
    for text in ("长期、单期", "上限", "不参与排序", "约 4,600 人", "97.7%"):
        assert text in delta_page


def test_what_was_fitted_is_named_a_residual(delta_page: str) -> None:
    for text in ("What was fitted: residuals, not policies", "Real income kept away from home", "拟合所得：残差，而非政策"):
        assert text in delta_page


def test_earlier_figures_stand_beside_those_of_this_appraisal(delta_page: str) -> None:
    assert "In an earlier dry run of this case" in delta_page
    assert "In this appraisal" in delta_page


def test_a_region_without_boundaries_or_needs_still_has_a_report(toy_page: str) -> None:
    assert "places are drawn as discs" in toy_page
    assert "No evidence file comes with this region." in toy_page
    assert "40,000 people" not in toy_page


def test_paths_stand_in_the_page_and_say_how_good_they_are(delta_page: str) -> None:
    data = json.loads(re.search(r'<script type="application/json" id="path-data">(.*?)</script>', delta_page, re.DOTALL)[1])
    assert data["years"] == [2020, 2025, 2030]
    assert [each["id"] for each in data["variables"]] == ["real_value_added", "residents"]
    assert len(data["places"]) == 5  # the regime that is the same places as its province is listed once
    first = next(place for place in data["places"] if place["id"] == "province.shanghai")
    base, plan = first["values"]["real_value_added"]
    assert base[0] == 2.0  # bn
    assert plan[0] == pytest.approx(2.002)
    for text in ("the path does not tell which places grow faster (skill −0.04)", "tells little of which places grow faster (skill +0.13)"):
        assert text in delta_page
    assert "不能分辨哪些地区增长更快" in delta_page


def test_ideas_are_a_table_of_pairs_and_judged_by_sign(delta_page: str) -> None:
    assert delta_page.count('class="heat own"') == 4
    assert "1 of 2 signs and rankings agree." in delta_page
    assert "Shanghai → Hangzhou, against Kunshan" in delta_page


def test_without_a_path_or_research_the_sections_say_so(toy_page: str) -> None:
    assert "This appraisal has no path" in toy_page
    assert "The region gives no research" in toy_page
    assert 'id="path-data"' not in toy_page


def test_all_missing_tables_and_columns_are_named_together(delta_folder: Path, delta: Region, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(delta_folder, folder)
    (folder / "origins.csv").unlink()
    (folder / "matrix.csv").write_text("need,line\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        write_report(folder, delta, tmp_path / "none.html")
    assert str(caught.value) == (
        "the appraisal folder broken cannot be reported:\n"
        "  - matrix.csv: has no column government, unit, better, baseline; expected need, government, line, unit, better, baseline\n"
        "  - origins.csv: missing. Run `bridgehead appraise` again"
    )
    assert not (tmp_path / "none.html").exists()


def section_of(page: str, key: str) -> str:
    """The HTML of one section."""
    return page.split(f'<section id="{key}"')[1].split("</section>")[0]


def test_who_pays_and_who_gains_stands_beside_the_rules_and_what_carries_them_out(delta_page: str) -> None:
    part = section_of(delta_page, "sharing")
    assert part.count("<svg") == 3 + 1 + 1  # a waterfall a government, the plane, the years
    for words in ("Who pays and who gains", "谁支付、谁受益", "Can accept", "Shapley value", "夏普利值", "Threat point", "never added"):
        assert words in part, words
    assert "Shanghai pays Zhejiang 0.104 bn yuan a year, 22.7 % of its additional local revenue in the zone" in part
    assert "上海向浙江支付1.04 亿元/年" in part
    assert "between the two sides of a zone" in part  # why the rule of equity has no split here
    assert part.count("<polygon") == 1
    assert "&gt; 100 %" not in part
    assert "40.0 %" in part
    for words in ("Observed revenue and accounts, by province", "0.495", "×0.500", "×1.10"):  # the residuals of the calibration
        assert words in part, words


@pytest.mark.parametrize(("state", "said"), [
    ({"signs": False}, "No division makes all sign: alone the governments have 0.024 bn yuan a year more than all together"),
    ({"core_empty": True}, "none that every coalition would: 0.031 bn yuan a year from outside would fill the core"),
])  # fmt: skip
def test_where_not_all_would_sign_the_page_says_what_would_have_to_change(
    state: dict, said: str, delta: Region, delta_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    shutil.copytree(delta_folder, folder)
    make_public(folder, delta.place_ids, **state)
    write_report(folder, delta, folder / "report.html")
    assert said in section_of((folder / "report.html").read_text(encoding="utf-8"), "sharing")


def test_shadow_prices_are_maps_and_a_table_of_borders(delta_page: str, delta: Region) -> None:
    part = section_of(delta_page, "optimal")
    assert part.count('class="map still"') == 2
    assert part.count('<use href="#g0"') >= 2
    for words in (
        "A km² of construction land",
        "每平方公里建设用地",
        "Sci-Tech City, Shanghai side",
        "Zhejiang → Shanghai",
        "Shanghai → Zhejiang",
    ):
        assert words in part, words
    assert "0.500" in part


def test_the_optimum_stands_beside_the_plan_and_says_that_it_is_local(delta_page: str) -> None:
    part = section_of(delta_page, "optimal")
    for words in (
        "The plan that does best for: Welfare in money",
        "0.110 km²",
        "2.60 km²",
        "97.7 % of the amount in the plan, 44.7 % in the optimum",
        "+12.6",
        "The plan as it is",
        "no proof",
        "optimum.toml",
        "Construction land of these places is inferred",
    ):
        assert words in part, words
    assert "the best of 2 starts, 1 of which end at this plan; first-order conditions hold to 0.002 % of the gradient" in part
    assert 'class="pill good-' in part
    assert 'class="pill bad-' in part


def test_without_sharing_or_prices_the_sections_say_so(toy_page: str) -> None:
    assert "Nothing is shared here" in section_of(toy_page, "sharing")
    assert "No shadow prices were computed" in section_of(toy_page, "optimal")


def test_limits_do_not_deny_what_the_page_shows(delta_page: str, toy_page: str) -> None:
    """A page with a path and public budgets says what these leave out; one without them, that they are not there."""
    assert "No public budget" not in delta_page
    assert "One period." not in delta_page
    assert "Budgets are accounts." in delta_page
    assert "Long run, and one assumed path." in delta_page
    assert "No public budget" in toy_page
    assert "One period." in toy_page


def test_an_assumption_is_called_so_once(delta_page: str) -> None:
    found = delta_page.split('<section id="assumptions"')[1].split("</section>")[0]
    assert "assumption</span>" in found
    assert "</span></span> assumption" not in found


def test_parameters_have_names_and_sources_in_both_languages(delta: Region) -> None:
    """Whatever the case's parameters.toml holds: no id stands for a name, no English source stands in the Chinese page."""
    from bridgehead.report.figures.matrix import sourced
    from bridgehead.report.figures.words import load_text

    for name, parameter in delta.parameters.items():
        assert load_text("parameters")[name]["zh"]
        if parameter.source:
            assert sourced(parameter.source).zh != sourced(parameter.source).en, name
