"""What levers are, for tables and reports: mechanisms, consent, and rows of a table of levers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from bridgehead.errors import PolicyError
from bridgehead.policy.levers import BaseLever, RentPools
from bridgehead.policy.names import Names
from bridgehead.policy.scenario import Scenario

# The mechanisms of the appraisal's table, in its order.
MECHANISMS = (
    "goods",
    "foreign_trade",
    "commuting",
    "movers",
    "ideas",
    "spillover",
    "research",
    "productivity",
    "land",
    "amenity",
    "public_money",
)


def mechanisms(lever: BaseLever, region: Any = None) -> tuple[str, ...]:
    """The mechanisms a lever works by, among `MECHANISMS`. A region tells foreign trade from goods where no gateway is named."""
    return lever.mechanisms(region)


def mechanisms_of(scenario: Scenario, region: Any = None) -> tuple[str, ...]:
    """The mechanisms of all levers of a scenario, each once, in the order of `MECHANISMS`."""
    found = {name for lever in scenario.levers for name in lever.mechanisms(region)}
    return tuple(name for name in MECHANISMS if name in found)


def government_level(region: Any) -> str:
    """The level whose jurisdictions are governments when a lever does not name any: province, or the region's first level."""
    levels = tuple(region.meta.levels)
    return "province" if "province" in levels else levels[0]


def governments(lever: BaseLever, region: Any) -> tuple[str, ...]:
    """The governments whose consent a lever needs: those of `by`, or those whose places or borders it touches.

    Governments abroad are asked only where nobody else is touched. PolicyError for names the region does not know.
    """
    if lever.by is not None and not isinstance(lever, RentPools):
        return tuple(lever.by)
    names = Names(region)
    touched = lever.places_touched(names)
    names.faults.raise_if_any()
    at_home = touched & ~names.abroad()
    level = government_level(region)
    cells = np.unique(np.asarray(region.cells(level))[at_home if at_home.any() else touched])
    return tuple(region.jurisdictions(level)[cell] for cell in cells)


def lever_rows_of(scenario: Scenario, region: Any) -> list[dict[str, Any]]:
    """One row a lever for the report's table: what it is, where, how strong with its range, source, consent, mechanisms."""
    rows = []
    for number, lever in enumerate(scenario.levers, start=1):
        key, value = lever.strength or ("", None)
        rows.append(
            {
                "scenario": scenario.id or scenario.name,
                "number": number,
                "lever": lever.lever,
                "name": lever.name,
                "where": where_of(lever),
                "key": key,
                "value": value,
                "low": lever.low,
                "high": lever.high,
                "source": lever.source,
                "by": ", ".join(governments(lever, region)),
                "mechanisms": ", ".join(lever.mechanisms(region)),
            }
        )
    return rows


def where_of(lever: BaseLever) -> str:
    """The places, jurisdictions or borders of a lever on one line, as its file names them."""
    said = lever.model_dump(mode="json", by_alias=True, exclude_none=True)
    parts = []
    if "between" in said:
        sides = [" + ".join(map(_item, said[key])) for key in ("between", "and")]
        parts.append(f" {'←' if said.get('one_way') else '↔'} ".join(sides))
    for key in ("place", "places", "in"):
        if key in said:
            parts.append(", ".join(map(_item, said[key] if isinstance(said[key], list) else [said[key]])))
    if "from" in said:
        parts.append(f"{said['from']} – {said['to']} ({said['mode']})")
    parts += [f"{key}: {_listed(said[key])}" for key in ("flow", "sector", "level", "via", "use", "origins") if key in said]
    return "; ".join(parts) if parts else (lever.by if isinstance(lever, RentPools) else "")


def _item(value: Any) -> str:
    return f"{value['level']} {_listed(value['is'])}" if isinstance(value, dict) else str(value)


def _listed(value: Any) -> str:
    return " + ".join(value) if isinstance(value, list) else str(value)


def at_bound(scenario: Scenario, which: str) -> Scenario:
    """The scenario with every lever that has one at its `low` or `high`; the others stay."""
    if which not in ("low", "high"):
        raise PolicyError(f"a lever has a `low` and a `high`; found '{which}'")
    levers = tuple(lever if getattr(lever, which) is None else lever.with_strength(getattr(lever, which)) for lever in scenario.levers)
    return replace(scenario, levers=levers, text=None)
