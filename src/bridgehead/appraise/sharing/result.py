"""The sharing of a plan: the game, every rule's split with what carries it out, and whether all would sign."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog

from bridgehead.appraise.budgets import Ledger, annuity, calibrated
from bridgehead.appraise.engine import Runner
from bridgehead.appraise.fiscal import has_rules
from bridgehead.appraise.sets import ZONE_SIDES, Places, read_sets
from bridgehead.appraise.sharing.axioms import axioms_of, holds_in
from bridgehead.appraise.sharing.coalitions import VALUES, Outcome, Table
from bridgehead.appraise.sharing.games import (
    EXACT,
    Allocation,
    Game,
    in_core,
    is_individually_rational,
    least_total,
    members,
    objections,
    require,
)
from bridgehead.appraise.sharing.players import Government, players_of
from bridgehead.appraise.sharing.rules import RULES, Books, Found, Side, divide, transfers
from bridgehead.errors import Faults, PolicyError
from bridgehead.policy import Scenario
from bridgehead.policy.describe import government_level
from bridgehead.policy.fields import Jurisdiction
from bridgehead.policy.names import Names


@dataclass(frozen=True, eq=False)
class Split:
    """One rule's split: allocation by player (None with the reason), what is true of it, and what carries it out.

    payments: (payer, receiver, million a year, share of the payer's gain in the zone or None).
    """

    name: str
    found: Found
    individually_rational: bool | None
    in_core: bool | None
    payments: tuple[tuple[str, str, float, float | None], ...]
    axioms: tuple[str, ...]
    holds_here: tuple[str, ...]
    objection: tuple[tuple[str, ...], float] | None


@dataclass(frozen=True, eq=False)
class Verdict:
    """Whether a split exists that all would sign, and what is missing where none does (million a year).

    grant: Σ v({i}) − v(N), what would have to come from outside for nobody to be worse off than alone; core_grant: the same for
    no group; losers: who is worse off than alone if each keeps what its books show; acceptable: range of each player's part over
    the core, or where that is empty over all individually rational splits.
    """

    signs: bool
    core_empty: bool
    grant: float
    core_grant: float
    losers: dict[str, float]
    acceptable: dict[str, tuple[float, float]]


@dataclass(frozen=True, eq=False)
class Sharing:
    """The result of `share`. Money is million a year of the region's currency at the baseline's prices."""

    scenario: Scenario
    kind: str
    table: Table
    game: Game
    books: Books
    splits: tuple[Split, ...]
    verdict: Verdict
    centre_gain: float | None

    @property
    def players(self) -> tuple[Government, ...]:
        """The governments that play."""
        return self.table.players

    @property
    def together(self) -> Outcome:
        """What the plan does when all agree."""
        return self.table.outcome(self.table.acting(self.game.all))

    @property
    def present_value(self) -> float:
        """What 1 a year for the agreement's years is worth now, at its discount rate (a simple annuity: assumption)."""
        return 1.0 / annuity(self.books.discount, self.books.years)


def share(
    baseline: Any,
    scenario: Scenario,
    *,
    kind: str = "budget",
    governments: Sequence[str] | None = None,
    years: int | None = None,
    discount: float | None = None,
    progress: Callable[[int, int, str], None] | None = None,
    runner: Runner | None = None,
) -> Sharing:
    """Solve every coalition of the governments and divide what all together gain by every rule.

    kind: 'budget' or 'welfare'. governments: see `players_of`. years, discount: of the agreement; else of fiscal.toml, else 20 years
    at 4 % (assumption). runner: one that has found multipliers already. DataError without fiscal rules for budgets; PolicyError for unknown governments or no lever that can act;
    SolveError for a coalition without a certified solution.
    """
    require_terms(kind, years, discount)
    region = baseline.region
    baseline.equilibrium.require()
    players = players_of(region, scenario, governments)
    runner = Runner.of(baseline) if runner is None else runner
    ledger = None
    if kind == "budget" or has_rules(region):
        ledger = calibrated(runner.world, years=years, discount=discount)
    table = Table(runner, scenario, players, ledger, progress or (lambda done, total, label: None))
    table.solve_all()
    game = table.game(kind)
    books = _books(table, game, kind, years, discount)
    splits = tuple(_split(rule, game, books) for rule in RULES)
    return Sharing(scenario, kind, table, game, books, splits, verdict_of(game, books.keeps), _centre_gain(table))


def require_terms(kind: str, years: int | None = None, discount: float | None = None) -> None:
    """PolicyError with every fault of what is valued, the years and the discount rate."""
    faults = Faults("the sharing cannot be worked out as asked", PolicyError)
    if kind not in VALUES:
        faults.add(f"unknown value '{kind}'", place="--value", expected=" or ".join(VALUES))
    if years is not None and not years >= 1:
        faults.add(f"{years:g} years", place="--years", expected="1 or more")
    if discount is not None and not discount >= 0:
        faults.add(f"a discount rate of {discount:g}", place="--discount", expected="0 or more; 0.04 is 4 % a year")
    faults.raise_if_any()


def _split(rule: str, game: Game, books: Books) -> Split:
    found = divide(rule, game, books)
    if found.allocation is None:
        return Split(rule, found, None, None, (), axioms_of(rule), (), None)
    zone = {player: gain for side in books.sides for player, gain in side.gain.items()}
    paid = tuple(
        (payer, receiver, amount, amount / zone[payer] if zone.get(payer, 0.0) > 0 else None)
        for payer, receiver, amount in transfers(books.keeps, found.allocation)
    )
    against = objections(game, found.allocation)
    worst = (tuple(sorted(against[0][0])), against[0][1]) if against else None
    rational, core = is_individually_rational(game, found.allocation), in_core(game, found.allocation)
    return Split(rule, found, rational, core, paid, axioms_of(rule), holds_in(game, found.allocation), worst)


def verdict_of(game: Game, keeps: Mapping[str, float]) -> Verdict:
    """Whether all would sign some split of a game, and what is missing."""
    grant = sum(game.alone().values()) - game(game.all)
    core_grant = least_total(game)[0] - game(game.all)
    losers = {p: game({p}) - keeps[p] for p in game.players if keeps[p] < game({p}) - game.tolerance}
    signs, empty = grant <= game.tolerance, core_grant > game.tolerance
    ranges = _ranges(game, game.coalitions[: len(game.players)] if empty else game.coalitions) if signs else {}
    return Verdict(signs, empty, max(grant, 0.0), max(core_grant, 0.0), losers, ranges)


def _ranges(game: Game, groups: list[frozenset[str]]) -> dict[str, tuple[float, float]]:
    """Least and most of each player over the efficient splits that satisfy some coalitions."""
    proper = [group for group in groups if group != game.all]
    rows, needed = members(game, proper), np.array([game(group) for group in proper]) / game.scale
    whole, worth = np.ones((1, len(game.players))), [game(game.all) / game.scale]
    found = {}
    for index, player in enumerate(game.players):
        bounds = []
        for sign in (1.0, -1.0):
            goal = sign * np.eye(len(game.players))[index]
            # Where the splits are a point, round-off may leave none: the tolerance then gives way.
            for slack in (0.0, game.tolerance / game.scale):
                solved = linprog(goal, -rows, slack - needed, whole, worth, bounds=(None, None), method="highs", options=EXACT)
                if solved.status == 0:
                    break
            bounds.append(float(require(solved, "the acceptable range")[index]) * game.scale + 0.0)
        found[player] = (bounds[0], bounds[1])
    return found


def _books(table: Table, game: Game, kind: str, years: int | None, discount: float | None) -> Books:
    keeps = table.member_values(game.all, kind)
    if table.ledger is not None:
        years, discount = table.ledger.years, table.ledger.discount
    years, discount = 20 if years is None else years, 0.04 if discount is None else discount
    centre = next((player.id for player in table.players if player.tier == "centre"), None)
    if table.ledger is None:
        return Books(keeps, (), years, discount, centre, "no_budgets")
    sides = _sides(table, game)
    return Books(keeps, sides, years, discount, centre, "" if len(sides) == 2 else "one_side")


def zone_places(table: Table) -> np.ndarray:
    """[place] bool: the zone of fiscal.toml's [sharing], else the set `zone_sides` of needs.toml, else what land or firms' levers name."""
    region = table.runner.baseline.region
    rules = table.ledger.rules.sharing
    if rules.zone is not None:
        return Names(region).within(Jurisdiction.model_validate(rules.zone.model_dump(by_alias=True)), key="zone")
    sets: dict[str, Places] = {}
    if region.needs is not None:
        sets = read_sets(region.needs.get("sets", {}), region, Faults("the sets of places cannot be used"))
    if ZONE_SIDES in sets:
        return sets[ZONE_SIDES].mask
    masks = [lever.places_touched(Names(region)) for lever in table.scenario.levers if hasattr(lever, "mask")]
    return np.logical_or.reduce(masks) if masks else np.asarray(region.inside)


def _sides(table: Table, game: Game) -> tuple[Side, ...]:
    """The zone's sides, one a province, that have local governments among the players."""
    region, ledger = table.runner.baseline.region, table.ledger
    zone, level = zone_places(table), government_level(region)
    base = table.baseline_local()
    change = table.outcome(table.acting(game.all)).local
    weights = ledger.rules.sharing.equity or {}
    found = []
    for index in np.unique(region.cells(level)[zone]):
        name, province = region.jurisdictions(level)[index], region.cells(level) == index
        here, outside = province & zone, province & ~zone
        held = [n for n in range(len(table.players)) if base[n][here].sum() > 0]
        if not held:
            continue
        before = {table.players[n].id: float(base[n][here].sum()) for n in held}
        gain = {table.players[n].id: float(change[n][here].sum()) for n in held}
        moved = float(np.maximum(-change.sum(axis=0)[outside], 0.0).sum())
        land = float(np.asarray(region.places["land_km2"])[here].sum())
        found.append(Side(name, before, gain, moved, float(weights.get(name, land))))
    return tuple(found)


def _centre_gain(table: Table) -> float | None:
    """What the central government gains when all agree, where it does not play: what a grant could be paid from."""
    if table.ledger is None or any(player.tier == "centre" for player in table.players):
        return None
    return table.outcome(table.acting(table.groups[-1])).unheld_centre


def allocation_now(sharing: Sharing, split: Split) -> Allocation | None:
    """A split's present values."""
    if split.found.allocation is None:
        return None
    return {player: amount * sharing.present_value for player, amount in split.found.allocation.items()}


__all__ = [
    "Ledger",
    "Sharing",
    "Split",
    "Verdict",
    "allocation_now",
    "require_terms",
    "share",
    "verdict_of",
    "zone_places",
]
