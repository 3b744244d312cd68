"""Tables of flows as people have them: long or square, their own column names, and every fault in one message."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bridgehead.calibrate.estimation.pairs import Source, read_source
from bridgehead.calibrate.estimation.tables import PairTable
from bridgehead.errors import DataError

PLACES = ("01", "02", "03", "04")
FLOW = np.array([[9, 4, 0, 2], [3, 8, 1, 5], [6, 2, 7, 0], [1, 0, 3, 9]], dtype=float)
KM = np.array([[1, 10, 20, 30], [10, 1, 12, 25], [20, 12, 1, 14], [30, 25, 14, 1]], dtype=float)


def long(values: np.ndarray, names: tuple[str, str, str]) -> pl.DataFrame:
    i, j = np.indices(values.shape)
    return pl.DataFrame({names[0]: np.array(PLACES)[i.ravel()], names[1]: np.array(PLACES)[j.ravel()], names[2]: values.ravel()})


def square(values: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame({"id": list(PLACES), **{name: values[:, k] for k, name in enumerate(PLACES)}})


@pytest.fixture
def folder(tmp_path) -> Path:
    """Flows, distances and places as files."""
    long(FLOW, ("home", "work", "people")).write_csv(tmp_path / "flows.csv")
    long(KM, ("home", "work", "km")).write_csv(tmp_path / "km.csv")
    (tmp_path / "places.csv").write_text("place,name,side\n01,a,W\n02,b,W\n03,c,E\n04,d,E\n")
    return tmp_path


def source(
    folder: Path, flows: str = "flows.csv", *, flow: str = "commuting", rows: str | None = None, columns=None, sector=None, **more
) -> Source:
    cost = PairTable(folder / more.pop("cost", "km.csv"), "commuting", more.pop("measure", "km"), rows=more.pop("cost_rows", rows))
    table = PairTable(folder / flows, flow, columns=columns or {}, rows=rows, sector=sector)
    return Source(table, cost, folder / "places.csv", **more)


def refusal(wanted: Source) -> str:
    with pytest.raises(DataError) as refused:
        read_source(wanted)
    return str(refused.value)


def test_a_long_table_and_its_sides(folder):
    pairs = read_source(source(folder))
    assert pairs.places == PLACES
    np.testing.assert_array_equal(pairs.value, FLOW)
    np.testing.assert_array_equal(pairs.cost, KM)
    assert list(pairs.sides) == ["side"]  # `name` is no level
    np.testing.assert_array_equal(pairs.crosses["side"][0], [False, False, True, True])


def test_parquet_and_other_column_names_and_an_order_of_its_own(folder):
    mixed = long(FLOW, ("from_home", "to_work", "n")).sample(fraction=1.0, shuffle=True, seed=3)
    mixed.with_columns(pl.lit(2020).alias("year")).write_parquet(folder / "flows.parquet")
    pairs = read_source(source(folder, "flows.parquet", columns={"home": "from_home", "work": "to_work", "value": "n"}))
    np.testing.assert_array_equal(pairs.value, FLOW)
    assert pairs.notes == ({"key": "unread", "names": "year"},)
    assert pairs.data_hash == read_source(source(folder)).data_hash


def test_plain_words_mean_what_they_mean_for_each_flow(folder):
    long(FLOW, ("origin", "destination", "value")).write_csv(folder / "od.csv")
    np.testing.assert_array_equal(read_source(source(folder, "od.csv")).value, FLOW)  # commuters start at home
    goods = read_source(source(folder, "od.csv", flow="trade"))
    np.testing.assert_array_equal(goods.value, FLOW.T)  # goods start at the seller; the buyer comes first


def test_a_square_says_which_side_its_rows_are(folder):
    square(FLOW.T).write_csv(folder / "square.csv")
    pairs = read_source(source(folder, "square.csv", rows="work"))
    np.testing.assert_array_equal(pairs.value, FLOW)
    np.testing.assert_array_equal(read_source(source(folder, "square.csv", rows="home")).value, FLOW.T)
    assert "does not say whether its rows are home or work. Write --rows home or --rows work" in refusal(source(folder, "square.csv"))


def test_a_symmetric_square_of_distances_needs_no_side(folder):
    square(KM).write_csv(folder / "square.csv")
    np.testing.assert_array_equal(read_source(source(folder, cost="square.csv")).cost, KM)
    lopsided = KM + np.triu(np.ones((4, 4)), 1)
    square(lopsided).write_csv(folder / "square.csv")
    assert "square.csv: the square does not say" in refusal(source(folder, cost="square.csv"))


def test_pairs_without_a_row_are_never_zero_by_guess(folder):
    sparse = long(FLOW, ("home", "work", "people")).filter(pl.col("people") > 0)
    sparse.write_csv(folder / "flows.csv")
    said = refusal(source(folder))
    assert "3 of 16 pairs have no row, first 01–03" in said
    assert "--absent zero (nobody goes), or --absent missing" in said
    np.testing.assert_array_equal(read_source(source(folder, absent="zero")).value, FLOW)
    missing = read_source(source(folder, absent="missing"))
    assert np.isnan(missing.value).sum() == 3
    assert missing.notes == ({"key": "absent_missing", "count": 3, "total": 16},)


def test_scale_and_what_stands_for_no_way(folder):
    none = np.where(KM > 28, 1e6, 1000 * KM)
    square(none).write_csv(folder / "m.csv")
    unreachable = FLOW * (KM <= 28)
    long(unreachable, ("home", "work", "people")).write_csv(folder / "flows.csv")
    pairs = read_source(source(folder, cost="m.csv", scale=1e-3, none_above=1e6))
    np.testing.assert_allclose(pairs.cost, np.where(KM > 28, np.nan, KM))
    long(FLOW, ("home", "work", "people")).write_csv(folder / "flows.csv")
    assert "a flow but no distance or time between 01–04, 04–01" in refusal(source(folder, cost="m.csv", none_above=1e6))


def test_sectors_are_named_or_added_up_by_request(folder):
    half = [long(0.5 * FLOW, ("buyer", "seller", "value")).with_columns(pl.lit(s).alias("sector")) for s in ("goods", "services")]
    pl.concat(half).write_csv(folder / "trade.csv")
    assert "the flows have sectors and none is named; expected --sector, one of goods, services" in refusal(
        source(folder, "trade.csv", flow="trade")
    )
    np.testing.assert_array_equal(read_source(source(folder, "trade.csv", flow="trade", sector="goods")).value, 0.5 * FLOW)
    np.testing.assert_array_equal(read_source(source(folder, "trade.csv", flow="trade", sector="all")).value, FLOW)
    assert "unknown sector 'good'" in refusal(source(folder, "trade.csv", flow="trade", sector="good"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("01,02,4.0", "01,02,-4.0", ["flows.csv:3", "value is -4.0", "at least 0"]),
        ("01,02,4.0", "01,02,many", ["flows.csv:3", "value is 'many'"]),
        ("01,02,4.0", "01,02,", ["flows.csv:3", "value is empty"]),
        ("01,02,4.0", "01,01,4.0", ["is given 2 times with different values"]),
        ("01,02,4.0", "1,02,4.0", ["unknown place '1'", "Did you mean"]),
        ("home,work,people", "home,work,poeple", ["no column for 'value'", "Name yours: --columns value=…"]),
    ],
)
def test_faults_of_the_flows(folder, old, new, said):
    text = (folder / "flows.csv").read_text()
    assert old in text, "the test spoils nothing"
    (folder / "flows.csv").write_text(text.replace(old, new, 1))
    found = refusal(source(folder))
    assert all(word in found for word in said), found


def test_every_fault_comes_in_one_message(folder):
    (folder / "flows.csv").write_text((folder / "flows.csv").read_text().replace("01,02,4.0", "01,02,-4.0"))
    (folder / "km.csv").write_text((folder / "km.csv").read_text().replace("01,02,10.0", "01,02,far"))
    (folder / "places.csv").write_text("place,side\n01,W\n01,E\n03,E\n")
    found = refusal(source(folder))
    assert all(word in found for word in ("flows.csv:3", "km.csv:3", "place '01' is there more than once")), found


def test_levels_that_cannot_be_used(folder):
    assert "unknown level 'sied'. Did you mean 'side'?" in refusal(source(folder, levels=("sied",)))
    (folder / "places.csv").write_text("place,side\n01,W\n02,W\n03,\n04,E\n")
    assert "level 'side' is empty for 03" in refusal(source(folder))
    (folder / "places.csv").write_text("place,side\n01,W\n02,W\n03,W\n04,W\n")
    assert "level 'side' has one jurisdiction only" in refusal(source(folder))


def test_a_region_gives_places_times_and_levels(tmp_path, toy_region):
    inside = [place for place, here in zip(toy_region.place_ids, toy_region.inside, strict=True) if here]
    rows = [(a, b, 1.0 + (i + j) % 4) for i, a in enumerate(inside) for j, b in enumerate(inside)]
    pl.DataFrame(rows, schema=["home", "work", "people"], orient="row").write_csv(tmp_path / "flows.csv")
    pairs = read_source(Source(PairTable(tmp_path / "flows.csv", "commuting"), region=toy_region))
    assert pairs.measure == "minutes"
    assert list(pairs.sides) == ["prefecture", "regime"]
    np.testing.assert_array_equal(pairs.cost, toy_region.arrays().minutes[:12, :12])
    # Between a zone side and its host borders.csv has no border (passage 1): the pair crosses none.
    host, side, other = (pairs.places.index(place) for place in ("A21", "ZA", "B21"))
    assert not pairs.crosses["regime"][host, side]
    assert pairs.crosses["regime"][host, other]
    without = Source(PairTable(tmp_path / "flows.csv", "commuting"))
    assert "nothing says how far the places are from each other" in refusal(without)
