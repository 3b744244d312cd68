"""What an appraisal says of governments: shared and answered where the region asks for it, and faults before anything is solved."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from books_toy import books_toy

from bridgehead.appraise import appraise
from bridgehead.appraise.columns import plan_of
from bridgehead.appraise.engine import Runner
from bridgehead.appraise.governments import NAMES, governments_of
from bridgehead.calibrate import calibrate
from bridgehead.errors import DataError, PolicyError
from bridgehead.region import read_region

QUESTION = {"format": 1, "plan": "new_town", "land": {"places": ["ZA", "ZB"]}, "front": ["links:7", "growth:3"], "points": 3}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return calibrate(replace(read_region(books_toy(tmp_path_factory.mktemp("books") / "region")), optimise=QUESTION))


@pytest.fixture(scope="module")
def public(base):
    return governments_of(plan_of(base.region, None), Runner.of(base))


def test_the_joint_plan_is_shared_and_the_question_answered(public):
    assert tuple(public.tables) == NAMES
    assert public.notes == ()
    assert not any(table.is_empty() for name, table in public.tables.items() if name != "optimum_steps")
    assert public.tables["sharing_terms"].filter(pl.col("name") == "plan")["text"].item() == "new_town"
    assert public.optimum.solved.ok
    choice = public.tables["optimum_choice"]
    assert choice["optimum"].sum() == pytest.approx(choice["plan"].sum())


def test_a_region_that_asks_for_neither_has_tables_without_rows(base):
    plain = replace(base, region=replace(base.region, fiscal=None, optimise=None))
    found = governments_of(plan_of(plain.region, None), Runner.of(plain))
    assert all(table.is_empty() for table in found.tables.values())
    assert (found.optimum, found.notes) == (None, ())


def test_what_has_no_answer_leaves_its_tables_empty_and_says_why(base):
    asked = replace(base, region=replace(base.region, optimise={**QUESTION, "steps": 1, "keep": ["people"], "than": "baseline"}))
    found = governments_of(plan_of(asked.region, None), Runner.of(asked))
    assert found.tables["optimum_choice"].is_empty()
    assert not found.tables["sharing"].is_empty()
    assert len(found.notes) == 1
    assert found.notes[0].startswith("no optimal plan: ")


@pytest.mark.parametrize(("change", "error", "said"), [
    ({"optimise": {"raise": "nothing"}}, PolicyError, "no need or line is called 'nothing'"),
    ({"fiscal": {"format": 1}}, DataError, "there is no tax"),
])  # fmt: skip
def test_faults_are_found_before_anything_is_solved(base, change, error, said):
    steps = []
    with pytest.raises(error, match=said):
        appraise(replace(base.region, **change), progress=lambda *told: steps.append(told))
    assert steps == []
