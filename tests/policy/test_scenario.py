"""Scenario files: read with every fault at once, written back unchanged, dated, and put together."""

from __future__ import annotations

import datetime
import tomllib

import numpy as np
import pytest

from bridgehead.errors import PolicyError
from bridgehead.policy import Land, Passage, Scenario, combine, enact, read_scenario, scenario_text, write_scenario

TOY_SCENARIOS = (
    "1_commuting_doubled",
    "2_trade_open",
    "3_land_release",
    "4_productivity",
    "5_all_four",
    "6_foreign_trade",
    "7_near_separable",
    "8_isolated_province",
    "9_isolated_common_pool",
    "baseline",
)


@pytest.mark.parametrize("name", TOY_SCENARIOS)
def test_the_toy_s_scenarios_are_read_enacted_and_written_back_unchanged(toy_folder, toy, baseline, tmp_path, name):
    file = toy_folder / "scenarios" / f"{name}.toml"
    scenario = read_scenario(file, toy)
    assert scenario.name == name
    new = enact(scenario, baseline).given
    changed = {key for key, value in new.items() if value is not baseline.given[key]}
    assert changed == scenario.touches(toy)
    assert write_scenario(scenario, tmp_path / "copy.toml").read_bytes() == file.read_bytes()


def test_all_four_at_once_is_each_alone(toy_folder, toy, baseline):
    folder = toy_folder / "scenarios"
    together = enact(read_scenario(folder / "5_all_four.toml", toy), baseline).given
    for name in ("3_land_release", "4_productivity"):
        alone = enact(read_scenario(folder / f"{name}.toml", toy), baseline).given
        for key in read_scenario(folder / f"{name}.toml", toy).touches(toy):
            np.testing.assert_array_equal(together[key], alone[key])


def test_odd_bytes_of_a_file_come_back(toy, tmp_path):
    text = (
        '\ufeff# 注释\r\nformat = 1\r\nname   = "窗口"\r\n\r\n[[lever]]  # first\r\nlever = "land"\r\nplace = "ZB"\r\nmultiply = 1.20\r\n'
    )
    (tmp_path / "odd.toml").write_bytes(text.encode())
    scenario = read_scenario(tmp_path / "odd.toml", toy)
    assert scenario.name == "窗口"
    assert write_scenario(scenario, tmp_path / "again.toml").read_bytes() == text.encode()


def test_a_scenario_made_in_python_is_written_and_read_again(toy, tmp_path):
    levers = (
        Passage(flow="trade", level="regime", between=["A"], and_=["B"], one_way=True, open=0.25, low=0.1, high=0.5, starts=2030),
        Land(in_={"level": "province", "is": "B"}, multiply=1.1, source="made up"),
    )
    made = Scenario("made", levers, name_zh="自制", from_=datetime.date(2027, 7, 1), until=2035, phase_in=3.0)
    read = read_scenario(write_scenario(made, tmp_path / "made.toml"), toy)
    assert read.levers == levers
    assert (read.name, read.name_zh, read.from_, read.until, read.phase_in) == ("made", "自制", datetime.date(2027, 7, 1), 2035, 3.0)
    assert tomllib.loads(scenario_text(made))["lever"][0]["and"] == ["B"]


def test_every_fault_is_listed_with_file_row_and_lever(toy, tmp_path):
    text = """format = 1
name = "faulty"
discribe = "a typo"

[[lever]]
lever = "pasage"

[[lever]]
lever = "tariff"

[[lever]]
lever = "passage"
flow = "comuting"
level = "regime"
between = ["A"]
and = ["B"]
set = 1.5

[[lever]]
lever = "land"
place = 310116
multipy = 1.2

[[lever]]
lever = "land"
in = { level = "provnce", is = "A" }
multiply = 1.1

[[lever]]
lever = "land"
place = "ZC"
in = { level = "province", is = "A" }
multiply = "1.1"
"""
    file = tmp_path / "faulty.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as error:
        read_scenario(file, toy)
    assert str(error.value).splitlines() == [
        "the scenario faulty.toml cannot be used:",
        "  - faulty.toml: unknown key 'discribe'. Did you mean 'describe'?",
        "  - faulty.toml:5 (lever 1): unknown lever 'pasage'. Did you mean 'passage'?",
        "  - faulty.toml:8 (lever 2): unknown lever 'tariff'. Known are: passage, land, productivity, trade_cost, link, "
        "research, registration, amenity, …",
        "  - faulty.toml:11 (lever 3): `flow` is 'comuting'; expected commuting or trade or migration or spillover or ideas. "
        "Did you mean 'commuting'?",
        "  - faulty.toml:11 (lever 3): `set` is 1.5; expected less than or equal to 1",
        '  - faulty.toml:19 (lever 4): `place`: names are text; write "310116" in quotes',
        "  - faulty.toml:19 (lever 4): unknown key 'multipy'. Did you mean 'multiply'?",
        "  - faulty.toml:24 (lever 5): unknown level 'provnce'. Did you mean 'province'?",
        "  - faulty.toml:29 (lever 6): `multiply` is '1.1'; expected a number",
    ]


def test_names_are_looked_up_though_the_strength_is_wrong(toy):
    land = {"lever": "land", "place": "ZC", "multiply": -1.2}
    border = {"lever": "passage", "flow": "trade", "level": "regime", "between": ["A"], "and": ["C"], "open": 7}
    with pytest.raises(PolicyError) as error:
        read_scenario({"format": 1, "name": "two faults each", "lever": [land, border]}, toy)
    said = str(error.value)
    for fault in (
        "`multiply` is -1.2",
        "names no place: 'ZC'. Did you mean 'ZB'?",
        "`open` is 7",
        "no jurisdiction of level 'regime': 'C'",
    ):
        assert fault in said


def land(**dates):
    return {"lever": [{"lever": "land", "place": "ZB", "multiply": 1.1, **dates}]}


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ({"from": 2030, "until": 2025}, "`until` (2025) is before `from` (2030)"),
        ({"from": "2030"}, "a year (2030) or a day (2030-01-01) without quotes is expected; found '2030'"),
        ({"from": 30}, "30 is no year between 1800 and 2500"),
        ({"phase_in": -1.0}, "`phase_in` is -1.0"),
        ({"format": 2}, "`format` is 2; expected the number 1"),
        (
            {"from": 2030, **land(ends=2028)},
            "ends (2028) before the scenario begins",
        ),
        ({"until": 2030, **land(starts=2031)}, "after the scenario has ended"),
        (
            land(starts=2031, ends=2030),
            "`ends` (2030) is before `starts` (2031)",
        ),
    ],
)
def test_dates_are_years_or_days_in_order(toy, head, message):
    with pytest.raises(PolicyError) as error:
        read_scenario({"format": 1, "name": "dated", **head}, toy)
    assert message in str(error.value)


def test_a_scenario_may_end_in_the_year_it_begins(toy):
    dates = {"from": datetime.date(2030, 7, 1), "until": 2030}
    assert read_scenario({"format": 1, "name": "short", **dates}, toy).until == 2030


@pytest.mark.parametrize(
    ("lever", "message"),
    [
        ({"lever": "land", "place": "ZB", "multiply": 1.1, "low": 1.2}, "`multiply` = 1.1 is not between `low` = 1.2 and `high` = 1.1"),
        ({"lever": "land", "place": "ZB", "places": ["ZA"], "multiply": 1.1}, "exactly one of `place`, `places` and `in`"),
        ({"lever": "land", "place": "ZB"}, "exactly one of `multiply`, `add_km2` is expected; found none of them"),
        ({"lever": "land", "place": "ZB", "multiply": 1.1, "add_km2": 1.0}, "found `multiply` and `add_km2`"),
        ({"lever": "rent_pools", "by": "province", "low": 1.0}, "this one has none"),
        ({"place": "ZB", "multiply": 1.1}, "does not say what it is"),
    ],
)
def test_a_lever_says_one_thing(toy, lever, message):
    with pytest.raises(PolicyError) as error:
        read_scenario({"format": 1, "name": "x", "lever": [lever]}, toy)
    assert message in str(error.value)


def test_a_file_that_is_not_there_or_no_toml_is_refused(toy, tmp_path):
    with pytest.raises(PolicyError, match="cannot be read"):
        read_scenario(tmp_path / "none.toml", toy)
    (tmp_path / "bad.toml").write_text("format = = 1")
    with pytest.raises(PolicyError, match="not valid TOML"):
        read_scenario(tmp_path / "bad.toml", toy)


def test_scenarios_put_together_keep_their_levers_and_dates(toy):
    release = Scenario("land", (Land(place="ZB", multiply=1.2),), from_=2030, phase_in=2.0)
    opening = Scenario("open", (Passage(flow="trade", level="regime", between=["A"], and_=["B"], open=0.1, starts=2027),))
    both = combine("both", [release, opening])
    assert [lever.kind for lever in both.levers] == ["land", "passage"]
    assert [(lever.starts, lever.phase_in) for lever in both.levers] == [(2030, 2.0), (2027, None)]
