"""The result of an appraisal: equilibria and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from bridgehead.appraise.engine import Solved
from bridgehead.appraise.needs import Needs

TABLES = (
    "matrix", "matrix_long", "needs", "scenarios", "places_change", "origins", "shapley", "mechanisms", "mechanisms_alone",
    "zone_results", "zone_facts", "opening", "levers", "levers_found", "moments", "fitted", "assumptions", "coverage",
    "shadow_prices", "shadow_prices_borders", "path", "path_growth", "path_totals", "path_needs", "path_fit", "path_fit_summary",
    "path_parameters", "path_certificates", "path_budgets", "path_budgets_summary", "idea_flows", "idea_fit",
    "budgets", "budgets_by_year", "budgets_fit", "sharing", "sharing_coalitions", "sharing_rules", "sharing_payments", "sharing_frontier", "sharing_terms",
    "optimum_choice", "optimum_measures", "optimum_budgets", "optimum_starts", "optimum_steps", "optimum_front",
)  # fmt: skip
"""The tables of an appraisal folder, each a CSV and a Parquet file of that name."""


@dataclass(frozen=True, eq=False)
class Appraisal:
    """An appraised region: its baseline, the solved scenarios by id, and the tables of formats.md ("Appraisal folder").

    solved: every column, whether it has a certified solution or a reason why not. warnings: what a reader must know before the
    numbers. seconds: how long each stage took; kept out of every table. no_path: why a path that was asked for has no certificate.
    optimum: the plan that answers the region's optimise.toml, where there is one.
    """

    baseline: Any
    needs: Needs
    solved: dict[str, Solved]
    tables: dict[str, pl.DataFrame]
    warnings: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict, compare=False)
    no_path: str = ""
    optimum: Any = None

    @property
    def scenarios(self) -> dict[str, Any]:
        """The equilibrium of every column; None where there is no certified one."""
        return {id: each.equilibrium if each.ok else None for id, each in self.solved.items()}

    @property
    def unsolved(self) -> dict[str, str]:
        """The columns without a certified solution, with the reason; the command exits with 2 when there are any."""
        return {id: each.reason for id, each in self.solved.items() if not each.ok}

    def __getattr__(self, name: str) -> pl.DataFrame:
        """A table by name: `appraisal.matrix`."""
        if name in TABLES:
            return self.tables[name]
        raise AttributeError(f"an appraisal has no '{name}'; its tables are {', '.join(TABLES)}")
