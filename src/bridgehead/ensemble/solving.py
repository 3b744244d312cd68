"""The scenarios of one calibrated draw: enacted, solved together, measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bridgehead import models
from bridgehead.appraise.cells import cell_of, unsolved_cell
from bridgehead.appraise.context import Context, Engine, World
from bridgehead.appraise.values import Value
from bridgehead.ensemble.levers import drawn_columns, drawn_groups
from bridgehead.ensemble.plan import EnsemblePlan
from bridgehead.errors import SolveError
from bridgehead.kernels import whole
from bridgehead.models.flows import commuters_of, trade_of
from bridgehead.models.many import gradient_many
from bridgehead.models.near import Near
from bridgehead.policy import Context as PolicyContext
from bridgehead.policy import Scenario, enact
from bridgehead.policy.roots import Proposed, proposed_roots

if TYPE_CHECKING:
    from bridgehead.ensemble.evaluate import Member

SUPPLY = ("home_supply", "work_supply")
BACKGROUND = "baseline"
"""What a background alone is called among its members."""


class Wholes:
    """Kernels as arrays, each made once: most scenarios of a draw have the baseline's own."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Any, np.ndarray]] = {}

    def __call__(self, kernel: Any) -> np.ndarray:
        """A kernel with its borders as an array."""
        if id(kernel) not in self._kept:
            self._kept[id(kernel)] = kernel, whole(kernel)  # the kernel is kept too, so that its id stays its own
        return self._kept[id(kernel)][1]


@dataclass(eq=False)
class Solving:
    """The scenarios of one draw under way: scenarios by id, and what their measures share."""

    plan: EnsemblePlan
    baseline: Any
    policy: PolicyContext
    world: World
    scenarios: dict[str, Scenario]
    near: Near | None = None
    shared: dict[Any, Any] = field(default_factory=dict)
    slopes: dict[int, Any] = field(default_factory=dict)
    base: dict[tuple[str, str], Value] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: EnsemblePlan, baseline: Any, values: Mapping[str, float], near: Near | None = None) -> Solving:
        """The columns of the plan and the groups of zones, at the drawn strengths."""
        columns = drawn_columns(plan.columns, plan.factors, values)
        groups = {"+".join(sorted(group)): scenario for group, scenario in drawn_groups(plan.columns, columns).items()}
        slopes: dict[int, Any] = {}
        kept = Wholes()
        engine = Engine(
            lambda equilibrium: commuters_of(equilibrium.given, equilibrium.state, kept),
            lambda equilibrium: trade_of(equilibrium.given, equilibrium.state, kept),
            lambda equilibrium, outcome: _slopes_of(slopes, equilibrium, outcome),
            kept,
        )
        world = World(baseline, baseline.equilibrium, engine)
        return cls(plan, baseline, PolicyContext.of(baseline), world, {**columns, **groups}, near, slopes=slopes)

    def everything(self) -> list[Member]:
        """Every scenario without a background, then in each."""
        members = self._in_background("", None)
        for id, background in self.plan.backgrounds.items():
            members += self._in_background(id, background)
        return members

    def base_numbers(self) -> dict[tuple[str, str], float | None]:
        """The baseline's own value of every row, in its unit."""
        rows = self.plan.needs.rows
        return {row.key: None if self.base[row.key].number is None else self.base[row.key].number * row.factor for row in rows}

    def _in_background(self, background: str, scenario: Scenario | None) -> list[Member]:
        """Every scenario solved and measured in one background; the background itself is a member of its own."""
        added = () if scenario is None else scenario.levers
        plans = {} if scenario is None else {BACKGROUND: scenario}
        plans |= {id: replace(each, levers=(*each.levers, *added), text=None) for id, each in self.scenarios.items()}
        proposed = proposed_roots(plans.values(), self.policy)
        for each in proposed:
            each.propose(self.policy)
        given = {id: enact(each, self.baseline, context=self.policy).given for id, each in plans.items()}
        base = None if scenario is None else given[BACKGROUND]
        solved = self._solve(list(given.values()), proposed, base)
        found = dict(zip(given, solved, strict=True))
        self._prepare_slopes([each for each in solved if each.solved], base)
        return [self._member(id, background, plans[id], found[id]) for id in plans]

    def _solve(self, given: list[dict[str, Any]], proposed: list[Proposed], base: Any) -> list[Any]:
        """The equilibria; multipliers that were only proposed are certified beside them, or found by themselves and all solved again."""
        alone = [each.given for each in proposed]
        solved = models.solve_many(self.baseline, [*given, *alone], base=base, near=self.near, stamp=False)
        kept = [each.kept(found, self.policy) for each, found in zip(proposed, solved[len(given) :], strict=True)]
        if not all(kept):
            raise SolveError("a multiplier that raises value added by the drawn share has no certified solution")
        return solved[: len(given)]

    def _prepare_slopes(self, equilibria: list[Any], base: Any) -> None:
        """Derivatives of welfare with respect to floor space at the baseline and all equilibria, if any row asks for them."""
        nothing = Context(self.world, self.world, "baseline", self.shared)
        if any(row.measure.name.startswith("shadow_price") for row in self.plan.needs.rows):
            outcome = nothing.welfare_function(nothing.mainland)
            everything = [self.baseline.equilibrium, *equilibria]
            for each, slope in zip(
                everything, gradient_many(self.baseline, everything, outcome, SUPPLY, base=base, near=self.near), strict=True
            ):
                self.slopes[id(each)] = (outcome, slope)
        if not self.base:
            self.base = {row.key: row.measure(nothing, row.arguments) for row in self.plan.needs.rows}

    def _member(self, id: str, background: str, scenario: Scenario, equilibrium: Any) -> Member:
        from bridgehead.ensemble.evaluate import Member

        rows, sure = self.plan.needs.rows, equilibrium.certificate
        if not equilibrium.solved:
            cells = {row.key: unsolved_cell(None, sure.reason) for row in rows}
            return Member(id, background, False, sure.reason, np.inf, np.inf, np.inf, sure.steps, cells)
        context = Context(
            self.world, World(self.baseline, equilibrium, self.world.engine), self._kind(id, background, scenario), self.shared
        )
        cells = {row.key: cell_of(row, context, self.base[row.key]) for row in rows}
        identity = max(sure.identities.values(), default=0.0)
        return Member(id, background, True, "", sure.estimated_distance, sure.gap, identity, sure.steps, cells)

    def _kind(self, id: str, background: str, scenario: Scenario) -> str:
        """Measures for zones alone hold where nothing acts outside: in no background."""
        columns = self.plan.columns
        zone = id not in columns.columns or columns.is_zone(id)
        return "zone" if zone and not background else "strategy" if zone else scenario.kind


def _slopes_of(slopes: Mapping[int, Any], equilibrium: Any, outcome: Any) -> Any:
    """The derivatives prepared for an equilibrium; computed now where others are asked for."""
    known = slopes.get(id(equilibrium))
    return known[1] if known is not None and known[0] is outcome else models.gradient(equilibrium, outcome)
