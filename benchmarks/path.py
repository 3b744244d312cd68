"""How long a yearly path of the first case takes, 2020–2050, every year certified; what its parts cost; movers who look ahead.

Aim: under 2 s after compilation. Floor: about 25 evaluations of the map a year, 31 years, and a certificate of as many again. The
yardstick is a plain NumPy loop that solves the one-period model once a year, without certificates.
"""

from __future__ import annotations

import time

import numpy as np
from plain import plain_solve

from bridgehead.appraise.path_run import path_result_tables
from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.models.path import run_path
from bridgehead.models.path_settings import FORWARD, path_settings, path_years
from bridgehead.policy import Context, scenarios_of
from bridgehead.policy.schedule import Schedule
from bridgehead.region import read_region


def timed(action, times: int = 1) -> tuple[float, float, object]:
    """(wall seconds, CPU seconds, result) of the quickest of some runs."""
    best = None
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        result = action()
        found = (time.perf_counter() - wall, time.process_time() - cpu, result)
        best = found if best is None or found[0] < best[0] else best
    return best


def main() -> None:
    """Print the table."""
    region = read_region(case_folder("yangtze") / "region")
    baseline = calibrate(region)
    settings = path_settings(region, path_years(2020, None, 2050))
    ahead = path_settings(region, path_years(2020, None, 2050, movers=FORWARD), movers=FORWARD)
    plan = scenarios_of(region)["zhejiang.with_shanghai"]
    run_path(baseline, path_settings(region, path_years(2020, None, 2021)))
    own = Schedule(Context.of(baseline), 2020)
    beside = own.beside(plan)
    rows = [("what 31 years are given (five openings of links)", *timed(lambda: [own.given(y) for y in settings.years]))]
    rows.append(("baseline path, 31 years certified", *timed(lambda: run_path(baseline, settings, own.given), 3)))
    rows.append(("what they are given under a strategy", *timed(lambda: [beside.given(y) for y in settings.years])))
    rows.append(("the strategy's path", *timed(lambda: run_path(baseline, settings, beside.given), 3)))
    rows.append(("all tables of both", *timed(lambda: path_result_tables(baseline, rows[1][3], rows[3][3]))))
    [own.given(y) for y in ahead.years]
    rows.append(("baseline, movers look ahead", *timed(lambda: run_path(baseline, ahead, own.given))))
    given = beside.given(2030)
    start = {name: baseline.equilibrium.state[name] for name in ("wage", "price_index", "output", "residents")}
    wall, cpu, (_, rounds) = timed(lambda: plain_solve(given, start), 3)
    rows.append(("plain NumPy loop, 31 times one static year", 31 * wall, 31 * cpu, None))
    print(f"{'':50s} {'wall s':>8s} {'CPU s':>8s}")
    for name, wall, cpu, _ in rows:
        print(f"{name:50s} {wall:8.2f} {cpu:8.2f}")
    path, forward = rows[1][3], rows[5][3]
    steps = [point.equilibrium.certificate.steps for point in path.years]
    worst = max(point.equilibrium.certificate.estimated_distance for point in path.years)
    print(f"evaluations: {sum(steps)} in {len(steps)} years, {rounds} rounds a year in the plain loop; worst distance {worst:.1e}")
    print(f"certified path over plain loop: wall {rows[1][1] / rows[6][1]:.2f}, CPU {rows[1][2] / rows[6][2]:.2f}")
    held = forward.certificate
    apart = np.abs(np.log(forward.of(2050).equilibrium.state["residents"] / path.of(2050).equilibrium.state["residents"])).max()
    print(
        f"foresight: {held.passes} passes of {len(forward.years)} years, gap {held.gap:.1e}; residents of 2050 differ by up to {apart:.1%}"
    )


if __name__ == "__main__":
    main()
