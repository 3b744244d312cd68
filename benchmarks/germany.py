"""Germany's border (MRRH 2018): our solver beside a plain NumPy matrix-vector loop on the same machine.

    python benchmarks/germany.py [--data DIR] [--weight 0.2]

--data: the folder of the county data (see `bridgehead replicate mrrh2018`); without it a made-up country of 401 counties. The loop
repeats the published hat system, moving wages and residents by `weight` of the way, until no log moves by more than 1e-10 in an
undamped pass. Compiling is timed apart; so is the certificate, which the loop does not have. The floor is what the matrix-vector
products of our passes alone cost in NumPy.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bridgehead.kernels import as_array
from bridgehead.models.equilibrium import certify
from bridgehead.models.published import mrrh2018
from bridgehead.models.published.germany import read_germany

GAP, MOST, REPEATS = 1e-10, 20_000, 7


def damped_loop(given: dict[str, Any], wage: np.ndarray, residents: np.ndarray, weight: float) -> tuple[np.ndarray, int, float]:
    """(logs of wages and residents; passes; last undamped gap) of a damped loop on plain arrays."""
    g = {name: as_array(value) if hasattr(value, "apply") else np.asarray(value) for name, value in given.items()}
    theta, grow = float(g["trade_elasticity"][0]), float(g["density_elasticity"][0])
    eps, homes, total = (float(np.ravel(g[name])[0]) for name in ("home_dispersion", "housing_share", "origin_people"))
    eta = float(g["home_supply_elasticity"][0])
    ability, supply, amenity = g["productivity_fundamental"][:, 0], g["home_supply"], g["amenity_fundamental"]
    x = np.log(np.concatenate([wage, residents]))
    for passes in range(1, MOST + 1):  # noqa: B007 (the last one is the answer)
        wage, residents = np.exp(np.split(x, 2))
        pull = g["workplace_size"] * wage**eps
        reach = g["commuting"] @ pull
        jobs = pull * (g["commuting"].T @ (residents / reach))
        earnings = residents * (g["commuting"] @ (pull * wage)) / reach
        strength = (wage / (ability * jobs**grow)) ** -theta
        access = g["trade"] @ strength
        sold = strength * (g["trade"].T @ (earnings / access))
        rent = (homes / (1 - homes) * earnings / supply) ** (1 / (1 + eta))
        value = (amenity * reach ** (1 / eps) * access ** ((1 - homes) / theta) * rent**-homes) ** eps
        new_wage = sold / jobs
        new = np.log(np.concatenate([new_wage / new_wage.mean(), total * value / value.sum()]))
        gap = float(np.max(np.abs(new - x)))
        if not gap > GAP:
            break
        x = x + weight * (new - x)
    return new, passes, gap


def best(function: Any) -> float:
    """Least milliseconds of several calls."""
    seconds = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - begin)
    return 1e3 * min(seconds)


def compare(quantified: mrrh2018.Quantified, border: str, weight: float) -> None:
    """Print one row of the table."""
    engine, base = quantified.engine, quantified.equilibrium
    given = mrrh2018.with_border(quantified, border)
    begin = time.perf_counter()
    loop, passes, gap = damped_loop(given, base.state["wage"], base.state["residents"], weight)
    loop_ms = 1e3 * (time.perf_counter() - begin)
    # Nearly separate sides are balanced by another map: what solved the border is what is timed.
    found = mrrh2018.solve_border(quantified, border)
    used, start = found.engine, jnp.asarray(base.x)
    inputs = engine.fold(engine.select(given)) | {name: found.given[name] for name in ("blocks",) if name in found.given}
    ours = best(lambda: jax.block_until_ready(used.run_solve(start, inputs)))
    certificate = best(lambda: certify(used, dict(found.given), inputs, found.x, found.certificate.steps, found.labels))
    matrix, vector = np.asarray(inputs["trade"].matrix), np.ones(len(base.state["wage"]))
    floor = 5 * found.certificate.steps * best(lambda: matrix @ vector)
    print(
        f"{border:10s} loop {loop_ms:8.0f} ms, {passes} passes, gap {gap:.0e}   ours {ours:6.1f} ms, {found.certificate.steps} passes   "
        f"{loop_ms / ours:6.0f} x   floor {floor:5.1f} ms   certificate {certificate:5.0f} ms   apart {np.max(np.abs(loop - found.x)):.0e}\n"
        f"{'':10s} {found.certificate.line()}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--weight", type=float, default=0.2)
    chosen = parser.parse_args()
    counties = read_germany(chosen.data) if chosen.data else mrrh2018.synthetic_counties(401, seed=1)
    quantified = mrrh2018.quantify(counties)
    for border in mrrh2018.BORDERS:
        compare(quantified, border, chosen.weight)


if __name__ == "__main__":
    main()
