"""A region held ready: its baseline calibrated once, its compiled model, and the last scenarios solved on it."""

from __future__ import annotations

import hashlib
import tomllib
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bridgehead.errors import SolveError
from bridgehead.report.figures.names import Names, names_of
from bridgehead.version import VERSION

KEPT = 12
"""Solved scenarios that a process remembers; one that is asked for again later is solved again, to the same numbers."""


@dataclass(frozen=True, eq=False)
class Result:
    """One scenario solved: its text as the command line writes it, what was found, and the baseline beside it (None: not solved)."""

    key: str
    text: str
    scenario: Any
    kind: str
    solved: Any
    context: Any


@dataclass(eq=False)
class Hot:
    """A region with everything its questions share. What is costly is made when first asked for, once."""

    id: str
    region: Any
    results: OrderedDict[str, Result] = field(default_factory=OrderedDict)

    @cached_property
    def names(self) -> Names:
        """What places, jurisdictions, needs and scenarios are called."""
        return names_of(self.region, [], [])

    @cached_property
    def baseline(self) -> Any:
        """The calibrated region; SolveError where its data have no certified equilibrium."""
        from bridgehead.calibrate import calibrate

        found = calibrate(self.region)
        if found.equilibrium.certificate.outcome != "solved":
            raise SolveError(f"the baseline has no certified solution: {found.equilibrium.certificate.reason}")
        return found

    @cached_property
    def runner(self) -> Any:
        """Solves scenarios of the baseline."""
        from bridgehead.appraise.engine import Runner

        return Runner.of(self.baseline)

    @cached_property
    def presets(self) -> dict[str, Any]:
        """The region's own strategies and zones, by id."""
        from bridgehead.policy import scenarios_of

        return scenarios_of(self.region)

    @cached_property
    def needs(self) -> Any:
        """The rows of the matrix."""
        from bridgehead.appraise.needs import read_needs

        return read_needs(self.region.needs, self.region)

    @cached_property
    def base(self) -> dict[Any, Any]:
        """The baseline's value of every row of the matrix."""
        context = self.runner.baseline_context()
        return {row.key: row.measure(context, row.arguments) for row in self.needs.rows}

    @cached_property
    def shares(self) -> list[Any]:
        """The mainland parted into a zone's sides, their hosts, provinces, and elsewhere; [] without a zone."""
        from bridgehead.appraise.zone import shares_of

        return shares_of(self.region, self.needs.sets, self.needs.governments)

    def result(self, text: str) -> Result:
        """The scenario of a TOML text, solved now or remembered. PolicyError lists every fault of it."""
        from bridgehead.policy import read_scenario

        content = tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
        return self.result_of(read_scenario(content, self.region))

    def result_of(self, scenario: Any) -> Result:
        """A scenario solved now or remembered.

        It is solved from the baseline and not from the last solution, so that equal scenarios have equal bytes, whoever asks and
        whatever was asked before: those of `bridgehead solve`.
        """
        from bridgehead.policy import scenario_text

        text = scenario_text(scenario)
        key = key_of(self.region.folder_hash, text)
        if key in self.results:
            self.results.move_to_end(key)
            return self.results[key]
        found = self._solved(key, text, scenario)
        self.results[key] = found
        while len(self.results) > KEPT:
            self.results.popitem(last=False)
        return found

    def _solved(self, key: str, text: str, scenario: Any) -> Result:
        from bridgehead.appraise.engine import Solved

        kind = self.kind_of(scenario)
        none = not scenario.levers
        solved = Solved(scenario, self.baseline.equilibrium) if none else self.runner.solve(scenario, weakest=False)
        context = self.runner.context(solved, "zone" if kind in ("zone", "joint") else kind) if solved.ok else None
        return Result(key, text, scenario, kind, solved, context)

    def kind_of(self, scenario: Any) -> str:
        """What a scenario is to the matrix: a zone or strategy of the region where its levers are those, however strong."""
        skeleton = _skeleton(scenario)
        return next((own.kind for own in self.presets.values() if _skeleton(own) == skeleton), "scenario")


def key_of(data_hash: str, text: str) -> str:
    """The key of a result: a hash of the data, the version and the scenario."""
    return hashlib.sha256("\0".join((data_hash, VERSION, text)).encode()).hexdigest()[:24]


def _skeleton(scenario: Any) -> list[tuple[tuple[str, str], ...]]:
    """The levers without how strong they are, when they act and what they are called."""
    from bridgehead.policy.levers.base import STRENGTHS

    said = {"name", "by", "source", "low", "high", "starts", "ends", "phase_in", *STRENGTHS}
    dumped = [lever.model_dump(mode="json", by_alias=True, exclude_none=True) for lever in scenario.levers]
    return [tuple(sorted((key, str(value)) for key, value in each.items() if key not in said)) for each in dumped]
