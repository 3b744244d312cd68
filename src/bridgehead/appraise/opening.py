"""What is a border, and what is a residual: opening the provincial part beside opening everything (delta-probe.md §9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from bridgehead.appraise.context import Context
from bridgehead.appraise.sets import ZONE_SIDES, Places
from bridgehead.appraise.zone import jurisdiction_name, shares_of
from bridgehead.policy import Scenario, read_scenario

FLOWS = {"commuting": ("commuters", "通勤"), "trade": ("goods", "商品")}
PARTS = {
    "provincial_part": ("the provincial part", "省级部分"),
    "everything": ("all of the fitted residual: an upper bound, no policy", "全部残差：上限，并非政策"),
}


@dataclass(frozen=True, eq=False)
class Opening:
    """One border opened between two sets of places: which flow, how much of it, the scenario, and both names (en, zh)."""

    flow: str
    part: str
    one: Places
    other: Places
    scenario: Scenario
    names: tuple[tuple[str, str], tuple[str, str]]


def openings_of(region: Any, sets: Mapping[str, Places], names: Mapping[str, tuple[str, str]]) -> list[Opening]:
    """The border between the provinces of the zone's sides, opened for each flow: its provincial part, and everything.

    The provincial part is the passage of the bordered level with the fewest jurisdictions; everything opens all bordered
    levels, and is left out where the other levels hold nothing of the flow back: then the provincial part is all there is. []
    without zone sides in two provinces, or where only one level has borders.
    """
    provinces = _provinces(region, sets)
    levels = sorted(region.meta.bordered_levels, key=lambda level: len(region.jurisdictions(level)))
    if len(provinces) < 2 or len(levels) < 2:
        return []
    found = []
    for one, other in pairwise(provinces):
        for flow in FLOWS:
            parts = {"provincial_part": levels[:1]} | ({"everything": levels} if _held_back(region, flow, levels[1:], one, other) else {})
            for part, opened in parts.items():
                said = tuple(jurisdiction_name(region, places.name, places.mask, names) for places in (one, other))
                found.append(Opening(flow, part, one, other, _scenario(region, flow, opened, one, other, part), said))
    return found


def _held_back(region: Any, flow: str, levels: list[str], one: Places, other: Places) -> bool:
    """Whether any passage of the flow at these levels, between the two sets, is not 1."""
    arrays = region.arrays()
    for level in levels:
        passage = np.asarray(arrays.passages.get((flow, level), 1.0))
        if passage.ndim == 0:
            continue
        cells = [np.unique(np.asarray(region.cells(level))[places.mask]) for places in (one, other)]
        both = [passage[..., first[:, None], second] for first, second in (cells, cells[::-1])]
        if any((part != 1.0).any() for part in both):
            return True
    return False


def _provinces(region: Any, sets: Mapping[str, Places]) -> list[Places]:
    """The provinces of the sides: each side with the rest of its host and of its province."""
    sides = sets.get(ZONE_SIDES)
    found: dict[str, Places] = {}
    for share in shares_of(region, sets):
        if share.group in ("province", "host"):
            level, name = share.places.name.split(":", 1)
            members = np.asarray(region.members(level, name), dtype=bool)
            if not any((members & ~other.mask).sum() == 0 for other in found.values()):
                found = {key: other for key, other in found.items() if (other.mask & ~members).any()}
                found[name] = Places(name, members)
    return [places for places in found.values() if sides is not None and (places.mask & sides.mask).any()]


def _scenario(region: Any, flow: str, levels: list[str], one: Places, other: Places, part: str) -> Scenario:
    levers = []
    for level in levels:
        column = np.asarray(region.column_of(level), dtype=object)
        names = [list(dict.fromkeys(column[places.mask & np.asarray(region.inside)])) for places in (one, other)]
        levers.append({"lever": "passage", "flow": flow, "level": level, "between": names[0], "and": names[1], "open": 1.0})
    return read_scenario({"format": 1, "name": f"opening/{flow}/{part}", "lever": levers}, region)


def opening_row(opening: Opening, context: Context) -> dict[str, Any]:
    """One row of opening.csv: net gain, gains of both sides and welfare, bn a year; commuters between them before and after."""
    before, after = context.before, context.after
    between = [float(_between(world.commuters, opening)) for world in (before, after)]
    money = context.welfare_function(context.mainland)(after.state, after.given)
    label, label_zh = PARTS[opening.part]
    flow, flow_zh = FLOWS[opening.flow]
    (one, one_zh), (other, other_zh) = opening.names
    return {
        "flow": opening.flow, "part": opening.part, "upper_bound": opening.part == "everything",
        "name": f"{flow} between {one} and {other}: {label}",
        "name_zh": f"{one_zh or one}与{other_zh or other}之间的{flow_zh}：{label_zh}",
        "net_gain": context.gain(context.mainland) / 1000.0,
        "one": opening.one.name, "gain_one": context.gain(opening.one) / 1000.0,
        "other": opening.other.name, "gain_other": context.gain(opening.other) / 1000.0,
        "welfare": float(money) / 1000.0,
        "commuters_before": between[0], "commuters_after": between[1], "status": "solved", "note": "",
    }  # fmt: skip


def _between(commuters: np.ndarray, opening: Opening) -> float:
    one, other = opening.one.mask, opening.other.mask
    return commuters[np.ix_(one, other)].sum() + commuters[np.ix_(other, one)].sum()


def opens_residual(lever: Mapping[str, Any], region: Any) -> bool:
    """Whether a lever acts on passages that were fitted to flows: homes, schools and modes of travel, which no policy decrees."""
    fit = region.fit or {}
    return lever.get("lever") == "passage" and "flow" in fit and (lever.get("flow"), lever.get("level")) == (fit["flow"], fit.get("level"))


def upper_bounds(scenarios: Mapping[str, Scenario], region: Any) -> list[str]:
    """A warning for every scenario that opens a fitted passage: its column is an upper bound."""
    found = []
    for id, scenario in scenarios.items():
        if any(opens_residual(lever.model_dump(), region) for lever in scenario.levers):
            found.append(
                f"{id} moves passages of {region.fit['flow']} at level '{region.fit['level']}', which were fitted to flows: a residual (homes, schools, modes "
                "of travel) and no policy. Read its column as an upper bound"
            )
    return found
