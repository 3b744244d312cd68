"""The model, as the appraisal uses it: many scenarios of one baseline, each enacted, solved and certified."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bridgehead import models
from bridgehead.appraise.context import Context, Engine, World
from bridgehead.errors import SolveError
from bridgehead.policy import Context as PolicyContext
from bridgehead.policy import Scenario, enact

ENGINE = Engine(models.commuters, models.trade_values, models.gradient)


@dataclass(frozen=True, eq=False)
class Solved:
    """One scenario: its equilibrium, or None and the reason why there is none; notes of what enacting it had to find."""

    scenario: Scenario
    equilibrium: Any
    reason: str = ""
    notes: tuple[dict[str, Any], ...] = ()

    @property
    def certificate(self) -> Any:
        """The certificate; None where the scenario could not even be enacted."""
        return None if self.equilibrium is None else self.equilibrium.certificate

    @property
    def ok(self) -> bool:
        """Whether there are numbers to show."""
        return self.equilibrium is not None and self.certificate.outcome == "solved"


@dataclass(frozen=True, eq=False)
class Runner:
    """Solves scenarios of one baseline; multipliers that several scenarios need are found once."""

    baseline: Any
    policy: PolicyContext
    world: World
    shared: dict[Any, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, baseline: Any) -> Runner:
        """A runner of a baseline."""
        policy = PolicyContext.of(baseline, solve=partial(models.solve, baseline))
        return cls(baseline, policy, World(baseline, baseline.equilibrium, ENGINE))

    def solve(self, scenario: Scenario, *, weakest: bool = True) -> Solved:
        """Enact and solve (`weakest`: with the smallest singular value); a scenario without a certified solution keeps its reason. PolicyError for one that does not fit."""
        try:
            enacted = enact(scenario, self.baseline, context=self.policy)
        except SolveError as error:
            return Solved(scenario, None, str(error))
        equilibrium = models.solve(self.baseline, enacted.given, name=scenario.id or scenario.name, weakest=weakest)
        certificate = equilibrium.certificate
        reason = "" if certificate.outcome == "solved" else unsolved_reason(certificate)
        return Solved(scenario, equilibrium, reason, enacted.notes)

    def context(self, solved: Solved, kind: str) -> Context:
        """What measures look at: the baseline beside a solved scenario."""
        return Context(self.world, World(self.baseline, solved.equilibrium, ENGINE), kind, self.shared)

    def baseline_context(self) -> Context:
        """The baseline beside itself."""
        return Context(self.world, self.world, "baseline", self.shared)


def unsolved_reason(certificate: Any) -> str:
    """Why a scenario has no numbers, with the worst variable and place."""
    worst = certificate.worst or {}
    where = f" (worst: {worst.get('variable')} at {worst.get('place')})" if worst else ""
    return f"not solved: {certificate.reason}{where}"
