"""Estimates in the place of a region's own parameters and passages.

A log passage replaces the passages of its level between different jurisdictions, on the pairs that have a border there: a pair whose
passage is exactly 1 (no border) or 0 (closed) stays as it is. Numbers of a moments-based fit set what fit.toml would find.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from bridgehead.calibrate.estimates import Estimate, Estimates
from bridgehead.calibrate.passages import PassageProblem, read_fit
from bridgehead.errors import DataError, Faults, did_you_mean
from bridgehead.region import PARAMETERS, Parameter


def estimated_parameters(estimates: Estimates, theta: np.ndarray, sectors: tuple[str, ...]) -> dict[str, float]:
    """The model's parameters that the estimates hold, by name; θ [sector] turns a distance elasticity of trade, θψ, into ψ."""
    faults, found = Faults("the estimates do not fit the region", DataError), {}
    for item in estimates.estimate:
        if item.enters != "parameter":
            continue
        divisor = 1.0 if item.divided_by is None else _trade_elasticity(item, theta, sectors, faults)
        found[str(item.parameter)] = item.value / divisor
    faults.raise_if_any()
    return found


def with_parameters(region: Any, estimates: Estimates) -> Any:
    """The region with the estimated parameters in the place of its own, the interval as range and the method as source.

    An end of the interval that no parameter can take is cut to what it can (a decay that may be 0).
    """
    found = estimated_parameters(estimates, region.arrays().theta, region.sector_names)
    if not found:
        return region
    parameters, faults = dict(region.parameters), Faults("the estimates do not fit the region", DataError)
    for item in estimates.estimate:
        if item.enters != "parameter":
            continue
        name, value = str(item.parameter), found[str(item.parameter)]
        within = PARAMETERS[name][0]
        if not within.holds(value):
            faults.add(f"{name} is {value:g}", place=item.name, expected=str(within))
        ratio = value / item.value if item.value else 1.0
        low, high = (float(np.clip(ratio * end, within.low, within.high)) for end in (item.low, item.high))
        parameters[name] = Parameter(value, low, high, f"estimate: {estimates.describe}; {estimates.standard_errors}")
    faults.raise_if_any()
    return replace(region, parameters=parameters)


def _trade_elasticity(item: Estimate, theta: np.ndarray, sectors: tuple[str, ...], faults: Faults) -> float:
    """The trade elasticity of the estimate's sector, or the one that all sectors share."""
    if item.sector is not None and item.sector in sectors:
        return float(theta[sectors.index(item.sector)])
    if item.sector is not None:
        faults.add(f"unknown sector '{item.sector}'", place=item.name, cure=did_you_mean(item.sector, sectors))
    elif np.ptp(theta) > 0:
        cause = f"it is divided by the trade elasticity, which differs between sectors ({theta.min():g} to {theta.max():g})"
        faults.add(cause, place=item.name, cure="estimate one sector's flows and name it: --sector")
    return float(theta[0])


def estimated_passages(estimates: Estimates) -> dict[str, float]:
    """The log passages that the estimates set, by name."""
    return {item.name: item.value for item in estimates.estimate if item.enters in ("passage", "fit")}


def fitted_levels(estimates: Estimates, region: Any) -> set[tuple[str, str]]:
    """The (flow, level) whose passages the estimates set: what fit.toml fits of them is not fitted again."""
    levels = {(estimates.flow, str(item.level)) for item in estimates.estimate if item.enters == "passage"}
    if any(item.enters == "fit" for item in estimates.estimate):
        fit = read_fit(region)
        levels.add((fit.flow, fit.level))
    return levels


def with_passages(region: Any, arrays: Any, estimates: Estimates, parameters: Mapping[str, float]) -> Any:
    """The region's arrays with the estimated passages in the place of its own; DataError for what the region does not have."""
    check_fit(region, arrays, estimates)
    passages = dict(arrays.passages)
    moments = {item.name: item.value for item in estimates.estimate if item.enters == "fit"}
    if moments:
        problem = PassageProblem(region, arrays, dict(parameters), read_fit(region))
        logs = np.array([moments[item.name] for item in problem.fit.passage])
        passages[problem.fit.flow, problem.fit.level] = problem.passage(logs)
    for key in {(estimates.flow, str(item.level)) for item in estimates.estimate if item.enters == "passage"}:
        passages[key] = np.where(_bordered(arrays.passages[key]), np.exp(_log_passages(region, arrays, estimates, key)), passages[key])
    return replace(arrays, passages=passages)


def _bordered(passage: np.ndarray) -> np.ndarray:
    return (passage > 0) & (passage != 1.0) & ~np.eye(passage.shape[-1], dtype=bool)


def _log_passages(region: Any, arrays: Any, estimates: Estimates, key: tuple[str, str]) -> np.ndarray:
    """The log passages [.., receiver, supplier] at the estimates, the region's own where none is estimated; several numbers on a pair add."""
    own = arrays.passages[key]
    total, touched = np.zeros(own.shape), np.zeros(own.shape, dtype=bool)
    for item in estimates.estimate:
        if item.enters == "passage" and item.level == key[1]:
            pairs = _pairs(region, item, key, own.shape)
            total, touched = total + np.where(pairs, item.value, 0.0), touched | pairs
    with np.errstate(divide="ignore"):
        return np.where(touched, total, np.log(own))


def _pairs(region: Any, item: Estimate, key: tuple[str, str], shape: tuple[int, ...]) -> np.ndarray:
    """The pairs [.., receiver, supplier] that an estimate is of."""
    names = region.jurisdictions(key[1])
    pairs = np.ones(shape[-2:], dtype=bool)
    if item.receiver is not None and item.supplier is not None:
        pairs = np.isin(names, item.receiver)[:, None] & np.isin(names, item.supplier)[None, :]
    if len(shape) == 3 and item.sector is not None:
        return pairs & (np.array(region.sector_names) == item.sector)[:, None, None]
    return np.broadcast_to(pairs, shape)


def check_fit(region: Any, arrays: Any, estimates: Estimates) -> None:
    """DataError listing every level, jurisdiction, sector and fitted number of the estimates that the region does not have."""
    faults = Faults("the estimates do not fit the region", DataError)
    own_fit = {item.name for item in read_fit(region).passage} if region.fit is not None else set()
    given = {item.name for item in estimates.estimate if item.enters == "fit"}
    for name in sorted(given ^ own_fit) if given else ():
        what = "fit.toml has no such number" if name in given else "fit.toml has a number that the estimates lack"
        faults.add(what, place=name, cure=did_you_mean(name, own_fit - given or own_fit))
    for item in estimates.estimate:
        if item.enters == "passage":
            _check_passage(region, arrays, estimates.flow, item, faults)
    faults.raise_if_any()


def _check_passage(region: Any, arrays: Any, flow: str, item: Estimate, faults: Faults) -> None:
    levels = [level for name, level in arrays.passages if name == flow]
    if item.level not in levels:
        faults.add(f"the region has no {flow} borders at level '{item.level}'", place=item.name, cure=did_you_mean(str(item.level), levels))
        return
    names = region.jurisdictions(item.level)
    for name in (*(item.receiver or ()), *(item.supplier or ())):
        if name not in names:
            faults.add(f"unknown {item.level} '{name}'", place=item.name, cure=did_you_mean(name, names))
    if item.sector is not None and item.sector not in region.sector_names:
        faults.add(f"unknown sector '{item.sector}'", place=item.name, cure=did_you_mean(item.sector, region.sector_names))
    own = arrays.passages[flow, item.level]
    if not (_pairs(region, item, (flow, item.level), own.shape) & _bordered(own)).any():
        cause = "none of its pairs has a border in borders.csv: every passage is 1 or 0"
        faults.add(cause, place=item.name, expected="a passage other than 1 where a border is to be estimated")
