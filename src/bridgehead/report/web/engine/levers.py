"""Controls made from the levers' own parameters: kinds, ranges, units, choices; strategies and zones of the region as presets."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridgehead.policy import LEVERS, Scenario, governments, scenario_text, where_of
from bridgehead.policy.levers.base import STRENGTHS, BaseLever
from bridgehead.report.figures.words import both, load_text
from bridgehead.report.web.engine.hot import Hot
from bridgehead.report.web.engine.reading import as_json
from bridgehead.report.web.engine.words import named, unit, word


@dataclass(frozen=True)
class Slide:
    """How a strength is moved by hand: the ends of its slider, where it does nothing, where a new lever starts, and its step."""

    low: float
    high: float
    neutral: float | None
    start: float
    step: float
    scale: str = "linear"
    unit: str = "1"


SLIDES: dict[tuple[str, str], Slide] = {
    ("passage", "open"): Slide(0.0, 1.0, 0.0, 0.1, 0.01),
    ("passage", "multiply"): Slide(0.0, 4.0, 1.0, 1.5, 0.05),
    ("passage", "set"): Slide(0.0, 1.0, None, 1.0, 0.01),
    ("land", "multiply"): Slide(0.8, 1.5, 1.0, 1.1, 0.01),
    ("land", "add_km2"): Slide(0.0, 50.0, 0.0, 5.0, 0.1, unit="km2"),
    ("productivity", "multiply"): Slide(0.9, 1.3, 1.0, 1.02, 0.005),
    ("productivity", "raise_value_added"): Slide(0.0, 0.5, 0.0, 0.1, 0.01),
    ("trade_cost", "multiply"): Slide(0.7, 1.3, 1.0, 0.95, 0.005),
    ("link", "minutes"): Slide(1.0, 120.0, None, 15.0, 1.0, unit="minutes"),
    ("research", "multiply"): Slide(0.5, 4.0, 1.0, 1.2, 0.05, scale="log"),
    ("research", "add"): Slide(0.0, 20_000.0, 0.0, 1_000.0, 50.0, unit="million money/year"),
    ("registration", "multiply"): Slide(0.5, 2.0, 1.0, 1.1, 0.01),
    ("registration", "set"): Slide(0.0, 1.0, None, 1.0, 0.01),
    ("amenity", "multiply"): Slide(0.9, 1.2, 1.0, 1.02, 0.005),
    ("transfers", "multiply"): Slide(0.0, 2.0, 1.0, 0.5, 0.05),
    ("tax", "multiply"): Slide(0.0, 2.0, 1.0, 0.9, 0.01),
    ("tax", "add"): Slide(-0.1, 0.1, 0.0, 0.01, 0.001),
    ("tax", "set"): Slide(0.0, 0.5, None, 0.1, 0.005),
}
"""Ends of sliders, not bounds: what a lever accepts stands beside them, from its own model."""

PLAIN = {"set": Slide(0.0, 1.0, None, 0.5, 0.01), "open": Slide(0.0, 1.0, 0.0, 0.1, 0.01)}
"""Sliders of strengths that no line above names, as of a lever of one's own."""


def slide_of(kind: str, key: str) -> Slide:
    """The slider of a kind of lever's strength."""
    return SLIDES.get((kind, key)) or PLAIN.get(key) or Slide(0.5, 2.0, 1.0, 1.1, 0.01)


FIELD_KINDS = {
    "level": "choice", "sector": "sectors", "place": "place", "places": "places", "in": "within", "origins": "origins",
    "via": "choice", "from": "place", "to": "place", "mode": "choice", "opened": "date", "one_way": "flag", "split": "shares",
}  # fmt: skip
COMMON = {"name": "text", "by": "texts", "source": "text", "starts": "date", "ends": "date", "phase_in": "number", "order": "number"}
INSIDE_ONLY = {("link", "from"), ("link", "to")}


def levers(hot: Hot) -> dict[str, Any]:
    """All kinds of levers with their controls, and the region's strategies and zones."""
    return {
        "kinds": [_kind(hot, name, model) for name, model in LEVERS.items()],
        "common": [_common(key, kind) for key, kind in COMMON.items()],
        "presets": [_preset(hot, id, scenario) for id, scenario in hot.presets.items()],
    }


def _kind(hot: Hot, name: str, model: type[BaseLever]) -> dict[str, Any]:
    known = load_text("levers")["kind"].get(name) or load_text("levers")["kind"].get(name.replace("_", " "))
    said = both(known["en"], known["zh"]) if known else both(name.replace("_", " "))
    own = {field.alias or key: field for key, field in model.model_fields.items() if key != "lever"}
    does = word("lever", name)
    why = _why_not(hot.region, name)
    return {
        "lever": name, **named(said), "describe": does["name"], "describe_zh": does["name_zh"],
        "strengths": [_strength(hot, name, key, own[key]) for key in STRENGTHS if key in own],
        "fields": [_field(hot, name, key, field) for key, field in own.items() if key in own and _is_field(name, key)],
        "where": _where(own), "available": not why, "why_not": why or None,
    }  # fmt: skip


def _is_field(name: str, key: str) -> bool:
    common = key in COMMON and not (name == "rent_pools" and key == "by")
    return not common and key not in STRENGTHS and key not in ("low", "high")


def _where(own: Mapping[str, Any]) -> list[list[str]]:
    """The ways to say where a lever acts, of which exactly one is used: groups of keys."""
    groups = [["place"], ["places"], ["in"], ["between", "and"], ["from", "to"]]
    return [group for group in groups if all(key in own for key in group)]


def _strength(hot: Hot, name: str, key: str, field: Any) -> dict[str, Any]:
    slide, least, most = slide_of(name, key), None, None
    for rule in _rules(field.annotation, field.metadata):
        least = getattr(rule, "ge", getattr(rule, "gt", None)) if least is None else least
        most = getattr(rule, "le", getattr(rule, "lt", None)) if most is None else most
    return {
        "key": key, **word("strength", key), "unit": unit(slide.unit, hot.region.meta.currency), "min": slide.low, "max": slide.high,
        "least": least, "most": most, "neutral": slide.neutral, "default": slide.start, "step": slide.step, "scale": slide.scale,
    }  # fmt: skip


def _rules(annotation: Any, metadata: Any = ()) -> list[Any]:
    """The bounds that a field's type carries."""
    found = [rule for item in metadata for rule in (item.metadata if hasattr(item, "metadata") else [item])]
    for part in typing.get_args(annotation):
        inner = getattr(part, "__metadata__", ())
        found += [rule for item in inner for rule in (item.metadata if hasattr(item, "metadata") else [item])]
        found += _rules(part)
    return found


def _field(hot: Hot, name: str, key: str, field: Any) -> dict[str, Any]:
    kind = FIELD_KINDS.get(key, "choice")
    if key in ("between", "and"):
        kind = "jurisdictions" if name == "passage" else "side"
    found = {"key": key, **word("field", key), "kind": kind, "required": field.is_required()}
    if kind == "shares":
        found["choices"] = [{"id": level, **word("level", level)} for level in hot.region.levels]
    if kind == "choice":
        found["choices"] = [{"id": id, **_choice_name(hot, key, id)} for id in _choices(hot, name, key, field)]
    if kind == "jurisdictions":
        found["level_from"] = "level"
    if kind == "place":
        found["inside"] = (name, key) in INSIDE_ONLY
    return found


def _choices(hot: Hot, name: str, key: str, field: Any) -> list[str]:
    region = hot.region
    if key == "level":
        return list(region.meta.bordered_levels)
    if key == "by":
        return [level for level in region.levels if level != "place"]
    if key == "mode":
        return [mode for mode in region.meta.modes if mode != "door"]
    if key == "via":
        return [] if region.gateways is None else sorted(set(region.gateways["gateway"].to_list()))
    literals = _literals(field.annotation)
    if key == "flow":
        return [flow for flow in literals if any(made == flow for made, _ in region.arrays().passages)]
    return literals


def _literals(annotation: Any) -> list[str]:
    if typing.get_origin(annotation) is typing.Literal:
        return [str(value) for value in typing.get_args(annotation)]
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is not None:
        return [value for part in typing.get_args(annotation) for value in _literals(part)]
    return []


def _choice_name(hot: Hot, key: str, id: str) -> dict[str, str]:
    if key in ("level", "by"):
        return word("level", id)
    via = load_text("levers")["via"].get(id) if key == "via" else None
    return named(both(via["en"].strip(), via["zh"].strip("（）"))) if via else word("choice", id)


def _why_not(region: Any, name: str) -> str:
    """Why this region has no use for a kind of lever; "" where it has."""
    if name == "research" and region.arrays().research_spending is None:
        return "the region has no research_spending among its facts"
    if name == "link" and region.links is None:
        return "the region gives travel times as a table and has no network"
    if name in ("tax", "share_rule") and region.meta.closures.government != "taxes":
        return "governments do not tax inside the model of this region"
    if name == "passage" and not region.meta.bordered_levels:
        return "the region has no borders"
    return ""


def _common(key: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {"key": key, **word("field", "consent" if key == "by" else key), "kind": kind, "required": False}
    return found | (
        {"min": 0, "unit": {"id": "year", "en": "years", "zh": "年", "scale_en": 1, "scale_zh": 1}} if key == "phase_in" else {}
    )


def _preset(hot: Hot, id: str, scenario: Scenario) -> dict[str, Any]:
    said = {"describe": both(scenario.describe, scenario.describe_zh), "quote": both(scenario.quote, scenario.quote_zh)}
    texts = {key: pair.en for key, pair in said.items()} | {f"{key}_zh": pair.zh for key, pair in said.items()}
    return {
        "id": id, "kind": scenario.kind, "government": scenario.government, **named(hot.names.scenario(id)), **texts,
        "scenario": as_json(scenario_text(scenario)), "controls": controls(hot, scenario),
    }  # fmt: skip


def controls(hot: Hot, scenario: Scenario) -> list[dict[str, Any]]:
    """One control a lever that has a strength: its value, its sourced range, the ends of its slider, where it acts and who consents."""
    found = []
    for number, lever in enumerate(scenario.levers):
        strength = lever.strength
        if strength is None:
            continue
        key, value = strength
        slide = slide_of(lever.kind, key)
        ends = [x for x in (slide.low, slide.high, value, lever.low, lever.high) if x is not None]
        found.append({
            "lever": number, "kind": lever.kind, "key": key, **word("strength", key), "value": value, "low": lever.low, "high": lever.high,
            "min": float(np.min(ends)), "max": float(np.max(ends)), "neutral": slide.neutral, "step": slide.step, "scale": slide.scale,
            "unit": unit(slide.unit, hot.region.meta.currency), "source": lever.source, "where": where_of(lever),
            "mechanisms": list(lever.mechanisms(hot.region)), "by": list(governments(lever, hot.region)), "title": lever.name,
        })  # fmt: skip
    return found
