"""Boundaries of places: GeoJSON, GeoPackage or GeoParquet, read as one GeoJSON FeatureCollection in degrees (WGS84)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bridgehead.errors import Faults, did_you_mean
from bridgehead.region.draft import shown
from bridgehead.region.schemas import GEOMETRY_FILES

DATUMS = ("WGS84", "CGCS2000", "EPSG:4326", "EPSG:4490")  # the same within a metre
POLYGONS = ("Polygon", "MultiPolygon")


def read_geometry(folder: Path, place_ids: tuple[str, ...], faults: Faults) -> dict[str, Any] | None:
    """The boundaries, with `properties.place` in every feature; None where the folder has none."""
    paths = [folder / name for name in GEOMETRY_FILES if (folder / name).is_file()]
    if not paths:
        return None
    if len(paths) > 1:
        names = ", ".join(path.name for path in paths)
        faults.add("boundaries are given more than once", place=names, cure="keep one of the files")
    readers = {".geojson": _read_geojson, ".gpkg": _read_gpkg, ".parquet": _read_parquet}
    collection = readers[paths[0].suffix](paths[0], faults)
    if collection is not None:
        _check(collection, paths[0].name, place_ids, faults)
    return collection


def polygons_of(collection: dict[str, Any], place_ids: tuple[str, ...]) -> dict[str, Any]:
    """The shapely polygon of each place that has one, in the order of `place_ids`."""
    import shapely

    features = collection["features"]
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    by_place = {feature["properties"]["place"]: shape for feature, shape in zip(features, shapes, strict=True)}
    return {place: by_place[place] for place in place_ids if place in by_place}


def _read_geojson(path: Path, faults: Faults) -> dict[str, Any] | None:
    try:
        raw = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        faults.add(f"the file is no GeoJSON: {error}", place=path.name, expected="a FeatureCollection in UTF-8")
        return None
    if not isinstance(raw, dict) or raw.get("type") != "FeatureCollection" or "features" not in raw:
        faults.add("the file holds no FeatureCollection", place=path.name, expected="GeoJSON with features")
        return None
    return raw


def _read_gpkg(path: Path, faults: Faults) -> dict[str, Any] | None:
    import pyogrio
    import shapely

    meta, _, shapes, columns = pyogrio.raw.read(str(path))
    names = list(meta["fields"])
    if "place" not in names:
        faults.add("column 'place' is missing", place=path.name, expected="columns place and geometry")
        return None
    return _collection(columns[names.index("place")], shapely.from_wkb(shapes), meta.get("crs"))


def _read_parquet(path: Path, faults: Faults) -> dict[str, Any] | None:
    import polars as pl
    import shapely

    frame = pl.read_parquet(path)
    if not {"place", "geometry"} <= set(frame.columns):
        faults.add("columns place and geometry are missing", place=path.name, expected="GeoParquet with WKB")
        return None
    return _collection(frame["place"].to_list(), shapely.from_wkb(frame["geometry"].to_list()), None)


def _collection(places: Any, shapes: Any, crs: str | None) -> dict[str, Any]:
    """Shapes as GeoJSON; from another system of coordinates they are turned into degrees first."""
    import pyproj
    import shapely

    if crs is not None and not pyproj.CRS(crs).is_geographic:
        turn = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        shapes = shapely.transform(shapes, turn.transform, interleaved=False)
    features = [
        {"type": "Feature", "properties": {"place": str(place)}, "geometry": json.loads(shapely.to_geojson(shape))}
        for place, shape in zip(places, shapes, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _check(collection: dict[str, Any], file: str, place_ids: tuple[str, ...], faults: Faults) -> None:
    datum = collection.get("datum", "WGS84")
    if datum not in DATUMS:
        cure = "convert GCJ-02 or BD-09 coordinates to WGS84 before they are put here"
        faults.add(f"the datum is '{datum}'", place=file, expected=" or ".join(DATUMS), cure=cure)
    seen: list[str] = []
    for number, feature in enumerate(collection["features"], 1):
        at = f"{file}:feature {number}"
        place = (feature.get("properties") or {}).get("place")
        kind = (feature.get("geometry") or {}).get("type")
        if place is None:
            faults.add("properties.place is missing", place=at, expected="the id of a place")
        elif place not in place_ids:
            faults.add(f"unknown place '{place}'", place=at, cure=did_you_mean(place, place_ids))
        elif place in seen:
            faults.add(
                f"'{place}' has a second feature",
                place=at,
                expected="one each",
                cure="join its parts in one MultiPolygon",
            )
        seen.append(place)
        if kind not in POLYGONS:
            faults.add(f"the geometry of '{place}' is {kind}", place=at, expected="Polygon or MultiPolygon")
    if not collection["features"]:
        faults.add("there are no features", place=file, expected=f"polygons of {shown(place_ids)}")
