"""Travel times over links, against graphs small enough to reckon by hand."""

from __future__ import annotations

import datetime
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bridgehead.region import Region, read_region, travel_times, with_link
from bridgehead.region.travel import LOCAL_KMH, both_ways, islands, own_minutes

PLACES = ("p", "q", "r", "s")
LAND = np.array([np.pi * 9.0] * 4)  # own distance 2 km: 4.8 min at 25 km/h
MODES = {"road": 0.0, "rail": 20.0, "door": 5.0}
SCHEMA = {"from": pl.String, "to": pl.String, "mode": pl.String, "minutes": pl.Float64, "opened": pl.Date}


def links(*rows: tuple[str, str, str, float] | tuple[str, str, str, float, datetime.date]) -> pl.DataFrame:
    return pl.DataFrame([(*row, None)[:5] for row in rows], schema=SCHEMA, orient="row")


LINE = links(("p", "q", "road", 30.0), ("q", "r", "road", 40.0), ("r", "s", "road", 50.0))


def minutes(table: pl.DataFrame, modes=MODES, date=None) -> np.ndarray:
    return travel_times(table, modes, PLACES, LAND, date=date)


def test_a_line_of_roads():
    expected = np.array([[0, 30, 70, 120], [30, 0, 40, 90], [70, 40, 0, 50], [120, 90, 50, 0]]) + 10.0
    np.fill_diagonal(expected, 4.8 + 10.0)
    np.testing.assert_allclose(minutes(LINE), expected)


def test_an_entry_time_is_paid_on_entering_and_on_leaving_and_not_on_the_way():
    rail = links(("p", "q", "rail", 8.0), ("q", "r", "rail", 9.0))
    found = minutes(pl.concat([LINE, rail]))
    assert found[0, 1] == 10 + 30  # the road: by rail 20 + 8 + 20
    assert found[0, 2] == 10 + 20 + 8 + 9 + 20  # one ride through q
    assert found[0, 3] == 10 + 57 + 50  # then the road


def test_without_doors_a_trip_costs_its_way():
    assert minutes(LINE, {"road": 0.0})[0, 1] == 30
    assert minutes(LINE, {"road": 0.0})[0, 0] == pytest.approx(4.8)


def test_own_minutes():
    np.testing.assert_allclose(own_minutes(LAND, door=5.0), 2 / 3 * 3.0 / LOCAL_KMH * 60 + 10)


def test_a_link_is_good_both_ways_unless_the_way_back_is_listed():
    one_way = links(("p", "q", "road", 30.0), ("q", "p", "road", 12.0), ("q", "r", "road", 1.0), ("r", "s", "road", 1.0))
    found = minutes(one_way)
    assert found[0, 1] == 40
    assert found[1, 0] == 22
    assert found[1, 2] == found[2, 1] == 11
    assert both_ways(one_way).height == 6


def test_of_parallel_links_the_quickest_counts():
    assert minutes(pl.concat([LINE, links(("p", "q", "road", 25.0), ("q", "p", "rail", 3.0))]))[0, 1] == 35


def test_links_count_from_their_opening_date_on():
    table = pl.concat([LINE, links(("p", "s", "road", 5.0, datetime.date(2021, 7, 1)))])
    assert minutes(table, date=datetime.date(2021, 7, 1))[0, 3] == 130
    assert minutes(table, date=datetime.date(2021, 7, 2))[0, 3] == 15
    assert minutes(table)[0, 3] == 15


def test_a_new_link_goes_both_ways_and_leaves_the_others():
    directed = pl.concat([LINE, links(("q", "p", "road", 33.0))])
    found = minutes(with_link(directed, "s", "p", mode="rail", minutes=10.0))
    before = minutes(directed)
    assert found[0, 3] == found[3, 0] == 10 + 20 + 10 + 20
    assert found[0, 1] == before[0, 1] == 40
    assert found[1, 0] == before[1, 0] == 43
    assert (found <= before).all()


def test_a_faster_link_beside_a_two_way_one_is_faster_both_ways():
    found = minutes(with_link(LINE, "q", "p", mode="road", minutes=3.0))
    assert found[0, 1] == found[1, 0] == 13


def test_places_no_link_joins_are_infinitely_far():
    found = minutes(links(("p", "q", "road", 1.0), ("r", "s", "road", 1.0)))
    assert np.isinf(found[0, 2])
    assert [group.tolist() for group in islands(found)] == [[0, 1], [2, 3]]


def test_a_region_reads_its_links(folder: Path, toy: Region):
    inside = toy.place_ids[:12]
    rows = [f"{a},{b},road,10,1999-01-01," for a, b in pairwise(inside)]
    rows += ["A11,B23,rail,7,2023-07-01,planned", "A11,B22,rail,8,2023-06-30,"]
    (folder / "travel.csv").unlink()
    (folder / "links.csv").write_text("from,to,mode,minutes,opened,note\n" + "\n".join(rows) + "\n", encoding="utf-8")
    with (folder / "region.toml").open("a", encoding="utf-8") as file:
        file.write("[modes]\nroad = 0\nrail = 2\ndoor = 5\n")
    region = read_region(folder)
    found = region.arrays().minutes
    assert found[0, 1] == 20
    assert found[0, region.index("B22")] == 10 + 2 + 8 + 2
    assert found[0, region.index("B23")] == 22 + 10  # by B22: the other rail line opens in the second half of the year
    assert np.isnan(found[12:]).all()
    again = travel_times(region.links, region.meta.modes, inside, region.arrays().land_km2[:12], date=None)
    assert again[0, region.index("B23")] == 10 + 2 + 7 + 2


def test_three_hundred_places_take_less_than_a_second_and_a_half():
    rng = np.random.default_rng(7)
    n = 307
    ids = [f"p{i}" for i in range(n)]
    pairs = [(ids[i], ids[i + 1], "road", 10.0) for i in range(n - 1)]
    for mode in ("road", "expressway", "rail", "metro"):
        ends = np.sort(rng.integers(0, n, size=(450, 2)), axis=1)  # one direction each, so that they are good both ways
        pairs += [(ids[a], ids[b], mode, float(t)) for (a, b), t in zip(ends, rng.uniform(5, 60, 450), strict=True) if a != b]
    modes = {"road": 0, "expressway": 6, "rail": 24, "metro": 9, "door": 5}
    start = time.perf_counter()
    found = travel_times(links(*pairs), modes, ids, np.full(n, 500.0), date=datetime.date(2021, 7, 1))
    assert time.perf_counter() - start < 1.5
    np.testing.assert_allclose(found, found.T)
    assert np.isfinite(found).all()
