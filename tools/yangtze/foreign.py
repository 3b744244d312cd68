"""trade_costs.csv for the pairs with abroad, and gateways.csv.

Iceberg cost between a place and the rest of the world: (km to the nearer of the ports of Shanghai and Ningbo + 5,000)^psi,
both ways. All other pairs are computed from distance by the program.
"""

from __future__ import annotations

import numpy as np
from pyproj import Geod
from tools.yangtze import assumptions as rules
from tools.yangtze.labels import ABROAD_PLACE, is_inside, readable
from tools.yangtze.sources import Row, Sources

GEOD = Geod(ellps="sphere")
# terminals of each port: Waigaoqiao and Yangshan; Beilun. Positions to a hundredth of a degree: assumption
PORTS = {"port_shanghai": ((121.60, 31.35), (122.07, 30.62)), "port_ningbo": ((121.85, 29.93),)}
# provinces upstream on the Yangtze, whose sea trade goes down the river; all others have ports or routes of their own
UPSTREAM = ("jiangxi", "hubei", "hunan", "chongqing", "sichuan")
OTHER, RAIL = "other_ports", "rail"


def port_km(row: Row) -> dict[str, float]:
    """Great-circle km from a place's seat to each port, by the nearest of its terminals."""
    here = (float(row["lon"]), float(row["lat"]))
    return {port: min(GEOD.inv(*here, *there)[2] for there in terminals) / 1e3 for port, terminals in PORTS.items()}


def iceberg(km: float) -> float:
    """Iceberg cost between a place `km` from its port and the rest of the world."""
    return round((km + rules.KM_ABROAD) ** rules.TRADE_DISTANCE, 6)


def trade_cost_rows(sources: Sources) -> list[dict]:
    """Rows of trade_costs.csv: every pair with abroad both ways, and abroad with itself by its own land."""
    rows = []
    for place in sources.places:
        if place["id"] == ABROAD_PLACE:
            own = 2.0 / 3.0 * np.sqrt(rules.ABROAD_LAND_KM2 / np.pi)
            cost = round(float(own**rules.TRADE_DISTANCE), 6)
            rows.append({"buyer": ABROAD_PLACE, "seller": ABROAD_PLACE, "iceberg": cost})
            continue
        cost = iceberg(min(port_km(place).values()))
        rows.append({"buyer": place["id"], "seller": ABROAD_PLACE, "iceberg": cost})
        rows.append({"buyer": ABROAD_PLACE, "seller": place["id"], "iceberg": cost})
    return rows


def gateway_rows(sources: Sources) -> list[dict]:
    """Rows of gateways.csv: 3 % by rail, the rest by the nearer port, or by other ports where that is no port of theirs."""
    rows = []
    for place in sources.places:
        if place["id"] == ABROAD_PLACE:
            continue
        km = port_km(place)
        own = is_inside(place) or readable(place["province_en"]) in UPSTREAM
        port = min(km, key=km.get) if own else OTHER
        shares = {port: 1.0 - rules.RAIL_SHARE, RAIL: rules.RAIL_SHARE}
        source = (
            "assumption: 3 % by rail; the nearer of the ports of Shanghai and Ningbo"
            if own
            else ("assumption: 3 % by rail; ports other than Shanghai and Ningbo")
        )
        rows += [{"place": place["id"], "gateway": name, "share": share, "source": source} for name, share in shares.items()]
    return rows
