"""Maps without a network: boundaries projected here to SVG paths, borders as lines, and places without boundaries as discs.

Coordinates of a path are whole steps of `STEP` metres in an equal-area projection centred on the region, so that shared
boundaries stay shared and every path is short text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely
from pyproj import Transformer
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

__all__ = ["MapShapes", "map_shapes", "zone_sides"]

STEP = 50.0
INSET_KM = 30.0


@dataclass(frozen=True)
class MapShapes:
    """Everything drawn: one path a place, lines of borders, view boxes. All in steps of 50 m, north up.

    paths: place to SVG path; prefecture_lines, province_lines, hero_line: SVG paths ("" where there are none);
    outline: the coast and outer boundary; view and inset: x, y, width, height (inset None without a zone); anchors: place to
    a point inside it; labels: province to a point; drawn: "boundaries" or "discs".
    """

    paths: dict[str, str]
    prefecture_lines: str
    province_lines: str
    hero_line: str
    outline: str
    view: tuple[float, float, float, float]
    inset: tuple[float, float, float, float] | None
    anchors: dict[str, tuple[float, float]]
    labels: dict[str, tuple[float, float]]
    drawn: str


def zone_sides(places: pl.DataFrame) -> tuple[str, ...]:
    """The sides of a straddling zone: inside places whose regime is only a small part of their province.

    A regime that is a whole province has most of its places; a zone side has a few. () where no such level is given.
    """
    if not {"province", "regime"} <= set(places.columns):
        return ()
    inside = places.filter(~_outside(places))
    in_province = inside.group_by("province").len().rename({"len": "all"})
    in_both = inside.group_by("province", "regime").len()
    small = in_both.join(in_province, on="province").filter(pl.col("len") * 2 < pl.col("all"))
    marked = inside.join(small.select("province", "regime"), on=["province", "regime"], how="semi")
    return tuple(marked["place"].to_list())


def map_shapes(places: pl.DataFrame, geometry: dict | None) -> MapShapes:
    """All inside places as SVG, from GeoJSON boundaries (properties.place or id), or discs of their land area."""
    inside = places.filter(~_outside(places))
    project = _projection(inside)
    polygons = _polygons(inside, geometry, project)
    drawn = "boundaries" if geometry else "discs"
    order = [place for place in inside["place"].to_list() if place in polygons]
    lines = _lines(inside, polygons, order) if geometry else _NO_LINES
    sides = [polygons[place] for place in zone_sides(places) if place in polygons]
    return MapShapes(
        paths={place: _path(polygons[place]) for place in order},
        **lines,
        view=_box(list(polygons.values()), 0.03),
        inset=_inset(sides),
        anchors={place: _point(polygons[place]) for place in order},
        labels=_province_labels(inside, polygons),
        drawn=drawn,
    )


_NO_LINES = {"prefecture_lines": "", "province_lines": "", "hero_line": "", "outline": ""}


def _outside(places: pl.DataFrame) -> pl.Series:
    column = places["outside"]
    return column if column.dtype == pl.Boolean else column.cast(pl.String).str.to_lowercase() == "true"


def _projection(inside: pl.DataFrame) -> Transformer:
    lon, lat = float(inside["lon"].mean()), float(inside["lat"].mean())
    target = f"+proj=laea +lat_0={lat:.4f} +lon_0={lon:.4f} +datum=WGS84 +units=m"
    return Transformer.from_crs("EPSG:4326", target, always_xy=True)


def _polygons(inside: pl.DataFrame, geometry: dict | None, project: Transformer) -> dict[str, BaseGeometry]:
    def flat(points: np.ndarray) -> np.ndarray:
        x, y = project.transform(points[:, 0], points[:, 1])
        return np.round(np.column_stack([x, -np.asarray(y)]) / STEP)

    if geometry is None:
        return _discs(inside, flat)
    wanted = set(inside["place"].to_list())
    found = {}
    for feature in geometry["features"]:
        properties = feature.get("properties") or {}
        place = str(properties.get("place") or properties.get("id") or feature.get("id"))
        if place in wanted:
            found[place] = shapely.transform(shape(feature["geometry"]), flat)
    return found


def _discs(inside: pl.DataFrame, flat) -> dict[str, BaseGeometry]:
    points = flat(np.column_stack([inside["lon"].to_numpy(), inside["lat"].to_numpy()]).astype(float))
    radius = np.sqrt(inside["land_km2"].to_numpy().astype(float) / np.pi) * 1000 / STEP
    spread = np.ptp(points, axis=0).max() or 1.0
    # Large places would hide small ones: no disc is wider than a tenth of the map.
    radius = np.clip(radius, spread / 60, spread / 20)
    discs = shapely.buffer(shapely.points(points), radius, quad_segs=12)
    return dict(zip(inside["place"].to_list(), shapely.set_precision(discs, 1.0), strict=True))


def _lines(inside: pl.DataFrame, polygons: dict, order: list[str]) -> dict[str, str]:
    rows = {row["place"]: row for row in inside.to_dicts()}
    province = _shared_lines(polygons, order, rows, "province")
    prefecture = _shared_lines(polygons, order, rows, "prefecture")
    hero = _hero(polygons, order, rows, zone_sides(inside))
    whole = shapely.union_all(_repaired(polygons, order))
    return {
        "prefecture_lines": _line_path(shapely.difference(prefecture, province)),
        "province_lines": _line_path(province),
        "hero_line": _line_path(hero),
        "outline": _line_path(whole.boundary),
    }


def _repaired(polygons: dict, order: list[str]) -> list[BaseGeometry]:
    # Rounding to whole steps can fold a sliver of an island; a valid copy is used for lines, never for the paths.
    return [shapely.make_valid(polygons[place]) for place in order]


def _unions(polygons: dict, order: list[str], rows: dict, level: str) -> dict[str, BaseGeometry]:
    members: dict[str, list[str]] = {}
    for place in order:
        members.setdefault(str(rows[place].get(level)), []).append(place)
    return {name: shapely.union_all(_repaired(polygons, some)) for name, some in members.items()}


def _shared_lines(polygons: dict, order: list[str], rows: dict, level: str) -> BaseGeometry:
    if level not in next(iter(rows.values())):
        return shapely.MultiLineString()
    edges = [area.boundary for area in _unions(polygons, order, rows, level).values()]
    tree = shapely.STRtree(edges)
    left, right = tree.query(edges, predicate="intersects")
    shared = [_only_lines(shapely.intersection(edges[a], edges[b])) for a, b in zip(left, right, strict=True) if a < b]
    return shapely.union_all(shared) if shared else shapely.MultiLineString()


def _hero(polygons: dict, order: list[str], rows: dict, sides: tuple[str, ...]) -> BaseGeometry:
    """The boundary between the two provinces that hold the zone's sides."""
    pair = sorted({str(rows[place]["province"]) for place in sides if place in rows})
    if len(pair) != 2:
        return shapely.MultiLineString()
    areas = _unions(polygons, order, rows, "province")
    return _only_lines(shapely.intersection(areas[pair[0]].boundary, areas[pair[1]].boundary))


def _only_lines(geometry: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"]
    return shapely.line_merge(shapely.MultiLineString(parts)) if parts else shapely.MultiLineString()


def _box(polygons: list[BaseGeometry], margin: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = shapely.total_bounds(polygons)
    pad = margin * max(right - left, bottom - top)
    return (left - pad, top - pad, right - left + 2 * pad, bottom - top + 2 * pad)


def _inset(sides: list[BaseGeometry]) -> tuple[float, float, float, float] | None:
    if not sides:
        return None
    left, top, right, bottom = shapely.total_bounds(sides)
    reach = max(INSET_KM * 1000 / STEP, 1.2 * max(right - left, bottom - top))
    x, y = (left + right) / 2, (top + bottom) / 2
    return (x - reach, y - 0.8 * reach, 2 * reach, 1.6 * reach)


def _point(polygon: BaseGeometry) -> tuple[float, float]:
    inner = shapely.point_on_surface(shapely.make_valid(polygon))
    return (round(inner.x), round(inner.y))


def _province_labels(inside: pl.DataFrame, polygons: dict) -> dict[str, tuple[float, float]]:
    if "province" not in inside.columns:
        return {}
    members: dict[str, list[BaseGeometry]] = {}
    for row in inside.select("place", "province").to_dicts():
        if row["place"] in polygons:
            members.setdefault(str(row["province"]), []).append(polygons[row["place"]])
    return {name: (round(c.x), round(c.y)) for name, c in ((n, _centre(p)) for n, p in members.items())}


def _centre(parts: list[BaseGeometry]) -> BaseGeometry:
    return shapely.centroid(shapely.GeometryCollection(parts))


def _path(polygon: BaseGeometry) -> str:
    rings = []
    for part in shapely.get_parts(polygon):
        rings += [_ring(np.asarray(ring.coords)) + "z" for ring in (part.exterior, *part.interiors)]
    return "".join(rings)


def _line_path(lines: BaseGeometry) -> str:
    parts = [part for part in shapely.get_parts(lines) if part.geom_type in ("LineString", "LinearRing")]
    return "".join(_ring(np.asarray(part.coords)) for part in parts)


def _ring(points: np.ndarray) -> str:
    """One ring as a path of relative whole steps; repeated points are dropped."""
    whole = points[:, :2].astype(int)
    moves = np.diff(whole, axis=0)
    moves = moves[(moves != 0).any(axis=1)]
    steps = "".join(f"{x}{y:+d}" if i == 0 or x < 0 else f" {x}{y:+d}" for i, (x, y) in enumerate(moves))
    return f"M{whole[0, 0]} {whole[0, 1]}l{steps}" if len(moves) else ""
