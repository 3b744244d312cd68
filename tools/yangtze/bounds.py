"""bounds.csv: between which values every inferred figure that the model uses may lie, which move together, and which totals stand.

Rules (design page of the delta's data, README of the checked first pass):
- value added of a place: the bounds of its rule (× 0.65 to 1.5 shared by employment, × 0.88 to 1.14 by an own figure of another year …);
  what the inferred places of a prefecture hold together is published, so their sum stands;
- its split over secondary and tertiary: ± 2.06 times the mean error of 3.8 points that the fit made on places held out (95 % of a normal);
- residents: h of the way to city wages, h between 0 and 1, one number for all places; the sides of the city by their people, hosts' sums stand;
- rents: between Shanghai's one price and the gradient, one number for all its districts; where the prefecture's price stands for a county's
  own, by how far listed counties are from their prefecture's price (5th to 95th percentile);
- construction land: 120 to 300 m2 a resident outside Shanghai, one number.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

import numpy as np
from tools.yangtze import assumptions as rules
from tools.yangtze.labels import ABROAD_PLACE, SIDES, home_prefecture, is_inside
from tools.yangtze.land import construction_land
from tools.yangtze.residents import model_residents, value_added
from tools.yangtze.sources import Row, Sources

SPLIT_ERROR, NORMAL_95 = 0.038, 1.645 / 0.798  # mean absolute error of a share; 95 % of a normal over its mean absolute value
LEAST_SHARE = 0.1  # a sector keeps at least a tenth of its figure
LAND_ELSEWHERE = (120.0, 300.0)  # m2 a resident
HOSTS = {"310116z": "310116r", "330482z": "330482r"}


def bound_rows(sources: Sources, facts: list[dict]) -> list[dict]:
    """Rows of bounds.csv. Draws apply in the order of the rows."""
    rows = [*_value_added(sources), *_splits(sources), *_shrinkage(sources), *_side_people(sources, facts)]
    return [*rows, *_rents(sources), *_land(sources), *_side_jobs(sources)]


def _row(place: str, variable: str, ends: tuple[float, float], unit: str, draw: str, rule: str, **other: object) -> dict:
    low, high = ends
    row = {
        "place": place,
        "variable": variable,
        "sector": "",
        "low": _outward(low, -1),
        "high": _outward(high, 1),
        "unit": unit,
        "draw": draw,
    }
    return row | {"opposite": "false", "total": "", "rule": rule} | other


def _outward(value: float, side: int) -> float:
    """A bound with six digits, rounded away from what it bounds; as it is where six are enough."""
    power = 5 - math.floor(math.log10(abs(value)))
    scaled = value * 10.0**power
    whole = round(scaled) if abs(scaled - round(scaled)) < 1e-6 else math.floor(scaled) if side < 0 else math.ceil(scaled)
    return round(whole * 10.0**-power, max(power, 0))


def _value_added(sources: Sources) -> Iterator[dict]:
    """Value added of the places whose total is inferred; a total stands where it is shared by two or more of them."""
    inferred = [row for row in sources.places if row["gdp_status"] != "observed"]
    groups = {row["id"]: _shared(row) for row in inferred}
    count = Counter(groups.values())
    for row in inferred:
        name, total = row["id"], groups[row["id"]]
        whole, value = sum(value_added(sources, name, sector) for sector in ("primary", "secondary", "tertiary")), float(row["gdp_100m"])
        ends = (whole * float(row["gdp_low"]) / value, whole * float(row["gdp_high"]) / value)
        side = next((z for z, rest in HOSTS.items() if rest == name and row["gdp_rule"] == ""), None)  # an observed host less its side
        rule = row["gdp_rule"] if row["gdp_rule"] not in ("", "see README") else "the side of the city, or its host less the side"
        other = {"total": total if count[total] > 1 else "", "opposite": "true" if side else "false"}
        yield _row(name, "value_added", ends, "100 million yuan/year", f"value_added {side or name}", rule, **other)


def _shared(row: Row) -> str:
    """The published total that an inferred figure is a part of: its prefecture's, or its host county's where that is observed."""
    if row["id"] == ABROAD_PLACE or not is_inside(row):
        return row["id"]
    host = row["id"][:6] if row["adcode"] == "330482" else home_prefecture(row)
    return f"value added of {host}"


def _splits(sources: Sources) -> Iterator[dict]:
    """Secondary against tertiary value added of the inside places whose split is inferred."""
    rule = "± 2.06 × 0.038 of value added: mean error of the tertiary share on places held out"
    for row in sources.places:
        name = row["id"]
        if not is_inside(row) or sources.accounts[name, "value_added", "secondary"]["status"].startswith("observed"):
            continue
        whole = float(row["gdp_100m"])
        for sector, opposite in (("secondary", "false"), ("tertiary", "true")):
            value = value_added(sources, name, sector)
            most = min(
                NORMAL_95 * SPLIT_ERROR * whole, (1 - LEAST_SHARE) * min(value_added(sources, name, s) for s in ("secondary", "tertiary"))
            )
            other = {"sector": sector, "opposite": opposite, "total": f"split {name}"}
            yield _row(name, "value_added", (value - most, value + most), "100 million yuan/year", f"split {name}", rule, **other)


def _shrinkage(sources: Sources) -> Iterator[dict]:
    """Residents at h = 0 (the census) and at h = 1 (city wages), the sum of all places the same."""
    rows = [row for row in sources.places if is_inside(row)]
    ends, now = [model_residents(sources, shrinkage=h) for h in (0.0, 1.0)], model_residents(sources)
    for row, first, last, value in zip(rows, *ends, now, strict=True):
        low, high = min(first, last, value), max(first, last, value)
        other = {"opposite": "true" if last < first else "false", "total": "residents of the four provinces"}
        yield _row(row["id"], "residents", (low, high), "person", "x_wage_shrinkage", "h from 0 to 1", **other)


def _side_people(sources: Sources, facts: list[dict]) -> Iterator[dict]:
    """Residents of the sides in proportion to their people; the rest of the host has what the side has not."""
    residents = {row["place"]: float(row["value"]) for row in facts if row["variable"] == "residents"}
    people = {row["id"]: row for row in sources.places}
    for side, rest in HOSTS.items():
        low, high = (float(x) for x in re.search(r"low (\d+), high (\d+)", people[side]["population_status"]).groups())
        now = residents[side]
        ends = tuple(now * end / float(people[side]["population"]) for end in (low, high))
        rule = f"people of the side {low:,.0f} to {high:,.0f}"
        other = {"total": f"residents of {side[:6]}"}
        yield _row(side, "residents", ends, "person", f"people of {SIDES[side]}", rule, **other)
        of_rest = (residents[rest] + now - ends[1], residents[rest] + now - ends[0])
        yield _row(rest, "residents", of_rest, "person", f"people of {SIDES[side]}", rule, opposite="true", **other)


def _rents(sources: Sources) -> Iterator[dict]:
    """Rents whose price is no listing of the place's own."""
    spread = listed_spread(sources)
    mean = sources.value("facts_prefectures", "310000", "home_price", year="2022")
    for row in sources.places:
        status, price = row["home_price_status"], row["home_price_yuan_m2"]
        if not is_inside(row) or status.startswith("observed"):
            continue
        now = round(rules.RENT_YIELD * float(price), 2)
        if "gradient" in status:
            flat = round(rules.RENT_YIELD * mean, 2)
            ends, draw, rule = (
                (min(now, flat), max(now, flat)),
                "rent gradient of shanghai",
                "from one price for all Shanghai to the gradient",
            )
            opposite = "true" if now < flat else "false"
        else:
            ends, draw, opposite = (now * spread[0], now * spread[1]), f"rent {row['adcode']}", "false"
            rule = f"the prefecture's price × {spread[0]:.2f} to {spread[1]:.2f}: 5th to 95th percentile of listed counties over theirs"
        for variable in ("rent_home", "rent_work"):
            yield _row(row["id"], variable, ends, "yuan/(m2 year)", draw, rule, opposite=opposite)


def listed_spread(sources: Sources) -> tuple[float, float]:
    """5th and 95th percentile of a county's own listing over its prefecture's price, where both are given."""
    ratios = []
    for row in sources.places:
        if is_inside(row) and row["home_price_status"] == "observed" and row["id"] not in HOSTS.values():
            ratios.append(
                float(row["home_price_yuan_m2"]) / sources.value("facts_prefectures", row["prefecture_id"], "home_price", year="2022")
            )
    low, high = np.quantile(ratios, [0.05, 0.95])
    return float(low), float(high)


def _land(sources: Sources) -> Iterator[dict]:
    """Construction land outside Shanghai at the two ends of the rate, no place above what it can hold."""
    rows = [row for row in sources.places if is_inside(row)]
    ends = [construction_land(sources, elsewhere=rate) for rate in LAND_ELSEWHERE]
    now = construction_land(sources)
    for row, low, high, value in zip(rows, *ends, now, strict=True):
        if home_prefecture(row) != "shanghai":
            rule = "120 to 300 m2 a resident, no more than 95 % of a place's land"
            draw = "x_construction_land_elsewhere"
            yield _row(row["id"], "construction_land", (min(low, value), max(high, value)), "km2", draw, rule)


def _side_jobs(sources: Sources) -> Iterator[dict]:
    """Jobs of the sides: a check, no input of the model."""
    for side in HOSTS:
        row = sources.accounts[side, "jobs", "all"]
        ends = tuple(float(x) for x in re.search(r"low (\d+) high (\d+)", row["source"]).groups())
        yield _row(side, "x_jobs", ends, "person", f"jobs of {SIDES[side]}", "people × the host's employment rate, a check only")
