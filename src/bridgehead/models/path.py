"""Paths: one equilibrium a year, with productivity, R&D stock and homes carried from year to year (model.md §5).

Every year is solved and certified; the path stops at the first that has no certificate, and names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jax.numpy as jnp
import numpy as np

from bridgehead.errors import Fault, SolveError
from bridgehead.models.equilibrium import Equilibrium
from bridgehead.models.path_dynamics import (
    common_trend,
    learned,
    learning_weights,
    mean_welfare,
    moving_share,
    research_stock,
    steady_stock,
)
from bridgehead.models.path_settings import PathSettings
from bridgehead.models.path_year import YearSolver, moving_engine

Enacted = Callable[[int], Mapping[str, Any]]
Report = Callable[[int, int, str], None]


@dataclass(frozen=True, eq=False)
class PathYear:
    """One year of a path.

    equilibrium: all names relative to the common trend. gain: log ā over the data's [place, sector], learning and the sector's
    trend less the common one. research_stock RD [place] money, None without research. welfare: mean utility [origin] of those
    who moved and those who stayed, only as a ratio. growth: ḡ (year − first year), the common trend in logs.
    """

    year: int
    equilibrium: Equilibrium
    gain: np.ndarray
    research_stock: np.ndarray | None
    welfare: np.ndarray
    growth: float


@dataclass(frozen=True, eq=False)
class Path:
    """The years of a path in order, each certified."""

    settings: PathSettings
    years: tuple[PathYear, ...]
    name: str = "baseline"

    def of(self, year: int) -> PathYear:
        """One of its years."""
        return self.years[self.settings.years.index(year)]


@dataclass(eq=False)
class _Walk:
    """What is carried from year to year."""

    people: np.ndarray
    gain: np.ndarray
    stock: np.ndarray | None
    means: np.ndarray
    worth: np.ndarray
    weights: tuple[Any, np.ndarray] | None = field(default=None)


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
    SolveError names the first year without a certificate.
    """
    data = baseline.equilibrium
    solver = YearSolver(moving_engine(baseline.engine), data.state, data.labels, data.x, weakest=weakest)
    walk, found = _first(baseline, settings), []
    shared = common_trend(settings.trend, _value_added(baseline))
    count = len(settings.years)
    for position, year in enumerate(settings.years):
        given = baseline.given if enacted is None else enacted(year)
        years = settings.steps_to(position)
        if position > 0:
            _learn(walk, found[-1], settings, years, shared)
        inputs = _inputs(walk, given, settings, years)
        equilibrium = _certified(solver.solve(inputs), year, name)
        welfare = _settle(walk, inputs, equilibrium)
        growth = shared * (year - settings.years[0])
        found.append(PathYear(year, equilibrium, walk.gain, walk.stock, welfare, growth))
        if report is not None:
            report(position + 1, count, f"{name} {year}")
    return Path(settings, tuple(found), name)


def _value_added(baseline: Any) -> np.ndarray:
    given = baseline.given
    made = baseline.equilibrium.state["output"] * (np.asarray(given["labour_share"]) + np.asarray(given["floor_share"]))
    return made * np.asarray(given["inside"])[:, None]


def _first(baseline: Any, settings: PathSettings) -> _Walk:
    """The state before the first year: the data's, with the R&D stock at its steady state."""
    state, given = baseline.equilibrium.state, baseline.given
    spending = given.get("research")
    stock = None if spending is None else steady_stock(np.asarray(spending), settings.research_decay)
    means = np.broadcast_to(state["welfare"][:, None], state["people"].shape)
    return _Walk(state["people"], np.zeros(state["output"].shape), stock, means, _worth(given, state))


def _worth(given: Mapping[str, Any], state: Mapping[str, np.ndarray]) -> np.ndarray:
    """D_gn^(1/ν) V_n [origin, place]."""
    return np.asarray(given["migration_kept"]) * state["value"]


def _learn(walk: _Walk, last: PathYear, settings: PathSettings, years: int, shared: float) -> None:
    """ā from the year before: learning, and the sectors' trends beside the common one."""
    given, state = last.equilibrium.given, last.equilibrium.state
    gain = walk.gain
    if "knowledge" in given and settings.diffusion > 0:
        if walk.weights is None or walk.weights[0] is not given["knowledge"]:
            walk.weights = (given["knowledge"], learning_weights(given["knowledge"]))
        learns = np.asarray(given["learns"])
        ideas = np.where(learns > 0, state["knowledge_stock"], 1.0) ** float(given["research_elasticity"])
        level = np.asarray(given["productivity_fundamental"]) * ideas[:, None]
        gain = learned(gain, level, walk.weights[1], learns, settings.diffusion, years)
    walk.gain = gain + years * (settings.trend - shared)


def _inputs(walk: _Walk, given: Mapping[str, Any], settings: PathSettings, years: int) -> dict[str, Any]:
    """What the model is given this year. The stock enters as d RD: in the data it is the spending, and only ratios count."""
    inputs = dict(given)
    if walk.stock is not None:
        walk.stock = research_stock(walk.stock, np.asarray(given["research"]), settings.research_decay, years)
        inputs["research"] = jnp.asarray(settings.research_decay * walk.stock)
    inputs["productivity_fundamental"] = jnp.asarray(np.asarray(given["productivity_fundamental"]) * np.exp(walk.gain))
    inputs["people_before"] = jnp.asarray(walk.people)
    inputs["mover_share"] = jnp.asarray(moving_share(settings.mover_share, years))
    return inputs


def _settle(walk: _Walk, inputs: Mapping[str, Any], equilibrium: Equilibrium) -> np.ndarray:
    """Carry homes and utilities over; the mean utility of each origin's people."""
    state = equilibrium.state
    worth = _worth(inputs, state)
    change = np.where(walk.worth > 0, worth / np.where(walk.worth > 0, walk.worth, 1.0), 1.0)
    share = float(inputs["mover_share"])
    walk.means = mean_welfare(walk.means, walk.people, change, state["people_free"], state["welfare"], share)
    walk.people, walk.worth = state["people"], worth
    return (walk.people * walk.means).sum(axis=1) / walk.people.sum(axis=1)


def _certified(equilibrium: Equilibrium, year: int, name: str) -> Equilibrium:
    """The equilibrium; SolveError naming the year where it has no certificate."""
    certificate = equilibrium.certificate
    if not certificate.solved:
        worst = certificate.worst
        where = f"{year}" + (f", {worst.get('variable')} at {worst.get('place')}" if worst else "")
        fault = Fault(certificate.reason, where, cure="Ease what the scenario does in or before that year, or take a smaller step")
        raise SolveError(f"the path '{name}' stops in {year}: that year has no certified solution; no number of it is shown", [fault])
    return equilibrium
