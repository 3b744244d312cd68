"""places.csv: the 335 places with seats, land and jurisdictions."""

from __future__ import annotations

from tools.yangtze.assumptions import ABROAD_LAND_KM2
from tools.yangtze.labels import ABROAD_PLACE, POOL, is_inside, jurisdictions
from tools.yangtze.polygons import area_km2, unit_polygon
from tools.yangtze.sources import Row, Sources

LEVELS = ("province", "prefecture", "county", "regime")
COLUMNS = ("place", "name", "name_zh", "lon", "lat", "land_km2", *LEVELS, "country", "outside", "rent_pool", "note")


def place_rows(sources: Sources) -> list[dict]:
    """Rows of places.csv in canonical order: the four provinces, the other provinces, the rest of the world."""
    return [_place(row) for row in sources.places]


def _place(row: Row) -> dict:
    names = jurisdictions(row)
    inside, abroad = is_inside(row), row["id"] == ABROAD_PLACE
    land, note = _land(row)
    return {
        "place": row["id"],
        "name": row["name_en"],
        "name_zh": row["name_zh"],
        "lon": "" if abroad else row["lon"],  # abroad has no distance
        "lat": "" if abroad else row["lat"],
        "land_km2": land,
        **names,
        "outside": "false" if inside else "true",
        "rent_pool": POOL if inside else names["province"],
        "note": note if abroad else f"{note}; {row['lonlat_source']}",
    }


def _land(row: Row) -> tuple[float, str]:
    """Land area in km2 and its rule."""
    if row["id"] == ABROAD_PLACE:
        return ABROAD_LAND_KM2, "land: assumption, the world's less China's"
    if not is_inside(row):
        return round(area_km2(unit_polygon(row["adcode"])), 0), "land: polygon"
    land, polygon = float(row["land_km2"]), float(row["area_polygon_km2"])
    if land > polygon:  # official areas exceed the polygon by up to 2 %
        return polygon, f"land: polygon ({row['land_rule']} {land:g} is larger)"
    return land, f"land: {row['land_rule']}"
