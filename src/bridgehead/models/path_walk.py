"""Walking through the years of a path: each is solved, and what the next one begins with is carried over (model.md §5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jax.numpy as jnp
import numpy as np

from bridgehead.blocks.movers import stay_value
from bridgehead.errors import DataError, Fault
from bridgehead.models.equilibrium import Equilibrium
from bridgehead.models.path_dynamics import (
    balanced_growth,
    common_trend,
    learned,
    learning_weights,
    mean_welfare,
    movers_utility,
    moving_share,
    relative_decay,
    research_stock,
    stay_ahead,
    steady_stock,
)
from bridgehead.models.path_settings import PathSettings
from bridgehead.models.path_year import Found, YearSolver, extrapolated, moving_engine

Enacted = Callable[[int], Mapping[str, Any]]


@dataclass(frozen=True, eq=False)
class Visited:
    """A year as a walk found it (equilibrium: with its certificate, where that was asked for), with what it carries on: log ā over the data's [place, sector], relative to the common trend, and the
    part of it that was learned; the R&D stock relative to common growth [place], None without research; the mean utility of the
    people of each origin [origin]."""

    year: int
    found: Found
    equilibrium: Equilibrium | None
    state: dict[str, np.ndarray]
    gain: np.ndarray
    learned: np.ndarray
    stock: np.ndarray | None
    welfare: np.ndarray

    @property
    def x(self) -> np.ndarray:
        """The unknowns found."""
        return self.found.x if self.equilibrium is None else self.equilibrium.x


@dataclass(eq=False)
class _Carried:
    """What one year leaves to the next."""

    people: np.ndarray
    learned: np.ndarray
    stock: np.ndarray | None
    means: np.ndarray
    worth: np.ndarray


@dataclass(eq=False)
class Walk:
    """The years of one path, ready to be walked through, once or many times.

    enacted: the fundamentals of a year. outlook in `through` is what movers expect: V̄ of the next year by solved year [place]; None
    for myopic ones.
    """

    baseline: Any
    settings: PathSettings
    enacted: Enacted
    weakest: bool = False
    keep: bool = False
    _weights: tuple[Any, np.ndarray] | None = field(default=None)
    _learned: dict[int, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        data = self.baseline.equilibrium
        engine = moving_engine(self.baseline.engine)
        self.solver = YearSolver(engine, data.state, data.labels, data.x, weakest=self.weakest, keep=self.keep)
        if self.decay <= 0:
            fault = Fault(
                f"with a decay of {self.settings.research_decay:g} and growth of {self.growth:g} a year the R&D stock has no steady state",
                "parameters.toml",
                "research_decay above 1 - e^growth",
            )
            raise DataError("the parameters of the path cannot be used", [fault])

    @cached_property
    def trend(self) -> float:
        """ḡ, a year in logs: the sectors' trends weighed by the data's value added."""
        given = self.baseline.given
        made = self.baseline.equilibrium.state["output"] * (np.asarray(given["labour_share"]) + np.asarray(given["floor_share"]))
        return common_trend(self.settings.trend, made * np.asarray(given["inside"])[:, None])

    @cached_property
    def growth(self) -> float:
        """γ, a year in logs: common growth with what R&D adds to the trend."""
        given = self.baseline.given
        return balanced_growth(self.trend, float(given["research_elasticity"])) if "research" in given else self.trend

    @cached_property
    def decay(self) -> float:
        """d̃: what the R&D stock loses in a year relative to common growth."""
        return relative_decay(self.settings.research_decay, self.growth)

    @cached_property
    def patience(self) -> list[float]:
        """b of every solved year."""
        return [self.settings.patience(position) for position in range(len(self.settings.years))]

    @cached_property
    def kept(self) -> list[np.ndarray]:
        """D̄^(1/ν) [origin, place] of every solved year: kept income over a stay."""
        return stay_ahead([np.asarray(self.enacted(year)["migration_kept"]) for year in self.settings.years], self.patience)

    def through(
        self, outlook: list[np.ndarray] | None = None, starts: list[np.ndarray] | None = None, *, certify: bool = True
    ) -> Iterator[Visited]:
        """Every year in turn, until one has no solution. starts: unknowns to begin each year with; None: continued from the years before."""
        carried, past, last = self._first(), [], None
        for position, year in enumerate(self.settings.years):
            given = self.enacted(year)
            if last is not None:
                self._learn(carried, last, position)
            inputs = self._inputs(carried, given, position, outlook)
            start = starts[position] if starts is not None else extrapolated(past) if past else self.solver.start
            found = self.solver.find(inputs, start)
            equilibrium = self.solver.certified(found) if certify else None
            failed = found.inputs is None if equilibrium is None else not equilibrium.solved
            if failed:
                yield Visited(year, found, equilibrium, {}, carried.learned, carried.learned, carried.stock, carried.means)
                return
            last = self._settled(year, carried, found, equilibrium)
            past = [*([] if found.fresh else past), last.x][-3:]
            yield last

    def _first(self) -> _Carried:
        """What comes before the first year: the data's state, with the R&D stock of steady growth."""
        state, given = self.baseline.equilibrium.state, self.baseline.given
        stock = steady_stock(np.asarray(given["research"]), self.decay) if "research" in given else None
        means = np.broadcast_to(state["welfare"][:, None], state["people"].shape)
        worth = np.asarray(given["migration_kept"]) * state["value"]
        return _Carried(state["people"], np.zeros(state["output"].shape), stock, means, worth)

    def gain(self, learned_so_far: np.ndarray, year: int) -> np.ndarray:
        """log ā over the data's relative to the common trend [place, sector]: what was learned, and the sectors' own trends."""
        return learned_so_far + (year - self.settings.years[0]) * (self.settings.trend - self.trend)

    def _learn(self, carried: _Carried, last: Visited, position: int) -> None:
        """What the years since the last solved one have taught: it hangs on R&D and kernels alone, so walking again changes nothing."""
        given, diffusion = last.found.given, self.settings.diffusion
        if position in self._learned:
            carried.learned = self._learned[position]
        if "knowledge" not in given or diffusion == 0 or position in self._learned:
            return
        if self._weights is None or self._weights[0] is not given["knowledge"]:
            self._weights = (given["knowledge"], learning_weights(given["knowledge"], self.baseline.given["research"], given["inside"]))
        ideas = np.where(np.asarray(given["learns"]) > 0, last.state["knowledge_stock"], 1.0) ** float(given["research_elasticity"])
        level = np.asarray(given["productivity_fundamental"]) * ideas[:, None]
        years = self.settings.steps_to(position)
        carried.learned = self._learned[position] = learned(carried.learned, level, self._weights[1], given["inside"], diffusion, years)

    def _inputs(self, carried: _Carried, given: Mapping[str, Any], position: int, outlook: list[np.ndarray] | None) -> dict[str, Any]:
        """What the model is given this year. The stock enters as d̃ RD: in the data it is the spending, and only ratios count."""
        settings, year, years = self.settings, self.settings.years[position], self.settings.steps_to(position)
        inputs = dict(given)
        if carried.stock is not None:
            spending = np.asarray(given["research"]) * np.exp(settings.research_growth * (year - settings.years[0]))
            carried.stock = research_stock(carried.stock, spending, self.decay, years)
            inputs["research"] = jnp.asarray(self.decay * carried.stock)
        gain = np.exp(self.gain(carried.learned, year))
        inputs["productivity_fundamental"] = jnp.asarray(np.asarray(given["productivity_fundamental"]) * gain)
        inputs["people_before"] = jnp.asarray(carried.people)
        inputs["mover_share"] = jnp.asarray(moving_share(settings.mover_share, years))
        myopic = outlook is None
        ahead = np.asarray(given["migration_kept"]) if myopic else self.kept[position]
        inputs["patience"] = jnp.asarray(0.0 if myopic else self.patience[position])
        inputs["outlook"] = jnp.asarray(np.ones(len(gain)) if myopic else outlook[position])
        inputs["migration_kept_ahead"] = jnp.asarray(ahead)
        return inputs

    def _settled(self, year: int, carried: _Carried, found: Found, equilibrium: Equilibrium | None) -> Visited:
        """Carry homes and utilities over; the year as visited."""
        state, given = found.state() if equilibrium is None else equilibrium.state, found.given
        worth = np.asarray(given["migration_kept"]) * state["value"]
        stay = np.asarray(stay_value(state["value"], np.asarray(given["outlook"]), float(given["patience"])))
        change = np.where(carried.worth > 0, worth / np.where(carried.worth > 0, carried.worth, 1.0), 1.0)
        share, free = float(given["mover_share"]), state["people_free"]
        utility = movers_utility(state["welfare"], worth, np.asarray(given["migration_kept_ahead"]) * stay)
        carried.means = mean_welfare(carried.means, carried.people, change, free, utility, share)
        carried.people, carried.worth = state["people"], worth
        welfare = (carried.people * carried.means).sum(axis=1) / carried.people.sum(axis=1)
        return Visited(year, found, equilibrium, state, self.gain(carried.learned, year), carried.learned, carried.stock, welfare)
