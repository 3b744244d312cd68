"""Competitiveness and openness from output and trade totals (model.md §6.4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridgehead.errors import SolveError
from bridgehead.solve import Factored

MOST_HELP = 5
"""How often plain balancing helps a Newton iteration that does not get nearer; each time for twice as many steps."""


KEEP = 0.1
"""A slope is used again where the step before it left at most this of the residual: a step with it costs a twentieth of a new one."""

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
        product[target.factored] *= factor
    return trade * product


def fit_goods(
    trade: np.ndarray, output: np.ndarray, spending: np.ndarray, targets: list[TradeTarget], *, tolerance: float = 1e-13
) -> GoodsFit:
    """The c^(−θ) and factors at which sales equal output and every observed trade total is met.

    trade T [sector, buyer, seller] with borders, output and spending [place, sector]. Newton in logs with one level a sector
    pinned, from a few balancing steps; near the solution a slope is kept while it lowers the residual by `KEEP`.
    """
    system = _Goods(trade, output, spending, targets)
    z = system.balanced(np.zeros(system.size), 30)
    residual, helped, slope = system.residual(z), 0, None
    for round_number in range(60):
        size = np.abs(residual).max()
        if size < tolerance:
            return system.result(z, round_number)
        fresh = slope is None
        slope = system.slope(z) if fresh else slope
        trial, new = system.newton_step(z, residual, slope)
        gain = np.abs(new).max() / size
        if gain >= 1.0 and size < 1e-11:
            return system.result(z, round_number)
        if gain > KEEP:
            slope = None
        if gain >= 1.0 and not fresh:
            continue
        if gain >= 1.0:  # too far off for Newton: balance for longer
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
    """The equations of `fit_goods`: unknowns are log c^(−θ) of the sectors present, then the log of every factor.

    Sectors meet only in the factors: Newton's system is a block a sector, bordered by the factors, and is solved so.
    """

    def __init__(self, trade: np.ndarray, output: np.ndarray, spending: np.ndarray, targets: list[TradeTarget]) -> None:
        self.trade, self.output, self.spending, self.targets = trade, output, spending, targets
        self.present = [np.flatnonzero(output[:, s] > 0) for s in range(output.shape[1])]
        self.starts = np.cumsum([0, *[len(p) for p in self.present]])
        self.size = int(self.starts[-1]) + len(targets)
        self.factored = [np.nonzero(target.factored) for target in targets]
        self.measured = [np.nonzero(target.measured) for target in targets]
        self.common = _common(self.measured, self.factored, len(output))

    def split(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(strength [place, sector], factors [target]) of the unknowns."""
        strength = np.zeros(self.output.shape)
        for s, places in enumerate(self.present):
            strength[places, s] = np.exp(z[self.starts[s] : self.starts[s + 1]])
        return strength, np.exp(z[self.starts[-1] :])

    def weights(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(kernel with factors [sector, buyer, seller], strength c^(−θ) and demand X P^θ [place, sector]) at the unknowns."""
        strength, factors = self.split(z)
        kernel = np.array(self.trade)
        for (buyer, seller), factor in zip(self.factored, factors, strict=True):
            kernel[:, buyer, seller] *= factor
        reach = np.matmul(kernel, strength.T[:, :, None])[:, :, 0].T
        return kernel, strength, self.spending / reach

    def residual(self, z: np.ndarray) -> np.ndarray:
        """log sales − log output, and log trade totals − their log in the data; each sector's level is pinned by its mean."""
        kernel, strength, demand = self.weights(z)
        sold = strength * np.matmul(demand.T[:, None, :], kernel)[:, 0, :].T
        parts = []
        for s, places in enumerate(self.present):
            gap = np.log(sold[places, s] / self.output[places, s])
            parts.append(gap + z[self.starts[s] : self.starts[s + 1]].mean())
        totals = [np.einsum("es,se,es->", demand[b], kernel[:, b, i], strength[i]) for b, i in self.measured]
        parts.append(np.log(np.array(totals) / np.array([target.total for target in self.targets])))
        return np.concatenate(parts)

    def blocks(self, z: np.ndarray) -> tuple[list, list, list, np.ndarray]:
        """The derivative of `residual` in parts: (A_s by sector, B_s [seller, factor], C_s [total, seller], D [total, factor]).

        From dlog π_ni = dlog T_ni + dlog k_i − Σ_m π_nm (dlog T_nm + dlog k_m).
        """
        kernel, strength, demand = self.weights(z)
        flows = demand.T[:, :, None] * kernel * strength.T[:, None, :]
        sums = np.array([flows[:, b, i].sum() for b, i in self.measured])
        count = len(self.targets)
        own, right, below, corner = [], [], [], np.zeros((count, count))
        for s, places in enumerate(self.present):
            flow, share = flows[s], flows[s] / self.spending[:, s][:, None]
            sold = flow.sum(axis=0)
            sold = np.where(sold > 0, sold, 1.0)
            block = np.eye(len(sold)) - (flow.T @ share) / sold[:, None]
            own.append(block[np.ix_(places, places)] + 1.0 / len(places))
            lifted = _rows(share, self.factored)
            moved = _columns(flow, self.factored) - lifted @ flow
            right.append((moved / sold).T[places])
            counted = _rows(flow, self.measured)
            below.append((_columns(flow, self.measured) - counted @ share)[:, places] / sums[:, None])
            both = [[flow.ravel()[entries].sum() for entries in row] for row in self.common]
            corner += np.array(both).reshape(count, count) - counted @ lifted.T
        return own, right, below, corner / sums[:, None]

    def newton_step(self, z: np.ndarray, residual: np.ndarray, slope: _Slope | None) -> tuple[np.ndarray, np.ndarray]:
        """(unknowns, residual) after a Newton step, halved while it does not make the residual smaller; as they are without a slope."""
        if slope is None:
            return z, residual
        move = slope.solve(residual)
        move = move * min(1.0, 2.0 / max(np.abs(move).max(), 1e-300))
        for halving in range(8):
            trial = z - move / 2**halving
            new = self.residual(trial)
            if np.abs(new).max() < np.abs(residual).max():
                break
        return trial, new

    def slope(self, z: np.ndarray) -> _Slope | None:
        """The derivative of `residual` at the unknowns, factored; None where it is singular: a factor has run off to 0 or beyond all bounds."""
        own, right, below, corner = self.blocks(z)
        solvers = [Factored.of(block) for block in own]
        if any(solver.singular for solver in solvers):
            return None
        lifted = [solver.solve(b) for solver, b in zip(solvers, right, strict=True)]
        if not all(np.isfinite(each).all() for each in (corner, *below, *lifted)):
            return None
        schur = Factored.of(corner - sum(c @ x for c, x in zip(below, lifted, strict=True)))
        return None if schur.singular else _Slope(self.starts, solvers, lifted, below, schur)

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


@dataclass(frozen=True, eq=False)
class _Slope:
    """A slope of `_Goods`, each sector's block factored, bordered by the factors: what they lift [seller, factor], and Schur's complement."""

    starts: np.ndarray
    solvers: list[Factored]
    lifted: list[np.ndarray]
    below: list[np.ndarray]
    schur: Factored

    def solve(self, residual: np.ndarray) -> np.ndarray:
        """slope⁻¹ residual: each sector's block first, then the factors, then the sectors."""
        ends = zip(self.starts[:-1], self.starts[1:], strict=True)
        alone = [solver.solve(residual[a:b]) for solver, (a, b) in zip(self.solvers, ends, strict=True)]
        rest = residual[self.starts[-1] :] - sum(c @ x for c, x in zip(self.below, alone, strict=True))
        factors = self.schur.solve(rest)
        return np.concatenate([*(x - up @ factors for x, up in zip(alone, self.lifted, strict=True)), factors])


Entries = list[tuple[np.ndarray, np.ndarray]]


def _rows(array: np.ndarray, entries: Entries) -> np.ndarray:
    """Sums of each set of entries [buyer, seller] by buyer [set, buyer]."""
    sums = [np.bincount(b, weights=array[b, i], minlength=len(array)) for b, i in entries]
    return np.array(sums).reshape(len(entries), len(array))


def _columns(array: np.ndarray, entries: Entries) -> np.ndarray:
    """Sums of each set of entries [buyer, seller] by seller [set, seller]."""
    return _rows(array.T, [(i, b) for b, i in entries])


def _common(one: Entries, other: Entries, count: int) -> list[list[np.ndarray]]:
    """The entries, flat, that are in a set of each list [one][other]."""
    flat = [[b * count + i for b, i in entries] for entries in (one, other)]
    return [[np.intersect1d(p, q, assume_unique=True) for q in flat[1]] for p in flat[0]]
