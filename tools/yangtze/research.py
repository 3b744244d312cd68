"""Research spending: observed by province, known for two prefectures, shared inside each by value added outside the primary sector."""

from __future__ import annotations

from tools.yangtze.assumptions import YEAR
from tools.yangtze.labels import ABROAD_PLACE, is_inside
from tools.yangtze.residents import value_added
from tools.yangtze.sources import Sources

# Prefectures with an intensity of their own (per cent of GDP): code -> year it is of.
KNOWN = {"320100": "2020", "340100": "2022"}
SHARED = "shared by value added outside the primary sector"


def research_spending(sources: Sources) -> dict[str, dict]:
    """The fact row of every place."""
    weight = {row["id"]: sum(value_added(sources, row["id"], s) for s in ("secondary", "tertiary")) for row in sources.places}
    known = {code: _of_prefecture(sources, code, year) for code, year in KNOWN.items()}
    rest, total = {}, {}
    for row in sources.places:
        group = _group(row)
        total[group] = total.get(group, 0.0) + weight[row["id"]]
    for value, _, province in known.values():
        rest[province] = rest.get(province, 0.0) + value
    return {row["id"]: _row(sources, row, weight[row["id"]] / total[_group(row)], known, rest) for row in sources.places}


def _group(place: dict) -> str:
    """What a place's spending is a share of: its prefecture's where that is known, else what is left of its province's."""
    return place["prefecture_id"] if place["prefecture_id"] in KNOWN else place["province_id"]


def _of_prefecture(sources: Sources, code: str, year: str) -> tuple[float, dict, str]:
    """Spending of a prefecture, 100 million yuan: its intensity times its GDP of the region's year; the intensity's row; its province."""
    fact = sources.fact("facts_prefectures", code, "rd_intensity", year=year)
    gdp = sources.value("facts_prefectures", code, "gdp")
    return float(fact["value"]) / 100.0 * gdp, fact, f"{code[:2]}0000"


def _row(sources: Sources, place: dict, share: float, known: dict, rest: dict[str, float]) -> dict:
    row = {"place": place["id"], "variable": "research_spending", "sector": "", "year": YEAR}
    unit = {"unit": "100 million yuan/year"}
    if place["id"] == ABROAD_PLACE:
        note = "a unit: ideas from abroad are fixed by the parameter foreign_ideas, whatever is spent there"
        unit = {"unit": "million yuan/year"}
        return row | {"value": 1} | unit | {"source": "unit", "note": note, "status": "inferred"}
    if place["prefecture_id"] in known:
        value, fact, _ = known[place["prefecture_id"]]
        note = f"prefecture's intensity of {fact['year']}, {fact['value']} % of GDP, {SHARED}"
        return row | {"value": round(share * value, 6)} | unit | {"source": fact["source_url"], "note": note, "status": "inferred"}
    fact = sources.fact("facts_research", place["province_id"], "rd_expenditure")
    inside = is_inside(place)
    left = float(fact["value"]) - rest.get(place["province_id"], 0.0)
    whole = (
        "province's spending"
        if place["province_id"] not in rest
        else "province's spending less that of prefectures with an intensity of their own"
    )
    note = f"{whole}, {SHARED}" if inside else "of the province"
    value = round(share * left, 6) if inside else float(fact["value"])
    status = "inferred" if inside else "observed"
    return row | {"value": value} | unit | {"source": fact["source_url"], "note": note, "status": status}
