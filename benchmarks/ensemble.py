"""How fast draws are: one worker, two, beside plain loops over single solves in the same run; memory of a worker.

Floor of a draw: 18 members (13 scenarios, 3 pairs of zones, 2 multipliers) share about 15 evaluations of the map, 4 products of its
derivative for the distances and 10 of its transpose for shadow prices. One evaluation multiplies 8 matrices of 335² (3 sectors of goods
3 times over and once for sales, commuting twice, spillovers, amenities) by 18 columns, 70 million multiplications and additions: 3 ms at
25 a nanosecond. Each goes with an application of the inverse at the defaults, 2,680² by 18 columns in float32: 2.2 ms, and 29 MB read.
In all 0.15 s a draw, beside the inversion of wages (10 systems of 307²) and of goods (3 of 3 × 335²), 0.05 s.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from plain import plain_solve

from bridgehead.cases import case_folder
from bridgehead.ensemble import Asked, EnsemblePlan
from bridgehead.ensemble.apply import apply_draw
from bridgehead.ensemble.job import Job
from bridgehead.ensemble.solving import Solving
from bridgehead.ensemble.worker import Worker

DRAWS, BATCH = 20, 5


def rate(workers: list[Worker], numbers: list[list[int]]) -> tuple[float, float, float]:
    """(wall seconds, processor seconds, most memory) of batches handed to workers in turn."""
    from concurrent.futures import ThreadPoolExecutor

    begin = time.perf_counter()
    shares = [numbers[i :: len(workers)] for i in range(len(workers))]
    with ThreadPoolExecutor(len(workers)) as pool:
        took = [
            t for part in pool.map(lambda pair: [pair[0].draws(b)[1] for b in pair[1]], zip(workers, shares, strict=True)) for t in part
        ]
    return time.perf_counter() - begin, sum(t["seconds"] for t in took), max(t["memory"] for t in took)


def plain_loops(plan: EnsemblePlan, number: int) -> dict[str, float]:
    """Processor seconds of one draw made the plain way, by part: calibrated, then each scenario by itself enacted, solved with its
    certificate, differentiated for shadow prices, and every need measured; and of its solves by a plain NumPy loop."""
    from bridgehead import models
    from bridgehead.appraise.cells import cell_of
    from bridgehead.appraise.context import Context, World
    from bridgehead.appraise.engine import ENGINE
    from bridgehead.calibrate import calibrate
    from bridgehead.policy import enact

    values, took = plan.values(number), {}
    applied = apply_draw(plan.region, plan.factors, values, plan.inferred(number))

    def timed(name: str, action: Callable[[], Any]) -> Any:
        begin = time.process_time()
        result = action()
        took[name] = time.process_time() - begin
        return result

    def calibrated() -> Any:
        return calibrate(plan.region, parameters=applied.parameters, arrays=applied.arrays)

    def measured(world: World, equilibrium: Any) -> None:
        context = Context(world, World(baseline, equilibrium, ENGINE))
        nothing = Context(world, world)
        for row in plan.needs.rows:
            cell_of(row, context, row.measure(nothing, row.arguments))

    calibrated()
    baseline = timed("calibrated", calibrated)
    scenarios = Solving.of(plan, baseline, values).scenarios.values()
    world = World(baseline, baseline.equilibrium, ENGINE)
    measured(world, models.solve(baseline, enact(next(iter(scenarios)), baseline).given))  # compiled
    given = timed("enacted", lambda: [enact(each, baseline).given for each in scenarios])
    solved = timed("solved", lambda: [models.solve(baseline, each).require() for each in given])
    timed("measured", lambda: [measured(world, each) for each in solved])
    start = {name: baseline.equilibrium.state[name] for name in ("wage", "price_index", "output", "residents")}
    timed("NumPy", lambda: [plain_solve(each, start) for each in given])
    return took | {"solves": float(len(given))}


def main() -> None:
    """Print the table. One number as argument: that many draws, in the place of 20."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS
    folder = case_folder("yangtze") / "region"
    from bridgehead.region import read_region

    plan = EnsemblePlan.of(read_region(folder), Asked(1000, 1, paths=0))
    numbers = [list(range(1 + n, 1 + min(n + BATCH, draws))) for n in range(0, draws, BATCH)]
    workers = [Worker(Job.of(plan, folder)) for _ in range(2)]
    try:
        for worker in workers:
            worker.draws([1, 2])  # compiled
        count = sum(map(len, numbers))
        one, cpu, memory = rate(workers[:1], numbers)
        two, cpu_two, _ = rate(workers, numbers)
    finally:
        for worker in workers:
            worker.close()
    plain = plain_loops(plan, 1)
    ours = cpu / count
    print(f"one worker: {count / one:.2f} draws a second of wall time; {ours:.2f} s of processor a draw, everything included")
    print(f"two workers: {count / two:.2f} draws a second, {one / two:.2f} times one; {cpu_two / count:.2f} s of processor a draw")
    print(f"most memory of a worker: {memory / 1e9:.2f} GB")
    whole = sum(plain[name] for name in ("calibrated", "enacted", "solved", "measured"))
    parts = ", ".join(f"{name} {plain[name]:.2f}" for name in ("calibrated", "enacted", "solved", "measured"))
    print(f"the same draw by a plain loop over single solves: {whole:.2f} s of processor ({parts}); ratio {whole / ours:.1f}")
    print(
        f"its {plain['solves']:.0f} solves alone by a plain NumPy loop, neither certified nor measured: {plain['NumPy']:.2f} s of processor"
    )
    print(f"1,000 draws and 100 twins on two such workers: {np.ceil(1101 * two / count / 60):.0f} minutes, paths not counted")


if __name__ == "__main__":
    main()
