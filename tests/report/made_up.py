"""An appraisal folder for the report's tests and for looking at the page.

Every number of it is MADE UP (a function of names, no economics): it only has the right shape, units and signs of both kinds.
"""

from __future__ import annotations

import json
import math
import zlib
from pathlib import Path
from typing import Any

import polars as pl

SCENARIOS = (
    "china.integration",
    "china.innovation_driven",
    "china.belt_and_road",
    "shanghai.serving_delta",
    "shanghai.innovation_centre",
    "shanghai.four_centers",
    "zhejiang.with_shanghai",
    "zhejiang.resource_platform",
    "zhejiang.innovative_province",
    "zone.integration",
    "zone.innovation",
    "zone.urbanisation",
    "sci_tech_city",
)
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


def make_appraisal(folder: Path, region: Any, *, unsolved: str = "shanghai.four_centers") -> Path:
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
        row = {
            "need": need,
            "government": need.split(".")[0],
            "name": need,
            "measure": f"measure of {need}",
            "line": line,
            "unit": unit,
            "better": better,
            "baseline": baseline,
        }
        for scenario in SCENARIOS:
            value = None if scenario == unsolved else _effect(need, line, scenario)
            row[scenario] = value
            status = "not_solved" if scenario == unsolved else "undefined" if value is None else "solved"
            note = (
                "not solved: gap 3e-3 at 310115"
                if scenario == unsolved
                else "a multiplier is defined for zones only"
                if value is None
                else ""
            )
            long.append(
                {
                    "need": need,
                    "line": line,
                    "scenario": scenario,
                    "baseline": baseline,
                    "value": None if value is None else (baseline or 0) + value,
                    "change": value,
                    "change_percent": None if not value or not baseline else 100 * value / baseline,
                    "status": status,
                    "note": note,
                }
            )
        wide.append(row)
    pl.DataFrame(wide, infer_schema_length=None).write_csv(folder / "matrix.csv")
    pl.DataFrame(long, infer_schema_length=None).write_csv(folder / "matrix_long.csv")


def _places(folder: Path, inside: pl.DataFrame, unsolved: str) -> None:
    rows = []
    for scenario in SCENARIOS:
        if scenario == unsolved:
            continue
        zone = scenario.startswith(("zone", "sci"))
        for place, lon, lat in inside.select("place", "lon", "lat").iter_rows():
            near = math.exp(-math.hypot(lon - 121.02, lat - 30.85) / (0.25 if zone else 1.5))
            size = 0.3 * near + 0.03 * number("wave", scenario, round(lon), round(lat)) * near + 0.004 * number(place, scenario)
            size *= (1 if number(scenario) > -0.5 else -1) * (0.05 if zone else 1)
            rows.append(
                {
                    "scenario": scenario,
                    "place": place,
                    "value_added_change": 300 * size,
                    "value_added_change_percent": size,
                    "welfare_change": 90 * size,
                    "welfare_change_percent": size * 0.3,
                    "residents_change_percent": size / 2,
                    "rent_home_change_percent": size * 1.4,
                    "inferred": place.endswith("z") or number(place) < -0.1,
                }
            )
    pl.DataFrame(rows).write_csv(folder / "places_change.csv")


def _who(folder: Path, unsolved: str) -> None:
    people = (
        "shanghai",
        "jiangsu",
        "zhejiang",
        "anhui",
        "henan",
        "sichuan",
        "jiangxi",
        "hubei",
        "hunan",
        "guizhou",
        "fujian",
        "gansu",
        "hebei",
    )
    origins, zones, facts = [], [], []
    for scenario in SCENARIOS:
        if scenario == unsolved:
            continue
        for origin in people:
            value = 0.1 * number(origin, scenario)
            origins.append(
                {
                    "scenario": scenario,
                    "origin": origin,
                    "people": 2.1e7,
                    "welfare_change_percent": value,
                    "ev_bn": 8 * value,
                    "mainland": True,
                }
            )
        if scenario.startswith(("zone", "sci")):
            zones += _zone(scenario)
            facts += _sides(scenario)
    pl.DataFrame(origins).write_csv(folder / "origins.csv")
    pl.DataFrame(zones, infer_schema_length=None).write_csv(folder / "zone_results.csv")
    pl.DataFrame(_sides("baseline") + facts).write_csv(folder / "zone_facts.csv")
    _drivers(folder)


def _zone(scenario: str) -> list[dict]:
    parts = (
        ("zone.310116z", "zone", "gained in Sci-Tech City (Shanghai side)", "科技城（上海侧）所得", 1.1),
        ("zone.330482z", "zone", "gained in Sci-Tech City (Zhejiang side)", "科技城（浙江侧）所得", 1.2),
        ("host.310116", "host", "rest of Jinshan District", "金山区其余部分", -0.32),
        ("host.330482", "host", "rest of Pinghu City", "平湖市其余部分", -0.3),
        ("province.shanghai", "province", "rest of Shanghai", "", -0.5),
        ("province.zhejiang", "province", "rest of Zhejiang", "", 0.1),
        ("elsewhere", "elsewhere", "elsewhere on the mainland", "大陆其他地区", -0.15),
    )
    scale = 1 + number(scenario) / 2
    rows = [
        {
            "scenario": scenario,
            "row": i,
            "group": g,
            "name": n,
            "name_zh": z,
            "value_added": v * scale,
            "welfare": v * scale / 3,
            "value_added_percent": 12.3 if g == "zone" else 0.01,
            "value_of_living_percent": 0.4,
        }
        for i, g, n, z, v in parts
    ]
    net = {
        "scenario": scenario,
        "row": "net",
        "group": "net",
        "name": "net",
        "name_zh": "净额",
        "value_added": sum(r["value_added"] for r in rows),
    }
    return [*rows, net | {"welfare": sum(r["welfare"] for r in rows), "value_added_percent": 0.001, "value_of_living_percent": 0.0}]


def _sides(scenario: str) -> list[dict]:
    names = (("zone.310116z", "Sci-Tech City (Shanghai side)", "科技城（上海侧）"), ("zone.all", "all sides together", "两侧合计"))
    return [
        {
            "scenario": scenario,
            "row": i,
            "name": n,
            "name_zh": z,
            "residents": 21000.0 + 900 * number(scenario),
            "jobs": 24000.0,
            "jobs_per_resident": 1.14,
            "share_inside": 0.49,
            "mean_minutes": 23.4,
            "least_minutes": 14.0,
            "excess_commuting": 0.4,
        }
        for i, n, z in names
    ]


def _drivers(folder: Path) -> None:
    shapley, mechanisms = [], []
    for need, line, *_ in NEEDS:
        for zone, part in (("zone.integration", 0.31), ("zone.innovation", 0.52), ("zone.urbanisation", 0.17)):
            percent = 100 * part + 90 * number(need, line, zone) if need != "zhejiang.platform" else None
            shapley.append(
                {
                    "need": need,
                    "line": line,
                    "zone": zone,
                    "share": part,
                    "percent": percent,
                    "note": "" if percent else "the region has no place abroad",
                }
            )
        for scenario in SCENARIOS:
            name = ("goods", "ideas", "commuting", "land", "foreign_trade", "commuting+spillover")[
                zlib.crc32((need + scenario).encode()) % 6
            ]
            mechanisms.append(
                {
                    "need": need,
                    "line": line,
                    "scenario": scenario,
                    "moved_by": f"{name}: +0.1 alone, +0.3 with all",
                    "moved_by_zh": f"{name}：单独 +0.1，合计 +0.3",
                    "mechanism": name,
                }
            )
    pl.DataFrame(shapley, infer_schema_length=None).write_csv(folder / "shapley.csv")
    pl.DataFrame(mechanisms).write_csv(folder / "mechanisms.csv")
    pl.DataFrame(
        [
            {
                "flow": "commuting" if f == "commuters" else "trade",
                "part": p,
                "upper_bound": p == "everything",
                "name": f"{f} between shanghai and zhejiang: {p}",
                "name_zh": f"上海与浙江之间的{z}：{p}",
                "net_gain": g,
                "one": "shanghai",
                "gain_one": g / 2,
                "other": "zhejiang",
                "gain_other": -g / 3,
                "welfare": g / 4,
                "commuters_before": 4600.0,
                "commuters_after": c,
            }
            for f, z, p, g, c in (
                ("commuters", "通勤", "provincial_part", 0.02, 11100.0),
                ("commuters", "通勤", "everything", 28.1, 512000.0),
                ("goods", "商品", "provincial_part", 18.4, 4650.0),
                ("goods", "商品", "everything", 60.2, 4700.0),
            )
        ]
    ).write_csv(folder / "opening.csv")


def _trust(folder: Path, unsolved: str) -> None:
    moments = [
        ("kunshan_to_shanghai", 36826.0, 30100.0, "fit"),
        ("shanghai_to_kunshan", 16442.0, 21000.0, "fit"),
        ("taicang_to_shanghai", 7223.0, 5700.0, "fit"),
        ("shanghai_to_jiashan", 1696.0, 1200.0, "fit"),
        ("total_both", 76600.0, 73400.0, "check"),
        ("in_out_ratio", 1.98, 1.6, "check"),
        ("jiaxing_share", 0.06, 0.07, "fit"),
        ("mean_minutes_shanghai", 42.0, 37.5, "check"),
    ]
    pl.DataFrame([{"name": n, "data": d, "model": m, "log_gap": math.log(m / d), "use": u} for n, d, m, u in moments]).write_csv(
        folder / "moments.csv"
    )
    fitted = [("kept_income_away", 0.04, "share of real income kept"), ("kunshan", 1.1, "commuting passage, log")]
    note = "fitted residual, not a policy"
    pl.DataFrame([{"name": n, "value": v, "kind": k, "note": note} for n, v, k in fitted]).write_csv(folder / "fitted.csv")
    pl.DataFrame(
        [
            {"name": "workplace_dispersion", "value": 4.6, "low": 3.0, "high": 7.0, "source": "toolkit 4.6; ARSW 6.8"},
            {"name": "trade_elasticity", "value": 4.0, "low": 3.0, "high": 8.0, "source": "RRH 2017"},
            {"name": "goods_border", "value": 0.19, "low": 0.05, "high": 0.57, "source": "assumption, not identified by any flow at hand"},
        ]
    ).write_csv(folder / "assumptions.csv")
    pl.DataFrame(
        [
            {"total": "residents", "observed": 0.93, "inferred": 0.07},
            {"total": "value_added", "observed": 0.57, "inferred": 0.43},
            {"total": "rent_home", "observed": 0.0, "inferred": 1.0},
            {"total": "value_added, secondary", "observed": 0.4, "inferred": 0.6},
            {"total": "value_added, province shanghai", "observed": 0.28, "inferred": 0.72},
        ]
    ).write_csv(folder / "coverage.csv")
    (folder / "certificates").mkdir(exist_ok=True)
    for scenario in ("baseline", *SCENARIOS):
        ok = scenario != unsolved
        (folder / "certificates" / f"{scenario}.json").write_text(
            json.dumps(
                {
                    "outcome": "solved" if ok else "not_solved",
                    "reason": "" if ok else "gap above 1e-8 after 400 steps",
                    "gap": 3e-12 if ok else 3e-3,
                    "estimated_distance": 8e-12 if ok else 0.02,
                    "smallest_singular_value": 0.21,
                    "worst": {"variable": "wage", "place": "310115"},
                    "identities": {"goods": 1e-13, "land": 2e-14},
                    "uniqueness_radius": None,
                    "steps": 61,
                    "input_hash": "abcdef012345",
                    "version": "0.1.0",
                    "warnings": [],
                }
            )
        )
    (folder / "run.json").write_text(json.dumps({"version": "0.1.0", "seconds": 41.2, "made": "2026-11-23T22:00:00Z"}))


def _baseline(folder: Path, inside: pl.DataFrame) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        {
            "place": p,
            "wage": 0.1 + 0.03 * number(p, "w"),
            "jobs": 4e5 * (1.1 + number(p, "j")),
            "residents": 4e5 * (1.1 + number(p, "r")),
            "rent_home": 1 + 0.6 * number(p, "q"),
            "income": 9e4 * (1.1 + number(p, "j")),
        }
        for p in inside["place"]
    ]
    pl.DataFrame(rows).write_csv(folder / "places.csv")
