"""Names and units of the workbench's answers, in both languages."""

from __future__ import annotations

from typing import Any

from bridgehead.report.figures.names import spoken
from bridgehead.report.figures.numbers import unit_of
from bridgehead.report.figures.words import Both, both, load_text


def unit(name: str, currency: str) -> dict[str, Any]:
    """A unit as the page shows it: label and factor in both languages, and the unit of levels where changes are too small for it; `money` in its name is the region's currency."""
    own = name.replace("money", currency).replace("yuan", currency)
    found = unit_of(own)
    base = found.base and {"en": found.base.label.en, "zh": found.base.label.zh, "scale": found.base.scale_en}
    labels = {"en": found.label.en, "zh": found.label.zh, "scale_en": found.scale_en, "scale_zh": found.scale_zh}
    return {"id": own, **labels, "base": base}


def named(pair: Both) -> dict[str, str]:
    """A name in both languages."""
    return {"name": pair.en, "name_zh": pair.zh}


def quantity(group: str, id: str, currency: str) -> dict[str, Any]:
    """A quantity of text/quantities.toml with its id, names and unit."""
    known = load_text("quantities")[group].get(id)
    if known is None:
        return {"id": id, **named(both(spoken(id))), "unit": unit("1", currency)}
    return {"id": id, **named(both(known["en"], known["zh"])), "unit": unit(known.get("unit", "1"), currency)}


def word(group: str, id: str) -> dict[str, str]:
    """The names of an id of text/quantities.toml; the id in words where there are none."""
    known = load_text("quantities")[group].get(id)
    return named(both(spoken(id)) if known is None else both(known["en"], known["zh"]))
