"""Region: what there is, labelled and validated, on the host."""

from __future__ import annotations

from bridgehead.region.arrays import RegionArrays, iceberg_costs, public_levels, public_sets
from bridgehead.region.checks import AuditLine, audit, coverage
from bridgehead.region.closure import with_closure
from bridgehead.region.meta import Closures, RegionMeta
from bridgehead.region.parameters import PARAMETERS, Parameter
from bridgehead.region.read import folder_hash, read_region
from bridgehead.region.region import Region
from bridgehead.region.starter import new_region
from bridgehead.region.travel import travel_times, with_link
from bridgehead.region.variables import FACT_VARIABLES, FactVariable
from bridgehead.region.write import write_region

__all__ = [
    "FACT_VARIABLES",
    "PARAMETERS",
    "AuditLine",
    "Closures",
    "FactVariable",
    "Parameter",
    "Region",
    "RegionArrays",
    "RegionMeta",
    "audit",
    "coverage",
    "folder_hash",
    "iceberg_costs",
    "new_region",
    "public_levels",
    "public_sets",
    "read_region",
    "travel_times",
    "with_closure",
    "with_link",
    "write_region",
]
