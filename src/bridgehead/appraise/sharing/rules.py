"""Rules that divide what a plan gains, each with what carries it out: who pays whom, out of what, for how many years.

By accounts: the host keeps all (status quo), the increment in the zone 50:50, the same capped as between Beijing, Tianjin and Hebei,
equity in a joint developer. By the game: Shapley value, Nash bargaining, nucleolus.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridgehead.appraise.budgets import annuity
from bridgehead.appraise.sharing.games import Allocation, Game
from bridgehead.appraise.sharing.solutions import nash, nucleolus, shapley

RULES = ("host_keeps_all", "increment_5050", "capped_5050", "equity", "shapley", "nash", "nucleolus")
CAP_YEARS = 3.0
"""The origin receives at most the taxes of so many years before the move (Caiyu 2015 No. 92)."""
TERM, EXTENSION = 3, 2
"""Years it is paid, and by how many it is extended while the cap is not met; then the centre pays the rest at once."""


@dataclass(frozen=True)
class Side:
    """One side of a zone: what its governments received there before (by player), and the change (by player), million a year.

    moved: what the side's places outside the zone lose of local revenue. equity: its share of the joint developer.
    """

    name: str
    before: Mapping[str, float]
    gain: Mapping[str, float]
    moved: float = 0.0
    equity: float = 0.5


@dataclass(frozen=True)
class Books:
    """What rules by accounts divide: what each player keeps without any rule, the two sides of the zone, and the agreement's terms.

    why: 'one_side' or 'no_budgets' where there are no two sides. centre: the player that is the central government, if it plays.
    """

    keeps: Mapping[str, float]
    sides: tuple[Side, ...] = ()
    years: int = 20
    discount: float = 0.04
    centre: str | None = None
    why: str = ""


@dataclass(frozen=True)
class Found:
    """What a rule comes to: the allocation, or None and why ('one_side' · 'no_budgets' · 'nothing_to_divide'); years; notes on how."""

    allocation: Allocation | None
    years: float | None
    why: str = ""
    notes: Mapping[str, float] = field(default_factory=dict)


def divide(rule: str, game: Game, books: Books) -> Found:
    """The allocation of a rule, million a year."""
    if rule == "host_keeps_all":
        return Found(dict(books.keeps), books.years)
    if rule in ("increment_5050", "capped_5050", "equity"):
        if len(books.sides) != 2:
            return Found(None, None, books.why)
        return {"increment_5050": increment, "capped_5050": capped, "equity": equity}[rule](books)
    found = {"shapley": shapley, "nash": nash, "nucleolus": nucleolus}[rule](game)
    if found is None:
        return Found(None, None, "nothing_to_divide")
    notes = {f"disagreement.{player}": value for player, value in game.alone().items()} if rule == "nash" else {}
    return Found(found, books.years, notes=notes)


def increment(books: Books) -> Found:
    """The change of local revenue in the zone is pooled and halved between its sides; what was there before stays."""
    return _pooled(books, (0.5, 0.5))


def equity(books: Books) -> Found:
    """The change of local revenue in the zone goes to a joint developer, and to the sides by their equity in it."""
    whole = sum(side.equity for side in books.sides)
    return _pooled(books, tuple(side.equity / whole for side in books.sides))


def _pooled(books: Books, shares: tuple[float, ...]) -> Found:
    pool = sum(sum(side.gain.values()) for side in books.sides)
    split = dict(books.keeps)
    for side, share in zip(books.sides, shares, strict=True):
        _pay(split, side, share * pool - sum(side.gain.values()))
    return Found(split, books.years, notes={"pool": pool, **{f"share.{s.name}": x for s, x in zip(books.sides, shares, strict=True)}})


def _pay(split: Allocation, side: Side, amount: float) -> None:
    """An amount to the governments of a side, as they shared its revenue before."""
    whole = sum(side.before.values())
    for player, before in side.before.items():
        split[player] += amount * (before / whole if whole > 0 else 1.0 / len(side.before))


def capped(books: Books) -> Found:
    """Half of the tax on what moved goes back to the origin for three years, and two more while the cap is not met.

    Origin: the side whose places outside the zone lose more local revenue; moved: that loss (all of it taken as led by governments:
    assumption). A year: half of the smaller of `moved` and the destination's gain in the zone. Cap: three years of `moved`. What
    is unmet after five years the centre pays at once, where it plays. All of it spread over the agreement's years by annuity.
    """
    origin, destination = sorted(books.sides, key=lambda side: -side.moved)
    base = min(origin.moved, sum(destination.gain.values()))
    if base <= 0:
        return Found(dict(books.keeps), 0.0, notes={"yearly": 0.0, "moved": origin.moved, "rest": 0.0})
    yearly, cap = 0.5 * base, CAP_YEARS * origin.moved
    term = min(float(TERM + EXTENSION), cap / yearly)
    spread = annuity(books.discount, books.years)
    even = yearly * spread / annuity(books.discount, term)
    split = dict(books.keeps)
    _pay(split, origin, even)
    _pay(split, destination, -even)
    rest = max(0.0, cap - yearly * term)
    if books.centre is not None:
        late = rest * (1.0 + books.discount) ** -term * spread
        _pay(split, origin, late)
        split[books.centre] -= late
    return Found(split, term, notes={"yearly": yearly, "moved": origin.moved, "cap": cap, "rest": rest})


def transfers(keeps: Mapping[str, float], allocation: Mapping[str, float]) -> list[tuple[str, str, float]]:
    """Payments (payer, receiver, million a year) that turn what is kept into the allocation, large ones first.

    The largest debtor pays the largest creditor until all is settled: at most one payment fewer than players.
    """
    owed = {player: allocation[player] - keeps[player] for player in keeps}
    size = max((abs(amount) for amount in owed.values()), default=0.0)
    found = []
    while owed:
        payer, receiver = min(owed, key=owed.get), max(owed, key=owed.get)
        amount = min(-owed[payer], owed[receiver])
        if amount <= 1e-9 * size or amount <= 0:
            break
        owed[payer] += amount
        owed[receiver] -= amount
        found.append((payer, receiver, amount))
    return found
