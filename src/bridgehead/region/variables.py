"""The variables a facts table may hold: dimension, whether by sector, what values are admissible, who must have one.

A variable of the user's own begins with `x_`; it is carried along in its own unit and read by nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass

from bridgehead.region.tables import NOT_NEGATIVE, POSITIVE, Range

OWN = "x_"


@dataclass(frozen=True)
class FactVariable:
    """One row of the registry. `total` marks a variable whose values add up over places."""

    name: str
    dimension: str
    meaning: str
    within: Range = NOT_NEGATIVE
    by_sector: bool = False
    total: bool = False


_ROWS = (
    FactVariable("residents", "people", "employed residents, by home", POSITIVE, total=True),
    FactVariable("value_added", "money", "value added of a sector", by_sector=True, total=True),
    FactVariable("gdp", "money", "stated value added of all sectors; the audit holds the sectors to it", total=True),
    FactVariable("jobs", "people", "employed people, by place of work", POSITIVE, total=True),
    FactVariable("wage", "pay", "mean wage, by place of work", POSITIVE),
    FactVariable("rent_home", "rent", "rent of homes", POSITIVE),
    FactVariable("rent_work", "rent", "rent of floor space for work", POSITIVE),
    FactVariable("supply_elasticity_home", "number", "elasticity of the supply of homes"),
    FactVariable("supply_elasticity_work", "number", "elasticity of the supply of floor space for work"),
    FactVariable("population", "people", "everybody who lives there", POSITIVE, total=True),
    FactVariable("registered_people", "people", "people whose registration is there", total=True),
    FactVariable("budget_revenue", "money", "revenue of the local government", total=True),
    FactVariable("budget_spending", "money", "spending of the local government", total=True),
    FactVariable("research_spending", "money", "spending on research and development", total=True),
    FactVariable("construction_land", "area", "land that is or may be built on", POSITIVE, total=True),
    FactVariable("exports", "money", "sold to all other places (outside places only)", POSITIVE, total=True),
    FactVariable("imports", "money", "bought from all other places (outside places only)", POSITIVE, total=True),
    FactVariable("home_price", "price", "price of homes", POSITIVE),
    FactVariable("foreign_exports", "money", "goods sold abroad, by place", total=True),
    FactVariable("foreign_imports", "money", "goods bought from abroad, by place", total=True),
)
FACT_VARIABLES: dict[str, FactVariable] = {row.name: row for row in _ROWS}
