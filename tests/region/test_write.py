"""What is written reads back; starters and closures."""

from __future__ import annotations

import dataclasses
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from bridgehead.cases import case_folder, case_names
from bridgehead.errors import DataError
from bridgehead.region import Region, folder_hash, new_region, read_region, with_closure, write_region
from bridgehead.region.forms import line_of, to_toml


def assert_same(one: Region, other: Region) -> None:
    """All fields but the hash, which is of bytes, are the same to the last bit."""
    for item in dataclasses.fields(Region):
        left, right = getattr(one, item.name), getattr(other, item.name)
        if isinstance(left, pl.DataFrame):
            assert_frame_equal(left, right, check_exact=True)
        elif isinstance(left, np.ndarray):
            np.testing.assert_array_equal(left, right)
        elif item.name == "flows":
            assert left.keys() == right.keys()
            for name in left:
                assert_frame_equal(left[name], right[name], check_exact=True)
        elif item.name != "folder_hash":
            assert left == right, item.name


@pytest.fixture
def rich(folder: Path, toy: Region) -> Region:
    """The toy with one of everything a region may have."""
    with (folder / "region.toml").open("a", encoding="utf-8") as file:
        file.write("[modes]\nroad = 0\ndoor = 5\n[split]\nprovince = 1.0\n[rates.land]\nA11 = 0.1\n")
    inside = toy.place_ids[:12]
    made = [
        (place, s)
        for s in toy.sector_names
        for place, amount in zip(toy.place_ids, toy.fact("value_added", sector=s), strict=True)
        if amount > 0
    ]
    links = [f"{a},{b},road,10.1,1999-01-01,,so" for a, b in pairwise(inside)]
    (folder / "travel.csv").unlink()
    feature = {"type": "Feature", "properties": {"place": "A11", "名": "枫泾"}}
    feature["geometry"] = {"type": "Polygon", "coordinates": [[[0.1, 0], [1, 0], [1, 1.3], [0.1, 0]]]}
    texts = {
        "links.csv": "from,to,mode,minutes,opened,crosses,note\n" + "\n".join(links) + "\n",
        "gateways.csv": "place,gateway,share\nA11,port,0.9\nA11,rail,0.1\n",
        "consumption.csv": "place,sector,share\nO2,primary,0.1\nO2,secondary,0.3\nO2,tertiary,0.6\n",
        "commuting.csv": "home,work,people\n" + "".join(f"{place},{place},0.3\n" for place in inside) + "A11,A12,1e5\n",
        "trade.csv": "buyer,seller,sector,value\n" + "".join(f"{a},{b},{s},12.5\n" for a in toy.place_ids for b, s in made),
        "migration.csv": "origin,destination,people\n"
        + "".join(f"A,{place},7\n" for place in toy.place_ids)
        + "B,B11,7\nO1,O1,1\nO2,O2,1\n",
        "moments.csv": ('name,from,to,value,unit,year,status,source,use,error\n"a, b",A11+A12,,3.3,person,2021,o,s,fit,0.1\n'),
        "adjacency.csv": "a,b,shared_km,across_water,fixed_crossing\nA11,A12,3.25,lake,no\nA12,A13,,,\n",
        "totals.csv": ("level,jurisdiction,variable,sector,year,value,unit,source\nprovince,A,residents,,2023,324.1,万人,s\n"),
        "needs.toml": ('[[need]]\nid = "a"\nname_zh = "增长极"\nmeasures = [{name = "x", sets = ["A"]}]\n[[need]]\nid = "b"\n'),
        "zones.toml": '[[zone]]\nid = "z"\n[[zone.lever]]\nlever = "land"\nplace = "ZB"\nmultiply = 1.2\n',
        "fit.toml": 'flow = "commuting"\n[[passage]]\nname = "a"\n',
        "geometry.geojson": json.dumps({"type": "FeatureCollection", "features": [feature]}),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_region(folder)


@pytest.mark.parametrize("parquet", [(), ("facts", "trade_costs", "borders", "places", "travel", "links", "commuting")])
@pytest.mark.parametrize("which", ["toy", "rich"])
def test_the_round_trip_is_exact(which: str, parquet: tuple[str, ...], request, tmp_path: Path):
    region = request.getfixturevalue(which)
    written = write_region(region, tmp_path / "one", parquet=parquet)
    again = read_region(written)
    assert_same(region, again)
    for name, array in vars(region.arrays()).items():
        if isinstance(array, np.ndarray):
            np.testing.assert_array_equal(array, getattr(again.arrays(), name))


def test_writing_again_gives_the_same_bytes(rich: Region, tmp_path: Path):
    one = write_region(rich, tmp_path / "one")
    two = write_region(read_region(one), tmp_path / "two")
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in two.iterdir())
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in names)
    assert read_region(one).folder_hash == folder_hash(two)


def test_a_folder_that_holds_something_is_refused(toy: Region, tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for write in (lambda: write_region(toy, tmp_path), lambda: new_region(tmp_path)):
        with pytest.raises(DataError, match="is not empty: nothing was written"):
            write()
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_starter_reads_and_is_the_toy(toy: Region, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    for folder in (new_region(tmp_path / "deep" / "new"), new_region(tmp_path / "empty")):
        region = read_region(folder)
        assert region.meta == toy.meta.model_copy(update={"name": "My region"})
        assert_frame_equal(region.facts, toy.facts)
        assert "#" in (folder / "region.toml").read_text(encoding="utf-8")
        assert (folder / "README.md").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "empty"]


def test_cases():
    assert "toy" in case_names()
    assert (case_folder("toy") / "scenarios" / "baseline.toml").is_file()
    with pytest.raises(DataError, match="there is no case 'toi'; did you mean 'toy'"):
        case_folder("toi")


def test_closures_of_the_toy(toy: Region):
    folder = case_folder("toy") / "closures"
    landlords = with_closure(toy, folder / "landlords.toml")
    assert landlords.meta.closures.rents == "local_landlords"
    assert landlords.meta.closures.trade == "gravity"
    assert toy.meta.closures.rents == "portfolio"
    government = with_closure(toy, folder / "government.toml")
    assert government.meta.split == {"place": 0.35, "province": 0.25, "country": 0.4}
    assert government.meta.rates.earnings["ZA"] == 0.02
    assert with_closure(toy, {"closures": {"rents": "local_landlords"}}).meta == landlords.meta


def test_faults_of_a_closure(toy: Region, tmp_path: Path):
    path = tmp_path / "odd.toml"
    path.write_text('[closures]\nrent = "portfolio"\ngovernment = "taxs"\n', encoding="utf-8")
    with pytest.raises(DataError) as caught:
        with_closure(toy, path)
    assert str(caught.value) == (
        "the closure 'odd.toml' cannot be used:\n"
        "  - odd.toml:3: closures.government = 'taxs' is not known; expected none or taxes. Did you mean 'taxes'?\n"
        "  - odd.toml:2: unknown key 'closures.rent'. Did you mean 'rents'?"
    )
    with pytest.raises(DataError, match=r"unknown key 'closure'\. Did you mean 'closures'"):
        with_closure(toy, {"closure": {}})
    with pytest.raises(DataError, match=r'congestion = "links" needs links\.csv, which the region lacks'):
        with_closure(toy, {"closures": {"congestion": "links"}})
    with pytest.raises(DataError, match="there is no such file; expected a closure file"):
        with_closure(toy, tmp_path / "none.toml")


def test_toml_that_is_written_reads_back():
    import tomllib

    table = {
        "text": 'a "quote", a \\ and\na line',
        "名": "中文",
        "numbers": [1, 2.5, 1e-300],
        "yes": True,
        "none": None,
        "inline": [{"a": 1}, {"a": 2, "b": [{"c": "d"}]}],
        "table": {"x y": 1, "deep": {"z": 2.0}, "empty": {}},
    }
    read = tomllib.loads(to_toml(table))
    assert read == {key: value for key, value in table.items() if value is not None}


def test_the_line_of_a_key():
    text = "a = 1\n[b]\n# a = 2\nc = 3\n[b.d]\n'e f' = 4\n"
    assert line_of(text, ["a"]) == 1
    assert line_of(text, ["b", "c"]) == 4
    assert line_of(text, ["b", "d", "e f"]) == 6
    assert line_of(text, ["b", "d", "missing"]) == 5
    assert line_of(text, ["z"]) is None
