"""Lines of the audit about land, boundaries and links."""

from __future__ import annotations

import numpy as np
import polars as pl
import shapely

from bridgehead.region import geometry
from bridgehead.region.distance import own_km
from bridgehead.region.draft import shown
from bridgehead.region.region import Region

LAND_TOLERANCE = 0.01  # simplified boundaries lose or gain this much
FERRIES = ("ferry", "boat", "ship", "air")  # modes that need no fixed crossing

Answer = tuple[str, bool | None, str]


def audit_land(region: Region) -> Answer:
    """No place has more land than its polygon."""
    name = "land no larger than the boundary's area"
    if region.geometry is None:
        return name, None, "no boundaries"
    polygon, land = geometry.polygon_km2(region), region.arrays().land_km2
    off = np.isfinite(polygon) & (land > polygon * (1 + LAND_TOLERANCE))
    names = [f"{region.place_ids[i]} ({land[i]:,.0f} of {polygon[i]:,.0f} km2)" for i in np.flatnonzero(off)]
    return name, not names, shown(names) or f"{np.isfinite(polygon).sum()} places, {np.nansum(polygon):,.0f} km2"


def audit_boundaries(region: Region) -> Answer:
    """Every inside place has a polygon, and polygons neither overlap nor leave gaps along shared edges."""
    name = "boundaries of all inside places, without overlaps"
    if region.geometry is None:
        return name, None, "no boundaries"
    polygons = geometry.shapes(region)
    missing = [place for place, here in zip(region.place_ids, region.inside, strict=True) if here and place not in polygons]
    if missing:
        return name, False, f"no polygon: {shown(missing)}"
    broken = [place for place, shape in polygons.items() if not shape.is_valid]
    if broken:
        return name, False, f"not valid: {shown(broken)}"
    whole = bool(shapely.coverage_is_valid(list(polygons.values())))
    return name, whole, f"{len(polygons)} polygons" if whole else "some edges overlap or do not match"


def audit_points(region: Region) -> Answer:
    """Every point lies in its place's polygon, and no two places share one."""
    name = "points inside their places"
    lon, lat = (region.places[column].to_numpy() for column in ("lon", "lat"))
    known = np.isfinite(lon.astype(float)) & np.isfinite(lat.astype(float))
    points = region.places.filter(pl.Series(known)).group_by("lon", "lat", maintain_order=True).agg("place")
    same = [" and ".join(names) for names in points["place"] if len(names) > 1]
    if same:
        return name, False, f"the same point: {shown(same)}"
    if region.geometry is None:
        return name, None, "no boundaries"
    polygons = geometry.shapes(region)
    out = [
        place
        for place, x, y, there in zip(region.place_ids, lon, lat, known, strict=True)
        if there and place in polygons and not shapely.contains_xy(polygons[place], x, y)
    ]
    return name, not out, shown(out) or "all of them"


def audit_water(region: Region) -> Answer:
    """No link joins neighbours across water without a fixed crossing."""
    name = "no link over water without a crossing"
    if region.links is None or region.adjacency is None:
        return name, None, "no links.csv or no adjacency.csv"
    rows = region.adjacency.filter(pl.col("across_water").is_not_null() & ~pl.col("fixed_crossing").fill_null(value=False))
    water = {frozenset(pair) for pair in rows.select("a", "b").iter_rows()}
    off = [
        f"{a}–{b} ({mode})"
        for a, b, mode in region.links.select("from", "to", "mode").iter_rows()
        if frozenset((a, b)) in water and mode not in FERRIES
    ]
    return name, not off, shown(off) or f"{len(water)} boundaries over water carry none"


def audit_links(region: Region) -> Answer:
    """A link shorter than the places it joins is finer than the network can show: its effect will be understated."""
    name = "links longer than the places they join"
    if region.links is None:
        return name, None, "no links.csv"
    arrays = region.arrays()
    own, at = own_km(arrays.land_km2), {place: i for i, place in enumerate(region.place_ids)}
    fine = []
    for a, b, mode in region.links.select("from", "to", "mode").iter_rows():
        i, j = at[a], at[b]
        if arrays.km[i, j] < max(own[i], own[j]):
            fine.append(f"{a}–{b} ({mode})")
    detail = f"{len(fine)} of {region.links.height} are finer than their nodes: {shown(fine)}"
    return name, not fine, detail if fine else f"all {region.links.height}"
