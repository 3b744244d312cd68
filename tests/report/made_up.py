"""Regions and appraisal folders for the report's tests and for looking at the page.

Every number of the folder is MADE UP (a smooth function of names, no economics): it only has the right shape, units and signs
of both kinds. The regions are the toy, and for the look the delta's boundaries where the probe's tables are at hand.
"""

from __future__ import annotations

import json
import math
import tomllib
import zlib
from pathlib import Path
from types import SimpleNamespace

import polars as pl

SCENARIOS = (
    "china.integration", "china.innovation_driven", "china.belt_and_road",
    "shanghai.serving_delta", "shanghai.innovation_centre", "shanghai.four_centers",
    "zhejiang.with_shanghai", "zhejiang.resource_platform", "zhejiang.innovative_province",
    "zone.integration", "zone.innovation", "zone.urbanisation", "sci_tech_city",
)  # fmt: skip
NEEDS = (
    ("china.growth_pole", "1", "bn yuan/year", "up", 0.0),
    ("china.growth_pole", "2", "ratio", "up", None),
    ("china.coordination", "1", "1", "down", 0.1312),
    ("china.coordination", "2", "ratio", "down", 1.183),
    ("china.urbanisation", "1", "%", "up", 78.2),
    ("china.urbanisation", "2", "%", "down", 11.4),
    ("china.innovation", "1", "log points", "up", 0.0),
    ("china.innovation", "2", "index", "up", 100.0),
    ("shanghai.growth_points", "1", "bn yuan/year", "up", 3895.1),
    ("shanghai.growth_points", "2", "districts", "up", 0.0),
    ("shanghai.space", "1", "million_yuan/(km2 year)", "down", 412.0),
    ("shanghai.space", "2", "yuan/(m2 day)", "down", 2.31),
    ("shanghai.urban_diseases", "1", "index", "down", 100.0),
    ("shanghai.urban_diseases", "2.1", "minutes", "down", 41.2),
    ("shanghai.innovation", "1", "log points", "up", 0.0),
    ("shanghai.innovation", "2", "index", "up", 100.0),
    ("zhejiang.growth_pole", "1", "bn yuan/year", "up", 6461.0),
    ("zhejiang.growth_pole", "2", "bn yuan/year", "up", 0.0),
    ("zhejiang.platform", "1", "log points", "up", 0.0),
    ("zhejiang.platform", "2", "%", "up", 9.7),
    ("zhejiang.absorption", "1", "index", "up", 100.0),
    ("zhejiang.absorption", "2", "%", "up", None),
    ("zhejiang.innovation", "1", "log points", "up", 0.0),
    ("zhejiang.innovation", "2", "%", "up", 2.88),
)


def number(*names: object) -> float:
    """A made-up number in (-1, 1), always the same for the same names."""
    return (zlib.crc32("|".join(map(str, names)).encode()) % 20001) / 10000 - 1


def toy_region(folder: Path) -> SimpleNamespace:
    """A stand-in of Region read from a toy region folder: what the report looks at, and no more."""
    meta = tomllib.loads((folder / "region.toml").read_text(encoding="utf-8"))
    places = pl.read_csv(folder / "places.csv", schema_overrides={"place": pl.String})
    facts = pl.read_csv(folder / "facts.csv", infer_schema_length=None, schema_overrides={"place": pl.String})
    return _region(meta, places, facts, None, None)


def delta_region(clean: Path, case: Path | None = None) -> SimpleNamespace:
    """A stand-in of the delta's Region from the probe's cleaned tables, for looking at the page with real boundaries."""
    raw = pl.read_csv(clean / "places.csv", infer_schema_length=None, schema_overrides={"id": pl.String})
    places = raw.select(
        pl.col("id").alias("place"), pl.col("name_en").alias("name"), "name_zh", "lon", "lat", "land_km2",
        pl.col("province_en").alias("province"), pl.col("prefecture_en").alias("prefecture"), "regime",
        outside=pl.col("kind").is_in(["outside province", "rest of world"]),
    )  # fmt: skip
    facts = pl.concat([
        raw.select(pl.col("id").alias("place"), pl.lit("residents").alias("variable"), pl.lit(None, pl.String).alias("sector"),
                   pl.col("employed_residents").cast(float).alias("value"), pl.lit("observed").alias("status")),
        raw.select(pl.col("id").alias("place"), pl.lit("value_added").alias("variable"), pl.lit("secondary").alias("sector"),
                   (pl.col("gdp_100m") * 100).alias("value"), pl.col("gdp_status").str.slice(0, 8).alias("status")),
    ])  # fmt: skip
    geometry = json.loads((clean / "geometry.geojson").read_text(encoding="utf-8"))
    meta = {"name": "Yangtze River Delta", "name_zh": "长三角", "year": 2020, "currency": "yuan"}
    return _region(meta, places, facts, geometry, case)


def _region(meta: dict, places: pl.DataFrame, facts: pl.DataFrame, geometry: dict | None, case: Path | None) -> SimpleNamespace:
    def table(name: str) -> dict | None:
        path = case / f"{name}.toml" if case else None
        return tomllib.loads(path.read_text(encoding="utf-8")) if path and path.is_file() else None

    region = SimpleNamespace(
        meta=SimpleNamespace(**{"name_zh": "", **meta}), places=places, facts=facts, geometry=geometry,
        needs=table("needs"), strategies=table("strategies"), zones=table("zones"), parameters={},
        place_ids=tuple(places["place"]), folder_hash="0" * 64,
    )  # fmt: skip
    region.fact = lambda variable, sector=None: _column(places, facts, variable, sector, "value")
    region.status = lambda variable, sector=None: _column(places, facts, variable, sector, "status")
    return region


def _column(places: pl.DataFrame, facts: pl.DataFrame, variable: str, sector: str | None, column: str) -> list:
    rows = facts.filter(pl.col("variable") == variable)
    if sector is not None:
        rows = rows.filter(pl.col("sector") == sector)
    known = dict(zip(rows["place"], rows[column], strict=True))
    return [known.get(place) for place in places["place"]]


def make_appraisal(folder: Path, region: SimpleNamespace, *, unsolved: str = "shanghai.four_centers") -> Path:
    """Writes a made-up appraisal folder for a region; one scenario is left unsolved."""
    folder.mkdir(parents=True, exist_ok=True)
    inside = region.places.filter(~pl.col("outside"))
    _matrix(folder, unsolved)
    _places(folder, inside, unsolved)
    _who(folder, unsolved)
    _trust(folder, unsolved)
    _baseline(folder / "solutions" / "baseline", inside)
    return folder


def _effect(need: str, line: str, scenario: str) -> float | None:
    if need == "zhejiang.innovation" and line == "2" and scenario not in ("china.innovation_driven", "zhejiang.innovative_province"):
        return 0.0
    if line == "2" and need == "china.growth_pole" and not scenario.startswith(("zone", "sci")):
        return None
    size = 0.01 if scenario.startswith(("zone", "sci")) else 1.0
    return size * number(need, line, scenario) * (1 + 9 * (scenario == "china.integration"))


def _matrix(folder: Path, unsolved: str) -> None:
    wide, long = [], []
    for need, line, unit, better, baseline in NEEDS:
        row = {"need": need, "government": need.split(".")[0], "name": need, "measure": f"measure of {need}", "line": line,
               "unit": unit, "better": better, "baseline": baseline}  # fmt: skip
        for scenario in SCENARIOS:
            value = None if scenario == unsolved else _effect(need, line, scenario)
            row[scenario] = value
            status = "not_solved" if scenario == unsolved else "undefined" if value is None else "solved"
            note = "not solved: gap 3e-3 at 310115" if scenario == unsolved else "a multiplier is defined for zones only" if value is None else ""
            long.append({"need": need, "line": line, "scenario": scenario, "baseline": baseline,
                         "value": None if value is None else (baseline or 0) + value, "change": value,
                         "change_percent": None if not value or not baseline else 100 * value / baseline, "status": status, "note": note})  # fmt: skip
        wide.append(row)
    pl.DataFrame(wide, infer_schema_length=None).write_csv(folder / "matrix.csv")
    pl.DataFrame(long, infer_schema_length=None).write_csv(folder / "matrix_long.csv")


def _places(folder: Path, inside: pl.DataFrame, unsolved: str) -> None:
    rows = []
    for scenario in SCENARIOS:
        for place, lon, lat in inside.select("place", "lon", "lat").iter_rows():
            near = math.exp(-math.hypot(lon - 121.02, lat - 30.85) / (0.25 if scenario.startswith(("zone", "sci")) else 1.5))
            base = (0.3 * near + 0.03 * number("wave", scenario, round(lon), round(lat)) * near + 0.004 * number(place, scenario)) * (1 if number(scenario) > -0.5 else -1)
            if scenario == unsolved:
                continue
            rows.append({"scenario": scenario, "place": place, "value_added_change": base * 0.8, "value_added_change_percent": base,
                         "welfare_change": base * 0.3, "residents_change_percent": base / 2, "rent_home_change_percent": base * 1.4,
                         "inferred": place.endswith("z") or number(place) < -0.1})  # fmt: skip
    pl.DataFrame(rows).write_csv(folder / "places_change.csv")


def _who(folder: Path, unsolved: str) -> None:
    origins, zones, shapley, mechanisms = [], [], [], []
    for scenario in SCENARIOS:
        solved = scenario != unsolved
        for origin in ("Shanghai", "Jiangsu", "Zhejiang", "Anhui", "Henan", "Sichuan", "Jiangxi", "Hubei"):
            value = 0.1 * number(origin, scenario)
            origins.append({"scenario": scenario, "origin": origin, "people": 2.1e7, "welfare_change": value if solved else None, "ev_bn_yuan": 8 * value if solved else None})
        if scenario.startswith(("zone", "sci")):
            gained = {"zone_sides": 2.3, "host_counties": -0.62, "provinces": -0.4, "elsewhere": -0.15}
            scale = 1 + number(scenario) / 2
            for name, value in (gained | {"net": sum(gained.values()), "welfare": 1.02}).items():
                zones.append({"scenario": scenario, "row": name, "value": value * scale, "unit": "bn yuan/year"})
    for need, line, *_ in NEEDS:
        for zone, share in (("zone.integration", 0.31), ("zone.innovation", 0.52), ("zone.urbanisation", 0.17)):
            shapley.append({"need": need, "line": line, "zone": zone, "share": share + 0.1 * number(need, line)})
        if line == "1":
            for scenario in SCENARIOS:
                mechanisms.append({"scenario": scenario, "need": need, "mechanism": ("trade", "ideas", "commuting", "land")[zlib.crc32((need + scenario).encode()) % 4]})
    pl.DataFrame(origins).write_csv(folder / "origins.csv")
    pl.DataFrame(zones).write_csv(folder / "zone_results.csv")
    pl.DataFrame(shapley).write_csv(folder / "shapley.csv")
    pl.DataFrame(mechanisms).write_csv(folder / "mechanisms.csv")


def _trust(folder: Path, unsolved: str) -> None:
    moments = [("kunshan_to_shanghai", 36826.0, 30100.0, "fit"), ("shanghai_to_kunshan", 16442.0, 21000.0, "fit"),
               ("taicang_to_shanghai", 7223.0, 5700.0, "fit"), ("shanghai_to_jiashan", 1696.0, 1200.0, "fit"),
               ("total_both", 76600.0, 73400.0, "check"), ("in_out_ratio", 1.98, 1.6, "check"),
               ("jiaxing_share", 0.06, 0.07, "fit"), ("mean_minutes_shanghai", 42.0, 37.5, "check")]  # fmt: skip
    pl.DataFrame([{"name": n, "data": d, "model": m, "log_gap": math.log(m / d), "use": u} for n, d, m, u in moments]).write_csv(folder / "moments.csv")
    pl.DataFrame([
        {"name": "workplace_dispersion", "value": 4.6, "low": 3.0, "high": 7.0, "source": "toolkit 4.6; ARSW 6.8"},
        {"name": "trade_elasticity", "value": 4.0, "low": 3.0, "high": 8.0, "source": "RRH 2017"},
        {"name": "goods_border", "value": 0.19, "low": 0.05, "high": 0.57, "source": "assumption, not identified by any flow at hand"},
    ]).write_csv(folder / "assumptions.csv")  # fmt: skip
    pl.DataFrame([{"total": "residents", "observed": 0.93, "inferred": 0.07}, {"total": "value_added", "observed": 0.57, "inferred": 0.43},
                  {"total": "rent_home", "observed": 0.0, "inferred": 1.0}]).write_csv(folder / "coverage.csv")  # fmt: skip
    (folder / "certificates").mkdir(exist_ok=True)
    for scenario in ("baseline", *SCENARIOS):
        ok = scenario != unsolved
        (folder / "certificates" / f"{scenario}.json").write_text(json.dumps({
            "outcome": "solved" if ok else "not_solved", "reason": "" if ok else "gap above 1e-8 after 400 steps", "gap": 3e-12 if ok else 3e-3,
            "estimated_distance": 8e-12 if ok else 0.02, "smallest_singular_value": 0.21, "worst": {"variable": "wage", "place": "310115"},
            "identities": {"goods": 1e-13, "land": 2e-14}, "uniqueness_radius": None, "steps": 61, "input_hash": "abcdef012345", "version": "0.1.0", "warnings": []}))  # fmt: skip
    (folder / "run.json").write_text(json.dumps({"version": "0.1.0", "seconds": 41.2, "made": "2026-11-23T22:00:00Z"}))


def _baseline(folder: Path, inside: pl.DataFrame) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = [{"place": p, "wage": 0.1 + 0.03 * number(p, "w"), "jobs": 4e5 * (1.1 + number(p, "j")), "residents": 4e5 * (1.1 + number(p, "r")),
             "rent_home": 1 + 0.6 * number(p, "q"), "income": 9e4 * (1.1 + number(p, "j"))} for p in inside["place"]]  # fmt: skip
    pl.DataFrame(rows).write_csv(folder / "places.csv")
