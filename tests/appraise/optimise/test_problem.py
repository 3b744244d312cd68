"""Problem files: what they may say, and what every fault of them is answered with."""

from __future__ import annotations

import pytest

from bridgehead.appraise.optimise import question_of, read_problem, task_of
from bridgehead.calibrate import calibrate
from bridgehead.cases import case_folder
from bridgehead.errors import PolicyError
from bridgehead.policy import Context
from bridgehead.region import read_region


def faults(action, *said):
    with pytest.raises(PolicyError) as raised:
        action()
    text = str(raised.value)
    for part in said:
        assert part in text, text


def test_the_form_is_checked_with_every_fault_listed(tmp_path):
    file = tmp_path / "problem.toml"
    file.write_text(
        'format = 2\nrase = "welfare"\nkeep = 3\nfront = ["a"]\npoints = 2\nstarts = 0\n[land]\nkm2 = -1\nplace = "A"\nuse = "shops"\n'
        '[[border]]\nflow = "trade"\nlevel = "regime"\nbetween = ["A"]\nmost = 2\n',
        encoding="utf-8",
    )
    faults(
        lambda: read_problem(file), "the problem problem.toml cannot be used", "unknown key 'rase'. Did you mean 'raise'?", "`points` is 2",
        "`starts` is 0", "`land`", "key 'border.and' is missing",
    )  # fmt: skip
    faults(lambda: read_problem(tmp_path / "nowhere.toml"), "the file cannot be read", "Name a problem file that is there")
    file.write_text("format = ", encoding="utf-8")
    faults(lambda: read_problem(file), "is not valid TOML")


def test_a_front_is_between_two_and_points_need_borders():
    faults(lambda: read_problem({"front": ["welfare"]}), "`front` names 1 measures; a front is between two")
    faults(lambda: read_problem({"border_points": 5.0}), "`border_points` is an amount for [[border]], and there is none")


def test_names_are_checked_against_the_region(base, task):
    faults(
        lambda: question_of(
            read_problem({"raise": "grwth", "keep": ["growth:9", "space", "all"], "front": ["growth", "diseases"], "plan": "nowhere"}),
            base.region,
        ),
        "no need or line is called 'grwth'. Did you mean 'growth'?", "there is no plan 'nowhere'", "`keep` names 'all' and others",
    )  # fmt: skip
    faults(
        lambda: question_of(read_problem({"keep": ["growth:9", "space"]}), base.region),
        "no need or line is called 'growth:9'. Its lines are 1, ", "'space:1' is measured by 'shadow_price_land', a count, a share",
    )  # fmt: skip
    faults(lambda: task(land={"km2": 1.0, "places": ["ZX"]}), "[land]: `places` names no place: 'ZX'")
    faults(lambda: task(land={"km2": 1.0, "in": {"level": "provinc", "is": "A"}}), "unknown level 'provinc'. Did you mean 'province'?")


def test_amounts_must_fit(task):
    faults(lambda: task(land={"km2": 5.0, "places": ["ZA", "ZB"], "most": 1.0}), "2 places that take 2 at most cannot take 5")
    faults(lambda: task(plan="zone.open", land={"km2": 5.0}), "nothing says where: the plan has no lever of this kind")
    faults(lambda: task(plan="zone.open", land={"places": ["ZA"]}), "nothing says how much: the plan adds nothing at these places")
    faults(
        lambda: task(research={"money": 5.0, "places": ["ZA"]}), "the plan's lever 'research' acts on candidates and on other places too"
    )


def test_land_needs_construction_land_and_research_needs_research():
    """The toy as it ships has neither."""
    region = read_region(case_folder("toy") / "region")
    context = Context.of(calibrate(region))
    for table, said in (
        ({"land": {"km2": 1.0, "places": ["A11", "B11"]}}, "2 candidates have no construction_land among their facts: A11, B11"),
        ({"research": {"money": 1.0, "places": ["A11"]}}, "there is no research in this region"),
    ):
        faults(lambda table=table: task_of(question_of(read_problem(table), region), context), said)


def test_borders_must_be_borders_and_no_two_the_same(task):
    pair = {"level": "regime", "between": ["A"], "and": ["B"]}
    faults(lambda: task(border=[{"flow": "trade", **pair}] * 2), "[[border]] 2: it names pairs that another [[border]] names too")
    shut = {"flow": "commuting", "level": "regime", "between": ["A"], "and": ["O1"]}
    faults(lambda: task(border=shut), "a passage of commuting here is shut in the data")
    faults(lambda: task(border={"flow": "trade", "level": "regime", "between": ["A"], "and": ["ZA"]}), "open in the data already")
    faults(lambda: task(border={"flow": "cars", **pair}), "[[border]] 1")


def test_what_the_plan_settles_is_not_chosen_anew(task):
    """The town sets ZA's border to goods: to choose its opening as well has no meaning."""
    border = {"flow": "trade", "level": "regime", "between": ["ZA"], "and": ["B"]}
    faults(lambda: task(plan="new_town", border=border), "[[border]] 1: the plan's lever 'passage' settles the same passages of trade")


def test_all_keeps_the_first_line_of_every_need_that_has_a_derivative(base):
    question = question_of(read_problem({"keep": "all"}), base.region)
    assert {row.need for row in question.keep} | set(question.skipped) == {row.need for row in question.needs.rows}
    assert all(row.measure.smooth for row in question.keep)
    assert question.than == "plan"
    assert question_of(read_problem({"keep": "all", "than": "baseline"}), base.region).than == "baseline"


def test_any_measure_can_be_raised_written_as_a_table(base):
    said = {"function": "commuters_between", "of": "a", "from": "b", "unit": "person", "better": "up"}
    assert question_of(read_problem({"raise": said}), base.region).goal.measure.name == "commuters_between"
    faults(lambda: question_of(read_problem({"raise": {**said, "of": "aa"}}), base.region), "raise: the measure", "unknown set 'aa'")
    assert question_of(read_problem({"raise": "welfare:b"}), base.region).goal.title == "Welfare in money: b"
