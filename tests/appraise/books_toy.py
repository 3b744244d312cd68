"""The toy with a zone, and governments that keep books: fiscal rules and observed revenue (all made up)."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from zone_toy import TEXT, zone_toy

FISCAL = """
format = 1
[[tax]]
id = "value_added_tax"
name = "Value-added tax"
name_zh = "增值税"
base = "value_added"
rate = 0.06
central = 0.5
source = "test"
[[tax]]
id = "income_tax"
name = "Income tax"
base = "earnings"
rate = 0.04
central = 0.6
source = "test"
[[tax]]
id = "property"
name = "Property taxes"
base = "rents"
rate = 0.1
central = 0.0
source = "test"
[land_sales]
land_share_of_rent = { value = 0.5, source = "assumption" }
compensation = { value = 0.52, source = "test" }
[local_total]
[upper]
prefecture = { value = 0.5, source = "assumption" }
[[cost]]
id = "land_development"
value = 10.0
source = "assumption"
[[cost]]
id = "research_subsidy"
value = 0.2
central = 0.4
source = "assumption"
[[cost]]
id = "road"
value = 5.0
source = "assumption"
[[government]]
id = "home"
name = "Centre"
name_zh = "中央"
tier = "centre"
level = "country"
[[government]]
id = "A"
name = "Province A"
tier = "province"
level = "province"
[[government]]
id = "B"
name = "Province B"
tier = "province"
level = "province"
[[government]]
id = "B1"
name = "City B1"
tier = "prefecture"
level = "prefecture"
is = ["B1", "ZB"]
[finance]
years = 20
discount = 0.04
source = "assumption"
[sharing]
governments = ["A", "B", "home"]
"""


def books_toy(folder: Path) -> Path:
    """The folder of the region."""
    zone_toy(folder)
    (folder / "fiscal.toml").write_text(FISCAL, encoding="utf-8")
    facts = pl.read_csv(folder / "facts.csv", infer_schema_length=None, schema_overrides=TEXT)
    made = facts.filter(pl.col("variable") == "value_added").group_by("place", maintain_order=True).agg(pl.col("value").sum())
    local = made.filter(~pl.col("place").str.starts_with("O")).with_columns(pl.col("value") * 0.08)
    said = {"variable": "budget_revenue", "sector": None, "year": 2023, "unit": "million_yuan/year", "source": "test", "note": None}
    rows = local.with_columns(*(pl.lit(value).alias(name) for name, value in said.items()), status=pl.lit("observed"))
    pl.concat([facts, rows.select(facts.columns).cast(facts.schema)]).write_csv(folder / "facts.csv")
    return folder
