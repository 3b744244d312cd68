"""What the maps can show: the variables of the baseline and of the changes, their units, and which figures are inferred."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from bridgehead.report.figures.frame import Page
from bridgehead.report.figures.numbers import Unit, unit_of
from bridgehead.report.figures.words import Both, both, load_text

__all__ = ["Variable", "change_variables", "changes_of", "inferred_places", "level_variables", "levels_of"]


@dataclass(frozen=True)
class Variable:
    """A mapped variable: its column, name and unit; `money` marks sums of value added, `fact` the fact it rests on."""

    column: str
    label: Both
    unit: Unit
    money: bool = False
    fact: str = ""


def _variable(column: str, kind: str) -> Variable | None:
    known = load_text("variables")[kind].get(column)
    if known is None:
        return None
    return Variable(column, both(known["en"], known["zh"]), unit_of(known["unit"]), known.get("money", False), known.get("fact", ""))


def change_variables(page: Page) -> list[Variable]:
    """The numeric columns of places_change.csv that the text file names, in its order."""
    columns = set(page.tables["places_change"].columns)
    return [v for key in load_text("variables")["change"] if key in columns and (v := _variable(key, "change"))]


def changes_of(page: Page, scenario: str, variable: Variable) -> dict[str, float | None]:
    """Place to change, of one scenario."""
    rows = page.tables["places_change"].filter(pl.col("scenario") == scenario)
    return dict(zip(rows["place"], rows[variable.column].cast(pl.Float64), strict=True))


def level_variables(page: Page) -> list[Variable]:
    """The baseline variables that the tables or facts of this region allow."""
    return [v for key in load_text("variables")["level"] if (v := _variable(key, "level")) and levels_of(page, v)]


def levels_of(page: Page, variable: Variable) -> dict[str, float | None]:
    """Place to baseline level; {} where it cannot be made."""
    column = variable.column
    made = {
        "value_added": lambda: _fact_sum(page, "value_added"),
        "value_added_head": lambda: _ratio(_fact_sum(page, "value_added"), _baseline(page, "residents"), 1e3),
        "jobs_per_resident": lambda: _ratio(_baseline(page, "jobs"), _baseline(page, "residents"), 1.0),
        "residents_km2": lambda: _ratio(_baseline(page, "residents"), _land(page), 1.0),
    }.get(column, lambda: _baseline(page, column))()
    scale = 1e-3 if column == "value_added" else 1.0
    return {place: None if value is None else value * scale for place, value in made.items() if place in page.shapes.paths}


def _baseline(page: Page, column: str) -> dict[str, float | None]:
    frame = page.tables.baseline
    if column not in frame.columns:
        return {}
    return dict(zip(frame["place"], frame[column].cast(pl.Float64), strict=True))


def _land(page: Page) -> dict[str, float]:
    places = page.region.places
    return dict(zip(places["place"], places["land_km2"].cast(pl.Float64), strict=True))


def _fact_sum(page: Page, variable: str) -> dict[str, float | None]:
    rows = page.region.facts.filter(pl.col("variable") == variable)
    sums = rows.group_by("place", maintain_order=True).agg(pl.col("value").cast(pl.Float64).sum())
    return dict(zip(sums["place"], sums["value"], strict=True))


def _ratio(top: dict, bottom: dict, scale: float) -> dict[str, float | None]:
    return {place: scale * top[place] / bottom[place] for place in top if top[place] is not None and bottom.get(place)}


def inferred_places(page: Page, variable: Variable | None = None) -> set[str]:
    """Places whose figure is inferred: by places_change.csv, or by the fact that a variable other than value added rests on."""
    if variable is not None and variable.fact != "value_added":
        rows = page.region.facts.filter((pl.col("variable") == variable.fact) & (pl.col("status") == "inferred"))
        return set(rows["place"]) & set(page.shapes.paths)
    frame = page.tables["places_change"]
    if "inferred" not in frame.columns:
        return set()
    flag = frame["inferred"].cast(pl.String).str.to_lowercase().is_in(["true", "1", "inferred"])
    return set(frame.filter(flag)["place"])
