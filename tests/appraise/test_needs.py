"""needs.toml: what it may say, and what every fault of it is answered with."""

from __future__ import annotations

import copy
import tomllib

import pytest
from zone_toy import NEEDS

from bridgehead.appraise import read_needs
from bridgehead.appraise.needs import coarsest_level, generic_needs
from bridgehead.errors import PolicyError


@pytest.fixture
def raw() -> dict:
    return copy.deepcopy(tomllib.loads(NEEDS))


def faults(raw: dict, region) -> list[str]:
    with pytest.raises(PolicyError) as found:
        read_needs(raw, region)
    assert found.value.message == "the needs cannot be measured"
    return [str(fault) for fault in found.value.faults]


def test_rows_keep_their_order_sets_and_units(raw, toy_region):
    needs = read_needs(raw, toy_region)
    assert needs.rows[0].key == ("growth", "1")
    assert needs.rows[0].factor == 1e-3
    assert needs.rows[1].arguments["zone"].mask.sum() == 2
    assert needs.governments == {"home": ("Home", "本国")}
    assert len(needs.rows) == sum(len(need["measure"]) for need in raw["need"])


def test_the_mainland_is_there_unless_named_anew(raw, toy_region):
    assert read_needs(raw, toy_region).sets["mainland"].mask.sum() == 13
    assert read_needs(raw, toy_region).sets["abroad"].mask.sum() == 1


def test_all_faults_come_together(raw, toy_region):
    raw["sets"]["a"]["is"] = ["AA"]
    raw["sets"]["core"]["places"] = ["A11", "A111"]
    raw["sets"]["b1"] = {"level": "prefecure", "is": ["B1"]}
    raw["need"][0]["measure"][0]["function"] = "net_gian"
    raw["need"][0]["measure"][1]["zone"] = "zone_side"
    raw["need"][0]["measure"][2]["unit"] = "bn dollars"
    raw["need"][0]["measure"][3]["by"] = "plaice"
    raw["need"][1]["measure"][0]["colour"] = "red"
    raw["need"][1]["measure"][1]["better"] = "sideways"
    del raw["need"][1]["measure"][3]["core"]
    found = faults(raw, toy_region)
    expected = [
        "needs.toml: [sets] a: unknown province 'AA'. Did you mean 'A'?",
        "needs.toml: [sets] core: unknown place 'A111'. Did you mean 'A11'?",
        "needs.toml: [sets] b1: unknown level 'prefecure'. Did you mean 'prefecture'?",
        "needs.toml: need 1 (growth), line 1: unknown measure 'net_gian'. Did you mean 'net_gain'?",
        "needs.toml: need 1 (growth), line 2: unknown set 'zone_side'. Did you mean 'zone_sides'?",
        "needs.toml: need 1 (growth), line 3: unknown unit 'bn dollars' of 'gain_less_losses'; expected bn yuan/year or bn_yuan/year or "
        "m yuan/year or million_yuan/year or yuan/year",
        "needs.toml: need 1 (growth), line 4: unknown level 'plaice'. Did you mean 'place'?",
        "needs.toml: need 2 (people), line 1.1: better is 'sideways'; expected up or down",
        "needs.toml: need 2 (people), line 2: 'core_over_whole' needs 'core'; expected a set of places",
    ]
    assert [text for text in expected if text not in found] == []
    rest = [text for text in found if text not in expected]
    assert rest[0].startswith("needs.toml: need 1 (growth), line 3: the set 'b1' has no place")
    assert any("'theil' takes no 'colour'" in text for text in rest)


def test_a_line_is_given_once(raw, toy_region):
    raw["need"][0]["measure"][1]["line"] = "1"
    assert faults(raw, toy_region) == [
        "needs.toml: line 1 of 'growth' is given twice. Number further quantities 1.1, 1.2 …",
    ]


def test_a_need_without_id_and_an_unknown_key(raw, toy_region):
    del raw["need"][0]["id"]
    raw["need"][0]["measures"] = []
    assert faults(raw, toy_region) == [
        "needs.toml: need 1 (without an id): unknown key 'measures'. Did you mean 'measure'?",
        "needs.toml: need 1 (without an id): has no 'id'",
    ]


def test_ideas_need_two_ends(raw, toy_region):
    del raw["need"][2]["measure"][3]["from"]
    assert faults(raw, toy_region) == [
        "needs.toml: need 3 (ideas), line 2.1: 'ideas_used' needs `of` and `from`, or `among` and `by`",
    ]


def test_without_needs_the_outcomes_are_shown_by_jurisdiction(toy_region):
    assert coarsest_level(toy_region) == "province"
    needs = read_needs(None, toy_region)
    assert [row.need for row in needs.rows if row.line == "1"] == ["whole", "A", "B"]
    assert {"net_gain", "welfare", "tfp", "theil", "real_value_added", "foreign_access"} <= {row.measure.name for row in needs.rows}
    assert generic_needs(toy_region)["format"] == 1
