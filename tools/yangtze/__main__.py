"""`python -m tools.yangtze --source DIR [--out DIR]`: verify the first pass, build every table, write the region folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.yangtze import assumptions as rules
from tools.yangtze.borders import border_rows
from tools.yangtze.bounds import bound_rows
from tools.yangtze.checks import PROVINCE_PEOPLE, verify
from tools.yangtze.economy import consumption_rows, input_rows, sector_rows
from tools.yangtze.facts import CENSUS, fact_rows
from tools.yangtze.foreign import gateway_rows, trade_cost_rows
from tools.yangtze.geometry import build_geometry, dump
from tools.yangtze.idea_flows import idea_flow_rows
from tools.yangtze.labels import ABROAD_PLACE, INSIDE
from tools.yangtze.later import later_totals
from tools.yangtze.moments import moment_rows
from tools.yangtze.origins import migration_rows, origin_rows
from tools.yangtze.parameters import parameters_toml
from tools.yangtze.regions import place_rows
from tools.yangtze.sources import Sources
from tools.yangtze.travel import adjacency_rows, link_rows
from tools.yangtze.writing import as_csv, write_all

OUT = Path("src/bridgehead/cases/yangtze/region")


def build(sources: Sources) -> dict[str, bytes]:
    """Every built file of the region folder by name; region.toml, needs, strategies, zones and README are written by hand."""
    facts = fact_rows(sources)
    abroad = next(float(row["value"]) for row in facts if (row["place"], row["variable"]) == (ABROAD_PLACE, "residents"))
    origins = origin_rows(sources, abroad)
    tables = {
        "places": place_rows(sources),
        "facts": facts,
        "bounds": bound_rows(sources, facts),
        "totals": [*total_rows(), *later_totals(sources)],
        "sectors": sector_rows(sources),
        "input_output": input_rows(sources),
        "consumption": consumption_rows(sources),
        "links": link_rows(sources),
        "adjacency": adjacency_rows(sources),
        "trade_costs": trade_cost_rows(sources),
        "gateways": gateway_rows(sources),
        "origins": origins,
        "migration_costs": migration_rows(sources, [row["origin"] for row in origins]),
        "borders": border_rows(sources),
        "moments": moment_rows(sources),
        "idea_flows": idea_flow_rows(sources),
    }
    files = {f"{name}.csv": as_csv(rows) for name, rows in tables.items()}
    files["parameters.toml"] = parameters_toml(sources).encode()
    files["geometry.geojson"] = dump(build_geometry(sources))
    return files


def total_rows() -> list[dict]:
    """Rows of totals.csv: published totals the places must add up to."""
    return [
        {
            "level": "province",
            "jurisdiction": INSIDE[code],
            "variable": "population",
            "sector": "",
            "year": rules.YEAR,
            "value": people,
            "unit": "person",
            "source": CENSUS,
            "note": "seventh census",
            "tolerance": 0,
        }
        for code, people in PROVINCE_PEOPLE.items()
    ]


def main() -> None:
    """Read, verify, build, write."""
    parser = argparse.ArgumentParser(prog="python -m tools.yangtze", description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="folder of the delta's statistics")
    parser.add_argument("--out", type=Path, default=OUT, help=f"region folder to write (default {OUT})")
    arguments = parser.parse_args()
    sources = Sources(arguments.source)
    for line in verify(sources):
        print(line)
    files = build(sources)
    write_all(files, arguments.out)
    for name, data in files.items():
        print(f"{name}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
