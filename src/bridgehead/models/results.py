"""A solution as labelled tables on disk (formats.md "Solution folder"): the one place where results regain their labels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bridgehead.models.equilibrium import Equilibrium
from bridgehead.models.flows import commuters_of, trade_of
from bridgehead.models.identities import money_accounts

PLACE_COLUMNS = {
    "wage": "wage",
    "jobs": "jobs",
    "residents": "residents",
    "access": "access",
    "earnings_per_resident": "earnings_per_resident",
    "income": "income",
    "income_factor": "income_factor",
    "amenity": "amenity",
    "value": "value",
    "consumer_price": "consumer_price",
    "rent_home": "rent_home",
    "rent_work": "rent_work",
    "floor_home": "floor_home",
    "floor_work": "floor_work",
}
SECTOR_COLUMNS = ("output", "price_index", "unit_cost", "productivity", "spending")


def table_of(columns: Mapping[str, Any]) -> pl.DataFrame:
    """Columns of equal length by name as a table."""
    return pl.DataFrame(dict(columns))


def commuters(equilibrium: Equilibrium) -> np.ndarray:
    """People by home and workplace [home, work]."""
    return commuters_of(equilibrium.given, equilibrium.state)


def trade_values(equilibrium: Equilibrium) -> np.ndarray:
    """Value of goods by sector, buyer and seller [sector, buyer, seller], million money a year."""
    return trade_of(equilibrium.given, equilibrium.state)


def solution_tables(
    equilibrium: Equilibrium, reference: Equilibrium, places: tuple, sectors: tuple, origins: tuple, *, flows: bool = True
) -> dict[str, pl.DataFrame]:
    """The tables of a certified solution by name; SolveError when it is not certified.

    `reference` is the baseline. flows: whether the pair tables (commuters, trade) are made.
    """
    state = equilibrium.require().state
    full = state | {"earnings_per_resident": state["earnings"] / state["residents"]}
    columns = {name: full[source] for name, source in PLACE_COLUMNS.items()}
    columns |= money_accounts(equilibrium.given, state)
    if "knowledge_stock" in state:
        columns["knowledge"] = state["knowledge_stock"]
    welfare = state["welfare"] / reference.state["welfare"]
    tables = {
        "places": pl.DataFrame({"place": places, **columns}),
        "sectors": _long({"place": places, "sector": sectors}, {name: state[name] for name in SECTOR_COLUMNS}),
        "origins": pl.DataFrame({"origin": origins, "welfare_ratio_to_baseline": welfare}),
        "people": _long({"origin": origins, "place": places}, {"people": state["people"]}),
    }
    return tables | pair_tables(equilibrium, places, sectors) if flows else tables


def pair_tables(equilibrium: Equilibrium, places: tuple, sectors: tuple) -> dict[str, pl.DataFrame]:
    """Commuters between inside places, and trade between all places by sector."""
    inside = np.asarray(equilibrium.given["inside"]) > 0
    live = tuple(place for place, within in zip(places, inside, strict=True) if within)
    people, trade = commuters(equilibrium)[np.ix_(inside, inside)], np.transpose(trade_values(equilibrium), (1, 2, 0))
    return {
        "commuters": _long({"home": live, "work": live}, {"people": people}),
        "trade": _long({"buyer": places, "seller": places, "sector": sectors}, {"value": trade}),
    }


def _long(labels: dict[str, tuple], values: dict[str, np.ndarray]) -> pl.DataFrame:
    """Arrays as rows: one column for the labels of each axis, one for each array's numbers."""
    shape = tuple(len(names) for names in labels.values())
    index = np.indices(shape).reshape(len(shape), -1)
    columns = {axis: pl.Series(axis, names).gather(index[i]) for i, (axis, names) in enumerate(labels.items())}
    return pl.DataFrame({**columns, **{name: np.ascontiguousarray(array).ravel() for name, array in values.items()}})


def write_solution(
    equilibrium: Equilibrium,
    baseline: Any,
    folder: Path,
    *,
    csv: bool = False,
    scenario: str | None = None,
    flows: bool = True,
) -> list[Path]:
    """Write a certified solution's tables, certificate and inputs into an existing or new folder; returns the files.

    scenario: the text of the scenario file, kept as `scenario.toml`. flows: whether the pair tables (commuters, trade) are written.
    """
    region = baseline.region
    labels = (region.place_ids, region.sector_names, region.origin_names)
    tables = solution_tables(equilibrium, baseline.equilibrium, *labels, flows=flows)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, table in tables.items():
        target = folder / f"{name}.{'csv' if csv else 'parquet'}"
        table.write_csv(target) if csv else table.write_parquet(target)
        files.append(target)
    texts = {
        "certificate.json": to_json(equilibrium.certificate.as_dict()),
        "inputs.json": to_json(inputs_of(baseline)),
    }
    if scenario is not None:
        texts["scenario.toml"] = scenario
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
        files.append(folder / name)
    return files


def inputs_of(baseline: Any) -> dict[str, Any]:
    """What a solution was computed from: region, its hash, closures, parameters, and estimates where any replaced the region's own numbers."""
    region, estimates = baseline.region, getattr(baseline, "estimates", None)
    taken = {} if estimates is None else {"estimates": estimates.model_dump(exclude_none=True)}
    return {
        **taken,
        "region": region.meta.name,
        "folder_hash": region.folder_hash,
        "closures": region.meta.closures.model_dump(),
        "parameters": dict(sorted(baseline.parameters.items())),
    }


def to_json(content: Any) -> str:
    """JSON with a final newline; numbers that are not finite become null, for JSON has none."""

    def clean(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(key): clean(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [clean(item) for item in value]
        if isinstance(value, (float, np.floating)):
            return float(value) if np.isfinite(value) else None
        if isinstance(value, np.integer):
            return int(value)
        return value

    return json.dumps(clean(content), indent=2, ensure_ascii=False) + "\n"
