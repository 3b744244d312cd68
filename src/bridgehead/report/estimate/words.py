"""Names of numbers, specifications and reasons of an estimation, in both languages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from bridgehead.report.figures.names import spoken
from bridgehead.report.figures.numbers import plain
from bridgehead.report.figures.words import Both, both, join, load_text, say_from

__all__ = [
    "clustered",
    "column_name",
    "count",
    "interval",
    "left_name",
    "level_name",
    "note_text",
    "number_name",
    "per_cent",
    "remark_text",
    "signed",
    "spec_name",
    "tell",
]


def tell(key: str, /, **values: object) -> Both:
    """A text of text/estimate.toml with its fields filled."""
    return say_from("estimate", key, **values)


def level_name(level: str) -> Both:
    """A level of jurisdictions as the reader calls it, else as the user's table does."""
    known = load_text("estimate")["level"].get(level)
    return both(known["en"], known["zh"]) if known else both(spoken(level))


def number_name(name: str, fit: Any) -> Both:
    """A coefficient's name: `border.LEVEL`, `border.LEVEL.A|B`, `decay`, `own`, `elasticity_at_mean`."""
    specification, measure = fit.sample.specification, fit.sample.pairs.measure
    if name.startswith("border."):
        level, _, two = name.removeprefix("border.").partition(".") if specification.by_pair else (name.removeprefix("border."), "", "")
        if two:
            a, _, b = two.partition("|")
            return tell("name.border_pair", a=spoken(a), b=spoken(b))
        return tell("name.border", level=level_name(level))
    if name == "elasticity_at_mean":
        from bridgehead.calibrate.estimation.result import mean_cost

        return tell("name.elasticity_at_mean", mean=plain(mean_cost(fit.sample)), unit=tell(f"word.{measure}"))
    if name == "decay":
        form = "power" if specification.decay == "power" else "exponential"
        return tell(f"name.decay_{form}", unit=tell(f"word.{measure}" if form == "power" else f"name.{measure}_one"))
    return tell(f"name.{name}")


def column_name(name: str, fit: Any) -> Both:
    """A coefficient's name over several specifications, whose decays differ in form."""
    if name == "decay":
        return tell("name.decay_any", unit=tell(f"name.{fit.sample.pairs.measure}_one"))
    return number_name(name, fit)


def spec_name(row: Mapping[str, Any], measure: str) -> Both:
    """A specification's name."""
    key = row["specification"]
    if key == "asked":
        form = tell(f"spec.{row['decay_form']}")
        return Both(f"{form.en} ({tell('spec.asked').en})", f"{form.zh}（{tell('spec.asked').zh}）")
    if key == "near":
        return tell("spec.near", within=plain(row["within"]), unit=tell(f"word.{measure}"))
    return tell(f"spec.{key}")


def left_name(key: str, sides: tuple[str, str]) -> Both:
    """Why pairs were left out."""
    if key in ("receiver", "supplier"):
        return tell(f"left.{key}", word=tell(f"word.{sides[0 if key == 'receiver' else 1]}"))
    return tell(f"left.{key}")


def clustered(cluster: str, sides: tuple[str, str]) -> Both:
    """What residuals are correlated within, in words of the flow."""
    words = {"receiver": tell(f"word.{sides[0]}"), "supplier": tell(f"word.{sides[1]}"), "pair": tell("word.pair")}
    return join([words[part] for part in cluster.split("+")], en=tell("word.and").en, zh=tell("word.and").zh)


def remark_text(remark: Mapping[str, Any], fit: Any) -> Both:
    """A remark of the result as a sentence."""
    values = {key: value if isinstance(value, str) else plain(value) for key, value in remark.items() if key != "key"}
    for key in ("low", "high"):
        if key in remark:
            values[key] = signed(remark[key])
    if "count" in remark:
        values["count"] = count(remark["count"])
    shown: dict[str, object] = dict(values)
    if "name" in remark:
        shown["name"] = number_name(remark["name"], fit)
    if "best" in remark:
        shown["best"] = tell(f"spec.{remark['best']}")
    return tell(f"remark.{remark['key']}", **shown)


def short_name(name: str) -> Both:
    """The name of a fitted passage without the word for commuters, which the page's title says."""
    from bridgehead.report.figures.fit import fitted_name

    en, zh = fitted_name(name)
    return Both(en.removeprefix("Commuters, "), zh.removeprefix("通勤："))


def note_text(note: Mapping[str, Any], sides: tuple[str, str] = ("home", "work")) -> Both:
    """A note of what was read, fitted or assumed as a sentence."""
    values: dict[str, object] = {key: count(value) if isinstance(value, int) else value for key, value in note.items() if key != "key"}
    if "moments" in note:
        from bridgehead.report.figures.fit import moment_name

        values["moments"] = join([moment_name(name) for name in note["moments"]])
    if "cluster" in note:
        values["cluster"] = clustered(note["cluster"], sides)
    return tell(f"note.{note['key']}", **values)


def signed(value: float | None) -> str:
    """A number of logs: two decimals at least, a true minus; "–" where there is none, ∞ where it is endless."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    return f"{value:.3f}".replace("-0.000", "0.000").replace("-", "−") if abs(value) < 10 else plain(value)


def interval(low: float | None, high: float | None) -> str:
    """An interval in one cell."""
    return f"{signed(low)} … {signed(high)}" if low is not None else "–"


def per_cent(value: float | None) -> str:
    """A change in per cent: one decimal below 100, none above; ∞ where it is endless."""
    if value is None:
        return "–"
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    text = f"{value:+.1f}" if abs(value) < 100 else f"{value:+,.0f}"
    return text.replace("-", "−") + " %"


def count(value: float) -> str:
    """A whole number with separators."""
    return f"{value:,.0f}"
