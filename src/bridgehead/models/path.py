"""Paths: one equilibrium a year, with productivity, R&D stock and homes carried from year to year (model.md §5).

Every year is solved and certified; the path stops at the first that has no certificate, and names it. Where movers look ahead the
path is a fixed point too, with a certificate of its own (`path_forward`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridgehead.errors import Fault, SolveError
from bridgehead.models.equilibrium import Equilibrium
from bridgehead.models.path_forward import PathCertificate, with_foresight
from bridgehead.models.path_settings import FORWARD, PathSettings
from bridgehead.models.path_walk import Enacted, Visited, Walk

Report = Callable[[int, int, str], None]


@dataclass(frozen=True, eq=False)
class PathYear:
    """One year of a path.

    equilibrium: all names relative to common growth. gain: log ā over the data's [place, sector], learning and the sector's trend
    less the common one; learned: the part that was learned. research_stock RD [place] money, at the prices of the data's year, None
    without research. welfare: mean utility [origin] of those who moved and those who stayed, only as a ratio. growth: γ (year −
    first year), common growth in logs, of which `trend` is exogenous and the rest R&D's.
    """

    year: int
    equilibrium: Equilibrium
    gain: np.ndarray
    learned: np.ndarray
    research_stock: np.ndarray | None
    welfare: np.ndarray
    growth: float
    trend: float


@dataclass(frozen=True, eq=False)
class Path:
    """The years of a path in order, each certified. certificate: that of the path as a whole, where movers look ahead."""

    settings: PathSettings
    years: tuple[PathYear, ...]
    name: str = "baseline"
    certificate: PathCertificate | None = None

    def of(self, year: int) -> PathYear:
        """One of its solved years."""
        return self.years[self.settings.years.index(year)]

    @property
    def shown(self) -> tuple[PathYear, ...]:
        """The years that were asked for."""
        return tuple(self.of(year) for year in self.settings.shown)


def run_path(
    baseline: Any,
    settings: PathSettings,
    enacted: Enacted | None = None,
    *,
    name: str = "baseline",
    weakest: bool = False,
    report: Report | None = None,
) -> Path:
    """The path of a calibrated region from its data.

    enacted: the fundamentals of a year under a scenario (`bridgehead.policy.Schedule.given`); None for those of the data in every
    year. weakest: whether certificates hold the smallest singular value too. report(done, total, label) is called after each year.
    SolveError names the first year without a certificate, or says that no path of foresight was found. DataError: the R&D stock
    has no steady state.
    """
    forward = settings.movers == FORWARD
    given = (lambda _: baseline.given) if enacted is None else enacted
    walk = Walk(baseline, settings, given, weakest=weakest, keep=forward)
    told = _teller(report, name, len(settings.years))
    if not forward:
        return Path(settings, tuple(told(_certified(walk, each, name)) for each in walk.through()), name)
    visited, certificate = with_foresight(walk, name, report)
    years = tuple(_certified(walk, each, name) for each in visited)
    if not certificate.solved:  # it is there: every year of the path has its own
        fault = Fault(certificate.reason, certificate.worst, cure="Ease what the scenario does at once, or take --movers myopic")
        raise SolveError(f"the path '{name}' with movers who look ahead has no certificate; no number of it is shown", [fault])
    return Path(settings, years, name, certificate)


def _teller(report: Report | None, name: str, count: int) -> Callable[[PathYear], PathYear]:
    """Passes years on, and tells `report` of each."""
    done = 0

    def told(point: PathYear) -> PathYear:
        nonlocal done
        done += 1
        if report is not None:
            report(done, count, f"{name} {point.year}")
        return point

    return told


def _certified(walk: Walk, visited: Visited, name: str) -> PathYear:
    """A visited year with its certificate; SolveError naming the year where it has none."""
    equilibrium, year = visited.equilibrium, visited.year
    certificate = equilibrium.certificate
    if not certificate.solved:
        worst = certificate.worst
        where = f"{year}" + (f", {worst.get('variable')} at {worst.get('place')}" if worst else "")
        fault = Fault(certificate.reason, where, cure="Ease what the scenario does in or before that year, or take a smaller step")
        raise SolveError(f"the path '{name}' stops in {year}: that year has no certified solution; no number of it is shown", [fault])
    past = year - walk.settings.years[0]
    stock = None if visited.stock is None else visited.stock * np.exp(walk.growth * past)
    carried = (visited.gain, visited.learned, stock, visited.welfare)
    return PathYear(year, equilibrium, *carried, walk.growth * past, walk.trend * past)
