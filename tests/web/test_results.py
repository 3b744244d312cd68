"""Solving over the API: the numbers are the command line's, bit for bit, and what has no certificate has no numbers."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import polars as pl
import pytest

from bridgehead.cases import case_folder
from bridgehead.report.cli import run
from bridgehead.report.web import beside, controls, views

SCENARIOS = case_folder("toy") / "scenarios"
LAND = SCENARIOS / "3_land_release.toml"
UNSOLVED = SCENARIOS / "9_isolated_common_pool.toml"


def content(file: Path) -> dict:
    return tomllib.loads(file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def solved(client) -> dict:
    """The toy's land release, solved by the server."""
    answer = client.post("/api/regions/toy/solve", json={"scenario": content(LAND), "number": 7})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def by_command(tmp_path_factory) -> Path:
    """The same scenario file solved by the command."""
    folder = tmp_path_factory.mktemp("command") / "out"
    assert run(["solve", "toy", "--scenario", str(LAND), "--out", str(folder)]) == 0
    return folder


def test_numbers_equal_the_command_lines(solved, by_command):
    """JSON carries doubles whole, so equal means equal in every bit."""
    table = pl.read_parquet(by_command / "places.parquet")
    for name, values in solved["places"].items():
        assert values == table[name].to_list(), name


def test_the_whole_certificate_equals_the_command_lines(client, solved, by_command):
    whole = client.get(f"/api/results/{solved['key']}/certificate").json()
    assert whole["complete"] is True
    for name, value in json.loads((by_command / "certificate.json").read_text()).items():
        assert whole[name] == value, name
    # What came at once is the same certificate, as far as it went.
    first = solved["certificate"]
    assert {name: first[name] for name in ("gap", "identities", "estimated_distance", "input_hash")} == {
        name: whole[name] for name in ("gap", "identities", "estimated_distance", "input_hash")
    }


def test_accounts_of_a_place_equal_the_command_lines(client, solved, by_command):
    table = pl.read_parquet(by_command / "places.parquet")
    found = client.get(f"/api/results/{solved['key']}/places/ZB").json()
    row = table.row(by_predicate=pl.col("place") == "ZB", named=True)
    for account in found["accounts"]:
        assert account["value"] == row[account["id"]], account["id"]
    # Money in equals money out.
    assert sum(a["value"] for a in found["accounts"] if a["id"].startswith("net_")) == pytest.approx(0.0, abs=1e-6)


def test_the_file_behind_a_key_gives_the_same_key(client, solved):
    text = client.get(f"/api/results/{solved['key']}/scenario.toml").text
    again = client.post("/api/regions/toy/solve", json={"scenario": tomllib.loads(text)}).json()
    assert again["key"] == solved["key"]
    assert {**again, "milliseconds": 0, "number": 0} == {**solved, "milliseconds": 0, "number": 0}


def test_flows_add_up_to_the_state(client, solved):
    found = client.get(f"/api/results/{solved['key']}/places/ZB/flows", params={"flow": "commuting", "top": 100}).json()
    place = client.get("/api/regions/toy").json()["places"]
    here = [each["id"] for each in place].index("ZB")
    assert found["out_total"]["value"] + found["own"]["value"] == pytest.approx(solved["places"]["residents"][here], rel=1e-9)
    assert found["in_total"]["value"] + found["own"]["value"] == pytest.approx(solved["places"]["jobs"][here], rel=1e-9)
    assert sum(each["value"] for each in found["out"]) == pytest.approx(found["out_total"]["value"], rel=1e-9)


def test_an_unsolved_scenario_has_a_reason_and_no_numbers(client):
    answer = client.post("/api/regions/toy/solve", json={"scenario": content(UNSOLVED)}).json()
    assert answer["outcome"] == "not_solved"
    assert answer["reason"]
    assert answer["worst"]["place_name"]
    assert not {"places", "changes", "totals", "zone"} & set(answer)
    for part in ("matrix", "places/ZB", "places/ZB/flows", "places/ZB/explain"):
        refused = client.get(f"/api/results/{answer['key']}/{part}")
        assert refused.status_code == 409
        assert refused.json()["code"] == "not_solved"


def test_faults_of_a_scenario_come_all_together(client):
    wrong = {
        "format": 1,
        "name": "x",
        "lever": [{"lever": "land", "place": "ZZ", "multiply": 1.2}, {"lever": "lnd"}, {"lever": "research"}],
    }
    answer = client.post("/api/regions/toy/solve", json={"scenario": wrong})
    assert answer.status_code == 422
    faults = answer.json()["faults"]
    assert len(faults) >= 3
    assert all(fault["cause"] for fault in faults)
    assert "did you mean" in json.dumps(faults)


def test_the_baseline_changes_nothing(client):
    answer = client.post("/api/regions/toy/solve", json={}).json()
    baseline = client.get("/api/regions/toy/baseline").json()
    assert answer["places"] == baseline["places"]
    assert {value for values in answer["changes"].values() for value in values} <= {0.0, None}


def test_answers_are_what_openapi_says(client, solved):
    """The bytes of the solving processes are held to the models that OpenAPI is made from."""
    key = solved["key"]
    for path, model in {
        "/api/regions": views.RegionList,
        "/api/regions/toy": views.RegionView,
        "/api/regions/toy/map": views.MapView,
        "/api/regions/toy/levers": controls.LeversView,
        "/api/regions/toy/baseline": views.BaselineView,
        "/api/regions/toy/places/ZB/facts": views.FactsView,
        f"/api/results/{key}": views.SolveView,
        f"/api/results/{key}/certificate": views.Certificate,
        f"/api/results/{key}/matrix": views.MatrixView,
        f"/api/results/{key}/places/ZB": views.PlaceView,
        f"/api/results/{key}/places/ZB/flows": views.FlowsView,
        f"/api/results/{key}/places/ZB/explain": views.ExplainView,
    }.items():
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.text)
        model.model_validate_json(answer.content)


def test_unknown_names_are_not_found(client, solved):
    for path in (
        "/api/regions/nowhere",
        "/api/regions/toy/places/ZZ/facts",
        "/api/results/nothing",
        f"/api/results/{solved['key']}/places/ZZ",
    ):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert answer.json()["error"]


def solve(client, **lever) -> dict:
    plan = {"format": 1, "name": "one lever", "lever": [{"lever": "land", "place": "ZB", **lever}]}
    answer = client.post("/api/regions/toy/solve", json={"scenario": plan})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_comparing_with_the_baseline_is_the_scenarios_own_change(client, solved):
    baseline = client.post("/api/regions/toy/solve", json={}).json()
    found = beside.CompareView.model_validate_json(client.get("/api/compare", params={"a": baseline["key"], "b": solved["key"]}).content)
    assert found.changes == solved["changes"]
    assert {total.id: total.b for total in found.totals} == {k: v for k, v in solved["totals"].items() if k != "unit"}
    matrix = client.get(f"/api/results/{solved['key']}/matrix").json()["rows"]
    assert [row.b for row in found.matrix] == [row["change"] for row in matrix]


def test_comparing_turned_round_has_the_other_sign(client, solved):
    other = solve(client, multiply=1.5)
    there = client.get("/api/compare", params={"a": solved["key"], "b": other["key"]}).json()
    back = client.get("/api/compare", params={"a": other["key"], "b": solved["key"]}).json()
    for one, two in zip(there["totals"], back["totals"], strict=True):
        assert one["difference"] == -two["difference"]
    assert {row["input"] for row in there["inputs"]} >= {"lever 1.multiply"}


def test_a_scenario_of_one_mechanism_is_moved_by_it_alone(client, solved):
    found = beside.MechanismsView.model_validate_json(client.get(f"/api/results/{solved['key']}/mechanisms").content)
    assert [each.id for each in found.mechanisms] == ["land"]
    for row in found.rows:
        assert row.alone["land"] == row.change


def test_the_shadow_price_of_land_is_the_slope_of_welfare(client):
    """A little more land at one place gains what the implicit derivative says."""
    key = client.post("/api/regions/toy/solve", json={}).json()["key"]
    found = beside.ShadowView.model_validate_json(client.get(f"/api/results/{key}/shadow-prices").content)
    places = [place["id"] for place in client.get("/api/regions/toy").json()["places"]]
    more, less = (solve(client, multiply=factor)["totals"]["welfare"] * 1000.0 for factor in (1.01, 1 / 1.01))
    assert (more - less) / 2 == pytest.approx(found.per_percent[places.index("ZB")], rel=1e-2)


def test_the_shadow_price_of_a_passage_is_the_slope_of_welfare(client):
    key = client.post("/api/regions/toy/solve", json={}).json()["key"]
    found = beside.ShadowView.model_validate_json(client.get(f"/api/results/{key}/shadow-prices", params={"of": "passages"}).content)
    row = next(row for row in found.passages if row.flow == "commuting" and row.passage < 0.9)
    gains = []
    for factor in (1.01, 1 / 1.01):
        lever = {"lever": "passage", "flow": row.flow, "level": row.level, "between": [row.receiver], "and": [row.supplier]}
        plan = {"format": 1, "name": "passage", "lever": [lever | {"one_way": True, "multiply": factor}]}
        gains.append(client.post("/api/regions/toy/solve", json={"scenario": plan}).json()["totals"]["welfare"] * 1000.0)
    assert (gains[0] - gains[1]) / 2 == pytest.approx(row.value, rel=1e-2)


def test_a_control_is_made_for_every_lever_and_starts_where_it_does_something(client):
    """Sliders lie within what the lever accepts, and every kind that the region can use has one."""
    from bridgehead.policy import LEVERS

    kinds = {kind["lever"]: kind for kind in client.get("/api/regions/toy/levers").json()["kinds"]}
    assert set(kinds) == set(LEVERS)
    for kind in kinds.values():
        for strength in kind["strengths"]:
            assert strength["min"] <= strength["default"] <= strength["max"]
            assert strength["default"] != strength["neutral"]
            assert strength["least"] is None or strength["least"] <= strength["min"]
            assert strength["most"] is None or strength["max"] <= strength["most"]


def test_a_key_of_another_version_gives_its_scenario_and_no_numbers(serve, tmp_path):
    """The numbers might differ: the scenario is there to be solved again."""
    import sqlalchemy as sa

    from bridgehead.report.web.store import Store, runs

    store = Store.open(None, tmp_path / "store")
    row = {"key": "old", "region": "toy", "data_hash": "x", "version": "0.0.1", "name": "x", "text": 'format = 1\nname = "x"\n'}
    with store.change() as connection:
        connection.execute(sa.insert(runs).values(**row, outcome="solved", created="2026-01-01", who="local"))
    store.close()
    client = serve("--workers", "1", store=tmp_path / "store").client()
    refused = client.get("/api/results/old/matrix")
    assert (refused.status_code, refused.json()["code"]) == (404, "version")
    assert client.get("/api/results/old/scenario.toml").text == row["text"]
