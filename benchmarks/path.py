"""How long a yearly path of the first case takes, 2020–2050, every year certified; and what its parts cost.

Aim: under 2 s after compilation. Floor: about 25 evaluations of the map a year, 31 years, and a certificate of as many again.
"""

from __future__ import annotations

import time

from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.models.path import run_path
from bridgehead.models.path_settings import path_settings, path_years
from bridgehead.policy import Context, scenarios_of
from bridgehead.policy.schedule import Schedule
from bridgehead.region import read_region


def timed(action) -> tuple[float, float, object]:
    """(wall seconds, CPU seconds, result)."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = action()
    return time.perf_counter() - wall, time.process_time() - cpu, result


def main() -> None:
    """Print the table."""
    region = read_region(case_folder("yangtze") / "region")
    baseline = calibrate(region)
    context = Context.of(baseline)
    settings = path_settings(region, path_years(2020, 2050))
    plan = scenarios_of(region)["zhejiang.with_shanghai"]
    run_path(baseline, path_settings(region, (2020, 2021)))
    rows = []
    own = Schedule(context, 2020)
    rows.append(("what 31 years are given (five openings of links)", *timed(lambda: [own.given(y) for y in settings.years])))
    rows.append(("baseline path, 31 years certified", *timed(lambda: run_path(baseline, settings, own.given))))
    rows.append(("the same again", *timed(lambda: run_path(baseline, settings, own.given))))
    beside = own.beside(plan)
    rows.append(("what they are given under a strategy", *timed(lambda: [beside.given(y) for y in settings.years])))
    rows.append(("the strategy's path", *timed(lambda: run_path(baseline, settings, beside.given))))
    print(f"{'':50s} {'wall s':>8s} {'CPU s':>8s}")
    for name, wall, cpu, _ in rows:
        print(f"{name:50s} {wall:8.2f} {cpu:8.2f}")
    steps = [point.equilibrium.certificate.steps for point in rows[1][3].years]
    worst = max(point.equilibrium.certificate.estimated_distance for point in rows[1][3].years)
    print(f"evaluations: {sum(steps)} in {len(steps)} years; worst distance {worst:.1e}")


if __name__ == "__main__":
    main()
