"""The columns of an appraisal: strategies, zones, the zones together, or scenarios a user brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bridgehead.appraise.shapley import coalitions
from bridgehead.errors import PolicyError
from bridgehead.policy import Scenario, combine, scenarios_of, zones_of_joint

BASELINE = "baseline"
ZONE_KINDS = ("zone", "joint")


@dataclass(frozen=True, eq=False)
class Plan:
    """What is appraised: the columns' scenarios by id, in their order, and what is needed to take them apart.

    zones: the ids that the joint column puts together. coalitions: the scenario of every non-empty group of them.
    parts: by column id, the scenario of each mechanism acting alone.
    """

    columns: dict[str, Scenario]
    joint: str | None
    zones: tuple[str, ...]
    coalitions: dict[frozenset[str], Scenario]
    parts: dict[str, dict[str, Scenario]]

    def is_zone(self, column: str) -> bool:
        """Whether a column is a zone, or the zones together: what acts in the zone alone."""
        return self.columns[column].kind in ZONE_KINDS

    def column_of(self, group: frozenset[str]) -> str | None:
        """The column that is the same as a coalition: a zone alone, or all of them."""
        if len(group) == 1:
            return next(iter(group))
        return self.joint if group == frozenset(self.zones) else None


def plan_of(region: Any, scenarios: Mapping[str, Scenario] | None) -> Plan:
    """The plan of a region's strategies.toml and zones.toml; of the given scenarios alone when there are any.

    PolicyError lists every fault of the files, and when there is nothing to appraise.
    """
    own = scenarios is None
    columns = scenarios_of(region) if own else dict(scenarios)
    if not columns:
        cure = "name scenario files, or add strategies.toml or zones.toml to the region folder"
        raise PolicyError(f"the region has no strategies or zones, and no scenario is given; {cure}")
    if BASELINE in columns:
        raise PolicyError(f"a scenario cannot be called '{BASELINE}': that is the region as it is; give it another name")
    zones = zones_of_joint(region) if own else ()
    joint = next((id for id, scenario in columns.items() if scenario.kind == "joint"), None) if zones else None
    groups = {
        group: combine("+".join(z for z in zones if z in group), [columns[z] for z in zones if z in group]) for group in coalitions(zones)
    }
    parts = {id: by_mechanism(id, scenario, region) for id, scenario in columns.items()}
    return Plan(columns, joint, zones if joint else (), groups if joint else {}, parts)


def by_mechanism(id: str, scenario: Scenario, region: Any) -> dict[str, Scenario]:
    """A scenario's levers by mechanism, each group a scenario of its own, in the order of the levers.

    A lever that works by several mechanisms at once (a link) makes a group of its own: 'commuting+spillover'.
    """
    groups: dict[str, list[Any]] = {}
    for lever in scenario.levers:
        groups.setdefault("+".join(lever.mechanisms(region)), []).append(lever)
    return {name: replace(scenario, name=f"{id}/{name}", levers=tuple(levers), text=None) for name, levers in groups.items()}
