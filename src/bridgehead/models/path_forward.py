"""Movers who look ahead (Caliendo, Dvorkin & Parro 2019): what homes will be worth, solved backward and forward to a certificate.

Who is free to move at t stays a further year with 1 − m and discounts it by β. Her draw of tastes lasts as long as her stay, and the
cost of living away depends on where she is registered, not on where she lives now: what she may do once she is free again is the
same wherever she goes, and drops out. She compares, for every home,

    log V̄_n,t = (1 − b) Σ_k b^k log V_n,t+k,   b = β (1 − m),

and goes by M_g D̄_gn V̄_n^ν / Σ. Levels of V and D cancel: only changes over the data's shares enter, as in dynamic hat algebra. With
β = 0 (or m = 1) V̄ = V: the myopic path, year by year; at rest V̄ = V as well, whatever β. Differences from CDP: movers are a share m a
year (Calvo) whose draws last, where CDP's everyone draws anew each quarter; costs by registration, where theirs are by pair of
places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from bridgehead.models.path_dynamics import stay_ahead
from bridgehead.models.path_walk import Visited, Walk
from bridgehead.solve.certificate import SOLVED_DISTANCE
from bridgehead.solve.multisecant import Multisecant

GAP = 1e-10
"""A path is walked again until what movers expect and what comes of it differ by at most this, in logs."""

MOST_PASSES = 60
EXPECTED_PASSES = 12

Report = Callable[[int, int, str], None]


@dataclass(frozen=True)
class PathCertificate:
    """How right a path with foresight is, beside the certificates of its years.

    gap: largest |log V̄ that comes of the path − log V̄ that movers expected|, over years and places, undamped; estimated_distance: the
    multisecant estimate of what is left to the fixed point. passes: how often the path was walked. last_year: the last solved one,
    after which homes keep their worth; last_weight: what all years after it weigh for who moves in the last year shown. worst: year
    and place of the gap.
    """

    outcome: str
    reason: str
    gap: float
    estimated_distance: float
    passes: int
    last_year: int
    last_weight: float
    worst: str

    @property
    def solved(self) -> bool:
        """Whether the numbers may be shown."""
        return self.outcome == "solved"


def with_foresight(walk: Walk, name: str, report: Report | None = None) -> tuple[list[Visited], PathCertificate | None]:
    """The years of a path whose movers expect what comes, each with its certificate, and the certificate of the whole.

    Backward: V̄_t = V_t^(1−b) V̄_t+1^b from the last year, after which homes keep their worth; forward: the years with these V̄; until
    they agree. It begins with the myopic path. Where a year has no solution the years end with it and there is no certificate.
    """
    tell = _teller(report, name, len(walk.settings.years))
    visited, secant, passes = tell(walk.through(certify=False)), Multisecant(), 0
    if not _whole(walk, visited):
        return list(walk.through()), None
    outlook = comes(walk, visited)
    while passes < MOST_PASSES:
        passes += 1
        later = tell(walk.through(np.exp(outlook), [each.x for each in visited], certify=False))
        if not _whole(walk, later):
            break
        visited, gap = later, comes(walk, later) - outlook
        step = secant.step(outlook.ravel(), gap.ravel()).reshape(gap.shape)
        if np.abs(gap).max() <= GAP:
            break
        outlook = outlook + step
    final = tell(walk.through(np.exp(outlook), [each.x for each in visited]))
    if not _whole(walk, final) or not final[-1].equilibrium.solved:
        return final, None
    gap = comes(walk, final) - outlook
    return final, _certificate(walk, gap, secant.step(outlook.ravel(), gap.ravel()), passes)


def comes(walk: Walk, visited: list[Visited]) -> np.ndarray:
    """log V̄ of the next year by solved year [year, place], as the years visited make it; 0 in the last, where it is not asked for."""
    stay = stay_ahead([each.state["value"] for each in visited], walk.patience)
    return np.log(np.array([*stay[1:], np.ones(len(stay[0]))]))


def _whole(walk: Walk, visited: list[Visited]) -> bool:
    return len(visited) == len(walk.settings.years) and all(np.isfinite(each.x).all() and each.state for each in visited)


def _certificate(walk: Walk, gap: np.ndarray, step: np.ndarray, passes: int) -> PathCertificate:
    settings = walk.settings
    largest, distance = float(np.abs(gap).max()), float(max(np.abs(gap).max(), np.abs(step).max()))
    solved = distance <= SOLVED_DISTANCE
    reason = (
        "" if solved else f"what movers expect and what comes of it are an estimated {distance:.1e} apart, more than {SOLVED_DISTANCE:.0e}"
    )
    year, place = np.unravel_index(int(np.abs(gap).argmax()), gap.shape)
    worst = f"{settings.years[year]}, {walk.baseline.region.place_ids[place]}"
    last = settings.shown[-1]
    weight = (settings.discount * (1.0 - settings.mover_share)) ** (settings.years[-1] - last)
    outcome = "solved" if solved else "not_solved"
    return PathCertificate(outcome, reason, largest, distance, passes, settings.years[-1], float(weight), worst)


def _teller(report: Report | None, name: str, count: int) -> Callable[[Iterator[Visited]], list[Visited]]:
    """Walks through years, and tells `report` of each; how many walks there will be is a guess that grows."""
    walks = 0

    def told(years: Iterator[Visited]) -> list[Visited]:
        nonlocal walks
        walks += 1
        found = []
        for each in years:
            found.append(each)
            if report is not None:
                report((walks - 1) * count + len(found), max(EXPECTED_PASSES, walks + 1) * count, f"{name} ({walks}) {each.year}")
        return found

    return told
