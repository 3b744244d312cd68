"""Needs and their measures: needs.toml read against a region, or the outcomes by jurisdiction where a region has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridgehead.appraise.measures import MEASURES
from bridgehead.appraise.sets import ABROAD, Places, mainland_of, read_sets
from bridgehead.appraise.values import CHOICES, Argument, Measure
from bridgehead.errors import Faults, PolicyError, did_you_mean

NEED_KEYS = {"id", "government", "name", "name_zh", "quote", "quote_zh", "describe", "describe_zh", "measure"}
ROW_KEYS = {"line", "function", "name", "name_zh", "unit", "better", "only", "target"}
BETTER = ("up", "down")
ONLY = ("zones",)
KINDS = {"Places": "a set of places"}
MOST_JURISDICTIONS = 12
"""Without needs, outcomes are shown for the jurisdictions of the coarsest level, no more than these."""


@dataclass(frozen=True, eq=False)
class Row:
    """One row of the matrix: a measure with its sets and options, the line of its need, its unit and what is better.

    factor: from the engine's unit to `unit`. only: 'zones' where strategies have no such number. target: an official one.
    """

    need: str
    government: str
    name: str
    name_zh: str
    quote: str
    quote_zh: str
    line: str
    measure: Measure
    title: str
    title_zh: str
    arguments: dict[str, Any]
    unit: str
    factor: float
    better: str
    only: str | None = None
    target: float | None = None

    @property
    def key(self) -> tuple[str, str]:
        """(need, line): what names a row."""
        return self.need, self.line


@dataclass(frozen=True, eq=False)
class Needs:
    """The rows of the matrix in their order, the named sets of places, and the names of governments (name, name_zh)."""

    rows: tuple[Row, ...]
    sets: dict[str, Places]
    governments: dict[str, tuple[str, str]]


def read_needs(raw: Mapping[str, Any] | None, region: Any) -> Needs:
    """The needs of a region's needs.toml (parsed), or its outcomes by jurisdiction when there is none.

    PolicyError lists every fault: unknown measures, sets, levels, sectors, units and keys, with the nearest known name.
    """
    raw = generic_needs(region) if raw is None else raw
    faults = Faults("the needs cannot be measured", PolicyError)
    for key in sorted(set(raw) - {"format", "governments", "sets", "need"}):
        faults.add(f"unknown table '{key}'", place="needs.toml", cure=did_you_mean(key, ("governments", "sets", "need")))
    if raw.get("format") != 1:
        faults.add(f"format is {raw.get('format')!r}", place="needs.toml", expected="format = 1")
    sets = read_sets(raw.get("sets", {}), region, faults)
    rows: list[Row] = []
    for number, need in enumerate(raw.get("need", []), start=1):
        rows += _read_need(need, number, sets, region, faults)
    _check_rows(rows, faults)
    faults.raise_if_any()
    named = {key: (entry.get("name", key), entry.get("name_zh", "")) for key, entry in raw.get("governments", {}).items()}
    return Needs(tuple(rows), sets, named)


def _check_rows(rows: list[Row], faults: Faults) -> None:
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if row.key in seen:
            faults.add(f"line {row.line} of '{row.need}' is given twice", place="needs.toml", cure="number further quantities 1.1, 1.2 …")
        seen.add(row.key)
    if not rows:
        faults.add("no need has a measure", place="needs.toml", expected="[[need]] with [[need.measure]]")


def _read_need(need: Mapping[str, Any], number: int, sets: Mapping[str, Places], region: Any, faults: Faults) -> list[Row]:
    where = f"needs.toml: need {number} ({need.get('id', 'without an id')})"
    for key in sorted(set(need) - NEED_KEYS):
        faults.add(f"unknown key '{key}'", place=where, cure=did_you_mean(key, NEED_KEYS))
    for key in ("id", "government", "name"):
        if not need.get(key):
            faults.add(f"has no '{key}'", place=where)
    rows = [_read_row(need, entry, where, sets, region, faults) for entry in need.get("measure", [])]
    return [row for row in rows if row is not None]


def _read_row(
    need: Mapping[str, Any], entry: Mapping[str, Any], where: str, sets: Mapping[str, Places], region: Any, faults: Faults
) -> Row | None:
    where = f"{where}, line {entry.get('line', '?')}"
    measure = MEASURES.get(str(entry.get("function")))
    if measure is None:
        name = str(entry.get("function", ""))
        faults.add(f"unknown measure '{name}'", place=where, cure=did_you_mean(name, sorted(MEASURES)))
        return None
    arguments = _arguments(measure, entry, where, sets, region, faults)
    units = measure.units(region.meta.currency)
    unit = str(entry.get("unit", next(iter(units))))
    if unit not in units:
        faults.add(f"unknown unit '{unit}' of '{measure.name}'", place=where, expected=" or ".join(units))
    for key, known in (("better", BETTER), ("only", ONLY)):
        if entry.get(key, known[0]) not in known:
            faults.add(f"{key} is '{entry[key]}'", place=where, expected=" or ".join(known))
    texts = {key: str(need.get(key, "")) for key in ("government", "name", "name_zh", "quote", "quote_zh")}
    return Row(
        need=str(need.get("id", "")), line=str(entry.get("line", "")), measure=measure, arguments=arguments,
        title=str(entry.get("name", measure.name)), title_zh=str(entry.get("name_zh", "")),
        unit=unit, factor=units.get(unit, 1.0), better=entry.get("better", "up"),
        only=entry.get("only"), target=entry.get("target"), **texts,
    )  # fmt: skip


def measure_row(entry: Mapping[str, Any], sets: Mapping[str, Places], region: Any, faults: Faults, where: str, id: str = "") -> Row | None:
    """A measure by itself, written as a [[need.measure]] table, as a row of no need; None, with every fault, where it is none."""
    entry = {"line": "1", **entry}
    return _read_row({"id": id or str(entry.get("function", ""))}, entry, where, sets, region, faults)


def _arguments(
    measure: Measure, entry: Mapping[str, Any], where: str, sets: Mapping[str, Places], region: Any, faults: Faults
) -> dict[str, Any]:
    known = {argument.name: argument for argument in measure.arguments}
    for key in sorted(set(entry) - ROW_KEYS - set(known)):
        faults.add(f"'{measure.name}' takes no '{key}'", place=where, cure=did_you_mean(key, [*known, *ROW_KEYS]))
    found: dict[str, Any] = {}
    for argument in known.values():
        if argument.name in entry:
            found[argument.name] = _argument(argument, entry[argument.name], where, sets, region, faults)
        elif not argument.optional:
            faults.add(
                f"'{measure.name}' needs '{argument.name}'", place=where, expected=KINDS.get(argument.kind, f"a {argument.kind.lower()}")
            )
    if measure.name == "ideas_used" and not ({"of", "from"} <= set(found) or {"among", "by"} <= set(found)):
        faults.add("'ideas_used' needs `of` and `from`, or `among` and `by`", place=where)
    return found


def _argument(argument: Argument, value: Any, where: str, sets: Mapping[str, Places], region: Any, faults: Faults) -> Any:
    if argument.kind == "Places":
        if value not in sets:
            faults.add(f"unknown set '{value}'", place=where, cure=did_you_mean(str(value), sets))
        elif sets[value].empty and value != ABROAD:
            faults.add(f"the set '{value}' has no place", place=where)
        return sets.get(value)
    names = {"Level": region.levels, "Sector": tuple(region.sector_groups)}.get(argument.kind) or CHOICES[argument.kind]
    if value not in names:
        faults.add(f"unknown {argument.kind.lower()} '{value}'", place=where, cure=did_you_mean(str(value), names))
    return value


def generic_needs(region: Any) -> dict[str, Any]:
    """The outcomes of model.md §10 by jurisdiction, in the form of needs.toml: for regions that state no needs."""
    level = coarsest_level(region)
    inside = np.asarray(region.inside, dtype=bool)
    names = [n for n in region.jurisdictions(level) if (np.asarray(region.members(level, n)) & inside).any()]
    sets: dict[str, Any] = {"inside": {"places": [p for p, own in zip(region.place_ids, inside, strict=True) if own]}}
    sets |= {f"{level}_{name}": {"level": level, "is": [name]} for name in names[:MOST_JURISDICTIONS]}
    needs = [_generic_whole(region, level)]
    needs += [_generic_part(region, f"{level}_{name}", name) for name in names[:MOST_JURISDICTIONS]]
    return {"format": 1, "sets": sets, "need": needs}


def coarsest_level(region: Any) -> str:
    """The level, `country` and `place` left out, with the fewest jurisdictions that hold inside places, and more than one."""
    inside = np.asarray(region.inside, dtype=bool)
    count = {level: len(set(np.asarray(region.cells(level))[inside].tolist())) for level in region.meta.levels if level != "country"}
    several = {level: number for level, number in count.items() if number > 1}
    return min(several or count, key=lambda level: (several or count)[level])


def _entry(line: str, function: str, name: str, name_zh: str, unit: str, better: str, **sets: str) -> dict[str, Any]:
    return {"line": line, "function": function, "name": name, "name_zh": name_zh, "unit": unit, "better": better, **sets}


def _generic_whole(region: Any, level: str) -> dict[str, Any]:
    money = f"bn {region.meta.currency}/year"
    measures = [
        _entry("1", "net_gain", "Net gain in real value added", "实际增加值净增", money, "up", of="mainland"),
        _entry("1.1", "relocated", "Relocated: the sum of all losses", "转移：各地损失之和", money, "down", of="mainland"),
        _entry("2", "welfare", "Welfare in money", "福利（货币等价）", money, "up", of="mainland"),
        _entry("3", "tfp", "Productivity", "全要素生产率", "bp (log)", "up", of="inside"),
        _entry("4", "theil", "Theil index of real income", "实际收入泰尔指数", "10^-6", "down", of="inside", by=level),
        _entry("4.1", "theil", "Theil index, between", "泰尔指数：地区间", "10^-6", "down", of="inside", by=level, part="between"),
        _entry("5", "migrants_gap", "Migrants' gap", "外来人口差距", "bp", "down", of="inside", by=level),
    ]  # fmt: skip
    if not mainland_of(region).mask.all():
        measures.append(
            _entry("6", "foreign_access", "Foreign market access", "国际市场可达性", "bp (log)", "up", of="inside", abroad=ABROAD)
        )
    name, name_zh = region.meta.name, region.meta.name_zh or ""
    return {"id": "whole", "government": "all", "name": name, "name_zh": name_zh, "measure": measures}


def _generic_part(region: Any, of: str, name: str) -> dict[str, Any]:
    money, rent = f"bn {region.meta.currency}/year", f"{region.meta.currency}/(m2 year)"
    measures = [
        _entry("1", "real_value_added", "Real value added", "实际增加值", money, "up", of=of),
        _entry("2", "welfare", "Welfare in money of its people", "本地居民福利（货币等价）", money, "up", of=of),
        _entry("3", "tfp", "Productivity", "全要素生产率", "bp (log)", "up", of=of),
        _entry("4", "home_rent", "Home rent over consumer prices", "住宅实际租金", rent, "down", of=of),
        _entry("5", "mean_minutes", "Mean commuting time", "平均通勤时间", "seconds", "down", of=of),
    ]
    return {"id": name, "government": name, "name": name, "measure": measures}
