"""The audit of a region that reads: what a careful reader of its accounts, map and network would ask about.

A fault stops the reader; a line of the audit that is not ok is something to look at. `ok` is None where the region
lacks what the line needs. Also `coverage`: what share of every total was observed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from bridgehead.region.audit_map import audit_boundaries, audit_land, audit_links, audit_points, audit_water
from bridgehead.region.draft import shown
from bridgehead.region.facts import used_rows
from bridgehead.region.region import Region
from bridgehead.region.variables import FACT_VARIABLES

TOTAL_TOLERANCE = 0.005  # relative; rounding in published tables
SECTOR_TOLERANCE = 0.005
HEAD_BOUND = 8.0  # value added a head or worker may be this many times the median, or a share of it; Huangpu is 4
JOBS_BOUND = 10.0  # jobs per resident worker, either way; districts of offices reach 3.2


@dataclass(frozen=True)
class AuditLine:
    """One question of the audit: its name, whether all is well (None: cannot be asked), and the answer."""

    name: str
    ok: bool | None
    detail: str


def audit(region: Region) -> list[AuditLine]:
    """Every line of the audit, in a fixed order."""
    questions: tuple[Callable[[Region], tuple[str, bool | None, str]], ...] = (
        _stated_totals,
        _sector_sums,
        _one_vintage,
        _doubles,
        _a_head,
        _a_worker,
        _jobs_per_resident,
        _people,
        audit_land,
        audit_boundaries,
        audit_points,
        audit_water,
        audit_links,
        _moments,
    )
    return [AuditLine(*question(region)) for question in questions]


def _stated_totals(region: Region) -> tuple[str, bool | None, str]:
    """Zones counted once: places add up to the totals that totals.csv states, those of later years apart (paths are set beside them)."""
    name = "places add up to stated totals"
    if region.totals is None:
        return name, None, "no totals.csv"
    off, stated = [], region.totals.filter(pl.col("year") <= region.meta.year)
    for row in stated.iter_rows(named=True):
        members = region.members(row["level"], row["jurisdiction"])
        total = region.fact(row["variable"], sector=row["sector"])[members].sum()
        allowed = row.get("tolerance")
        if not abs(total - row["value"]) <= (TOTAL_TOLERANCE if allowed is None else allowed) * abs(row["value"]):
            label = f"{row['variable']}{' in ' + row['sector'] if row['sector'] else ''} of {row['jurisdiction']}"
            off.append(f"{label} is {total:,.6g}, stated {row['value']:,.6g} ({total / row['value'] - 1:+.1%})")
    return name, not off, shown(off) or f"all {stated.height} agree within {TOTAL_TOLERANCE:.1%}"


def _sector_sums(region: Region) -> tuple[str, bool | None, str]:
    """Sectors add up to the stated gdp of a place."""
    name = "sectors add up to stated GDP"
    stated, total = region.fact("gdp"), region.fact("value_added")
    both = np.isfinite(stated) & np.isfinite(total)
    if not both.any():
        return name, None, "no place states its gdp"
    off = both & (np.abs(total - stated) > SECTOR_TOLERANCE * stated)
    names = [f"{region.place_ids[i]} ({total[i] / stated[i] - 1:+.1%})" for i in np.flatnonzero(off)]
    return name, not names, shown(names) or f"all {both.sum()} agree within {SECTOR_TOLERANCE:.1%}"


def _one_vintage(region: Region) -> tuple[str, bool | None, str]:
    """One year for each variable inside, so that no difference between places is one between vintages."""
    mixed = []
    for variable in region.facts["variable"].unique(maintain_order=True):
        rows = used_rows(region.facts, variable, year=region.meta.year)
        years = rows.filter(pl.col("place").is_in(_inside_ids(region)))["year"]
        if years.n_unique() > 1:
            counts = years.value_counts().sort("year").iter_rows()
            mixed.append(f"{variable}: " + ", ".join(f"{year} ({count} rows)" for year, count in counts))
    return "one year for each variable", not mixed, "; ".join(mixed) or f"{region.meta.year} or the nearest year"


def _doubles(region: Region) -> tuple[str, bool | None, str]:
    """The reader refuses a row given twice; two places with the same accounts are one copied."""
    arrays = region.arrays()
    accounts = np.column_stack([arrays.residents, arrays.value_added])
    _, first, count = np.unique(accounts, axis=0, return_index=True, return_counts=True)
    twice = [region.place_ids[i] for i in first[count > 1]]
    detail = f"the same residents and value added as another place: {shown(twice)}" if twice else "no place is a copy"
    return "no place counted twice", not twice, detail


def _ratio(region: Region, name: str, above: np.ndarray, below: np.ndarray, bound: float, middle: float | None = None, unit: str = ""):
    """Whether above / below of inside places stays within a factor `bound` of `middle` (default: their median)."""
    known = region.inside & np.isfinite(above) & np.isfinite(below) & (below > 0)
    if not known.any():
        return name, None, "not given"
    ratio = np.divide(above, below, out=np.full(len(above), np.nan), where=known)
    middle = float(np.nanmedian(ratio)) if middle is None else middle
    off = known & ((ratio > bound * middle) | (ratio < middle / bound))
    names = [f"{region.place_ids[i]} {ratio[i]:.4g}" for i in np.flatnonzero(off)]
    low, high = np.nanmin(ratio), np.nanmax(ratio)
    return name, not names, shown(names) or f"{low:.4g} to {high:.4g}, median {np.nanmedian(ratio):.4g}{unit}"


def _money(region: Region) -> str:
    return f" million {region.meta.currency} a year"


def _a_head(region: Region) -> tuple[str, bool | None, str]:
    label = f"value added a head within {HEAD_BOUND:g} times the median"
    return _ratio(region, label, region.fact("value_added"), region.fact("population"), HEAD_BOUND, unit=_money(region))


def _a_worker(region: Region) -> tuple[str, bool | None, str]:
    label = f"value added a resident worker within {HEAD_BOUND:g} times the median"
    return _ratio(region, label, region.fact("value_added"), region.fact("residents"), HEAD_BOUND, unit=_money(region))


def _jobs_per_resident(region: Region) -> tuple[str, bool | None, str]:
    label = f"jobs per resident worker from 1/{JOBS_BOUND:g} to {JOBS_BOUND:g}"
    return _ratio(region, label, region.fact("jobs"), region.fact("residents"), JOBS_BOUND, 1.0)


def _people(region: Region) -> tuple[str, bool | None, str]:
    """No place has more employed residents than people."""
    name = "employed residents below the population"
    residents, population = region.fact("residents"), region.fact("population")
    both = np.isfinite(residents) & np.isfinite(population)
    if not both.any():
        return name, None, "no population given"
    off = [region.place_ids[i] for i in np.flatnonzero(both & (residents > population))]
    return name, not off, shown(off) or f"share employed {np.sum(residents[both]) / np.sum(population[both]):.2f}"


def _moments(region: Region) -> tuple[str, bool | None, str]:
    """One series a table: moments the borders are fitted to should be of one year."""
    name = "fitted moments of one year"
    fit = None if region.moments is None else region.moments.filter(pl.col("use") == "fit")
    if fit is None or not fit.height:
        return name, None, "no moments to fit"
    years = sorted(set(fit["year"]))
    return name, len(years) == 1, f"{fit.height} moments of " + ", ".join(map(str, years))


def coverage(region: Region) -> pl.DataFrame:
    """What share of every total over inside places is observed and what inferred: total, observed, inferred.

    Totals that add up (people, money, land) are weighted by their own values, in all, by sector and by province (or the
    first level); rents, elasticities and wages by the residents of their places.
    """
    rows = [row for variable in FACT_VARIABLES for row in _covered(region, variable)]
    schema = {"total": pl.String, "observed": pl.Float64, "inferred": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _covered(region: Region, variable: str) -> Iterator[tuple[str, float, float]]:
    used = used_rows(region.facts, variable, year=region.meta.year)
    level = "province" if "province" in region.meta.levels else region.meta.levels[0]
    groups = dict(zip(region.place_ids, region.column_of(level), strict=True))
    used = used.filter(pl.col("place").is_in(_inside_ids(region)))
    if not used.height:
        return
    weights = used["value"]
    if not FACT_VARIABLES[variable].total:
        people = dict(zip(region.place_ids, region.fact("residents"), strict=True))
        weights = pl.Series([people[place] for place in used["place"]], dtype=pl.Float64)
    used = used.with_columns(weights.alias("weight"), pl.Series("group", [groups[place] for place in used["place"]]))
    yield (variable, *_shares(used))
    if FACT_VARIABLES[variable].by_sector:
        for sector in region.sector_names:
            yield (f"{variable}, {sector}", *_shares(used.filter(pl.col("sector") == sector)))
    if FACT_VARIABLES[variable].total:
        for name in used["group"].unique(maintain_order=True):
            yield (f"{variable}, {level} {name}", *_shares(used.filter(pl.col("group") == name)))


def _inside_ids(region: Region) -> list[str]:
    return [place for place, here in zip(region.place_ids, region.inside, strict=True) if here]


def _shares(rows: pl.DataFrame) -> tuple[float, float]:
    total = rows["weight"].sum()
    observed = rows.filter(pl.col("status") == "observed")["weight"].sum()
    return (observed / total, 1.0 - observed / total) if total > 0 else (float("nan"), float("nan"))


def inferred_places(region: Region) -> np.ndarray:
    """Places whose value added is inferred [place] bool: their own figures are shown greyed and never ranked.

    A fact `gdp` of the place counts where there is one; else a place is inferred when any of its sectors is.
    """
    status = np.asarray(region.status("gdp"))
    if (status != "").any():
        return status != "observed"
    sectors = [np.asarray(region.status("value_added", sector=sector)) for sector in region.sector_names]
    return np.logical_or.reduce([each == "inferred" for each in sectors])
