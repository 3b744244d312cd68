"""THE registry of names: every fundamental and every computed variable, with dims, unit and meaning.

Checks and docs/variables.md are made from it. Dims: place (home, work, buyer, seller, learner, source are places), sector, origin.
Money is in million units of the region's currency a year, rents in that currency a m2 and day.
"""

from __future__ import annotations

from dataclasses import dataclass

MONEY = "million money/year"
RENT = "money/(m2 day)"
FLOOR = "million m2 · day/year"


@dataclass(frozen=True)
class Variable:
    """One name: its dims in order, unit, symbol on the model page, meaning, and whether it is given or computed."""

    name: str
    dims: tuple[str, ...]
    unit: str
    symbol: str
    meaning: str
    kind: str


def _rows(kind: str, text: str) -> list[Variable]:
    """Rows `name | dims | unit | symbol | meaning`."""
    rows = []
    for line in text.strip().splitlines():
        name, dims, unit, symbol, meaning = (part.strip() for part in line.split("|"))
        rows.append(Variable(name, tuple(dims.split()), unit, symbol, meaning, kind))
    return rows


_GIVEN = f"""
workplace_dispersion    |               | 1          | ε     | dispersion of tastes for workplaces: how strongly workers follow wages
home_dispersion         |               | 1          | ν     | dispersion of tastes for homes; at most workplace_dispersion
housing_share           |               | 1          | α_H   | share of income spent on homes
amenity_density         |               | 1          | λ_b   | elasticity of amenity to the density of residents
research_elasticity     |               | 1          | χ     | elasticity of productivity to all research rising together
inside_wage_bill        |               | {MONEY}    | Σ w L | numeraire: wages of all inside places
labour_share            | sector        | 1          | β     | labour in gross output
floor_share             | sector        | 1          | γ     | work floor space in gross output
trade_elasticity        | sector        | 1          | θ     | elasticity of trade to its cost
density_elasticity      | sector        | 1          | λ     | elasticity of value-added productivity to the density of jobs
input_share             | sector sector | 1          | ω     | input (first) in gross output of its user (second)
consumption_share       | place sector  | 1          | α     | share of income spent on goods of a sector
productivity_fundamental| place sector  | 1          | ā     | productivity before density and ideas; 0 where the sector is absent
workplace_size          | place         | 1          | e     | size of a place as a workplace: its wage bill over the mean inside
transfer_rate           | place         | 1          | z     | transfers received, a rate on earnings
home_supply             | place         | {FLOOR}    | h̄     | homes supplied where the rent equals the price index
work_supply             | place         | {FLOOR}    | h̄^c   | work floor space, likewise
home_supply_elasticity  | place         | 1          | η     | elasticity of home supply to the real rent
work_supply_elasticity  | place         | 1          | η     | elasticity of work floor supply to the real rent
amenity_fundamental     | place         | 1          | b̄     | amenity before density
land_km2                | place         | km2        | land  | official land area; constant under land release
inside                  | place         | 0 or 1     |       | whether people commute from and to the place
learns                  | place         | 0 or 1     |       | whether ideas of others raise productivity here: all places but abroad
research                | place         | {MONEY}    | RD    | spending on research
origin_people           | origin        | person     | M     | people of an origin
migration_kept          | origin place  | 1          | D^(1/ν) | share of real income kept by an origin's people in a place, border included
people_before           | origin place  | person     | R_−1  | people by origin and home before this year's moves; paths only
mover_share             |               | 1          | m     | share of people free to move this year; paths only
patience                |               | 1          | b     | what all later years weigh for who moves now; 0 for myopic movers; paths only
outlook                 | place         | 1          | V̄_+1  | value of living in a place over a stay that begins next year; paths only
migration_kept_ahead    | origin place  | 1          | D̄^(1/ν) | share of real income kept over a stay; paths only
rent_pool               | set place     | 0 or 1     |       | places that share rents
tax_value_added         | place         | 1          | t^v   | tax rate on value added
tax_earnings            | place         | 1          | t^e   | tax rate on earnings
tax_land                | place         | 1          | t^l   | tax rate on rents
public_split            | level         | 1          |       | share of revenue that each level of government spends
public_sets             | level set place | 0 or 1   |       | jurisdictions of every level
blocks                  | set place     | 0 or 1     |       | nearly separate blocks of places, where a border has made them
commuting               | home work     | 1          | K     | kernel of commuting, with its borders
trade                   | sector buyer seller | 1    | T     | kernel of trade, with its borders; holds sizes and openness
spillover               | place place   | 1          | S     | kernel of productivity spillovers
amenity_spillover       | place place   | 1          | S^b   | kernel of amenity spillovers
knowledge               | learner source| 1          | N     | kernel of ideas
"""

_COMPUTED = f"""
wage                 | place        | million money/(person year) | w   | wage by workplace, before taxes
wage_kept            | place        | million money/(person year) |     | wage after taxes
home_rent_kept       | place        | 1          |       | share of home rents kept after taxes
work_rent_kept       | place        | 1          |       | share of work rents kept after taxes
access               | place        | million money/(person year) | W   | access to jobs from a home
jobs                 | place        | person     | L     | jobs
residents            | place        | person     | R     | employed residents
earnings             | place        | {MONEY}    | E     | what residents earn, wherever they work
income               | place        | {MONEY}    | I     | earnings, transfers, rents and public money
income_factor        | place        | 1          | y     | residents' income over their earnings
rents_received       | place        | {MONEY}    |       | rents received
public_money         | place        | {MONEY}    |       | public money spent by residents
transfers            | place        | {MONEY}    |       | net transfers received
claims               |              |            |       | money shared by earnings over sets of places
revenue              | place        | {MONEY}    |       | tax revenue levied in a place
rent_home            | place        | {RENT}     | r     | rent of homes
rent_work            | place        | {RENT}     | q     | rent of work floor space
floor_home           | place        | {FLOOR}    | h     | homes
floor_work           | place        | {FLOOR}    | h^c   | work floor space
consumer_price       | place        | 1          | P     | price index of the goods that people buy
price_index          | place sector | 1          | P_s   | price index of a sector's goods
unit_cost            | place sector | 1          | c     | unit cost; infinite where the sector is absent
productivity         | place sector | 1          | A     | productivity of value added
knowledge_stock      | place        | {MONEY}    | Z     | research that reaches a place
spending             | place sector | {MONEY}    | X     | spending on a sector's goods, final and input
output               | place sector | {MONEY}    | Y     | gross output
sold                 | place sector | {MONEY}    |       | output as sold in a pass: equals output at the solution
amenity              | place        | 1          | b     | amenity
value                | place        | 1          | V     | value of living in a place; only ratios mean anything
people               | origin place | person     | R_g   | residents by origin
people_free          | origin place | person     |       | where those go who are free to move; paths only
welfare              | origin       | 1          | U     | welfare of an origin's people; only ratios mean anything
block_shift          | place        | 1          |       | log step that balances nearly separate blocks
block_received       | set          | {MONEY}    |       | money that a nearly separate block receives from the others
block_paid           | set          | {MONEY}    |       | money that it pays to the others
block_goods          | set          | {MONEY}    |       | goods that cross its border, both ways
"""

REGISTRY: dict[str, Variable] = {row.name: row for row in [*_rows("given", _GIVEN), *_rows("computed", _COMPUTED)]}
"""Every name of the regional model."""


def as_markdown() -> str:
    """The registry as docs/variables.md."""
    lines = ["# Variables", "", "Made from `bridgehead.variables`; a test holds the two together.", ""]
    for kind, title in (("given", "Given: fundamentals"), ("computed", "Computed: the state of an equilibrium")):
        lines += [f"## {title}", "", "| name | symbol | dims | unit | meaning |", "|---|---|---|---|---|"]
        for row in REGISTRY.values():
            if row.kind == kind:
                dims = ", ".join(row.dims) or "–"
                lines.append(f"| `{row.name}` | {row.symbol or '–'} | {dims} | {row.unit or '–'} | {row.meaning} |")
        lines.append("")
    return "\n".join(lines)
