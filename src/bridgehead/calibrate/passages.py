"""Fitting border passages to observed cross-border commuting (case page §4).

What is found is a residual (homes, schools, modes), not a policy: a scenario opens one named level of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError
from scipy.optimize import least_squares

from bridgehead.calibrate.accounts import output_from_value_added
from bridgehead.calibrate.kernels import passage_between_places
from bridgehead.calibrate.labour import wages_from_residents
from bridgehead.calibrate.moments import members_of
from bridgehead.errors import DataError, Faults
from bridgehead.kernels import exponential_decay


class FittedPassage(BaseModel):
    """One number fitted, in logs, on all pairs of jurisdictions between `home` and `work` (names joined by `+`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    home: str
    work: str
    both_ways: bool = False
    start: float = -3.0


class MoversFit(BaseModel):
    """One kept income for all who live away from home, fitted to a `migrants_share` moment."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    moment: str
    level: str


class ForeignTradeFit(BaseModel):
    """Factors on goods to and from abroad by province, met exactly: every moment of the two kinds."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    exports: str = "foreign_exports"
    imports: str = "foreign_imports"


class PassageFit(BaseModel):
    """fit.toml: which passages of a level are fitted to the moments marked `fit`, and what fills the pairs without one.

    Numbers on the same pair add in logs. `rest`: the mean of the named numbers, for every other pair that has a border.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: int
    flow: str
    level: str
    passage: tuple[FittedPassage, ...]
    rest: tuple[str, ...] = ()
    movers: MoversFit | None = None
    foreign_trade: ForeignTradeFit | None = None
    describe: str = ""


def read_fit(region: Any) -> PassageFit:
    """The region's fit.toml, checked; DataError with every fault."""
    faults = Faults("fit.toml cannot be used", DataError)
    try:
        fit = PassageFit.model_validate(region.fit)
    except ValidationError as error:
        for item in error.errors():
            faults.add(item["msg"], place="fit.toml: " + ".".join(str(part) for part in item["loc"]))
        faults.raise_if_any()
    if fit.flow != "commuting":
        faults.add(f"flow '{fit.flow}'", place="fit.toml", expected="commuting, the only flow with observed moments")
    if region.moments is None or not (region.moments["use"] == "fit").any():
        faults.add("no moment is marked 'fit'", place="moments.csv", cure="mark what the borders are to be fitted to")
    names = {item.name for item in fit.passage}
    for name in fit.rest:
        if name not in names:
            faults.add(f"rest names '{name}'", place="fit.toml", expected=f"one of {sorted(names)}")
    faults.raise_if_any()
    return fit


def fit_passages(region: Any, arrays: Any, parameters: dict[str, float]) -> tuple[Any, dict[str, float]]:
    """(arrays with the fitted passages, the numbers found in logs).

    Least squares of log model over log data, weighted by 1 / error, wages inverted at every trial (model.md §6.2), so that the
    baseline still matches the data exactly.
    """
    problem = PassageProblem(region, arrays, parameters, read_fit(region))
    start = np.array([item.start for item in problem.fit.passage])
    found = least_squares(problem.residual, start, jac=problem.slope, xtol=1e-10, ftol=1e-12, gtol=1e-12)
    numbers = dict(zip((item.name for item in problem.fit.passage), map(float, found.x), strict=True))
    passages = dict(arrays.passages)
    passages[(problem.fit.flow, problem.fit.level)] = problem.passage(found.x)
    return replace(arrays, passages=passages), numbers


class PassageProblem:
    """Commuting moments as a function of fitted passages."""

    def __init__(self, region: Any, arrays: Any, parameters: dict[str, float], fit: PassageFit) -> None:
        self.fit, self.inside = fit, arrays.inside
        self.base = arrays.passages[(fit.flow, fit.level)]
        self.side = arrays.cells[fit.level]
        self.groups = [self._pairs(region, item) for item in fit.passage]
        self.bordered = (self.base > 0) & (self.base != 1.0)
        np.fill_diagonal(self.bordered, False)
        others = {key: value for key, value in arrays.passages.items() if key != (fit.flow, fit.level)}
        kernel = exponential_decay(arrays.minutes, parameters["commuting_decay"], arrays.inside, own_outside=1.0)
        self.kernel = (kernel * passage_between_places(arrays, fit.flow, others))[np.ix_(self.inside, self.inside)]
        bill = output_from_value_added(arrays.value_added, arrays.beta, arrays.gamma) @ arrays.beta
        self.bill, self.residents = bill[self.inside], arrays.residents[self.inside]
        self.dispersion = parameters["workplace_dispersion"]
        fitted = (region.moments["use"] == "fit") & region.moments["name"].str.starts_with("commuters_")
        self.moments = list(region.moments.filter(fitted).iter_rows(named=True))
        ends = [[members_of(region, row[end])[self.inside] for row in self.moments] for end in ("from", "to")]
        self.homes, self.works = (np.array(masks, dtype=float).reshape(len(self.moments), -1) for masks in ends)
        self.data = np.array([row["value"] for row in self.moments])
        self.weight = 1.0 / np.array([row.get("error") or 0.2 for row in self.moments])
        self.wage: np.ndarray | None = None
        side = self.side[self.inside]
        self.changes = [(pairs * self.bordered)[side[:, None], side[None, :]] for pairs in self._acting()]

    def _pairs(self, region: Any, item: FittedPassage) -> np.ndarray:
        """Pairs of jurisdictions [home, work] that a number acts on."""
        count = self.base.shape[0]
        home = np.isin(np.arange(count), self.side[members_of(region, item.home)])
        work = np.isin(np.arange(count), self.side[members_of(region, item.work)])
        pairs = home[:, None] & work[None, :]
        return pairs | pairs.T if item.both_ways else pairs

    def passage(self, logs: np.ndarray) -> np.ndarray:
        """The level's passages at the numbers `logs`: fitted pairs, the rest at the mean of the named numbers."""
        total, touched = np.zeros_like(self.base), np.zeros_like(self.bordered)
        for pairs, value in zip(self.groups, logs, strict=True):
            total, touched = total + pairs * value, touched | pairs
        names = [item.name for item in self.fit.passage]
        rest = np.mean([logs[names.index(name)] for name in self.fit.rest]) if self.fit.rest else None
        fitted = np.where(touched, np.exp(total), self.base if rest is None else np.exp(rest))
        return np.where(self.bordered, fitted, self.base)

    def flows(self, logs: np.ndarray) -> np.ndarray:
        """Commuters between inside places [home, work] at the numbers `logs`, wages inverted."""
        side = self.side[self.inside]
        kernel = self.kernel * self.passage(logs)[side[:, None], side[None, :]]
        size, kept = self.bill / self.bill.mean(), np.ones_like(self.bill)
        start = None if self.wage is None else np.log(self.wage)
        self.wage = wages_from_residents(kernel, self.residents, self.bill, size, kept, self.dispersion, tolerance=1e-11, start=start)
        weight = kernel * size * self.wage**self.dispersion
        return self.residents[:, None] * weight / weight.sum(axis=1, keepdims=True)

    def residual(self, logs: np.ndarray) -> np.ndarray:
        """(log model − log data) / error for every moment."""
        self.flow = self.flows(logs)
        model = ((self.homes @ self.flow) * self.works).sum(axis=1)
        return (np.log(model) - np.log(self.data)) * self.weight

    def slope(self, logs: np.ndarray) -> np.ndarray:
        """d residual / d logs [moment, number]: passages move flows at given wages, and wages keep w L = B.

        With G the log change of the kernel, d log C_ni = G_ni + ε w′_i − Σ_m π_nm (G_nm + ε w′_m), and w′ solves
        (1 + ε) w′ − ε (C′π w′) / L = −Σ_n C_n· (G − π G) / L.
        """
        flow, residents = self.flow, self.residents
        share = flow / residents[:, None]
        jobs = flow.sum(axis=0)
        system = (1 + self.dispersion) * np.eye(len(jobs)) - self.dispersion * (flow.T @ share) / jobs[:, None]
        moved = [flow * change for change in self.changes]
        lifted = np.stack([each.sum(axis=1) for each in moved], axis=1) / residents[:, None]
        arriving = np.stack([each.sum(axis=0) for each in moved], axis=1) - flow.T @ lifted
        wages = self.dispersion * np.linalg.solve(system, -arriving / jobs[:, None])
        leaving = lifted + share @ wages
        reached = self.homes @ flow
        parts = np.stack([((self.homes @ each) * self.works).sum(axis=1) for each in moved], axis=1)
        parts = parts + (reached * self.works) @ wages - ((self.works @ flow.T) * self.homes) @ leaving
        return parts / (reached * self.works).sum(axis=1)[:, None] * self.weight[:, None]

    def _acting(self) -> list[np.ndarray]:
        """How strongly each number acts on each pair of jurisdictions: 1 on its own, its share of the mean on the rest."""
        named = [item.name for item in self.fit.passage]
        rest = ~np.any(self.groups, axis=0)
        share = {name: self.fit.rest.count(name) / len(self.fit.rest) for name in named} if self.fit.rest else {}
        return [pairs + rest * share.get(name, 0.0) for name, pairs in zip(named, self.groups, strict=True)]
