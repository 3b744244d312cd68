"""A gravity fit in the model's own terms, beside other specifications, and as a file of estimates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from bridgehead.calibrate.estimates import Estimate, Estimates
from bridgehead.calibrate.estimation.gravity import CLUSTERS, GravityFit, fit_gravity, require_pyfixest
from bridgehead.calibrate.estimation.pairs import Pairs
from bridgehead.calibrate.estimation.sample import Sample, Specification, draw_sample
from bridgehead.calibrate.estimation.tables import WORDS
from bridgehead.errors import BridgeheadError
from bridgehead.version import VERSION

NEAR = 0.99
"""The specification `near` keeps pairs no farther apart than this share of the flow goes."""

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, eq=False)
class GravityResult:
    """What `bridgehead estimate` found from flows. coefficients and alternatives: tables for people; estimates: the file."""

    pairs: Pairs
    fit: GravityFit
    cluster: str
    coefficients: pl.DataFrame
    alternatives: pl.DataFrame
    by_distance: pl.DataFrame
    estimates: Estimates


def estimate_gravity(
    pairs: Pairs, specification: Specification, *, cluster: str = CLUSTERS[0], sector: str | None = None, others: bool = True,
    progress: Progress = lambda done, total, label: None,
) -> GravityResult:  # fmt: skip
    """Borders and decay from flows, with standard errors by cluster, beside the same data in other specifications.

    cluster: what residuals may be correlated within, one of CLUSTERS; sector: of trade, as the file names it; others: whether the other
    specifications are estimated too. Raises DataError for what cannot be estimated, SolveError where the estimation did not converge.
    """
    require_pyfixest()
    plans = alternatives_of(pairs, specification) if others else {}
    progress(0, 1 + len(plans), "asked")
    fit = fit_gravity(draw_sample(pairs, specification))
    rows = [_row("asked", specification, fit, cluster)]
    for number, (key, plan) in enumerate(plans.items(), start=1):
        progress(number, 1 + len(plans), key)
        rows.append(_try(key, pairs, plan, cluster, fit))
    progress(1 + len(plans), 1 + len(plans), next(reversed(plans), "asked"))
    table = pl.DataFrame(rows, infer_schema_length=None)
    return GravityResult(pairs, fit, cluster, coefficients(fit, cluster), table, by_distance(fit), to_estimates(fit, cluster, sector))


def alternatives_of(pairs: Pairs, asked: Specification) -> dict[str, Specification | None]:
    """Other specifications of the same data, by name: what a reader would ask for first; None stands for least squares on logs."""
    plans: dict[str, Any] = {decay: replace(asked, decay=decay) for decay in ("power", "exponential", "bins") if decay != asked.decay}
    flow = np.where(np.isfinite(pairs.cost) & ~np.eye(len(pairs.places), dtype=bool), np.nan_to_num(pairs.value), 0.0)
    order = np.argsort(pairs.cost, axis=None)
    gone = np.cumsum(flow.ravel()[order])
    near = float(pairs.cost.ravel()[order][np.searchsorted(gone, NEAR * gone[-1])])
    if asked.within is None or near < asked.within:
        plans["near"] = replace(asked, within=near)
    if asked.own == "exclude" and (np.diag(pairs.cost) > 0).all() and (np.diag(np.nan_to_num(pairs.value)) > 0).any():
        plans["own"] = replace(asked, own="dummy")
    if asked.decay != "bins":
        plans["logs"] = None
    return plans


def _try(key: str, pairs: Pairs, plan: Specification | None, cluster: str, asked: GravityFit) -> dict[str, Any]:
    """The row of another specification; its reason in the place of numbers where it cannot be estimated."""
    try:
        if plan is None:
            return _least_squares(asked.sample, cluster)
        return _row(key, plan, fit_gravity(draw_sample(pairs, plan)), cluster)
    except BridgeheadError as error:
        return {"specification": key, "reason": str(error).replace("\n", " ")}


def _row(key: str, plan: Specification, fit: GravityFit, cluster: str) -> dict[str, Any]:
    row: dict[str, Any] = {"specification": key, "decay_form": plan.decay, "own": plan.own, "within": plan.within}
    row |= {"pairs": fit.sample.count, "zeros": fit.sample.zeros}
    for name, value, error in zip(fit.names, fit.coefficient, fit.errors(cluster), strict=True):
        sign = -1.0 if name == "decay" else 1.0
        row |= {name: sign * float(value), f"{name}.standard_error": float(error)}
    return row | {"deviance": fit.deviance, "pseudo_r2": fit.pseudo_r2, "reason": ""}


def _least_squares(sample: Sample, cluster: str) -> dict[str, Any]:
    """Least squares of log flow on the same regressors: zeros drop out, so the sample is chosen by its outcome (for comparison only)."""
    import warnings

    from bridgehead.calibrate.estimation.gravity import _frame

    positive = replace(sample, used=sample.used & (np.nan_to_num(sample.pairs.value) > 0))
    frame = _frame(positive)
    frame["flow"] = np.log(frame["flow"])
    names = list(sample.regressors)
    formula = f"flow ~ {' + '.join(f'x{number}' for number in range(len(names)))} | receiver + supplier"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = require_pyfixest().feols(formula, frame, vcov={"CRV1": cluster})
    row: dict[str, Any] = {"specification": "logs", "decay_form": sample.specification.decay, "own": sample.specification.own}
    row |= {"within": sample.specification.within, "pairs": int(model._N), "zeros": 0, "reason": ""}
    for number, name in enumerate(names):
        if f"x{number}" in model._coefnames:
            at, sign = model._coefnames.index(f"x{number}"), -1.0 if name == "decay" else 1.0
            row |= {name: sign * float(model._beta_hat[at]), f"{name}.standard_error": float(model._se[at])}
    return row


def coefficients(fit: GravityFit, cluster: str) -> pl.DataFrame:
    """name, kind, value in the model's terms, its standard error and interval, in per cent (borders), and standard errors by every cluster.

    kind: `log_passage` (log f), `decay` (κε a minute or km), `elasticity` (θψ, of distance; of an exponential decay at the mean distance of
    the flow), `own` (flows inside a place over what distance alone would give).
    """
    low, high = fit.interval(cluster)
    rows = []
    for number, name in enumerate(fit.names):
        value, ends = float(fit.coefficient[number]), [float(low[number]), float(high[number])]
        kind = _kind(name, fit.sample)
        if name == "decay":
            value, ends = -value, [-ends[1], -ends[0]]
        errors = {f"standard_error_{c.replace('+', '_')}": float(fit.errors(c)[number]) for c in CLUSTERS}
        rows.append(_line(name, kind, value, float(fit.errors(cluster)[number]), ends, errors))
    if "decay" in fit.names and fit.sample.specification.decay == "exponential":
        mean, decay = mean_cost(fit.sample), next(row for row in rows if row["name"] == "decay")
        errors = {key: mean * value for key, value in decay.items() if key.startswith("standard_error_")}
        ends = [mean * decay["low"], mean * decay["high"]]
        rows.append(_line("elasticity_at_mean", "elasticity", mean * decay["value"], mean * decay["standard_error"], ends, errors))
    return pl.DataFrame(rows)


def _kind(name: str, sample: Sample) -> str:
    if name == "own":
        return "own"
    if name == "decay":
        return "elasticity" if sample.specification.decay == "power" else "decay"
    return "log_passage"


def _line(name: str, kind: str, value: float, error: float, ends: list[float], errors: dict[str, float]) -> dict[str, Any]:
    percent = [100.0 * np.expm1(x) if kind == "log_passage" else None for x in (value, *ends)]
    return {
        "name": name, "kind": kind, "value": value, "standard_error": error, "low": ends[0], "high": ends[1],
        "percent": percent[0], "percent_low": percent[1], "percent_high": percent[2], **errors,
    }  # fmt: skip


def mean_cost(sample: Sample) -> float:
    """Mean distance or time of the flow in the sample."""
    flow = np.where(sample.used, np.nan_to_num(sample.pairs.value), 0.0)
    return float((flow * np.nan_to_num(sample.pairs.cost)).sum() / flow.sum())


def by_distance(fit: GravityFit, classes: int = 24) -> pl.DataFrame:
    """Observed and fitted flow by class of distance, within borders and across any: from, to, across, pairs, observed, fitted."""
    sample, pairs = fit.sample, fit.sample.pairs
    cost, flow = pairs.cost[sample.used], pairs.value[sample.used]
    fitted = np.nan_to_num(fit.fitted[sample.used])
    across = np.logical_or.reduce([np.zeros_like(sample.used), *pairs.crosses.values()])[sample.used]
    order = np.argsort(cost)
    share = np.cumsum(fitted[order]) / fitted.sum()
    edges = np.unique(np.quantile(cost[order][share < 0.999], np.linspace(0, 1, classes + 1)))
    where = np.clip(np.digitize(cost, edges[1:-1]), 0, len(edges) - 2)
    far = cost > edges[-1]
    rows = []
    for number, crossing in [(n, c) for n in range(len(edges)) for c in (False, True)]:
        here = (far if number == len(edges) - 1 else (where == number) & ~far) & (across == crossing)
        if here.any():
            start, end = edges[number], (float(cost.max()) if number == len(edges) - 1 else edges[number + 1])
            row = {"from": float(start), "to": float(end), "across": crossing, "pairs": int(here.sum())}
            rows.append(row | {"observed": float(flow[here].sum()), "fitted": float(fitted[here].sum())})
    return pl.DataFrame(rows)


def to_estimates(fit: GravityFit, cluster: str, sector: str | None = None) -> Estimates:
    """The fit as a file of estimates: log passages by level, and the decay where the model has it as a parameter."""
    sign = np.array([-1.0 if name == "decay" else 1.0 for name in fit.names])
    low, high = fit.interval(cluster)
    covariance = sign[:, None] * fit.covariance[cluster] * sign[None, :]
    numbers = []
    for i, name in enumerate(fit.names):
        ends = sorted(float(sign[i] * x) for x in (low[i], high[i]))
        more = _entry(name, fit.sample, sector)
        value, error = float(sign[i] * fit.coefficient[i]), float(np.sqrt(covariance[i, i]))
        numbers.append(Estimate(name=name, value=value, standard_error=error, low=ends[0], high=ends[1], **more))
    pairs = fit.sample.pairs
    return Estimates(
        method="ppml", flow=pairs.flow, describe=describe(fit.sample), standard_errors=clustering(fit, cluster),
        observations=fit.sample.count, data_hash=pairs.data_hash, version=VERSION,
        estimate=tuple(numbers), covariance=tuple(map(tuple, covariance.tolist())),
    )  # fmt: skip


def _entry(name: str, sample: Sample, sector: str | None) -> dict[str, Any]:
    """Where a coefficient enters the model."""
    pairs, decay = sample.pairs, sample.specification.decay
    of_sector = sector if pairs.flow == "trade" and sector != "all" else None
    if name.startswith("border."):
        level, _, two = (
            name.removeprefix("border.").partition(".") if sample.specification.by_pair else (name.removeprefix("border."), "", "")
        )
        sides = tuple(two.split("|")) if two else None
        return {"enters": "passage", "level": level, "receiver": sides, "supplier": sides, "sector": of_sector}
    if name == "decay" and (pairs.flow, pairs.measure, decay) == ("commuting", "minutes", "exponential"):
        return {"enters": "parameter", "parameter": "commuting_decay"}
    if name == "decay" and (pairs.flow, pairs.measure, decay) == ("trade", "km", "power"):
        return {"enters": "parameter", "parameter": "trade_distance", "divided_by": "trade_elasticity", "sector": of_sector}
    if name == "decay":
        form = "power" if decay == "power" else "exponential"
        return {"enters": "nothing", "note": f"the model has no {form} decay of {pairs.flow} in {pairs.measure}"}
    return {"enters": "nothing", "note": "flows inside a place, over what their distance alone would give"}


def describe(sample: Sample) -> str:
    """The estimator in words."""
    first, second = WORDS[sample.pairs.flow]
    how = {"power": "a power of", "exponential": "exponential in", "bins": "a level by class of"}[sample.specification.decay]
    own = "own flows left out" if sample.specification.own == "exclude" else "own flows with a dummy"
    near = "" if sample.specification.within is None else f", pairs within {sample.specification.within:g} {sample.pairs.measure}"
    return (
        f"Poisson pseudo-maximum likelihood with fixed effects of {first} and {second}, decay {how} {sample.pairs.measure}, {own}{near}; "
        f"{sample.count} pairs, {sample.zeros} of them 0"
    )


def clustering(fit: GravityFit, cluster: str) -> str:
    """What the standard errors allow for, in words of the flow."""
    word = dict(zip(("receiver", "supplier"), WORDS[fit.sample.pairs.flow], strict=True)) | {"pair": "pair, both directions together"}
    parts = cluster.split("+")
    counts = " and ".join(str(fit.clusters[part]) for part in parts)
    return (
        f"cluster-robust (CRV1), {'two-way by' if len(parts) > 1 else 'by'} {' and '.join(word[part] for part in parts)}; {counts} clusters"
    )
