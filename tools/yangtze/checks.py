"""The rules of the first pass, verified against the raw files before anything is written."""

from __future__ import annotations

from collections import defaultdict

from tools.yangtze.economy import SECTORS
from tools.yangtze.geometry import full_polygons
from tools.yangtze.labels import INSIDE, is_inside
from tools.yangtze.polygons import area_km2
from tools.yangtze.residents import value_added
from tools.yangtze.sources import Sources

PROVINCE_PEOPLE = {"310000": 24_870_895, "320000": 84_748_016, "330000": 64_567_588, "340000": 61_027_171}
INDUSTRIAL_PARK, PARK_HOSTS = "320571", ("320506", "320505")
JIANGSU_OVER = 1.0185  # its prefectures exceed the province by 1.85 %: kept
GDP_TOLERANCE = 0.003
ROUNDING = 0.06  # 100 million yuan a unit, from rounding the parts


def verify(sources: Sources) -> list[str]:
    """One line a rule that holds; ValueError naming every rule that does not."""
    lines, faults = [], []
    for rule in (people, prefecture_people, sector_sums, prefecture_sums, province_sums, industrial_park, observed_gdp, land):
        found = rule(sources)
        lines.append(f"{rule.__doc__.splitlines()[0]} {'no' if found else 'yes'}")
        faults += found
    if faults:
        raise ValueError("the first pass breaks its rules:\n  - " + "\n  - ".join(faults))
    return lines


def _inside(sources: Sources) -> list[dict]:
    return [row for row in sources.places if is_inside(row)]


def people(sources: Sources) -> list[str]:
    """Residents of the four provinces match the census to the person?"""
    total: dict[str, int] = defaultdict(int)
    for row in _inside(sources):
        total[row["province_id"]] += int(row["population"])
    faults = []
    for code, wanted in PROVINCE_PEOPLE.items():
        published = round(sources.value("facts_provinces", code, "population"))
        if not total[code] == wanted == published:
            faults.append(f"population of {INSIDE[code]}: places {total[code]}, census {published}, README {wanted}")
    return faults


def prefecture_people(sources: Sources) -> list[str]:
    """Residents of each prefecture match the census to the person?"""
    total: dict[str, int] = defaultdict(int)
    for row in _inside(sources):
        total[row["prefecture_id"]] += int(row["population"])
    pairs = {code: round(sources.value("facts_prefectures", code, "population")) for code in total}
    return [f"population of {code}: places {total[code]}, census {wanted}" for code, wanted in pairs.items() if total[code] != wanted]


def _gdp(sources: Sources, place: str) -> float:
    return float(sources.accounts[place, "gdp", "all"]["value"])


def sector_sums(sources: Sources) -> list[str]:
    """Sectors add up to value added in every place?"""
    faults = []
    for row in sources.places:
        parts = sum(value_added(sources, row["id"], sector) for sector in SECTORS)
        whole = _gdp(sources, row["id"])
        if abs(parts - whole) > max(ROUNDING, 2e-5 * whole):
            faults.append(f"sectors of {row['id']} add up to {parts:.2f}, value added is {whole:.2f}")
    return faults


def prefecture_sums(sources: Sources) -> list[str]:
    """Places add up to their prefecture's value added?"""
    total: dict[str, float] = defaultdict(float)
    for row in _inside(sources):
        total[row["prefecture_id"]] += _gdp(sources, row["id"])
    faults = []
    for code, found in total.items():
        wanted = sources.value("facts_prefectures", code, "gdp")
        if abs(found / wanted - 1.0) > GDP_TOLERANCE:
            faults.append(f"value added of prefecture {code}: places {found:.1f}, published {wanted:.1f}")
    return faults


def province_sums(sources: Sources) -> list[str]:
    """Places add up to their province's value added, one vintage (Jiangsu 1.85 % above)?"""
    total: dict[str, float] = defaultdict(float)
    for row in _inside(sources):
        total[row["province_id"]] += _gdp(sources, row["id"])
    faults = []
    for code, found in total.items():
        wanted = sources.value("facts_provinces", code, "gdp") * (JIANGSU_OVER if code == "320000" else 1.0)
        if abs(found / wanted - 1.0) > GDP_TOLERANCE:
            faults.append(f"value added of {INSIDE[code]}: places {found:.1f}, expected {wanted:.1f}")
    return faults


def industrial_park(sources: Sources) -> list[str]:
    """Suzhou Industrial Park counted once, inside Wuzhong and Huqiu?"""
    park = sources.value("facts_jiangsu_anhui", INDUSTRIAL_PARK, "gdp")
    hosts = sum(_gdp(sources, code) for code in PARK_HOSTS)
    own = sum(sources.value("facts_jiangsu_anhui", code, "gdp") for code in PARK_HOSTS)
    ids = {row["id"] for row in sources.places}
    if INDUSTRIAL_PARK in ids or abs(hosts - own - park) > ROUNDING * 10:
        return [f"Wuzhong and Huqiu have {hosts:.1f}, own figures {own:.1f}, the park {park:.1f}"]
    return []


def observed_gdp(sources: Sources) -> list[str]:
    """Value added marked observed equals a raw figure of 2020, of its unit?"""
    raw: dict[str, list[float]] = defaultdict(list)
    for name in ("facts_shanghai_zhejiang", "facts_jiangsu_anhui"):
        for row in sources.rows(name):
            if row["variable"] == "gdp" and row["year"] == "2020":
                raw[row["unit"]].append(float(row["value"]))
    park = dict.fromkeys(PARK_HOSTS, raw[INDUSTRIAL_PARK])
    faults = []
    for row in _inside(sources):
        account = sources.accounts[row["id"], "gdp", "all"]
        if account["status"] == "observed" and row["id"] not in park:
            value = float(account["value"])
            if not any(abs(value - other) <= 0.051 for other in raw[row["adcode"]]):
                faults.append(f"value added of {row['id']} is {value}, raw figures {raw[row['adcode']]}")
    return faults


def land(sources: Sources) -> list[str]:
    """Land within the polygon (official figures up to 2.5 % above are cut), polygons as in the first pass?"""
    faults = []
    for row in _inside(sources):
        area, polygon = float(row["land_km2"]), float(row["area_polygon_km2"])
        if area > 1.025 * polygon:
            faults.append(f"land of {row['id']} is {area} km2, its polygon {polygon}")
    for name, geometry in full_polygons(sources).items():
        first = next(float(row["area_polygon_km2"]) for row in sources.places if row["id"] == name)
        if abs(area_km2(geometry) / first - 1.0) > 0.01:
            faults.append(f"polygon of {name} has {area_km2(geometry):.1f} km2, first pass {first}")
    return faults
