"""An optimal plan on disk: the scenario file that says it, its solution as `bridgehead solve` writes it, and the tables."""

from __future__ import annotations

from pathlib import Path

from bridgehead.appraise.optimise.problem import problem_text
from bridgehead.appraise.optimise.result import Optimum
from bridgehead.appraise.optimise.tables import TABLES
from bridgehead.appraise.write import write_table
from bridgehead.models import write_solution

SCENARIO, PROBLEM, PLAN = "optimum.toml", "problem.toml", "plan.toml"


def write_optimum(found: Optimum, folder: Path) -> list[Path]:
    """The question (problem.toml, and plan.toml where the plan was a file), optimum.toml, solutions/optimum and solutions/plan, and every table as CSV and Parquet; returns the files.

    `bridgehead solve REGION --scenario optimum.toml` gives the files of solutions/optimum again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = {SCENARIO: found.scenario.text or "", PROBLEM: problem_text(found.question.problem)}
    plan = found.question.plan
    if plan is not None and plan.text is not None:
        texts[PLAN] = plan.text
    files = []
    for name, text in texts.items():
        files.append(folder / name)
        files[-1].write_bytes(text.encode("utf-8"))
    for name, make in TABLES.items():
        files += write_table(make(found), folder, name)
    baseline = found.runner.baseline
    files += write_solution(found.solved.equilibrium, baseline, folder / "solutions" / "optimum", scenario=found.scenario.text)
    if found.plan is not None:
        files += write_solution(found.plan.equilibrium, baseline, folder / "solutions" / "plan", flows=False)
    return files
