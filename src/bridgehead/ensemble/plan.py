"""The plan of an ensemble: what is drawn, how often, and what is solved in every draw. Two runs of one plan have the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from bridgehead.appraise.columns import Plan, plan_of
from bridgehead.appraise.needs import Needs, read_needs
from bridgehead.calibrate.estimates import Estimates
from bridgehead.calibrate.moments import foreign_totals
from bridgehead.ensemble.factors import Factor
from bridgehead.ensemble.levers import lever_factors
from bridgehead.ensemble.sample import METHODS, data_draws, uniform_draws
from bridgehead.ensemble.uncertainty import Form, factors_of, read_uncertainty
from bridgehead.errors import DataError, Fault
from bridgehead.models.path_settings import path_years
from bridgehead.policy import Scenario, scenario_text
from bridgehead.region.bounds import bound_draws
from bridgehead.version import VERSION

TWIN_SHARE = 10
"""One twin for so many draws: the same elasticities and levers, other inferred data."""

PATH_SHARE = 10
"""One draw of so many has a path too, unless a user says how many."""

STARTS_EVERY, STARTS = 25, 3
"""Every so many draws the baseline is solved from so many random starts as well."""


@dataclass(frozen=True)
class Asked:
    """What a user asks for. batch: draws that are computed and written together. Twins: see TWIN_SHARE.

    paths: how many of the first draws have a path too, one in ten by default; until: the last year of paths.
    """

    draws: int
    seed: int = 0
    method: str = "latin_hypercube"
    batch: int = 5
    paths: int | None = None
    until: int = 2050

    def __post_init__(self) -> None:
        faults = []
        if self.draws < 1:
            faults.append(Fault(f"{self.draws} draws", "--draws", "at least 1"))
        if self.seed < 0:
            faults.append(Fault(f"the seed {self.seed}", "--seed", "a whole number from 0"))
        if self.method not in METHODS:
            faults.append(Fault(f"the method '{self.method}'", "--method", " or ".join(METHODS)))
        if self.batch < 1:
            faults.append(Fault(f"batches of {self.batch} draws", "--batch", "at least 1"))
        if self.paths is not None and not 0 <= self.paths <= self.draws:
            faults.append(Fault(f"paths of {self.paths} draws", "--paths", f"0 to {max(self.draws, 0)}"))
        if faults:
            raise DataError("the ensemble cannot be drawn", faults)

    @property
    def twins(self) -> int:
        """How many draws are made a second time with other data."""
        return self.draws // TWIN_SHARE

    @property
    def with_paths(self) -> int:
        """How many of the first draws have a path too."""
        return self.draws // PATH_SHARE if self.paths is None else self.paths

    @property
    def numbers(self) -> range:
        """All draws: 0 is the defaults, then the draws, then the twins of the first of them."""
        return range(1 + self.draws + self.twins)

    def twin_of(self, number: int) -> int | None:
        """The draw whose twin a number is; None for a draw of its own."""
        return number - self.draws if number > self.draws else None


@dataclass(frozen=True, eq=False)
class EnsemblePlan:
    """Everything that determines an ensemble's numbers.

    columns: what the appraisal has (strategies, zones, zones together, and the groups of zones that the Shapley split needs);
    backgrounds: scenarios in whose presence every column is solved again, by id ('' is none).
    """

    region: Any
    asked: Asked
    form: Form
    needs: Needs
    columns: Plan
    factors: tuple[Factor, ...]
    backgrounds: Mapping[str, Scenario] = field(default_factory=dict)
    estimates: Estimates | None = None
    scenarios: Mapping[str, Scenario] | None = None

    @classmethod
    def of(
        cls,
        region: Any,
        asked: Asked,
        *,
        scenarios: Mapping[str, Scenario] | None = None,
        backgrounds: Mapping[str, Scenario] | None = None,
        estimates: Estimates | None = None,
    ) -> EnsemblePlan:
        """The plan of a region and its strategies and zones, or of the given scenarios; DataError or PolicyError with every fault."""
        form, columns = read_uncertainty(region), plan_of(region, scenarios)
        if asked.with_paths:
            path_years(region.meta.year, None, asked.until)
        factors = (*factors_of(region, form, without=_estimated(estimates)), *lever_factors(columns))
        return cls(region, asked, form, read_needs(region.needs, region), columns, factors, backgrounds or {}, estimates, scenarios)

    @property
    def lead(self) -> str:
        """The scenario that is shown first, and whose path is drawn: the zones together, else the last."""
        return self.columns.joint or list(self.columns.columns)[-1]

    @cached_property
    def uniform(self) -> np.ndarray:
        """The points behind the draws [draw, dimension]: factors in their order, then what the estimates take."""
        more = 0 if self.estimates is None else self.estimates.dimensions
        return uniform_draws(self.asked.method, self.asked.draws, len(self.factors) + more, self.asked.seed)

    @cached_property
    def samples(self) -> dict[str, np.ndarray]:
        """The drawn values of every factor [draw]."""
        return {factor.name: factor.draw(self.uniform[:, column]) for column, factor in enumerate(self.factors)}

    @cached_property
    def estimated(self) -> np.ndarray | None:
        """The drawn estimates [draw, number]; None without."""
        return None if self.estimates is None else self.estimates.draws(self.uniform[:, len(self.factors) :])

    def values(self, number: int) -> dict[str, float]:
        """The values of all factors in a draw; 0 is the defaults. A twin has the data of its own stream."""
        if number == 0:
            return {factor.name: factor.value for factor in self.factors}
        twin = self.asked.twin_of(number)
        row = (number if twin is None else twin) - 1
        found = {name: float(values[row]) for name, values in self.samples.items()}
        if twin is not None:
            other = np.random.default_rng([self.asked.seed, 4, number]).random(len(self.factors))
            found |= {f.name: float(f.draw(other[i])) for i, f in enumerate(self.factors) if f.kind == "data"}
        return found

    def estimates_at(self, number: int) -> Estimates | None:
        """The estimates of a draw."""
        if self.estimates is None or number == 0:
            return self.estimates
        twin = self.asked.twin_of(number)
        return self.estimates.at(self.estimated[(number if twin is None else twin) - 1])

    def inferred(self, number: int) -> np.ndarray | None:
        """Uniform numbers for all inferred figures with bounds [draw of bounds.csv]; None at the defaults."""
        return None if number == 0 else data_draws(self.asked.seed, number, len(bound_draws(self.region).names))

    @cached_property
    def fitted_names(self) -> tuple[str, ...]:
        """What calibration finds in every draw, and what is measured of its equilibrium: columns of the table of draws."""
        region, names = self.region, []
        if region.fit is not None:
            names += [item["name"] for item in region.fit.get("passage", ())]
            names += ["kept_income_away"] if "movers" in region.fit else []
            names += [f"factor of {name}" for name in foreign_totals(region)] if "foreign_trade" in region.fit else []
        return (*names, "spectral_radius", "largest_real_part")

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the store keeps of the plan, and compares."""
        return {
            "format": 1,
            "version": VERSION,
            "region": self.region.meta.name,
            "region_hash": self.region.folder_hash,
            "ask": asdict(self.asked),
            "factors": [f.name for f in self.factors],
            "columns": list(self.columns.columns),
            "groups": ["+".join(sorted(group)) for group in self.columns.coalitions if self.columns.column_of(group) is None],
            "backgrounds": {id: scenario_text(scenario) for id, scenario in self.backgrounds.items()},
            "scenarios": self._texts,
            "estimates": estimates_digest(self.estimates),
            "plan_hash": self.hash,
        }

    @cached_property
    def hash(self) -> str:
        """A hash of the plan: version, data, draws, what is solved. The size of batches is part of it, for files are made of them."""
        content = {
            "version": VERSION,
            "region": self.region.folder_hash,
            "asked": asdict(self.asked),
            "factors": [[f.name, f.value, f.low, f.high, f.distribution, f.enters] for f in self.factors],
            "backgrounds": {id: scenario_text(scenario) for id, scenario in self.backgrounds.items()},
            "scenarios": self._texts,
            "estimates": None if self.estimates is None else self.estimates.model_dump(mode="json"),
        }
        return _digest(content)

    @property
    def _texts(self) -> dict[str, str] | None:
        """The given scenarios as TOML; None where the region's own are appraised."""
        return None if self.scenarios is None else {id: scenario_text(scenario) for id, scenario in self.scenarios.items()}


def _estimated(estimates: Estimates | None) -> tuple[str, ...]:
    """The parameters that an estimation has found: drawn from its covariance, and not from their range."""
    if estimates is None:
        return ()
    return tuple(str(item.parameter) for item in estimates.estimate if item.enters == "parameter")


def estimates_digest(estimates: Estimates | None) -> str | None:
    """A hash of estimates; None without."""
    return None if estimates is None else _digest(estimates.model_dump(mode="json"))


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_backgrounds(region: Any, names: list[Path]) -> dict[str, Scenario]:
    """Background scenarios by the name of their file."""
    from bridgehead.policy import read_scenario

    return {path.stem: read_scenario(path, region) for path in names}
