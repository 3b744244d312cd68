"""Ideas as flows: what the research of one jurisdiction is worth a year to another, and the same beside what has been observed.

Φ(B←C) = χ Σ_{i∈B} G_i⁰ Σ_{j∈C} N_ij RD_j / Z_i⁰ is the index Q of model.md §10 in money: the value added of B, at the productivity of
the data, that hangs on the R&D of C at the margin. Over all sources it is χ G_B⁰ in the data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from bridgehead.appraise.outcomes import value_added
from bridgehead.appraise.path_sets import Dense

ELSEWHERE, ABROAD = "elsewhere", "abroad"
MOST = 12
"""A level with more jurisdictions inside than this makes a table of pairs that nobody reads."""

Array = np.ndarray


def idea_values(value_added_base: Array, reach: Array, research: Array, stock_base: Array, elasticity: float) -> Array:
    """Φ_ij = χ G_i⁰ N_ij RD_j / Z_i⁰ [receiver, source], million a year.

    value_added_base G⁰ and stock_base Z⁰ [place] of the data, Z⁰ > 0; reach N [learner, source] with its passages and research RD
    [source] of what is looked at; elasticity χ.
    """
    return elasticity * (value_added_base / stock_base)[:, None] * reach * research[None, :]


def readable_levels(region: Any) -> list[str]:
    """The levels with two to twelve jurisdictions inside."""
    inside = np.asarray(region.inside)
    return [level for level in region.meta.levels if 2 <= len(set(np.asarray(region.cells(level))[inside].tolist())) <= MOST]


@dataclass(frozen=True, eq=False)
class IdeaFlows:
    """The flows of ideas of a baseline, and of other fundamentals beside it."""

    baseline: Any
    _dense: Dense = field(default_factory=Dense, repr=False)

    @property
    def known(self) -> bool:
        """Whether the region has research."""
        return "research" in self.baseline.given

    def matrix(self, given: Mapping[str, Any] | None = None, growth: float = 0.0) -> Array:
        """Φ [receiver, source] of `given` (None: the baseline's), million a year; growth: common growth of R&D in logs."""
        base = self.baseline.given
        now = base if given is None else given
        made = value_added(self.baseline.equilibrium.state["output"], np.asarray(base["labour_share"]), np.asarray(base["floor_share"]))
        stock = self._dense.of(base["knowledge"]) @ np.asarray(base["research"])
        research = np.asarray(now["research"]) * np.exp(growth)
        return idea_values(made, self._dense.of(now["knowledge"]), research, stock, float(base["research_elasticity"]))

    def sets(self) -> Iterator[tuple[str, dict[str, Array]]]:
        """For every level that makes a readable table: the jurisdictions inside, and those outside in two: elsewhere, abroad [place] bool."""
        region = self.baseline.region
        inside, abroad = np.asarray(region.inside), np.asarray(self.baseline.given["learns"]) == 0
        outside = {name: mask for name, mask in {ELSEWHERE: ~inside & ~abroad, ABROAD: abroad}.items() if mask.any()}
        for level in readable_levels(region):
            members = {name: np.asarray(region.members(level, name)) & inside for name in region.jurisdictions(level)}
            yield level, {**{name: mask for name, mask in members.items() if mask.any()}, **outside}

    def rows(self, flows: Array) -> list[dict[str, Any]]:
        """level, receiver, source, value and share of all that the receiver uses, of every ordered pair; receivers lie inside."""
        found = []
        for level, sets in self.sets():
            for receiver, here in sets.items():
                if receiver in (ELSEWHERE, ABROAD):
                    continue
                by_source = flows[here].sum(axis=0)
                for source, there in sets.items():
                    value = float(by_source[there].sum())
                    share = value / float(by_source.sum())
                    found.append({"level": level, "receiver": receiver, "source": source, "value": value, "share": share})
        return found


IDEA_COLUMNS = ("level", "receiver", "source", "unit", "baseline", "value", "change", "change_percent", "share")
IDEA_SCHEMA = dict.fromkeys(IDEA_COLUMNS[:4], pl.String) | dict.fromkeys(IDEA_COLUMNS[4:], pl.Float64)


def idea_table(baseline: Any, given: Mapping[str, Any] | None) -> pl.DataFrame:
    """level, receiver, source, unit, baseline, value, change, change_percent, share: ideas by ordered pair under `given` beside the
    baseline's. Empty without research."""
    flows = IdeaFlows(baseline)
    if not flows.known:
        return pl.DataFrame(schema=IDEA_SCHEMA)
    unit = f"million_{baseline.region.meta.currency}/year"
    base = pl.DataFrame(flows.rows(flows.matrix())).rename({"value": "baseline"})
    now = pl.DataFrame(flows.rows(flows.matrix(given)))
    change = pl.col("value") - pl.col("baseline")
    percent = pl.when(pl.col("baseline") > 0).then(100.0 * change / pl.col("baseline"))
    table = base.with_columns(now["value"], now["share"], pl.lit(unit).alias("unit"))
    return table.with_columns(change.alias("change"), percent.alias("change_percent")).select(IDEA_COLUMNS)
