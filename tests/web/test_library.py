"""The library: nothing saved is lost or changed behind one's back, and files leave as they came."""

from __future__ import annotations

import pytest

from bridgehead.cases import case_folder
from bridgehead.policy import read_scenario, scenario_text

FILES = sorted((case_folder("toy") / "scenarios").glob("*.toml"))
LAND = {"format": 1, "name": "More land", "lever": [{"lever": "land", "place": "ZB", "multiply": 1.2}]}


@pytest.fixture
def saved(client) -> dict:
    answer = client.post("/api/scenarios", json={"region": "toy", "scenario": LAND, "note": "first"})
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_imported_file_leaves_byte_for_byte(client, file):
    entry = client.post("/api/scenarios/import", params={"region": "toy"}, content=file.read_bytes()).json()
    assert client.get(f"/api/scenarios/{entry['id']}/scenario.toml").content == file.read_bytes()
    # A note is no change of the file, and neither is saving what is the same.
    noted = client.put(f"/api/scenarios/{entry['id']}", json={"revision": 1, "note": "seen"}).json()
    client.put(f"/api/scenarios/{entry['id']}", json={"revision": noted["revision"], "scenario": noted["scenario"]})
    assert client.get(f"/api/scenarios/{entry['id']}/scenario.toml").content == file.read_bytes()


def test_a_file_with_other_line_ends_leaves_byte_for_byte(client):
    body = "\ufeff" + FILES[0].read_text(encoding="utf-8").replace("\n", "\r\n")
    entry = client.post("/api/scenarios/import", params={"region": "toy"}, content=body.encode()).json()
    assert client.get(f"/api/scenarios/{entry['id']}/scenario.toml").content == body.encode()
    solved = client.post("/api/regions/toy/solve", json={"saved": entry["id"]})
    assert solved.status_code == 200, solved.text


def test_what_the_page_saves_is_what_the_command_line_writes(client, saved, toy_region, tmp_path):
    text = client.get(f"/api/scenarios/{saved['id']}/scenario.toml").content
    assert text.decode() == scenario_text(read_scenario(LAND, toy_region))
    file = tmp_path / "saved.toml"
    file.write_bytes(text)
    assert read_scenario(file, toy_region).levers == read_scenario(LAND, toy_region).levers


def test_days_survive_json(client):
    plan = LAND | {"from": "2030-01-01", "until": 2040, "lever": [LAND["lever"][0] | {"starts": "2031-06-30"}]}
    entry = client.post("/api/scenarios", json={"region": "toy", "scenario": plan}).json()
    assert entry["scenario"] == plan
    assert b"from = 2030-01-01" in client.get(f"/api/scenarios/{entry['id']}/scenario.toml").content


def test_an_import_with_faults_lists_them_with_rows(client):
    text = 'format = 1\nname = "x"\n\n[[lever]]\nlever = "land"\nplace = "ZZ"\nmultiply = 1.2\n\n[[lever]]\nlever = "lend"\n'
    before = len(client.get("/api/scenarios").json()["scenarios"])
    answer = client.post("/api/scenarios/import", params={"region": "toy"}, content=text.encode())
    assert answer.status_code == 422
    places = [fault["place"] for fault in answer.json()["faults"]]
    assert len(places) == 2
    assert places[0].startswith("scenario.toml:4 (lever 1)")
    assert places[1].startswith("scenario.toml:9 (lever 2)")
    assert len(client.get("/api/scenarios").json()["scenarios"]) == before


def test_history_says_who_changed_what_when(client, saved):
    id, plan = saved["id"], LAND | {"lever": [LAND["lever"][0] | {"multiply": 1.3}]}
    client.put(f"/api/scenarios/{id}", json={"revision": 1, "scenario": plan})
    client.put(f"/api/scenarios/{id}", json={"revision": 2, "note": "for Friday"})
    client.put(f"/api/scenarios/{id}", json={"revision": 3, "name": "Much more land"})
    client.delete(f"/api/scenarios/{id}")
    assert client.get(f"/api/scenarios/{id}").status_code == 404
    back = client.post(f"/api/scenarios/{id}/restore", json={"revision": 2}).json()
    assert back["scenario"] == plan
    rows = client.get(f"/api/scenarios/{id}/history").json()["history"]
    assert [row["action"] for row in rows] == ["restored", "deleted", "renamed", "annotated", "changed", "created"]
    assert [row["revision"] for row in rows] == [6, 5, 4, 3, 2, 1]
    assert rows[4]["changes"] == [{"input": "lever 1.multiply", "a": "1.2", "b": "1.3"}]
    assert {row["who"] for row in rows} == {"local"}
    assert sorted(row["at"] for row in rows) == [row["at"] for row in rows][::-1]


def test_a_change_of_what_somebody_changed_meanwhile_is_refused(client, server, saved):
    other = server.client()
    other.put(f"/api/scenarios/{saved['id']}", json={"revision": 1, "name": "Theirs"})
    answer = client.put(f"/api/scenarios/{saved['id']}", json={"revision": 1, "name": "Mine"})
    assert answer.status_code == 409
    assert answer.json()["current"]["name"] == "Theirs"
    assert client.get(f"/api/scenarios/{saved['id']}").json()["name"] == "Theirs"


def test_a_copy_is_a_scenario_of_its_own(client, saved):
    copy = client.post(f"/api/scenarios/{saved['id']}/duplicate", json={"name": "Copy"}).json()
    assert copy["id"] != saved["id"]
    assert copy["name"] == "Copy"
    client.put(f"/api/scenarios/{copy['id']}", json={"revision": 1, "note": "changed"})
    assert client.get(f"/api/scenarios/{saved['id']}").json()["note"] == "first"


def test_a_link_reopens_what_it_was_made_of(client, server):
    state = {"region": "toy", "a": "key", "层": ["一", 2.5, None]}
    id = client.post("/api/links", json={"state": state}).json()["id"]
    assert server.client().get(f"/api/links/{id}").json()["state"] == state
    assert client.get("/api/links/nothing").status_code == 404
    assert client.post("/api/links", json={"state": {"x": "y" * 40_000}}).status_code == 413
