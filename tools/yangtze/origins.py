"""origins.csv and migration_costs.csv: an origin a province, and abroad, where nobody moves in or out.

People of the four provinces: registered people x employment rate of the province. What they lack to the residents inside
comes from the other provinces in proportion to their residents, so that all people live somewhere and all homes are filled.
"""

from __future__ import annotations

import numpy as np
from tools.yangtze.labels import ABROAD, FOUR, INSIDE, is_inside, jurisdictions
from tools.yangtze.residents import model_residents, province_residents, whole_numbers
from tools.yangtze.sources import Sources


def registered_people(sources: Sources) -> dict[str, float]:
    """Registered people of the four provinces: the sum of their prefectures' figures, persons."""
    total = dict.fromkeys(FOUR, 0.0)
    for code in dict.fromkeys(row["prefecture_id"] for row in sources.places if is_inside(row)):
        fact = sources.fact("facts_prefectures", code, "registered_population")
        if fact["unit_of_measure"] != "10,000 persons":
            raise ValueError(f"registered people of {code} in '{fact['unit_of_measure']}', expected 10,000 persons")
        total[INSIDE[code[:2] + "0000"]] += 1e4 * float(fact["value"])
    return total


def residents_by_province(sources: Sources, abroad: float) -> dict[str, float]:
    """Employed residents by province, in the order of places; `abroad` is the rest of the world's."""
    inside = iter(model_residents(sources))
    found: dict[str, float] = {}
    for row in sources.places:
        name = jurisdictions(row)["province"]
        own = next(inside) if is_inside(row) else abroad if name == ABROAD else province_residents(sources, row["adcode"])
        found[name] = found.get(name, 0.0) + own
    return found


def origin_people(sources: Sources, abroad: float) -> dict[str, float]:
    """People by origin [32], whole persons; their sum is that of all residents."""
    residents = residents_by_province(sources, abroad)
    population = dict.fromkeys(residents, 0.0)
    for row in sources.places:
        population[jurisdictions(row)["province"]] += float(row["population"])
    registered = registered_people(sources)
    people = {name: float(round(registered[name] * residents[name] / population[name])) for name in FOUR}
    others = [name for name in residents if name not in FOUR and name != ABROAD]
    own = np.array([residents[name] for name in others])
    missing = sum(residents[name] - people[name] for name in FOUR)
    total = own.sum() + missing
    people |= dict(zip(others, whole_numbers(own * total / own.sum(), round(total)), strict=True))
    people[ABROAD] = abroad
    return {name: people[name] for name in residents}


def origin_rows(sources: Sources, abroad: float) -> list[dict]:
    """Rows of origins.csv."""
    notes = dict.fromkeys(FOUR, "inferred: registered people x employment rate of the residents in the model")
    people = origin_people(sources, abroad)
    return [
        {
            "origin": name,
            "province": name,
            "regime": name,
            "country": ABROAD if name == ABROAD else "china",
            "people": int(number),
            "note": notes.get(name, _other_note(name)),
        }
        for name, number in people.items()
    ]


def _other_note(name: str) -> str:
    if name == ABROAD:
        return "nobody moves in or out"
    return "inferred: own residents, and what the four provinces lack in proportion to them"


def migration_rows(sources: Sources, origins: list[str]) -> list[dict]:
    """Rows of migration_costs.csv: all income kept on the mainland (its passages are in borders.csv), none across its line."""
    places = [(row["id"], jurisdictions(row)["country"]) for row in sources.places]
    country = {name: ABROAD if name == ABROAD else "china" for name in origins}
    return [
        {"origin": origin, "destination": place, "kept_income": int(country[origin] == where)}
        for origin in origins
        for place, where in places
    ]
