"""What an appraisal says of time: the path of the zones together, needs along it, flows of ideas in every column."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from bridgehead.appraise import appraise, over_time
from bridgehead.appraise.over_time import SCHEMAS
from bridgehead.appraise.path_needs import ONE_PERIOD, chosen_years, path_needs
from bridgehead.appraise.path_run import paths_of
from bridgehead.errors import SolveError
from bridgehead.models.path_settings import path_settings, path_years
from bridgehead.policy import scenarios_of

JOINT = "new_town"
STATIC = {"productivity_trend": 0.0, "research_decay": 1.0, "idea_diffusion": 0.0, "mover_share": 1.0}


def test_the_path_is_of_the_zones_together_over_thirty_years(toy):
    assert set(toy.path["scenario"]) == {JOINT}
    assert (toy.path["year"].min(), toy.path["year"].max()) == (2023, 2053)
    assert toy.no_path == ""
    assert set(toy.path_certificates["outcome"]) == {"solved"}
    inside = toy.path.filter(variable="residents", year=2053)
    provinces = inside.filter(level="province")
    assert set(provinces["jurisdiction"]) == {"A", "B"}  # outside places are no part of it
    for column in ("baseline", "value"):
        assert provinces[column].sum() == pytest.approx(inside.filter(level="inside")[column].item())


def test_with_everything_free_and_still_needs_over_time_are_the_matrix(toy):
    """m = 1, no trend, no diffusion and no stock: every year of the path is the one-period model, and so is every measure."""
    baseline, plan = toy.baseline, scenarios_of(toy.baseline.region)[JOINT]
    settings = path_settings(baseline.region, path_years(2023, None, 2024), STATIC)
    table = path_needs(toy.needs, paths_of(baseline, settings, plan), (2023, 2024), "zone")
    wanted = {(row["need"], row["line"]): row for row in toy.matrix_long.filter(scenario=JOINT).to_dicts()}
    compared = 0
    for row in table.to_dicts():
        one_period = wanted[row["need"], row["line"]]
        measure = next(each.measure.name for each in toy.needs.rows if each.key == (row["need"], row["line"]))
        if measure in ONE_PERIOD:
            assert row["change"] is None
            continue
        assert row["status"] == one_period["status"], (row, one_period)
        if one_period["change"] is not None:
            assert row["change"] == pytest.approx(one_period["change"], rel=1e-6, abs=1e-7), row
            compared += 1
    assert compared > 10


def test_money_of_needs_grows_with_the_economy_and_ratios_do_not(toy):
    """Without diffusion and with nobody new to move, the baseline's real value added grows by γ alone."""
    baseline = toy.baseline
    settings = path_settings(baseline.region, path_years(2023, None, 2026), {"idea_diffusion": 0.0})
    result = paths_of(baseline, settings)
    table = path_needs(toy.needs, result, (2023, 2026), "zone")
    growth = result.base.of(2026).growth
    named = {each.key: each.measure.name for each in toy.needs.rows}
    seen = set()
    for (need, line), part in table.filter(pl.col("baseline") > 0).group_by("need", "line", maintain_order=True):
        first, last = part.sort("year")["baseline"].to_list()
        expected = np.exp(growth) if named[need, line] in ("real_value_added", "home_rent", "research_intensity") else 1.0
        if named[need, line] in ("real_value_added", "theil", "mean_minutes", "export_share", "commuters_between"):
            assert last / first == pytest.approx(expected, rel=1e-8), (need, line)
            seen.add(named[need, line])
    assert "real_value_added" in seen


def test_flows_of_ideas_stand_in_every_solved_column(toy):
    table = toy.idea_flows
    assert set(table["scenario"]) == {"baseline", *toy.solved}
    base = table.filter(scenario="baseline")
    np.testing.assert_allclose(base["value"], base["baseline"])
    more = table.filter(scenario="b.research", level="province", source="B")
    assert (more["change"] > 0).all()  # B's research is raised: whoever uses it uses more
    assert table.filter(scenario="b.research", level="province", source="A")["change"].abs().max() == pytest.approx(0.0, abs=1e-9)


def test_a_path_without_a_certificate_leaves_its_tables_empty_and_says_why(toy, monkeypatch):
    def fails(*_, **__):
        raise SolveError("the path 'new town' stops in 2031: made up")

    monkeypatch.setattr(over_time, "paths_of", fails)
    found = appraise(toy.baseline)
    assert found.no_path == "the path 'new town' stops in 2031: made up"
    assert found.no_path in found.warnings
    for name in ("path", "path_growth", "path_needs", "path_fit"):
        assert found.tables[name].is_empty()
        assert list(found.tables[name].schema) == list(SCHEMAS[name])
    assert found.matrix.equals(toy.matrix)
    assert not found.idea_flows.is_empty()


def test_every_table_has_the_columns_of_its_schema(toy):
    for name, schema in SCHEMAS.items():
        assert toy.tables[name].schema == pl.Schema(schema), name


def test_a_few_years_of_many_are_chosen():
    assert chosen_years(tuple(range(2020, 2051))) == (2020, 2025, 2030, 2035, 2040, 2045, 2050)
    assert chosen_years((2020, 2023)) == (2020, 2023)
    assert len(chosen_years(tuple(range(2020, 2101)))) == 7
