"""Derivatives of measures: a measure as a function that JAX can follow from the state and the fundamentals (implicit function theorem)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bridgehead.appraise import outcomes
from bridgehead.appraise.context import Context, World
from bridgehead.appraise.needs import Row
from bridgehead.errors import Fault, PolicyError
from bridgehead.kernels import plain, whole
from bridgehead.models.flows import commuters_of, trade_of

Function = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]


@dataclass(frozen=True, eq=False)
class Followed:
    """What measures ask of a `World`, from a state and fundamentals that JAX follows. `at` is a solved world nearby: what is no
    function of them (travel times) is taken from it."""

    at: World
    state: Mapping[str, Any]
    given: Mapping[str, Any]
    error: float = 0.0

    @property
    def baseline(self) -> Any:
        """The baseline."""
        return self.at.baseline

    @property
    def travel(self) -> Any:
        """K without passages [home, work]."""
        return self.at.travel

    def array(self, name: str) -> Any:
        """One given array."""
        return plain(self.given[name])

    @cached_property
    def commuters(self) -> Any:
        """C_ni [home, work], persons."""
        return commuters_of(self.given, self.state)

    @cached_property
    def trade(self) -> Any:
        """Sales of i to n [sector, buyer, seller], million a year."""
        return trade_of(self.given, self.state)

    @cached_property
    def trade_kernel(self) -> Any:
        """T with its passages [sector, buyer, seller]."""
        return whole(self.given["trade"])

    @cached_property
    def ideas(self) -> Any:
        """N with its passages [learner, source]; None without research facts."""
        return whole(self.given["knowledge"]) if "knowledge" in self.given else None

    @cached_property
    def value_added(self) -> Any:
        """Value added at current prices [place], million a year."""
        return outcomes.value_added(self.state["output"], self.array("labour_share"), self.array("floor_share"))


def function_of(row: Row, before: World, at: World, *, kind: str, shared: dict[Any, Any] | None = None) -> Function:
    """A row's measure, in the row's unit, as a function (state, given) -> number that JAX can differentiate.

    before: the baseline; at: a solved world nearby. PolicyError for a measure that has no derivative there.
    """
    require_smooth(row)
    shared = {} if shared is None else shared
    value = row.measure(Context(before, at, kind, shared), row.arguments)
    if value.number is None:
        where = f"{row.need}, line {row.line}"
        raise PolicyError(f"'{row.title}' has no value to differentiate", [Fault(value.reason, where)])

    def measured(state: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
        return row.measure(Context(before, Followed(at, state, given), kind, shared), row.arguments).number * row.factor

    return measured


def require_smooth(row: Row) -> None:
    """PolicyError for a measure without a derivative: a count, a share with a threshold, or a derivative itself."""
    if not row.measure.smooth:
        cause = f"'{row.measure.name}' is a count, a share with a threshold, or a derivative itself: it has no derivative"
        fault = Fault(cause, f"{row.need}, line {row.line}", cure="name another line of the need")
        raise PolicyError("a plan cannot be chosen by this measure", [fault])
