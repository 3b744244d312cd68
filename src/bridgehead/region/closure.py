"""Another closure for a region: a file with the tables of region.toml that it replaces."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bridgehead.errors import DataError, Faults, did_you_mean
from bridgehead.region.forms import parse_form, read_toml
from bridgehead.region.meta import RegionMeta, check_government, check_meta
from bridgehead.region.region import Region

TABLES = ("closures", "split", "rates")


def with_closure(region: Region, closure: str | Path | Mapping[str, Any]) -> Region:
    """The region closed as a closure file (or its parsed content) says; all faults of the file in one DataError.

    Keys of [closures] replace the region's one by one; [split] and each table of [rates] replace as a whole.
    """
    file = closure.get("name", "closure") if isinstance(closure, Mapping) else Path(closure).name
    faults = Faults(f"the closure '{file}' cannot be used", DataError)
    if not isinstance(closure, Mapping) and not Path(closure).is_file():
        faults.add(
            "there is no such file", place=str(closure), expected="a closure file", cure="name one that is there, or leave --closure out"
        )
        faults.raise_if_any()
    raw, text = (dict(closure), "") if isinstance(closure, Mapping) else read_toml(Path(closure), faults) or ({}, "")
    for key in raw:
        if key not in (*TABLES, "format", "name", "name_zh", "describe"):
            faults.add(f"unknown key '{key}'", place=file, cure=did_you_mean(key, TABLES))
    faults.raise_if_any()
    merged = region.meta.model_dump()
    merged["closures"] |= raw.get("closures", {})
    merged["rates"] |= raw.get("rates", {})
    merged["split"] = raw.get("split", merged["split"])
    meta = parse_form(RegionMeta, merged, file, text, faults)
    if meta is not None:
        check_meta(meta, file, faults)
        check_government(meta, region.place_ids, file, faults)
        if meta.closures.congestion == "links" and region.links is None:
            faults.add('congestion = "links" needs links.csv, which the region lacks', place=file)
    faults.raise_if_any()
    return dataclasses.replace(region, meta=meta)
