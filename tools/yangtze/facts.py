"""facts.csv: every figure of every place with unit, year, source, and whether it was observed or inferred."""

from __future__ import annotations

from collections.abc import Iterator

from tools.yangtze import assumptions as rules
from tools.yangtze.economy import SECTORS
from tools.yangtze.labels import ABROAD_PLACE, is_inside
from tools.yangtze.land import construction_land
from tools.yangtze.later import later_figures
from tools.yangtze.research import research_spending
from tools.yangtze.residents import census_residents, model_residents, province_residents
from tools.yangtze.sources import Row, Sources

COLUMNS = ("place", "variable", "sector", "year", "value", "unit", "source", "note", "status")
ACCOUNTS = {  # account of the first pass -> variable, unit
    "population": ("population", "person"),
    "gdp": ("gdp", "100 million yuan/year"),
    "budget_revenue": ("budget_revenue", "100 million yuan/year"),
    "home_price": ("home_price", "yuan/m2"),
    "city_wage": ("x_city_wage", "yuan/year"),
    "jobs": ("x_jobs", "person"),
}
CENSUS = "https://github.com/leiii/census/blob/main/data/census/census_county_2020_v1.xlsx"
RULES = "see README.md of this folder"


def fact_rows(sources: Sources) -> list[dict]:
    """Rows of facts.csv, in the order of places."""
    census, model = census_residents(sources), model_residents(sources)
    land, research = construction_land(sources), research_spending(sources)
    rows: list[dict] = []
    for i, place in enumerate(sources.places):
        name = place["id"]
        rows += _accounts(sources, name)
        rows += _value_added(sources, name)
        if is_inside(place):
            rows += _later(sources, place)
            rows += _residents(name, census[i], model[i])
            rows += _rents(sources, name)
            rows.append(_fact(name, "construction_land", land[i], "km2", *land_words(place)))
        elif name != ABROAD_PLACE:
            rows += _outside(sources, place)
        else:
            rows += _abroad(sources, place)
        rows += _elasticities(place)
        rows.append(research[name])
    return rows


def _fact(place: str, variable: str, value: float, unit: str, source: str, note: str, **other: object) -> dict:
    """A row; inferred and of the region's year unless said otherwise."""
    row = {"place": place, "variable": variable, "sector": "", "year": rules.YEAR, "value": value, "unit": unit}
    return row | {"source": source, "note": note, "status": "inferred"} | other


def status_of(text: str) -> str:
    """The two words of the format from the longer ones of the first pass."""
    return "observed" if text.startswith("observed") else "inferred"


def _accounts(sources: Sources, place: str) -> Iterator[dict]:
    for account, (variable, unit) in ACCOUNTS.items():
        row = sources.accounts.get((place, account, "all"))
        if row is not None:
            other = {"year": int(row["year"]), "status": status_of(row["status"])}
            note = "" if row["status"] in ("observed", "inferred") else row["status"]
            yield _fact(place, variable, _number(row["value"]), unit, row["source"], note, **other)


def _value_added(sources: Sources, place: str) -> Iterator[dict]:
    for sector in SECTORS:
        row = sources.accounts[place, "value_added", sector]
        source, note = row["source"], row["status"]
        if source.startswith("biproportional fit"):
            source = source.rsplit(" ", 1)[-1]
            note = f"{note}; biproportional fit, rule 'Value added' in README.md"
        other = {"sector": sector, "status": status_of(row["status"])}
        yield _fact(place, "value_added", _number(row["value"]), "100 million yuan/year", source, note, **other)


def _later(sources: Sources, place: Row) -> Iterator[dict]:
    for variable, unit, row, note in later_figures(sources, place):
        other = {"year": int(row["year"]), "status": "observed"}
        yield _fact(place["id"], variable, _number(row["value"]), unit, row["source_url"], note, **other)


def _residents(place: str, census: float, model: float) -> Iterator[dict]:
    note = f"employed residents scaled towards city wages (h = {rules.WAGE_SHRINKAGE:g}), rule 'Residents' in README.md"
    yield _fact(place, "residents", int(model), "person", CENSUS, note)
    note = "census long form scaled to the population aged 15 and over, zones' people with their hosts"
    yield _fact(place, "x_residents_census", int(census), "person", CENSUS, note)


def _rents(sources: Sources, place: str) -> Iterator[dict]:
    price = sources.accounts[place, "home_price", "all"]
    rent = round(rules.RENT_YIELD * float(price["value"]), 2)
    for variable, note in (
        ("rent_home", f"{rules.RENT_YIELD:.0%} of the home price a year: assumption"),
        ("rent_work", "equal to the rent of homes: assumption"),
    ):
        yield _fact(place, variable, rent, "yuan/(m2 year)", price["source"], note, year=int(price["year"]))


def land_words(place: Row) -> tuple[str, str]:
    """Source and note of a place's construction land."""
    if place["province_id"] == "310000":
        rate = "129 m2 a resident: Shanghai 2035 master plan, cap of 3,200 km2 for 24.87 million residents"
    else:
        rate = "200 m2 a resident [120-300]: assumption"
    return rate, "no more than 95 % of a place's land, the rest elsewhere in its prefecture; rule 'Land' in README.md"


def _elasticities(place: Row) -> Iterator[dict]:
    kind = "shanghai" if place["province_id"] == "310000" else "pinghu" if place["adcode"] == "330482" else "default"
    source = "elasticities.csv, housing stock supply elasticity: Chow & Niu 2015 (0.5), lower in Shanghai, higher in Pinghu"
    for variable in ("supply_elasticity_home", "supply_elasticity_work"):
        yield _fact(place["id"], variable, rules.SUPPLY_ELASTICITY[kind], "1", source, "assumption")


def _units_of_rent(place: str) -> Iterator[dict]:
    for variable in ("rent_home", "rent_work"):
        yield _fact(place, variable, 1, "yuan/(m2 day)", "unit of floor space", "a unit, not a price")


def _outside(sources: Sources, place: Row) -> Iterator[dict]:
    row = sources.fact("facts_provinces", place["adcode"], "employed_census_est")
    note = "census long form scaled to the population aged 15 and over"
    people = int(province_residents(sources, place["adcode"]))
    yield _fact(place["id"], "residents", people, "person", row["source_url"], note)
    yield from _units_of_rent(place["id"])


def _abroad(sources: Sources, place: Row) -> Iterator[dict]:
    people = round(rules.ABROAD_EMPLOYMENT_RATE * float(place["population"]), -3)
    note = f"{rules.ABROAD_EMPLOYMENT_RATE:g} of the population: a scale only, nobody moves in or out"
    yield _fact(place["id"], "residents", int(people), "person", "assumption", note)
    yield from _units_of_rent(place["id"])
    for variable, mirror in (("exports", "imports"), ("imports", "exports")):
        row = sources.fact("facts_provinces", "100000", mirror)
        note = f"China's {mirror}, customs; not scaled, the difference is carried by a transfer"
        other = {"status": "observed"}
        unit = "100 million yuan/year"
        yield _fact(place["id"], variable, _number(row["value"]), unit, row["source_url"], note, **other)


def _number(text: str) -> float:
    """A number as short as it can be written."""
    value = float(text)
    return int(value) if value.is_integer() else value
