"""The model's flows of ideas beside what has been observed (idea_flows.csv): shares, balance, ranking and growth.

What is observed (contracts, patents, papers, stakes, firms that move) is not what the model counts, and no number of it enters the
model. So levels are set side by side without a verdict; signs and rankings have one.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from bridgehead.appraise.ideas import IdeaFlows
from bridgehead.calibrate.moments import members_of
from bridgehead.region.units import canonical_unit, factor

SCHEMA = {
    "check": pl.String,
    "flow": pl.String,
    "from": pl.String,
    "to": pl.String,
    "year": pl.String,
    "unit": pl.String,
    "data": pl.Float64,
    "model": pl.Float64,
    "agrees": pl.Boolean,
    "source": pl.String,
}
SHARE = "share"
Row = dict[str, Any]


def idea_fit(baseline: Any, growth: float | None = None) -> pl.DataFrame:
    """check, flow, from, to, year, unit, data, model, agrees, source; `from` supplies ideas and `to` receives them. Of each check:

    share: of all flows between jurisdictions of a level; value: where money is observed; growth: log a year between two years, beside
    that of R&D on the model's path (None: not compared), whose sign follows from the trend: no verdict for these. balance: out over
    in, agrees on the same side of 1. ranking: of two receivers the larger over the smaller in the data, agrees above 1.
    """
    table = baseline.region.idea_flows
    flows = IdeaFlows(baseline)
    if table is None or not flows.known:
        return pl.DataFrame(schema=SCHEMA)
    seen = _Seen(baseline.region, flows.matrix(), growth)
    rows = table.to_dicts()
    counted = [row for row in rows if row["unit"] != SHARE]
    found = [seen.share(row) for row in rows if row["unit"] == SHARE]
    found += [seen.value(row) for row in counted if row["unit"] != "1"]
    for first, second in combinations(counted, 2):
        if first["flow"] == second["flow"]:
            found += seen.pair(first, second)
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


class _Seen:
    """The model's flows as observed rows name them."""

    def __init__(self, region: Any, flows: np.ndarray, growth: float | None) -> None:
        self.region, self.flows, self.growth = region, flows, growth

    def short(self, names: str) -> str:
        """The names without those whose places the others hold already."""
        kept = names.split("+")
        for name in reversed(names.split("+")):
            rest = [other for other in kept if other != name]
            if rest and not (members_of(self.region, name) & ~members_of(self.region, "+".join(rest))).any():
                kept = rest
        return "+".join(kept)

    def of(self, row: Row) -> float:
        """Φ(to ← from), million a year."""
        return float(self.flows[np.ix_(members_of(self.region, row["to"]), members_of(self.region, row["from"]))].sum())

    def share(self, row: Row) -> Row:
        """Of all that passes between inside places of different jurisdictions of the level `among`."""
        cells, inside = np.asarray(self.region.cells(row["among"])), np.asarray(self.region.inside)
        crossing = (cells[:, None] != cells[None, :]) & inside[:, None] & inside[None, :]
        return self._row("share", row, row["value"], self.of(row) / float(self.flows[crossing].sum()), SHARE)

    def value(self, row: Row) -> Row:
        """Money beside money."""
        currency = self.region.meta.currency
        observed = row["value"] * factor(row["unit"], "money", currency)
        return self._row("value", row, observed, self.of(row), canonical_unit("money", currency))

    def pair(self, first: Row, second: Row) -> list[Row]:
        """What two rows of one flow say together: balance, ranking or growth."""
        ends = [(row["from"], row["to"]) for row in (first, second)]
        if ends[0] == ends[1] and first["year"] != second["year"]:
            return self._grows(*sorted((first, second), key=lambda row: row["year"]))
        if first["year"] != second["year"] or min(first["value"], second["value"]) <= 0:
            return []
        if ends[0] == ends[1][::-1]:
            data, model = first["value"] / second["value"], self.of(first) / self.of(second)
            return [self._row("balance", first, data, model, "1", agrees=(data > 1) == (model > 1))]
        if first["from"] == second["from"]:
            more, less = sorted((first, second), key=lambda row: -row["value"])
            there = self.of(less)
            model = self.of(more) / there if there > 0 else float("inf")
            return [self._row("ranking", more, more["value"] / less["value"], model, "1", agrees=model > 1, other=less["to"])]
        return []

    def _grows(self, early: Row, late: Row) -> list[Row]:
        if self.growth is None or early["value"] <= 0 or late["value"] <= 0:
            return []
        data = float(np.log(late["value"] / early["value"])) / (late["year"] - early["year"])
        years = f"{early['year']}-{late['year']}"
        return [self._row("growth", late, data, self.growth, "log/year", years=years)]

    def _row(
        self, check: str, row: Row, data: float, model: float, unit: str, *, agrees: bool | None = None, other: str = "", years: str = ""
    ) -> Row:
        to = " / ".join(self.short(name) for name in (row["to"], other) if name)
        found = {"check": check, "flow": row["flow"], "from": self.short(row["from"]), "to": to, "year": years or str(row["year"])}
        return found | {"unit": unit, "data": data, "model": model, "agrees": agrees, "source": row["source"]}
