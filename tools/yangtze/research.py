"""Research spending: observed by province, shared inside a province by value added outside the primary sector."""

from __future__ import annotations

from tools.yangtze.assumptions import YEAR
from tools.yangtze.labels import ABROAD_PLACE, is_inside
from tools.yangtze.residents import value_added
from tools.yangtze.sources import Sources


def research_spending(sources: Sources) -> dict[str, dict]:
    """The fact row of every place."""
    weight = {row["id"]: sum(value_added(sources, row["id"], s) for s in ("secondary", "tertiary")) for row in sources.places}
    total: dict[str, float] = {}
    for row in sources.places:
        total[row["province_id"]] = total.get(row["province_id"], 0.0) + weight[row["id"]]
    return {row["id"]: _row(sources, row, weight[row["id"]] / total[row["province_id"]]) for row in sources.places}


def _row(sources: Sources, place: dict, share: float) -> dict:
    row = {"place": place["id"], "variable": "research_spending", "sector": "", "year": YEAR}
    unit = {"unit": "100 million yuan/year"}
    if place["id"] == ABROAD_PLACE:
        note = "a unit: ideas from abroad are fixed by the parameter foreign_ideas, whatever is spent there"
        unit = {"unit": "million yuan/year"}
        return row | {"value": 1} | unit | {"source": "unit", "note": note, "status": "inferred"}
    fact = sources.fact("facts_research", place["province_id"], "rd_expenditure")
    inside = is_inside(place)
    note = "province's spending, shared by value added outside the primary sector" if inside else "of the province"
    value = round(share * float(fact["value"]), 6) if inside else float(fact["value"])
    status = "inferred" if inside else "observed"
    return row | {"value": value} | unit | {"source": fact["source_url"], "note": note, "status": status}
