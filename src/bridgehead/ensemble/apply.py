"""From drawn numbers to a region's arrays and parameters: a draw is another region, calibrated like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bridgehead.ensemble.factors import Factor
from bridgehead.region.bounds import bound_draws


@dataclass(frozen=True, eq=False)
class Applied:
    """arrays and parameters of a draw, in the place of the region's own."""

    arrays: Any
    parameters: dict[str, float]


@dataclass(frozen=True, eq=False)
class Setting:
    """What a rule may look at: the region, the drawn values of all factors by name, the factor itself, and drawn over default θ."""

    region: Any
    values: Mapping[str, float]
    factor: Factor
    theta_ratio: float

    @property
    def value(self) -> float:
        """The drawn value of the factor."""
        return self.values[self.factor.name]

    @property
    def ratio(self) -> float:
        """Drawn over default."""
        return self.value / self.factor.value


def apply_draw(region: Any, factors: tuple[Factor, ...], values: Mapping[str, float], uniform: np.ndarray | None = None) -> Applied:
    """The region's arrays and parameters at the drawn values; uniform [draw of bounds.csv]: numbers in (0, 1) for all inferred figures
    (those that are factors are taken from `values`), None for the figures as they are.

    Factors that are not in `values` stay at their default. Totals that are published stand.
    """
    defaults = {factor.name: factor.value for factor in factors}
    drawn = {**defaults, **values}
    theta_ratio = next((drawn[factor.name] / factor.value for factor in factors if factor.enters == "trade_elasticity"), 1.0)
    parameters = {factor.name: drawn[factor.name] for factor in factors if factor.enters == "parameter"}
    arrays = region.arrays()
    for enters in ORDER:
        for factor in factors:
            if factor.enters == enters and factor.name in values:
                arrays, parameters = RULES[enters](arrays, parameters, Setting(region, drawn, factor, theta_ratio))
    if uniform is not None:
        arrays = _inferred(region, factors, drawn, arrays, uniform)
    if not np.array_equal(arrays.residents, region.arrays().residents):
        arrays = replace(arrays, origin_people=_people(region, arrays))
    return Applied(arrays, parameters)


def _trade_elasticity(arrays: Any, parameters: dict, at: Setting) -> tuple[Any, dict]:
    """θ_s of every sector in proportion."""
    return replace(arrays, theta=arrays.theta * at.ratio), parameters


def _distance_elasticity(arrays: Any, parameters: dict, at: Setting) -> tuple[Any, dict]:
    """θψ is what flows identify: it is drawn over ψ's range at the default θ, and ψ follows from the θ of the draw.

    Every iceberg of distance, km^ψ, those of trade_costs.csv included, is taken to the power of the ratio of the two ψ.
    """
    psi = at.value / at.theta_ratio
    return replace(arrays, iceberg=arrays.iceberg ** (psi / at.factor.value)), {**parameters, at.factor.name: psi}


def _density_elasticity(arrays: Any, parameters: dict, at: Setting) -> tuple[Any, dict]:
    """λ_s of every sector in proportion."""
    return replace(arrays, density_elasticity=arrays.density_elasticity * at.ratio), parameters


def _floor_space_share(arrays: Any, parameters: dict, at: Setting) -> tuple[Any, dict]:
    """γ_s = share × (β_s + γ_s): floor space takes the drawn share of value added, labour the rest."""
    added = arrays.beta + arrays.gamma
    gamma = arrays.gamma * at.ratio
    return replace(arrays, gamma=gamma, beta=added - gamma), parameters


def _supply_elasticity(arrays: Any, parameters: dict, at: Setting) -> tuple[Any, dict]:
    """η_n of every place and use in proportion."""
    names = ("supply_elasticity_home", "supply_elasticity_work")
    return replace(arrays, **{name: getattr(arrays, name) * at.ratio for name in names}), parameters


def _passage(arrays: Any, parameters: dict, at: Setting) -> tuple[Any, dict]:
    """f → f^k on every pair that has a border (f neither 0 nor 1), k the ratio of the log passages of draw and default.

    log: k = drawn / default. home_bias: the ad valorem cost t stands for a passage (1 + t)^(−θ) at the default θ, which is drawn; the
    cost follows from the θ of the draw. income_factor: passage = factor^(−ν), at the ν of the draw.
    """
    how = at.factor.how or {}
    if how["as"] == "log":
        power = at.ratio
    elif how["as"] == "home_bias":
        power = np.log1p(at.value) / np.log1p(at.factor.value)
    else:
        nu, default = at.values["home_dispersion"], at.region.parameters["home_dispersion"].value
        power = nu * np.log(at.value) / (default * np.log(at.factor.value))
    passages = dict(arrays.passages)
    for flow in how["flow"]:
        key = (flow, how["level"])
        if key in passages:
            passages[key] = _to_the_power(passages[key], float(power), at.region.jurisdictions(how["level"]), how["not_with"])
    return replace(arrays, passages=passages), parameters


def _to_the_power(passage: np.ndarray, power: float, names: tuple[str, ...], not_with: tuple[str, ...]) -> np.ndarray:
    held = np.isin(names, not_with)
    moves = (passage > 0) & (passage != 1.0) & ~(held[:, None] | held[None, :])
    return np.where(moves, np.where(moves, passage, 1.0) ** power, passage)


def _inferred(region: Any, factors: tuple[Factor, ...], drawn: Mapping[str, float], arrays: Any, uniform: np.ndarray) -> Any:
    """Inferred figures within their bounds (bounds.csv); the named ones as they are drawn."""
    bounds = bound_draws(region)
    numbers = np.array(uniform)
    for factor in factors:
        if factor.enters == "bounds" and factor.how is not None:
            numbers[bounds.names.index(factor.how["draw"])] = drawn[factor.name]
    return bounds.at(arrays, numbers)


def _people(region: Any, arrays: Any) -> np.ndarray:
    """People by origin where residents moved: origins with inside homes follow the residents of their jurisdictions, the outside origins
    that exchange movers with them take the difference in proportion, so that all people live somewhere."""
    people = np.array(region.arrays().origin_people, dtype=float)
    if not arrays.origin_cells:
        return people
    level = max(arrays.origin_cells, key=lambda name: len(region.jurisdictions(name)))
    cells = np.asarray(arrays.cells[level])
    before, after = (np.bincount(cells, weights=each.residents, minlength=cells.max() + 1) for each in (region.arrays(), arrays))
    own = np.asarray(arrays.origin_cells[level])
    inside = np.bincount(cells, weights=arrays.inside.astype(float), minlength=cells.max() + 1)[own] > 0
    moved = np.where(inside, people * after[own] / np.where(before[own] > 0, before[own], 1.0), people)
    takes = ~inside & (arrays.kept_income[:, arrays.inside] > 0).any(axis=1)
    takes = takes if takes.any() else inside
    missing = people.sum() - moved.sum()
    return np.where(takes, moved * (1.0 + missing / moved[takes].sum()), moved)


Rule = Callable[[Any, dict, Setting], tuple[Any, dict]]
RULES: dict[str, Rule] = {
    "trade_elasticity": _trade_elasticity,
    "distance_elasticity": _distance_elasticity,
    "density_elasticity": _density_elasticity,
    "floor_space_share": _floor_space_share,
    "supply_elasticity": _supply_elasticity,
    "passage": _passage,
}
ORDER = tuple(RULES)
"""The rules in the order in which they act: elasticities before what is identified together with them."""
