"""One draw: recalibrated, every scenario solved and certified, every need measured, and what may be wrong with it told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from bridgehead.appraise.cells import Cell
from bridgehead.calibrate import calibrate
from bridgehead.ensemble.apply import apply_draw
from bridgehead.ensemble.paths import DrawnPath, drawn_path, wants_path
from bridgehead.ensemble.plan import STARTS, STARTS_EVERY, EnsemblePlan
from bridgehead.ensemble.solving import Solving
from bridgehead.ensemble.stability import Stability, several_starts, stability_of
from bridgehead.errors import BridgeheadError, SolveError
from bridgehead.models.near import Near

OK, INADMISSIBLE, UNSOLVED, UNSTABLE, SEVERAL = "ok", "inadmissible", "unsolved", "unstable", "several_equilibria"
OUTCOMES = (OK, INADMISSIBLE, UNSOLVED, UNSTABLE, SEVERAL)
"""What can become of a draw; all but the first are kept apart and counted."""

Key = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Member:
    """One scenario of a draw: its id, the background it was solved in ('' is none), its certificate in numbers, and its cells."""

    id: str
    background: str
    solved: bool
    reason: str
    distance: float
    gap: float
    identity: float
    steps: int
    cells: dict[Key, Cell]


@dataclass(frozen=True, eq=False)
class Drawn:
    """One draw's result. outcome: one of OUTCOMES, with the cause in words; numbers: fitted passages and diagnostics by name; base: the
    baseline's own value of every row; path: the lead scenario's, None where the draw has none."""

    number: int
    values: dict[str, float]
    outcome: str
    cause: str = ""
    numbers: dict[str, float] = field(default_factory=dict)
    base: dict[Key, float | None] = field(default_factory=dict)
    members: tuple[Member, ...] = ()
    path: DrawnPath | None = None


def evaluate(plan: EnsemblePlan, number: int) -> Drawn:
    """The result of a draw, by its number alone: the same on every machine of one kind, whatever else was computed before."""
    values = plan.values(number)
    failed = Drawn(number, values, INADMISSIBLE)
    if values.get("home_dispersion", 0.0) > values.get("workplace_dispersion", np.inf):
        return replace(failed, cause="nu above epsilon: homes would be closer substitutes than workplaces")
    try:
        baseline = _baseline(plan, number, values)
    except BridgeheadError as error:
        return replace(failed, outcome=UNSOLVED, cause=f"calibration: {_first_line(error)}")
    if not baseline.certificate.solved:
        return replace(failed, outcome=UNSOLVED, cause=f"baseline: {baseline.certificate.reason}")
    stability = stability_of(baseline)
    numbers = {**{name: float(value) for name, value in baseline.fitted.items()}, **stability.numbers()}
    try:
        solving = Solving.of(plan, baseline, values, _near(plan, baseline.engine))
        members = solving.everything()
    except SolveError as error:
        return replace(failed, outcome=UNSOLVED, cause=f"scenarios: {_first_line(error)}", numbers=numbers)
    outcome, cause = _outcome(baseline, stability, number, plan.asked.seed)
    path = drawn_path(plan, baseline, solving.policy, solving.scenarios[plan.lead], values) if wants_path(plan, number) else None
    return Drawn(number, values, outcome, cause, numbers, solving.base_numbers(), tuple(members), path)


def _baseline(plan: EnsemblePlan, number: int, values: Mapping[str, float]) -> Any:
    """The region of the draw, calibrated whole: borders refitted to their moments, the data met."""
    given = {} if number == 0 else values
    applied = apply_draw(plan.region, plan.factors, given, plan.inferred(number))
    estimates = plan.estimates_at(number)
    return calibrate(plan.region, parameters=applied.parameters, arrays=applied.arrays, estimates=estimates, weakest=False, moments=False)


NEAR_FROM = 10
"""Draws from which the inverse at the defaults is worth its making."""

_NEAR: WeakKeyDictionary[EnsemblePlan, tuple[Any, Near | None]] = WeakKeyDictionary()


def _near(plan: EnsemblePlan, engine: Any) -> Near | None:
    """(I − J)⁻¹ at the defaults, made once a plan and process: every draw is near them. None where a draw has another layout, and in
    ensembles of fewer than `NEAR_FROM` draws, which would be done before it is made."""
    if plan.asked.draws < NEAR_FROM:
        return None
    if plan not in _NEAR:
        try:
            default = _baseline(plan, 0, plan.values(0))
            _NEAR[plan] = default.engine, Near.of(default.equilibrium)
        except BridgeheadError:  # told where draw 0 is made
            _NEAR[plan] = None, None
    own, near = _NEAR[plan]
    return near if own is engine else None


def _outcome(baseline: Any, stability: Stability, number: int, seed: int) -> tuple[str, str]:
    if stability.unstable:
        return UNSTABLE, f"an eigenvalue of the map has the real part {stability.largest_real:.3f}, at least 1"
    if number % STARTS_EVERY == 0:
        found = several_starts(baseline, STARTS, seed=[seed, 5, number])
        if found > 1:
            return SEVERAL, f"{STARTS} random starts found {found} equilibria"
    return OK, ""


def _first_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]
