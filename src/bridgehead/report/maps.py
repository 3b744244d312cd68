"""Maps without a network: boundaries projected here to SVG paths, borders as lines, and places without boundaries as discs.

Coordinates of a path are whole steps of `STEP` metres in an equal-area projection centred on the region, so that shared
boundaries stay shared and every path is short text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from bridgehead.region.geometry import borders_between, project, shapes

__all__ = ["MapShapes", "map_shapes", "zone_sides"]

STEP = 50.0
INSET_KM = 30.0
SLIVER = 0.05


@dataclass(frozen=True)
class MapShapes:
    """Everything drawn: one path a place, lines of borders, view boxes. All in steps of 50 m, north up.

    paths: place to SVG path; prefecture_lines, province_lines, hero_line, zone_line: SVG paths ("" where there are none);
    outline: the coast and outer boundary; view and inset: x, y, width, height (inset None without a zone);
    anchors: place to a point inside it; labels: province to a point; drawn: "boundaries" or "discs".
    """

    paths: dict[str, str]
    prefecture_lines: str
    province_lines: str
    hero_line: str
    zone_line: str
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


def map_shapes(region: Any) -> MapShapes:
    """All inside places as SVG, from the region's boundaries, or discs of their land area where it has none."""
    inside = region.places.filter(~_outside(region.places))
    bounded = region.geometry is not None
    polygons = _polygons(region, inside) if bounded else _discs(inside)
    order = [place for place in inside["place"].to_list() if place in polygons]
    sides = [polygons[place] for place in zone_sides(region.places) if place in polygons]
    return MapShapes(
        paths={place: _path(polygons[place]) for place in order},
        zone_line=_line_path(shapely.union_all(shapely.make_valid(sides)).boundary) if sides else "",
        **(_lines(region, inside, polygons) if bounded else _NO_LINES),
        view=_box(list(polygons.values()), 0.03),
        inset=_inset(sides),
        anchors={place: _point(polygons[place]) for place in order},
        labels=_province_labels(inside, polygons),
        drawn="boundaries" if bounded else "discs",
    )


_NO_LINES = {"prefecture_lines": "", "province_lines": "", "hero_line": "", "outline": ""}


def _outside(places: pl.DataFrame) -> pl.Series:
    column = places["outside"]
    return column if column.dtype == pl.Boolean else column.cast(pl.String).str.to_lowercase() == "true"


def _steps(metres: np.ndarray) -> np.ndarray:
    """Points in metres (north up) as whole steps of the picture (down positive)."""
    return np.round(metres * [1.0, -1.0] / STEP)


def _polygons(region: Any, inside: pl.DataFrame) -> dict[str, BaseGeometry]:
    degrees = shapes(region)
    wanted = [place for place in inside["place"].to_list() if place in degrees]
    metres = project(region, [degrees[place] for place in wanted])
    return dict(zip(wanted, shapely.transform(metres, _steps), strict=True))


def _discs(inside: pl.DataFrame) -> dict[str, BaseGeometry]:
    lon, lat = (inside[name].cast(pl.Float64).to_numpy() for name in ("lon", "lat"))
    flat = Transformer.from_crs("EPSG:4326", f"+proj=laea +lat_0={lat.mean():.4f} +lon_0={lon.mean():.4f}", always_xy=True)
    points = _steps(np.column_stack(flat.transform(lon, lat)))
    radius = np.sqrt(inside["land_km2"].cast(pl.Float64).to_numpy() / np.pi) * 1000 / STEP
    spread = np.ptp(points, axis=0).max() or 1.0
    # Large places would hide small ones, and small ones vanish: no disc is far from a thirtieth of the map.
    radius = np.clip(radius, spread / 60, spread / 20)
    discs = shapely.buffer(shapely.points(points), radius, quad_segs=12)
    return dict(zip(inside["place"].to_list(), discs, strict=True))


def _lines(region: Any, inside: pl.DataFrame, polygons: dict[str, BaseGeometry]) -> dict[str, str]:
    levels = [level for level in ("prefecture", "province") if level in inside.columns]
    lines = {level: _border_path(region, level) for level in levels}
    return {
        "prefecture_lines": lines.get("prefecture", ""),
        "province_lines": lines.get("province", ""),
        "hero_line": _hero(region, inside),
        "outline": _line_path(shapely.unary_union([shapely.make_valid(polygon) for polygon in polygons.values()]).boundary),
    }


def _border_path(region: Any, level: str) -> str:
    found = borders_between(region, level)
    return _line_path(shapely.GeometryCollection(list(shapely.transform(project(region, found), _steps)))) if found else ""


def _hero(region: Any, inside: pl.DataFrame) -> str:
    """The border between the two provinces that hold the zone's sides: their lines that both boundaries hold."""
    sides = inside.filter(pl.col("place").is_in(zone_sides(inside)))
    pair = sorted(set(sides["province"].to_list())) if sides.height else []
    if len(pair) != 2:
        return ""
    degrees = shapes(region)
    areas = [_union(degrees, inside.filter(pl.col("province") == name)["place"].to_list()) for name in pair]
    shared = shapely.intersection(areas[0].boundary, areas[1].boundary)
    parts = [part for part in shapely.get_parts(shared) if part.geom_type == "LineString"]
    if not parts:
        return ""
    merged = list(shapely.get_parts(shapely.line_merge(shapely.MultiLineString(parts))))
    # Boundaries out at sea can touch for a few kilometres: a dot far from the border, which is no part of what is drawn boldest.
    longest = max(line.length for line in merged)
    merged = [line for line in merged if line.length > SLIVER * longest]
    return _line_path(shapely.GeometryCollection(list(shapely.transform(project(region, merged), _steps))))


def _union(degrees: dict[str, BaseGeometry], places: list[str]) -> BaseGeometry:
    return shapely.coverage_union_all([degrees[place] for place in places if place in degrees])


def _box(polygons: list[BaseGeometry], margin: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(edge) for edge in shapely.total_bounds(polygons))
    pad = margin * max(right - left, bottom - top)
    return (left - pad, top - pad, right - left + 2 * pad, bottom - top + 2 * pad)


def _inset(sides: list[BaseGeometry]) -> tuple[float, float, float, float] | None:
    if not sides:
        return None
    left, top, right, bottom = (float(edge) for edge in shapely.total_bounds(sides))
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
