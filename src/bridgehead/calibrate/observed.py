"""Observed flows as kernels (model.md §7): the kernel is the observed share matrix, and one code serves hat algebra too.

A border stays what it is: the kernel inside it is the observed flow over the passage, so that opening it multiplies what is
observed. Shares are of homes, buyers and origins; what does not agree with the accounts is balanced by the inversion.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from bridgehead.calibrate.kernels import bordered, passage_between_places
from bridgehead.errors import DataError, Fault
from bridgehead.kernels import Bordered, Dense


def commuting_shares(arrays: Any) -> np.ndarray | None:
    """π_ni [home, work], the share of n's residents who are seen at work in i; outside everybody works at home. None: not observed."""
    if "commuting" not in arrays.observed:
        return None
    people = arrays.observed["commuting"] + np.diag(np.where(arrays.inside, 0.0, 1.0))
    return people / people.sum(axis=1, keepdims=True)


def trade_shares(arrays: Any) -> np.ndarray | None:
    """π_ni,s [sector, buyer, seller], the share of n's purchases of s that comes from i; None: not observed."""
    if "trade" not in arrays.observed:
        return None
    value = arrays.observed["trade"]
    return value / value.sum(axis=2, keepdims=True)


def within_borders(total: np.ndarray, flow: str, arrays: Any) -> Bordered | Dense:
    """The kernel that is `total` with its borders: total over the passages inside, the passages around it."""
    passage = passage_between_places(arrays, flow)
    return bordered(np.where(total > 0, total / np.where(passage > 0, passage, 1.0), 0.0), flow, arrays)


def with_observed_movers(arrays: Any, home_dispersion: float) -> Any:
    """The arrays with the kept income at which everybody lives where they are seen: D_gn is the observed share.

    D has a free scale an origin, which no choice or ratio depends on: the place most chosen keeps all income.
    """
    if "migration" not in arrays.observed:
        return arrays
    people = arrays.observed["migration"]
    passage = origin_passage(arrays)
    reach = np.where(people > 0, people / np.where(passage > 0, passage, 1.0), 0.0)
    kept = (reach / reach.max(axis=1, keepdims=True)) ** (1.0 / home_dispersion)
    return replace(arrays, kept_income=kept)


def origin_passage(arrays: Any) -> np.ndarray:
    """The product of the passages of `migration` [origin, place] over the levels at which origins have a jurisdiction."""
    passage = np.ones(arrays.kept_income.shape)
    for (flow, level), factor in arrays.passages.items():
        if flow == "migration" and level in arrays.origin_cells:
            passage = passage * factor[arrays.origin_cells[level][:, None], arrays.cells[level][None, :]]
    return passage


def check_closed_borders(region: Any, arrays: Any) -> None:
    """DataError where a flow is observed across a border whose passage is 0."""
    faults = []
    for flow, seen in arrays.observed.items():
        passage = origin_passage(arrays) if flow == "migration" else passage_between_places(arrays, flow)
        across = np.argwhere((seen > 0) & (np.broadcast_to(passage, seen.shape) == 0))
        if len(across):
            first = region.origin_names if flow == "migration" else region.place_ids
            one, other = first[across[0][-2]], region.place_ids[across[0][-1]]
            cause = f"{len(across)} flows cross a border whose passage is 0, first {one}–{other}"
            cure = "give the border a passage above 0 in borders.csv, or drop the flows"
            faults.append(Fault(cause, f"{flow}.csv", "no flow where nothing passes", cure))
    if faults:
        raise DataError("the observed flows contradict the borders", faults)


def shifted(observed: np.ndarray, model: np.ndarray) -> float:
    """Share of the model's flows that go elsewhere than the observed shares of their rows say: Σ |model − observed| / 2 Σ model."""
    rows = observed.sum(axis=-1, keepdims=True)
    expected = observed / np.where(rows > 0, rows, 1.0) * model.sum(axis=-1, keepdims=True)
    return float(np.abs(model - expected).sum() / (2.0 * model.sum()))


def flow_notes(arrays: Any, flows: dict[str, np.ndarray]) -> tuple[str, ...]:
    """What a reader must know of each observed flow: how far it had to move, and how many pairs stay zero.

    flows: the baseline's own flows by name, in the shape of `arrays.observed`.
    """
    notes = []
    for flow, seen in arrays.observed.items():
        part = seen[np.ix_(arrays.inside, arrays.inside)] if flow == "commuting" else seen
        model = flows[flow][np.ix_(arrays.inside, arrays.inside)] if flow == "commuting" else flows[flow]
        moved, zeros = shifted(part, model), int((part == 0).sum())
        notes.append(
            f"{flow}.csv: {moved:.2%} of the flows had to move for the accounts to hold; {zeros} of {part.size} entries are 0 and stay 0 "
            "whatever a scenario does"
        )
    return tuple(notes)
