"""Safe by default: this machine alone, one's own page alone, and beyond that nobody who has not said who they are."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from bridgehead.report.cli import run
from bridgehead.report.web import accounts
from bridgehead.report.web.fair import Crowded, FairQueue, Superseded, Waiting
from bridgehead.report.web.guard import Rate, is_known_host
from bridgehead.report.web.settings import Settings
from web.test_uploads import files, settled, zipped

PASSWORD = "a long enough password"
LAND = {"format": 1, "name": "x", "lever": [{"lever": "land", "place": "ZB", "multiply": 1.2}]}


def test_only_this_machine_is_listened_to(server):
    port = httpx.URL(server.address).port
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    bound = {entry[1].split(":")[0] for entry in listening if entry[3] == "0A" and int(entry[1].split(":")[1], 16) == port}
    assert bound == {"0100007F"}  # 127.0.0.1, and nothing else


def test_every_answer_carries_the_policy(client):
    for path in ("/", "/api/regions", "/healthz", "/api/nothing", "/static/index.html"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self';"), path
        assert "unsafe" not in headers["content-security-policy"]
        assert "http" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_the_cookie_is_for_our_page_alone(server):
    said = httpx.get(f"{server.address}api/session").headers["set-cookie"]
    assert "HttpOnly" in said
    assert "SameSite=strict" in said


def test_another_name_for_this_machine_is_not_answered(client):
    """A page of another site whose name is made to point here (DNS rebinding) sends its own name."""
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "evil.example@localhost", "[::1", "localhost/x", ""):
        assert client.get("/api/regions", headers={"host": host}).status_code in (400, 403), host


def test_changes_take_the_sessions_token(server):
    stranger = httpx.Client(base_url=server.address)
    stranger.get("/api/session")
    for headers in ({}, {"x-csrf-token": "0" * 64}):
        answer = stranger.post("/api/links", json={"state": {}}, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["code"] == "session"
    stranger.close()


def test_changes_from_other_sites_are_refused_even_with_the_token(client):
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        assert client.post("/api/links", json={"state": {}}, headers=headers).status_code == 403, headers
    own = str(client.base_url).rstrip("/")
    assert client.post("/api/links", json={"state": {}}, headers={"origin": own, "sec-fetch-site": "same-origin"}).status_code == 201


def test_a_token_of_another_session_does_not_do(client, server):
    other = server.client()
    answer = client.post("/api/links", json={"state": {}}, headers={"x-csrf-token": other.headers["x-csrf-token"]})
    assert answer.status_code == 403


def test_no_page_of_the_server_names_another_machine(client):
    """OpenAPI is served as data; the interactive pages that load scripts from elsewhere are not there."""
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404
    assert client.get("/openapi.json").json()["info"]["title"] == "Bridgehead"


def test_files_outside_static_are_not_served(client):
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"):
        assert client.get(path).status_code in (400, 404), path


def test_beyond_this_machine_takes_accounts_or_a_token(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("BRIDGEHEAD_TOKEN", raising=False)
    assert run(["serve", "toy", "--host", "0.0.0.0", "--port", "0", "--store", str(tmp_path / "store"), "--lang", "en"]) == 1
    said = " ".join(capsys.readouterr().err.split())
    assert "everybody who reaches this address could use the workbench" in said
    assert "--add-user" in said


def test_passwords_are_kept_as_scrypt_hashes():
    kept = accounts.hashed(PASSWORD)
    assert kept.startswith("scrypt$")
    assert PASSWORD not in kept
    assert kept != accounts.hashed(PASSWORD)  # salted
    assert accounts.matches(PASSWORD, kept)
    assert not accounts.matches(PASSWORD + " ", kept)


def test_a_changed_cookie_is_no_session():
    seal = accounts.Seal(b"secret")
    cookie = seal.cookie(seal.new("li"))
    assert seal.read(cookie).user == "li"
    assert accounts.Seal(b"other").read(cookie) is None
    text, sign = cookie.split(".")
    for wrong in (f"{text}.{'0' * len(sign)}", f"{text[:-4]}AAAA.{sign}", text, "", "é.é", None):
        assert seal.read(wrong) is None, wrong


def add_user(store: Path, name: str, password: str = PASSWORD) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "bridgehead.report.cli", "serve", "--add-user", name, "--store", str(store), "--lang", "en"]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | {"BRIDGEHEAD_PASSWORD": password}, check=False)


@pytest.fixture(scope="module")
def guarded(serve, tmp_path_factory):
    """A server with two accounts."""
    store = tmp_path_factory.mktemp("guarded") / "store"
    for name in ("li", "wang"):
        assert add_user(store, name).returncode == 0
    made = serve("--workers", "1", store=store)
    made.ready("toy")
    return made


def signed_in(guarded, name: str) -> httpx.Client:
    client = guarded.client()
    answer = client.post("/api/session", json={"name": name, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    client.headers["x-csrf-token"] = answer.json()["csrf"]
    return client


def test_nobody_comes_in_without_an_account(guarded):
    stranger = guarded.client()
    assert stranger.get("/api/session").json()["signed_in"] is False
    assert stranger.get("/api/session").json()["accounts"] is True
    schema = stranger.get("/openapi.json").json()
    for path, methods in schema["paths"].items():
        if not path.startswith("/api/") or path == "/api/session":
            continue
        for method in methods:
            answer = stranger.request(method.upper(), re.sub(r"\{\w+\}", "1", path))
            assert answer.status_code == 401, (method, path)
    assert stranger.get("/healthz").status_code == 200


def test_wrong_passwords_and_unknown_names_answer_alike(guarded):
    client = guarded.client()
    answers = [
        client.post("/api/session", json=body) for body in ({"name": "li", "password": "wrong"}, {"name": "nobody", "password": PASSWORD})
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()


def test_two_users_work_at_once_and_the_history_tells_them_apart(guarded):
    li, wang = signed_in(guarded, "li"), signed_in(guarded, "wang")
    made = li.post("/api/scenarios", json={"region": "toy", "scenario": LAND}).json()
    wang.put(f"/api/scenarios/{made['id']}", json={"revision": 1, "note": "seen by Wang"})
    rows = li.get(f"/api/scenarios/{made['id']}/history").json()["history"]
    assert [(row["who"], row["action"]) for row in rows] == [("wang", "annotated"), ("li", "created")]
    one, two = (client.post("/api/regions/toy/solve", json={"scenario": LAND}).json() for client in (li, wang))
    assert one["places"] == two["places"]


def test_nobody_sees_anothers_jobs(guarded):
    li, wang = signed_in(guarded, "li"), signed_in(guarded, "wang")
    job = li.post("/api/jobs", json={"kind": "path", "region": "toy", "options": {"until": 2025}}).json()
    assert [each["id"] for each in li.get("/api/jobs").json()["jobs"]] == [job["id"]]
    assert wang.get("/api/jobs").json()["jobs"] == []
    for path in ("", "/result", "/files/files.zip"):
        assert wang.get(f"/api/jobs/{job['id']}{path}").status_code == 404
    assert wang.delete(f"/api/jobs/{job['id']}").status_code == 404
    assert li.delete(f"/api/jobs/{job['id']}").status_code == 204


def test_nobody_deletes_anothers_region(guarded):
    li, wang = signed_in(guarded, "li"), signed_in(guarded, "wang")
    id = li.post("/api/regions", content=zipped(files()), headers={"content-type": "application/zip"}).json()["id"]
    assert settled(li, id)["state"] == "ready"
    refused = wang.delete(f"/api/regions/{id}")
    assert (refused.status_code, refused.json()["code"]) == (403, "owner")
    assert wang.post(f"/api/regions/{id}/solve", json={}).status_code == 200
    assert li.delete(f"/api/regions/{id}").status_code == 204


def test_who_signs_out_is_out_also_with_a_copy_of_the_cookie(guarded):
    client = signed_in(guarded, "li")
    copy = dict(client.cookies)
    assert client.get("/api/scenarios").status_code == 200
    assert client.delete("/api/session").status_code == 200
    assert httpx.get(f"{guarded.address}api/scenarios", cookies=copy).status_code == 401


def test_a_new_password_ends_the_old_sessions(guarded):
    """Looked up every few seconds, so it takes a few."""
    client = signed_in(guarded, "wang")
    assert client.get("/api/scenarios").status_code == 200
    assert add_user(guarded.store, "wang", PASSWORD).returncode == 0
    for _ in range(100):
        if client.get("/api/scenarios").status_code == 401:
            break

        time.sleep(0.1)
    assert client.get("/api/scenarios").status_code == 401


def test_a_short_password_is_refused(tmp_path):
    answer = add_user(tmp_path / "store", "li", "short")
    assert answer.returncode == 1
    assert "at least 10 characters" in answer.stderr


def test_guessing_passwords_is_slowed_down(guarded):
    client = guarded.client()
    codes = [client.post("/api/session", json={"name": "li", "password": f"guess {n}"}).status_code for n in range(14)]
    assert 429 in codes
    assert 200 not in codes


def test_a_program_comes_in_with_the_token(serve):
    server = serve("--workers", "1", environment={"BRIDGEHEAD_TOKEN": "a-long-random-secret"})
    server.clients.append(httpx.Client(base_url=server.address, headers={"authorization": "Bearer a-long-random-secret"}))
    server.ready("toy")
    client = server.clients[0]
    assert client.post("/api/regions/toy/solve", json={"scenario": LAND}).json()["outcome"] == "solved"
    for headers in ({}, {"authorization": "Bearer wrong"}):
        assert httpx.get(f"{server.address}api/regions", headers=headers).status_code == 401
    page = httpx.Client(base_url=server.address)
    csrf = page.get("/api/session").json()["csrf"]
    assert page.post("/api/session", json={"token": "wrong"}, headers={"x-csrf-token": csrf}).status_code == 401
    assert page.post("/api/session", json={"token": "a-long-random-secret"}, headers={"x-csrf-token": csrf}).status_code == 200
    assert page.get("/api/regions").status_code == 200
    page.close()


def test_guessing_the_token_is_slowed_down(serve):
    server = serve("--workers", "1", environment={"BRIDGEHEAD_TOKEN": "a-long-random-secret"})
    guesses = [{"authorization": f"Bearer guess {n}"} for n in range(14)]
    codes = [httpx.get(f"{server.address}api/regions", headers=guess).status_code for guess in guesses]
    assert codes[0] == 401
    assert codes[-1] == 429
    assert httpx.get(f"{server.address}api/regions", headers={"authorization": "Bearer a-long-random-secret"}).status_code == 200


UNFIT = [r"\ud800", r"a\u0000b"]


@pytest.mark.parametrize("name", UNFIT)
def test_text_that_cannot_be_kept_is_refused_and_holds_up_nobody(client, name):
    """Half a character has no UTF-8: as many such questions as there are workers must not stop them."""
    plan = f'{{"format": 1, "name": "{name}", "lever": []}}'
    head = {"content-type": "application/json"}
    for _ in range(3):
        assert client.post("/api/regions/toy/solve", content=f'{{"scenario": {plan}}}', headers=head).status_code == 422
    for path, body in (
        ("/api/scenarios", f'{{"region": "toy", "scenario": {plan}}}'),
        ("/api/links", f'{{"state": {{"{name}": 1}}}}'),
        ("/api/jobs", f'{{"kind": "path", "region": "toy", "scenario": {plan}}}'),
        ("/api/session", f'{{"name": "{name}", "password": "x"}}'),
    ):
        assert client.post(path, content=body, headers=head).status_code == 422, path
    assert client.post("/api/regions/toy/solve", json={"scenario": LAND}).json()["outcome"] == "solved"


@pytest.mark.parametrize(
    "path",
    [
        "jobs/99999999999999999999", "jobs/4294967296/result", "scenarios/99999999999999999999/history", "scenarios/1/revisions/4294967296000",
        "links/%00", "links/x%00", "regions/%00", "results/%00", "jobs/1/files/%00", "scenarios?region=%00",
        "regions/..%2f..%2fetc", "regions/toy/places/..%2fZB/facts", "results/..%2f..%2fx/download/places.csv", "jobs/1/files/..%2fresult",
    ],
)  # fmt: skip
def test_an_odd_address_is_answered_plainly(client, path):
    assert client.get(f"/api/{path}").status_code in (400, 404, 422)
    assert client.delete(f"/api/{path}").status_code in (400, 404, 405, 422)


def test_requests_are_rationed():
    now = [0.0]
    rate = Rate(10.0, 5, clock=lambda: now[0])
    assert [rate.wait("a") for _ in range(5)] == [0.0] * 5
    assert rate.wait("a") == pytest.approx(0.1)
    assert rate.wait("b") == 0.0  # another client is not held up
    now[0] = 0.1
    assert rate.wait("a") == 0.0


def test_more_levers_than_anybody_means_are_refused(client):
    plan = LAND | {"lever": LAND["lever"] * 1001}
    answer = client.post("/api/regions/toy/solve", json={"scenario": plan})
    assert answer.status_code == 422
    assert "1001 levers" in answer.json()["faults"][0]["cause"]


def test_ctrl_c_is_how_it_ends(serve):
    server = serve("--workers", "1")
    assert server.client().get("/healthz").json()["workers"] == 1
    workers = subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=False).stdout.split()
    assert workers
    server.end()
    assert server.process.returncode == 0
    assert not [id for id in workers if Path(f"/proc/{id}").exists()]


def test_names_under_which_others_may_reach_us():
    shared = Settings(host="0.0.0.0", hosts=("plan.example",))
    assert is_known_host("10.0.0.5", shared)
    assert is_known_host("plan.example", shared)
    assert not is_known_host("evil.example", shared)
    assert not is_known_host("10.0.0.5", Settings())


def ask(queue: FairQueue, user: str, view: str | None = None) -> Waiting:
    return Waiting(user, "toy", "solve", {}, view)


def test_users_take_turns():

    async def order() -> list[str]:
        queue = FairQueue(8)
        for user in ("a", "a", "a", "b", "c"):
            await queue.put(ask(queue, user))
        return [(await queue.take(lambda _: True)).user for _ in range(5)]

    assert asyncio.run(order()) == ["a", "b", "c", "a", "a"]


def test_only_the_newest_question_of_a_view_waits():

    async def play() -> None:
        queue = FairQueue(2)
        old, new = ask(queue, "a", "map"), ask(queue, "a", "map")
        await queue.put(old)
        await queue.put(new)
        assert isinstance(old.answer.exception(), Superseded)
        await queue.put(ask(queue, "a", "other"))
        with pytest.raises(Crowded):
            await queue.put(ask(queue, "a"))
        assert await queue.take(lambda _: True) is new

    asyncio.run(play())
