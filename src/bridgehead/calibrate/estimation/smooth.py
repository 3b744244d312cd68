"""Observed zero flows smoothed by the gravity prediction (model.md §7): zeros get what the fit predicts, totals stay as observed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from bridgehead.calibrate.estimation.gravity import GravityFit
from bridgehead.errors import DataError, Fault, SolveError

TURNS, SCALINGS, ROUNDS, BALANCED = 2000, 20, 60, 1e-9


@dataclass(frozen=True, eq=False)
class Smoothed:
    """Flows [receiver, supplier] without the zeros that the fit can fill, and what that did.

    filled: zeros filled; left: zeros that stay, for the fit says nothing of them; people: what stands on filled pairs; above: filled pairs
    whose prediction is no smaller than the smallest observed flow (they should have been seen); moved: the largest log change of an
    observed flow through balancing to the observed totals.
    """

    value: np.ndarray
    filled: int
    left: int
    people: float
    above: int
    smallest: float
    moved: float


def predicted(fit: GravityFit) -> np.ndarray:
    """The fit's flow on every pair [receiver, supplier] whose places are both in the sample, others NaN.

    log flow − x β = a_receiver + b_supplier on the sample; a and b are read off it, and hold wherever the two are linked by the sample.
    """
    sample = fit.sample
    if sample.bins is not None:
        raise DataError(
            "a decay by classes of distance predicts nothing between them", [Fault("--decay bins", "--smooth", "power or exponential")]
        )
    part = np.zeros(sample.used.shape)
    for value, x in zip(fit.coefficient, _regressors(fit).values(), strict=True):
        part = part + value * x
    good = sample.used & (np.nan_to_num(fit.fitted) > 0)
    rest = np.where(good, np.log(np.where(good, fit.fitted, 1.0)) - np.where(good, part, 0.0), 0.0)
    a, b, group_a, group_b = _effects(rest, good)
    with np.errstate(invalid="ignore", over="ignore"):
        flow = np.exp(part + a[:, None] + b[None, :])
    return np.where((group_a[:, None] == group_b[None, :]) & (group_a[:, None] >= 0), flow, np.nan)


def _regressors(fit: GravityFit) -> dict[str, np.ndarray]:
    """The regressors on all pairs, not on the sample alone."""
    pairs, whole = fit.sample.pairs, {}
    crosses = pairs.crosses
    for name, values in fit.sample.regressors.items():
        level, _, two = name.removeprefix("border.").partition(".")
        if name.startswith("border.") and name.removeprefix("border.") in crosses:
            whole[name] = crosses[name.removeprefix("border.")].astype(float)
        elif name.startswith("border."):
            of_pair = np.isin(pairs.sides[level], two.split("|"))
            whole[name] = (crosses[level] & of_pair[:, None] & of_pair[None, :]).astype(float)
        else:
            whole[name] = values
    return whole


def _effects(rest: np.ndarray, good: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(a, b, group of each) with a_i + b_j = rest_ij wherever `good`: least squares by turns, which is exact at a fit."""
    n = len(rest)
    graph = csr_array(np.block([[np.zeros((n, n)), good], [good.T, np.zeros((n, n))]]))
    _, label = connected_components(graph, directed=False)
    seen_a, seen_b = good.any(axis=1), good.any(axis=0)
    a, b = np.zeros(n), np.zeros(n)
    for _ in range(TURNS):
        a = np.where(seen_a, ((rest - b[None, :]) * good).sum(axis=1) / np.maximum(good.sum(axis=1), 1), 0.0)
        b = np.where(seen_b, ((rest - a[:, None]) * good).sum(axis=0) / np.maximum(good.sum(axis=0), 1), 0.0)
        if np.abs((rest - a[:, None] - b[None, :])[good]).max(initial=0.0) < 1e-9:
            break
    return a, b, np.where(seen_a, label[:n], -1), np.where(seen_b, label[n:], -2)


def smooth(fit: GravityFit) -> Smoothed:
    """Zeros filled with the prediction, then balanced so that every place's observed totals, in and out, stand."""
    observed = fit.sample.pairs.value
    zero = observed == 0
    guess = predicted(fit)
    own = np.eye(len(observed), dtype=bool) & (fit.sample.specification.own == "exclude")
    fill = zero & np.isfinite(guess) & (guess > 0) & ~own
    # A place that nobody leaves or reaches stays so: its totals are 0.
    known = np.nan_to_num(observed)
    fill &= (known.sum(axis=1) > 0)[:, None] & (known.sum(axis=0) > 0)[None, :]
    start = np.where(fill, np.nan_to_num(guess), known)
    value = _balanced(start, known.sum(axis=1), known.sum(axis=0))
    kept = known > 0
    smallest = float(known[kept].min())
    return Smoothed(
        np.where(np.isfinite(observed), value, np.nan), int(fill.sum()), int((zero & ~fill).sum()), float(value[fill].sum()),
        int((fill & (guess >= smallest)).sum()), smallest, float(np.abs(np.log(value[kept] / known[kept])).max()),
    )  # fmt: skip


def _balanced(start: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """The matrix nearest to `start` in relative entropy with the given totals: X = a_i start_ij b_j.

    Scaling by turns is slow where regions hardly trade places, so Newton follows: with X the present matrix, (C − X′ R⁻¹ X) d log b = column
    gap − X′ R⁻¹ row gap (R, C the present totals), then d log a; one level a linked block is free.
    """
    a, b = np.ones(len(rows)), np.ones(len(columns))
    for _ in range(SCALINGS):
        a, b = _scaled(start, rows, columns, b)
    for _ in range(ROUNDS):
        value = a[:, None] * start * b[None, :]
        out, into = value.sum(axis=1), value.sum(axis=0)
        gap_out, gap_into = rows - out, columns - into
        if max(np.abs(gap_out / np.maximum(rows, 1e-300)).max(), np.abs(gap_into / np.maximum(columns, 1e-300)).max()) < BALANCED:
            return value
        weight = np.where(out > 0, 1.0 / np.where(out > 0, out, 1.0), 0.0)
        system = np.diag(into) - value.T @ (weight[:, None] * value)
        move = np.linalg.lstsq(system, gap_into - value.T @ (weight * gap_out), rcond=1e-14)[0]
        other = weight * (gap_out - value @ move)
        step = min(1.0, 1.0 / max(np.abs(move).max(), np.abs(other).max()))
        a, b = a * np.exp(step * other), b * np.exp(step * move)
    raise SolveError("the smoothed flows could not be balanced to the observed totals")


def _scaled(start: np.ndarray, rows: np.ndarray, columns: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One round of scaling rows, then columns."""
    reach = start @ b
    a = np.where(rows > 0, rows / np.where(reach > 0, reach, 1.0), 0.0)
    back = start.T @ a
    return a, np.where(columns > 0, columns / np.where(back > 0, back, 1.0), 0.0)
