"""Rules for facts: every place has what the model needs, in known units, with admissible values."""

from __future__ import annotations

import numpy as np
import polars as pl

from bridgehead.region.draft import Draft, shown
from bridgehead.region.facts import check_values, convert_units, pick
from bridgehead.region.parameters import WITH_RESEARCH, require_parameters
from bridgehead.region.tables import check_labels

ELASTICITIES = ("supply_elasticity_home", "supply_elasticity_work")
RENTS = ("rent_home", "rent_work")


def check_accounts(draft: Draft) -> None:
    """facts.csv and totals.csv: labels, units, values; then what the inversion needs of every place."""
    for stem in ("facts", "totals"):
        if draft.has(stem):
            draft.tables[stem] = convert_units(draft.tables[stem], draft.meta.currency, draft.faults)
    _check_totals(draft)
    if not draft.has("facts", "place", "variable", "sector", "year", "value", "status"):
        return
    table = draft.tables["facts"]
    check_labels(table, "place", draft.place_ids, "place", draft.faults)
    check_values(table, draft.meta.sectors, draft.faults)
    _require(draft)
    _check_outside_trade(draft)
    if draft.has_research:
        require_parameters(draft.parameters, WITH_RESEARCH, " (research_spending is given)", draft.faults)


def _check_totals(draft: Draft) -> None:
    if not draft.has("totals", "level", "jurisdiction"):
        return
    table = draft.tables["totals"]
    check_labels(table, "level", draft.meta.all_levels, "level", draft.faults)
    for level in (name for name in draft.meta.all_levels if draft.jurisdictions(name)):
        part = type(table)(table.file, table.frame.filter(pl.col("level") == level))
        check_labels(part, "jurisdiction", draft.jurisdictions(level), level, draft.faults)


def given(draft: Draft, variable: str, sector: str | None = None) -> np.ndarray:
    """Which places [N] have a row of the variable, whatever its value (bad values have their own fault)."""
    facts = draft.tables["facts"].frame.filter(pl.col("year").is_not_null())
    marked = facts.with_columns(pl.lit(1.0).alias("value"))
    return np.isfinite(pick(marked, variable, draft.place_ids, year=draft.meta.year, sector=sector)[0])


def values(draft: Draft, variable: str, sector: str | None = None) -> np.ndarray:
    """The variable by place [N], NaN where absent or bad."""
    facts = draft.tables["facts"].frame.filter(pl.col("year").is_not_null())
    return pick(facts, variable, draft.place_ids, year=draft.meta.year, sector=sector)[0]


def _require(draft: Draft) -> None:
    everywhere = np.ones(len(draft.place_ids), dtype=bool)
    inside, meta = draft.inside, draft.meta
    _need(draft, "residents", everywhere, "", "write the employed people who live there")
    for name in RENTS:
        _need(draft, name, inside, "", "take the rent of the prefecture, with status inferred, or drop the place")
    for name in ELASTICITIES:
        _need(draft, name, everywhere, "", "take the region's usual value, with status inferred")
    if meta.inversion != "residents_and_value_added":
        _need(draft, "jobs", inside, f" (inversion = {meta.inversion})", "write them or choose another inversion")
    if meta.inversion == "residents_jobs_and_wages":
        _need(draft, "wage", inside, f" (inversion = {meta.inversion})", "write them or choose another inversion")
    if meta.closures.trade == "gravity":
        _require_value_added(draft)
    if draft.has_research:
        abroad = np.array([c not in _home_countries(draft) for c in draft.column_of("country") or draft.place_ids])
        why = " (other places have it)"
        _need(draft, "research_spending", everywhere & ~abroad, why, "write 0 where nothing is spent, or drop them all")


def _require_value_added(draft: Draft) -> None:
    everywhere = np.ones(len(draft.place_ids), dtype=bool)
    total = np.zeros(len(draft.place_ids))
    complete = everywhere.copy()
    for sector in draft.meta.sectors:
        _need(draft, "value_added", everywhere, "", "write 0 where the sector is absent", sector)
        complete &= given(draft, "value_added", sector)
        total += values(draft, "value_added", sector)
    for i in np.flatnonzero(complete & (total == 0)):
        cause = f"'{draft.place_ids[i]}' has no value added in any sector"
        draft.faults.add(cause, place="facts.csv", expected="a positive sum: somebody works in every place")


def _need(draft: Draft, variable: str, where: np.ndarray, why: str, cure: str, sector: str | None = None) -> None:
    absent = [draft.place_ids[i] for i in np.flatnonzero(where & ~given(draft, variable, sector))]
    if absent:
        name = f"{variable} in {sector}" if sector else variable
        lack = "1 place lacks" if len(absent) == 1 else f"{len(absent)} places lack"
        file = draft.tables["facts"].file
        draft.faults.add(f"{lack} {name}{why}: {shown(absent)}", place=file, expected="a row for each place", cure=cure)


def _home_countries(draft: Draft) -> set[str | None]:
    countries = draft.column_of("country")
    return {name for name, here in zip(countries, draft.inside, strict=True) if here} if countries else set()


def _check_outside_trade(draft: Draft) -> None:
    exports, imports = given(draft, "exports"), given(draft, "imports")
    file = draft.tables["facts"].file
    for i in np.flatnonzero((exports | imports) & draft.inside):
        cause = f"'{draft.place_ids[i]}' is inside and has exports or imports"
        cure = "name what a place sells abroad foreign_exports or foreign_imports"
        draft.faults.add(cause, place=file, expected="these two of outside places only", cure=cure)
    for i in np.flatnonzero((exports != imports) & ~draft.inside):
        absent = "imports" if exports[i] else "exports"
        draft.faults.add(f"'{draft.place_ids[i]}' has no {absent}", place=file, expected="exports and imports, or neither")
