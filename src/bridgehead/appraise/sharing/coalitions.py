"""What every coalition of governments is worth: solved scenarios in which only the levers act that its members consent to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from bridgehead.appraise import outcomes
from bridgehead.appraise.budgets import Ledger, by_government
from bridgehead.appraise.context import Context
from bridgehead.appraise.engine import Runner
from bridgehead.appraise.shapley import coalitions
from bridgehead.appraise.sharing.games import Game
from bridgehead.appraise.sharing.players import Government, consent, owners, people_of
from bridgehead.errors import Fault, PolicyError, SolveError
from bridgehead.policy import Scenario

VALUES = ("budget", "welfare")
Group = frozenset[str]
Levers = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a set of levers does to the players: change of budgets by item, welfare of their people [player], million a year.

    local: change of local tax revenue [player, place], where it arises, by the player that holds it. once: one-off money by item
    [player], million, in `items` by annuity. error: how far a value may be off. unheld_centre: change of the centre's money where
    it does not play.
    """

    levers: Levers
    budget: np.ndarray
    items: dict[str, np.ndarray]
    welfare: np.ndarray
    once: dict[str, np.ndarray]
    local: np.ndarray
    error: dict[str, float]
    unheld_centre: float = 0.0
    certificate: Any = None

    def value(self, kind: str) -> np.ndarray:
        """Budget or welfare [player]; never their sum, for public money is part of income."""
        return self.budget if kind == "budget" else self.welfare


@dataclass(frozen=True, eq=False)
class Table:
    """The players, the levers and who consents to each; every distinct set of levers is solved once, and kept."""

    runner: Runner
    scenario: Scenario
    players: tuple[Government, ...]
    ledger: Ledger | None
    tell: Callable[[int, int, str], None] = lambda done, total, label: None
    _solved: dict[Levers, Outcome] = field(default_factory=dict, repr=False)

    @cached_property
    def consents(self) -> tuple[Group, ...]:
        """By lever, the governments whose consent it needs."""
        region = self.runner.baseline.region
        return tuple(consent(lever, region, self.players) for lever in self.scenario.levers)

    @cached_property
    def never(self) -> dict[int, tuple[str, ...]]:
        """Levers that never act, with the governments that would have to consent and do not play."""
        ids = {player.id for player in self.players}
        return {n: tuple(sorted(asked - ids)) for n, asked in enumerate(self.consents) if asked - ids}

    @cached_property
    def groups(self) -> list[Group]:
        """All coalitions, the empty one first."""
        return [frozenset(), *coalitions(player.id for player in self.players)]

    def acting(self, group: Group) -> Levers:
        """The levers that act when a group agrees and the others stand still."""
        return tuple(n for n, asked in enumerate(self.consents) if asked <= group)

    def require_levers(self) -> None:
        """PolicyError where no lever can act, with what each would need."""
        if self.acting(self.groups[-1]):
            return
        faults = [
            Fault(f"lever {n + 1} ({self.scenario.levers[n].title()}) needs the consent of {', '.join(who)}", self.scenario.name)
            for n, who in self.never.items()
        ] or [Fault("the scenario has no levers", self.scenario.name)]
        raise PolicyError("there is nothing to share: no lever can act with these governments alone", faults)

    def solve_all(self) -> None:
        """Solve every distinct set of levers; SolveError names those without a certified solution."""
        self.require_levers()
        wanted: dict[Levers, Group] = {}
        for group in self.groups:
            wanted.setdefault(self.acting(group), group)
        names = {player.id: player.name for player in self.players}
        for done, (levers, group) in enumerate(wanted.items()):
            self.tell(done, len(wanted), " + ".join(name for id, name in names.items() if id in group) or "baseline")
            self.outcome(levers)
        self.tell(len(wanted), len(wanted), self.scenario.name)

    def outcome(self, levers: Levers) -> Outcome:
        """What a set of levers does, from memory where it was solved before."""
        if levers not in self._solved:
            self._solved[levers] = self._measure(levers)
        return self._solved[levers]

    def _measure(self, levers: Levers) -> Outcome:
        if not levers:
            return self._outcome(levers, self.runner.baseline_context(), None)
        name = f"{self.scenario.id or self.scenario.name}/levers {','.join(str(n + 1) for n in levers)}"
        part = replace(self.scenario, name=name, id=name, levers=tuple(self.scenario.levers[n] for n in levers), text=None)
        solved = self.runner.solve(part, weakest=False)
        if not solved.ok:
            fault = Fault(solved.reason, name, cure="ease these levers, or give their `by`, so that no coalition has them alone")
            raise SolveError("a coalition has no certified value; no number of the game is shown", [fault])
        return self._outcome(levers, self.runner.context(solved, "scenario"), solved.certificate)

    def _outcome(self, levers: Levers, context: Context, certificate: Any) -> Outcome:
        count = len(self.players)
        holder = owners(self.players, len(context.region.place_ids))
        items, once, local, unheld = {}, {}, np.zeros((count, len(context.region.place_ids))), 0.0
        if self.ledger is not None:
            acting = tuple(self.scenario.levers[n] for n in levers)
            accounts = self.ledger.change(context.after, acting)
            items = by_government(accounts, holder, count)
            once = by_government(self.ledger.one_off(context.after, acting), holder, count)
            local = self._local(accounts, local)
            unheld = float(sum(parts["centre"][holder["centre"] < 0].sum() for parts in accounts.values()))
        budget = sum(items.values(), np.zeros(count))
        welfare = self._welfare(context)
        noise = context.noise if levers else 0.0
        error = {"budget": noise * self._revenue(), "welfare": noise * float(context.income_of_origins().sum())}
        return Outcome(levers, budget, items, welfare, once, local, error, unheld, certificate)

    def _local(self, accounts: Any, local: np.ndarray) -> np.ndarray:
        """Local tax revenue [player, place]: what rules of sharing divide."""
        holder = owners(self.players, local.shape[1])
        for tax in self.ledger.rules.taxes:
            for tier in ("county", "prefecture", "province"):
                index = np.flatnonzero(holder[tier] >= 0)
                np.add.at(local, (holder[tier][index], index), accounts[tax.id][tier][index])
        return local

    def baseline_local(self) -> np.ndarray:
        """Local tax revenue of the baseline [player, place], million a year."""
        count = (len(self.players), len(self.runner.baseline.region.place_ids))
        return self._local(self.ledger.revenue(self.ledger.world), np.zeros(count))

    def _revenue(self) -> float:
        """Players' baseline revenue, million a year: what a relative error of the solver is a share of."""
        if self.ledger is None:
            return 0.0
        holder = owners(self.players, len(self.runner.baseline.region.place_ids))
        return float(sum(by_government(self.ledger.revenue(self.ledger.world), holder, len(self.players)).values()).sum())

    def _welfare(self, context: Context) -> np.ndarray:
        """EV of each player's people: by origin where all homes of every origin are one player's, else by where people live."""
        people, count = people_of(self.players, context.region), len(self.players)
        before, after = context.before.state, context.after.state
        ratio = after["welfare"] / before["welfare"]
        found = np.zeros(count)
        if self.by_origin:
            gain = (ratio - 1.0) * context.income_of_origins()
            whose = self._origin_players(context)
            np.add.at(found, whose[whose >= 0], gain[whose >= 0])
            return found
        gain = outcomes.welfare_by_home(ratio, before["people"], before["income"], before["residents"])
        np.add.at(found, people[people >= 0], gain[people >= 0])
        return found

    def _origin_players(self, context: Context) -> np.ndarray:
        """The player that all homes of an origin belong to [origin]; −1 nobody who plays, −2 several."""
        people = people_of(self.players, context.region)
        held = [set(people[homes].tolist()) for homes in context.origin_homes()]
        return np.array([next(iter(each)) if len(each) == 1 else -2 for each in held])

    @cached_property
    def by_origin(self) -> bool:
        """Whether every origin's people are one player's, so that welfare is EV by registration (model.md §10)."""
        return bool((self._origin_players(self.runner.baseline_context()) != -2).all())

    def member_values(self, group: Group, kind: str) -> dict[str, float]:
        """What each player gains when a group agrees, members or not."""
        return dict(zip((p.id for p in self.players), map(float, self.outcome(self.acting(group)).value(kind)), strict=True))

    def game(self, kind: str) -> Game:
        """v(S) = Σ_{i∈S} change of i's own budget, or its people's welfare, where only the levers act that S consents to."""
        worth = {group: sum(value for id, value in self.member_values(group, kind).items() if id in group) for group in self.groups[1:]}
        error = max(self.outcome(self.acting(group)).error[kind] for group in self.groups)
        return Game(tuple(player.id for player in self.players), worth, error)
