"""Names of what is drawn and of outcomes, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridgehead.ensemble.factors import Factor
from bridgehead.ensemble.summary import SURE
from bridgehead.report.figures.names import Names
from bridgehead.report.figures.numbers import plain
from bridgehead.report.figures.words import Both, both, load_text, say_from

__all__ = ["factor_name", "per_cent", "sign_css", "tell"]


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


def sign_css(found: Mapping[str, Any], better: str) -> str:
    """good or bad where nine draws of ten agree on the sign, none where as many have no change at all, else unsure.

    >>> rise, fall, still, both = ({"positive": p, "negative": n} for p, n in ((0.95, 0.05), (0.0, 0.95), (0.0, 0.0), (0.6, 0.4)))
    >>> sign_css(rise, "up"), sign_css(rise, "down"), sign_css(fall, "up"), sign_css(still, "up"), sign_css(both, "up")
    ('good', 'bad', 'bad', 'none', 'unsure')
    """
    if found["positive"] is None:
        return "unsure"
    for share, good in ((found["positive"], better == "up"), (found["negative"], better != "up")):
        if share >= SURE:
            return "good" if good else "bad"
    return "none" if found["positive"] + found["negative"] <= 1.0 - SURE else "unsure"
