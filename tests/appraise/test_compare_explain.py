"""Two solutions side by side, and the chain behind one place."""

from __future__ import annotations

import polars as pl
import pytest

from bridgehead.appraise import by_stage, compare_solutions, explain_place, write_appraisal
from bridgehead.errors import DataError, LabelError


@pytest.fixture(scope="module")
def folder(toy, tmp_path_factory):
    where = tmp_path_factory.mktemp("appraisal")
    write_appraisal(toy, where)
    return where / "solutions"


def test_inputs_differ_where_the_scenarios_do(folder):
    found = compare_solutions(folder / "zone.land", folder / "a.open")
    inputs = {row["input"]: (row["a"], row["b"]) for row in found.inputs.iter_rows(named=True)}
    assert inputs["scenario.lever 1.lever"] == ("land", "passage")
    assert inputs["scenario.lever 2.open"] == ("", "0.1")
    assert not any(name.startswith("parameters") for name in inputs)
    assert found.notes == ()


def test_outputs_differ_by_what_the_matrix_says(folder, toy):
    found = compare_solutions(folder / "baseline", folder / "zone.land")
    places = found.tables["places"]
    assert places.columns[:5] == ["place", "wage_a", "wage_b", "wage_change", "wage_percent"]
    change = toy.places_change.filter(scenario="zone.land")
    both = change.join(places, on="place")
    assert both["rent_home_change_percent"].to_list() == pytest.approx(both["rent_home_percent"].to_list(), abs=1e-9)
    totals = {row["quantity"]: row for row in found.totals.iter_rows(named=True)}
    assert totals["floor_home"]["change"] > 0
    assert totals["residents_elsewhere"]["b"] > 0
    assert found.certificates[1]["outcome"] == "solved"


def test_a_folder_compared_with_itself_has_no_differences(folder):
    found = compare_solutions(folder / "new_town", folder / "new_town")
    assert found.inputs.is_empty()
    assert set(found.tables["places"].select(pl.col("^.*_change$").abs().max()).row(0)) == {0.0}


def test_what_is_missing_is_listed(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError) as found:
        compare_solutions(tmp_path / "nowhere", tmp_path / "empty")
    texts = [str(fault) for fault in found.value.faults]
    assert len(texts) == 6
    assert texts[0].endswith("nowhere: no such folder; expected a folder that `bridgehead solve --out` wrote")
    assert texts[1].endswith("empty: has no certificate.json; expected a folder that `bridgehead solve --out` wrote")


def test_the_chain_goes_from_lever_to_welfare(toy):
    steps = explain_place(toy.baseline, toy.scenarios["new_town"], "ZB")
    assert list(by_stage(steps)) == ["lever", "flows", "market", "wage", "rent", "welfare"]
    named = {step.name: step for step in steps}
    assert named["land for homes"].change_percent == pytest.approx(20.0)
    assert named["R&D spending"].change_percent == pytest.approx(100.0)
    assert named["goods passage, ZB ← ZA"].after == 1.0
    assert named["real value added"].source == "model page §10"
    change = toy.places_change.filter(scenario="new_town", place="ZB").row(0, named=True)
    assert named["real value added"].change_percent == pytest.approx(change["value_added_change_percent"])
    assert named["home rent"].change_percent == pytest.approx(change["rent_home_change_percent"])
    assert named["home rent"].text().startswith("home rent: 0.7 → 0.65")
    assert named["home rent"].text("zh").startswith("住宅租金: 0.7 → 0.65")
    assert all(step.equation and step.name_zh for step in steps)


def test_a_place_that_no_lever_names_still_has_its_chain(toy):
    steps = explain_place(toy.baseline, toy.scenarios["zone.land"], "A11")
    assert "lever" not in by_stage(steps)
    assert {"flows", "wage", "rent", "welfare"} <= set(by_stage(steps))


def test_an_unknown_place_is_answered_with_the_nearest(toy):
    with pytest.raises(LabelError, match="unknown place 'A111'; did you mean 'A11'"):
        explain_place(toy.baseline, toy.scenarios["zone.land"], "A111")


def appraisal_folder(folder, value, unit="bp"):
    import json

    (folder / "solutions" / "baseline").mkdir(parents=True)
    (folder / "solutions" / "baseline" / "inputs.json").write_text(json.dumps({"parameters": {"home_dispersion": value}}))
    head = "need,government,name,measure,line,unit,better,baseline,one"
    (folder / "matrix.csv").write_text(f"{head}\nn,g,N,M,1,{unit},up,5.0,{value}\nn,g,N,M2,2,1,up,5.0,\n")
    return folder


def test_two_appraisals_are_compared_cell_by_cell(tmp_path):
    from bridgehead.appraise.compare_appraisals import compare_appraisals

    a, b = appraisal_folder(tmp_path / "a", 1.5), appraisal_folder(tmp_path / "b", 2.0)
    found = compare_appraisals(a, b)
    assert found.inputs.rows() == [("parameters.home_dispersion", "1.5", "2.0")]
    assert found.cells.height == 4
    assert found.differing.select("need", "line", "scenario", "a", "b", "difference").rows() == [("n", "1", "one", 1.5, 2.0, 0.5)]
    other = compare_appraisals(a, appraisal_folder(tmp_path / "c", 1.5, unit="%"))
    assert other.notes == ("2 cells are in different units and are not compared",)
    with pytest.raises(DataError, match="is no appraisal"):
        compare_appraisals(a, tmp_path)
