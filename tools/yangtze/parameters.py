"""parameters.toml: values, ranges and sources of all parameters; `x_` marks those the builder has already applied."""

from __future__ import annotations

from tools.yangtze import assumptions as rules
from tools.yangtze.sources import Sources

# name -> row of elasticities.csv, symbol
FROM_TABLE = {
    "workplace_dispersion": ("commuting taste dispersion", "epsilon"),
    "home_dispersion": ("migration elasticity", "nu"),
    "commuting_decay": ("commuting decay per minute", "kappa epsilon, a minute"),
    "housing_share": ("housing expenditure share", "alpha_H"),
    "productivity_decay": ("productivity spillover decay per minute", "delta, a minute"),
    "amenity_density": ("amenity density elasticity", "lambda_b"),
    "amenity_decay": ("amenity decay per minute", "rho, a minute"),
    "trade_distance": ("trade cost elasticity to distance", "psi"),
    "research_elasticity": ("R&D elasticity of output (own)", "chi"),
    "knowledge_decay": ("inter-city knowledge decay", "l, km"),
}
# The estimates themselves, where the table rounds; for commuting the GMM estimate among the table's two, for it also fits the
# cross-border moments best (root mean square of log gaps 0.28, against 0.42 at 0.07).
EXACT = {"productivity_decay": 0.362, "amenity_decay": 0.76, "commuting_decay": 0.0987}
HIGHEST = {"commuting_decay": 0.13}  # what cross-border flows ask for
OWN = {
    "foreign_ideas": ("phi, share of ideas from abroad", 0.3, 0.1, 0.5, "assumption"),
    "productivity_trend": (
        "g, a year in logs, capital deepening included", 0.03, 0.01, 0.05,
        "assumption: output per worker grows at what is left of China's growth of about 5 percent when diffusion and R&D are taken off",
    ),
    "research_decay": ("d, a year", 0.15, 0.10, 0.25, "assumption: the convention of the R&D literature (Hall, Mairesse & Mohnen 2010)"),
    "research_growth": (
        "growth of R&D spending a year beyond that of the economy, in logs", 0.0, 0.0, 0.03,
        "assumption: spending keeps its share of value added; plans that raise it are levers.",
    ),
    "idea_diffusion": (
        "rho_N, a year", 0.02, 0.0, 0.05,
        "assumption: gaps close at the 2 percent a year of the convergence literature (Barro & Sala-i-Martin 1992)",
    ),
    "mover_share": (
        "m, share of people free to move in a year", 0.05, 0.02, 0.15,
        "assumption: who reconsiders the home once in 20 years (7 to 50)",
    ),
    "discount_factor": (
        "beta, a year, of movers who look ahead", 0.96, 0.92, 0.98,
        "elasticities.csv, dynamic migration dispersion (quarterly) and discount: 0.99 a quarter (0.98 to 0.995), "
        "Caliendo-Dvorkin-Parro 2019 [from memory, verify], compounded",
    ),
    "x_wage_shrinkage": (
        "h: share of the log gap between model and city wages put into residents",
        rules.WAGE_SHRINKAGE, 0.0, 1.0,
        "judgement: h = 0.5 has the best balance of rank correlation with city wages (0.71) and commuting fit",
    ),
    "x_border_goods_ad_valorem": (
        "provincial border of goods",
        rules.GOODS_BORDER, 0.05, 0.57,
        "judgement: home-bias factor 2 (1.2 to 6) at theta 4; identified by no flow at hand; small inside the delta (Li, Huang & Xia 2022)",
    ),
    "x_border_commuting_provincial": (
        "provincial part of the commuting passage, log",
        rules.COMMUTING_PROVINCIAL, -0.9, -0.6,
        "a sum of about -3.7 split by the ratio of municipal to provincial effects, 3.86 (Yu, Zhao, Zhang & Feng 2025)",
    ),
    "x_municipal_over_provincial": (
        "ratio of the municipal to the provincial border effect on mobility",
        3.86, None, None, "Yu, Zhao, Zhang & Feng 2025: 107.5 bn trips, 2,844 units; abstract only",
    ),
    "x_border_movers_factor": (
        "real income factor of a provincial border for movers; passage = factor^(-nu)",
        rules.MIGRATION_FACTOR, 1.3, 3.0,
        "elasticities.csv: Tombe & Zhu 2019 in summary (about 3 before the reforms), falling since; judgement",
    ),
    "x_border_ideas_provincial": (
        "provincial passage of ideas and spillovers, log",
        rules.IDEAS_PROVINCIAL, -0.9, 0.0,
        "judgement after Andersson et al. 2014 and Li 2014",
    ),
    "x_border_ideas_abroad": (
        "passage of ideas from abroad", rules.IDEAS_ABROAD, None, None, "a convention, so that opening has room",
    ),
    "x_home_rent_yield": ("home rent a year over price", rules.RENT_YIELD, None, None, "assumption"),
    "x_km_abroad": ("km added to the way to the port", rules.KM_ABROAD, None, None, "assumption"),
    "x_rail_share": ("share of foreign trade by rail", rules.RAIL_SHARE, None, None, "assumption"),
    "x_construction_land_shanghai": (
        "m2 a resident", 129.0, None, None, "Shanghai 2035 master plan: cap of 3,200 km2; census 2020 residents",
    ),
    "x_construction_land_elsewhere": ("m2 a resident", 200.0, 120.0, 300.0, "assumption"),
    "x_supply_elasticity": (
        "floor-space supply; Shanghai 0.2, Pinghu 1.0", 0.5, 0.1, 1.5,
        "elasticities.csv, housing stock supply elasticity: Chow & Niu 2015",
    ),
    "x_trade_elasticity": ("theta of every sector", rules.TRADE_ELASTICITY, 3.0, 8.0, "elasticities.csv, trade elasticity"),
    "x_density_elasticity": (
        "lambda of the secondary and tertiary sectors", 0.07, 0.03, 0.12, "elasticities.csv, density elasticity of productivity",
    ),
    "x_floor_space_share": (
        "floor space in value added", 0.2, 0.1, 0.3, "elasticities.csv, floor-space share in production",
    ),
}  # fmt: skip


def parameters_toml(sources: Sources) -> str:
    """The text of parameters.toml."""
    table = {row["parameter"]: row for row in sources.rows("elasticities")}
    lines = ["# value, range of the draws, source. x_: applied by the builder (to borders.csv, facts.csv, sectors.csv ...) and"]
    lines.append("# kept here with its range; changing it here changes nothing until the tables are built again.")
    for name, (key, meaning) in FROM_TABLE.items():
        row = table[key]
        value = EXACT.get(name, float(row["default"]))
        source = f"elasticities.csv, {key}: {row['source']}"
        lines += _entry(name, meaning, (value, float(row["low"]), HIGHEST.get(name, float(row["high"]))), source)
    for name, (meaning, value, low, high, source) in OWN.items():
        lines += _entry(name, meaning, (value, low, high), source)
    return "\n".join(lines) + "\n"


def _entry(name: str, meaning: str, numbers: tuple, source: str) -> list[str]:
    text = source.replace("\\", "\\\\").replace('"', '\\"')
    given = [f"{key} = {float(x)!r}" for key, x in zip(("value", "low", "high"), numbers, strict=True) if x is not None]
    return ["", f"[{name}]  # {meaning}", *given, f'source = "{text}"']
