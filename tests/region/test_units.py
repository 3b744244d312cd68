"""Units are converted where they are known, and never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridgehead.region import FACT_VARIABLES, Region, read_region
from bridgehead.region.units import DIMENSIONS, canonical_unit, factor, known_units, normal


@pytest.mark.parametrize(
    ("unit", "dimension", "times"),
    [
        ("person", "people", 1.0),
        ("10 thousand persons", "people", 1e4),
        ("万人", "people", 1e4),
        ("million_yuan/year", "money", 1.0),
        ("100 million yuan/year", "money", 100.0),
        ("100 million yuan", "money", 100.0),
        ("亿元", "money", 100.0),
        ("万元/年", "money", 0.01),
        ("billion yuan / year", "money", 1000.0),
        ("yuan/year", "pay", 1e-6),
        ("yuan/(person year)", "pay", 1e-6),
        ("yuan/(m2 day)", "rent", 1.0),
        ("yuan/(m2 year)", "rent", 1 / 365),
        ("yuan/(m2 month)", "rent", 12 / 365),
        ("元/(平方米·月)", "rent", 12 / 365),
        ("yuan/m2", "price", 1.0),
        ("km2", "area", 1.0),
        ("ha", "area", 0.01),
        ("mu", "area", 1 / 1500),
        ("亩", "area", 1 / 1500),
        ("hours", "time", 60.0),
        ("1", "number", 1.0),
        ("percent", "number", 0.01),
    ],
)
def test_known_units(unit: str, dimension: str, times: float):
    assert factor(unit, dimension, "yuan") == pytest.approx(times, rel=1e-14)


@pytest.mark.parametrize("unit", ["", "yuan", "people a day", "wan", "dollars/year", "km"])
def test_unknown_units(unit: str):
    assert factor(unit, "people", "yuan") is None
    assert factor(unit, "rent", "yuan") is None
    assert factor(unit, "area", "yuan") is None


def test_money_is_in_the_regions_currency():
    assert factor("million_euro/year", "money", "euro") == 1.0
    assert factor("million_euro/year", "money", "yuan") is None
    assert factor("万元", "money", "euro") is None


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_the_working_unit_is_known_and_itself(dimension: str):
    for currency in ("yuan", "euro"):
        unit = canonical_unit(dimension, currency)
        assert known_units(dimension, currency)[normal(unit)] == 1.0


def test_every_variable_has_a_dimension_that_is_known():
    assert {row.dimension for row in FACT_VARIABLES.values()} <= set(DIMENSIONS)


def test_facts_in_other_units_read_the_same(folder: Path, toy: Region, edit):
    edit("facts.csv", "2023,1460182,person", "2023,146.0182,万人")
    edit("facts.csv", "2023,296332.66,million_yuan/year", "2023,2963.3266,100 million yuan/year")
    edit("facts.csv", "3.2,yuan/(m2 day)", "1168,yuan/(m2 year)")
    region = read_region(folder)
    assert region.arrays().residents[0] == pytest.approx(toy.arrays().residents[0], rel=1e-14)
    assert region.arrays().value_added[0, 2] == pytest.approx(296332.66, rel=1e-14)
    assert region.arrays().rent_home[0] == pytest.approx(3.2, rel=1e-14)
    assert set(region.facts["unit"]) == set(toy.facts["unit"])


def test_a_variable_of_ones_own_keeps_its_unit(folder: Path):
    with (folder / "facts.csv").open("a", encoding="utf-8") as file:
        file.write("A11,x_trees,,2023,12,trees,test,,observed\n")
    assert read_region(folder).fact("x_trees")[0] == 12
