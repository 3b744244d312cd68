"""The productivity that raises a place's value added by a given share: a certified root (formats.md, "productivity")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np

from bridgehead.errors import PolicyError, SolveError
from bridgehead.policy.context import Context

# Log points of real value added by which the root may miss: a tenth of what a certified solve may (model.md §8).
TOLERANCE = 1e-9
MOST_SOLVES = 30
# A first guess at d log G / d log productivity: labour follows productivity, so value added rises by more than it.
FIRST_SLOPE = 3.0
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


def real_value_added(state: dict[str, Any], given: Any, price: np.ndarray) -> np.ndarray:
    """G_i = Σ_s (β_s + γ_s) Y_is · P_i⁰ / P_i (model.md §10), [N] in money of the baseline; `price` is P⁰ [N]."""
    share = np.asarray(given["labour_share"]) + np.asarray(given["floor_share"])
    return np.asarray(state["output"]) @ share * price / np.asarray(state["consumer_price"])


def value_added_root(context: Context, where: np.ndarray, share: float, *, key: str, title: str) -> Root:
    """The multipliers of ā that raise real value added at each of some places by `share`, everything else as in the baseline.

    where: mask [N, S] of the entries of `productivity_fundamental` that move, a common factor a place; the places are solved
    jointly, by Broyden's method in log multipliers. Every solve must be certified. Found once a `key` and context.
    SolveError when a solve is not certified or the share is not met.
    """
    if key in context.roots:
        return context.roots[key]
    if context.solve is None:
        raise PolicyError(f"{title}: `raise_value_added` asks for solves, and there is no solver; pass `solve` to `enact`")
    places = np.flatnonzero(where.any(axis=1))
    respond = _Response(context, where, places, title)
    log_multiplier, residual = _broyden(respond, np.full(places.size, np.log1p(share)), title)
    names = tuple(context.region.place_ids[place] for place in places)
    root = Root(names, np.exp(log_multiplier), residual, respond.solves, respond.certificate)
    context.roots[key] = root
    return root


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


def _broyden(respond: _Response, target: np.ndarray, title: str) -> tuple[np.ndarray, float]:
    """x with respond(x) = target: Broyden's good method, its first slope from one solve at a guess."""
    x = target / FIRST_SLOPE
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
