"""Numbers that are rules of the case and not data; each has its range and reason in parameters.toml or the README."""

from __future__ import annotations

YEAR = 2020
WAGE_SHRINKAGE = 0.5  # h: share of the log gap between model wages and city wages that residents take up
RENT_YIELD = 0.02  # home rent a year over price
SUPPLY_ELASTICITY = {"default": 0.5, "shanghai": 0.2, "pinghu": 1.0}
CONSTRUCTION_LAND_M2 = {"shanghai": 129.0, "elsewhere": 200.0}
BUILT_SHARE_MAX = 0.95  # of a place's land; what a dense district cannot hold goes to the rest of its prefecture
TRADE_DISTANCE = 0.4  # psi
TRADE_ELASTICITY = 4.0
HOME_DISPERSION = 1.5  # nu
KM_ABROAD = 5000.0
RAIL_SHARE = 0.03
GOODS_BORDER = 0.19  # ad valorem
COMMUTING_PROVINCIAL = -0.77  # log
IDEAS_PROVINCIAL = -0.4  # log
IDEAS_ABROAD = 0.5
MIGRATION_FACTOR = 2.0  # real income factor of a provincial border
DENSITY_ELASTICITY = {"primary": 0.0, "secondary": 0.07, "tertiary": 0.07}
ABROAD_LAND_KM2 = 139_300_000.0  # world land of about 148.9 million km2 less China's 9.6
ABROAD_EMPLOYMENT_RATE = 0.38
