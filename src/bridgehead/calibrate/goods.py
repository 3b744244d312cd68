"""Competitiveness and openness from output and trade totals (model.md §6.4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridgehead.errors import SolveError

MOST_HELP = 5
"""How often plain balancing helps a Newton iteration that does not get nearer; each time for twice as many steps."""


FARTHEST = 200.0
"""Unknowns beyond this, in logs, have run off: there is no solution that way, and numbers would soon overflow."""


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
    z = system.balanced(np.zeros(system.size), 30)
    residual, helped = system.residual(z), 0
    for round_number in range(60):
        size = np.abs(residual).max()
        if size < tolerance:
            return system.result(z, round_number)
        trial, new = system.newton_step(z, residual)
        if np.abs(new).max() >= size and size < 1e-11:
            return system.result(z, round_number)
        if np.abs(new).max() >= size:  # too far off for Newton: balance for longer
            helped += 1
            if helped > MOST_HELP or np.abs(z).max() > FARTHEST:
                break
            trial = system.balanced(z, 30 * 2**helped)
            new = system.residual(trial)
        z, residual = trial, new
    raise SolveError(
        f"no competitiveness and openness make sales equal output and meet the observed trade totals; a gap of "
        f"{np.abs(residual).max():.1e} remains. {_out_of_reach(output, spending, targets)}"
        "Check exports, imports and the final demand shares of outside places"
    )


def _out_of_reach(output: np.ndarray, spending: np.ndarray, targets: list[TradeTarget]) -> str:
    """The first place whose exports are less than what it must sell elsewhere: what it makes of a sector beyond what it buys."""
    for target in targets:
        sellers = np.flatnonzero(target.measured.any(axis=0))
        if len(sellers) > 1 or target.measured.any(axis=1).sum() != len(output) - 1:
            continue
        least = float(np.maximum(output[sellers[0]] - spending[sellers[0]], 0.0).sum())
        if target.total <= least:
            return (
                f"Place {sellers[0] + 1} of places.csv exports {target.total:.6g} million a year in all, but makes {least:.6g} million "
                "more of some sectors than it buys. "
            )
    return ""


class _Goods:
    """The equations of `fit_goods`: unknowns are log c^(−θ) of the sectors present, then the log of every factor."""

    def __init__(self, trade: np.ndarray, output: np.ndarray, spending: np.ndarray, targets: list[TradeTarget]) -> None:
        self.trade, self.output, self.spending, self.targets = trade, output, spending, targets
        self.present = [np.flatnonzero(output[:, s] > 0) for s in range(output.shape[1])]
        self.starts = np.cumsum([0, *[len(p) for p in self.present]])
        self.size = int(self.starts[-1]) + len(targets)

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

    def newton_step(self, z: np.ndarray, residual: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(unknowns, residual) after a Newton step, halved while it does not make the residual smaller."""
        try:
            move = np.linalg.solve(self.slope(z), residual)
        except np.linalg.LinAlgError:  # a factor has run off to 0 or beyond all bounds
            return z, residual
        move = move * min(1.0, 2.0 / max(np.abs(move).max(), 1e-300))
        for halving in range(8):
            trial = z - move / 2**halving
            new = self.residual(trial)
            if np.abs(new).max() < np.abs(residual).max():
                break
        return trial, new

    def balanced(self, z: np.ndarray, steps: int) -> np.ndarray:
        """Half steps of plain balancing, which come near the solution from anywhere, slowly."""
        for _ in range(steps):
            if np.abs(z).max() > FARTHEST:
                break
            z = z - 0.5 * np.clip(self.residual(z), -2.0, 2.0)
        return z

    def result(self, z: np.ndarray, rounds: int) -> GoodsFit:
        """The unknowns as a fit."""
        strength, factors = self.split(z)
        return GoodsFit(strength, factors, rounds)


def _moved(flow: np.ndarray, share: np.ndarray, entries: np.ndarray) -> np.ndarray:
    """d flow / d log factor of `entries`: they rise, and shares still add to one."""
    return flow * (entries - (share * entries).sum(axis=1, keepdims=True))
