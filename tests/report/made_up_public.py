"""Made-up tables of budgets, sharing, shadow prices and an optimum for the report's tests: the right shape, no economics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

WHO = (("shanghai", "Shanghai", "上海"), ("zhejiang", "Zhejiang", "浙江"), ("china", "Central government", "中央"))
RULES = ("host_keeps_all", "increment_5050", "capped_5050", "equity", "shapley", "nash", "nucleolus")
ITEMS = {"value_added_tax": 300.0, "other_local": 200.0, "land_sales": 90.0, "land_development": -40.0, "total": 550.0}


def make_public(folder: Path, places: tuple[str, ...], *, signs: bool = True, core_empty: bool = False) -> None:
    """Writes the tables of the sections on sharing and on optimal plans."""

    def write(name: str, rows: list[dict[str, Any]]) -> None:
        pl.DataFrame(rows, infer_schema_length=None).write_csv(folder / f"{name}.csv")

    names = [{"government": id, "name": en, "name_zh": zh, "tier": "province"} for id, en, zh in WHO]
    write("budgets", [{**each, "item": item, "change": value, "once": None} for each in names for item, value in ITEMS.items()])
    fit = (("310115", "shanghai", 1000.0, 1100.0, 0.0953), ("310116", "shanghai", 100.0, 50.0, -0.6931))
    write("budgets_fit", [dict(zip(("place", "province", "observed", "accounts", "log_gap"), row, strict=True)) for row in fit])
    money = {"welfare": 3000.0, "alone": 100.0, "together": 550.0, "least": 100.0, "most": 2500.0, "budget": 550.0, "present_value": 7400.0}
    write("sharing", [{**each, **money, "internal_rate": None, "internal_rate_without_land_sales": 0.4} for each in names])
    write("sharing_rules", [
        {"rule": rule, "government": id, "amount": None if rule == "equity" else 500.0 + 10 * n, "individually_rational": True,
         "in_core": rule != "nash", "years": 20.0, "axioms": "", "reason": "one_side" if rule == "equity" else ""}
        for n, rule in enumerate(RULES) for id, *_ in WHO
    ])  # fmt: skip
    write("sharing_payments", [{"rule": "shapley", "payer": "china", "receiver": "zhejiang", "amount": 120.0, "share": None},
                               {"rule": "increment_5050", "payer": "shanghai", "receiver": "zhejiang", "amount": 104.0, "share": 0.227}])  # fmt: skip
    plane = {"one": "shanghai", "other": "zhejiang"}
    core = [(2000.0, 100.0), (100.0, 2000.0), (100.0, 800.0), (800.0, 100.0)]
    corners = [] if core_empty else [{**plane, "what": "core", "name": str(n), "x": x, "y": y} for n, (x, y) in enumerate(core, 1)]
    marks = [
        {**plane, "what": "rule", "name": rule, "x": 500.0 + 10 * n, "y": 520.0 - 10 * n}
        for n, rule in enumerate(RULES)
        if rule != "equity"
    ]
    write("sharing_frontier", [*corners, {**plane, "what": "threat", "name": "alone", "x": 100.0, "y": 100.0}, *marks])
    terms = {"years": 20.0, "discount": 0.04, "signs": float(signs), "core_empty": float(core_empty), "grant": 24.0, "core_grant": 31.0}
    text = {"fit": "190", "cost.road": "assumption: million yuan a minute of a new link, each end pays half"}
    write("sharing_terms", [{"name": n, "value": v, "text": text.get(n, "")} for n, v in {**terms, "fit": 0.28, "cost.road": 80.0}.items()])
    write("path_budgets", [{"government": id, "year": y, "balance": 10.0 * (y - 2020)} for id, *_ in WHO for y in (2020, 2030, 2050)])
    ends = {"present_value": 9000.0, "internal_rate": 0.12, "internal_rate_without_land_sales": None}
    write("path_budgets_summary", [{"government": id, **ends} for id, *_ in WHO])
    write(
        "shadow_prices", [{"place": p, "land": 100.0 + n, "research": 2.0 + 0.01 * n, "inferred": n % 2 == 0} for n, p in enumerate(places)]
    )
    write("shadow_prices_borders", [
        {"flow": flow, "sector": "secondary" if flow == "trade" else None, "receiver": "shanghai", "supplier": "zhejiang", "passage": 0.5,
         "per_point": 10.0, "per_point_cost": 40.0 if flow == "trade" else None}
        for flow in ("trade", "commuting", "ideas")
    ])  # fmt: skip
    _optimum(write)


def _optimum(write: Any) -> None:
    chosen = {"kind": "land", "unit": "km2", "most": 4.7}
    write("optimum_choice", [{**chosen, "what": "310116z", "plan": 0.11, "optimum": 2.6, "change": 2.5, "worth": 0.43},
                             {**chosen, "what": "330482z", "plan": 4.59, "optimum": 2.1, "change": -2.5, "worth": 0.43}])  # fmt: skip
    row = {"unit": "bn yuan/year", "better": "up", "status": "solved", "note": "", "price": None}
    write("optimum_measures", [
        {**row, "need": "welfare", "line": "1", "measure": "Welfare in money", "measure_zh": "福利", "role": "raise", "plan": 11.0, "optimum": 12.6},
        {**row, "need": "shanghai.growth_points", "line": "1", "measure": "Value added of Shanghai", "measure_zh": "上海增加值", "role": "keep",
         "plan": 5.5, "optimum": 6.8},
        {**row, "need": "zhejiang.growth_pole", "line": "1", "measure": "Value added of Zhejiang", "measure_zh": "浙江增加值", "role": "",
         "plan": 4.9, "optimum": 4.8},
    ])  # fmt: skip
    write("optimum_budgets", [{"government": id, "plan": 900.0, "optimum": 1200.0} for id, *_ in WHO])
    write(
        "optimum_starts",
        [{"start": "plan", "stationarity": 2e-5, "same_plan": True}, {"start": "even", "stationarity": None, "same_plan": False}],
    )
    ends = {"first_need": "shanghai.growth_points", "first_line": "1", "second_need": "zhejiang.growth_pole", "second_line": "1"}
    write("optimum_front", [{**ends, "first_change": 6.8 - n, "second_change": 4.5 + 0.2 * n} for n in range(3)])
