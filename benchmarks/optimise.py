"""Optimal plans on the first case: the seconds of a search, its certified solves, and its gradients beside solves.

Floor of a search: as many certified solves as it takes points, and one transposed solve a row and accepted point; the quadratic programs between
them are small. Run twice, for the first time compiles.
"""

from __future__ import annotations

import time

from bridgehead.appraise.engine import Runner
from bridgehead.appraise.optimise import optimise, question_of, read_problem, task_of
from bridgehead.appraise.optimise.evaluate import Evaluator
from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.region import read_region

BOTH = {"level": "province", "is": ["shanghai", "zhejiang"]}
PROBLEMS = {
    "land between the two sides": {},
    "land among 108 places, 2 % each at most": {"land": {"in": BOTH, "most_share": 0.02}},
    "the same, two needs kept": {"land": {"in": BOTH, "most_share": 0.02}, "keep": ["zhejiang.growth_pole", "china.coordination"]},
}


def timed(action) -> tuple[float, float, object]:
    """(seconds, CPU seconds, result)."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = action()
    return time.perf_counter() - wall, time.process_time() - cpu, result


def main() -> None:
    """Print the table."""
    baseline = calibrate(read_region(case_folder("yangtze") / "region"))
    runner = Runner.of(baseline)
    print(f"{'':42s} {'wall s':>8s} {'CPU s':>8s} {'solves':>7s} {'steps':>6s}")
    for name, table in PROBLEMS.items():
        optimise(baseline, read_problem(table), runner=runner)
        wall, cpu, found = timed(lambda table=table: optimise(baseline, read_problem(table), runner=runner))
        print(f"{name:42s} {wall:8.2f} {cpu:8.2f} {found.solves:7d} {len(found.found.steps):6d}")
    _gradients(baseline, runner)


def _gradients(baseline, runner) -> None:
    """The derivative of welfare with respect to land in all places beside a certified solve."""
    everywhere = {"level": "province", "is": ["shanghai", "jiangsu", "zhejiang", "anhui"]}
    task = task_of(question_of(read_problem({"land": {"in": everywhere}}), baseline.region), runner.policy)
    evaluator = Evaluator.of(runner, task, (task.question.goal,))
    x = task.scale / task.scale.size
    evaluator.slopes(evaluator.require(x))
    solve, _, point = timed(lambda: evaluator.require(1.01 * x))
    slope, _, _ = timed(lambda: evaluator.slopes(point))
    print(f"gradient with respect to land in {x.size} places: {slope:.3f} s, {slope / solve:.1f} certified solves")


if __name__ == "__main__":
    main()
