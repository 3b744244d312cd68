"""What a zone gains, and where it comes from: the sides, their host counties, the provinces, elsewhere (delta-probe.md §9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from bridgehead.appraise import commuting, outcomes
from bridgehead.appraise.context import Context
from bridgehead.appraise.sets import ZONE_SIDES, Places, mainland_of

NET = "net"
Names: TypeAlias = tuple[str, str]
WORDS = {
    "zone": ("gained in {}", "{}所得"),
    "host": ("rest of {}", "{}其余部分"),
    "province": ("rest of {}", "{}其余部分"),
    "elsewhere": ("elsewhere on the mainland", "大陆其他地区"),
    NET: ("net", "净额"),
}


@dataclass(frozen=True, eq=False)
class Share:
    """One row of a zone's result: a set of places, the group it belongs to ('zone' · 'host' · 'province' · 'elsewhere').

    name says what the row is ("gained in …", "rest of …"), label what its place or jurisdiction is called.
    """

    id: str
    group: str
    name: str
    name_zh: str
    places: Places
    label: str = ""
    label_zh: str = ""


def shares_of(region: Any, sets: Mapping[str, Places], names: Mapping[str, Names] | None = None) -> list[Share]:
    """The mainland parted into the zone's sides, the rest of their hosts, the rest of their provinces, and elsewhere.

    The sides are the places of the set `zone_sides` of needs.toml; [] where there is none. A side's host is the smallest
    jurisdiction that holds it and places outside the zone; its province the largest that is not the whole mainland.
    names: what jurisdictions are called, (English, Chinese) by id.
    """
    sides = sets.get(ZONE_SIDES)
    if sides is None or sides.empty:
        return []
    mainland = mainland_of(region)
    taken = np.zeros(sides.mask.size, dtype=bool)
    shares = []
    for place in np.flatnonzero(sides.mask):
        shares.append(_share(region, "zone", "place", place, np.arange(sides.mask.size) == place, names))
        taken[place] = True
    holders = {place: _holders(region, place, sides.mask, mainland.mask) for place in np.flatnonzero(sides.mask)}
    for group, rank in (("host", 0), ("province", -1)):
        for place, found in holders.items():
            level, members = found[rank] if found else ("", taken)
            if (members & ~taken).any() and (group == "province" or members.sum() < found[-1][1].sum()):
                shares.append(_share(region, group, level, place, members & ~taken, names))
                taken |= members
    elsewhere = Places("elsewhere", mainland.mask & ~taken)
    return [*shares, Share("elsewhere", "elsewhere", *WORDS["elsewhere"], elsewhere)]


def _holders(region: Any, place: int, sides: np.ndarray, mainland: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """(level, members) of the jurisdictions that hold the place and others outside the zone, small ones first.

    One that holds all of the mainland, or all that is inside, is no part of it and is left out.
    """
    found = []
    inside = np.asarray(region.inside)
    for level in region.levels:
        cells = np.asarray(region.cells(level))
        members = cells == cells[place]
        if (members & ~sides).any() and (mainland & ~members).any() and (inside & ~members).any():
            found.append((level, members))
    return sorted(found, key=lambda pair: pair[1].sum())


def _share(region: Any, group: str, level: str, place: int, mask: np.ndarray, names: Mapping[str, Names] | None) -> Share:
    id = region.place_ids[place] if level == "place" else str(region.column_of(level)[place])
    label, label_zh = jurisdiction_name(region, id, mask, names or {})
    # a rest that is one place has a name of its own, which says what it is
    en, zh = ("{}", "{}") if group != "zone" and mask.sum() == 1 else WORDS[group]
    places = Places(id if level == "place" else f"{level}:{id}", mask)
    return Share(f"{group}.{id}", group, en.format(label), zh.format(label_zh or label), places, label, label_zh)


def jurisdiction_name(region: Any, id: str, mask: np.ndarray, names: Mapping[str, Names]) -> Names:
    """What a set of places is called: its own names where it is one place, else those of the jurisdiction, or its id in words."""
    if mask.sum() == 1:
        row = region.places.row(int(np.flatnonzero(mask)[0]), named=True)
        return row["name"], row.get("name_zh") or ""
    if id in names:
        return names[id]
    return id.replace("_", " ").title() if id.islower() else id, ""


def zone_rows(context: Context, shares: list[Share], scenario: str) -> list[dict[str, Any]]:
    """One row a share and the net of the mainland: value added and welfare, bn a year, and per cent of the share itself.

    value_added is ΔG; welfare is the EV of those who lived there in the baseline, so that both columns add up to `net`;
    value_of_living_percent is the change of V_n, what living there is worth, mean over the baseline's residents.
    """
    before, after = context.before.state, context.after.state
    gain = context.real_after - context.real_before
    ratio = after["welfare"] / before["welfare"]
    welfare = outcomes.welfare_by_home(ratio, before["people"], before["income"], before["residents"])
    living = 100.0 * (after["value"] / before["value"] - 1.0)
    rows = []
    for share in [*shares, Share(NET, NET, *WORDS[NET], context.mainland)]:
        mask = share.places.mask
        people, made = before["residents"][mask], float(context.real_before[mask].sum())
        rows.append({
            "scenario": scenario, "row": share.id, "group": share.group, "name": share.name, "name_zh": share.name_zh,
            "value_added": float(gain[mask].sum()) / 1000.0, "welfare": float(welfare[mask].sum()) / 1000.0,
            "value_added_percent": 100.0 * float(gain[mask].sum()) / made if made > 0 else None,
            "value_of_living_percent": float(np.average(living[mask], weights=people)) if people.sum() > 0 else None,
        })  # fmt: skip
    return rows


def zone_facts(context: Context, shares: list[Share], scenario: str) -> list[dict[str, Any]]:
    """Jobs per working resident, share living and working inside, and excess commuting, of each side and of both.

    The least plan fills all jobs inside the region in the least total time; minutes are one way, of those who live there.
    """
    sides = [share for share in shares if share.group == "zone"]
    everyone = Places("both sides", np.logical_or.reduce([share.places.mask for share in sides]))
    whole = Share(
        "zone.all", "zone", "", "", everyone, "both sides" if len(sides) == 2 else "all sides", "两侧合计" if len(sides) == 2 else "合计"
    )
    least = _least(context)
    state, rows = context.after.state, []
    for share in [*sides, whole] if len(sides) > 1 else sides:
        mask = share.places.mask
        mean = None if least is None else commuting.mean_minutes(context.after.commuters, context.minutes, mask)
        floor = commuting.mean_minutes(least, context.minutes, mask) if least is not None else None
        rows.append({
            "scenario": scenario, "row": share.id, "name": share.label, "name_zh": share.label_zh or share.label,
            "residents": float(state["residents"][mask].sum()), "jobs": float(state["jobs"][mask].sum()),
            "jobs_per_resident": commuting.jobs_per_resident(state["jobs"], state["residents"], mask),
            "share_inside": commuting.share_inside(context.after.commuters, mask),
            "mean_minutes": mean, "least_minutes": floor,
            "excess_commuting": None if floor is None else commuting.excess_share(mean, floor),
        })  # fmt: skip
    return rows


def _least(context: Context) -> np.ndarray | None:
    """The least plan over the inside places, in an array of all places; None where minutes are missing between some."""
    inside = np.flatnonzero(np.asarray(context.region.inside))
    minutes = context.minutes[np.ix_(inside, inside)]
    if not np.isfinite(minutes).all():
        return None
    state = context.after.state
    plan = np.zeros(context.after.commuters.shape)
    plan[np.ix_(inside, inside)] = commuting.least_plan(state["residents"][inside], state["jobs"][inside], minutes)
    return plan
