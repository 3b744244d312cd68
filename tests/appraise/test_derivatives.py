"""Every measure that says it has a derivative has the one that finite differences of certified solves show."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from bridgehead.appraise.cells import baseline_number
from bridgehead.appraise.context import Context, World
from bridgehead.appraise.derivatives import function_of, require_smooth
from bridgehead.appraise.engine import ENGINE, Runner
from bridgehead.errors import PolicyError
from bridgehead.models import gradient, solve

NAMES = ("home_supply", "work_supply", "research", "productivity_fundamental", "migration_kept")
STEP = 1e-3
AWAY = 30  # steps from the baseline, where losses begin and their sums have a kink
FIVE_POINTS = 1e-6


@pytest.fixture(scope="module")
def runner(toy):
    return Runner.of(toy.baseline)


@pytest.fixture(scope="module")
def rows(toy):
    return [row for row in toy.needs.rows if row.measure.smooth]


def moved(baseline, step):
    """Fundamentals a step away, each entry in a direction of its own; kept incomes stay below 1."""
    random, given = np.random.default_rng(3), dict(baseline.given)
    for name in NAMES:
        value = np.asarray(given[name])
        factor = np.exp(step * random.uniform(-1.0, 1.0, value.shape))
        given[name] = jnp.asarray(np.where((value > 0) & (value < 1) | (name != "migration_kept"), value * factor, value))
    return given


@pytest.fixture(scope="module")
def points(toy):
    """Worlds some way from the baseline, and one and two steps before and after."""
    return {k: World(toy.baseline, solve(toy.baseline, moved(toy.baseline, (AWAY + k) * STEP)).require(), ENGINE) for k in range(-2, 3)}


def slope(values):
    """The derivative along the direction, from four points; what is infinite at all of them (no firms, no cost) does not move."""
    finite = {k: np.where(np.isfinite(value), value, 0.0) for k, value in values.items()}
    return (8.0 * (finite[1] - finite[-1]) - (finite[2] - finite[-2])) / (12.0 * STEP)


def measured(runner, row, world):
    return row.measure(Context(runner.world, world, "zone", {}), row.arguments).number * row.factor


def test_every_measure_follows_the_state_and_the_fundamentals(runner, rows, points):
    here = points[0]
    functions = [function_of(row, runner.world, here, kind="zone") for row in rows]

    def all_of_them(state, given):
        return [function(state, given) for function in functions]

    state = {name: jnp.asarray(value) for name, value in here.equilibrium.state.items()}
    given = dict(here.given)
    along = {name: jnp.asarray(slope({k: w.equilibrium.state[name] for k, w in points.items()})) for name in state}
    chosen = {name: given[name] for name in NAMES}
    along_given = {name: jnp.asarray(slope({k: np.asarray(w.given[name]) for k, w in points.items()})) for name in NAMES}
    follow = jax.jit(lambda s, g, ds, dg: jax.jvp(lambda s, g: all_of_them(s, {**given, **g}), (s, g), (ds, dg))[1])
    for row, found in zip(rows, follow(state, chosen, along, along_given), strict=True):
        expected = slope({k: measured(runner, row, world) for k, world in points.items()})
        assert float(found) == pytest.approx(expected, rel=FIVE_POINTS, abs=1e-9 * abs(expected) + 1e-7), row.title


@pytest.mark.parametrize("name", ["theil", "absorption"])
def test_the_whole_derivative_is_that_of_solves(runner, rows, points, name):
    row = next(row for row in rows if row.measure.name == name)
    here = points[0]
    found = gradient(here.equilibrium, function_of(row, runner.world, here, kind="zone"), NAMES)
    by_given = {n: slope({k: np.asarray(w.given[n]) for k, w in points.items()}) for n in NAMES}
    total = sum(float((np.asarray(found[n]) * by_given[n]).sum()) for n in NAMES)
    assert total == pytest.approx(slope({k: measured(runner, row, world) for k, world in points.items()}), rel=FIVE_POINTS)


def test_the_value_is_that_of_the_measure(runner, rows):
    for row in rows:
        function = function_of(row, runner.world, runner.world, kind="zone")
        value = row.measure(runner.baseline_context(), row.arguments)
        assert float(function(runner.world.state, runner.world.given)) == pytest.approx(baseline_number(row, value), rel=1e-12), row.title


def test_counts_and_thresholds_are_refused(toy):
    rough = {row.measure.name for row in toy.needs.rows if not row.measure.smooth}
    assert {"districts_rising", "spillover_multiplier", "shadow_price_land", "tfp_share_of_growth"} <= rough
    for row in toy.needs.rows:
        if not row.measure.smooth:
            with pytest.raises(PolicyError, match=r"cannot be chosen by this measure[\s\S]*has no derivative\. Name another line"):
                require_smooth(row)
