"""Solution and region tables as plain dictionaries, read with Python's own csv module and nothing of the package."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from types import SimpleNamespace

PLACES, INSIDE, ABROAD = ("X", "Y", "O"), ("X", "Y"), "O"
SECTORS = ("goods", "services")
ORIGINS = ("A", "B", "O")
PROVINCE = {"X": "A", "Y": "B", "O": "O"}
SCENARIOS = ("a.open", "b.links", "zone.land", "zone.firms", "new_town")
REGION = Path(__file__).parent / "region"


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, as texts."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_key(path: Path, *keys: str) -> dict[str, dict]:
    """column -> {key: number}, for every column of numbers; the key is a text, or a tuple where there are several."""
    found: dict[str, dict] = {}
    for row in rows(path):
        key = tuple(row[k] for k in keys)
        for column in row.keys() - set(keys):
            found.setdefault(column, {})[key[0] if len(keys) == 1 else key] = float(row[column])
    return found


def solution(folder: Path) -> SimpleNamespace:
    """A solution folder: every column of its tables by name, each a dictionary by place, pair or origin."""
    columns = by_key(folder / "places.csv", "place") | by_key(folder / "sectors.csv", "place", "sector")
    columns |= by_key(folder / "people.csv", "origin", "place")
    columns["welfare_ratio"] = by_key(folder / "origins.csv", "origin")["welfare_ratio_to_baseline"]
    columns["commuters"] = by_key(folder / "commuters.csv", "home", "work")["people"]
    columns["trade"] = by_key(folder / "trade.csv", "buyer", "seller", "sector")["value"]
    return SimpleNamespace(**columns)


def region_numbers(folder: Path = REGION) -> SimpleNamespace:
    """The region folder's numbers by name: facts, shares, elasticities, minutes, icebergs, passages, parameters."""
    found = SimpleNamespace()
    found.fact = {(r["place"], r["variable"], r["sector"]): float(r["value"]) for r in rows(folder / "facts.csv")}
    sectors = by_key(folder / "sectors.csv", "sector")
    found.beta, found.gamma = sectors["labour"], sectors["floor_space"]
    found.theta, found.density_elasticity = sectors["trade_elasticity"], sectors["density_elasticity"]
    found.omega = by_key(folder / "input_output.csv", "input", "user")["share"]
    found.own_consumption = by_key(folder / "consumption.csv", "place", "sector")["share"]
    found.minutes = by_key(folder / "travel.csv", "home", "work")["minutes"]
    found.iceberg = by_key(folder / "trade_costs.csv", "buyer", "seller")["iceberg"]
    found.kept_income = by_key(folder / "migration_costs.csv", "origin", "destination")["kept_income"]
    found.origin_people = {r["origin"]: float(r["people"]) for r in rows(folder / "origins.csv")}
    places = {r["place"]: r for r in rows(folder / "places.csv")}
    found.land = {place: float(row["land_km2"]) for place, row in places.items()}
    found.lonlat = {place: (float(row["lon"]), float(row["lat"])) for place, row in places.items() if row["lon"]}
    found.passage = {(r["flow"], r["sector"], r["receiver"], r["supplier"]): float(r["passage"]) for r in rows(folder / "borders.csv")}
    parameters = tomllib.loads((folder / "parameters.toml").read_text(encoding="utf-8"))
    for name, entry in parameters.items():
        setattr(found, name, float(entry["value"]))
    return found
