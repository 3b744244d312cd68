"""The names a reader sees: of needs, measures, scenarios, places, jurisdictions and origins, in both languages.

They come from the region and its needs, strategies and zones; an id without a name is shown as itself, in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bridgehead.report.figures.words import Both, both, load_text

__all__ = ["Names", "names_of", "spoken"]


@dataclass(frozen=True)
class Names:
    """Names by id; each method falls back to the id in words. `needs`, `scenarios`, `zones` keep the raw TOML tables."""

    governments: dict[str, Both]
    needs: dict[str, dict]
    measures: dict[tuple[str, str], dict]
    scenarios: dict[str, dict]
    joint: str | None
    places: dict[str, Both]

    def government(self, key: str) -> Both:
        """The name of a government."""
        known = load_text("names")["government"].get(key)
        return self.governments.get(key) or (both(known["en"], known["zh"]) if known else self.jurisdiction(key))

    def need(self, key: str) -> Both:
        """The name of a need."""
        return _named(self.needs.get(key), key)

    def measure(self, need: str, line: str, fallback: str = "") -> Both:
        """The name of a need's measure (line "1", "2", "1.1" …)."""
        return _named(self.measures.get((need, line)), fallback or line)

    def scenario(self, key: str) -> Both:
        """The name of a strategy, a zone or the zones together."""
        known = load_text("names")["scenario"].get(key)
        return _named(self.scenarios.get(key) or known, key)

    def short(self, key: str) -> Both:
        """A scenario's name short enough for a column's head."""
        known = load_text("names")["short"].get(key)
        return both(known["en"], known["zh"]) if known else self.scenario(key)

    def place(self, key: str) -> Both:
        """The name of a place."""
        return self.places.get(key) or both(key)

    def jurisdiction(self, key: str) -> Both:
        """The name of a province, country or origin by its id."""
        known = load_text("names")["jurisdiction"].get(key.lower().replace(" ", "_"))
        return both(known["en"], known["zh"]) if known else both(spoken(key))

    def is_zone(self, scenario: str) -> bool:
        """Whether a scenario is a zone or the zones together."""
        return self.scenarios.get(scenario, {}).get("kind") in ("zone", "joint")


def spoken(key: str) -> str:
    """An id in words.

    >>> spoken("1_commuting_doubled"), spoken("A")
    ('1 commuting doubled', 'A')
    """
    return key.replace("_", " ").replace(".", " · ")


def _named(entry: dict | None, key: str) -> Both:
    if not entry:
        return both(spoken(key))
    return both(entry.get("name") or entry.get("en") or spoken(key), entry.get("name_zh") or entry.get("zh"))


def names_of(region: Any, needs_rows: list[dict], scenario_rows: list[dict]) -> Names:
    """All names a region and its needs, strategies and zones give; the folder's needs and scenarios fill the rest."""
    needs, strategies, zones = region.needs or {}, region.strategies or {}, region.zones or {}
    scenarios = {entry["id"]: entry | {"kind": "strategy"} for entry in strategies.get("strategy", [])}
    scenarios |= {entry["id"]: entry | {"kind": "zone"} for entry in zones.get("zone", [])}
    joint = zones.get("joint")
    if joint:
        scenarios[joint["id"]] = joint | {"kind": "joint"}
    for row in scenario_rows:
        scenarios.setdefault(row["scenario"], row | {"id": row["scenario"], "kind": row.get("kind") or "scenario"})
    listed = needs.get("need", [])
    zh = region.places["name_zh"].to_list() if "name_zh" in region.places.columns else [None] * region.places.height
    places = {p: both(n, z) for p, n, z in zip(region.places["place"], region.places["name"], zh, strict=True)}
    return Names(
        governments={key: both(g.get("name", key), g.get("name_zh")) for key, g in needs.get("governments", {}).items()},
        needs={row["need"]: row | {"id": row["need"]} for row in needs_rows} | {entry["id"]: entry for entry in listed},
        measures=_measures(needs_rows) | {(n["id"], str(m["line"])): m for n in listed for m in n.get("measure", [])},
        scenarios=scenarios,
        joint=joint["id"] if joint else None,
        places=places,
    )


def _measures(rows: list[dict]) -> dict[tuple[str, str], dict]:
    return {(row["need"], str(row["line"])): {"name": row.get("measure"), "name_zh": row.get("measure_zh")} for row in rows}
