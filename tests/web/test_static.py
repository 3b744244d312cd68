"""The files of the page: nothing from elsewhere, no inline code, every text in both languages, colours that all can tell apart."""

from __future__ import annotations

import json
import re
from importlib import resources
from itertools import pairwise

import pytest

STATIC = resources.files("bridgehead.report.web").joinpath("static")


def files(ending: str) -> dict[str, str]:
    """Path inside static/ to text, of all files of an ending."""
    found: dict[str, str] = {}

    def walk(folder, path: str) -> None:
        for entry in folder.iterdir():
            name = f"{path}{entry.name}"
            if entry.is_dir():
                walk(entry, f"{name}/")
            elif name.endswith(ending):
                found[name] = entry.read_text(encoding="utf-8")

    walk(STATIC, "")
    return found


def flat(table: dict, stem: str = "") -> dict[str, str]:
    """A nested table of texts by dotted keys."""
    found: dict[str, str] = {}
    for key, value in table.items():
        found |= flat(value, f"{stem}{key}.") if isinstance(value, dict) else {f"{stem}{key}": value}
    return found


@pytest.fixture(scope="module")
def texts() -> dict[str, dict[str, str]]:
    return {lang: flat(json.loads(STATIC.joinpath("text", f"{lang}.json").read_text(encoding="utf-8"))) for lang in ("en", "zh")}


def test_both_languages_have_the_same_texts(texts) -> None:
    assert texts["en"].keys() == texts["zh"].keys()
    fields = {lang: {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in table.items()} for lang, table in texts.items()}
    assert fields["en"] == fields["zh"]
    assert all(text.strip() for table in texts.values() for text in table.values())


def test_chinese_texts_are_chinese(texts) -> None:
    same = {key for key, text in texts["zh"].items() if not re.search(r"[一-鿿]", text)}
    assert same <= {"library.by"}, "the name alone"


def test_every_text_the_page_asks_for_is_there_and_none_is_idle(texts) -> None:
    asked, made = set(), []
    for script in files(".js").values():
        asked |= set(re.findall(r'"([a-z]+\.[a-z_]+)"', script)) & (set(texts["en"]) | set(re.findall(r'\bt\("([^"]+)"', script)))
        made += [re.compile(re.sub(r"\\\$\\\{.*?\\\}", r"[^.]+", re.escape(text)) + "$") for text in re.findall(r"\bt\(`([^`]+)`", script)]
    missing = {key for key in asked if key not in texts["en"]}
    idle = {key for key in texts["en"] if key not in asked and not any(pattern.match(key) for pattern in made)}
    assert (missing, idle) == (set(), set())


def test_the_page_loads_nothing_from_elsewhere() -> None:
    for name, text in (files(".js") | files(".css") | files(".html")).items():
        outside = [found for found in re.findall(r"https?://\w[^\s\"'`)]+", text) if not found.startswith("http://www.w3.org/")]
        assert outside == [], f"{name}: {outside}"
        assert not re.search(r"@import|url\((?!#)", text), name


def test_no_markup_or_code_is_made_of_texts() -> None:
    for name, text in files(".js").items():
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.setAttribute\(\"style\"", text
        ), name


def test_the_strict_policy_finds_nothing_inline() -> None:
    page = STATIC.joinpath("index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|style=|<script(?![^>]*\bsrc=)|\bon[a-z]+=", page)


@pytest.mark.parametrize("ending", [".js", ".css"])
def test_files_stay_short(ending: str) -> None:
    assert {name: text.count("\n") for name, text in files(ending).items() if text.count("\n") > 400} == {}


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (WCAG)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_words_can_be_read() -> None:
    base = STATIC.joinpath("css", "base.css").read_text(encoding="utf-8")
    token = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", base))
    for ink in ("ink", "soft", "brand", "blue"):
        for ground in ("paper", "sunk"):
            assert contrast(token[ink], token[ground]) >= 4.5, (ink, ground)
    for ink, ground in (
        ("#0e3d6b", token["gain-pale"]),
        ("#703602", token["loss-pale"]),
        ("#ffffff", token["brand"]),
        ("#666d77", "#ffffff"),
    ):
        assert contrast(ink, ground) >= 4.5, (ink, ground)


def test_shades_are_told_apart_without_red_and_green() -> None:
    """Each palette runs one way in lightness on either side of its middle, so that it can be read in grey and by everybody."""
    script = STATIC.joinpath("js", "breaks.js").read_text(encoding="utf-8")
    palette = {name: re.findall(r"#[0-9a-f]{6}", line) for name, line in re.findall(r"export const (\w+) = \[(.+?)\]", script)}
    falling = [luminance(colour) for colour in palette["SEQUENTIAL"]]
    assert all(a > b for a, b in pairwise(falling))
    below, above = ([luminance(c) for c in part] for part in (palette["DIVERGING"][:5], palette["DIVERGING"][4:]))
    assert all(a < b for a, b in pairwise(below))
    assert all(a > b for a, b in pairwise(above))
    for colour in palette["DIVERGING"]:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        assert not (green > 1.25 * red and green > 1.25 * blue), f"{colour} is green"
        assert not (red > 150 and green < 60 and blue < 90), f"{colour} is red"
