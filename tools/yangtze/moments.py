"""moments.csv: what commuting passages are fitted to, and what the model is only compared with.

`from` and `to`: names of places or jurisdictions, several joined by +, chosen so that they mean the same places whatever
level a name is looked up at. Commuting: from homes to workplaces; trade: from sellers to buyers. `error` is a standard error
in logs. The first word of a name says what is counted; see README.md.
"""

from __future__ import annotations

import math

from tools.yangtze.labels import ABROAD_PLACE, INSIDE
from tools.yangtze.sources import Row, Sources

PROVINCES = {"shanghai": "shanghai+stc_sh", "jiangsu": "jiangsu", "zhejiang": "zhejiang+stc_zj", "anhui": "anhui"}
SHANGHAI = PROVINCES["shanghai"]
NEIGHBOURS = "+".join(names for province, names in PROVINCES.items() if province != "shanghai")
SUZHOU, JIAXING = "suzhou_js+kunshan", "jiaxing+stc_zj"
DISTRICTS = "320505+320506+320507+320508+320509"
ERROR = round(math.log(1.2), 3)
WIDE = round(math.log(1.5), 3)
# name here -> id of the first pass, from, to, use, error
COMMUTERS = {
    "commuters_kunshan_to_shanghai": ("kunshan_to_shanghai", "320583", SHANGHAI, "fit", ERROR),
    "commuters_shanghai_to_kunshan": ("shanghai_to_kunshan", SHANGHAI, "320583", "fit", ERROR),
    "commuters_taicang_to_shanghai": ("taicang_to_shanghai", "320585", SHANGHAI, "fit", ERROR),
    "commuters_shanghai_to_taicang": ("shanghai_to_taicang", SHANGHAI, "320585", "fit", ERROR),
    "commuters_suzhou_districts_to_shanghai": ("suzhou_districts_to_shanghai", DISTRICTS, SHANGHAI, "fit", ERROR),
    "commuters_shanghai_to_jiashan": ("shanghai_to_jiashan", SHANGHAI, "330421", "fit", ERROR),
    "commuters_jiaxing_to_shanghai": ("jiaxing_to_shanghai", JIAXING, SHANGHAI, "fit", WIDE),
    "commuters_shanghai_to_jiaxing": ("shanghai_to_jiaxing", SHANGHAI, JIAXING, "fit", WIDE),
}
RATIOS = {
    "commuter_total_both": ("total_both", NEIGHBOURS, SHANGHAI, "person"),
    "commuter_ratio_in_out": ("in_out_ratio", NEIGHBOURS, SHANGHAI, "1"),
    "commuter_share_jiaxing": ("jiaxing_share", JIAXING, SHANGHAI, "1"),
    "commuter_share_suzhou": ("suzhou_share", SUZHOU, SHANGHAI, "1"),
    "minutes_mean_shanghai": ("mean_minutes_shanghai", SHANGHAI, "", "minutes"),
    "share_over_60_minutes_shanghai": ("share_over_60_shanghai", SHANGHAI, "", "1"),
    "trade_interprovincial_over_foreign": ("interprovincial_over_international_trade", "china", ABROAD_PLACE, "1"),
    "trade_share_jiashan_secondary_to_shanghai": ("jiashan_industry_to_shanghai", "330421", SHANGHAI, "1"),
    "minutes_fengjing_to_hongqiao": ("fengjing_to_hongqiao_by_car", "310116z", "310112", "minutes"),
    "minutes_fengjing_to_shanghai_station": ("fengjing_to_shanghai_station", "310116z", "310106", "minutes"),
    "minutes_fengjing_to_pudong": ("fengjing_to_pudong_airport", "310116z", "310115", "minutes"),
}
NOTES = {
    "minutes_fengjing_to_hongqiao": "undated; to the railway station, the node is the district's seat",
    "minutes_fengjing_to_shanghai_station": "undated",
    "minutes_fengjing_to_pudong": "undated; to the airport, the node is the district's seat",
    "commuter_share_jiaxing": "of the 2023 series; 6 % of the 2021 level is 4,600 a day, of the 2023 level 9,300",
    "trade_interprovincial_over_foreign": "of 2007",
    "trade_share_jiashan_secondary_to_shanghai": "at least; a slogan",
}


def moment_rows(sources: Sources) -> list[dict]:
    """Rows of moments.csv."""
    first = {row["id"]: row for row in sources.rows("clean/moments") if row["id"] not in ("exports", "imports")}
    rows = [_row(name, first[key], a, b, "person", use, error) for name, (key, a, b, use, error) in COMMUTERS.items()]
    rows += [_row(name, first[key], a, b, unit, "check", "") for name, (key, a, b, unit) in RATIOS.items()]
    return rows + list(_foreign(sources)) + list(_migrants(sources))


def _row(name: str, first: Row, sender: str, receiver: str, unit: str, use: str, error: float | str) -> dict:
    year = int(first["year"]) or 2020
    row = {"name": name, "from": sender, "to": receiver, "value": float(first["value"]), "unit": unit, "year": year}
    source = {"status": first["status"], "source": first["source"], "use": use, "error": error}
    return row | source | {"note": NOTES.get(name, "")}


def _foreign(sources: Sources):
    """Foreign trade of the four provinces by customs."""
    for code, province in INSIDE.items():
        for flow in ("exports", "imports"):
            fact = sources.fact("facts_provinces", code, flow)
            ends = [PROVINCES[province], ABROAD_PLACE]
            sender, receiver = ends if flow == "exports" else ends[::-1]
            status = "inferred" if fact["note"].startswith("INFERRED") else "observed"
            row = {"name": f"foreign_{flow}_{province}", "from": sender, "to": receiver, "value": float(fact["value"])}
            row |= {"unit": "100 million yuan/year", "year": 2020, "status": status, "source": fact["source_url"]}
            yield row | {"use": "fit", "error": "", "note": fact["note"]}


def _migrants(sources: Sources):
    """Shares of residents who are registered in another province: in Shanghai, and on the whole mainland."""
    rows = {(row["origin"], row["destination"], row["year"]): row for row in sources.rows("flows_migration")}
    city = round(sources.value("facts_provinces", "310000", "population"))
    mainland = sum(int(row["population"]) for row in sources.places if row["id"] != ABROAD_PLACE)
    stocks = (
        ("migrants_share_shanghai", SHANGHAI, ("other provinces", "Shanghai", "2020"), city),
        ("migrants_share_mainland", "china", ("all provinces", "other provinces (inter-provincial floating)", "2020"), mainland),
    )
    for name, where, key, population in stocks:
        people = float(rows[key]["value"])
        row = {"name": name, "from": where, "to": "", "value": round(people / population, 4), "unit": "1", "year": 2020}
        use = "fit" if where == SHANGHAI else "check"
        row |= {"status": "observed", "source": rows[key]["source_url"], "use": use, "error": ""}
        yield row | {"note": f"{people:,.0f} of {population:,} residents"}
