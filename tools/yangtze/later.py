"""Figures of later years, to set a path beside: nothing of them enters the region's own year."""

from __future__ import annotations

from collections.abc import Iterator

from tools.yangtze import assumptions as rules
from tools.yangtze.sources import Row, Sources

FILES = ("facts_shanghai_zhejiang", "facts_jiangsu_anhui")
# variable -> name in the files, account of the region's year, unit, what else is to be said of it
VARIABLES = {
    "gdp": ("gdp", "gdp", "100 million yuan/year", "at current prices"),
    "population": (
        "population_year_end",
        "population",
        "person",
        "at the end of the year, by sample survey; the census is of November 2020",
    ),
}
# A figure of another scope than that of the region's year is no growth.
OTHER_SCOPE = ("management scope", "management unit", "incl. ", "re-division", "together")
# Statistical units that are no place of the region: level, jurisdiction, code.
PREFECTURES = {"330100": "hangzhou", "330600": "shaoxing"}  # with later figures, and without a side of the city
SPLIT = ("310116", "330482")  # counties that are two places here


def later_figures(sources: Sources, place: Row) -> Iterator[tuple[str, str, Row, str]]:
    """(variable, unit, row, note) of a county's own published figures after the region's year, where that of the region's year is
    observed too."""
    for variable, (name, account, unit, said) in VARIABLES.items():
        base = sources.accounts.get((place["id"], account, "all"))
        if base is None or not base["status"].startswith("observed"):
            continue
        yield from ((variable, unit, row, _note(row, said)) for row in _later(sources, place["id"], name))


def later_totals(sources: Sources) -> Iterator[dict]:
    """Rows of totals.csv after the region's year: cities, and the counties that are two places."""
    units = [("prefecture", name, code) for code, name in PREFECTURES.items()] + [("county", code, code) for code in SPLIT]
    for level, jurisdiction, code in units:
        for variable, (name, _, unit, said) in VARIABLES.items():
            if level == "county" and variable == "gdp" and not sources.rows_in_year(FILES, code, "gdp", rules.YEAR):
                continue
            for row in _later(sources, code, name):
                found = {"level": level, "jurisdiction": jurisdiction, "variable": variable, "sector": "", "year": int(row["year"])}
                found |= {"value": float(row["value"]), "unit": unit, "source": row["source_url"], "note": _note(row, said)}
                yield found | {"tolerance": ""}


def _later(sources: Sources, code: str, name: str) -> Iterator[Row]:
    for file in FILES:
        for row in sources.rows_of(file, code, name):
            if int(row["year"]) > rules.YEAR and not any(words in row["note"] for words in OTHER_SCOPE):
                yield row


def _note(row: Row, said: str) -> str:
    return f"only to set a path beside; {said}; {row['note'].split('; ')[-1]}".rstrip("; ")
