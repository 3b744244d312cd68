"""The case's commuting passages from few moments: simulated minimum distance with intervals that admit how few there are.

The numbers minimise Q = Σ_m ((log model_m − log data_m) / error_m)², the moments' stated errors being the weights; the model's flows answer
with wages inverted anew (implicit differentiation, `PassageProblem.slope`). With m moments for k numbers there are d = m − k degrees of
freedom. Stated errors are judgements: what they leave unexplained, Q / d where above 1, widens everything, and with d moments to spare an
interval is Student's, profiled: {θ_j : min Q given θ_j ≤ Q̂ + max(1, Q̂/d) F_1,d(95 %)}. Without any to spare it rests on the stated errors alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy import stats
from scipy.optimize import least_squares

from bridgehead.calibrate.estimates import Estimate, Estimates
from bridgehead.calibrate.estimation.identification import Identification, identify
from bridgehead.calibrate.estimation.pairs import Note
from bridgehead.calibrate.passages import PassageProblem, read_fit
from bridgehead.errors import DataError, Fault, SolveError
from bridgehead.version import VERSION

LARGEST_LEFT = 1e-6
"""At a minimum another Gauss-Newton step would lower Q by no more than this (Q counts squared standard errors), or this share of it."""

FARTHEST = 12.0
"""A profile is followed this far from its number, in logs: a factor of 160,000."""

CLOSE = 0.005
"""A profile's crossing is found to this share of the way to it."""

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, eq=False)
class MomentsResult:
    """What `bridgehead estimate` found from moments. numbers, moments, profiles: tables; estimates: the file.

    distance: Q at the minimum; freedom: moments less numbers; p_value: how likely a Q as large is were the stated errors right.
    """

    numbers: pl.DataFrame
    moments: pl.DataFrame
    profiles: pl.DataFrame
    identification: Identification
    depends: pl.DataFrame
    distance: float
    freedom: int
    scale: float
    p_value: float | None
    notes: tuple[Note, ...]
    estimates: Estimates


def estimate_moments(
    region: Any, arrays: Any, parameters: Mapping[str, float], *, profiles: bool = True,
    progress: Progress = lambda done, total, label: None,
) -> MomentsResult:  # fmt: skip
    """The numbers of fit.toml with standard errors, profile intervals and what the moments cannot tell apart.

    region with fit.toml and moments; arrays and parameters as `settings` gives them; profiles: False takes the interval from the standard
    errors. Raises DataError where the moments are fewer than the numbers or do not fix them, SolveError where no minimum was found.
    """
    if region.fit is None:
        cure = "write which passages are fitted (docs/calibration.md), or estimate from flows: --flows FILE"
        raise DataError("there is nothing to fit", [Fault("the region has no fit.toml", "REGION", "", cure)])
    problem = PassageProblem(region, arrays, dict(parameters), read_fit(region))
    found = minimum(problem)
    known = identify(problem, arrays, found)
    _check_identified(problem, known)
    residual = problem.residual(found)
    distance, freedom = float(residual @ residual), len(residual) - len(found)
    scale = max(1.0, distance / freedom) if freedom else 1.0
    covariance = np.linalg.inv(known.jacobian[:, : len(found)].T @ known.jacobian[:, : len(found)])
    reach = threshold(distance, freedom)
    ends, curves = _intervals(problem, found, covariance, reach, profiles=profiles, progress=progress)
    p_value = float(stats.chi2.sf(distance, freedom)) if freedom else None
    numbers = _numbers(problem, found, covariance, scale, ends)
    table = _moments(problem, found, residual)
    notes = _notes(problem, freedom)
    file = _estimates(region, problem, numbers, scale * covariance, freedom, len(residual))
    return MomentsResult(numbers, table, curves, known, dependence(known, region), distance, freedom, scale, p_value, notes, file)


def minimum(problem: PassageProblem, start: np.ndarray | None = None, fixed: tuple[int, float] | None = None) -> np.ndarray:
    """The numbers with the least Q; with `fixed` = (j, value) the others given that one. SolveError where a further step would still lower it."""
    at = np.array([item.start for item in problem.fit.passage]) if start is None else np.array(start, dtype=float)
    free = np.ones(len(at), dtype=bool)
    if fixed is not None:
        free[fixed[0]], at[fixed[0]] = False, fixed[1]
    if not free.any():
        return at

    def whole(x: np.ndarray) -> np.ndarray:
        full = at.copy()
        full[free] = x
        return full

    result = least_squares(
        lambda x: problem.residual(whole(x)), at[free], jac=lambda x: problem.slope(whole(x))[:, free], xtol=1e-10, ftol=1e-12, gtol=1e-12
    )
    step = np.linalg.lstsq(result.jac, -result.fun, rcond=None)[0]
    if np.linalg.norm(result.jac @ step) ** 2 > LARGEST_LEFT * max(1.0, float(result.fun @ result.fun)):
        raise SolveError("no minimum of the distance to the moments was found: check the moments and the starts of fit.toml")
    return whole(result.x)


def threshold(distance: float, freedom: int, confidence: float = 0.95) -> float:
    """How far Q may rise over its minimum within an interval: max(1, Q/d) F_1,d; χ²_1 where no moment is to spare."""
    if not freedom:
        return float(stats.chi2.ppf(confidence, 1))
    return float(max(1.0, distance / freedom) * stats.f.ppf(confidence, 1, freedom))


def _check_identified(problem: PassageProblem, known: Identification) -> None:
    """DataError where the moments do not fix the numbers one by one."""
    count = len(problem.fit.passage)
    if known.rank == count:
        return
    some = "; ".join(" and ".join(group) for group in known.sums) or ", ".join(known.unseen)
    cause = f"{len(problem.data)} moments fix {known.rank} of {count} numbers"
    cure = f"only together: {some}. Take a number out, or add a moment that tells them apart"
    raise DataError("the passages cannot be told apart", [Fault(cause, "fit.toml, moments.csv", "", cure)])


def _intervals(
    problem: PassageProblem, found: np.ndarray, covariance: np.ndarray, reach: float, *, profiles: bool, progress: Progress
) -> tuple[np.ndarray, pl.DataFrame]:
    """(low, high) of every number [k, 2], and the points of the profiles: name, value, distance over the minimum."""
    wide = np.sqrt(reach * np.diag(covariance))
    ends = np.stack([found - wide, found + wide], axis=1)
    rows: list[dict[str, Any]] = []
    names = [item.name for item in problem.fit.passage]
    for j, name in enumerate(names if profiles else ()):
        progress(j, len(names), name)
        for side in (0, 1):
            ends[j, side], points = _end(problem, found, j, float(ends[j, side]), reach)
            rows += [{"name": name, "value": value, "distance": rise} for value, rise in points]
        rows.append({"name": name, "value": float(found[j]), "distance": 0.0})
    progress(len(names), len(names), names[-1])
    table = pl.DataFrame(rows, schema={"name": pl.String, "value": pl.Float64, "distance": pl.Float64})
    return ends, table.unique(maintain_order=True).sort("name", "value", maintain_order=True)


def _end(problem: PassageProblem, found: np.ndarray, j: int, guess: float, reach: float) -> tuple[float, list[tuple[float, float]]]:
    """Where the profile of number j crosses Q̂ + reach on the side of `guess`, ±inf where it does not, and the points looked at.

    √(Q − Q̂) is nearly linear in the number, so a secant in it needs three or four profiles.
    """
    lowest = float(problem.residual(found) @ problem.residual(found))
    points: list[tuple[float, float]] = []
    inner, outer, start = (float(found[j]), 0.0), None, found
    at, goal = guess, np.sqrt(reach)
    for _ in range(24):
        start = minimum(problem, start, (j, at))
        residual = problem.residual(start)
        rise = max(float(residual @ residual) - lowest, 0.0)
        points.append((at, rise))
        if abs(np.sqrt(rise) - goal) < CLOSE * goal:
            return at, points
        if rise < reach:
            inner = (at, np.sqrt(rise))
        else:
            outer = (at, np.sqrt(rise))
        if outer is None:
            step = (at - found[j]) * (goal / max(np.sqrt(rise), 0.2 * goal))
            at = float(found[j] + step * 1.05)
            if abs(at - found[j]) > FARTHEST:
                return float(np.sign(guess - found[j]) * np.inf), points
        else:
            part = (goal - inner[1]) / (outer[1] - inner[1])
            at = float(inner[0] + np.clip(part, 0.05, 0.95) * (outer[0] - inner[0]))
    return at, points


def dependence(known: Identification, region: Any) -> pl.DataFrame:
    """How the fitted numbers answer to what is taken as given: name, on, unit, change of the number where that one rises by one unit.

    dθ = −(J′J)⁻¹ J′ J_given, the first-order sensitivity of a minimum-distance estimate (Andrews, Gentzkow & Shapiro 2017). The unit is 1 in
    logs for passages, and half the stated range for parameters that have one (else a tenth of the value).
    """
    own, rest = known.jacobian[:, : known.fitted], known.jacobian[:, known.fitted :]
    moved = -np.linalg.solve(own.T @ own, own.T @ rest)
    rows = []
    for number, on in enumerate(known.names[known.fitted :]):
        unit = _unit(region.parameters[on]) if on in region.parameters else 1.0
        for j, name in enumerate(known.names[: known.fitted]):
            rows.append({"name": name, "on": on, "unit": unit, "change": float(moved[j, number] * unit)})
    return pl.DataFrame(rows)


def _unit(parameter: Any) -> float:
    if parameter.low is not None and parameter.high is not None:
        return float(parameter.high - parameter.low) / 2
    return 0.1 * abs(float(parameter.value))


def _numbers(problem: PassageProblem, found: np.ndarray, covariance: np.ndarray, scale: float, ends: np.ndarray) -> pl.DataFrame:
    """name, home, work, both_ways, value (log passage), standard error as stated and as the misfit asks, interval, in per cent."""
    rows = []
    for j, item in enumerate(problem.fit.passage):
        error = float(np.sqrt(covariance[j, j]))
        row = {"name": item.name, "home": item.home, "work": item.work, "both_ways": item.both_ways, "value": float(found[j])}
        row |= {"standard_error_stated": error, "standard_error": float(np.sqrt(scale)) * error, "low": ends[j, 0], "high": ends[j, 1]}
        rows.append(
            row | {f"percent{end}": 100.0 * float(np.expm1(row[of])) for end, of in (("", "value"), ("_low", "low"), ("_high", "high"))}
        )
    return pl.DataFrame(rows)


def _moments(problem: PassageProblem, found: np.ndarray, residual: np.ndarray) -> pl.DataFrame:
    """name, data, model, error, residual (in errors), status: every moment that the fit goes by."""
    gap = residual / problem.weight
    rows = [
        {"name": row["name"], "data": float(data), "model": float(data * np.exp(g)), "error": float(1 / w), "stated": bool(row.get("error")),
         "residual": float(r), "status": row["status"]}
        for row, data, g, w, r in zip(problem.moments, problem.data, gap, problem.weight, residual, strict=True)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def _notes(problem: PassageProblem, freedom: int) -> tuple[Note, ...]:
    """What the intervals cannot know: errors that are assumed, moments that are no observations."""
    notes: list[Note] = []
    assumed = tuple(row["name"] for row in problem.moments if not row.get("error"))
    inferred = tuple(row["name"] for row in problem.moments if "inferred" in str(row["status"]))
    if assumed:
        notes.append({"key": "assumed", "moments": assumed})
    if inferred:
        notes.append({"key": "inferred", "moments": inferred})
    return (*notes, *([] if freedom else [{"key": "exact"}]))


def _estimates(
    region: Any, problem: PassageProblem, numbers: pl.DataFrame, covariance: np.ndarray, freedom: int, moments: int
) -> Estimates:
    """The file: numbers of fit.toml, with Student's t where moments are to spare. An endless interval is cut where the profile was left."""
    entries = []
    for j, row in enumerate(numbers.iter_rows(named=True)):
        low, high = (float(np.clip(row[end], row["value"] - FARTHEST, row["value"] + FARTHEST)) for end in ("low", "high"))
        note = None if np.isfinite([row["low"], row["high"]]).all() else "the moments leave this number open on one side"
        entries.append(
            Estimate(name=row["name"], enters="fit", value=row["value"], standard_error=float(np.sqrt(covariance[j, j])), low=low, high=high, note=note)
        )  # fmt: skip
    widened = "; with Student's t, as few moments stand behind them" if freedom else ""
    return Estimates(
        method="moments", flow=problem.fit.flow,
        describe=f"minimum distance to {moments} commuting moments at level {problem.fit.level}, wages inverted at every trial",
        standard_errors=f"from the moments' stated errors, widened by what they leave unexplained{widened}",
        distribution="t" if freedom else "normal", degrees_of_freedom=float(freedom) if freedom else None,
        observations=moments, data_hash=region.folder_hash, version=VERSION, estimate=tuple(entries),
        covariance=tuple(map(tuple, covariance.tolist())),
    )  # fmt: skip
