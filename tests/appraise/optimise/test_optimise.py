"""Optimal plans: the best of a grid, equal worth at the margin, floors that hold, and a scenario file that says it all."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from bridgehead.appraise.optimise import optimise, read_problem
from bridgehead.appraise.optimise.evaluate import Evaluator
from bridgehead.appraise.optimise.tables import TABLES
from bridgehead.errors import SolveError
from bridgehead.policy import read_scenario

TWO = {"land": {"km2": 6.0, "places": ["A11", "B11"]}}
MANY = {"land": {"km2": 6.0, "in": {"level": "province", "is": ["A", "B"]}, "most_share": 0.1}}


def found(base, **table):
    return optimise(base, read_problem(table))


@pytest.fixture(scope="module")
def two(base):
    return found(base, **TWO, **{"raise": "welfare"}, plan="zone.open")


@pytest.fixture(scope="module")
def many(base):
    return found(base, **MANY, starts=3, keep=["people"], than="baseline")


def test_the_best_of_two_places_is_the_best_of_a_grid(two, runner):
    evaluator = Evaluator.of(runner, two.task, (two.question.goal,))
    grid = [evaluator.require(np.array([a, 6.0 - a])).values[0] for a in np.linspace(0.0, 6.0, 25)]
    assert two.found.goal >= max(grid) - 1e-9 * abs(max(grid))
    best = np.linspace(0.0, 6.0, 25)[int(np.argmax(grid))]
    assert abs(two.found.point.x[0] - best) <= 6.0 / 24


def test_the_amount_is_released_and_no_more(two, many):
    for each in (two, many):
        assert each.found.point.x.sum() == pytest.approx(6.0, rel=1e-12)
        levers = [lever for lever in each.scenario.levers if lever.lever == "land"]
        assert sum(lever.add_km2 for lever in levers) == pytest.approx(6.0, rel=1e-12)
        assert (each.found.point.x <= each.task.most * (1 + 1e-12)).all()


def test_at_the_margin_land_is_worth_the_same_wherever_some_but_not_all_is_taken(many):
    """Welfare of one more km2, less what it costs the kept need, is one number inside the bounds; no less where full, no more where empty."""
    slopes = many.found.gradient
    evaluator = Evaluator.of(many.runner, many.task, (many.question.goal, *many.question.keep))
    rows = evaluator.slopes(evaluator.require(many.found.point.x))
    worth = slopes + many.found.prices @ rows[1:]
    x, most = many.found.point.x, many.task.most
    inside, full, empty = (x > 1e-6) & (x < most * (1 - 1e-6)), x >= most * (1 - 1e-6), x <= 1e-6
    value = many.found.worth[0]
    np.testing.assert_allclose(worth[inside], value, rtol=2e-3)
    assert (worth[full] >= value * (1 - 2e-3)).all()
    assert (worth[empty] <= value * (1 + 2e-3)).all()
    assert many.found.optimal


def test_the_worth_of_the_amount_is_what_a_little_more_of_it_brings(base, two):
    """The multiplier of the amount against optima with a little more and a little less of it."""
    ends = [found(base, land={**TWO["land"], "km2": 6.0 + step}, plan="zone.open").found.goal for step in (-0.05, 0.05)]
    assert two.found.worth[0] == pytest.approx((ends[1] - ends[0]) / 0.1, rel=2e-3)


def test_what_is_kept_does_not_fall(many):
    kept = many.question.keep[0]
    cell = many.cells["optimum"][kept.key]
    sign = 1.0 if kept.better == "up" else -1.0
    assert sign * cell.change >= -1e-6 * abs(cell.baseline)


def test_every_start_is_told_and_they_agree(many):
    table = TABLES["starts"](many)
    assert table["start"].to_list() == ["even", "random 1", "random 2"]
    assert many.agree == table["same_plan"].sum() >= 1
    assert table.filter(pl.col("same_plan"))["goal"].to_numpy() == pytest.approx(many.found.goal, rel=1e-6)


def test_every_accepted_point_is_certified(many):
    steps = TABLES["steps"](many)
    assert steps.height >= 2
    assert (steps["estimated_distance"] <= 1e-8).all()
    assert many.solved.certificate.outcome == "solved"


def test_the_scenario_says_all_of_it(two, base, runner, tmp_path):
    """The file, read and solved by itself, has the goal that the search found; what of the plan stays is in it."""
    file = tmp_path / "optimum.toml"
    file.write_text(two.scenario.text, encoding="utf-8")
    scenario = read_scenario(file, base.region)
    assert [lever.lever for lever in scenario.levers] == ["passage", *["land"] * int((two.found.point.x > 0).sum())]
    context = runner.context(runner.solve(scenario), "zone")
    goal = two.question.goal
    assert goal.measure(context, goal.arguments).number * goal.factor == pytest.approx(two.found.goal, rel=1e-9)


def test_the_optimum_is_no_worse_than_the_plan(base):
    """The town's land chosen anew among the two sides: no less welfare than the plan, of the same amount."""
    chosen = found(base, plan="new_town", land={"places": ["ZA", "ZB"]})
    assert chosen.planned == pytest.approx([0.0, chosen.task.choices[0].total])
    plan, optimum = (chosen.cells[name][chosen.question.goal.key].value for name in ("plan", "optimum"))
    assert optimum >= plan - 1e-9
    assert chosen.found.steps[0].goal == pytest.approx(plan, rel=1e-9)


def test_a_floor_nobody_can_keep_is_named(base):
    """Opening raises rents in A, and a hundredth of a km2 elsewhere does not bring them down."""
    with pytest.raises(SolveError) as raised:
        found(base, land={"km2": 0.01, "places": ["B11", "B12"]}, keep=["space:2", "growth"], plan="a.open", than="baseline")
    said = str(raised.value)
    assert "no choice was found that keeps every need; the closest one misses" in said
    assert "space, line 2: missed by" in said
    assert "growth" not in said


def test_a_search_cut_short_shows_no_number(base):
    with pytest.raises(SolveError, match="no optimal plan was found, and no number of an unfinished search is shown") as raised:
        found(base, **MANY, keep=["people"], than="baseline", steps=1)
    assert "first-order conditions are missed by" in str(raised.value)
    assert "Allow more steps" in str(raised.value)


@pytest.fixture(scope="module")
def front(base):
    return found(base, land={"km2": 6.0, "places": ["A11", "A12", "B11", "B12"]}, front=["links:7", "growth:3"], points=5, plan="zone.open")


def test_no_plan_of_the_front_is_better_in_both(front):
    points = front.front.points
    assert len(points) >= 4
    first, second = (np.array([getattr(point, name) for point in points]) for name in ("first", "second"))
    assert (np.diff(first) < 0).all()
    assert (np.diff(second) > 0).all()
    assert all(point.optimal for point in points)


def test_the_front_runs_from_one_best_to_the_other(front, base):
    ends = [
        found(base, land={"km2": 6.0, "places": ["A11", "A12", "B11", "B12"]}, plan="zone.open", **{"raise": goal})
        for goal in ("links:7", "growth:3")
    ]
    assert front.front.points[0].first == pytest.approx(ends[0].found.goal, rel=1e-7)
    assert front.front.points[-1].second == pytest.approx(ends[1].found.goal, rel=1e-7)


def test_the_rate_of_exchange_is_the_slope_of_the_front(front):
    """Between two neighbours the front is as steep as the multipliers at both say, to the second order."""
    points = front.front.points[1:-1]
    for one, two in pairwise(points):
        steep = -(two.first - one.first) / (two.second - one.second)
        low, high = sorted((one.rate, two.rate))
        assert low * (1 - 1e-3) <= steep <= high * (1 + 1e-3)
