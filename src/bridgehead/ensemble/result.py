"""An ensemble summed up: its tables, and what stands at the head of a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bridgehead.ensemble import sensitivity, summary
from bridgehead.ensemble.evaluate import OK, OUTCOMES
from bridgehead.ensemble.factors import jointly
from bridgehead.ensemble.plan import EnsemblePlan
from bridgehead.ensemble.store import Store
from bridgehead.ensemble.summary import FACTOR, KEY, NUMBER, TEXT, Draws
from bridgehead.errors import DataError
from bridgehead.region.bounds import bound_draws

TABLES = (
    "ranges", "ranking", "shapley", "sobol", "tornado", "backgrounds", "paths", "data_share", "failures", "certificates", "factors", "draws",
)  # fmt: skip
"""The tables of an ensemble folder, each a CSV and a Parquet file of that name."""


@dataclass(frozen=True, eq=False)
class Result:
    """An ensemble's plan, its draws and its tables; notes: keys of remarks a reader needs (texts in the report's `ensemble.toml`)."""

    plan: EnsemblePlan
    draws: Draws
    tables: dict[str, pl.DataFrame]
    notes: tuple[str, ...] = ()
    fewest: int = field(default=sensitivity.FEWEST)

    @property
    def good(self) -> int:
        """How many draws count."""
        return len(self.draws.good)

    @cached_property
    def outcomes(self) -> dict[str, int]:
        """Draws of the plan by outcome, the defaults and twins left out."""
        own = self.draws.draws.filter((pl.col("draw") > 0) & pl.col("twin_of").is_null())["outcome"]
        return {name: int((own == name).sum()) for name in OUTCOMES}

    @property
    def unsolved_members(self) -> int:
        """Scenarios without a certified solution in draws that count."""
        good = self.draws.cells.filter(pl.col("draw").is_in(self.draws.good.tolist()))
        return int((~good["solved"]).sum())

    @property
    def unsolved_paths(self) -> int:
        """Draws that count whose path has no certificate."""
        own = self.draws.draws.filter(pl.col("draw").is_in([0, *self.draws.good.tolist()]) & pl.col("path").is_not_null())
        return int((own["path"] != OK).sum())

    @property
    def lead(self) -> str:
        """The scenario that is shown first: the zones together, else the last."""
        return self.plan.lead

    def drivers(self, scenario: str) -> dict[tuple[str, str], str]:
        """The factor with the largest total index of every row, by key; {} without indices."""
        table = self.tables["sobol"].filter(pl.col("scenario") == scenario)
        best = table.sort("total", descending=True).group_by("need", "line", maintain_order=True).first()
        return {(row["need"], row["line"]): row["factor"] for row in best.to_dicts()}


def summed_up(plan: EnsemblePlan, store: Store, progress: Callable[[int, int, str], None] | None = None) -> Result:
    """All tables of a complete or partial ensemble. DataError where it holds no draw that counts."""
    draws = Draws(plan, store.read("draws"), store.read("cells"), store.read("paths"))
    if not len(draws.good):
        causes = draws.draws.filter(pl.col("draw") > 0)["cause"].to_list()
        raise DataError(
            f"no draw came to a good end, so that there is nothing to sum up; the first: {causes[0] if causes else 'none made'}"
        )
    notes = []
    tables = {
        "ranges": summary.ranges(draws),
        "ranking": summary.ranking(draws),
        "shapley": summary.shapley(draws),
        "tornado": sensitivity.tornado(draws),
        "backgrounds": summary.backgrounds(draws),
        "paths": summary.paths(draws),
        "data_share": summary.data_share(draws),
        "failures": summary.failures(draws),
        "certificates": summary.certificates(draws),
        "factors": factors_table(plan),
        "draws": draws.draws,
    }
    if len(draws.good) < sensitivity.FEWEST:
        notes.append("few")
    try:
        tables["sobol"] = sensitivity.sobol(draws, progress)
    except DataError:
        tables["sobol"] = pl.DataFrame(schema={**KEY, "factor": TEXT, "kind": TEXT, "first": NUMBER, "total": NUMBER, "explained": NUMBER})
        notes.append("no_salib")
    return Result(plan, draws, {name: tables[name] for name in TABLES}, tuple(notes))


def factors_table(plan: EnsemblePlan) -> pl.DataFrame:
    """What is drawn: kind, value, range, distribution, where it enters, source; estimates last, with standard errors as range."""
    rows: list[dict[str, Any]] = [
        {"factor": f.name, "kind": f.kind, "value": f.value, "low": f.low, "high": f.high, "distribution": f.distribution,
         "enters": f.enters, "jointly": jointly(f, plan.factors), "paths_only": f.paths, "source": f.source}
        for f in plan.factors
    ]  # fmt: skip
    for item in () if plan.estimates is None else plan.estimates.estimate:
        spread = np.array([-1.0, 1.0]) * item.standard_error + item.value
        rows.append({"factor": item.name, "kind": "estimate", "value": item.value, "low": float(spread[0]), "high": float(spread[1]),
                     "distribution": "estimates", "enters": item.enters, "jointly": "estimates", "paths_only": False, "source": plan.estimates.standard_errors})  # fmt: skip
    rest = len(bound_draws(plan.region).names) - len(plan.form.data)
    if rest:
        rows.append({"factor": f"{rest} other inferred figures", "kind": "data", "value": 0.5, "low": 0.0, "high": 1.0,
                     "distribution": "uniform", "enters": "bounds", "paths_only": False, "source": "bounds.csv"})  # fmt: skip
    kinds = {
        "factor": TEXT,
        "kind": TEXT,
        **dict.fromkeys(("value", "low", "high"), NUMBER),
        "distribution": TEXT,
        "enters": TEXT,
        "jointly": TEXT,
    }
    return pl.DataFrame(rows, schema={**kinds, "paths_only": pl.Boolean, "source": TEXT}, orient="row")


def write_tables(result: Result, folder: Path) -> list[Path]:
    """Every table as CSV and Parquet; returns the files."""
    from bridgehead.appraise.write import write_table

    files = []
    for name, table in result.tables.items():
        plain = table.rename({column: column.removeprefix(FACTOR) for column in table.columns}) if name == "draws" else table
        files += write_table(plain, folder, name)
    return files
