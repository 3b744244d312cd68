"""What a region is, before anything is solved: places, jurisdictions, map and facts, as the page and other programs read it."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bridgehead.region.checks import inferred_places
from bridgehead.report.figures.names import Names, names_of
from bridgehead.report.figures.words import both, load_text
from bridgehead.report.maps import STEP, map_shapes, zone_sides
from bridgehead.report.web.engine.words import named, unit, word
from bridgehead.version import VERSION


def describe(id: str, region: Any) -> dict[str, Any]:
    """The region, its map, and the facts of every place with their sources."""
    names = names_of(region, [], [])
    return {"region": region_view(id, region, names), "map": map_view(region, names), "facts": facts_view(region)}


def region_view(id: str, region: Any, names: Names) -> dict[str, Any]:
    """Names, places and variables of a region."""
    meta, levels = region.meta, [level for level in region.levels if level != "place"]
    return {
        "id": id,
        **named(both(meta.name, meta.name_zh)),
        "describe": meta.describe or "",
        "year": meta.year,
        "currency": meta.currency,
        "provenance": {"data_hash": region.folder_hash, "version": VERSION},
        "places": _places(region, names, levels),
        "levels": levels,
        "level_names": {level: word("level", level) for level in levels},
        "bordered_levels": list(meta.bordered_levels),
        "jurisdictions": {level: _jurisdictions(region, names, level) for level in levels},
        "origins": _origins(region, names),
        "sectors": _sectors(region, names),
        "governments": [{"id": key, **named(name)} for key, name in names.governments.items()],
        "variables": {kind: variables(kind, meta.currency) for kind in ("level", "change")},
        "zone": _zone(region),
    }


def variables(kind: str, currency: str) -> list[dict[str, Any]]:
    """What the map can show: levels of the baseline, or changes of a scenario, with names and units."""
    rows = load_text("variables")[kind].items()
    return [
        {"id": key, **named(both(row["en"], row["zh"])), "unit": unit(row["unit"], currency), "fact": row.get("fact")} for key, row in rows
    ]


def inferred(region: Any, variable: str) -> np.ndarray:
    """Places [N] where the fact a variable rests on is inferred, 1 or 0; for value added: where any part of it is."""
    if variable == "value_added":
        return inferred_places(region).astype(int)
    return (np.asarray(region.status(variable)) == "inferred").astype(int)


def _places(region: Any, names: Names, levels: list[str]) -> list[dict[str, Any]]:
    sides, guessed = set(zone_sides(region.places)), inferred(region, "value_added")
    found = []
    for index, row in enumerate(region.places.to_dicts()):
        place = row["place"]
        found.append({
            "id": place, **named(names.place(place)), "lon": row["lon"], "lat": row["lat"], "land_km2": row["land_km2"],
            "outside": not bool(region.inside[index]), "inferred": bool(guessed[index]), "zone_side": place in sides,
            "jurisdictions": {level: str(region.column_of(level)[index]) for level in levels},
        })  # fmt: skip
    return found


def _jurisdictions(region: Any, names: Names, level: str) -> list[dict[str, Any]]:
    """Jurisdictions of a level; one that is one place, or bears a place's id, is called what the place is."""
    return [{"id": name, **named(names.places.get(name) or names.jurisdiction(name))} for name in region.jurisdictions(level)]


def _own_names(table: pl.DataFrame, key: str, names: Names) -> list[dict[str, Any]]:
    rows = []
    for row in table.to_dicts():
        own = row.get("name")
        rows.append({"id": row[key], **named(both(own, row.get("name_zh")) if own else names.jurisdiction(row[key]))})
    return rows


def _origins(region: Any, names: Names) -> list[dict[str, Any]]:
    return _own_names(region.origins, "origin", names)


def _sectors(region: Any, names: Names) -> list[dict[str, Any]]:
    return _own_names(region.sectors, "sector", names)


def _zone(region: Any) -> dict[str, Any] | None:
    sides = zone_sides(region.places)
    return {"sides": list(sides), "inferred": True} if sides else None


def map_view(region: Any, names: Names) -> dict[str, Any]:
    """The region drawn: one path a place, lines of borders by level, view boxes."""
    shapes = map_shapes(region)
    lines = {
        "prefecture": shapes.prefecture_lines, "province": shapes.province_lines, "hero": shapes.hero_line,
        "zone": shapes.zone_line, "outline": shapes.outline,
    }  # fmt: skip
    return {
        "view": shapes.view,
        "inset": shapes.inset,
        "drawn": shapes.drawn,
        "step_metres": STEP,
        "paths": [shapes.paths.get(place) for place in region.place_ids],
        "anchors": [shapes.anchors.get(place) for place in region.place_ids],
        "lines": lines,
        "labels": [{"id": key, **named(names.jurisdiction(key)), "at": at} for key, at in shapes.labels.items()],
    }


def facts_view(region: Any) -> dict[str, list[dict[str, Any]]]:
    """The facts of every place with unit, year, source and whether they were observed."""
    found: dict[str, list[dict[str, Any]]] = {place: [] for place in region.place_ids}
    columns = ["place", "variable", "sector", "year", "value", "unit", "source", "note", "status"]
    for row in region.facts.select([c for c in columns if c in region.facts.columns]).iter_rows(named=True):
        own = {key: value for key, value in row.items() if key != "place"} | {"unit": unit(row["unit"], region.meta.currency)}
        found[row["place"]].append({**own, **word("facts", row["variable"]), "note": row.get("note") or ""})
    return found
