"""What a measure looks at: the baseline, one scenario, and the quantities of both that several measures share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from jax.tree_util import Partial

from bridgehead.appraise import outcomes
from bridgehead.appraise.commuting import minutes_now
from bridgehead.appraise.sets import MAINLAND, Places, mainland_of
from bridgehead.kernels import matrix_of, whole

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Engine:
    """What the appraisal asks of the model: functions of a baseline and an equilibrium.

    commuters(equilibrium) -> people [home, work]; trade_values(equilibrium) -> million a year [sector, buyer, seller];
    gradient(equilibrium, outcome) -> d outcome(state, given) / d given by name, of home_supply and work_supply; whole(kernel) -> the
    kernel with its borders as an array (who measures many scenarios may keep what they share).
    """

    commuters: Callable[[Any], Array]
    trade_values: Callable[[Any], Array]
    gradient: Callable[[Any, Callable[[Any, Any], Any]], dict[str, Any]]
    whole: Callable[[Any], Array] = whole


@dataclass(frozen=True, eq=False)
class World:
    """One equilibrium with the flows behind it, each computed once when first asked for."""

    baseline: Any
    equilibrium: Any
    engine: Engine

    @cached_property
    def state(self) -> dict[str, Array]:
        """The state, NumPy float64."""
        return {name: np.asarray(value, dtype=float) for name, value in self.equilibrium.state.items()}

    @property
    def given(self) -> Any:
        """What the model was given."""
        return self.equilibrium.given

    def array(self, name: str) -> Array:
        """One given array, NumPy float64."""
        if name not in self._arrays:
            self._arrays[name] = np.asarray(self.given[name], dtype=float)
        return self._arrays[name]

    @cached_property
    def _arrays(self) -> dict[str, Array]:
        return {}

    @cached_property
    def commuters(self) -> Array:
        """C_ni [home, work], persons."""
        return np.asarray(self.engine.commuters(self.equilibrium), dtype=float)

    @cached_property
    def trade(self) -> Array:
        """Sales of i to n [sector, buyer, seller], million a year."""
        return np.asarray(self.engine.trade_values(self.equilibrium), dtype=float)

    @cached_property
    def trade_kernel(self) -> Array:
        """T with its passages [sector, buyer, seller]."""
        return self.engine.whole(self.given["trade"])

    @cached_property
    def ideas(self) -> Array | None:
        """N with its passages [learner, source]; None without research facts."""
        return self.engine.whole(self.given["knowledge"]) if "knowledge" in self.given else None

    @cached_property
    def travel(self) -> Array:
        """K without passages [home, work]."""
        return np.asarray(matrix_of(self.given["commuting"]), dtype=float)

    @cached_property
    def value_added(self) -> Array:
        """Value added at current prices [place], million a year."""
        return outcomes.value_added(self.state["output"], self.array("labour_share"), self.array("floor_share"))

    @property
    def error(self) -> float:
        """The certificate's estimated distance to the solution, in logs."""
        return float(self.equilibrium.certificate.estimated_distance or 0.0)


@dataclass(frozen=True, eq=False)
class Context:
    """The baseline beside one scenario: all that a measure may look at. `before` is the baseline itself when nothing changes.

    kind: 'strategy', 'zone' (also the zones together), 'scenario' or 'baseline'. shared: quantities of the baseline that all
    scenarios use (weights of sets, functions to differentiate), filled when first asked for.
    """

    before: World
    after: World
    kind: str = "scenario"
    shared: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def region(self) -> Any:
        """The region of the baseline."""
        return self.before.baseline.region

    @property
    def arrays(self) -> Any:
        """The region's arrays."""
        return self.before.baseline.arrays

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """A quantity of the baseline, made when first asked for."""
        if key not in self.shared:
            self.shared[key] = make()
        return self.shared[key]

    @property
    def mainland(self) -> Places:
        """All places but abroad."""
        return self.once(MAINLAND, lambda: mainland_of(self.region))

    @cached_property
    def real_before(self) -> Array:
        """G⁰ [place], million a year."""
        return self.before.value_added

    @cached_property
    def real_after(self) -> Array:
        """G [place], million a year at baseline prices."""
        price, base = self.after.state["consumer_price"], self.before.state["consumer_price"]
        return outcomes.real_value_added(self.after.value_added, price, base)

    def gain(self, of: Places) -> float:
        """ΔG of a set, million a year."""
        return (self.real_after - self.real_before)[of.mask].sum()

    def weights(self, of: Places) -> Array:
        """ω_is of a set [place, sector], from the baseline's value added."""
        shares = self.before.array("labour_share") + self.before.array("floor_share")
        make = lambda: outcomes.value_added_weights(self.before.state["output"] * shares, of.mask)  # noqa: E731
        return self.once(("weights", of.mask.tobytes()), make)

    @cached_property
    def minutes(self) -> Array:
        """Minutes one way [home, work] in the scenario, nan where no one travels."""
        return minutes_now(self.arrays.minutes, self.after.travel, self.before.travel, self._decay)

    @property
    def _decay(self) -> float:
        return float(self.before.baseline.parameters["commuting_decay"])

    @property
    def noise(self) -> float:
        """The certificates' error × 100, in logs: relative changes below it are not numbers (model.md §10)."""
        return 100.0 * max(self.before.error, self.after.error)

    def income_of_origins(self) -> Array:
        """M_g ȳ_g⁰ [origin], million a year."""
        state = self.before.state
        make = lambda: outcomes.income_of_origins(state["people"], state["income"], state["residents"])  # noqa: E731
        return self.once("income of origins", make)

    def origin_homes(self) -> Array:
        """Where each origin's people are registered [origin, place] bool.

        The places of the origin's jurisdiction at the finest level where origins have one; without such a level, the places
        where its people live in the baseline.
        """
        return self.once("origin homes", self._origin_homes)

    def _origin_homes(self) -> Array:
        levels = self.arrays.origin_cells
        if not levels:
            return self.before.state["people"] > 0
        finest = max(levels, key=lambda level: len(self.region.jurisdictions(level)))
        return np.asarray(levels[finest])[:, None] == np.asarray(self.arrays.cells[finest])[None, :]

    def origins_of(self, of: Places) -> Array:
        """The origins of a set [origin] bool: all their homes are in it."""
        homes = self.origin_homes()
        return homes.any(axis=1) & ~(homes & ~of.mask[None, :]).any(axis=1)

    def own_province(self, level: str) -> Array:
        """[origin, place] bool: places in a jurisdiction of `level` that holds homes of the origin."""
        cells = np.asarray(self.region.cells(level))
        member = cells[None, :] == np.arange(cells.max() + 1)[:, None]
        holds = (self.origin_homes().astype(float) @ member.T.astype(float)) > 0
        return holds[:, cells]

    def welfare_function(self, of: Places) -> Callable[[Any, Any], Any]:
        """EV of a set's origins as a function of (state, given); one function a set, so that it is compiled once."""

        def make() -> Callable[[Any, Any], Any]:
            income = np.where(self.origins_of(of), self.income_of_origins(), 0.0)
            base = self.before.state["welfare"]
            return Partial(_welfare_gain, base, income)

        return self.once(("welfare", of.mask.tobytes()), make)

    def slopes(self, of: Places) -> dict[str, Any]:
        """d EV of the set / d given at the scenario, by name (implicit derivative)."""
        key = of.mask.tobytes()
        if key not in self._slopes:
            outcome = self.welfare_function(of)
            self._slopes[key] = self.after.engine.gradient(self.after.equilibrium, outcome)
        return self._slopes[key]

    @cached_property
    def _slopes(self) -> dict[bytes, dict[str, Any]]:
        return {}

    def moved(self) -> set[str]:
        """The names of the given numbers that the scenario changes."""
        return self._moved

    @cached_property
    def _moved(self) -> set[str]:
        return {name for name in self.after.given if not _same(self.before.given.get(name), self.after.given[name])}


def _welfare_gain(base: Array, income: Array, state: Any, _: Any) -> Any:
    """EV at a state; base U⁰ and income M ȳ⁰ [origin] are arguments, so that one compiled derivative serves every baseline."""
    return outcomes.welfare_in_money(state["welfare"], base, income)


def _same(one: Any, other: Any) -> bool:
    if one is other:
        return True
    first, second = _numbers(one), _numbers(other)
    return len(first) == len(second) and all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def _numbers(value: Any) -> list[Array]:
    """The arrays of a given: itself, or the passages and the matrix of a kernel."""
    found = []
    while hasattr(value, "inner"):
        found.append(np.asarray(value.passage))
        value = value.inner
    return [*found, np.asarray(value.dense() if hasattr(value, "dense") else value)]
