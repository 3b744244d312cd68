"""The city of ARSW 2015 with spillovers, closed: our solver beside a plain NumPy matrix-vector loop damped by a half.

    python benchmarks/city.py [--sizes 2000 4000] [--seed 1] [--float32]

Both solve the car ban of the same made-up city from the same start, in this order: loop, then ours. The loop stops when no log moves
by more than 1e-10 in an undamped pass. Compiling is timed apart; a certificate is what the loop does not have, and is timed apart too.
CPU seconds stand beside seconds: on a busy machine they are the fairer number. Aim: at least 5 x fewer seconds than the loop.
"""

from __future__ import annotations

import argparse
import time
from functools import partial
from typing import Any

import jax.numpy as jnp
import numpy as np

from bridgehead.kernels import as_array
from bridgehead.models.equilibrium import single_kernels
from bridgehead.models.published.arsw2015 import VARIANTS, calibrate_city, city_model, counterfactuals
from bridgehead.models.published.city_solve import certify_city, city_engine
from bridgehead.models.published.city_synthetic import synthetic_city

GAP, WEIGHT, MOST = 1e-10, 0.5, 3000
CLOSED = next(variant for variant in VARIANTS if variant.name == "endog")


def damped_loop(given: dict[str, Any], floor_price: np.ndarray, jobs: np.ndarray, residents: np.ndarray) -> tuple[np.ndarray, int, float]:
    """(log of floor prices, jobs and residents; passes; last gap) of x <- x / 2 + F(x) / 2 on plain arrays."""
    number = {
        name: float(given[name])
        for name in ("labour_share", "housing_share", "workplace_dispersion", "density_elasticity", "amenity_density")
    }
    alpha, homes, eps, made, lived = number.values()
    commuting, spill, crowd = (as_array(given[name]) for name in ("commuting", "spillover", "amenity_spillover"))
    back = np.ascontiguousarray(commuting.T)
    a, b, land, floor = (np.asarray(given[name]) for name in ("productivity_fundamental", "amenity_fundamental", "land", "floor_stock"))
    people = float(given["population"][0])
    works, lives, used = a > 0, b > 0, floor > 0
    x = [np.where(used, floor_price, 1.0), jobs, residents]
    for passes in range(1, MOST + 1):  # noqa: B007
        price, jobs, residents = x
        wage = alpha * ((1 - alpha) / price) ** ((1 - alpha) / alpha) * (a * (spill @ (jobs / land)) ** made) ** (1 / alpha)
        draw = (b * (crowd @ (residents / land)) ** lived * price**-homes) ** eps
        work = wage**eps
        reach, paid = commuting @ work, commuting @ (work * wage)
        scale = people / (draw @ reach)
        new_jobs, new_residents = scale * work * (back @ draw), scale * draw * reach
        spent = (1 - alpha) / alpha * wage * new_jobs + homes * scale * draw * paid
        new = [np.where(used, spent / np.where(used, floor, 1.0), 1.0), new_jobs, new_residents]
        gap = max(np.max(np.abs(np.log(n[m] / o[m]))) for n, o, m in zip(new, x, (used, works, lives), strict=True))
        if not gap > GAP:
            break
        x = [
            np.where(m, np.sqrt(np.where(m, o, 1.0) * np.where(m, n, 1.0)), 0.0)
            for n, o, m in zip(new, x, (used, works, lives), strict=True)
        ]
        x[0] = np.where(used, x[0], 1.0)
    return np.concatenate([np.log(v[m]) for v, m in zip(x, (used, works, lives), strict=True)]), passes, float(gap)


def timed(function: Any, *arguments: Any) -> tuple[Any, float, float]:
    """(result, seconds, CPU seconds)."""
    begin, cpu = time.perf_counter(), time.process_time()
    result = function(*arguments)
    return result, time.perf_counter() - begin, time.process_time() - cpu


def compare(size: int, seed: int, *, single: bool) -> None:
    """Print one row of the table. single: our kernels in float32, the certificate still of the exact ones."""
    baseline = calibrate_city(synthetic_city(size, seed=seed))
    given, values = counterfactuals(baseline)["tt"], baseline.values
    engine, start = city_engine(city_model(CLOSED), baseline)
    reads = {name: given[name] for name in engine.model.reads_given}
    (loop, passes, gap), wall, cpu = timed(damped_loop, given, values["floor_price"], values["jobs"], values["residents"])
    reads = single_kernels(reads) if single else reads
    _, compiling, _ = timed(lambda: engine.run_solve.lower(jnp.asarray(start), reads).compile())
    engine.run_solve(jnp.asarray(start), reads)[0].block_until_ready()
    (x, steps), own_wall, own_cpu = timed(lambda: [np.asarray(v) for v in engine.run_solve(jnp.asarray(start), reads)])
    certify_city(engine, baseline, given, x, int(steps))
    precision = "float32 kernels" if single else "float64"
    certify = partial(certify_city, engine, baseline, given, x, int(steps), precision=precision)
    found, certifying, _ = timed(certify)
    print(
        f"{size:6d} {wall:9.2f} {cpu:9.2f} {passes:7d}   {own_wall:9.3f} {own_cpu:9.3f} {int(steps):7d}   {wall / own_wall:6.1f} "
        f"{cpu / own_cpu:6.1f}   {certifying:8.2f} {compiling:9.1f}   {float(np.max(np.abs(loop - x))):7.0e}\n"
        f"       loop's last gap {gap:.0e}; ours {found.certificate.line()}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2000, 4000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--float32", action="store_true", help="our kernels in float32")
    chosen = parser.parse_args()
    print(f"{'':6s} {'NumPy loop':^27s}   {'ours':^27s}   {'times fewer':^13s}   {'certificate':>8s}")
    heads = ("n", "seconds", "CPU s", "passes", "seconds", "CPU s", "passes", "seconds", "CPU s", "seconds", "compiling", "apart")
    widths = (6, 9, 9, 7, 11, 9, 7, 8, 6, 10, 9, 9)
    print(" ".join(f"{head:>{width}s}" for head, width in zip(heads, widths, strict=True)))
    for size in chosen.sizes:
        compare(size, chosen.seed, single=chosen.float32)


if __name__ == "__main__":
    main()
