"""How long the first case takes: one scenario, its certificate, its gradient; beside a plain NumPy loop in the same run.

Floor of one evaluation: the kernels are read once or a few times each from cache or memory. 335 places: commuting 0.9 MB x 4,
trade 2.7 MB x 4 (three sweeps and the sales), spillovers and ideas 0.9 MB x 3: about 17 MB, or 1.7 ms at 10 GB/s and 0.4 ms
where the kernels stay in cache.
"""

from __future__ import annotations

import time

import jax
import jax.numpy as jnp
import numpy as np
from plain import plain_solve

from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.models import gradient, solve
from bridgehead.policy import enact, scenarios_of
from bridgehead.region import read_region


def timed(action, repeats: int = 5) -> tuple[float, float, object]:
    """(median seconds, CPU seconds of the median run, result)."""
    runs = []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        result = jax.block_until_ready(action())
        runs.append((time.perf_counter() - wall, time.process_time() - cpu))
    runs.sort()
    return *runs[len(runs) // 2], result


def main() -> None:
    """Print the table."""
    region = read_region(case_folder("yangtze") / "region")
    baseline = calibrate(region)
    scenarios = scenarios_of(region)
    given = enact(scenarios["zhejiang.with_shanghai"], baseline).given
    engine = baseline.engine
    folded = engine.fold(engine.select(given))
    start = jnp.asarray(baseline.equilibrium.x)
    engine.run_solve(start, folded)
    rows = []
    rows.append(("borders folded into the kernels", *timed(lambda: engine.fold(engine.select(given)))))
    rows.append(("one evaluation of the map", *timed(lambda: engine.run_update(start, folded), 20)))
    rows.append(("one scenario solved, from the data", *timed(lambda: engine.run_solve(start, folded))))
    solve(baseline, given)
    rows.append(("the same with its certificate", *timed(lambda: solve(baseline, given).x)))
    certified = solve(baseline, given)

    def welfare(state, _given):
        return jnp.sum(jnp.log(state["welfare"]))

    gradient(certified, welfare)
    rows.append(("gradient with respect to land in all places", *timed(lambda: gradient(certified, welfare)["home_supply"])))
    unknowns = {name: baseline.equilibrium.state[name] for name in ("wage", "price_index", "output", "residents")}
    rows.append(("plain NumPy loop, undamped, same scenario", *timed(lambda: plain_solve(given, unknowns)[0]["wage"], 3)))
    found, rounds = plain_solve(given, unknowns)
    _, steps = engine.run_solve(start, folded)
    print(f"{'':46s} {'wall ms':>9s} {'CPU ms':>9s}")
    for name, wall, cpu, _ in rows:
        print(f"{name:46s} {1e3 * wall:9.2f} {1e3 * cpu:9.2f}")
    print(f"evaluations: {int(steps)} here, {rounds} in the plain loop; ratio of wall times {rows[5][1] / rows[2][1]:.1f}")
    print(f"the gradient with respect to land in all places takes {rows[4][1] / rows[3][1]:.1f} certified solves' time")
    print(f"largest log difference of wages: {np.abs(np.log(found['wage'] / certified.state['wage'])).max():.1e}")


if __name__ == "__main__":
    main()
