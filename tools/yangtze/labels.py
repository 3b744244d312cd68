"""Readable names of the jurisdictions: provinces, prefectures, counties, regimes, countries."""

from __future__ import annotations

from tools.yangtze.sources import Row

INSIDE = {"310000": "shanghai", "320000": "jiangsu", "330000": "zhejiang", "340000": "anhui"}
FOUR = tuple(INSIDE.values())
SIDES = {"310116z": "stc_sh", "330482z": "stc_zj"}
HOST_REGIME = {"stc_sh": "shanghai", "stc_zj": "zhejiang"}
HOST_PREFECTURE = {"stc_sh": "shanghai", "stc_zj": "jiaxing", "kunshan": "suzhou_js"}
KUNSHAN = "320583"
ABROAD, ABROAD_PLACE = "abroad", "ROW"
POOL = "delta"
# two pairs of prefectures share a name in Latin letters
TWICE = {"320500": "suzhou_js", "341300": "suzhou_ah", "321200": "taizhou_js", "331000": "taizhou_zj"}


def readable(name: str) -> str:
    """A name as an id: lower case, no apostrophes, blanks as underscores."""
    return name.lower().replace("'", "").replace(" ", "_")


def is_inside(row: Row) -> bool:
    """Whether a row of the first pass is a place of the four provinces."""
    return row["province_id"] in INSIDE


def home_prefecture(row: Row) -> str:
    """The statistical prefecture of an inside place; Kunshan belongs to Suzhou here, each zone side to its host's."""
    code = row["prefecture_id"]
    return TWICE.get(code) or readable(row["prefecture_en"])


def jurisdictions(row: Row) -> dict[str, str]:
    """Jurisdiction of a place at every level. Outside places are a jurisdiction of their own at every level."""
    if row["id"] == ABROAD_PLACE:
        return dict.fromkeys(("province", "prefecture", "county", "regime", "country"), ABROAD)
    if not is_inside(row):
        own = readable(row["province_en"])
        levels = dict.fromkeys(("province", "prefecture", "regime"), own)
        return {**levels, "county": row["adcode"], "country": "china"}
    province = INSIDE[row["province_id"]]
    side = SIDES.get(row["id"])
    prefecture = "kunshan" if row["id"] == KUNSHAN else home_prefecture(row)
    return {
        "province": province,
        "prefecture": side or prefecture,
        "county": row["adcode"],
        "regime": side or province,
        "country": "china",
    }


def province_of_regime(regime: str) -> str:
    """The province behind a regime: its host's for a zone side."""
    return HOST_REGIME.get(regime, regime)


def host_prefecture(prefecture: str) -> str:
    """The prefecture whose passages a jurisdiction carries: its host's for the zone sides and for Kunshan."""
    return HOST_PREFECTURE.get(prefecture, prefecture)
