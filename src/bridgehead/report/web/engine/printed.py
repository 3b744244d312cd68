"""The report of one scenario as PDF: its texts and numbers here, its layout in assets/report.typ, set by typst without any network."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from bridgehead.appraise.tables import place_columns
from bridgehead.appraise.zone import zone_rows
from bridgehead.policy import lever_rows_of
from bridgehead.region.checks import inferred_places
from bridgehead.report.figures.numbers import amount, change, level, plain, unit_of
from bridgehead.report.figures.words import Both, both, load_text
from bridgehead.report.web.engine.drawing import drawing
from bridgehead.report.web.engine.further import totals_of
from bridgehead.report.web.engine.hot import Hot, Result
from bridgehead.report.web.engine.matrix import cells_of
from bridgehead.report.web.engine.words import quantity
from bridgehead.version import VERSION

FONTS = (
    "Noto Sans",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "DejaVu Sans",
)
"""Fonts of the system in the order they are tried; the last resort is what typst carries, which has no Chinese."""

RANKED = 8
MOST_NAMES = 4
MARK = "map.svg"


def printed(hot: Hot, result: Result, lang: str) -> bytes:
    """The PDF. The same result is the same bytes on one machine: it holds no time."""
    import typst

    template = resources.files("bridgehead.report").joinpath("assets", "report.typ").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        svg, legend = drawing(hot, result)
        (root / "report.typ").write_text(template, encoding="utf-8")
        (root / MARK).write_text(svg, encoding="utf-8")
        content = document(hot, result, lang) | {"map": bool(svg), "legend": legend}
        (root / "data.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return typst.compile(root / "report.typ", root=root, timestamp=0)


def document(hot: Hot, result: Result, lang: str) -> dict[str, Any]:
    """Everything the page shows, as texts of one language."""
    words, region = load_text("printed"), hot.region

    def say(key: str, /, **values: object) -> str:
        return words[key][lang].format(**values) if values else words[key][lang]

    def choose(pair: Both) -> str:
        return pair.zh if lang == "zh" else pair.en

    name = choose(both(region.meta.name, region.meta.name_zh))
    scenario = result.scenario
    kind = say({"zone": "zone_kind"}.get(result.kind, result.kind))
    return {
        "lang": lang, "fonts": list(FONTS), "version": VERSION, "region": name, "running": say("running"),
        "title": choose(both(scenario.name, scenario.name_zh)), "describe": choose(both(scenario.describe, scenario.describe_zh)),
        "eyebrow": say("eyebrow", kind=kind, region=name, year=region.meta.year),
        "key_line": say("key_line", key=result.key, version=VERSION, hash=region.folder_hash[:12]),
        "headline": _headline(hot, result, choose), "map_note": say("map_note"), "zone": _zone(hot, result, choose),
        "needs": _needs(hot, result, choose), "places": _places(hot, result, choose, say),
        "levers": _levers(hot, result, choose, say), "trust": _trust(hot, result, lang, say), "words": _words(hot, say, choose),
    }  # fmt: skip


def _words(hot: Hot, say: Callable[..., str], choose: Callable[[Both], str]) -> dict[str, Any]:
    money = choose(unit_of(f"bn {hot.region.meta.currency}/year").label)
    keys = ("map", "zone", "needs", "needs_note", "places", "places_note", "levers", "trust", "trust_note", "limits", "limits_text")
    heads = {
        "zone_heads": [say("zone_where"), f"{say('zone_value_added')} ({money})", f"{say('zone_welfare')} ({money})"],
        "needs_heads": [say(f"need_{key}") for key in ("measure", "baseline", "change", "unit")],
        "places_heads": [choose(unit_of(f"million_{hot.region.meta.currency}/year").label), say("percent")],
        "levers_heads": [say(key) for key in ("lever", "where", "value", "range", "source")],
        "trust_heads": [say("item"), say("value")],
    }
    return {key: say(key) for key in keys} | heads


def _headline(hot: Hot, result: Result, choose: Callable[[Both], str]) -> list[dict[str, str]]:
    currency, found = hot.region.meta.currency, []
    shown = unit_of(f"bn {currency}/year")
    for key, value in totals_of(result.context).items():
        known = quantity("totals", key, currency)
        text = choose(amount(-value if key == "relocated" else value, shown, signed=True, named=False))
        found.append({"name": choose(both(known["name"], known["name_zh"])), "value": text, "unit": choose(shown.label)})
    return found


def _zone(hot: Hot, result: Result, choose: Callable[[Both], str]) -> list[dict[str, Any]]:
    if not hot.shares:
        return []
    shown = unit_of(f"bn {hot.region.meta.currency}/year")
    return [
        {"name": choose(both(row["name"], row["name_zh"])), "net": row["row"] == "net",
         **{key: choose(amount(row[key], shown, signed=True, named=False)) for key in ("value_added", "welfare")}}
        for row in zone_rows(result.context, hot.shares, "")
    ]  # fmt: skip


def _needs(hot: Hot, result: Result, choose: Callable[[Both], str]) -> list[dict[str, str]]:
    """The matrix: a line for each government, each need, and each measure."""
    cells, rows, last = cells_of(hot, result), [], ("", "")
    for row in hot.needs.rows:
        if row.government != last[0]:
            name = hot.needs.governments.get(row.government)
            rows.append({"kind": "government", "name": choose(both(*name) if name else both(row.government))})
        if (row.government, row.need) != last:
            rows.append({"kind": "need", "name": choose(both(row.name, row.name_zh))})
        last = (row.government, row.need)
        cell, unit = cells[row.key], unit_of(row.unit)
        mark = "" if not cell.change else "▲" if (cell.change > 0) == (row.better == "up") else "▼"
        numbers = {
            "baseline": choose(level(cell.baseline, unit, named=False)),
            "change": choose(amount(cell.change, unit, signed=True, named=False)),
        }
        rows.append({"kind": "row", "name": choose(both(row.title, row.title_zh)), "mark": mark, "unit": choose(unit.label), **numbers})
    return rows


def _places(hot: Hot, result: Result, choose: Callable[[Both], str], say: Callable[..., str]) -> list[dict[str, Any]]:
    columns = place_columns(result.context)
    gain, percent = columns["value_added_change"], columns["value_added_change_percent"]
    shown = unit_of(f"million_{hot.region.meta.currency}/year")
    ranked = np.flatnonzero(result.context.mainland.mask & np.asarray(hot.region.inside) & ~inferred_places(hot.region))
    order = ranked[np.argsort(-gain[ranked], kind="stable")]

    def rows(places: np.ndarray, sign: int) -> list[dict[str, str]]:
        return [
            {"name": choose(hot.names.place(hot.region.place_ids[n])), "percent": change(float(percent[n])),
             "change": choose(amount(float(gain[n]), shown, signed=True, named=False))}
            for n in places
            if sign * gain[n] > 0
        ]  # fmt: skip

    return [
        {"head": say("gain"), "rows": rows(order[:RANKED], 1)},
        {"head": say("lose"), "rows": rows(order[::-1][:RANKED], -1)},
    ]


def _levers(hot: Hot, result: Result, choose: Callable[[Both], str], say: Callable[..., str]) -> list[dict[str, str]]:
    """One row a lever; levers that differ in their kind alone (one border, five flows) share one."""
    words = load_text("levers")
    rows: dict[tuple[str, ...], list[str]] = {}
    for row, lever in zip(lever_rows_of(result.scenario, hot.region), result.scenario.levers, strict=True):
        known = words["kind"].get(getattr(lever, "flow", None) or lever.kind, {})
        kind = row["name"] or choose(both(known.get("en", lever.kind.replace("_", " ")), known.get("zh")))
        said = words["verb"].get(row["key"])
        value = "" if row["value"] is None else choose(_filled(said, row)) if said else plain(row["value"])
        span = "" if row["low"] is None and row["high"] is None else f"{plain(row['low'])} – {plain(row['high'])}"
        source = row["source"] or say("no_source")
        source = say("assumption") if source == "assumption" else source
        kinds = rows.setdefault((_where(hot, lever, choose), value, span, source), [])
        kinds.append(kind if kind not in kinds else "")
    joint = choose(both(", ", "、"))
    return [
        {"kind": joint.join(filter(None, kinds)), "where": where, "value": value, "range": span, "source": source}
        for (where, value, span, source), kinds in rows.items()
    ]


def _where(hot: Hot, lever: Any, choose: Callable[[Both], str]) -> str:
    """Where a lever acts, by names; of long lists the first few."""
    said = lever.model_dump(mode="json", by_alias=True, exclude_none=True)

    def names(value: Any) -> str:
        items = value["is"] if isinstance(value, Mapping) else value
        ids = [str(each) for each in items] if isinstance(items, list) and not any(isinstance(i, Mapping) for i in items) else [items]
        texts = [names(i) if isinstance(i, Mapping) else choose(hot.names.places.get(i) or hot.names.jurisdiction(i)) for i in ids]
        more = f" … ({len(texts)})" if len(texts) > MOST_NAMES else ""
        return ", ".join(texts[:MOST_NAMES]) + more

    parts = [f" {'←' if said.get('one_way') else '↔'} ".join(names(said[key]) for key in ("between", "and"))] if "between" in said else []
    parts += [
        names([said[key]] if isinstance(said[key], str) else said[key]) for key in ("place", "places", "in", "origins") if key in said
    ]
    if "from" in said:
        parts.append(" – ".join(names([said[key]]) for key in ("from", "to")))
    parts += [names([said[key]] if isinstance(said[key], str) else said[key]) for key in ("sector", "via") if key in said]
    return "; ".join(parts)


def _filled(said: Mapping[str, str], row: Mapping[str, Any]) -> Both:
    number = f"{100 * row['value']:g} %" if row["key"] in ("open", "raise_value_added") else f"{row['value']:g}"
    return both(said["en"].format(n=number), said["zh"].format(n=number))


def _trust(hot: Hot, result: Result, lang: str, say: Callable[..., str]) -> list[dict[str, str]]:
    held = result.solved.certificate
    rows = [
        (say("certificate"), held.line(lang=lang)), (say("key"), result.key), (say("data_hash"), hot.region.folder_hash),
        (say("input_hash"), held.input_hash), (say("version"), f"Bridgehead {VERSION}"),
    ]  # fmt: skip
    for note in result.solved.notes:
        rows += [(say("found"), f"{place}: {plain(value)}") for place, value in note["multiplier"].items()]
    return [{"name": name, "value": value} for name, value in rows]
