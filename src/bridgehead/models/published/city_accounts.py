"""Parameters of a city, and its accounts: what must hold in an equilibrium, whatever map found it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class CityParameters:
    """Parameters of the city model; defaults are the paper's pooled GMM estimates (Table V, column 3) and section 6's shares.

    labour_share α; goods_share β (spending on floor space is 1 − β); commuting_decay κε and spillover decays δ, ρ a minute;
    dispersion ε; made λ and lived η, the elasticities of productivity and amenity to density, 0 without spillovers.
    """

    labour_share: float = 0.80
    goods_share: float = 0.75
    commuting_decay: float = 0.098746
    dispersion: float = 6.694092
    made: float = 0.070984
    made_decay: float = 0.361739
    lived: float = 0.155272
    lived_decay: float = 0.759461

    @property
    def spillovers(self) -> bool:
        """Whether density raises productivity or amenity."""
        return self.made != 0.0 or self.lived != 0.0


POOLED = CityParameters()
EXOGENOUS = CityParameters(commuting_decay=0.07, dispersion=6.83, made=0.0, lived=0.0)
"""Section 6: gravity estimates, and productivity and amenity that do not answer to density."""


def city_identities(
    commuting: np.ndarray,
    parameters: CityParameters,
    state: Mapping[str, np.ndarray],
    floor_stock: np.ndarray,
    outside_draw: np.ndarray | None = None,
) -> dict[str, float]:
    """The largest error of each account of a city, as a share of what it balances; plain NumPy, from the formulas and not the map.

    people: Σ jobs = Σ residents = H; workers, residents: jobs and residents are what people choose at these wages and prices;
    labour: w H_M = α Y with Y made from labour and floor space; zero_profit: Y = w H_M + q θ L; floor_space: what firms and
    homes rent is L; utility: in an open city Φ is the outside world's.
    """
    alpha, eps, homes = parameters.labour_share, parameters.dispersion, 1.0 - parameters.goods_share
    wage, jobs, residents, price = (state[name] for name in ("wage", "jobs", "residents", "floor_price"))
    works, lives, used = jobs > 0, residents > 0, floor_stock > 0
    draw = np.where(lives, state["amenity"] * np.where(lives, price, 1.0) ** (-homes), 0.0) ** eps
    reach, total = commuting @ wage**eps, state["total_draw"][0]
    coming, people = draw @ commuting, state["population"][0]
    vv = people / total * draw * (commuting @ wage ** (1.0 + eps))
    q = np.where(works, state["work_price"], 1.0)
    rented = jobs * ((1.0 - alpha) * state["productivity"] / q) ** (1.0 / alpha)
    made = state["productivity"] * jobs**alpha * rented ** (1.0 - alpha)
    lived_in = homes * vv / np.where(lives, price, 1.0)
    errors = {
        "people": max(abs(jobs.sum() / people - 1.0), abs(residents.sum() / people - 1.0), abs((draw @ reach) / total - 1.0)),
        "workers": _largest(people / total * (wage**eps * coming)[works] / jobs[works] - 1.0),
        "residents": _largest(people / total * (draw * reach)[lives] / residents[lives] - 1.0),
        "labour": _largest((wage * jobs)[works] / (alpha * made[works]) - 1.0),
        "zero_profit": _largest((wage * jobs + q * rented)[works] / made[works] - 1.0),
        "floor_space": _largest((rented + lived_in)[used] / floor_stock[used] - 1.0),
        "income": float(abs(vv.sum() / (wage * jobs).sum() - 1.0)),
    }
    if outside_draw is not None:
        errors["utility"] = float(abs(total / outside_draw[0] - 1.0))
    return {name: float(error) for name, error in errors.items()}


def _largest(errors: np.ndarray) -> float:
    return float(np.max(np.abs(errors))) if errors.size and np.isfinite(errors).all() else float("inf")
