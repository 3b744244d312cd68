"""Sweeps over random small economies: every result is certified and right, or refused with a reason; none is certified and wrong.

An economy is drawn, its data inverted, a random scenario enacted, solved, checked from its numbers alone by equations written
anew (`verify.py`), and solved again from a random start.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridgehead.errors import DataError, SolveError
from bridgehead.models import solve
from property.economies import SCENARIOS, baseline_of, economy, odd, odd_arrays, taxes_of
from property.verify import errors

RIGHT = 1e-8
"""What a certificate promises: equations and identities to this."""

SAME = 1e-7
"""Two certified answers may each be 1e-8 off in logs, and a nearly shut border turns that into a few times as much."""


def outcome(seed: int, shape, kind: str) -> str:
    """What became of one economy; an assertion fails where a certificate is wrong."""
    try:
        baseline = economy(seed, shape)
    except (DataError, SolveError) as error:  # any other error is a crash, and fails
        return "data refused" if len(str(error)) > 60 else "data refused without a reason"
    assert baseline.certificate.solved, (seed, baseline.certificate.reason)
    _right(baseline.equilibrium, shape, seed)
    scenario = SCENARIOS[kind](baseline, np.random.default_rng([seed, 7]), shape)
    found = solve(baseline, scenario)
    if not found.solved:
        assert found.certificate.reason
        return f"{kind} refused"
    _right(found, shape, seed)
    start = baseline.equilibrium.x + 0.4 * np.random.default_rng([seed, 11]).standard_normal(baseline.equilibrium.x.size)
    again = solve(baseline, scenario, start=start)
    if not again.solved:
        return f"{kind} certified, lost from a random start"
    assert np.abs(again.x - found.x).max() < SAME, (seed, shape.name, kind)
    return f"{kind} certified"


def _right(equilibrium, shape, seed: int) -> None:
    found = errors(equilibrium.given, equilibrium.state, local_landlords=shape.local_landlords)
    worst = max(found, key=found.__getitem__)
    assert found[worst] < RIGHT, (seed, shape.name, worst, found[worst])
    assert max(equilibrium.certificate.identities.values()) < RIGHT


def run(count: int, shapes: dict) -> Counter:
    """Outcomes of `count` different draws; the draws are the same on every machine."""
    seen: dict[tuple, str] = {}

    @settings(max_examples=count, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**40), st.sampled_from(sorted(shapes)), st.sampled_from(sorted(SCENARIOS)))
    def one(seed: int, name: str, kind: str) -> None:
        if (seed, name) not in seen:
            seen[seed, name] = outcome(seed, shapes[name], kind)

    one()
    return Counter(seen.values())


def check_mix(found: Counter, count: int) -> None:
    """Enough of everything was drawn, and little that is solvable was refused."""
    kinds = {kind: sum(n for label, n in found.items() if label.startswith(f"{kind} certified")) for kind in SCENARIOS}
    assert sum(found.values()) >= 0.95 * count, found
    assert min(kinds.values()) > 0.1 * count, found
    assert found["mild refused"] == found["data refused without a reason"] == 0, found
    assert found["data refused"] < 0.35 * count, found
    assert sum(n for label, n in found.items() if label.endswith("random start")) < 0.03 * count, found


def odd_outcome(seed: int, shape) -> str:
    """What became of one odd economy; an assertion fails where a certificate is wrong."""
    rng = np.random.default_rng([seed, 13])
    arrays, parameters = odd_arrays(rng, shape)
    try:
        baseline = baseline_of(arrays, parameters, shape, taxes_of(rng, shape))
    except (DataError, SolveError):
        return "data refused"
    if not baseline.certificate.solved:
        return "baseline refused"
    _right(baseline.equilibrium, shape, seed)
    found = solve(baseline, odd(baseline, rng, shape))
    if not found.solved:
        assert len(found.certificate.reason) > 60
        return "refused"
    _right(found, shape, seed)
    return "certified"


def check_odd(shape) -> None:
    """160 odd economies: enough are certified, and nearly every baseline is."""
    found = Counter(odd_outcome(seed, shape) for seed in range(100, 260))
    assert found["certified"] > 0.3 * 160, found
    assert found["baseline refused"] < 0.05 * 160, found
