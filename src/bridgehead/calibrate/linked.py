"""What must be linked before anything can be found: people with homes, places with goods (model.md §6, §8)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from bridgehead.calibrate.homes import linked_sets
from bridgehead.calibrate.kernels import migration_kept, passage_between_places, people_kernels
from bridgehead.calibrate.observed import commuting_shares
from bridgehead.errors import DataError, Fault
from bridgehead.kernels import as_array
from bridgehead.models.separation import components

ROUNDING = 1e-6
"""People of origins and places may differ by this share, from rounding; they are then scaled to the residents."""

BEYOND = 700.0
"""Where θ log τ exceeds this, τ^(−θ) is no number above zero any more: nothing passes."""


def with_matched_people(region: Any, arrays: Any, parameters: dict[str, float]) -> Any:
    """The arrays with people by origin that add up to the residents of the places they can choose, set by set of linked places.

    Rounded people are scaled; DataError where they differ by more than rounding, for then nobody could live somewhere, or
    somebody nowhere.
    """
    of_origin, of_place = linked_sets(migration_kept(arrays, parameters["home_dispersion"]))
    people = np.bincount(of_origin, weights=arrays.origin_people)
    living = np.bincount(of_place, weights=arrays.residents, minlength=people.size)
    off = np.abs(people / living - 1.0)
    faults = [
        Fault(
            f"{_some(region.origin_names, of_origin == number)} are {people[number]:,.0f} people, and the places they can live in "
            f"({_some(region.place_ids, of_place == number)}) have {living[number]:,.0f} residents",
            "origins.csv",
            f"the same number, within {ROUNDING:g} of it",
            "scale the origins to the residents, or let people move (migration_costs.csv, borders.csv)",
        )
        for number in np.flatnonzero(off > ROUNDING)
    ]
    if faults:
        raise DataError("the people of the origins do not fit the homes they can choose", faults)
    if not (off > 1e-12).any():
        return arrays
    return replace(arrays, origin_people=arrays.origin_people * (living / people)[of_origin])


def with_matched_jobs(region: Any, arrays: Any, parameters: dict[str, float]) -> Any:
    """The arrays with jobs that add up to the residents of each set of places linked by commuters, where jobs are given.

    Rounded jobs are scaled; DataError where they differ by more than rounding, or where wages are asked of sets of places that no
    commuter links: nothing would say how their wages compare.
    """
    if arrays.inversion == "residents_and_value_added":
        return arrays
    seen = commuting_shares(arrays)
    reach = as_array(people_kernels(arrays, parameters)["commuting"]) if seen is None else seen
    inside = arrays.inside
    of_home, of_work = linked_sets(reach[np.ix_(inside, inside)])
    homes, jobs = np.bincount(of_home, weights=arrays.residents[inside]), np.bincount(of_work, weights=arrays.jobs[inside])
    names = np.array(region.place_ids)[inside]
    off = np.abs(jobs / homes - 1.0)
    faults = [
        Fault(
            f"{_some(names, of_work == number)} have {jobs[number]:,.0f} jobs, and {homes[number]:,.0f} people work there",
            "facts.csv",
            f"the same number, within {ROUNDING:g} of it",
            "scale the jobs to the residents",
        )
        for number in np.flatnonzero(off > ROUNDING)
    ]
    if homes.size > 1 and arrays.inversion == "residents_and_jobs":
        faults.append(Fault(f"no commuters link {_some(names, of_work == 0)} to the rest", "facts.csv", "wages", "give wages too"))
    if faults:
        raise DataError("jobs and residents do not fit together", faults)
    if not (off > 1e-12).any():
        return arrays
    scaled = np.array(arrays.jobs, dtype=float)
    scaled[inside] *= (homes / jobs)[of_work]
    return replace(arrays, jobs=scaled)


def check_goods_reach(region: Any, arrays: Any) -> None:
    """DataError where goods cannot pass between two parts of the region: they would have no common unit of money (model.md §8)."""
    passage = passage_between_places(arrays, "trade")
    if "trade" in arrays.observed:
        near = (arrays.observed["trade"] > 0).any(axis=0)
    else:
        near = np.log(arrays.iceberg) * arrays.theta.min() < BEYOND
    open_ = near & ((passage > 0).any(axis=0) if passage.ndim == 3 else passage > 0)
    part = components(open_ | open_.T)
    if part.max() == 0:
        return
    largest = np.bincount(part).argmax()
    faults = [
        Fault(
            f"no goods pass between {_some(region.place_ids, part == number)} and the rest",
            "trade_costs.csv, borders.csv",
            "some trade, however little, between all places",
            "lower the iceberg cost or raise the passage, or drop the places",
        )
        for number in np.unique(part[part != largest])
    ]
    raise DataError("the region falls into parts that do not trade", faults)


def _some(names: Any, chosen: np.ndarray) -> str:
    found = [str(name) for name, here in zip(names, chosen, strict=True) if here]
    return ", ".join(found[:4]) + (f", … ({len(found)})" if len(found) > 4 else "")
