"""The toy region with everything an appraisal can use: research, construction land, needs, strategies and zones.

Facts that the toy lacks are made of its own (R&D 2 % of value added, 200 m2 of construction land a resident): made up, as it is.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl

import bridgehead

TOY = Path(bridgehead.__file__).parent / "cases" / "toy"
TEXT = {"place": pl.String, "sector": pl.String, "note": pl.String}


def zone_toy(folder: Path) -> Path:
    """A region folder: the toy with research, ideas borders, construction land, needs.toml, strategies.toml and zones.toml."""
    shutil.copytree(TOY / "region", folder)
    facts = pl.read_csv(folder / "facts.csv", infer_schema_length=None, schema_overrides=TEXT)
    made = facts.filter(pl.col("variable") == "value_added").group_by("place", maintain_order=True).agg(pl.col("value").sum() * 0.02)
    lived = facts.filter(pl.col("variable") == "residents").select("place", pl.col("value") * 2e-4)
    new = [_rows(facts, made, "research_spending", "million_yuan/year"), _rows(facts, lived, "construction_land", "km2")]
    pl.concat([facts, *new], how="vertical_relaxed").write_csv(folder / "facts.csv")
    borders = pl.read_csv(folder / "borders.csv")
    ideas = borders.filter(pl.col("flow") == "spillover").with_columns(pl.lit("ideas").alias("flow"), _ideas_passage())
    pl.concat([borders, ideas]).write_csv(folder / "borders.csv")
    with (folder / "parameters.toml").open("a", encoding="utf-8") as file:
        file.write(PARAMETERS)
    for name, text in (("needs", NEEDS), ("strategies", STRATEGIES), ("zones", ZONES)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def _rows(facts: pl.DataFrame, values: pl.DataFrame, variable: str, unit: str) -> pl.DataFrame:
    said = {"variable": variable, "sector": None, "year": 2023, "unit": unit, "source": "test", "note": None, "status": "inferred"}
    rows = values.with_columns(*(pl.lit(value).alias(name) for name, value in said.items()))
    return rows.select(facts.columns).cast(facts.schema)


def _ideas_passage() -> pl.Expr:
    """0.7 across provinces at `regime`, 0.5 from abroad, none at `prefecture`."""
    regime, abroad = pl.col("level") == "regime", pl.col("supplier") == "O2"
    side = {"A": "A", "ZA": "A", "B": "B", "ZB": "B", "O1": "O1", "O2": "O2"}
    crossing = pl.col("receiver").replace(side) != pl.col("supplier").replace(side)
    return pl.when(regime & abroad).then(0.5).when(regime & crossing).then(0.7).otherwise(1.0).alias("passage")


PARAMETERS = """
[research_elasticity]
value = 0.08
low = 0.05
high = 0.12
source = "test"
[knowledge_decay]
value = 60.0
low = 30.0
high = 120.0
source = "test"
[foreign_ideas]
value = 0.3
low = 0.1
high = 0.5
source = "test"
"""

STRATEGIES = """
format = 1
[[strategy]]
id = "a.open"
government = "A"
name = "Open to B"
name_zh = "向B开放"
[[strategy.lever]]
lever = "passage"
flow = "commuting"
level = "regime"
between = ["A", "ZA"]
and = ["B", "ZB"]
open = 0.25
low = 0.1
high = 0.5
source = "assumption"
[[strategy.lever]]
lever = "passage"
flow = "trade"
level = "regime"
between = ["A", "ZA"]
and = ["B", "ZB"]
open = 0.1
source = "assumption"
[[strategy]]
id = "b.research"
government = "B"
name = "More research"
[[strategy.lever]]
lever = "research"
in = { level = "province", is = "B" }
multiply = 1.2
source = "assumption"
"""

ZONES = """
format = 1
[joint]
id = "new_town"
name = "New town"
name_zh = "新城"
[[zone]]
id = "zone.open"
name = "Open zone"
[[zone.lever]]
lever = "passage"
flow = "trade"
level = "regime"
between = ["ZA"]
and = ["B", "ZB"]
set = 1.0
source = "rule"
[[zone]]
id = "zone.innovation"
name = "Innovation zone"
[[zone.lever]]
lever = "research"
places = ["ZA", "ZB"]
multiply = 2.0
source = "assumption"
[[zone.lever]]
lever = "productivity"
place = "ZB"
raise_value_added = 0.15
low = 0.1
high = 0.25
source = "assumption"
[[zone]]
id = "zone.land"
name = "Land zone"
[[zone.lever]]
lever = "land"
place = "ZB"
multiply = 1.2
source = "assumption"
"""

NEEDS = """
format = 1
[governments]
home = { name = "Home", name_zh = "本国" }
[sets]
delta = { level = "province", is = ["A", "B"] }
a = { level = "province", is = ["A"] }
b = { level = "province", is = ["B"] }
core = { places = ["A11", "A12"] }
rival = { level = "prefecture", is = ["B2"] }
b1 = { level = "prefecture", is = ["B1", "ZB"] }
zone_sides = { level = "regime", is = ["ZA", "ZB"] }
"""


def _need(id: str, *rows: str) -> str:
    head = f'[[need]]\nid = "{id}"\ngovernment = "home"\nname = "{id} in words"\nname_zh = "需求"\nquote = "{id}"\n'
    return head + "".join(f"[[need.measure]]\n{_toml(row)}\n" for row in rows)


def _toml(row: str) -> str:
    """'1 net_gain bn yuan/year|up of=mainland' as TOML."""
    first, *sets = row.split(" : ")
    line, function, unit, better = first.split("|")
    keys = [f'line = "{line}"', f'function = "{function}"', f'unit = "{unit}"', f'better = "{better}"', f'name = "{function}"']
    return "\n".join(keys + [f'{key} = "{value}"' for key, value in (s.split("=") for s in sets)])


NEEDS += _need(
    "growth", "1|net_gain|bn yuan/year|up : of=mainland", "2|spillover_multiplier|1|up : of=mainland : zone=zone_sides : only=zones",
    "3|gain_less_losses|bn yuan/year|up : of=b1 : within=b", "4|districts_rising|districts|up : of=a : by=place",
) + _need(
    "people", "1|theil|1|down : of=delta : by=province", "1.1|theil|1|down : of=delta : by=province : part=between",
    "1.2|theil|1|down : of=delta : by=province : part=within", "2|core_over_whole|1|down : core=core : whole=delta",
    "3|nonprimary_jobs|%|up : of=delta", "4|migrants_gap|%|down : of=delta", "5|welfare|bn yuan/year|up : of=mainland",
) + _need(
    "ideas", "1|tfp|log points|up : of=delta", "1.1|tfp_share_of_growth|%|up : of=delta",
    "2|ideas_used|baseline = 100|up : among=delta : by=province", "2.1|ideas_used|baseline = 100|up : of=b : from=a",
    "3|research_intensity|%|up : of=b",
) + _need(
    "space", "1|shadow_price_land|m yuan/(km2 year)|down : of=a", "1.1|shadow_price_gap|m yuan/(km2 year)|down : of=a : against=b",
    "2|home_rent|yuan/(m2 day)|down : of=a", "3|urban_diseases|baseline = 100|down : of=a : core=core",
    "3.1|mean_minutes|minutes|down : of=a", "3.2|rent_over_earnings|% per m2|down : of=a", "3.3|density|person/km2|down : of=core",
) + _need(
    "links", "1|foreign_access|log points|up : of=b : abroad=abroad", "2|export_share|%|up : of=b : abroad=abroad",
    "3|absorption|baseline = 100|up : of=b : from=a", "3.1|commuters_between|person|up : of=b : from=a",
    "3.2|purchases|bn yuan/year|up : of=b : from=a", "4|additional_commuters|%|up : of=b1 : from=a : rival=rival",
    "4.1|additional_purchases|%|up : of=b1 : from=a : rival=rival", "5|jobs_per_resident|1|up : of=zone_sides",
    "5.1|share_inside|%|up : of=zone_sides", "6|relocated|bn yuan/year|down : of=mainland", "7|real_value_added|bn yuan/year|up : of=a",
)  # fmt: skip
