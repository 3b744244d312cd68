"""An ensemble's tables by cell, with names and the sureness of signs: what every section of the page looks at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bridgehead.appraise.needs import Row
from bridgehead.ensemble.result import Result
from bridgehead.report.ensemble.hanging import need_of
from bridgehead.report.ensemble.terminal import facts_zh, names_for
from bridgehead.report.ensemble.words import factor_name, sign_css
from bridgehead.report.figures.names import Names
from bridgehead.report.figures.words import Both, both

__all__ = ["Cells", "cells_of"]


@dataclass(frozen=True, eq=False)
class Cells:
    """ranges by (row key, scenario); ranking by row key; names."""

    result: Result
    names: Names
    ranges: dict[tuple[tuple[str, str], str], dict[str, Any]]
    ranking: dict[tuple[str, str], list[dict[str, Any]]]
    facts: dict[str, str]

    def title(self, row: Row) -> Both:
        """What a row measures."""
        return both(row.title, row.title_zh)

    def need(self, row: Row) -> Both:
        """The need a row belongs to, with its government where that is more than the need."""
        return need_of(row, self.names)

    def factor(self, name: str) -> Both:
        """What a drawn number is called."""
        known = next((f for f in self.result.plan.factors if f.name == name), None)
        return both(name) if known is None else factor_name(known, self.names, self.facts)

    @cached_property
    def scenarios(self) -> list[str]:
        """The columns as they are shown: the zones together and the zones first, for they are what is asked."""
        known = self.result.draws.scenarios
        return sorted(known, key=lambda id: (id != self.result.lead, not self.names.is_zone(id)))

    def sure(self, row: Row, scenario: str) -> bool:
        """Whether nine draws of ten agree on the sign."""
        return self.css(row, scenario) != "unsure"

    def css(self, row: Row, scenario: str) -> str:
        """good, bad, unsure, or none."""
        return sign_css(self.ranges[row.key, scenario], row.better)


def cells_of(result: Result) -> Cells:
    """The cells of a result."""
    ranges = {((r["need"], r["line"]), r["scenario"]): r for r in result.tables["ranges"].to_dicts()}
    ranking: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in result.tables["ranking"].to_dicts():
        ranking.setdefault((row["need"], row["line"]), []).append(row)
    return Cells(result, names_for(result), ranges, ranking, facts_zh(result))
