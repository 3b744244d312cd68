"""One place in one scenario: its accounts, the flows to and from it, and the chain from lever to welfare."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.appraise import explain_place
from bridgehead.errors import DataError
from bridgehead.models.identities import money_accounts
from bridgehead.models.results import SECTOR_COLUMNS
from bridgehead.report.figures.words import both
from bridgehead.report.web.engine.baseline import columns_of
from bridgehead.report.web.engine.describe import inferred
from bridgehead.report.web.engine.hot import Hot
from bridgehead.report.web.engine.matrix import solved
from bridgehead.report.web.engine.words import named, quantity, unit

FLOWS = ("commuting", "goods", "people")


def place(hot: Hot, text: str, id: str) -> dict[str, Any]:
    """Accounts, sectors and state of a place, baseline beside scenario."""
    result, here = solved(hot, text), hot.region.index(id)
    worlds = (result.context.before, result.context.after)
    currency = hot.region.meta.currency
    accounts = [money_accounts(world.given, world.state) for world in worlds]
    states = [columns_of(world.equilibrium) for world in worlds]
    states[0]["real_value_added"], states[1]["real_value_added"] = result.context.real_before, result.context.real_after
    return {
        "key": result.key,
        "place": id,
        **named(hot.names.place(id)),
        "accounts": [quantity("accounts", name, currency) | _pair(*(each[name][here] for each in accounts)) for name in accounts[0]],
        "state": [quantity("state", name, currency) | _pair(*(each[name][here] for each in states)) for name in states[0]],
        "sectors": [_sector(hot, worlds, here, number) for number in range(len(hot.region.sector_names))],
        "inferred": bool(inferred(hot.region, "value_added")[here]),
    }


def _pair(before: Any, after: Any) -> dict[str, Any]:
    first, second = float(before), float(after)
    good = np.isfinite(first) and np.isfinite(second)
    percent = 100.0 * (second / first - 1.0) if good and first > 0 else None
    return {"baseline": first, "value": second, "change": second - first if good else None, "change_percent": percent}


def _sector(hot: Hot, worlds: tuple[Any, Any], here: int, number: int) -> dict[str, Any]:
    id = hot.region.sector_names[number]
    row = hot.region.sectors.row(number, named=True)
    name = both(row["name"], row.get("name_zh")) if row.get("name") else hot.names.jurisdiction(id)
    numbers = [
        quantity("sectors", key, hot.region.meta.currency) | _pair(*(world.state[key][here, number] for world in worlds))
        for key in SECTOR_COLUMNS
    ]
    return {"sector": id, **named(name), "numbers": numbers}


def flows(hot: Hot, text: str, id: str, flow: str, top: int) -> dict[str, Any]:
    """Where a place's flows go and come from: the largest ones of baseline or scenario, and totals without its own.

    commuting: out = residents who work there, in = people who come in to work. goods: out = sold to, in = bought from. people: in =
    residents by where they are registered.
    """
    if flow not in FLOWS:
        raise DataError(f"there is no flow '{flow}'; known are: {', '.join(FLOWS)}")
    result, here = solved(hot, text), hot.region.index(id)
    pairs = [_flow(world, flow, here) for world in (result.context.before, result.context.after)]
    head = {"key": result.key, "place": id, **named(hot.names.place(id)), **quantity("flows", flow, hot.region.meta.currency), "flow": flow}
    if flow == "people":
        labels = hot.region.origin_names
        return head | {"out": [], "in": _largest(hot, labels, pairs[0][1], pairs[1][1], top), "own": None}
    others = np.arange(len(hot.region.place_ids)) != here
    found: dict[str, Any] = {"own": _pair(pairs[0][0][here], pairs[1][0][here])}
    for side, name in enumerate(("out", "in")):
        before, after = (pair[side] * others for pair in pairs)
        found[name] = _largest(hot, hot.region.place_ids, before, after, top)
        found[f"{name}_total"] = _pair(before.sum(), after.sum())
    return head | found


def _flow(world: Any, flow: str, here: int) -> tuple[np.ndarray, np.ndarray]:
    if flow == "commuting":
        return world.commuters[here], world.commuters[:, here]
    if flow == "goods":
        trade = world.trade.sum(axis=0)
        return trade[:, here], trade[here]
    people = world.state["people"][:, here]
    return people, people


def _largest(hot: Hot, labels: tuple[str, ...], before: np.ndarray, after: np.ndarray, top: int) -> list[dict[str, Any]]:
    order = np.argsort(-np.maximum(before, after), kind="stable")[:top]
    return [
        {"id": labels[n], **named(hot.names.places.get(labels[n]) or hot.names.jurisdiction(labels[n])), **_pair(before[n], after[n])}
        for n in order
        if max(before[n], after[n]) > 0
    ]


def explain(hot: Hot, text: str, id: str) -> dict[str, Any]:
    """The chain behind a place's result, as `bridgehead explain` has it."""
    result = solved(hot, text)
    hot.region.index(id)
    currency = hot.region.meta.currency
    steps = [
        # A unit with its own words, such as "baseline = 1", is none of the tables' and says nothing beside a ratio.
        {**step.as_dict(), "shown": unit("1" if "=" in step.unit else step.unit, currency), "source_zh": _in_chinese(step.source)}
        for step in explain_place(hot.baseline, result.solved.equilibrium, id)
    ]
    return {"key": result.key, "place": id, **named(hot.names.place(id)), "steps": steps}


def _in_chinese(source: str) -> str:
    """A page of the model's documentation and the part of it."""
    return source.replace("model page", "模型说明").replace(", Firms", "，企业").replace(", Trade", "，贸易")
