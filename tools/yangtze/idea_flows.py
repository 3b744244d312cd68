"""idea_flows.csv: what has been observed of ideas that cross borders: contracts, patents, papers, stakes, firms that move.

`from` supplies and `to` receives. They set the model's flows of ideas beside the data and enter no number of it.
"""

from __future__ import annotations

from tools.yangtze.moments import NEIGHBOURS, SHANGHAI, SUZHOU
from tools.yangtze.sources import Row, Sources

OTHERS = "Jiangsu+Zhejiang+Anhui"
BILLION = "billion yuan/year"
# flow, from, to -> unit of the file, origin and destination there, unit here
COUNTED = (
    ("technology_contracts", SHANGHAI, NEIGHBOURS, "billion RMB technology contracts", "Shanghai", OTHERS, BILLION),
    ("patents_transferred", SHANGHAI, NEIGHBOURS, "patents transferred", "Shanghai", OTHERS, "1"),
    ("joint_papers", SHANGHAI, NEIGHBOURS, "co-authored international papers", "Shanghai", OTHERS, "1"),
    ("stakes_of_listed_firms", SHANGHAI, NEIGHBOURS, "invested firms (stock)", "Shanghai listed firms", OTHERS, "1"),
    ("stakes_of_listed_firms", NEIGHBOURS, SHANGHAI, "invested firms (stock)", f"{OTHERS} listed firms", "Shanghai", "1"),
    ("stakes_of_investors", SHANGHAI, NEIGHBOURS, "invested firms (stock)", "Shanghai institutions", OTHERS, "1"),
    ("stakes_of_investors", NEIGHBOURS, SHANGHAI, "invested firms (stock)", f"{OTHERS} institutions", "Shanghai", "1"),
    ("firms_relocated", SHANGHAI, SUZHOU, "firms relocated", "Shanghai", "Suzhou", "1"),
    ("firms_relocated", SHANGHAI, "beijing", "firms relocated", "Shanghai", "Beijing", "1"),
    ("firms_relocated", SHANGHAI, "hangzhou", "firms relocated", "Shanghai", "Hangzhou", "1"),
)
NOTES = {"2024-03": "stock in March 2024", "2024H1": "first half of 2024"}
SHARE = ("technology_contracts", "2023", 0.3558, "of the value of all contracts between the four provinces, as the source's note has it")


def idea_flow_rows(sources: Sources) -> list[dict]:
    """Rows of idea_flows.csv."""
    table = sources.rows("flows_innovation_firms")
    rows = []
    for flow, sender, receiver, unit, origin, destination, wanted in COUNTED:
        found = [row for row in table if (row["unit"], row["origin"], row["destination"]) == (unit, origin, destination)]
        rows += [_row(row, flow, sender, receiver, float(row["value"]), wanted, NOTES.get(row["year"], "")) for row in found]
    flow, year, share, note = SHARE
    first = next(row for row in table if row["unit"].endswith("technology contracts") and row["year"] == year)
    if f"{100 * share:.2f} percent" not in first["note"]:
        raise ValueError(f"the note of {flow} {year} does not state {share:.2%}: {first['note']}")
    return [*rows, _row(first, flow, SHANGHAI, NEIGHBOURS, share, "share", note) | {"among": "province"}]


def _row(row: Row, flow: str, sender: str, receiver: str, value: float, unit: str, note: str) -> dict:
    found = {"flow": flow, "from": sender, "to": receiver, "among": "", "year": int(row["year"][:4])}
    return found | {"value": value, "unit": unit, "source": row["source_url"], "note": note}
