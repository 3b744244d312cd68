"""Facts: their units converted, their labels and values checked, and the value of a variable picked for each place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from bridgehead.errors import Faults, did_you_mean
from bridgehead.region.tables import ROW, Table, positions
from bridgehead.region.units import DIMENSIONS, canonical_unit, factor, known_units, normal
from bridgehead.region.variables import FACT_VARIABLES, OWN


def convert_units(table: Table, currency: str, faults: Faults) -> Table:
    """The table with every value in the working unit of its variable; a fault for each unknown variable or unit."""
    if not {"variable", "unit", "value"} <= set(table.frame.columns):
        return table
    factors, units, unit_names = [], [], {}
    pairs = table.frame.select("variable", "unit").unique(maintain_order=True)
    for variable, unit in pairs.iter_rows():
        unit_names[variable, unit] = _factor_of(table, variable, unit, currency, faults)
    for variable, unit in table.frame.select("variable", "unit").iter_rows():
        times, name = unit_names[variable, unit]
        factors.append(times)
        units.append(name)
    values = table.frame["value"] * pl.Series(factors, dtype=pl.Float64)
    frame = table.frame.with_columns(values.alias("value"), pl.Series("unit", units, dtype=pl.String))
    return Table(table.file, frame)


def _factor_of(table: Table, variable: str | None, unit: str | None, currency: str, faults: Faults):
    """Factor and working unit; (None, unit) with a fault where they are unknown, and no fault for an empty cell."""
    rows = table.frame.filter(pl.col("variable").eq_missing(variable) & pl.col("unit").eq_missing(unit))[ROW].to_list()
    if variable is None or unit is None:
        return None, unit
    if variable not in FACT_VARIABLES:
        if variable.startswith(OWN):
            return 1.0, unit
        cure = did_you_mean(variable, FACT_VARIABLES) + f" A variable of your own begins with {OWN}"
        faults.add(f"unknown variable '{variable}'", place=table.at(rows[0]), cure=cure)
        return None, unit
    dimension = FACT_VARIABLES[variable].dimension
    wanted = canonical_unit(dimension, currency)
    times = factor(unit, dimension, currency)
    if times is None:
        more = f" ({len(rows)} rows)" if len(rows) > 1 else ""
        cause = f"unknown unit '{unit}' of {variable}{more}"
        other = [name for name in DIMENSIONS if name != dimension and factor(unit, name, currency) is not None]
        known = [name for name in known_units(dimension, currency) if name.isascii() or not unit.isascii()]
        cure = f"'{unit}' is a unit of {other[0]}" if other else did_you_mean(normal(unit), known)
        faults.add(cause, place=table.at(rows[0]), expected=f"{wanted} or a unit it can be converted from", cure=cure)
    return times, wanted


def check_values(table: Table, sectors: Sequence[str], faults: Faults) -> None:
    """Every value in the interval of its variable, and a sector where the variable is one by sector."""
    if not {"place", "variable", "sector", "value"} <= set(table.frame.columns):
        return
    for row in table.frame.iter_rows(named=True):
        known = FACT_VARIABLES.get(row["variable"])
        if known is None:
            continue
        name = f"{row['variable']} of '{row['place']}'" + (f" in {row['sector']}" if row["sector"] else "")
        if row["value"] is not None and not known.within.holds(row["value"]):
            cause = f"{name} is {row['value']:g} {row['unit']}"
            faults.add(cause, place=table.at(row[ROW]), expected=str(known.within), cure="correct or drop the row")
        if known.by_sector and not row["sector"]:
            faults.add(f"{name} has no sector", place=table.at(row[ROW]), expected="one of " + ", ".join(sectors))


def used_rows(facts: pl.DataFrame, variable: str, *, year: int) -> pl.DataFrame:
    """The rows of a variable that count, one for each place and sector: of several years, the region's `year`, else
    the nearest, the earlier of two."""
    rows = facts.filter(pl.col("variable") == variable)
    rows = rows.sort([(pl.col("year") - year).abs(), pl.col("year")], maintain_order=True)
    return rows.unique(["place", "sector"], keep="first", maintain_order=True)


def pick(
    facts: pl.DataFrame, variable: str, place_ids: Sequence[str], *, year: int, sector: str | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Value [N] and status [N] of a variable: NaN and '' where there is none. Of several years as in `used_rows`.

    Without `sector`, rows without one; where a place has none of those, the sum over its sectors, inferred if one of
    them is.
    """
    rows = used_rows(facts, variable, year=year)
    if sector is not None:
        rows = rows.filter(pl.col("sector") == sector)
    if sector is None:
        whole = rows.filter(pl.col("sector").is_null())
        parts = rows.join(whole.select("place"), on="place", how="anti")
        inferred = pl.when((pl.col("status") == "inferred").any()).then(pl.lit("inferred")).otherwise(pl.lit("observed"))
        sums = parts.group_by("place", maintain_order=True).agg(pl.col("value").sum(), inferred.alias("status"))
        rows = pl.concat([whole.select("place", "value", "status"), sums])
    values, status = np.full(len(place_ids), np.nan), np.full(len(place_ids), "", dtype="<U8")
    where = positions(rows["place"], place_ids)
    good = where >= 0
    values[where[good]] = rows["value"].fill_null(np.nan).to_numpy()[good]
    status[where[good]] = rows["status"].fill_null("").to_numpy().astype("<U8")[good]
    return values, status
