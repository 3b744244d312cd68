"""The tables of a region folder, version 1: their columns, in the words of the format page."""

from __future__ import annotations

from collections.abc import Sequence

from bridgehead.region.tables import NOT_NEGATIVE, POSITIVE, SHARE, Column, Range, TableSpec

FLOWS = ("commuting", "trade", "migration", "spillover", "ideas")
STATUS = ("observed", "inferred")
EXTRAS = ("needs", "strategies", "zones", "fit", "fiscal", "optimise", "uncertainty")  # read as they stand; other rooms check them
TOML_FILES = ("region.toml", "parameters.toml", *(f"{name}.toml" for name in EXTRAS))
GEOMETRY_FILES = ("geometry.geojson", "geometry.gpkg", "geometry.parquet")


def _optional(name: str, kind: str = "text", within: Range | None = None) -> Column:
    return Column(name, kind, required=False, blank=True, within=within)


def places_spec(levels: Sequence[str]) -> TableSpec:
    """places.csv: one column for each jurisdiction level, and `country`."""
    named = [Column(level) for level in levels if level not in ("country", "place")]
    columns = (
        Column("place"),
        Column("name"),
        _optional("name_zh"),
        Column("lon", "number", blank=True, within=Range(-180.0, 180.0)),
        Column("lat", "number", blank=True, within=Range(-90.0, 90.0)),
        Column("land_km2", "number", within=POSITIVE),
        *named,
        Column("country"),
        Column("outside", "flag"),
        Column("rent_pool", required=False),
        _optional("note"),
    )
    return TableSpec("places", columns, ("place",))


def origins_spec(levels: Sequence[str]) -> TableSpec:
    """origins.csv: an origin's jurisdiction at each level where it has one."""
    named = [Column(level, required=False) for level in (*levels, "country")]
    columns = (Column("origin"), _optional("name"), _optional("name_zh"), *named)
    return TableSpec("origins", (*columns, Column("people", "number", within=POSITIVE), _optional("note")), ("origin",))


FACTS = TableSpec(
    "facts",
    (
        Column("place"),
        Column("variable"),
        Column("sector", blank=True),
        Column("year", "whole", within=Range(1500, 2500)),
        Column("value", "number"),
        Column("unit"),
        Column("source"),
        Column("note", required=False, blank=True),
        Column("status", choices=STATUS),
    ),
    ("place", "variable", "sector", "year"),
)
TOTALS = TableSpec(
    "totals",
    (
        Column("level"),
        Column("jurisdiction"),
        Column("variable"),
        Column("sector", blank=True),
        Column("year", "whole"),
        Column("value", "number"),
        Column("unit"),
        Column("source"),
        _optional("note"),
        _optional("tolerance", "number", NOT_NEGATIVE),
    ),
    ("level", "jurisdiction", "variable", "sector", "year"),
)
SECTORS = TableSpec(
    "sectors",
    (
        Column("sector"),
        _optional("name"),
        _optional("name_zh"),
        Column("labour", "number", within=Range(0.0, 1.0, open_low=True)),
        Column("floor_space", "number", within=Range(0.0, 1.0, open_high=True)),
        Column("trade_elasticity", "number", within=POSITIVE),
        Column("density_elasticity", "number", within=Range(0.0, 1.0, open_high=True)),
        _optional("part_of"),
        _optional("source"),
    ),
    ("sector",),
)
INPUT_OUTPUT = TableSpec(
    "input_output",
    (
        Column("input"),
        Column("user"),
        Column("share", "number", within=Range(0.0, 1.0, open_high=True)),
        _optional("source"),
    ),
    ("input", "user"),
)
CONSUMPTION = TableSpec(
    "consumption",
    (Column("place"), Column("sector"), Column("share", "number", within=SHARE), _optional("source")),
    ("place", "sector"),
)
TRAVEL = TableSpec("travel", (Column("home"), Column("work"), Column("minutes", "number", within=POSITIVE)), ("home", "work"))
LINKS = TableSpec(
    "links",
    (
        Column("from"),
        Column("to"),
        Column("mode"),
        Column("minutes", "number", within=POSITIVE),
        Column("opened", "date", blank=True),
        _optional("crosses"),
        _optional("note"),
    ),
    (),  # parallel links are separate rows: the quickest counts
)
TRADE_COSTS = TableSpec(
    "trade_costs",
    (Column("buyer"), Column("seller"), Column("iceberg", "number", within=POSITIVE)),
    ("buyer", "seller"),
)
GATEWAYS = TableSpec(
    "gateways",
    (Column("place"), Column("gateway"), Column("share", "number", within=SHARE), _optional("source")),
    ("place", "gateway"),
)
MIGRATION_COSTS = TableSpec(
    "migration_costs",
    (Column("origin"), Column("destination"), Column("kept_income", "number", within=SHARE)),
    ("origin", "destination"),
)
BORDERS = TableSpec(
    "borders",
    (
        Column("level"),
        Column("flow", choices=FLOWS),
        _optional("sector"),
        Column("receiver"),
        Column("supplier"),
        Column("passage", "number", within=NOT_NEGATIVE),
        _optional("source"),
    ),
    ("level", "flow", "sector", "receiver", "supplier"),
)
MOMENTS = TableSpec(
    "moments",
    (
        Column("name"),
        Column("from", blank=True),
        Column("to", blank=True),
        Column("value", "number"),
        Column("unit"),
        Column("year", "whole"),
        Column("status"),
        Column("source"),
        Column("use", choices=("fit", "check")),
        _optional("error", "number", POSITIVE),
        _optional("note"),
    ),
    ("name",),
)
IDEA_FLOWS = TableSpec(
    "idea_flows",
    (
        Column("flow"),
        Column("from"),
        Column("to"),
        _optional("among"),
        Column("year", "whole"),
        Column("value", "number", within=NOT_NEGATIVE),
        Column("unit"),
        Column("source"),
        _optional("note"),
    ),
    ("flow", "from", "to", "among", "year"),
)
BOUNDS = TableSpec(
    "bounds",
    (
        Column("place"),
        Column("variable"),
        _optional("sector"),
        Column("low", "number"),
        Column("high", "number"),
        Column("unit"),
        Column("draw"),
        _optional("opposite", "flag"),
        _optional("total"),
        Column("rule"),
        _optional("source"),
    ),
    ("place", "variable", "sector", "draw"),
)
ADJACENCY = TableSpec(
    "adjacency",
    (
        Column("a"),
        Column("b"),
        Column("shared_km", "number", blank=True, within=NOT_NEGATIVE),
        Column("across_water", blank=True),
        Column("fixed_crossing", "flag", blank=True),
        _optional("border"),
    ),
    ("a", "b"),
)
FLOW_TABLES = {
    "commuting": TableSpec(
        "commuting",
        (Column("home"), Column("work"), Column("people", "number", within=NOT_NEGATIVE)),
        ("home", "work"),
    ),
    "trade": TableSpec(
        "trade",
        (Column("buyer"), Column("seller"), Column("sector"), Column("value", "number", within=NOT_NEGATIVE)),
        ("buyer", "seller", "sector"),
    ),
    "migration": TableSpec(
        "migration",
        (Column("origin"), Column("destination"), Column("people", "number", within=NOT_NEGATIVE)),
        ("origin", "destination"),
    ),
}
STEMS = (
    *("places", "facts", "totals", "sectors", "input_output", "consumption", "travel", "links", "trade_costs"),
    *("gateways", "migration_costs", "origins", "borders", "moments", "idea_flows", "adjacency", "bounds", *FLOW_TABLES),
)
