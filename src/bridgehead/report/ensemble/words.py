"""Names of what is drawn and of outcomes, in both languages."""

from __future__ import annotations

from typing import Any

from bridgehead.ensemble.factors import Factor
from bridgehead.report.figures.names import Names
from bridgehead.report.figures.numbers import plain
from bridgehead.report.figures.words import Both, both, load_text, say_from

__all__ = ["factor_name", "per_cent", "tell"]


def tell(key: str, /, **values: object) -> Both:
    """A text of text/ensemble.toml."""
    return say_from("ensemble", key, **values)


def factor_name(factor: Factor, names: Names, facts: dict[str, str]) -> Both:
    """What a factor is called. facts: Chinese names of inferred figures by their names."""
    if factor.kind == "lever":
        return _lever_name(factor, names)
    known: dict[str, Any] = load_text("parameters").get(factor.name, {})
    return both(known.get("en", factor.name), known.get("zh") or facts.get(factor.name))


def _lever_name(factor: Factor, names: Names) -> Both:
    """The scenario, the lever and how it acts."""
    words, how = load_text("levers"), factor.how or {}
    kind, key = factor.name.split(": ", 1)[1].split(" ")[:2]
    spoken = words["kind"].get(kind, {"en": kind, "zh": kind})
    verb = words["verb"].get(key, {"en": key, "zh": key})
    shown = plain(factor.value)
    scenario = names.short(how["scenario"])
    return Both(f"{scenario.en}: {spoken['en']} {verb['en'].format(n=shown)}", f"{scenario.zh}：{spoken['zh']}{verb['zh'].format(n=shown)}")


def per_cent(share: float | None) -> str:
    """A share as per cent, without decimals; "–" where there is none.

    >>> per_cent(0.934), per_cent(None)
    ('93 %', '–')
    """
    return "–" if share is None else f"{100 * share:.0f} %"
