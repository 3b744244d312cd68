"""What the moments fix and what they cannot: the Jacobian of all numbers that could have made the flows (model.md §6.2).

Beside the numbers of fit.toml stand those that the fit takes as given: the commuting passages of every other level on the same pairs, the
commuting decay and the dispersion of workplaces. Numbers whose columns are proportional are fixed only as a sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bridgehead.calibrate.passages import PassageProblem

ALIKE, NEARLY = 1e-6, 0.1
"""Two columns are one where they are no farther apart than the first, as unit vectors, and hardly two where no farther than the second."""


@dataclass(frozen=True, eq=False)
class Identification:
    """names [p] (those fitted first), Jacobian of the weighted moments [moment, p], its singular values, and what follows.

    rank and condition: of the fitted numbers alone. sums: groups of numbers of which the moments fix only the sum, in the directions given
    (+ or −); nearly: groups that are told apart by a hair only. unseen: numbers that no moment answers to. extended_rank: of all p numbers together.
    """

    names: tuple[str, ...]
    fitted: int
    jacobian: np.ndarray
    singular_values: np.ndarray
    rank: int
    condition: float
    sums: tuple[tuple[str, ...], ...]
    nearly: tuple[tuple[str, ...], ...]
    unseen: tuple[str, ...]
    extended_rank: int


def flow_response(flow: np.ndarray, dispersion: float, direct: np.ndarray) -> np.ndarray:
    """d log C_ni when the log weights log(K_ni e_i w_i^ε) move by `direct` [home, work] at given wages, wages keeping w_i L_i = B_i.

    With G = direct and π_ni = C_ni / R_n:  d log C_ni = G_ni + ε w′_i − Σ_m π_nm (G_nm + ε w′_m), and the implicit function theorem gives
    (1 + ε) w′ − ε (C′ π w′) / L = −Σ_n C_n· (G − π G) / L.
    """
    share, jobs = flow / flow.sum(axis=1, keepdims=True), flow.sum(axis=0)
    moved = direct - (share * direct).sum(axis=1, keepdims=True)
    system = (1 + dispersion) * np.eye(len(jobs)) - dispersion * (flow.T @ share) / jobs[:, None]
    wages = dispersion * np.linalg.solve(system, -(flow * moved).sum(axis=0) / jobs)
    return moved + wages[None, :] - (share @ wages)[:, None]


def identify(problem: PassageProblem, arrays: Any, logs: np.ndarray) -> Identification:
    """The identification of a fit at the numbers `logs`."""
    problem.residual(logs)
    jacobian = problem.slope(logs)
    others = _other_numbers(problem, arrays)
    flow = problem.flows(logs)
    columns = [_moment_slopes(problem, flow, flow_response(flow, problem.dispersion, direct)) for direct in others.values()]
    names = (*(item.name for item in problem.fit.passage), *others)
    whole = np.column_stack([jacobian, *columns]) if columns else jacobian
    values = np.linalg.svd(jacobian, compute_uv=False)
    rank = int((values > ALIKE * values[0]).sum())
    lengths = np.linalg.norm(whole, axis=0)
    unseen = tuple(name for name, length in zip(names, lengths, strict=True) if length <= ALIKE * lengths.max())
    scaled = whole / np.where(lengths > 0, lengths, 1.0)
    extended = np.linalg.svd(scaled, compute_uv=False)
    condition = float(values[0] / values[-1]) if values[-1] > 0 else float("inf")
    seen = [i for i, name in enumerate(names) if name not in unseen]
    sums = _sums(names, scaled, seen, ALIKE)
    nearly = tuple(group for group in _sums(names, scaled, seen, NEARLY) if group not in sums)
    return Identification(
        names, len(values), whole, values, rank, condition, sums, nearly, unseen, int((extended > ALIKE * extended[0]).sum())
    )


def _other_numbers(problem: PassageProblem, arrays: Any) -> dict[str, np.ndarray]:
    """What each number that the fit takes as given does to the log weights [home, work]: other levels' passages, decay, dispersion."""
    inside, flow, own = problem.inside, problem.fit.flow, problem.fit.level
    sides = problem.side[inside]
    found = {}
    for (name, level), passage in arrays.passages.items():
        if name != flow or level == own:
            continue
        bordered = (passage > 0) & (passage != 1.0)
        cells = arrays.cells[level][inside]
        for item, pairs in zip(problem.fit.passage, problem.groups, strict=True):
            acts = bordered[cells[:, None], cells[None, :]] & (pairs & problem.bordered)[sides[:, None], sides[None, :]]
            if acts.any():
                found[f"{item.name} ({level})"] = acts.astype(float)
    found["commuting_decay"] = -np.asarray(arrays.minutes[np.ix_(inside, inside)])
    found["workplace_dispersion"] = np.broadcast_to(np.log(problem.wage)[None, :], (int(inside.sum()),) * 2)
    return found


def _moment_slopes(problem: PassageProblem, flow: np.ndarray, response: np.ndarray) -> np.ndarray:
    """d log moment / error [moment] where log flows move by `response`."""
    moved, size = (((problem.homes @ x) * problem.works).sum(axis=1) for x in (flow * response, flow))
    return problem.weight * moved / size


def _sums(names: tuple[str, ...], scaled: np.ndarray, seen: list[int], limit: float) -> tuple[tuple[str, ...], ...]:
    """Groups of numbers whose unit columns, or one and the negative of another, are no farther apart than `limit`; each with its sign."""
    left, groups = list(seen), []
    while left:
        first = left.pop(0)
        same = []
        for i in left:
            # From the difference of unit vectors, which keeps its digits where the cosine is 1.
            apart = {sign: np.linalg.norm(scaled[:, i] - sign * scaled[:, first]) for sign in (1, -1)}
            sign = min(apart, key=apart.get)
            if apart[sign] < limit:
                same.append((i, "+" if sign > 0 else "−"))
        if same:
            groups.append((names[first], *(f"{sign}{names[i]}" for i, sign in same)))
            left = [i for i in left if i not in {j for j, _ in same}]
    return tuple(groups)
