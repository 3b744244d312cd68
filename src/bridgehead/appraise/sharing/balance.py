"""What the plan does to each government's books when all agree: by item, by year, present value, internal rate of return."""

from __future__ import annotations

from typing import Any

from bridgehead.appraise.budgets import internal_rate, present_value
from bridgehead.appraise.sharing.result import Sharing

RECEIPTS = ("land_sales",)
"""One-off items that are receipts; the others are outlays."""


def balance(sharing: Sharing) -> list[dict[str, Any]]:
    """Each government's change of its budget when all agree, million a year at the baseline's prices, one row a government.

    items: every item, one-off money by annuity; their sum is `budget`. outlay and land_sales: one-off money, million, before the
    first year; yearly: the change of every year after. internal_rate: of all that money, None where no money is laid out on
    balance; internal_rate_without_land_sales: of the outlay alone, when no land is sold.
    """
    rows = []
    for index, player in enumerate(sharing.players):
        once = {name: float(values[index]) for name, values in sharing.together.once.items()}
        items = {name: float(values[index]) for name, values in sharing.together.items.items()}
        sold = sum(amount for name, amount in once.items() if name in RECEIPTS)
        outlay = -sum(amount for name, amount in once.items() if name not in RECEIPTS)
        yearly = sum(amount for name, amount in items.items() if name not in once)
        later = [yearly] * sharing.books.years
        rows.append(
            {
                "government": player.id,
                "items": items,
                "budget": float(sharing.together.budget[index]),
                "welfare": float(sharing.together.welfare[index]),
                "outlay": outlay + 0.0,
                "land_sales": sold,
                "yearly": yearly,
                "present_value": present_value([sold - outlay, *later], sharing.books.discount),
                "internal_rate": internal_rate([sold - outlay, *later]),
                "internal_rate_without_land_sales": internal_rate([-outlay, *later]),
            }
        )
    return rows


def balance_by_year(sharing: Sharing) -> list[dict[str, Any]]:
    """Each government's money by year when all agree: one-off money in year 0, then the same change of its budget every year.

    One-period values: a year's change is that of the solved scenario. `bridgehead path` has the years of a scenario with dates.
    """
    rows = []
    for entry in balance(sharing):
        held = 0.0
        for year in range(sharing.books.years + 1):
            change = entry["yearly"] if year else 0.0
            sold, outlay = (entry["land_sales"], entry["outlay"]) if year == 0 else (0.0, 0.0)
            money = change + sold - outlay
            held += money * (1.0 + sharing.books.discount) ** -year
            row = {"government": entry["government"], "year": year, "change": change, "land_sales": sold, "outlay": outlay}
            rows.append(row | {"balance": money, "present_value_to_date": held})
    return rows
