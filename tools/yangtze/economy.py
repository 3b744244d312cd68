"""sectors.csv, input_output.csv, consumption.csv: the production side, from the national table of 2020."""

from __future__ import annotations

import numpy as np
from tools.yangtze.assumptions import DENSITY_ELASTICITY, TRADE_ELASTICITY
from tools.yangtze.labels import ABROAD_PLACE
from tools.yangtze.sources import Sources

SECTORS = ("primary", "secondary", "tertiary")
NAMES_ZH = {"primary": "第一产业", "secondary": "第二产业", "tertiary": "第三产业"}
TABLE = "NBS input-output table of China 2020, domestic and imported inputs together, aggregated to three sectors"
SPLIT = "value-added share split 0.8 to labour (labour and capital) and 0.2 to floor space: assumption"
DIGITS = 5


def _shares(sources: Sources, block: str) -> dict[tuple[str, str], float]:
    rows = sources.rows("clean/io_shares")
    return {(row["input"], row["output_sector"]): float(row["total"]) for row in rows if row["block"] == block}


def input_shares(sources: Sources) -> np.ndarray:
    """omega [input, user]: share of gross output spent on each input."""
    shares = _shares(sources, "input")
    return np.array([[shares[k, s] for s in SECTORS] for k in SECTORS])


def factor_shares(sources: Sources) -> tuple[np.ndarray, np.ndarray]:
    """beta and gamma by sector. Labour takes what rounding leaves, so that beta + gamma + sum omega is one."""
    model = _shares(sources, "model")
    gamma = np.array([model["gamma_floor", s] for s in SECTORS])
    beta = np.round(1.0 - gamma - input_shares(sources).sum(0), DIGITS)
    given = np.array([model["beta_labour", s] for s in SECTORS])
    if np.abs(beta - given).max() > 2e-5:
        raise ValueError(f"labour shares {beta} do not close the input table (given {given})")
    return beta, gamma


def labour_part(sources: Sources) -> dict[str, float]:
    """Labour's part of value added by sector."""
    beta, gamma = factor_shares(sources)
    return dict(zip(SECTORS, beta / (beta + gamma), strict=True))


def sector_rows(sources: Sources) -> list[dict]:
    """Rows of sectors.csv."""
    beta, gamma = factor_shares(sources)
    note = "trade elasticity 4 for each sector and density elasticity as the case (none in the primary sector): assumption"
    return [
        {
            "sector": sector,
            "name_zh": NAMES_ZH[sector],
            "labour": round(float(beta[i]), DIGITS),
            "floor_space": round(float(gamma[i]), DIGITS),
            "trade_elasticity": TRADE_ELASTICITY,
            "density_elasticity": DENSITY_ELASTICITY[sector],
            "source": f"{TABLE}; {SPLIT}; {note}",
        }
        for i, sector in enumerate(SECTORS)
    ]


def input_rows(sources: Sources) -> list[dict]:
    """Rows of input_output.csv."""
    omega = input_shares(sources)
    return [
        {"input": k, "user": s, "share": round(float(omega[i, j]), DIGITS), "source": TABLE}
        for i, k in enumerate(SECTORS)
        for j, s in enumerate(SECTORS)
    ]


def final_demand(sources: Sources, added: np.ndarray) -> np.ndarray:
    """Final demand by sector of an economy with value added `added` [S] that trades nothing: output less inputs used."""
    omega = input_shares(sources)
    output = added / (1.0 - omega.sum(0))
    return output - omega @ output


def consumption_rows(sources: Sources) -> list[dict]:
    """Rows of consumption.csv: the rest of the world's own value added put through the table, shares of goods demand."""
    added = np.array([float(sources.accounts[ABROAD_PLACE, "value_added", s]["value"]) for s in SECTORS])
    demand = final_demand(sources, added)
    shares = np.round(demand / demand.sum(), 6)
    shares[-1] = round(1.0 - shares[:-1].sum(), 6)
    source = "inferred: the rest of the world's value added put through the input table of China"
    return [{"place": ABROAD_PLACE, "sector": s, "share": float(share), "source": source} for s, share in zip(SECTORS, shares, strict=True)]
