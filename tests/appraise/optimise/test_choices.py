"""Choices: what they do to the fundamentals is what their levers do, and their derivatives are those of certified solves."""

from __future__ import annotations

import numpy as np
import pytest

from bridgehead.appraise.optimise.conditions import filled, tidy
from bridgehead.appraise.optimise.evaluate import Evaluator
from bridgehead.appraise.optimise.starts import starts
from bridgehead.policy import enact

STEP = 0.02
DIFFERENCES = 1e-5  # relative error of four-point differences: the step to the fourth, and what solves leave over the step
PAIR = {"level": "regime", "between": ["A"], "and": ["B"]}
LAND = {"land": {"km2": 3.0, "places": ["ZA", "ZB", "A11"]}}
MONEY = {"research": {"money": 50.0, "in": {"level": "province", "is": ["A", "B"]}}}
BORDERS = {"border": [{"flow": flow, **PAIR} for flow in ("commuting", "trade", "migration", "spillover", "ideas")]}
ONE_WAY = {"border": [{"flow": "trade", "sector": ["secondary"], **PAIR, "one_way": True}]}
PROBLEMS = {
    "land": LAND, "homes": {"land": {"km2": 1.0, "places": ["ZB", "B11"], "use": "home"}}, "research": MONEY, "borders": BORDERS,
    "one_way": ONE_WAY, "all": LAND | MONEY | {"border": BORDERS["border"][:1]},
}  # fmt: skip


@pytest.fixture(scope="module")
def chosen(task, runner):
    """A task by its name, and a choice inside its bounds."""

    def make(name):
        made = task(**PROBLEMS[name], plan="zone.open")
        x = np.random.default_rng(5).uniform(0.2, 0.6, made.most.size) * made.scale / np.sqrt(made.most.size)
        return made, x, Evaluator.of(runner, made, (made.question.goal,))

    return make


@pytest.mark.parametrize("name", PROBLEMS)
def test_what_a_choice_does_is_what_its_levers_do(chosen, base, runner, name):
    made, x, evaluator = chosen(name)
    given = made.apply(evaluator.shared.given, x)
    levers = enact(made.scenario(x, "the same"), base, context=runner.policy).given
    for fundamental in made.names:
        one, other = (each[fundamental] for each in (given, levers))
        one, other = (each.dense() if hasattr(each, "dense") else each for each in (one, other))
        np.testing.assert_allclose(one, other, rtol=1e-12, err_msg=fundamental)


def test_slopes_are_those_of_certified_solves(chosen):
    """Land, research money and a border at once, along one direction."""
    made, x, evaluator = chosen("all")
    slopes = evaluator.slopes(evaluator.require(x))[0]
    direction = np.random.default_rng(6).uniform(-1.0, 1.0, x.size) * made.scale / np.sqrt(x.size)

    def goal(step):
        return evaluator.require(x + step * direction).values[0]

    near, far = (goal(k * STEP) - goal(-k * STEP) for k in (1, 2))
    assert slopes @ direction == pytest.approx((8 * near - far) / (12 * STEP), rel=DIFFERENCES)


def test_every_border_has_its_own_slope(task, runner):
    made = task(**BORDERS)
    evaluator, x = Evaluator.of(runner, made, (made.question.goal,)), np.full(5, 0.3)
    slopes = evaluator.slopes(evaluator.require(x))[0]
    for n in range(5):
        step = np.zeros(5)

        def goal(size, n=n, step=step):
            step[n] = size
            return evaluator.require(x + step).values[0]

        near, far = (goal(k * STEP) - goal(-k * STEP) for k in (1, 2))
        assert slopes[n] == pytest.approx((8 * near - far) / (12 * STEP), rel=DIFFERENCES), made.choices[0].labels()[n]


def test_the_plans_own_choice_is_found_again(task):
    made = task(plan="new_town")
    plan = made.of_plan()
    assert plan is not None
    assert made.choices[0].labels() == ["ZB"]
    assert plan == pytest.approx(made.choices[0].total)
    assert not any(lever.lever == "land" for lever in made.fixed)
    assert sum(lever.lever == "land" for lever in made.scenario(plan, "again").levers) == 1


def test_starts_are_within_their_bounds_and_amounts_and_the_same_every_time(task):
    made = task(**PROBLEMS["all"], plan="new_town", border_points=20.0)
    once, again = (list(starts(made, 6)) for _ in range(2))
    assert [name for name, _ in once] == ["even", "random 1", "random 2", "random 3", "random 4", "random 5"]
    for (_, one), (_, other) in zip(once, again, strict=True):
        assert made.holds(one)
        np.testing.assert_array_equal(one, other)


def test_amounts_are_filled_up_within_their_bounds():
    np.testing.assert_allclose(filled(np.array([1.0, 1.0]), 4.0, np.array([10.0, 10.0])), [2.0, 2.0])
    np.testing.assert_allclose(filled(np.array([3.0, 1.0]), 4.0, np.array([2.0, 10.0])), [2.0, 2.0])
    np.testing.assert_allclose(filled(np.array([4.0, 0.0]), 4.0, np.array([3.0, 10.0])), [3.0, 1.0])
    np.testing.assert_allclose(filled(np.array([9.0, 9.0]), 4.0, np.array([2.0, 2.0])), [2.0, 2.0])


def test_a_tidy_choice_has_no_dust_and_its_whole_amount(task):
    made = task(**LAND)
    x = tidy(made, np.array([1e-9, 1.5, 1.5 - 1e-6]))
    assert x[0] == 0.0
    assert x.sum() == pytest.approx(3.0, rel=1e-14)
