"""Region: what there is, labelled and validated, on the host."""

from __future__ import annotations

from bridgehead.region.arrays import RegionArrays, iceberg_costs
from bridgehead.region.meta import Closures, RegionMeta
from bridgehead.region.parameters import Parameter
from bridgehead.region.read import read_region
from bridgehead.region.region import Region

__all__ = ["Closures", "Parameter", "Region", "RegionArrays", "RegionMeta", "iceberg_costs", "read_region"]
