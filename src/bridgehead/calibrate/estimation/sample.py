"""Which pairs enter an estimation and which do not, each with its reason, and the regressors of those that do."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bridgehead.calibrate.estimation.pairs import Pairs
from bridgehead.errors import DataError, Faults
from bridgehead.region.draft import shown

Decay = Literal["power", "exponential", "bins"]
Own = Literal["exclude", "dummy"]
BINS, NEARLY_ALL = 40, 0.999
"""Classes of distance of the decay `bins`: equal steps as far as this share of the flow goes."""


@dataclass(frozen=True)
class Specification:
    """What is estimated.

    decay: `power` (distance^−θψ), `exponential` (exp(−κε minutes)), or `bins` (a level a class of distance: no form at all). own: flows
    inside a place are left out, or kept with a dummy, for their distance is a convention. by_pair: a border coefficient for every pair of
    jurisdictions. within: only pairs that near.
    """

    decay: Decay
    own: Own = "exclude"
    by_pair: bool = False
    within: float | None = None


@dataclass(frozen=True)
class Left:
    """Pairs left out for one reason. key: `no_figure`, `no_way`, `own`, `beyond`, `closed`, `receiver`, `supplier`, `alone`."""

    key: str
    pairs: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Sample:
    """The pairs used [receiver, supplier] bool, the regressors by name [receiver, supplier], the distance class of `bins`, what was left out."""

    pairs: Pairs
    specification: Specification
    used: np.ndarray
    regressors: dict[str, np.ndarray]
    bins: np.ndarray | None
    left: tuple[Left, ...]

    @property
    def zeros(self) -> int:
        """Pairs used whose flow is 0."""
        return int((self.pairs.value[self.used] == 0).sum())

    @property
    def count(self) -> int:
        """Pairs used."""
        return int(self.used.sum())


def draw_sample(pairs: Pairs, specification: Specification) -> Sample:
    """The sample of a specification; DataError where a distance or a border cannot be used.

    A place that nobody leaves or reaches, and a pair of jurisdictions between which nothing goes, tell nothing about the others: their
    fixed effect or passage is 0, the pairs are *separated* and left out (Correia, Guimarães & Zylkin 2021). So are places with a single pair.
    """
    used, left = _plain_sample(pairs, specification)
    borders, closed = _borders(pairs, specification, used)
    if closed:
        shut = np.logical_or.reduce([crosses for _, crosses in closed])
        left.append(Left("closed", int((used & shut).sum()), tuple(name for name, _ in closed)))
        used = used & ~shut
    used = _without_empty(pairs, used, left)
    _check_cost(pairs, specification, used)
    regressors = {name: (crosses & used).astype(float) for name, crosses in borders.items()}
    if specification.own == "dummy":
        regressors["own"] = np.eye(len(pairs.places))
    bins = None
    if specification.decay == "bins":
        bins = _classes(pairs, used)
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            regressors["decay"] = np.log(pairs.cost) if specification.decay == "power" else pairs.cost
    _check_variation(regressors, used)
    return Sample(pairs, specification, used, regressors, bins, tuple(left))


def _plain_sample(pairs: Pairs, specification: Specification) -> tuple[np.ndarray, list[Left]]:
    """Pairs with a figure and a way, within reach, own pairs by choice."""
    used, left = np.ones(pairs.value.shape, dtype=bool), []
    steps = [("no_figure", ~np.isfinite(pairs.value)), ("own", np.eye(len(pairs.places), dtype=bool) & (specification.own == "exclude"))]
    steps.append(("no_way", ~np.isfinite(pairs.cost)))
    if specification.within is not None:
        steps.append(("beyond", np.nan_to_num(pairs.cost) > specification.within))
    for key, out in steps:
        if (used & out).any():
            left.append(Left(key, int((used & out).sum())))
        used = used & ~out
    return used, left


def _borders(pairs: Pairs, specification: Specification, used: np.ndarray) -> tuple[dict[str, np.ndarray], list[tuple[str, np.ndarray]]]:
    """The border dummies by name, and those that no flow of the sample crosses: (name, crosses)."""
    found, closed, faults = {}, [], Faults("a border cannot be estimated", DataError)
    for level, crosses in pairs.crosses.items():
        side = pairs.sides[level]
        if not specification.by_pair:
            if not (np.nan_to_num(pairs.value) * (used & crosses)).any():
                faults.add(
                    "no flow of the sample crosses it: its passage is 0, and no estimate", place=level, cure="leave it out, or go farther"
                )
            found[f"border.{level}"] = crosses
            continue
        for a, b in itertools.combinations(dict.fromkeys(side), 2):
            of_pair = crosses & np.isin(side, (a, b))[:, None] & np.isin(side, (a, b))[None, :]
            name = f"border.{level}.{a}|{b}"
            if (np.nan_to_num(pairs.value) * (used & of_pair)).any():
                found[name] = of_pair
            elif (used & of_pair).any():
                closed.append((name, of_pair))
    faults.raise_if_any()
    return found, closed


def _without_empty(pairs: Pairs, used: np.ndarray, left: list[Left]) -> np.ndarray:
    """The sample without places that no flow leaves or reaches, and without those that are left with one pair; until none is."""
    flow, names = np.nan_to_num(pairs.value), np.array(pairs.places)
    gone: dict[str, list[str]] = {"receiver": [], "supplier": [], "alone": []}
    counts = dict.fromkeys(gone, 0)
    while True:
        before = used.copy()
        for key, axis in (("receiver", 1), ("supplier", 0)):
            empty = used.any(axis=axis) & ((flow * used).sum(axis=axis) == 0)
            single = used.sum(axis=axis) == 1
            for kind, places in ((key, empty), ("alone", single & ~empty)):
                out = used & (places[:, None] if axis == 1 else places[None, :])
                gone[kind] += list(names[places])
                counts[kind] += int(out.sum())
                used = used & ~out
        if (used == before).all():
            break
    left += [Left(key, counts[key], tuple(gone[key])) for key in gone if counts[key]]
    return used


def _check_cost(pairs: Pairs, specification: Specification, used: np.ndarray) -> None:
    faults = Faults("the flows cannot be used", DataError)
    if specification.decay == "power":
        at = np.argwhere(used & (np.nan_to_num(pairs.cost, nan=1.0) <= 0))
        if len(at):
            some = shown([f"{pairs.places[i]}–{pairs.places[j]}" for i, j in at])
            faults.add(
                f"{pairs.measure} of {some} is 0", expected="more than 0 for a power of distance", cure="or take --decay exponential"
            )
    if used.sum() < 3 or (np.nan_to_num(pairs.value) * used > 0).sum() < 3:
        faults.add(f"only {int(used.sum())} pairs are left to estimate from", expected="more pairs with a flow than coefficients")
    faults.raise_if_any()


def _classes(pairs: Pairs, used: np.ndarray) -> np.ndarray:
    """The class of distance of every pair: equal steps as far as nearly all of the flow goes, one class beyond."""
    cost, flow = pairs.cost[used], np.nan_to_num(pairs.value[used])
    order = np.argsort(cost)
    gone = np.cumsum(flow[order])
    reach = float(cost[order][np.searchsorted(gone, NEARLY_ALL * gone[-1])])
    return np.digitize(np.nan_to_num(pairs.cost), np.linspace(cost.min(), reach, BINS + 1)[1:])


def _check_variation(regressors: dict[str, np.ndarray], used: np.ndarray) -> None:
    faults = Faults("a coefficient cannot be estimated", DataError)
    for name, values in regressors.items():
        if np.ptp(values[used]) == 0:
            faults.add("it is the same for every pair of the sample", place=name)
    faults.raise_if_any()
