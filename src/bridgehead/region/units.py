"""Units of facts: which are known for each dimension, and the factor to the unit the program works in.

A unit is never guessed: one that is not in the table of its dimension is a fault. Money is in the region's currency.
The working units are persons, million currency a year, million currency a person and year, currency a m2 and day,
km2, minutes and plain numbers.
"""

from __future__ import annotations

DAYS = 365.0
MU_KM2 = 1.0 / 1500.0  # fifteen mu are a hectare

# how many one is; the Chinese counting words in the forms statistics use
COUNTS = {
    "": 1.0,
    "thousand": 1e3,
    "1000": 1e3,
    "10_thousand": 1e4,
    "10000": 1e4,
    "ten_thousand": 1e4,
    "million": 1e6,
    "100_million": 1e8,
    "hundred_million": 1e8,
    "billion": 1e9,
    "trillion": 1e12,
}
CHINESE_COUNTS = {"": 1.0, "千": 1e3, "万": 1e4, "百万": 1e6, "亿": 1e8, "万亿": 1e12}
PERSON_NAMES = ("person", "persons", "people", "worker", "workers")
YUAN_NAMES = ("yuan", "cny", "rmb")
AREAS = {
    "km2": 1.0,
    "km²": 1.0,
    "sq_km": 1.0,
    "平方公里": 1.0,
    "平方千米": 1.0,
    "ha": 0.01,
    "hectare": 0.01,
    "hectares": 0.01,
    "公顷": 0.01,
    "m2": 1e-6,
    "m²": 1e-6,
    "平方米": 1e-6,
    "mu": MU_KM2,
    "亩": MU_KM2,
    "万亩": 1e4 * MU_KM2,
}
# the working unit of each dimension
DIMENSIONS = {
    "people": "person",
    "money": "million_{currency}/year",
    "pay": "million_{currency}/(person year)",
    "rent": "{currency}/(m2 day)",
    "price": "{currency}/m2",
    "area": "km2",
    "time": "minutes",
    "number": "1",
}
SQUARE_METRES = ("m2", "m²", "sq_m")


def canonical_unit(dimension: str, currency: str) -> str:
    """The unit the program works in, for a dimension of the variables' registry."""
    return DIMENSIONS[dimension].format(currency=currency)


def factor(unit: str, dimension: str, currency: str) -> float | None:
    """What a value in `unit` is multiplied by to be in the working unit of `dimension`; None for an unknown unit.

    A value a year may leave '/year' out, because the variable is one of a year by its definition.
    """
    return known_units(dimension, currency).get(normal(unit))


def normal(unit: str) -> str:
    """A unit in the form the tables use: lower case, single underscores for blanks outside brackets."""
    text = " ".join(str(unit).strip().lower().split())
    text = text.replace("（", "(").replace("）", ")").replace("·", " ").replace("*", " ").replace(" /", "/")
    head, bracket, tail = text.replace("/ ", "/").partition("/(")
    return head.replace(" ", "_") + bracket + tail.replace("_", " ")


def known_units(dimension: str, currency: str) -> dict[str, float]:
    """All known units of a dimension, in normal form, with their factors."""
    if dimension == "people":
        return _people()
    if dimension == "area":
        return dict(AREAS)
    if dimension == "time":
        return {"minutes": 1.0, "minute": 1.0, "min": 1.0, "分钟": 1.0, "hours": 60.0, "hour": 60.0, "小时": 60.0}
    if dimension == "number":
        return {"1": 1.0, "share": 1.0, "percent": 0.01, "%": 0.01}
    money = _money(currency)
    if dimension == "money":
        return _with(money, ("", "/year", "/a", "/年"), 1e-6)
    if dimension == "pay":
        return _with(money, ("/year", "/(person year)", "/(year person)", "/person/year", "/年", "/人年"), 1e-6)
    areas = (*SQUARE_METRES, "平方米")
    if dimension == "price":
        return _with(money, tuple(f"/{area}" for area in areas), 1.0)
    spans = {
        "day": 1.0,
        "month": 12.0 / DAYS,
        "year": 1.0 / DAYS,
        "天": 1.0,
        "日": 1.0,
        "月": 12.0 / DAYS,
        "年": 1.0 / DAYS,
    }
    known = {}
    for area in areas:
        for span, times in spans.items():
            known |= _with(money, (f"/({area} {span})", f"/{area}/{span}"), times)
    return known


def _people() -> dict[str, float]:
    known = {f"{count}_{name}".lstrip("_"): times for count, times in COUNTS.items() for name in PERSON_NAMES}
    return known | {f"{count}人": times for count, times in CHINESE_COUNTS.items()}


def _money(currency: str) -> dict[str, float]:
    names = YUAN_NAMES if currency.lower() in YUAN_NAMES else (currency.lower(),)
    known = {f"{count}_{name}".lstrip("_"): times for count, times in COUNTS.items() for name in names}
    if "yuan" in names:
        known |= {f"{count}元": times for count, times in CHINESE_COUNTS.items()}
    return known


def _with(units: dict[str, float], endings: tuple[str, ...], times: float) -> dict[str, float]:
    return {unit + ending: value * times for unit, value in units.items() for ending in endings}
