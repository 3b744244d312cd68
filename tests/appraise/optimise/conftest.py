"""The toy with a zone, calibrated, for plans to be chosen on."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def base(toy_region):
    """The region calibrated."""
    from bridgehead.calibrate import calibrate

    return calibrate(toy_region)


@pytest.fixture(scope="session")
def runner(base):
    """A runner of it."""
    from bridgehead.appraise.engine import Runner

    return Runner.of(base)


@pytest.fixture(scope="session")
def task(base, runner):
    """A problem table as a task."""
    from bridgehead.appraise.optimise import question_of, read_problem, task_of

    def make(**table):
        return task_of(question_of(read_problem(table), base.region), runner.policy)

    return make
