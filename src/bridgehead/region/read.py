"""read_region: from a folder to a Region, or one error that lists every fault of the folder."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import polars as pl

from bridgehead.errors import DataError, Faults, did_you_mean
from bridgehead.region import rules_accounts, rules_bounds, rules_flows, rules_places
from bridgehead.region.draft import Draft
from bridgehead.region.forms import parse_form, read_toml, without_wrong_keys
from bridgehead.region.geometry_files import read_geometry
from bridgehead.region.meta import RegionMeta, check_government, check_meta
from bridgehead.region.parameters import FILE as PARAMETERS_FILE
from bridgehead.region.parameters import Parameter, parse_parameters
from bridgehead.region.region import Region
from bridgehead.region.schemas import (
    ADJACENCY,
    BORDERS,
    BOUNDS,
    CONSUMPTION,
    EXTRAS,
    FACTS,
    FLOW_TABLES,
    GATEWAYS,
    GEOMETRY_FILES,
    IDEA_FLOWS,
    INPUT_OUTPUT,
    LINKS,
    MIGRATION_COSTS,
    MOMENTS,
    SECTORS,
    STEMS,
    TOML_FILES,
    TOTALS,
    TRADE_COSTS,
    TRAVEL,
    origins_spec,
    places_spec,
)
from bridgehead.region.tables import Table, frozen, read_table

REQUIRED = ("places", "facts", "sectors")
PLAIN = (".md", ".txt", ".rst", ".pdf")  # notes beside the data, never read
DATA_FILES = (*TOML_FILES, *GEOMETRY_FILES, *(f"{stem}{end}" for stem in STEMS for end in (".csv", ".parquet")))


def read_region(folder: str | Path) -> Region:
    """The region of a folder in format 1 (see the format page).

    Raises one DataError that lists every fault found: its cause, file and row, what was expected, and the cure. Only
    where region.toml or places.csv is missing or beyond reading are the other tables left for the next time.
    """
    folder = Path(folder)
    faults = Faults(f"the region folder '{folder.name}' cannot be used", DataError)
    if not folder.is_dir():
        faults.add(f"there is no folder '{folder}'", expected="a region folder", cure="check the path")
        faults.raise_if_any()
    check_files(folder, faults)
    meta = read_meta(folder, faults)
    parameters = read_parameters(folder, faults)
    if meta is None:
        faults.raise_if_any()
    draft = Draft(folder, meta, faults, read_tables(folder, meta, faults), parameters)
    extras = {name: read_extra(folder, name, faults) for name in EXTRAS}
    rules_places.check_places(draft)
    if not draft.place_ids:
        faults.raise_if_any()
    rules_accounts.check_accounts(draft)
    rules_bounds.check_bounds(draft)
    built = rules_flows.check_flows(draft)
    check_government(meta, draft.place_ids, "region.toml", faults)
    geometry = read_geometry(folder, draft.place_ids, faults)
    faults.raise_if_any()
    return _build(draft, built, extras, geometry)


def _build(draft: Draft, built: dict[str, Any], extras: dict[str, Any], geometry: dict[str, Any] | None) -> Region:
    def data(stem: str) -> pl.DataFrame | None:
        table = draft.tables.get(stem)
        return None if table is None else table.data

    borders = data("borders")
    flows = {name: table for name in FLOW_TABLES if (table := data(name)) is not None}
    plain = ("places", "facts", "sectors", "input_output", "consumption", "links", "gateways", "moments")
    return Region(
        meta=draft.meta,
        **{stem: data(stem) for stem in (*plain, "adjacency", "totals", "idea_flows", "bounds")},
        borders=_no_borders() if borders is None else _with_sector(borders),
        flows=flows,
        parameters=draft.parameters,
        geometry=geometry,
        folder_hash=folder_hash(draft.folder),
        **{name: None if array is None else frozen(array) for name, array in built["arrays"].items()},
        origins=built["origins"],
        default_origins=draft.tables.get("origins") is None,
        **extras,
    )


def check_files(folder: Path, faults: Faults) -> None:
    """Files that no rule reads are faults: whoever wrote them thinks they count."""
    for path in sorted(folder.iterdir()):
        note = path.suffix in PLAIN or path.stem.upper() in ("README", "LICENSE", "LICENCE", "NOTICE")
        if path.is_dir() or path.name.startswith(".") or note or path.name in DATA_FILES:
            continue
        cure = did_you_mean(path.name, DATA_FILES) + " Notes may be .md or .txt files or lie in a folder of their own"
        faults.add(f"unknown file '{path.name}'", place=path.name, cure=cure)


def read_meta(folder: Path, faults: Faults) -> RegionMeta | None:
    """region.toml, checked. Where keys are wrong, what is left of it, so that the tables can be read on; None if too
    little is left."""
    read = read_toml(folder / "region.toml", faults)
    if read is None:
        return None
    raw, text = read
    meta = parse_form(RegionMeta, raw, "region.toml", text, faults)
    if meta is None:
        meta = without_wrong_keys(RegionMeta, raw)
    if meta is not None:
        check_meta(meta, "region.toml", faults)
    return meta


def read_parameters(folder: Path, faults: Faults) -> dict[str, Parameter]:
    """parameters.toml, checked; empty where it cannot be read."""
    read = read_toml(folder / PARAMETERS_FILE, faults)
    return {} if read is None else parse_parameters(*read, faults)


def read_extra(folder: Path, name: str, faults: Faults) -> dict[str, Any] | None:
    """needs, strategies, zones, fit, fiscal, optimise or uncertainty.toml as they stand, None where absent; the rooms that use them check them."""
    path = folder / f"{name}.toml"
    if not path.is_file():
        return None
    read = read_toml(path, faults)
    return None if read is None else read[0]


def read_tables(folder: Path, meta: RegionMeta, faults: Faults) -> dict[str, Table | None]:
    """All tables of the folder by stem, None where absent; needed ones that are absent are faults."""
    specs = [places_spec(meta.levels), origins_spec(meta.levels), FACTS, TOTALS, SECTORS, INPUT_OUTPUT, CONSUMPTION]
    specs += [TRAVEL, LINKS, TRADE_COSTS, GATEWAYS, MIGRATION_COSTS, BORDERS, MOMENTS, IDEA_FLOWS, ADJACENCY, BOUNDS, *FLOW_TABLES.values()]
    before = len(faults.found)
    tables = {spec.stem: read_table(folder, spec, faults) for spec in specs}
    unreadable = {fault.place.split(":")[0].rsplit(".", 1)[0] for fault in faults.found[before:]}
    for stem in REQUIRED:
        if tables[stem] is None and stem not in unreadable:
            faults.add("the file is missing", place=f"{stem}.csv", cure="every region folder has one; see the format page")
    return tables


def folder_hash(folder: Path) -> str:
    """SHA-256 over names and bytes of the folder's data files, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(DATA_FILES):
        path = folder / name
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _with_sector(borders: pl.DataFrame) -> pl.DataFrame:
    if "sector" not in borders.columns:
        borders = borders.with_columns(pl.lit(None, dtype=pl.String).alias("sector"))
    first = ["level", "flow", "sector", "receiver", "supplier", "passage"]
    return borders.select(*first, *[name for name in borders.columns if name not in first])


def _no_borders() -> pl.DataFrame:
    text = ("level", "flow", "sector", "receiver", "supplier")
    return pl.DataFrame(schema={**dict.fromkeys(text, pl.String), "passage": pl.Float64})
