"""Boundaries for maps and areas: shapes, a metric projection, SVG paths, and the borders between jurisdictions.

Areas and lengths are computed in metres in an equal-area projection chosen for the region's extent and declared by
`metric_crs`; never in degrees. Shared borders are the edges that two polygons have in common point by point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from bridgehead.errors import DataError
from bridgehead.region.region import Region


def shapes(region: Region) -> dict[str, shapely.Geometry]:
    """The polygon of each place that has one, in degrees (WGS84), in canonical order; DataError without boundaries."""
    if region.geometry is None:
        cure = "Put a geometry.geojson with properties.place in its folder."
        raise DataError(f"the region '{region.meta.name}' has no boundaries. {cure}")
    return region.polygons


def metric_crs(region: Region) -> str:
    """The projection of areas and maps, as a PROJ string [metres]: Albers, or Lambert azimuthal near the equator."""
    west, south, east, north = shapely.total_bounds(list(shapes(region).values()))
    lon, lat = (west + east) / 2, (south + north) / 2
    if abs(lat) < 15:
        return f"+proj=laea +lat_0={lat:.4f} +lon_0={lon:.4f} +datum=WGS84 +units=m +no_defs"
    low, high = south + (north - south) / 6, north - (north - south) / 6  # Kavraiskiy's rule of the sixths
    return f"+proj=aea +lat_1={low:.4f} +lat_2={high:.4f} +lat_0={lat:.4f} +lon_0={lon:.4f} +datum=WGS84 +units=m +no_defs"


def project(region: Region, geometries: Sequence[shapely.Geometry]) -> np.ndarray:
    """Geometries in degrees, projected to metres in `metric_crs(region)`."""
    import pyproj
    import pyproj.network

    pyproj.network.set_network_enabled(active=False)  # grids are never fetched: nothing leaves the machine
    turn = pyproj.Transformer.from_crs("EPSG:4326", metric_crs(region), always_xy=True)
    return shapely.transform(np.array(geometries, dtype=object), turn.transform, interleaved=False)


def polygon_km2(region: Region) -> np.ndarray:
    """Area of each place's polygon [N, km2], NaN where it has none."""
    polygons = shapes(region)
    area = dict(zip(polygons, shapely.area(project(region, list(polygons.values()))) / 1e6, strict=True))
    return np.array([area.get(place, np.nan) for place in region.place_ids])


@dataclass(frozen=True)
class MapFrame:
    """How metres become picture units: x right, y down, the region filling `width` with a margin of 1 % around it."""

    west: float
    north: float
    scale: float
    width: float
    height: float

    def to_picture(self, metres: np.ndarray) -> np.ndarray:
        """Points [n, 2, metres] as picture points [n, 2]."""
        return (metres - [self.west, self.north]) * [self.scale, -self.scale]


def map_frame(region: Region, width: float, *, places: Sequence[str] | None = None) -> MapFrame:
    """The frame of a map of the whole region, or of some of its places (an inset)."""
    polygons = shapes(region)
    chosen = list(polygons.values()) if places is None else [polygons[place] for place in places if place in polygons]
    west, south, east, north = shapely.total_bounds(project(region, chosen))
    margin = 0.01 * max(east - west, north - south)
    scale = width / (east - west + 2 * margin)
    return MapFrame(west - margin, north + margin, scale, width, (north - south + 2 * margin) * scale)


def svg_paths(region: Region, width: float, *, frame: MapFrame | None = None, decimals: int = 1) -> dict[str, str]:
    """The SVG path of each place's polygon in a picture `width` units wide, rings closed (fill-rule: evenodd).

    Points are rounded to `decimals` before steps are taken, so that neighbours still share their edges exactly.
    """
    frame = map_frame(region, width) if frame is None else frame
    polygons = shapes(region)
    projected = project(region, list(polygons.values()))
    paths = {}
    for place, shape in zip(polygons, projected, strict=True):
        rings = shapely.get_rings(shapely.get_parts(shape))
        paths[place] = "".join(_path(frame.to_picture(shapely.get_coordinates(r)), decimals) + "z" for r in rings)
    return paths


def borders_between(region: Region, level: str) -> list[shapely.LineString]:
    """The borders between different jurisdictions of a level, as lines in degrees; coasts and outer edges are none."""
    polygons = shapes(region)
    of = dict(zip(region.place_ids, region.cells(level), strict=True))
    segments, owner = _segments(list(polygons.values()), np.array([of[place] for place in polygons]))
    order = np.lexsort(segments.T)
    segments, owner = segments[order], owner[order]
    same = (segments[1:] == segments[:-1]).all(axis=1) & (owner[1:] != owner[:-1])
    edges = np.unique(segments[1:][same], axis=0).reshape(-1, 2, 2)
    if not len(edges):
        return []
    merged = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(edges)))
    return list(shapely.get_parts(merged))


def svg_borders(region: Region, level: str, width: float, *, frame: MapFrame | None = None, decimals: int = 1) -> list[str]:
    """`borders_between` as SVG paths on the map of `svg_paths`."""
    frame = map_frame(region, width) if frame is None else frame
    lines = borders_between(region, level)
    if not lines:
        return []
    projected = project(region, lines)
    return [_path(frame.to_picture(shapely.get_coordinates(line)), decimals) for line in projected]


def _segments(polygons: Sequence[shapely.Geometry], owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All edges of all rings as (x0, y0, x1, y1) with the smaller point first, and the owner of each."""
    parts, part_of = shapely.get_parts(polygons, return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[1:] == ring[:-1]
    start, end = points[:-1][within], points[1:][within]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    start, end = np.where(swap[:, None], end, start), np.where(swap[:, None], start, end)
    return np.hstack([start, end]), owner[part_of[ring_of[ring[:-1][within]]]]


def _path(points: np.ndarray, decimals: int) -> str:
    """Points as an SVG path of small relative steps; steps that round to nothing are left out."""
    unit = 10**decimals
    grid = np.round(points * unit).astype(np.int64)
    steps = np.diff(grid, axis=0)
    steps = steps[(steps != 0).any(axis=1)]
    x, y = grid[0]
    head = f"M{_number(x, unit)} {_number(y, unit)}"
    if not len(steps):
        return head + "h0"
    return head + "l" + " ".join(f"{_number(dx, unit)} {_number(dy, unit)}" for dx, dy in steps.tolist())


def _number(value: int, unit: int) -> str:
    return f"{value / unit:g}"
