"""links.csv and adjacency.csv: the travel network of the first pass in the words of the format."""

from __future__ import annotations

from tools.yangtze.sources import Row, Sources

MODES = {  # kinds of the first pass -> layers of region.toml
    "road": "road",
    "road (Yexin highway)": "road",
    "road (Xinghao Road)": "road",
    "bridge or tunnel": "road",
    "expressway": "expressway",
    "expressway bridge or tunnel": "expressway",
    "rail": "rail",
    "metro": "metro",
}
ALWAYS = "1900-01-01"


def link_rows(sources: Sources) -> list[dict]:
    """Rows of links.csv; KeyError for a kind of link that is not known.

    Every link is good both ways, so its ends stand in the order of places: two lines between the same stations, listed in
    opposite directions, would read as one line with different minutes each way.
    """
    order = {row["id"]: i for i, row in enumerate(sources.places)}
    return [_link(row, order) for row in sources.rows("clean/links_proposed")]


def _link(row: Row, order: dict[str, int]) -> dict:
    kind = row["mode"]
    tail, head = sorted((row["from"], row["to"]), key=order.__getitem__)
    special = kind not in ("road", "expressway", "rail", "metro")
    return {
        "from": tail,
        "to": head,
        "mode": MODES[kind],
        "minutes": float(row["minutes"]),
        "opened": "" if row["opened"] == ALWAYS else row["opened"],
        "crosses": row["border"],
        "note": f"{kind}; {row['note']}" if special else row["note"],
    }


def adjacency_rows(sources: Sources) -> list[dict]:
    """Rows of adjacency.csv: pairs that share a boundary, and whether it runs through water and has a fixed crossing."""
    return [{**row, "shared_km": float(row["shared_km"])} for row in sources.rows("clean/adjacency")]
