"""The appraisal: calibrate, solve every column and what takes it apart, measure every need, fill the tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bridgehead.appraise import tables
from bridgehead.appraise.cells import Cell, baseline_number, cell_of, unsolved_cell
from bridgehead.appraise.columns import BASELINE, Plan, plan_of
from bridgehead.appraise.engine import Runner, Solved
from bridgehead.appraise.governments import governments_of, prepare
from bridgehead.appraise.needs import Needs, read_needs
from bridgehead.appraise.opening import Opening, opening_row, openings_of, upper_bounds
from bridgehead.appraise.over_time import chosen_scenario, over_time
from bridgehead.appraise.result import Appraisal
from bridgehead.appraise.shadow import shadow_prices
from bridgehead.appraise.values import Value
from bridgehead.appraise.zone import shares_of, zone_facts, zone_rows
from bridgehead.calibrate import calibrate
from bridgehead.errors import SolveError
from bridgehead.policy import Scenario
from bridgehead.region import Region
from bridgehead.region.checks import coverage, inferred_places

Key = tuple[str, str]
Progress = Callable[[int, int, str], None]


def appraise(source: Any, scenarios: Mapping[str, Scenario] | None = None, *, progress: Progress | None = None) -> Appraisal:
    """Appraise a region (or a calibrated baseline): every strategy, zone and the zones together, or the given scenarios alone.

    Each need of the region's needs.toml is measured in each (without one: the outcomes of model.md §10 by jurisdiction). A
    scenario without a certified solution leaves its column empty, with the reason; the others stand. progress is called with
    (done, total, label). Raises DataError, PolicyError or ModelError for what cannot be appraised, all faults listed, before
    anything is solved; SolveError where the baseline itself has no certificate.
    """
    region = source if isinstance(source, Region) else source.region
    needs = read_needs(region.needs, region)
    plan = plan_of(region, scenarios)
    openings = openings_of(region, needs.sets, needs.governments) if scenarios is None else []
    if scenarios is None:
        prepare(region)
    work = _Work(needs, plan, openings, progress)
    work.tell("calibrating")
    baseline = calibrate(source) if isinstance(source, Region) else source
    work.stage("calibrate")
    if baseline.equilibrium.certificate.outcome != "solved":
        raise SolveError(f"the baseline has no certified solution: {baseline.equilibrium.certificate.reason}")
    work.start(Runner.of(baseline))
    for id in plan.columns:
        work.column(id)
    work.stage("columns")
    work.mechanisms()
    work.stage("mechanisms")
    work.coalitions()
    rows = [work.opening(each) for each in openings]
    work.stage("coalitions and openings")
    work.time()
    work.stage("path")
    work.governments()
    work.stage("governments")
    return work.finish(baseline, rows)


@dataclass
class _Work:
    """An appraisal under way: what is solved and measured so far, and how much is left."""

    needs: Needs
    plan: Plan
    openings: list[Opening]
    progress: Progress | None
    solved: dict[str, Solved] = field(default_factory=dict)
    cells: dict[str, dict[Key, Cell]] = field(default_factory=dict)
    alone: dict[str, dict[str, dict[Key, Cell]]] = field(default_factory=dict)
    worth: dict[frozenset[str], dict[Key, Cell]] = field(default_factory=dict)
    places: list[dict[str, Any]] = field(default_factory=list)
    origins: list[dict[str, Any]] = field(default_factory=list)
    zones: list[dict[str, Any]] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    done: int = 0
    since: float = field(default_factory=time.perf_counter)

    @property
    def total(self) -> int:
        """How many solves there will be, calibration counted as one."""
        parts = sum(len(groups) for groups in self.plan.parts.values() if len(groups) > 1)
        groups = sum(self.plan.column_of(group) is None for group in self.plan.coalitions)
        paths = 0 if chosen_scenario(self.plan) is None else 2
        return 1 + len(self.plan.columns) + parts + groups + len(self.openings) + paths

    def tell(self, label: str) -> None:
        """Report what begins now."""
        if self.progress is not None:
            self.progress(self.done, self.total, label)

    def stage(self, name: str) -> None:
        """Note how long a stage took."""
        now = time.perf_counter()
        self.seconds[name], self.since = now - self.since, now

    def start(self, runner: Runner) -> None:
        """The baseline's own value of every row, and the parts of a zone's result."""
        self.runner = runner
        self.done += 1
        context = runner.baseline_context()
        self.base: dict[Key, Value] = {row.key: row.measure(context, row.arguments) for row in self.needs.rows}
        self.inferred = inferred_places(context.region)
        self.shares = shares_of(context.region, self.needs.sets, self.needs.governments)
        if self.shares:
            self.facts += zone_facts(context, self.shares, BASELINE)

    def _solve(self, scenario: Scenario, label: str, *, weakest: bool = True) -> Solved:
        self.tell(label)
        solved = self.runner.solve(scenario, weakest=weakest)
        self.done += 1
        return solved

    def _measure(self, solved: Solved, kind: str) -> dict[Key, Cell]:
        rows = self.needs.rows
        if not solved.ok:
            return {r.key: unsolved_cell(baseline_number(r, self.base[r.key]), solved.reason) for r in rows}
        context = self.runner.context(solved, kind)
        return {r.key: cell_of(r, context, self.base[r.key]) for r in rows}

    def column(self, id: str) -> None:
        """Solve one column, measure every row, and note who gains."""
        scenario = self.plan.columns[id]
        kind = "zone" if self.plan.is_zone(id) else scenario.kind
        solved = self.solved[id] = self._solve(scenario, id)
        self.cells[id] = self._measure(solved, kind)
        if not solved.ok:
            return
        context = self.runner.context(solved, kind)
        self.places += tables.place_rows(context, id, self.inferred)
        self.origins += tables.origin_rows(context, id)
        if self.shares and kind in ("zone", "scenario"):
            self.zones += zone_rows(context, self.shares, id)
            self.facts += zone_facts(context, self.shares, id)

    def mechanisms(self) -> None:
        """Each mechanism of each column alone; a column with one mechanism is it already."""
        for id, parts in self.plan.parts.items():
            kind = "zone" if self.plan.is_zone(id) else "strategy"
            if len(parts) == 1 or not self.solved[id].ok:
                self.alone[id] = dict.fromkeys(parts, self.cells[id])
                continue
            self.alone[id] = {name: self._measure(self._solve(part, part.name, weakest=False), kind) for name, part in parts.items()}

    def coalitions(self) -> None:
        """Every group of zones, for the Shapley split; those that are columns are solved already."""
        for group, scenario in self.plan.coalitions.items():
            column = self.plan.column_of(group)
            self.worth[group] = self.cells[column] if column else self._measure(self._solve(scenario, scenario.name), "zone")

    def opening(self, opening: Opening) -> dict[str, Any]:
        """One border opened in part and in whole."""
        solved = self._solve(opening.scenario, opening.scenario.name)
        if not solved.ok:
            return {"flow": opening.flow, "part": opening.part, "status": "not_solved", "note": solved.reason}
        return opening_row(opening, self.runner.context(solved, "strategy"))

    def time(self) -> None:
        """The path of the zones together, or of the only scenario; and flows of ideas in every column."""
        before = self.done

        def told(done: int, total: int, label: str) -> None:
            self.done = before + 2 * done // total
            self.tell(label)

        self.later = over_time(self.needs, self.plan, self.runner, self.solved, report=told)
        self.done = before + (0 if chosen_scenario(self.plan) is None else 2)

    def governments(self) -> None:
        """Budgets, sharing and the optimal plan."""
        self.tell("governments")
        self.public = governments_of(self.plan, self.runner)

    def finish(self, baseline: Any, openings: list[dict[str, Any]]) -> Appraisal:
        """All tables, and the warnings."""
        self.tell("tables")
        numbers = {row.key: baseline_number(row, self.base[row.key]) for row in self.needs.rows}
        found = {
            "matrix": tables.matrix(self.needs, self.cells, numbers),
            "matrix_long": tables.matrix_long(self.needs, self.cells),
            "needs": tables.needs_table(self.needs),
            "scenarios": tables.scenarios_table(self.plan, self.solved),
            "places_change": tables.places_change(self.places),
            "origins": tables.origins(self.origins),
            "shapley": tables.shapley(self.needs, self.plan, self.worth),
            "zone_results": tables.zone_results(self.zones),
            "zone_facts": tables.zone_facts(self.facts),
            "opening": tables.opening(openings),
            "levers": tables.levers(self.plan, baseline.region),
            "levers_found": tables.levers_found(self.solved),
            "moments": tables.moments(baseline.moments),
            "fitted": tables.fitted(getattr(baseline, "fitted", {})),
            "coverage": coverage(baseline.region),
        }
        found["shadow_prices"], found["shadow_prices_borders"] = shadow_prices(self.runner.baseline_context(), self.runner.policy)
        found["mechanisms"], found["mechanisms_alone"] = tables.mechanisms(self.needs, self.cells, self.alone)
        found["assumptions"] = tables.assumptions(baseline.region, found["levers"])
        found |= self.later.tables | self.public.tables
        self.stage("tables")
        return Appraisal(
            baseline, self.needs, self.solved, found, self._warnings(baseline), self.seconds, self.later.reason, self.public.optimum
        )

    def _warnings(self, baseline: Any) -> tuple[str, ...]:
        found = [str(note) for note in getattr(baseline, "notes", ())]
        found += [f"{id} has no certified solution: {each.reason}" for id, each in self.solved.items() if not each.ok]
        # A scenario that somebody brings need not move every need; the region's own strategies and zones should.
        own = any(scenario.kind != "scenario" for scenario in self.plan.columns.values())
        for row in tables.zero_rows(self.needs, self.cells) if own else ():
            found.append(f"nothing moves line {row.line} of '{row.need}' ({row.title}) in any column: check its sets and the levers")
        found += upper_bounds(self.plan.columns, baseline.region)
        found += [self.later.reason] if self.later.reason else []
        return (*found, *self.later.notes, *self.public.notes)
