"""Competitiveness and openness from output and trade totals (model.md §6.4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridgehead.errors import SolveError


@dataclass(frozen=True)
class TradeTarget:
    """An observed trade total, and the factor on kernel entries that meets it.

    factored: the entries [buyer, seller] that the factor multiplies; measured: the entries whose flows, over all sectors, add up
    to `total` [million money a year].
    """

    factored: np.ndarray
    measured: np.ndarray
    total: float


@dataclass(frozen=True)
class GoodsFit:
    """strength c^(−θ) [place, sector], 0 where absent; factor of every target; rounds of Newton."""

    strength: np.ndarray
    factors: np.ndarray
    rounds: int


def openness_targets(exports: np.ndarray) -> list[TradeTarget]:
    """Openness of places with observed exports: a factor on their entries to and from everyone else, not their own."""
    targets = []
    for place in np.flatnonzero(np.isfinite(exports)):
        factored, measured = np.zeros((2, len(exports), len(exports)), dtype=bool)
        factored[place, :] = factored[:, place] = measured[:, place] = True
        factored[place, place] = measured[place, place] = False
        targets.append(TradeTarget(factored, measured, float(exports[place])))
    return targets


def factored(trade: np.ndarray, targets: list[TradeTarget], factors: np.ndarray) -> np.ndarray:
    """The kernel with every target's factor on its entries [sector, buyer, seller]."""
    product = np.ones(trade.shape[1:])
    for target, factor in zip(targets, factors, strict=True):
        product = np.where(target.factored, product * factor, product)
    return trade * product


def fit_goods(
    trade: np.ndarray, output: np.ndarray, spending: np.ndarray, targets: list[TradeTarget], *, tolerance: float = 1e-13
) -> GoodsFit:
    """The c^(−θ) and factors at which sales equal output and every observed trade total is met.

    trade T [sector, buyer, seller] with borders, output and spending [place, sector]. Newton in logs with one level a sector
    pinned, from a few balancing steps.
    """
    system = _Goods(trade, output, spending, targets)
    z = system.balanced_start()
    residual = system.residual(z)
    for round_number in range(60):
        size = np.abs(residual).max()
        if size < tolerance:
            return system.result(z, round_number)
        try:
            move = np.linalg.solve(system.slope(z), residual)
        except np.linalg.LinAlgError:  # a factor has run off to 0 or beyond all bounds: there is no solution that way
            break
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
        f"no competitiveness and openness make sales equal output and meet the observed trade totals; a gap of "
        f"{np.abs(residual).max():.1e} remains. Check exports, imports and the final demand shares of outside places"
    )


class _Goods:
    """The equations of `fit_goods`: unknowns are log c^(−θ) of the sectors present, then the log of every factor."""

    def __init__(self, trade: np.ndarray, output: np.ndarray, spending: np.ndarray, targets: list[TradeTarget]) -> None:
        self.trade, self.output, self.spending, self.targets = trade, output, spending, targets
        self.present = [np.flatnonzero(output[:, s] > 0) for s in range(output.shape[1])]
        self.starts = np.cumsum([0, *[len(p) for p in self.present]])

    def split(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(strength [place, sector], factors [target]) of the unknowns."""
        strength = np.zeros(self.output.shape)
        for s, places in enumerate(self.present):
            strength[places, s] = np.exp(z[self.starts[s] : self.starts[s + 1]])
        return strength, np.exp(z[self.starts[-1] :])

    def flows(self, z: np.ndarray) -> np.ndarray:
        """Value bought [sector, buyer, seller] at the unknowns."""
        strength, factors = self.split(z)
        weight = factored(self.trade, self.targets, factors) * strength.T[:, None, :]
        return self.spending.T[:, :, None] * weight / weight.sum(axis=2, keepdims=True)

    def residual(self, z: np.ndarray) -> np.ndarray:
        """log sales − log output, and log trade totals − their log in the data; each sector's level is pinned by its mean."""
        flows = self.flows(z)
        parts = []
        for s, places in enumerate(self.present):
            gap = np.log(flows[s].sum(axis=0)[places] / self.output[places, s])
            parts.append(gap + z[self.starts[s] : self.starts[s + 1]].mean())
        total = flows.sum(axis=0)
        parts.append(np.array([np.log(total[target.measured].sum() / target.total) for target in self.targets]))
        return np.concatenate(parts)

    def slope(self, z: np.ndarray) -> np.ndarray:
        """The derivative of `residual`, from dlog π_ni = dlog T_ni + dlog k_i − Σ_m π_nm (dlog T_nm + dlog k_m)."""
        flows = self.flows(z)
        slope = np.zeros((len(z), len(z)))
        sums = [flows[:, target.measured].sum() for target in self.targets]
        for s, places in enumerate(self.present):
            rows = slice(self.starts[s], self.starts[s + 1])
            share = flows[s] / self.spending[:, s][:, None]
            sold = flows[s].sum(axis=0)
            sold = np.where(sold > 0, sold, 1.0)
            block = np.eye(len(sold)) - (flows[s].T @ share) / sold[:, None]
            slope[rows, rows] = block[np.ix_(places, places)] + 1.0 / len(places)
            moved = [_moved(flows[s], share, target.factored) for target in self.targets]
            for c, change in enumerate(moved):
                slope[rows, self.starts[-1] + c] = (change.sum(axis=0) / sold)[places]
            for r, target in enumerate(self.targets):
                row = self.starts[-1] + r
                for c, change in enumerate(moved):
                    slope[row, self.starts[-1] + c] += change[target.measured].sum() / sums[r]
                counted = np.where(target.measured, flows[s], 0.0)
                slope[row, rows] = ((counted.sum(axis=0) - counted.sum(axis=1) @ share) / sums[r])[places]
        return slope

    def balanced_start(self) -> np.ndarray:
        """Thirty half steps of plain balancing, which bring Newton within reach."""
        z = np.zeros(self.starts[-1] + len(self.targets))
        for _ in range(30):
            z = z - 0.5 * np.clip(self.residual(z), -2.0, 2.0)
        return z

    def result(self, z: np.ndarray, rounds: int) -> GoodsFit:
        """The unknowns as a fit."""
        strength, factors = self.split(z)
        return GoodsFit(strength, factors, rounds)


def _moved(flow: np.ndarray, share: np.ndarray, entries: np.ndarray) -> np.ndarray:
    """d flow / d log factor of `entries`: they rise, and shares still add to one."""
    return flow * (entries - (share * entries).sum(axis=1, keepdims=True))
