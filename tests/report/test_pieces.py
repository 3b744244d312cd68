"""The pieces: numbers, classes of shades, charts, names and maps."""

from __future__ import annotations

import math
import re

import numpy as np
import polars as pl
import pytest

from bridgehead.region import Region
from bridgehead.report.charts import Bar, diverging_bars, nice_ticks, waterfall
from bridgehead.report.figures.breaks import class_of, diverging_breaks, sequential_breaks
from bridgehead.report.figures.frame import note, panel
from bridgehead.report.figures.matrix import direction_class, told
from bridgehead.report.figures.numbers import amount, bound, brief, change, level, plain, unit_of
from bridgehead.report.figures.words import Both, load_text, say, span
from bridgehead.report.maps import map_shapes, zone_sides


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1234.5, "1,234"), (0.908, "0.908"), (-0.00538, "−0.0054"), (0.0, "0"), (4.2e-5, "4.2×10⁻⁵"), (None, "–"), (math.nan, "–")],
)
def test_numbers_are_short_and_honest(value: float | None, shown: str) -> None:
    assert plain(value) == shown


def test_changes_carry_their_sign() -> None:
    assert (change(2.0), change(-2.0), change(0.0), brief(-4.2e-5), bound(0.030)) == ("+2.00", "−2.00", "0", "−<.001", "0.03")


def test_billions_become_yi_in_chinese() -> None:
    assert amount(0.908, unit_of("bn yuan/year"), signed=True) == Both("+0.908 bn yuan a year", "+9.08 亿元/年")
    assert amount(None, unit_of("bn yuan/year")) == Both("–", "–")


def test_an_unknown_unit_is_shown_as_it_stands() -> None:
    assert unit_of("quux_a").label == Both("quux a", "quux a")


def test_text_from_tables_is_escaped() -> None:
    assert span("<b>&") == "&lt;b&gt;&amp;"


def test_every_text_has_both_languages() -> None:
    def walk(node: object, path: str) -> None:
        if isinstance(node, dict) and set(node) >= {"en", "zh"}:
            assert node["en"].strip(), path
            assert node["zh"].strip(), path
            fields = [set(re.findall(r"{(\w+)}", node[lang])) for lang in ("en", "zh")]
            assert fields[0] == fields[1], path
        elif isinstance(node, dict):
            for key, child in node.items():
                walk(child, f"{path}.{key}")
        elif isinstance(node, list):
            for index, child in enumerate(node):
                walk(child, f"{path}[{index}]")

    for name in ("strings", "evidence"):
        walk(load_text(name), name)


def test_an_unknown_text_is_a_fault() -> None:
    with pytest.raises(KeyError):
        say("summary.nothing")


def test_notes_of_the_tables_are_told_in_chinese() -> None:
    assert told("no commuters are gained").zh == "通勤者没有增加"
    assert told("of 16: 9 rise, 5 fall, 2 unchanged").zh == "共 16 个：9 升，5 降，2 不变"
    assert told("something new") == Both("something new", "something new")


def test_shades_of_change_are_symmetric_around_zero() -> None:
    values = list(np.random.default_rng(3).normal(size=500)) + [1e-4]
    breaks = diverging_breaks(values)
    assert len(breaks) == 8
    assert breaks == [-bound for bound in reversed(breaks)]
    assert class_of(0.0, breaks) == 4
    assert class_of(-1e9, breaks) == 0
    assert class_of(1e9, breaks) == 8
    assert diverging_breaks([0.0, 0.0]) == []


def test_shades_of_levels_rise() -> None:
    breaks = sequential_breaks([float(n**2) for n in range(300)])
    assert breaks == sorted(set(breaks))
    assert class_of(None, breaks) is None


@pytest.mark.parametrize(
    ("value", "better", "css"),
    [
        (10.0, "up", "good-4"),
        (-10.0, "down", "good-4"),
        (-10.0, "up", "bad-4"),
        (0.05, "up", "good-1"),
        (2.0, "down", "bad-3"),
        (0.0, "up", "flat"),
        (None, "up", "flat"),
    ],
)
def test_a_cell_is_coloured_by_what_is_good_for_the_need(value: float | None, better: str, css: str) -> None:
    assert direction_class(value, better, 10.0) == css


def test_bars_and_waterfall_keep_their_numbers() -> None:
    bars = [
        Bar(Both("a", "甲"), 2.0, Both("+2", "+2")),
        Bar(Both("b", "乙"), None, Both("not solved", "未求解")),
        Bar(Both("c", "丙"), -1.0, Both("−1", "−1")),
    ]
    drawn = diverging_bars(bars, Both("t", "题"))
    widths = [float(w) for w in re.findall(r'<rect class="\w+" [^>]*width="([\d.]+)"', drawn)]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)
    assert "未求解" in drawn
    fall = waterfall([bars[0], bars[2]], Bar(Both("net", "净"), 1.0, Both("+1", "+1"), "hero"), Both("t", "题"))
    heights = [float(h) for h in re.findall(r'<rect class="\w+" [^>]*height="([\d.]+)"', fall)]
    assert heights[0] == pytest.approx(heights[1] + heights[2], abs=0.2)


def test_ticks_are_round() -> None:
    assert nice_ticks(0, 7) == [0.0, 2.0, 4.0, 6.0]


def test_the_delta_is_drawn_whole_and_alone(delta: Region) -> None:
    shapes = map_shapes(delta)
    inside = delta.places.filter(~pl.col("outside"))
    assert set(shapes.paths) == set(inside["place"])
    assert list(shapes.labels) == ["shanghai", "zhejiang", "jiangsu", "anhui"]
    assert shapes.hero_line.startswith("M")
    assert shapes.province_lines.startswith("M")
    assert zone_sides(delta.places) == ("310116z", "330482z")
    x, y, width, height = shapes.inset
    for side in zone_sides(delta.places):
        assert x < shapes.anchors[side][0] < x + width
        assert y < shapes.anchors[side][1] < y + height


def test_discs_stand_for_places_without_boundaries(toy: Region) -> None:
    shapes = map_shapes(toy)
    assert shapes.drawn == "discs"
    assert len(shapes.paths) == 12
    assert shapes.province_lines == ""


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ground", ["#5c9bce", "#e39139", "#a3c8e4", "#f3bf82", "#fbfaf7"])
def test_numbers_can_be_read_on_every_shade(ground: str) -> None:
    light, dark = _luminance(ground), _luminance("#1c2530")
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_level_beside_small_changes_is_in_the_unit_a_reader_knows():
    assert level(9530.0, unit_of("bp"), named=False) == ("95.3 %", "95.3 %")
    assert level(2160.0, unit_of("seconds")) == ("36.0 min", "36.0 分钟")
    assert level(3.87, unit_of("bn yuan/year"), named=False) == ("3.87", "38.7")


def test_no_name_becomes_markup() -> None:
    odd = Both('<img src=x onerror="a()">', "<script>a()</script>")
    for made in (note(odd), panel(odd, "", odd), span(odd), span(odd, markup="html")):
        assert "<img" not in made
        assert "<script" not in made
    assert "<strong>all</strong>" in note(Both("**all**", "**全**"))
