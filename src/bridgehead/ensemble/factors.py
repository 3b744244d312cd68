"""What an ensemble draws, and from which distributions (uncertainty.toml, parameters.toml, the levers' own ranges)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy import stats

Distribution = Literal["triangular", "log_triangular", "uniform", "log_uniform", "normal", "lognormal"]
CENTRAL = 0.90
"""`normal` and `lognormal`: low and high bound this share of the probability."""

Kind = Literal["parameter", "data", "lever", "estimate"]


@dataclass(frozen=True)
class Factor:
    """One number that is drawn.

    kind: a parameter of the model, a figure of the data that is inferred, or the strength of a lever. value: what is used without draws;
    low, high: the range, the whole support of a triangular or uniform distribution. enters: how it acts (`apply.py`), with what it
    needs to know in `how`. paths: whether it matters on paths alone.
    """

    name: str
    kind: Kind
    value: float
    low: float
    high: float
    distribution: Distribution
    enters: str
    source: str = ""
    how: Mapping[str, Any] | None = None
    paths: bool = False

    def draw(self, uniform: np.ndarray) -> np.ndarray:
        """Values at uniform numbers in (0, 1): the inverse of the distribution function."""
        return quantile(self.distribution, uniform, self.value, self.low, self.high)


def quantile(distribution: str, uniform: np.ndarray, value: float, low: float, high: float) -> np.ndarray:
    """The inverse distribution function of a named distribution, at `uniform` in (0, 1).

    triangular: mode `value` on [low, high]; uniform on it; normal: mean `value`, and low and high at the CENTRAL share, the wider of
    the two sides; the log ones: the same of the logarithm.
    """
    if distribution.startswith("log"):
        name = {"log_triangular": "triangular", "log_uniform": "uniform", "lognormal": "normal"}[distribution]
        return np.exp(quantile(name, uniform, float(np.log(value)), float(np.log(low)), float(np.log(high))))
    if distribution == "uniform":
        return low + uniform * (high - low)
    if distribution == "triangular":
        return stats.triang.ppf(uniform, (value - low) / (high - low), loc=low, scale=high - low)
    spread = max(high - value, value - low) / stats.norm.ppf(0.5 + CENTRAL / 2)
    return stats.norm.ppf(uniform, loc=value, scale=spread)


def describe(distribution: str) -> str:
    """A distribution in words."""
    return {
        "triangular": "triangular, mode at the value",
        "log_triangular": "triangular in logs, mode at the value",
        "uniform": "uniform",
        "log_uniform": "uniform in logs",
        "normal": "normal, low to high its middle 90 %",
        "lognormal": "log-normal, low to high its middle 90 %",
    }[distribution]


def jointly(factor: Factor, factors: Sequence[Factor]) -> str | None:
    """The factor that a factor is identified together with, and so drawn together with; None for one that is drawn by itself.

    Flows identify the elasticity to distance θψ and the passage of an ad valorem border (1 + t)^(−θ), not ψ and t: with the trade
    elasticity. An income factor's passage is factor^(−ν): with the home dispersion.
    """
    how = (factor.how or {}).get("as")
    if factor.enters == "distance_elasticity" or how == "home_bias":
        return next((other.name for other in factors if other.enters == "trade_elasticity"), None)
    return next((other.name for other in factors if other.name == "home_dispersion"), None) if how == "income_factor" else None
