"""Long work: it tells how far it is, ends when told to, gives everybody a turn, and equals what the command line finds."""

from __future__ import annotations

import json
import time
import tomllib
from typing import Any

import httpx
import polars as pl
import pytest

from bridgehead.cases import case_folder
from bridgehead.region.forms import to_toml
from bridgehead.report.cli import run

BOTH_SIDES = case_folder("toy") / "scenarios" / "5_all_four.toml"
PLAN = {"format": 1, "name": "More land", "from": 2025, "lever": [{"lever": "land", "place": "ZB", "multiply": 1.2}]}


def begin(client: httpx.Client, kind: str, **more: Any) -> dict:
    answer = client.post("/api/jobs", json={"kind": kind, "region": "toy", "scenario": PLAN, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def wait(client: httpx.Client, id: int, *states: str, seconds: float = 300.0) -> dict:
    """The job once it is in one of the states (default: ended)."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job = client.get(f"/api/jobs/{id}").json()
        if job["state"] in (states or ("done", "failed", "cancelled", "interrupted")):
            return job
        time.sleep(0.05)
    raise AssertionError(f"job {id} is still {job}")


@pytest.fixture(scope="module")
def path_job(client) -> dict:
    job = begin(client, "path", options={"until": 2030})
    done = wait(client, job["id"])
    assert done["state"] == "done", done
    return done


def test_a_path_equals_the_command_lines(client, path_job, tmp_path):
    found = client.get(f"/api/jobs/{path_job['id']}/result").json()
    file = tmp_path / "plan.toml"
    key = client.post("/api/regions/toy/solve", json={"scenario": PLAN}).json()["key"]
    file.write_bytes(client.get(f"/api/results/{key}/scenario.toml").content)
    assert run(["path", "toy", "--until", "2030", "--scenario", str(file), "--out", str(tmp_path / "out")]) == 0
    table = pl.read_parquet(tmp_path / "out" / "path.parquet").filter(pl.col("level") == "inside")
    for variable, sides in found["inside"].items():
        rows = table.filter(pl.col("variable") == variable)
        assert sides == {"baseline": rows["baseline"].to_list(), "scenario": rows["scenario"].to_list()}, variable
    places = pl.read_parquet(tmp_path / "out" / "places.parquet").filter((pl.col("variable") == "jobs") & (pl.col("year") == 2030))
    assert found["places"]["jobs"]["scenario"][found["years"].index(2030)] == places["scenario"].to_list()
    # Before the levers begin the two paths are one.
    early = found["years"].index(2024)
    assert found["places"]["jobs"]["scenario"][early] == found["places"]["jobs"]["baseline"][early]
    assert {each["outcome"] for each in found["certificates"]} == {"solved"}


def test_a_job_knows_how_far_it_is(path_job):
    assert path_job["done"] == path_job["total"] == 2 * 8
    assert path_job["label"] == "More land 2030"


def test_sharing_equals_the_command_lines(client, capsys):
    plan = tomllib.loads(BOTH_SIDES.read_text(encoding="utf-8"))
    job = begin(client, "share", scenario=plan, options={"value": "welfare"})
    done = wait(client, job["id"])
    assert done["state"] == "done", done
    found = client.get(f"/api/jobs/{job['id']}/result").json()
    capsys.readouterr()
    assert run(["share", "toy", "--scenario", str(BOTH_SIDES), "--value", "welfare", "--json", "--lang", "en"]) == 0
    expected = json.loads(capsys.readouterr().out)
    assert found["en"] == {key: value for key, value in expected.items() if key != "seconds"}
    assert [rule["allocation"] for rule in found["zh"]["rules"]] == [rule["allocation"] for rule in found["en"]["rules"]]
    assert found["zh"]["notes"] != found["en"]["notes"]


@pytest.mark.slow
def test_an_optimal_plan_equals_the_command_lines(client, tmp_path, capsys):
    border = {"flow": "commuting", "level": "regime", "between": ["A"], "and": ["B"]}
    problem = {"raise": "welfare", "border_points": 20.0, "border": [border, border | {"flow": "trade"}]}
    job = begin(client, "optimise", scenario=None, options={"problem": problem})
    done = wait(client, job["id"])
    assert done["state"] == "done", done
    found = client.get(f"/api/jobs/{job['id']}/result").json()
    (tmp_path / "problem.toml").write_text(to_toml({"format": 1} | problem), encoding="utf-8")
    capsys.readouterr()
    assert run(["optimise", "toy", "--problem", str(tmp_path / "problem.toml"), "--json", "--lang", "en"]) == 0
    expected = json.loads(capsys.readouterr().out)
    assert found["en"] == {key: value for key, value in expected.items() if key not in ("seconds", "out", "files")}
    # The plan is a scenario like any other: solving it gives the welfare that the search promised.
    solved = client.post("/api/regions/toy/solve", json={"scenario": found["scenario"]}).json()
    promised = next(row["optimum"] for row in found["en"]["measures"] if row["role"] == "raise")
    assert solved["totals"]["welfare"] == pytest.approx(promised, rel=1e-9)


def test_a_report_comes_with_all_its_tables(client):
    job = begin(client, "appraise", options={"lang": "zh"})
    done = wait(client, job["id"])
    assert done["state"] == "done", done
    page = client.get(f"/api/jobs/{job['id']}/files/report.html")
    assert page.headers["content-disposition"].startswith('attachment; filename="report.html"')
    assert '<html lang="zh"' in page.text
    assert client.get(f"/api/jobs/{job['id']}/files/files.zip").content.startswith(b"PK")


@pytest.mark.slow
def test_an_ensemble_goes_on_where_it_was_stopped_and_equals_the_command_lines(client, tmp_path, capsys):
    """Cancelled in the middle, resumed, and in the end the numbers of a run that was never stopped."""
    options = {"draws": 6, "seed": 3, "batch": 1}
    id = begin(client, "ensemble", options=options)["id"]
    while (job := client.get(f"/api/jobs/{id}").json())["done"] < 2:
        assert job["state"] in ("waiting", "running"), job
        time.sleep(0.05)
    assert client.delete(f"/api/jobs/{id}").status_code == 204
    stopped = client.get(f"/api/jobs/{id}").json()
    assert stopped["state"] == "cancelled"
    assert stopped["resumable"] is True
    assert client.post(f"/api/jobs/{id}/resume").status_code == 200
    done = wait(client, id)
    assert done["state"] == "done", done
    found = client.get(f"/api/jobs/{id}/result").json()
    assert found["took"]["draws_kept"] >= 2
    key = client.post("/api/regions/toy/solve", json={"scenario": PLAN}).json()["key"]
    file = tmp_path / "More land.toml"
    file.write_bytes(client.get(f"/api/results/{key}/scenario.toml").content)
    capsys.readouterr()
    asked = ["--draws", "6", "--seed", "3", "--batch", "1", "--workers", "1", "--scenario", str(file), "--out", str(tmp_path / "out")]
    assert run(["ensemble", "toy", *asked, "--json"]) == 0
    expected = json.loads(capsys.readouterr().out)
    for table in ("ranges", "outcomes", "factors", "certificates", "notes"):
        assert found[table] == expected[table], table
    assert client.get(f"/api/jobs/{id}/files/report.html").status_code == 200


def test_a_running_job_is_cancelled_at_once(client):
    job = begin(client, "path", options={"until": 2200})
    wait(client, job["id"], "running")
    while (running := client.get(f"/api/jobs/{job['id']}").json())["seconds_left"] is None:
        assert running["state"] == "running"
        time.sleep(0.02)
    assert running["seconds_left"] > 0
    since = time.monotonic()
    assert client.delete(f"/api/jobs/{job['id']}").status_code == 204
    assert time.monotonic() - since < 5
    assert client.get(f"/api/jobs/{job['id']}").json()["state"] == "cancelled"
    assert client.get(f"/api/jobs/{job['id']}/result").status_code == 409
    # The next job finds a process that works.
    assert wait(client, begin(client, "path", options={"until": 2024})["id"])["state"] == "done"


def test_options_that_are_none_are_refused(client):
    for kind, options in (("path", {"untill": 2030}), ("path", {"step": 0}), ("share", {"value": "votes"}), ("dance", {})):
        answer = client.post("/api/jobs", json={"kind": kind, "region": "toy", "options": options})
        assert answer.status_code == 422, (kind, options)


def test_an_impossible_job_fails_with_its_reason(client):
    answer = begin(client, "path", options={"from": 2040, "until": 2030})
    job = wait(client, answer["id"])
    assert job["state"] == "failed"
    assert any("ends in 2030" in fault["cause"] for fault in job["faults"])


def test_one_user_cannot_starve_another(server):
    """A user fills the queue; another's job goes next all the same, and the first gets no more than the limit."""
    greedy, modest = server.client(), server.client()
    most = greedy.get("/api/session").json()["limits"]["jobs_per_user"]
    mine = [begin(greedy, "path", options={"until": 2080})["id"] for _ in range(most)]
    wait(greedy, mine[0], "running")
    refused = greedy.post("/api/jobs", json={"kind": "path", "region": "toy", "options": {}})
    assert refused.status_code == 429
    theirs = begin(modest, "path", options={"until": 2024})["id"]
    assert wait(modest, theirs)["state"] == "done"
    states = [greedy.get(f"/api/jobs/{id}").json()["state"] for id in mine]
    assert states[-1] == "waiting"
    for id in mine:
        greedy.delete(f"/api/jobs/{id}")


@pytest.mark.slow
def test_a_long_ensemble_makes_room_for_another_user_and_goes_on(server, client):
    """Thousands of draws of one user: another's path is done long before them, and no draw that was made is lost."""
    mine = begin(client, "ensemble", options={"draws": 5000, "paths": 0})
    wait(client, mine["id"], "running")
    other = server.client()
    theirs = begin(other, "path", options={"until": 2025})
    ended = wait(other, theirs["id"], seconds=200)
    assert ended["state"] == "done", ended
    made = client.get(f"/api/jobs/{mine['id']}").json()
    assert made["state"] in ("waiting", "running")
    assert 0 < made["done"] < made["total"]
    again = wait(client, mine["id"], "running")
    until = time.monotonic() + 120
    while (again := client.get(f"/api/jobs/{mine['id']}").json())["done"] <= made["done"] and time.monotonic() < until:
        time.sleep(0.2)
    assert again["done"] > made["done"]
    client.delete(f"/api/jobs/{mine['id']}")
    assert client.get(f"/api/jobs/{mine['id']}").json()["resumable"]
    client.delete(f"/api/jobs/{mine['id']}")
