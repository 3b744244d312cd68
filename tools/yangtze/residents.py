"""Employed residents: the census's, and those the model uses, moved half-way from model wages to city wages.

Value added per employed resident contradicts the wages of cities (Jiangsu too high, Zhejiang too low), and the model has
one labour share a sector. So the residents R of prefecture p are scaled by ratio_p^(-h), where
ratio_p = (city wage_p / mean) / (model wage_p / mean), model wage_p = wage bill_p / R_p, and then all by one number that
keeps their sum. With h = 1 the model's wages would have the pattern of the cities'.
"""

from __future__ import annotations

import numpy as np
from tools.yangtze.assumptions import WAGE_SHRINKAGE
from tools.yangtze.economy import SECTORS, labour_part
from tools.yangtze.labels import home_prefecture, is_inside
from tools.yangtze.sources import Sources


def value_added(sources: Sources, place: str, sector: str) -> float:
    """Value added of a place's sector, 100 million yuan."""
    return float(sources.accounts[place, "value_added", sector]["value"])


def census_residents(sources: Sources) -> np.ndarray:
    """Employed residents of the inside places by the census [307], whole persons."""
    rows = [row for row in sources.places if is_inside(row)]
    return np.array([round(float(row["employed_residents"])) for row in rows], dtype=float)


def model_residents(sources: Sources, *, shrinkage: float = WAGE_SHRINKAGE) -> np.ndarray:
    """Employed residents of the inside places after the scaling [307], whole persons with the census's sum."""
    rows = [row for row in sources.places if is_inside(row)]
    census = census_residents(sources)
    prefectures = np.array([home_prefecture(row) for row in rows])
    part = labour_part(sources)
    bills = np.array([sum(part[s] * value_added(sources, row["id"], s) for s in SECTORS) for row in rows])
    city_wages = np.array([float(row["city_wage_yuan"]) for row in rows])
    scaled = census.copy()
    for name in dict.fromkeys(prefectures):
        own = prefectures == name
        model_wage = bills[own].sum() / census[own].sum() / (bills.sum() / census.sum())
        city_wage = city_wages[own][0] / np.average(city_wages, weights=census)
        scaled[own] = census[own] * (city_wage / model_wage) ** -shrinkage
    return whole_numbers(scaled * census.sum() / scaled.sum(), round(census.sum()))


def province_residents(sources: Sources, code: str) -> float:
    """Employed residents of a whole province by the census, whole persons."""
    return float(round(sources.value("facts_provinces", code, "employed_census_est")))


def whole_numbers(values: np.ndarray, total: int) -> np.ndarray:
    """`values` rounded to whole numbers that add up to `total`: the largest remainders are rounded up."""
    floor = np.floor(values)
    missing = int(total - floor.sum())
    if not 0 <= missing <= values.size:
        raise ValueError(f"values add up to {values.sum():.3f}, which is not the total {total}")
    up = np.argsort(floor - values, kind="stable")[:missing]
    floor[up] += 1.0
    return floor
