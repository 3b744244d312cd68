"""Estimates as a file: what an estimation found, how surely, and where each number enters the model.

`bridgehead estimate` writes it, `calibrate`, `appraise` and `ensemble` read it (`--estimates FILE`). TOML, format 1 (docs/formats.md):
the numbers with their standard errors and intervals, the covariance of all of them in the order of the numbers, the method in words,
observations, and a hash of the data. Log passages and decays stand in the model's own terms: log f = border coefficient,
decay = −coefficient of minutes (model.md §3).
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from scipy import stats

from bridgehead.errors import DataError, Faults, did_you_mean
from bridgehead.region import PARAMETERS
from bridgehead.region.forms import parse_form, read_toml, to_toml
from bridgehead.region.schemas import FLOWS

FILE_NAME = "estimates.toml"
NEGATIVE = 1e-9
"""A covariance's eigenvalues may be negative by rounding: this share of the largest."""

Flow = Literal[FLOWS]
Finite = Field(allow_inf_nan=False)


class Estimate(BaseModel):
    """One number with its standard error and interval, and where it enters the model.

    enters: `parameter` (the parameter named, after division by the trade elasticity where `divided_by` says so), `passage` (the log of
    the passage between different jurisdictions of `level`; of `receiver` and `supplier` only, where they are given), `fit` (the number
    of that name in fit.toml), or `nothing` (the model has no such number).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    enters: Literal["parameter", "passage", "fit", "nothing"]
    parameter: str | None = None
    divided_by: Literal["trade_elasticity"] | None = None
    level: str | None = None
    sector: str | None = None
    receiver: tuple[str, ...] | None = None
    supplier: tuple[str, ...] | None = None
    value: float = Finite
    standard_error: float = Field(ge=0.0, allow_inf_nan=False)
    low: float = Finite
    high: float = Finite
    note: str | None = None


class Estimates(BaseModel):
    """All numbers of one estimation, in the order of the covariance's rows.

    low and high of each number are its interval at `confidence`. distribution: what draws are taken from, normal, or Student's t with
    `degrees_of_freedom`, whose spread the covariance gives before the t's own widening.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal[1] = 1
    kind: Literal["estimates"] = "estimates"
    method: Literal["ppml", "moments"]
    flow: Flow
    describe: str
    standard_errors: str
    distribution: Literal["normal", "t"] = "normal"
    degrees_of_freedom: float | None = Field(default=None, gt=0.0)
    confidence: float = Field(default=0.95, gt=0.0, lt=1.0)
    observations: int = Field(gt=0)
    data_hash: str
    version: str
    estimate: tuple[Estimate, ...] = Field(min_length=1)
    covariance: tuple[tuple[float, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the numbers."""
        return tuple(item.name for item in self.estimate)

    @property
    def values(self) -> np.ndarray:
        """The numbers [k]."""
        return np.array([item.value for item in self.estimate])

    @property
    def matrix(self) -> np.ndarray:
        """Their covariance [k, k]."""
        return np.array(self.covariance)

    @property
    def dimensions(self) -> int:
        """How many uniform numbers a draw takes: one a number, and one more for the common width of a t."""
        return len(self.estimate) + (self.distribution == "t")

    def draws(self, uniform: np.ndarray) -> np.ndarray:
        """Joint draws [draw, k] from uniform numbers in (0, 1) [draw, dimensions], such as a Latin hypercube's.

        value + root(covariance) z, z normal; for a t times √(d / χ²_d), d degrees of freedom, one χ² a draw.
        """
        count = len(self.estimate)
        if uniform.ndim != 2 or uniform.shape[1] != self.dimensions:
            raise ValueError(f"draws take {self.dimensions} uniform numbers each; got an array of shape {uniform.shape}")
        spread, axes = np.linalg.eigh(self.matrix)
        moved = stats.norm.ppf(uniform[:, :count]) @ (axes * np.sqrt(np.maximum(spread, 0.0))).T
        if self.distribution == "t":
            moved *= np.sqrt(self.degrees_of_freedom / stats.chi2.ppf(uniform[:, count], self.degrees_of_freedom))[:, None]
        return self.values + moved

    def at(self, values: np.ndarray) -> Estimates:
        """The same estimates with other numbers, a draw of them; intervals move along."""
        moved = [
            item.model_copy(update={"value": float(v), "low": item.low + float(v) - item.value, "high": item.high + float(v) - item.value})
            for item, v in zip(self.estimate, values, strict=True)
        ]
        return self.model_copy(update={"estimate": tuple(moved)})


def read_estimates(path: str | Path) -> Estimates:
    """The estimates of a file; DataError with every fault: unknown keys and parameters, numbers that do not fit together."""
    path = Path(path)
    faults = Faults("the estimates cannot be used", DataError)
    if not path.is_file():
        faults.add("there is no such file", place=str(path), expected=f"the {FILE_NAME} of `bridgehead estimate --out DIR`")
        faults.raise_if_any()
    read = read_toml(path, faults)
    found = None if read is None else parse_form(Estimates, read[0], path.name, read[1], faults)
    if found is not None:
        check_estimates(found, path.name, faults)
    faults.raise_if_any()
    return found


def write_estimates(estimates: Estimates, path: str | Path) -> None:
    """The estimates as a file, checked before; numbers read back to the last bit."""
    faults = Faults("the estimates do not fit together", DataError)
    check_estimates(estimates, Path(path).name, faults)
    faults.raise_if_any()
    table = estimates.model_dump(exclude_none=True)
    # Plain keys come before tables in TOML; the matrix is one of them.
    Path(path).write_text(to_toml({**{k: v for k, v in table.items() if k != "estimate"}, "estimate": table["estimate"]}), encoding="utf-8")


def check_estimates(estimates: Estimates, place: str, faults: Faults) -> None:
    """Faults of numbers that do not fit together, and of what each is said to enter."""
    for item in estimates.estimate:
        _check_one(item, estimates.flow, place, faults)
    repeated = sorted({name for name in estimates.names if estimates.names.count(name) > 1})
    for name in repeated:
        faults.add(f"'{name}' is given {estimates.names.count(name)} times", place=place, expected="one number a name")
    if estimates.distribution == "t" and estimates.degrees_of_freedom is None:
        faults.add("distribution is 't' without degrees_of_freedom", place=place, cure="write degrees_of_freedom = …")
    _check_covariance(estimates, place, faults)


def _check_one(item: Estimate, flow: str, place: str, faults: Faults) -> None:
    where = f"{place}: {item.name}"
    if not item.low <= item.value <= item.high:
        faults.add(
            f"the value {item.value:g} lies outside its interval {item.low:g} to {item.high:g}", place=where, expected="low ≤ value ≤ high"
        )
    if item.enters == "parameter" and item.parameter not in PARAMETERS:
        cure = "" if item.parameter is None else did_you_mean(item.parameter, PARAMETERS)
        faults.add(f"it enters the parameter '{item.parameter}', which the model does not have", place=where, cure=cure)
    if item.enters == "passage" and item.level is None:
        faults.add("it enters a passage and names no level", place=where, cure='write level = "…"')
    if (item.receiver is None) != (item.supplier is None):
        faults.add("receiver and supplier come together", place=where, cure="write both, or neither for every pair of the level")
    if item.sector is not None and flow != "trade":
        faults.add(f"it names the sector '{item.sector}', but only trade has sectors", place=where)


def _check_covariance(estimates: Estimates, place: str, faults: Faults) -> None:
    where, count = f"{place}: covariance", len(estimates.estimate)
    if len(estimates.covariance) != count or any(len(row) != count for row in estimates.covariance):
        faults.add("its shape is not that of the numbers", place=where, expected=f"{count} rows of {count}")
        return
    matrix, errors = estimates.matrix, np.array([item.standard_error for item in estimates.estimate])
    if not np.isfinite(matrix).all():
        faults.add("some entries are no numbers", place=where, expected="finite numbers")
        return
    scale = float(np.abs(matrix).max()) or 1.0
    if np.abs(matrix - matrix.T).max() > NEGATIVE * scale:
        faults.add("it is not symmetric", place=where)
    elif np.linalg.eigvalsh(matrix).min() < -NEGATIVE * scale:
        faults.add("it has a negative variance in some direction", place=where, expected="a positive semidefinite matrix")
    for item, variance in zip(estimates.estimate, np.diag(matrix), strict=True):
        if abs(variance - item.standard_error**2) > 1e-6 * scale:
            faults.add(
                f"the variance of '{item.name}' is {variance:g}, its standard error {item.standard_error:g}",
                place=where,
                expected="its square",
            )
    if (errors < 0).any():
        faults.add("a standard error is negative", place=where)
