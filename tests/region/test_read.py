"""The toy region reads as it stands; its arrays are its tables."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bridgehead.errors import DataError, LabelError
from bridgehead.region import Region, iceberg_costs, read_region


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_toy_is_what_its_region_toml_says(toy: Region):
    assert toy.meta.name == "Toy delta"
    assert toy.meta.year == 2023
    assert toy.meta.closures.rents == "portfolio"
    assert toy.sector_names == ("primary", "secondary", "tertiary")
    assert toy.origin_names == ("A", "B", "O1", "O2")
    assert len(toy.place_ids) == 14
    assert toy.inside.sum() == 12
    assert toy.levels == ("province", "prefecture", "regime", "country", "place")
    assert toy.parameters["home_dispersion"].value == 1.5
    assert toy.parameters["home_dispersion"].high == 3.3
    assert toy.parameters["home_dispersion"].source == "as the first case"


def test_facts_are_those_of_the_file(toy: Region, toy_folder: Path):
    arrays = toy.arrays()
    index = {place: i for i, place in enumerate(toy.place_ids)}
    for row in rows_of(toy_folder / "facts.csv"):
        i, value = index[row["place"]], float(row["value"])
        if row["variable"] == "value_added":
            assert arrays.value_added[i, toy.sector_names.index(row["sector"])] == value
        else:
            assert getattr(arrays, row["variable"])[i] == value
    assert np.isnan(arrays.exports[toy.inside]).all()
    assert np.isnan(arrays.construction_land).all()
    assert arrays.jobs is None
    assert arrays.wage is None
    assert arrays.research_spending is None


@pytest.mark.parametrize(
    ("file", "field", "first", "second", "value"),
    [
        ("travel.csv", "minutes", "home", "work", "minutes"),
        ("trade_costs.csv", "iceberg", "buyer", "seller", "iceberg"),
    ],
)
def test_the_first_index_receives(toy: Region, toy_folder: Path, file, field, first, second, value):
    array = getattr(toy.arrays(), field)
    for row in rows_of(toy_folder / file):
        assert array[toy.index(row[first]), toy.index(row[second])] == float(row[value])


def test_travel_is_nan_where_a_place_is_outside(toy: Region):
    minutes = toy.arrays().minutes
    inside = toy.inside[:, None] & toy.inside[None, :]
    assert np.isfinite(minutes[inside]).all()
    assert np.isnan(minutes[~inside]).all()


def test_origins_and_what_they_keep(toy: Region, toy_folder: Path):
    arrays = toy.arrays()
    for row in rows_of(toy_folder / "migration_costs.csv"):
        g = toy.origin_names.index(row["origin"])
        assert arrays.kept_income[g, toy.index(row["destination"])] == float(row["kept_income"])
    assert arrays.origin_people.sum() == pytest.approx(arrays.residents.sum(), rel=1e-6)
    regimes = toy.jurisdictions("regime")
    assert [regimes[i] for i in arrays.origin_cells["regime"]] == ["A", "B", "O1", "O2"]
    assert set(arrays.origin_cells) == {"regime"}


def test_passages_are_receiver_by_supplier_and_one_inside(toy: Region, toy_folder: Path):
    passages = toy.arrays().passages
    assert set(passages) == {
        (flow, level) for flow in ("commuting", "trade", "migration", "spillover") for level in ("prefecture", "regime")
    }
    for row in rows_of(toy_folder / "borders.csv"):
        names = toy.jurisdictions(row["level"])
        where = names.index(row["receiver"]), names.index(row["supplier"])
        passage = passages[row["flow"], row["level"]][(..., *where)]
        assert (passage == float(row["passage"])).all()
    for array in passages.values():
        assert (np.diagonal(array, axis1=-2, axis2=-1) == 1).all()
    assert passages["trade", "regime"].shape == (3, 6, 6)


def test_shares_of_costs(toy: Region):
    arrays = toy.arrays()
    np.testing.assert_allclose(arrays.beta + arrays.gamma + arrays.omega.sum(axis=0), 1.0, rtol=1e-12)
    assert arrays.omega[1, 0] == 0.18  # input secondary, user primary
    assert arrays.theta.tolist() == [5.0, 4.0, 3.0]


def test_rent_pools(toy: Region):
    arrays = toy.arrays()
    assert arrays.rent_pool_names == ("delta", "O1", "O2")
    assert arrays.rent_pool.tolist() == [0] * 12 + [1, 2]


def test_jurisdictions_in_the_order_of_places(toy: Region):
    assert toy.jurisdictions("regime") == ("A", "ZA", "ZB", "B", "O1", "O2")
    assert toy.jurisdictions("country") == ("home", "abroad")
    assert toy.jurisdictions("place") == toy.place_ids
    members = toy.members("prefecture", "B2")
    assert [toy.place_ids[i] for i in np.flatnonzero(members)] == ["B21", "B22", "B23"]
    assert toy.members("place", "ZA").sum() == 1


def test_unknown_labels_get_a_suggestion(toy: Region):
    with pytest.raises(LabelError, match="unknown place 'a11'; did you mean 'A11'"):
        toy.index("a11")
    with pytest.raises(LabelError, match="unknown level 'regimes'; did you mean 'regime'"):
        toy.cells("regimes")
    with pytest.raises(LabelError, match="unknown prefecture 'B3'; did you mean"):
        toy.members("prefecture", "B3")
    with pytest.raises(LabelError, match="unknown sector 'tertary'; did you mean 'tertiary'"):
        toy.fact("value_added", sector="tertary")


def test_status_and_sums_over_sectors(toy: Region):
    assert set(toy.status("rent_home")) == {"observed", "inferred"}
    assert toy.status("rent_home")[toy.index("O1")] == "inferred"
    assert set(toy.status("wage")) == {""}
    total = sum(toy.fact("value_added", sector=sector) for sector in toy.sector_names)
    np.testing.assert_allclose(toy.fact("value_added"), total, rtol=1e-12)


def test_the_facts_of_the_regions_year_count_then_the_nearest(toy: Region):
    rows = toy.facts.filter((pl.col("place") == "A11") & (pl.col("variable") == "residents"))
    older = rows.with_columns(pl.lit(2022, dtype=pl.Int64).alias("year"), pl.lit(1.0).alias("value"))
    newer = rows.with_columns(pl.lit(2025, dtype=pl.Int64).alias("year"), pl.lit(2.0).alias("value"))
    both = dataclasses.replace(toy, facts=pl.concat([toy.facts, older, newer]))
    assert both.fact("residents")[0] == toy.fact("residents")[0]
    without = toy.facts.filter((pl.col("place") != "A11") | (pl.col("variable") != "residents"))
    assert dataclasses.replace(toy, facts=pl.concat([without, newer, older])).fact("residents")[0] == 1.0


def test_nothing_can_be_changed(toy: Region):
    arrays = toy.arrays()
    assert toy.arrays() is arrays
    for array in (arrays.residents, arrays.passages["trade", "regime"], arrays.cells["place"], toy.inside, toy.travel):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        toy.meta = None


def test_permuting_the_places_permutes_the_arrays(toy: Region, folder: Path):
    lines = (folder / "places.csv").read_text(encoding="utf-8").splitlines()
    order = np.random.default_rng(3).permutation(len(lines) - 1)
    (folder / "places.csv").write_text("\n".join([lines[0], *(lines[1 + i] for i in order)]) + "\n", encoding="utf-8")
    other, arrays = read_region(folder).arrays(), toy.arrays()
    for name in ("residents", "value_added", "land_km2", "inside", "own_consumption", "rent_work"):
        np.testing.assert_array_equal(getattr(other, name), getattr(arrays, name)[order])
    for name in ("minutes", "iceberg", "km"):
        np.testing.assert_array_equal(getattr(other, name), getattr(arrays, name)[np.ix_(order, order)])
    np.testing.assert_array_equal(other.kept_income, arrays.kept_income[:, order])
    for flow, level in arrays.passages:
        mine, theirs = arrays.cells[level], other.cells[level]
        before = arrays.passages[flow, level][..., mine[:, None], mine[None, :]]
        after = other.passages[flow, level][..., theirs[:, None], theirs[None, :]]
        np.testing.assert_array_equal(after, before[..., order[:, None], order[None, :]])


def test_without_migration_data_one_origin_inside_and_one_for_each_outside_place(folder: Path):
    (folder / "origins.csv").unlink()
    (folder / "migration_costs.csv").unlink()
    region = read_region(folder)
    assert region.origin_names == ("inside", "O1", "O2")
    assert region.default_origins
    arrays = region.arrays()
    assert arrays.origin_people.sum() == arrays.residents.sum()
    np.testing.assert_array_equal(arrays.kept_income[0], region.inside.astype(float))
    assert arrays.kept_income[1:].sum() == 2
    assert arrays.origin_cells == {}


def test_trade_costs_that_are_not_given_follow_from_distance(folder: Path, toy: Region):
    lines = (folder / "trade_costs.csv").read_text(encoding="utf-8").splitlines()
    abroad = [lines[0], *(line for line in lines[1:] if "O1" in line or "O2" in line)]
    (folder / "trade_costs.csv").write_text("\n".join(abroad) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"parameter 'trade_distance' is missing \(trade costs follow from distance\)"):
        read_region(folder)
    with (folder / "parameters.toml").open("a", encoding="utf-8") as file:
        file.write('[trade_distance]\nvalue = 0.4\nlow = 0.3\nhigh = 0.5\nsource = "test"\n')
    region = read_region(folder)
    iceberg, km = region.arrays().iceberg, region.arrays().km
    np.testing.assert_allclose(iceberg[:12, :12], km[:12, :12] ** 0.4, rtol=1e-12)
    np.testing.assert_array_equal(iceberg[12:], toy.arrays().iceberg[12:])
    np.testing.assert_allclose(iceberg_costs(region, distance_elasticity=0.8)[:12, :12], km[:12, :12] ** 0.8)


def test_distances(toy: Region):
    km = toy.arrays().km
    land = toy.arrays().land_km2
    np.testing.assert_allclose(np.diag(km), 2 / 3 * np.sqrt(land / np.pi))
    # a degree of latitude is 111.195 km on the mean sphere
    i, j = toy.index("A11"), toy.index("B21")
    expected = (121.057 - 120.124) * 111.195 * np.cos(np.radians(30.7703))
    assert km[i, j] == pytest.approx(expected, rel=1e-4)
    assert np.isnan(km[toy.index("O1"), 0])


def test_own_consumption_of_an_outside_place(folder: Path):
    text = "place,sector,share\nO2,primary,0.1\nO2,secondary,0.5\nO2,tertiary,0.4\n"
    (folder / "consumption.csv").write_text(text, encoding="utf-8")
    region = read_region(folder)
    own = region.arrays().own_consumption
    np.testing.assert_allclose(own[region.index("O2")], 0.75 * np.array([0.1, 0.5, 0.4]))
    assert np.isnan(own[: region.index("O2")]).all()


def test_a_sector_of_its_own_at_a_border_takes_the_place_of_the_common_passage(folder: Path):
    lines = (folder / "borders.csv").read_text(encoding="utf-8").splitlines()
    new = [line + ("," + ("sector" if i == 0 else "")) for i, line in enumerate(lines)]
    (folder / "borders.csv").write_text("\n".join([*new, "regime,trade,A,B,0.9,tertiary"]) + "\n", encoding="utf-8")
    region = read_region(folder)
    names = region.jurisdictions("regime")
    passage = region.arrays().passages["trade", "regime"][:, names.index("A"), names.index("B")]
    assert passage[2] == 0.9
    assert passage[0] == passage[1] != 0.9


def test_outside_rents_may_be_left_out(folder: Path, edit):
    for line in ("O1,rent_home", "O1,rent_work"):
        text = next(x for x in (folder / "facts.csv").read_text(encoding="utf-8").splitlines() if x.startswith(line))
        edit("facts.csv", text + "\n", "")
    region = read_region(folder)
    assert region.arrays().rent_home[region.index("O1")] == 1.0
    assert region.status("rent_home")[region.index("O1")] == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_tables(folder: Path, encoding: str):
    text = (folder / "places.csv").read_text(encoding="utf-8").replace("Place A11", "枫泾")
    (folder / "places.csv").write_bytes(text.encode(encoding))
    assert read_region(folder).places["name"][0] == "枫泾"


def test_parquet_reads_like_csv(folder: Path, toy: Region):
    (folder / "travel.csv").unlink()
    inside = [place for place, here in zip(toy.place_ids, toy.inside, strict=True) if here]
    rows = [(h, w, toy.travel[toy.index(h), toy.index(w)]) for h in inside for w in inside]
    pl.DataFrame(rows, schema=["home", "work", "minutes"], orient="row").write_parquet(folder / "travel.parquet")
    np.testing.assert_array_equal(read_region(folder).travel, toy.travel)


def test_notes_beside_the_data_are_left_alone(folder: Path):
    (folder / "README.md").write_text("notes", encoding="utf-8")
    (folder / "LICENSE").write_text("terms", encoding="utf-8")
    (folder / "scenarios").mkdir()
    read_region(folder)


def test_the_hash_knows_the_data_and_nothing_else(folder: Path, toy: Region, edit):
    assert read_region(folder).folder_hash == toy.folder_hash
    (folder / "README.md").write_text("notes", encoding="utf-8")
    assert read_region(folder).folder_hash == toy.folder_hash
    edit("parameters.toml", "value = 4.6", "value = 4.7")
    assert read_region(folder).folder_hash != toy.folder_hash


def test_research_and_ideas(folder: Path):
    with (folder / "facts.csv").open("a", encoding="utf-8") as file:
        for place in ("A11", "A12", "A13", "A21", "A22", "ZA", "ZB", "B11", "B12", "B21", "B22", "B23", "O1"):
            file.write(f"{place},research_spending,,2023,10,million_yuan/year,test,,observed\n")
    with (folder / "parameters.toml").open("a", encoding="utf-8") as file:
        file.write('[research_elasticity]\nvalue = 0.08\nsource = "t"\n[knowledge_decay]\nvalue = 60\nsource = "t"\n')
    with (folder / "borders.csv").open("a", encoding="utf-8") as file:
        text = (folder / "borders.csv").read_text(encoding="utf-8")
        file.writelines(line.replace(",trade,", ",ideas,") + "\n" for line in text.splitlines() if ",trade," in line)
    arrays = read_region(folder).arrays()
    assert arrays.research_spending.tolist() == [10.0] * 13 + [1.0]  # abroad, without a figure, is a unit
    assert ("ideas", "regime") in arrays.passages
