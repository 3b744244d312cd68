"""The productivity that raises a place's value added by a given share: a certified root (formats.md, "productivity")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np

from bridgehead.errors import PolicyError, SolveError
from bridgehead.models.raised import SLOPE as FIRST_SLOPE
from bridgehead.models.raised import raise_value_added, real_value_added
from bridgehead.policy.context import Context

# Log points of real value added by which the root may miss: a tenth of what a certified solve may (model.md §8).
TOLERANCE = 1e-9
MOST_SOLVES = 30
# No step of log productivity is longer.
LONGEST_STEP = 0.5


@dataclass(frozen=True)
class Root:
    """Multipliers [place] of productivity found for some places, with how: residual in log points, solves, certificate."""

    places: tuple[str, ...]
    multiplier: np.ndarray
    residual: float
    solves: int
    certificate: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for notes beside a result."""
        return {
            "multiplier": dict(zip(self.places, map(float, self.multiplier), strict=True)),
            "residual": self.residual,
            "solves": self.solves,
            "certificate": self.certificate,
        }


def value_added_root(context: Context, where: np.ndarray, share: float, *, key: str, title: str) -> Root:
    """The multipliers of ā that raise real value added at each of some places by `share`, everything else as in the baseline.

    where: mask [N, S] of the entries of `productivity_fundamental` that move, a common factor a place; the places are solved
    jointly: with the economy as one fixed point, and from there by Broyden's method in log multipliers, whose every solve must be
    certified (the first is enough where the fixed point was met). Found once a `key` and context.
    SolveError when a solve is not certified or the share is not met.
    """
    if key in context.roots:
        return context.roots[key]
    if context.solve is None:
        raise PolicyError(f"{title}: `raise_value_added` asks for solves, and there is no solver; pass `solve` to `enact`")
    places = np.flatnonzero(where.any(axis=1))
    respond = _Response(context, where, places, title)
    target = np.full(places.size, np.log1p(share))
    log_multiplier, residual = _broyden(respond, target, _guess(context, where, places, target), title)
    names = tuple(context.region.place_ids[place] for place in places)
    root = Root(names, np.exp(log_multiplier), residual, respond.solves, respond.certificate)
    context.roots[key] = root
    return root


@dataclass(frozen=True, eq=False)
class Proposed:
    """A multiplier found together with the economy and not certified yet: `given` is what the model is given when it acts alone."""

    key: str
    places: np.ndarray
    log_multiplier: np.ndarray
    share: float
    given: dict[str, Any]

    def kept(self, equilibrium: Any, context: Context) -> bool:
        """Keep it in the context if the certified equilibrium of `given` has the share asked for; else forget it."""
        price = np.asarray(context.equilibrium.state["consumer_price"])
        if not equilibrium.solved:
            context.roots.pop(self.key, None)
            return False
        before, after = (
            real_value_added(state, context.given, price)[self.places] for state in (context.equilibrium.state, equilibrium.state)
        )
        residual = float(np.max(np.abs(np.log(after / before) - self.share)))
        if residual > TOLERANCE:
            context.roots.pop(self.key, None)
            return False
        context.roots[self.key] = self._root(context, residual, equilibrium.certificate.as_dict())
        return True

    def propose(self, context: Context) -> None:
        """Put it into the context, so that scenarios can be enacted; `kept` must follow."""
        context.roots[self.key] = self._root(context, float("nan"), {})

    def _root(self, context: Context, residual: float, certificate: dict[str, Any]) -> Root:
        names = tuple(context.region.place_ids[place] for place in self.places)
        return Root(names, np.exp(self.log_multiplier), residual, 1, certificate)


def proposed_roots(scenarios: Iterable[Any], context: Context) -> list[Proposed]:
    """The multipliers of all `raise_value_added` levers of some scenarios that are not known yet, found at once."""
    levers = {
        lever.key(): lever for scenario in scenarios for lever in scenario.levers if getattr(lever, "raise_value_added", None) is not None
    }
    wanted = {key: lever for key, lever in levers.items() if key not in context.roots}
    if not wanted:
        return []
    where = np.stack([np.asarray(lever.entries(context)) for lever in wanted.values()])
    shares = [float(np.log1p(lever.raise_value_added)) for lever in wanted.values()]
    target = np.where(where.any(axis=2), np.array(shares)[:, None], np.nan)
    found, _ = raise_value_added(context.equilibrium, context.given, where, target)
    productivity = np.asarray(context.given["productivity_fundamental"])
    proposed = []
    for key, entries, logs, share in zip(wanted, where, found, shares, strict=True):
        places = np.flatnonzero(entries.any(axis=1))
        moved = jnp.asarray(productivity * np.where(entries, np.exp(logs)[:, None], 1.0))
        proposed.append(Proposed(key, places, logs[places], share, {**context.given, "productivity_fundamental": moved}))
    return proposed


class _Response:
    """Δ log G [place] as a function of log multipliers [place]; counts its solves and keeps the last certificate."""

    def __init__(self, context: Context, where: np.ndarray, places: np.ndarray, title: str):
        self.context, self.where, self.places, self.title = context, where, places, title
        self.solves = 0
        self.certificate: dict[str, Any] = {}
        state = context.equilibrium.state
        self.price = np.asarray(state["consumer_price"])
        self.base = real_value_added(state, context.given, self.price)[places]

    def __call__(self, log_multiplier: np.ndarray) -> np.ndarray:
        factor = np.ones(self.where.shape)
        factor[self.places] = np.exp(log_multiplier)[:, None]
        productivity = np.asarray(self.context.given["productivity_fundamental"])
        moved = jnp.asarray(np.where(self.where, productivity * factor, productivity))
        equilibrium = self.context.solve({**self.context.given, "productivity_fundamental": moved})
        self.solves += 1
        if equilibrium.certificate.outcome != "solved":
            raise SolveError(f"{self.title}: the search for its multiplier met a point without a certified solution")
        self.certificate = equilibrium.certificate.as_dict()
        raised = real_value_added(equilibrium.state, self.context.given, self.price)[self.places]
        return np.log(raised / self.base)


def _guess(context: Context, where: np.ndarray, places: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The log multipliers of the joint fixed point; a plain first guess where there is no engine or it was not met."""
    engine = getattr(context.equilibrium, "engine", None)
    if engine is None:
        return target / FIRST_SLOPE
    wanted = np.full(where.shape[0], np.nan)
    wanted[places] = target
    found = raise_value_added(context.equilibrium, context.given, where[None], wanted[None])[0][0, places]
    return found if np.isfinite(found).all() and np.abs(found).max() < 10 * np.abs(target).max() + LONGEST_STEP else target / FIRST_SLOPE


def _broyden(respond: _Response, target: np.ndarray, guess: np.ndarray, title: str) -> tuple[np.ndarray, float]:
    """x with respond(x) = target: Broyden's good method, its first slope from one solve at a guess."""
    x = guess
    value = respond(x)
    jacobian = np.diag(np.where(np.abs(value) > np.abs(x) / 10, value / np.where(x == 0, 1.0, x), FIRST_SLOPE))
    while respond.solves < MOST_SOLVES:
        residual = float(np.max(np.abs(value - target)))
        if residual <= TOLERANCE:
            return x, residual
        step = np.linalg.lstsq(jacobian, target - value, rcond=None)[0]
        longest = float(np.max(np.abs(step)))
        if longest == 0.0:  # value added answers to no step that is left
            break
        step *= min(1.0, LONGEST_STEP / longest)
        new = respond(x + step)
        jacobian += np.outer(new - value - jacobian @ step, step) / (step @ step)
        x, value = x + step, new
    raise SolveError(
        f"{title}: no multiplier was found that raises value added by the share asked for; after {respond.solves} solves it is "
        f"missed by {float(np.max(np.abs(value - target))):.1e} log points"
    )
