"""Numbers and units as a reader of either language expects them.

English shows bn yuan and persons; Chinese shows 亿元 and 万人, so a number may differ between the languages by the unit's
factor. The tables of the folder keep the unit of the file.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from bridgehead.report.figures.words import Both, both, load_text

__all__ = ["Unit", "amount", "bound", "brief", "change", "level", "per", "plain", "unit_of"]

MINUS = "−"
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Unit(NamedTuple):
    """A unit in both languages; `scale_*` multiplies the file's number.

    base: the unit that a level is shown in where changes are too small for it (basis points beside per cent), else None.
    """

    label: Both
    scale_en: float = 1.0
    scale_zh: float = 1.0
    base: Unit | None = None


def unit_of(name: str | None) -> Unit:
    """The unit a table names, as it is shown; an unknown one is shown as it stands."""
    known = load_text("units").get(name or "", None)
    if known is None:
        return Unit(both((name or "").replace("_", " ")))
    base = known.get("base")
    level = None if base is None else Unit(both(base["en"], base["zh"]), base["scale"], base["scale"])
    return Unit(both(known["en"], known["zh"]), known.get("scale_en", 1.0), known.get("scale_zh", 1.0), level)


def per(above: Unit, below: Unit) -> Unit:
    """The unit of a rate, so many of the first for one of the second: both as they are shown. It keeps the name of the first.

    >>> per(unit_of("bn yuan/year"), unit_of("million_yuan/year")).scale_zh  # 亿元 for 亿元, in a file 0.001 bn for one m
    1000.0
    """
    return Unit(above.label, above.scale_en / below.scale_en, above.scale_zh / below.scale_zh)


def plain(value: float | None) -> str:
    """A number with three significant digits (two below 0.1), thousands separated, a true minus; "–" where there is none.

    >>> plain(1234.5), plain(-0.0123), plain(0.0)
    ('1,234', '−0.012', '0')
    """
    if value is None or not math.isfinite(value):
        return "–"
    size = abs(value)
    sign = MINUS if value < 0 else ""
    if size == 0:
        return "0"
    if size < 9.95e-5:
        return sign + _scientific(size)
    digits = 2 if size >= 0.0995 else 1
    decimals = max(0, digits - math.floor(math.log10(size)))
    return sign + f"{size:,.{min(decimals, 5)}f}"


def _scientific(size: float) -> str:
    mantissa, power = f"{size:.1e}".split("e")
    return f"{mantissa}×10{str(int(power)).translate(SUPERSCRIPT)}"


def change(value: float | None) -> str:
    """A number with its sign always shown, for changes."""
    text = plain(value)
    return "+" + text if value is not None and math.isfinite(value) and value > 0 else text


def amount(value: float | None, unit: Unit, *, signed: bool = False, named: bool = True) -> Both:
    """A number with its unit in both languages."""
    shown = change if signed else plain

    def one(scale: float, label: str) -> str:
        number = shown(None if value is None else value * scale)
        gap = "" if label.startswith("%") and number == "–" else " "
        return f"{number}{gap}{label}" if named and label and number != "–" else number

    return Both(one(unit.scale_en, unit.label.en), one(unit.scale_zh, unit.label.zh))


def level(value: float | None, unit: Unit, *, named: bool = True) -> Both:
    """A level of a row whose changes are in `unit`: in the unit's base, always named, where it has one."""
    return amount(value, unit, named=named) if unit.base is None else amount(value, unit.base)


def brief(value: float | None) -> str:
    """A signed number for a narrow cell: as `change`; what has no digit in thousandths is said to be below them, never zero.

    >>> brief(0.005749), brief(-0.00042), brief(12.345)
    ('+0.0057', '−<.001', '+12.3')
    """
    if value is not None and math.isfinite(value) and value == round(value) and 0 < abs(value) < 1000:
        return f"{MINUS if value < 0 else '+'}{abs(value):.0f}"
    if value is None or not math.isfinite(value) or value == 0 or abs(value) >= 9.95e-4:
        return change(value)
    return f"{MINUS if value < 0 else '+'}<.001"


def bound(value: float) -> str:
    """A bound of a map's classes: no more digits than it has."""
    text = plain(value)
    return text.rstrip("0").rstrip(".") if "." in text and "×" not in text else text
