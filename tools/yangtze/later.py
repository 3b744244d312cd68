"""Figures of later years, to set a path beside: nothing of them enters the region's own year."""

from __future__ import annotations

from collections.abc import Iterator

from tools.yangtze import assumptions as rules
from tools.yangtze.sources import Row, Sources

FILES = ("facts_shanghai_zhejiang", "facts_jiangsu_anhui")
# A figure of another scope than that of the region's year is no growth.
OTHER_SCOPE = ("management scope", "incl. ", "re-division", "together")


def later_gdp(sources: Sources, place: Row) -> Iterator[Row]:
    """Rows of a county's own published GDP after the region's year, where that of the region's year is observed too."""
    account = sources.accounts.get((place["id"], "gdp", "all"))
    if account is None or not account["status"].startswith("observed"):
        return
    for file in FILES:
        for row in sources.rows_of(file, place["id"], "gdp"):
            if int(row["year"]) > rules.YEAR and not any(words in row["note"] for words in OTHER_SCOPE):
                yield row
