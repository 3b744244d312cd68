"""Competitiveness and openness from output and trade totals (model.md §6.4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridgehead.errors import SolveError


@dataclass(frozen=True)
class GoodsFit:
    """strength c^(−θ) [place, sector], 0 where absent; openness [place], 1 where no exports are observed; rounds of Newton."""

    strength: np.ndarray
    openness: np.ndarray
    rounds: int


def opened(trade: np.ndarray, openness: np.ndarray) -> np.ndarray:
    """T with an outside place's openness on its entries to and from everyone else, not its own [sector, buyer, seller]."""
    factor = openness[:, None] * openness[None, :]
    np.fill_diagonal(factor, 1.0)
    return trade * factor


def fit_goods(
    trade: np.ndarray, output: np.ndarray, spending: np.ndarray, exports: np.ndarray, *, tolerance: float = 1e-13
) -> GoodsFit:
    """The c^(−θ) and openness at which sales equal output and observed exports are met.

    trade T [sector, buyer, seller] with borders, output and spending [place, sector], exports [place] (nan: not observed; all
    sectors, to all other places). Newton in logs with one level a sector pinned, from a few balancing steps.
    """
    system = _Goods(trade, output, spending, exports)
    z = system.balanced_start()
    residual = system.residual(z)
    for round_number in range(60):
        size = np.abs(residual).max()
        if size < tolerance:
            return system.result(z, round_number)
        move = np.linalg.solve(system.slope(z), residual)
        move = move * min(1.0, 2.0 / max(np.abs(move).max(), 1e-300))
        for halving in range(12):
            trial = z - move / 2**halving
            new = system.residual(trial)
            if np.abs(new).max() < size or halving == 11:
                break
        if np.abs(new).max() >= size and size < 1e-11:
            return system.result(z, round_number)
        z, residual = trial, new
    raise SolveError(
        f"no competitiveness and openness make sales equal output and meet the observed exports; a gap of "
        f"{np.abs(residual).max():.1e} remains. Check exports, imports and the final demand shares of outside places"
    )


class _Goods:
    """The equations of `fit_goods`: unknowns are log c^(−θ) of the sectors present, then log openness."""

    def __init__(self, trade: np.ndarray, output: np.ndarray, spending: np.ndarray, exports: np.ndarray) -> None:
        self.trade, self.output, self.spending, self.exports = trade, output, spending, exports
        self.present = [np.flatnonzero(output[:, s] > 0) for s in range(output.shape[1])]
        self.open_places = np.flatnonzero(np.isfinite(exports))
        self.starts = np.cumsum([0, *[len(p) for p in self.present]])

    def split(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(strength [place, sector], openness [place]) of the unknowns."""
        strength = np.zeros(self.output.shape)
        for s, places in enumerate(self.present):
            strength[places, s] = np.exp(z[self.starts[s] : self.starts[s + 1]])
        openness = np.ones(self.output.shape[0])
        openness[self.open_places] = np.exp(z[self.starts[-1] :])
        return strength, openness

    def flows(self, z: np.ndarray) -> np.ndarray:
        """Value bought [sector, buyer, seller] at the unknowns."""
        strength, openness = self.split(z)
        weight = opened(self.trade, openness) * strength.T[:, None, :]
        return self.spending.T[:, :, None] * weight / weight.sum(axis=2, keepdims=True)

    def residual(self, z: np.ndarray) -> np.ndarray:
        """log sales − log output, and log exports − their log in the data; each sector's level is pinned by its mean."""
        flows = self.flows(z)
        parts = []
        for s, places in enumerate(self.present):
            gap = np.log(flows[s].sum(axis=0)[places] / self.output[places, s])
            parts.append(gap + z[self.starts[s] : self.starts[s + 1]].mean())
        total = flows.sum(axis=0)
        out = total.sum(axis=0) - np.diag(total)
        parts.append(np.log(out[self.open_places] / self.exports[self.open_places]))
        return np.concatenate(parts)

    def slope(self, z: np.ndarray) -> np.ndarray:
        """The derivative of `residual`, from dlog π_ni = dlog T_ni + dlog k_i − Σ_m π_nm (dlog T_nm + dlog k_m)."""
        flows = self.flows(z)
        size = len(z)
        slope = np.zeros((size, size))
        exports = np.array([self._export_flows(flows, o).sum() for o in self.open_places])
        for s, places in enumerate(self.present):
            rows = slice(self.starts[s], self.starts[s + 1])
            share = flows[s] / self.spending[:, s][:, None]
            sold = flows[s].sum(axis=0)
            cross = flows[s].T @ share
            block = np.eye(len(sold)) - cross / np.where(sold > 0, sold, 1.0)[:, None]
            slope[rows, rows] = block[np.ix_(places, places)] + 1.0 / len(places)
            for c, o in enumerate(self.open_places):
                column = self.starts[-1] + c
                moved = self._moved_by_openness(flows[s], share, o)
                slope[rows, column] = (moved.sum(axis=0) / np.where(sold > 0, sold, 1.0))[places]
                for r, other in enumerate(self.open_places):
                    change = moved[:, other].sum() - moved[other, other]
                    slope[self.starts[-1] + r, column] += change / exports[r]
            for r, other in enumerate(self.open_places):
                leaving = flows[s][:, other].copy()
                leaving[other] = 0.0
                change = -leaving @ share
                change[other] += leaving.sum()
                slope[self.starts[-1] + r, rows] = change[places] / exports[r]
        return slope

    def _moved_by_openness(self, flow: np.ndarray, share: np.ndarray, place: int) -> np.ndarray:
        """d flow / d log openness of `place`: its entries with everyone else rise, and shares still add to one."""
        raised = np.zeros_like(flow)
        raised[place, :] = 1.0
        raised[:, place] = 1.0
        raised[place, place] = 0.0
        mean = (share * raised).sum(axis=1, keepdims=True)
        return flow * (raised - mean)

    def _export_flows(self, flows: np.ndarray, place: int) -> np.ndarray:
        leaving = flows[:, :, place].copy()
        leaving[:, place] = 0.0
        return leaving

    def balanced_start(self) -> np.ndarray:
        """Thirty half steps of plain balancing, which bring Newton within reach."""
        z = np.zeros(self.starts[-1] + len(self.open_places))
        for _ in range(30):
            z = z - 0.5 * np.clip(self.residual(z), -2.0, 2.0)
        return z

    def result(self, z: np.ndarray, rounds: int) -> GoodsFit:
        """The unknowns as a fit."""
        strength, openness = self.split(z)
        return GoodsFit(strength, openness, rounds)
