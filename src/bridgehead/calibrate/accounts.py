"""Output, transfers and spending shares from value added and trade totals (model.md §6.1 and 6.3)."""

from __future__ import annotations

import numpy as np

from bridgehead.errors import DataError, Faults


def output_from_value_added(value_added: np.ndarray, beta: np.ndarray, gamma: np.ndarray) -> np.ndarray:
    """Y_is = value added / (β_s + γ_s) [million money a year], [place, sector]."""
    return value_added / (beta + gamma)


def transfer_rates(earnings: np.ndarray, exports: np.ndarray, imports: np.ndarray) -> np.ndarray:
    """z [1] by place: (imports − exports) / E where both are observed, one common rate elsewhere so that Σ z E = 0."""
    observed = np.isfinite(exports) & np.isfinite(imports)
    rate = np.zeros_like(earnings)
    rate[observed] = (imports[observed] - exports[observed]) / earnings[observed]
    if observed.any():
        rate[~observed] = -(rate[observed] @ earnings[observed]) / earnings[~observed].sum()
    return rate


def consumption_shares(
    income: np.ndarray,
    output: np.ndarray,
    input_share: np.ndarray,
    own_share: np.ndarray,
    housing_share: float,
    sectors: tuple[str, ...],
) -> np.ndarray:
    """α_ns [place, sector], shares of income spent on each sector's goods.

    Common to all places but those with own final demand shares (rows of `own_share` that are not nan, scaled to 1 − α_H):
    α_s = (Σ Y_ns − Σ_k ω_sk Σ Y_nk − Σ_o α_os I_o) / Σ I_n. DataError when a share is not positive.
    """
    own = np.isfinite(own_share).all(axis=1)
    shares = np.zeros_like(output)
    shares[own] = (1.0 - housing_share) * own_share[own] / own_share[own].sum(axis=1, keepdims=True)
    demand = output.sum(axis=0) - input_share @ output.sum(axis=0) - income[own] @ shares[own]
    common = demand / income[~own].sum()
    faults = Faults("the accounts and the input shares do not fit together", DataError)
    for name, share in zip(sectors, common, strict=True):
        if share <= 0:
            faults.add(
                f"final demand for '{name}' would be {share:.4f} of income",
                place="facts.csv, input_output.csv",
                expected="a positive share",
                cure="check the value added of the sector and its input shares, or give outside places their own final demand",
            )
    faults.raise_if_any()
    shares[~own] = common
    return shares
