"""Boundaries: read from three formats, measured in metres, drawn, and the borders between jurisdictions."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely

from bridgehead.errors import DataError
from bridgehead.region import Region, geometry, read_region

STEP, WEST = 0.1, 120.0  # degrees: the side of the squares of the made-up map, and its western edge


@pytest.fixture
def mapped(toy: Region, collection, squares) -> Region:
    return dataclasses.replace(toy, geometry=collection(squares))


def test_boundaries_read(folder: Path, toy: Region, collection, squares):
    (folder / "geometry.geojson").write_text(json.dumps(collection(squares)), encoding="utf-8")
    region = read_region(folder)
    assert region.geometry["licence"] == "made up"
    assert list(geometry.shapes(region)) == list(toy.place_ids[:12])


def test_geopackage_in_metres_and_geoparquet_read_the_same(folder: Path, squares):
    import pyogrio
    import pyproj

    shapes = squares
    wkb = shapely.to_wkb(list(shapes.values())).tolist()
    pl.DataFrame({"place": list(shapes), "geometry": wkb}).write_parquet(folder / "geometry.parquet")
    from_parquet = geometry.shapes(read_region(folder))
    (folder / "geometry.parquet").unlink()
    turn = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32651", always_xy=True)
    metric = shapely.transform(list(shapes.values()), turn.transform, interleaved=False)
    pyogrio.raw.write(
        str(folder / "geometry.gpkg"),
        shapely.to_wkb(metric),
        [np.array(list(shapes), dtype=object)],
        ["place"],
        geometry_type="Polygon",
        crs="EPSG:32651",
        driver="GPKG",
    )
    from_gpkg = geometry.shapes(read_region(folder))
    for place, shape in shapes.items():
        assert from_parquet[place].equals(shape)
        assert from_gpkg[place].equals_exact(shape, 1e-7)


def test_faults_of_boundaries(folder: Path, faults, collection, squares):
    raw = collection(squares)
    raw["datum"] = "GCJ-02"
    raw["features"][0]["properties"] = {"id": "A11"}
    raw["features"][1]["properties"]["place"] = "A1"
    raw["features"][2]["properties"]["place"] = "A21"
    raw["features"][4]["geometry"] = {"type": "Point", "coordinates": [120, 30]}
    (folder / "geometry.geojson").write_text(json.dumps(raw), encoding="utf-8")
    assert faults() == [
        "geometry.geojson: the datum is 'GCJ-02'; expected WGS84 or CGCS2000 or EPSG:4326 or EPSG:4490. "
        "Convert GCJ-02 or BD-09 coordinates to WGS84 before they are put here",
        "geometry.geojson:feature 1: properties.place is missing; expected the id of a place",
        "geometry.geojson:feature 2: unknown place 'A1'. Did you mean 'A21'?",
        "geometry.geojson:feature 4: 'A21' has a second feature; expected one each. Join its parts in one MultiPolygon",
        "geometry.geojson:feature 5: the geometry of 'A22' is Point; expected Polygon or MultiPolygon",
    ]


def test_a_file_that_is_no_geojson(folder: Path, faults):
    (folder / "geometry.geojson").write_text("{", encoding="utf-8")
    assert faults()[0].startswith("geometry.geojson: the file is no GeoJSON")
    (folder / "geometry.geojson").write_text('{"type": "Feature"}', encoding="utf-8")
    assert faults() == ["geometry.geojson: the file holds no FeatureCollection; expected GeoJSON with features"]


def test_areas_are_those_of_the_globe(mapped: Region):
    area = geometry.polygon_km2(mapped)
    degree = np.pi / 180
    for i, shape in enumerate(geometry.shapes(mapped).values()):
        _, south, _, north = shape.bounds
        # an ellipsoid's parallel circle: within 0.5 % of the sphere of the same mean radius at these latitudes
        band = 6371.0088**2 * STEP * degree * (np.sin(north * degree) - np.sin(south * degree))
        assert area[i] == pytest.approx(band, rel=5e-3)
    assert np.isnan(area[12:]).all()


def test_the_projection_is_declared_and_of_equal_area(mapped: Region, collection):
    assert re.fullmatch(r"\+proj=aea \+lat_1=.* \+units=m \+no_defs", geometry.metric_crs(mapped))
    near = {"A11": shapely.box(10, -1, 11, 1)}
    assert geometry.metric_crs(dataclasses.replace(mapped, geometry=collection(near))).startswith("+proj=laea")


def points(path: str) -> np.ndarray:
    """The points of a path of one ring, in picture units."""
    head, steps = path.removeprefix("M").removesuffix("z").split("l")
    numbers = np.array(steps.split(), dtype=float).reshape(-1, 2)
    return np.vstack([[0, 0], np.cumsum(numbers, axis=0)]) + np.array(head.split(), dtype=float)


def test_neighbours_share_the_points_of_their_paths(mapped: Region):
    paths = geometry.svg_paths(mapped, 800)
    frame = geometry.map_frame(mapped, 800)
    assert list(paths) == list(mapped.place_ids[:12])
    corners = {place: {tuple(np.round(p, 1)) for p in points(path)} for place, path in paths.items()}
    assert len(corners["A11"] & corners["A12"]) == 2
    assert len(corners["A11"] & corners["A21"]) == 2
    assert not corners["A11"] & corners["B23"]
    every = np.vstack([points(path) for path in paths.values()])
    assert every.min() >= 0
    assert (every <= [frame.width, frame.height]).all()
    assert points(paths["A11"])[:, 1].min() > points(paths["A13"])[:, 1].min()  # north is up


def test_an_inset_fills_its_width_with_its_places(mapped: Region):
    whole, inset = geometry.map_frame(mapped, 800), geometry.map_frame(mapped, 800, places=["ZA", "ZB"])
    assert inset.scale > 1.9 * whole.scale
    assert set(geometry.svg_paths(mapped, 800, frame=inset)) == set(mapped.place_ids[:12])


def test_borders_are_the_shared_edges_of_different_jurisdictions(mapped: Region):
    lines = geometry.borders_between(mapped, "province")
    # ZA (A) tops the second column, B11 and ZB are in the third, with B12: the border is three edges down
    assert sum(line.length for line in lines) == pytest.approx(3 * STEP)
    assert all(x == pytest.approx(WEST + 2 * STEP) for line in lines for x, _ in line.coords)
    every = geometry.borders_between(mapped, "place")
    assert sum(line.length for line in every) == pytest.approx((3 * 3 + 4 * 2) * STEP)
    assert geometry.borders_between(dataclasses.replace(mapped), "country") == []
    assert geometry.svg_borders(mapped, "country", 500) == []
    assert all(path.startswith("M") for path in geometry.svg_borders(mapped, "province", 500))


def test_without_boundaries_there_is_no_map(toy: Region):
    with pytest.raises(DataError, match=r"the region 'Toy delta' has no boundaries\. Put a geometry\.geojson"):
        geometry.svg_paths(toy, 500)


def test_parts_and_holes_are_rings_of_one_path(toy: Region, collection):
    outer = shapely.box(120, 30, 121, 31)
    holed = outer.difference(shapely.box(120.4, 30.4, 120.6, 30.6))
    shape = shapely.MultiPolygon([holed, shapely.box(121.5, 30, 121.7, 30.2)])
    region = dataclasses.replace(toy, geometry=collection({"A11": shape}))
    path = geometry.svg_paths(region, 400)["A11"]
    assert path.count("M") == path.count("z") == 3
