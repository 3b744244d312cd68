"""The region's kernels with their borders, from its arrays and parameters (model.md §3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np

from bridgehead.kernels import Bordered, Dense, between_places, exponential_decay, gravity_weight, knowledge_weight

FLOW_OF_KERNEL = {
    "commuting": "commuting",
    "trade": "trade",
    "spillover": "spillover",
    "amenity_spillover": "spillover",
    "knowledge": "ideas",
}
"""The border flow that wraps each kernel of the fundamentals."""


def bordered(matrix: np.ndarray, flow: str, arrays: Any) -> Bordered | Dense:
    """A dense kernel in the borders of every level that has passages for the flow."""
    kernel: Any = Dense(jnp.asarray(matrix))
    for (name, level), passage in arrays.passages.items():
        if name == flow:
            kernel = Bordered(kernel, jnp.asarray(arrays.cells[level]), jnp.asarray(passage), level=level)
    return kernel


def passage_between_places(arrays: Any, flow: str, passages: Mapping | None = None) -> np.ndarray:
    """The product of a flow's passages over all levels, place by place [.., receiver, supplier]; 1 without borders."""
    factor = np.ones((len(arrays.inside), len(arrays.inside)))
    for (name, level), passage in (passages or arrays.passages).items():
        if name == flow:
            factor = between_places(passage, arrays.cells[level]) * factor
    return factor


def people_kernels(arrays: Any, parameters: Mapping[str, float]) -> dict[str, Any]:
    """Commuting K = exp(−κε t) (identity outside), spillovers S = exp(−δ t) and S^b = exp(−ρ_b t) (none outside)."""

    def decay(rate: float, own: float) -> np.ndarray:
        return exponential_decay(arrays.minutes, rate, arrays.inside, own_outside=own)

    if "commuting" in arrays.observed and np.isnan(arrays.minutes[np.ix_(arrays.inside, arrays.inside)]).any():
        own = np.diag(arrays.inside.astype(float))  # no times: what a place spills over stays in it
        return {name: bordered(own, "spillover", arrays) for name in ("spillover", "amenity_spillover")}
    kernels = {
        "commuting": bordered(decay(parameters["commuting_decay"], 1.0), "commuting", arrays),
        "spillover": bordered(decay(parameters["productivity_decay"], 0.0), "spillover", arrays),
        "amenity_spillover": bordered(decay(parameters["amenity_decay"], 0.0), "spillover", arrays),
    }
    return kernels


def trade_weight(arrays: Any, output: np.ndarray) -> np.ndarray:
    """T_s[n, i] = μ_is τ_ni^(−θ_s) before openness and borders [sector, buyer, seller]; μ is the place's share of the sector's output."""
    return gravity_weight(arrays.iceberg, arrays.theta, output / output.sum(axis=0))


def abroad_places(arrays: Any) -> np.ndarray:
    """Which places have no distance to any other [place] bool: abroad."""
    km = np.array(arrays.km, copy=True)
    np.fill_diagonal(km, np.nan)
    return ~np.isfinite(km).any(axis=1)


def knowledge_kernel(arrays: Any, parameters: Mapping[str, float]) -> Bordered | Dense:
    """N[i, j] = exp(−km / ℓ), with foreign ideas the share φ of Z_i in the data, in the borders of `ideas`."""
    weight = knowledge_weight(
        arrays.km,
        parameters["knowledge_decay"],
        abroad_places(arrays),
        arrays.research_spending,
        passage_between_places(arrays, "ideas"),
        parameters["foreign_ideas"],
    )
    return bordered(weight, "ideas", arrays)


def migration_kept(arrays: Any, home_dispersion: float) -> np.ndarray:
    """Share of real income kept by an origin's people in each place, border included [origin, place].

    kept income × passage^(1/ν), so that D = kept^ν; passages of levels at which origins have a jurisdiction multiply.
    """
    kept = np.array(arrays.kept_income, copy=True)
    for (flow, level), passage in arrays.passages.items():
        if flow == "migration" and level in arrays.origin_cells:
            factor = passage[arrays.origin_cells[level][:, None], arrays.cells[level][None, :]]
            kept = kept * factor ** (1.0 / home_dispersion)
    return kept
