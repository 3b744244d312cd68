"""Bounds of inferred figures: they enclose the figures, draws stay within them, and totals that are published stand."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from bridgehead.cases import case_folder
from bridgehead.errors import DataError
from bridgehead.region import read_region, write_region
from bridgehead.region.bounds import bound_draws

HEAD = "place,variable,sector,low,high,unit,draw,opposite,total,rule\n"


@pytest.fixture
def toy(tmp_path, toy_region) -> Path:
    """A copy of the toy with bounds of 2/3 to 1.5 around what it holds."""
    folder = Path(shutil.copytree(case_folder("toy") / "region", tmp_path / "toy"))
    write(folder, toy_region)
    return folder


def write(folder: Path, region, *, extra: str = "", spoil: tuple[str, str] | None = None) -> None:
    arrays, lines = region.arrays(), [HEAD]
    for name in ("A11", "A12"):
        whole = arrays.value_added[region.index(name)].sum()
        lines.append(f"{name},value_added,,{whole / 1.5:.6f},{whole * 1.5:.6f},million_yuan/year,{name},false,value added of A,shared\n")
    for sector, opposite in (("secondary", "false"), ("tertiary", "true")):
        part = arrays.value_added[region.index("A11"), region.sector_names.index(sector)]
        ends = f"{part * 0.8:.6f},{part * 1.2:.6f}"
        lines.append(f"A11,value_added,{sector},{ends},million_yuan/year,split,{opposite},split of A11,error of the split\n")
    for variable in ("rent_home", "rent_work"):
        rent = getattr(arrays, variable)[region.index("A13")]
        lines.append(f"A13,{variable},,{rent * 0.5:.8f},{rent * 1.2:.8f},yuan/(m2 day),rent,,,price of the prefecture\n")
    text = "".join(lines) + extra
    if spoil is not None:
        assert spoil[0] in text, "the test spoils nothing"
        text = text.replace(*spoil, 1)
    (folder / "bounds.csv").write_text(text, encoding="utf-8")


def test_the_middle_of_every_draw_is_the_data(toy):
    region = read_region(toy)
    draws = bound_draws(region)
    assert draws.names == ("A11", "A12", "split", "rent")
    middle = draws.at(region.arrays(), np.full(4, 0.5))
    for name in ("value_added", "residents", "rent_home", "rent_work"):
        np.testing.assert_allclose(getattr(middle, name), getattr(region.arrays(), name), rtol=1e-14)


def test_published_totals_stand_and_what_moves_together_does(toy):
    region = read_region(toy)
    draws, own = bound_draws(region), region.arrays()
    places = [region.index(name) for name in ("A11", "A12", "A13")]
    for seed in range(5):
        drawn = draws.at(own, np.random.default_rng(seed).random(4))
        np.testing.assert_allclose(drawn.value_added[places[:2]].sum(), own.value_added[places[:2]].sum(), rtol=1e-12)
        others = np.delete(np.arange(len(region.place_ids)), places)
        np.testing.assert_array_equal(drawn.value_added[others], own.value_added[others])
        ratio = [getattr(drawn, name)[places[2]] / getattr(own, name)[places[2]] for name in ("rent_home", "rent_work")]
        assert ratio[0] == pytest.approx(ratio[1], rel=1e-7)
        assert 0.5 <= ratio[0] <= 1.2


def test_ends_are_reached_and_an_opposite_row_goes_the_other_way(toy):
    region = read_region(toy)
    draws, own, a11 = bound_draws(region), region.arrays(), region.index("A11")
    high = draws.at(own, np.array([0.5, 0.5, 1 - 1e-12, 1 - 1e-12]))
    secondary, tertiary = (region.sector_names.index(name) for name in ("secondary", "tertiary"))
    assert high.value_added[a11, secondary] > own.value_added[a11, secondary]
    assert high.value_added[a11, tertiary] < own.value_added[a11, tertiary]
    assert high.value_added[a11].sum() == pytest.approx(own.value_added[a11].sum(), rel=1e-12)
    a13 = region.index("A13")
    assert high.rent_home[a13] == pytest.approx(1.2 * own.rent_home[a13], rel=1e-6)
    # All that share a total drawn at the same end: nothing moves, for the total stands.
    same = draws.at(own, np.array([0.9, 0.9, 0.5, 0.5]))
    np.testing.assert_allclose(same.value_added, own.value_added, rtol=1e-9)


def test_bounds_are_in_any_unit_of_the_variable_and_read_back_as_written(toy, tmp_path):
    region = read_region(toy)
    text = (toy / "bounds.csv").read_text()
    rows = [line.split(",") for line in text.splitlines()]
    for row in rows[1:5]:
        row[3], row[4], row[5] = f"{float(row[3]) / 100:.8f}", f"{float(row[4]) / 100:.8f}", "100 million yuan/year"
    (toy / "bounds.csv").write_text("\n".join(",".join(row) for row in rows) + "\n")
    other = read_region(toy)
    np.testing.assert_allclose(other.bounds["low"], region.bounds["low"], rtol=1e-7)
    again = read_region(write_region(region, tmp_path / "again"))
    assert again.bounds.equals(region.bounds)


def test_a_region_without_bounds_draws_nothing(toy_region):
    draws = bound_draws(toy_region)
    assert draws.names == ()
    np.testing.assert_array_equal(draws.at(toy_region.arrays(), np.zeros(0)).value_added, toy_region.arrays().value_added)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (("A12,value_added", "A19,value_added"), ["bounds.csv:3", "unknown place 'A19'", "Did you mean"]),
        (("A13,rent_home", "A13,rent_hme"), ["unknown variable 'rent_hme'", "Did you mean 'rent_home'?"]),
        (("million_yuan/year,split,false", "acre,split,false"), ["unknown unit 'acre'"]),
        (
            ("A11,value_added,secondary,", "A11,value_added,secondary,9"),
            ["bounds.csv:4", "value_added of 'A11' in secondary", "low ≤ value ≤ high"],
        ),
        (("A11,value_added,secondary", "A11,value_added,secndary"), ["unknown sector 'secndary'"]),
        (("A13,rent_home,,", "A13,rent_home,primary,"), ["rent_home of 'A13' in primary has bounds and no figure"]),
        (("A12,false,value added of A", "A12,false,"), ["total 'value added of A' has one figure only"]),
        (("rent,,,price", "rent,,split of A11,price"), ["total 'split of A11' adds up"]),
        (("split,true,split of A11", "split,true,value added of A"), ["a figure stands twice in total 'value added of A'"]),
        (("place,variable", "place,varable"), ["unknown column 'varable'", "column 'variable' is missing"]),
    ],
)
def test_faults_of_bounds(toy, toy_region, spoil, said):
    write(toy, toy_region, spoil=spoil)
    with pytest.raises(DataError) as refused:
        read_region(toy)
    assert all(word in str(refused.value) for word in said), refused.value


def test_every_fault_of_bounds_comes_at_once(toy, toy_region):
    write(toy, toy_region, extra="A13,rent_home,,9,1,yuan/(m2 day),x,,,none\nB99,residents,,1,2,person,y,,,none\n")
    with pytest.raises(DataError) as refused:
        read_region(toy)
    assert {"bounds.csv:8", "bounds.csv:9"} <= {fault.place for fault in refused.value.faults}
