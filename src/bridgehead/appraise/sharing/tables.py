"""A sharing as tables: budgets by item and year, coalitions, rules with who gets what, payments, and the frontier of two governments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from bridgehead.appraise.sharing.balance import balance, balance_by_year
from bridgehead.appraise.sharing.frontier import frontier_of
from bridgehead.appraise.sharing.result import Sharing

TEXT, NUMBER, YES, COUNT = pl.String, pl.Float64, pl.Boolean, pl.Int64
WHO = dict.fromkeys(("government", "name", "name_zh", "tier"), TEXT)
SCHEMAS: dict[str, dict[str, Any]] = {
    "budgets": {**WHO, "item": TEXT, "change": NUMBER, "once": NUMBER},
    "budgets_by_year": {
        "government": TEXT,
        "year": COUNT,
        **dict.fromkeys(("change", "land_sales", "outlay", "balance", "present_value_to_date"), NUMBER),
    },
    "budgets_fit": {**dict.fromkeys(("place", "province"), TEXT), **dict.fromkeys(("observed", "accounts", "log_gap"), NUMBER)},
    "sharing": {
        **WHO,
        **dict.fromkeys(("welfare", "alone", "together", "least", "most", "budget", "outlay", "land_sales", "yearly"), NUMBER),
        **dict.fromkeys(("present_value", "internal_rate", "internal_rate_without_land_sales"), NUMBER),
    },
    "sharing_coalitions": {"members": TEXT, "value": NUMBER, "levers": COUNT},
    "sharing_rules": {
        **dict.fromkeys(("rule", "government"), TEXT),
        "amount": NUMBER,
        **dict.fromkeys(("individually_rational", "in_core"), YES),
        "years": NUMBER,
        **dict.fromkeys(("axioms", "reason"), TEXT),
    },
    "sharing_payments": {**dict.fromkeys(("rule", "payer", "receiver"), TEXT), "amount": NUMBER, "share": NUMBER},
    "sharing_frontier": {**dict.fromkeys(("one", "other", "what", "name"), TEXT), "x": NUMBER, "y": NUMBER},
    "sharing_terms": {"name": TEXT, "value": NUMBER, "text": TEXT},
}
"""Columns of every table of a sharing; money is million a year at the baseline's prices, one-off money million."""


def sharing_tables(found: Sharing) -> dict[str, pl.DataFrame]:
    """Every table of a sharing by name."""
    makers = (budgets, by_year, residuals, governments, coalitions, rules, payments, frontier, terms)
    return {name: _frame(name, make(found)) for name, make in zip(SCHEMAS, makers, strict=True)}


def empty_tables() -> dict[str, pl.DataFrame]:
    """The same without rows: where nothing is shared."""
    return {name: _frame(name, ()) for name in SCHEMAS}


def _frame(name: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame([{column: row.get(column) for column in SCHEMAS[name]} for row in rows], schema=SCHEMAS[name], orient="row")


def _who(player: Any) -> dict[str, str]:
    return {"government": player.id, "name": player.name, "name_zh": player.name_zh, "tier": player.tier}


def budgets(found: Sharing) -> list[dict[str, Any]]:
    """One row a government and item: the change when all agree, one-off money by annuity, and as it is paid (`once`); item `total` is the sum.
    No rows without fiscal rules."""
    rows = []
    for index, entry in enumerate(balance(found) if found.table.ledger is not None else ()):
        names = _who(found.players[index])
        once = {item: float(values[index]) for item, values in found.together.once.items()}
        rows += [{**names, "item": item, "change": value, "once": once.get(item)} for item, value in entry["items"].items()]
        rows.append({**names, "item": "total", "change": entry["budget"], "once": sum(once.values())})
    return rows


def by_year(found: Sharing) -> list[dict[str, Any]]:
    """Each government's money by year when all agree; no rows without fiscal rules."""
    return balance_by_year(found) if found.table.ledger is not None else []


def residuals(found: Sharing) -> list[dict[str, Any]]:
    """One row a place whose general public budget revenue is observed: the accounts at its province's mean effort beside it, and the gap
    in logs that its own effort takes up; no rows without fiscal rules."""
    return found.table.ledger.residuals if found.table.ledger is not None else []


def governments(found: Sharing) -> list[dict[str, Any]]:
    """One row a government: budget and welfare when all agree, what it has alone and together without a rule, the range it can accept,
    present value and internal rates of return of its budget."""
    rows, has_books = [], found.table.ledger is not None
    for player, entry in zip(found.players, balance(found), strict=True):
        low, high = found.verdict.acceptable.get(player.id, (None, None))
        values = {"alone": found.game({player.id}), "together": found.books.keeps[player.id], "least": low, "most": high}
        rows.append({**(entry if has_books else {"welfare": entry["welfare"]}), **_who(player), **values})
    return rows


def coalitions(found: Sharing) -> list[dict[str, Any]]:
    """One row a coalition, nobody first: members, value, and how many levers act."""
    return [
        {
            "members": "+".join(p for p in found.game.players if p in group),
            "value": found.game(group),
            "levers": len(found.table.acting(group)),
        }
        for group in found.table.groups
    ]


def rules(found: Sharing) -> list[dict[str, Any]]:
    """One row a rule and government: its amount (empty with the reason where the rule has no split), and what is true of the split."""
    rows = []
    for split in found.splits:
        got = split.found.allocation
        said = {"rule": split.name, "individually_rational": split.individually_rational, "in_core": split.in_core}
        said |= {"years": split.found.years, "axioms": ", ".join(split.axioms), "reason": split.found.why}
        rows += [{**said, "government": player.id, "amount": None if got is None else got[player.id]} for player in found.players]
    return rows


def payments(found: Sharing) -> list[dict[str, Any]]:
    """One row a payment of a rule: payer, receiver, amount, and what share of the payer's additional local revenue in the zone it is."""
    return [
        {"rule": split.name, "payer": payer, "receiver": receiver, "amount": amount, "share": share}
        for split in found.splits
        for payer, receiver, amount, share in split.payments
    ]


def frontier(found: Sharing) -> list[dict[str, Any]]:
    """The plane of the first two governments: corners of the core in order around it, the threat point, the rules."""
    one, other = (player.id for player in found.players[:2])
    rows = [{"what": "core", "name": str(n), "x": x, "y": y} for n, (x, y) in enumerate(frontier_of(found.game, (one, other)), start=1)]
    alone = found.game.alone()
    rows.append({"what": "threat", "name": "alone", "x": alone[one], "y": alone[other]})
    for split in found.splits:
        got = split.found.allocation
        if got is not None:
            rows.append({"what": "rule", "name": split.name, "x": got[one], "y": got[other]})
    return [{"one": one, "other": other, **row} for row in rows]


def terms(found: Sharing) -> list[dict[str, Any]]:
    """What the sharing rests on: plan, value, years, discount, what would fill the core or make all sign, how far accounts miss the facts."""
    verdict, ledger = found.verdict, found.table.ledger
    rows = [("plan", None, found.scenario.id or found.scenario.name), ("value", None, found.kind)]
    rows += [("years", float(found.books.years), "assumption"), ("discount", found.books.discount, "assumption")]
    rows += [("signs", float(verdict.signs), ""), ("core_empty", float(verdict.core_empty), "")]
    rows += [("grant", verdict.grant, ""), ("core_grant", verdict.core_grant, ""), ("whole", found.game(found.game.all), "")]
    gaps = [] if ledger is None else [row["log_gap"] for row in ledger.residuals if row["log_gap"] is not None]
    if gaps:
        rows.append(("fit", (sum(gap * gap for gap in gaps) / len(gaps)) ** 0.5, f"{len(gaps)}"))
    if ledger is not None:
        rows += [(f"cost.{cost.id}", cost.value, cost.source) for cost in ledger.rules.costs.values()]
    return [{"name": name, "value": value, "text": text} for name, value, text in rows]
