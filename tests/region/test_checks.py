"""The audit finds what a careful reader would ask about, and coverage counts what was observed."""

from __future__ import annotations

import dataclasses
import datetime

import polars as pl
import pytest
import shapely

from bridgehead.region import AuditLine, Region, audit, coverage


def line(region: Region, name: str) -> AuditLine:
    return next(found for found in audit(region) if found.name.startswith(name))


def with_facts(region: Region, *rows: tuple[str, str, float, int]) -> Region:
    new = [{"place": p, "variable": v, "year": y, "value": x, "unit": "", "source": "t", "status": "inferred"} for p, v, x, y in rows]
    table = pl.concat([region.facts, pl.DataFrame(new, schema_overrides={"year": pl.Int64})], how="diagonal_relaxed")
    return dataclasses.replace(region, facts=table)


def test_the_toy_is_fine(toy: Region):
    lines = audit(toy)
    assert len({found.name for found in lines}) == len(lines) == 14
    assert not [found for found in lines if found.ok is False]


def test_places_add_up_to_stated_totals(toy: Region):
    total = float(toy.arrays().residents[toy.members("province", "A")].sum())
    rows = {
        "level": ["province"] * 2,
        "jurisdiction": ["A", "B"],
        "variable": ["residents"] * 2,
        "sector": [None, None],
        "year": [2023] * 2,
        "value": [total, 1e6],
        "unit": ["person"] * 2,
        "source": ["t"] * 2,
    }
    region = dataclasses.replace(toy, totals=pl.DataFrame(rows, schema_overrides={"sector": pl.String}))
    found = line(region, "places add up")
    assert found == AuditLine("places add up to stated totals", False, "residents of B is 2.95322e+06, stated 1e+06 (+195.3%)")
    good = dataclasses.replace(region, totals=region.totals.head(1))
    assert line(good, "places add up").detail == "all 1 agree within 0.5%"


def test_sectors_add_up_to_stated_gdp(toy: Region):
    gdp = float(toy.fact("value_added")[0])
    assert line(with_facts(toy, ("A11", "gdp", gdp * 1.001, 2023)), "sectors add up").ok
    found = line(with_facts(toy, ("A11", "gdp", gdp * 2, 2023)), "sectors add up")
    assert (found.ok, found.detail) == (False, "A11 (-50.0%)")


def test_one_vintage(toy: Region):
    facts = toy.facts.with_columns(
        pl.when((pl.col("place") == "A11") & (pl.col("variable") == "rent_home"))
        .then(pl.lit(2021, dtype=pl.Int64))
        .otherwise(pl.col("year"))
        .alias("year")
    )
    found = line(dataclasses.replace(toy, facts=facts), "one year")
    assert (found.ok, found.detail) == (False, "rent_home: 2021 (1 rows), 2023 (11 rows)")


def test_a_copied_place(toy: Region):
    copies = toy.facts.filter(pl.col("place") == "A11").with_columns(pl.lit("A12").alias("place"))
    region = dataclasses.replace(toy, facts=pl.concat([toy.facts.filter(pl.col("place") != "A12"), copies]))
    found = line(region, "no place counted twice")
    assert (found.ok, found.detail) == (False, "the same residents and value added as another place: A11")


def test_a_head_a_worker_and_jobs(toy: Region):
    rich = toy.facts.with_columns(
        pl.when((pl.col("place") == "ZB") & (pl.col("variable") == "value_added"))
        .then(pl.col("value") * 20)
        .otherwise(pl.col("value"))
        .alias("value")
    )
    found = line(dataclasses.replace(toy, facts=rich), "value added a resident worker")
    assert (found.ok, found.detail) == (False, "ZB 2.653")
    found = line(with_facts(toy, ("ZA", "population", 1e3, 2023)), "employed residents below")
    assert (found.ok, found.detail) == (False, "ZA")
    found = line(with_facts(toy, ("ZA", "jobs", 46775 * 11.0, 2023), ("ZB", "jobs", 5e4, 2023)), "jobs per resident")
    assert (found.ok, found.detail) == (False, "ZA 11")


def test_land_boundaries_and_points(toy: Region, collection, squares):
    shapes = squares  # about 106 km2 each: less than the land of most, and their points lie elsewhere
    region = dataclasses.replace(toy, geometry=collection(shapes))
    assert line(region, "land no larger").ok is False
    assert "A12 (420 of 10" in line(region, "land no larger").detail
    assert line(region, "boundaries").ok
    assert line(region, "points inside").ok is False
    shapes["ZB"] = shapely.union(shapes["ZB"], shapes["ZA"])
    found = line(dataclasses.replace(toy, geometry=collection(shapes)), "boundaries")
    assert (found.ok, found.detail) == (False, "some edges overlap or do not match")
    del shapes["ZB"]
    found = line(dataclasses.replace(toy, geometry=collection(shapes)), "boundaries")
    assert (found.ok, found.detail) == (False, "no polygon: ZB")


def test_two_places_at_one_point(toy: Region):
    places = toy.places.with_columns(
        pl.when(pl.col("place") == "ZB").then(120.591).otherwise(pl.col("lon")).alias("lon"),
        pl.when(pl.col("place") == "ZB").then(30.7703).otherwise(pl.col("lat")).alias("lat"),
    )
    found = line(dataclasses.replace(toy, places=places), "points inside")
    assert (found.ok, found.detail) == (False, "the same point: ZA and ZB")


def test_links_over_water_and_links_finer_than_their_nodes(toy: Region):
    rows = [("ZA", "ZB", "road", 3.0), ("A11", "A21", "road", 30.0), ("A11", "B11", "ferry", 60.0)]
    links = pl.DataFrame(
        [(*row, datetime.date(2000, 1, 1)) for row in rows],
        schema={"from": pl.String, "to": pl.String, "mode": pl.String, "minutes": pl.Float64, "opened": pl.Date},
        orient="row",
    )
    water = {"a": ["A21", "B11", "ZA"], "b": ["A11", "A11", "ZB"], "shared_km": [1.0] * 3}
    water |= {"across_water": ["lake", "lake", "river"], "fixed_crossing": [False, None, True]}
    places = toy.places.with_columns(pl.when(pl.col("place") == "ZB").then(120.60).otherwise(pl.col("lon")).alias("lon"))
    region = dataclasses.replace(toy, links=links, adjacency=pl.DataFrame(water), places=places)
    found = line(region, "no link over water")
    assert (found.ok, found.detail) == (False, "A11–A21 (road)")
    found = line(region, "links longer")
    assert (found.ok, found.detail) == (False, "1 of 3 are finer than their nodes: ZA–ZB (road)")


def test_moments_of_several_years(toy: Region):
    moments = pl.DataFrame({"name": ["a", "b"], "use": ["fit", "fit"], "year": [2021, 2023]})
    found = line(dataclasses.replace(toy, moments=moments), "fitted moments")
    assert (found.ok, found.detail) == (False, "2 moments of 2021, 2023")


def test_coverage(toy: Region):
    facts = toy.facts.with_columns(
        pl.when((pl.col("place") == "A11") & (pl.col("variable").is_in(["residents", "rent_home"])))
        .then(pl.lit("inferred"))
        .otherwise(pl.col("status"))
        .alias("status")
    )
    table = coverage(dataclasses.replace(toy, facts=facts))
    assert table.columns == ["total", "observed", "inferred"]
    shares = dict(zip(table["total"], table["inferred"], strict=True))
    residents, inside = toy.arrays().residents, toy.inside
    assert shares["residents"] == pytest.approx(residents[0] / residents[inside].sum())
    assert shares["residents, province A"] == pytest.approx(residents[0] / residents[:6].sum())
    assert shares["residents, province B"] == 0
    assert shares["rent_home"] == pytest.approx(shares["residents"])
    assert shares["value_added, tertiary"] == 0
    assert ((table["observed"] + table["inferred"] - 1).abs() < 1e-12).all()
