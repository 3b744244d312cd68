"""What is kept survives: a server killed while it saves comes back with the last complete state, on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from bridgehead.cases import case_folder
from bridgehead.errors import DataError
from bridgehead.report.cli import run
from bridgehead.report.web.library import Changed, Library, NotThere
from bridgehead.report.web.store import Store, meta
from bridgehead.report.web.users import add_user, any_users, sign_in
from web.postgres import running_postgres
from web.test_jobs import begin, wait
from web.test_uploads import files, settled, zipped

LAND = {"format": 1, "name": "land", "lever": [{"lever": "land", "place": "ZB", "multiply": 1.2}]}
TEXT = 'format = 1\nname = "{}"\n\n[[lever]]\nlever = "land"\nplace = "ZB"\nmultiply = {}\n'


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """A PostgreSQL that all tests of the store share."""
    with running_postgres() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path) -> Iterator[Store]:
    """An empty store of either kind."""
    address = None if request.param == "sqlite" else request.getfixturevalue("database")
    made = Store.open(address, tmp_path / "store")
    yield made
    if address is not None:
        with made.engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
    made.close()


def test_sqlite_is_in_wal_mode_and_survives_the_machine(tmp_path):
    made = Store.open(None, tmp_path / "store")
    with made.read() as connection:
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(sa.text("PRAGMA synchronous")).scalar() == 2  # FULL
    assert (tmp_path / "store").stat().st_mode & 0o077 == 0  # nobody else reads it
    made.close()


def test_a_scenario_is_kept_with_its_history(store):
    shelf = Library(store)
    row = shelf.add("toy", TEXT.format("one", 1.2), "note", "li")
    shelf.change(row["id"], 1, "wang", text=TEXT.format("two", 1.3))
    assert shelf.find(row["id"])["name"] == "two"
    assert [each["who"] for each in shelf.history(row["id"])] == ["wang", "li"]
    shelf.delete(row["id"], "li")
    with pytest.raises(NotThere):
        shelf.find(row["id"])
    assert shelf.restore(row["id"], 1, "li")["text"] == TEXT.format("one", 1.2)
    assert [each["name"] for each in shelf.all("toy")] == ["one"]
    assert shelf.all("elsewhere") == []


def test_of_two_who_change_at_once_one_is_told(store):
    """Thirty writers of one revision: one of them is kept, and the history has no gap."""
    shelf = Library(store)
    id = shelf.add("toy", TEXT.format("start", 1.0), "", "li")["id"]
    told: list[str] = []

    def write(number: int) -> None:
        try:
            shelf.change(id, 1, f"user {number}", text=TEXT.format(f"by {number}", 1.0))
            told.append("kept")
        except Changed:
            told.append("changed")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["changed"] * 29 + ["kept"]
    assert [row["revision"] for row in shelf.history(id)] == [2, 1]


def test_accounts_are_kept(store):
    assert not any_users(store)
    assert add_user(store, "李", "a long enough password")
    assert any_users(store)
    assert sign_in(store, "李", "a long enough password") == 1
    assert sign_in(store, "李", "another password") is None
    assert not add_user(store, "李", "a new long password")
    assert sign_in(store, "李", "a new long password") == 2


def test_the_secret_of_a_store_stays(store, tmp_path):
    other = again(store, tmp_path / "store")
    assert other.secret == store.secret
    other.close()


def again(store: Store, folder: Path) -> Store:
    """The same store opened once more."""
    if store.engine.dialect.name == "sqlite":
        return Store.open(None, folder)
    return Store.open(store.engine.url.render_as_string(hide_password=False).replace("+psycopg", ""), folder)


@pytest.mark.parametrize("version", ["0", "2"])
def test_a_store_of_another_version_is_refused_and_left_as_it_is(store, tmp_path, version):
    with store.change() as connection:
        connection.execute(sa.update(meta).where(meta.c.key == "schema").values(value=version))
        connection.execute(sa.text("DROP TABLE links"))
    with pytest.raises(DataError, match="store cannot be used") as refused:
        again(store, tmp_path / "store")
    assert f"it has format {version}" in refused.value.faults[0].cause
    assert not sa.inspect(store.engine).has_table("links"), "nothing was made in it"


def test_tables_of_another_program_are_left_alone(store, tmp_path):
    with store.change() as connection:
        for table in sa.inspect(store.engine).get_table_names():
            connection.execute(sa.text(f"DROP TABLE {table}{' CASCADE' if store.engine.dialect.name == 'postgresql' else ''}"))
        connection.execute(sa.text("CREATE TABLE users (id INTEGER)"))
    with pytest.raises(DataError, match="store cannot be used") as refused:
        again(store, tmp_path / "store")
    assert "tables of something else: users" in refused.value.faults[0].cause
    assert sa.inspect(store.engine).get_table_names() == ["users"]


@pytest.mark.parametrize("address", ["postgresql://nobody@127.0.0.1:1/none", "mysql://x@y/z", "no address"])
def test_a_database_that_is_not_there_is_said_plainly(tmp_path, capsys, address):
    assert run(["serve", "toy", "--port", "0", "--store", str(tmp_path), "--database", address]) == 1
    assert "the store cannot be used" in capsys.readouterr().err


def test_an_address_is_told_without_its_password(tmp_path, capsys):
    address = "postgresql://planner:geheim@127.0.0.1:1/none"
    assert run(["serve", "toy", "--port", "0", "--store", str(tmp_path), "--database", address]) == 1
    answer = capsys.readouterr()
    assert "geheim" not in answer.err + answer.out


def hammer(address: str, ids: list[int], stop: threading.Event, said: list[tuple[int, int]]) -> None:
    """Annotate saved scenarios until the server is gone; note every revision that it said it has kept."""
    with contextlib.suppress(httpx.HTTPError), httpx.Client(base_url=address, timeout=30) as client:
        client.headers["x-csrf-token"] = client.get("/api/session").json()["csrf"]
        while not stop.is_set():
            for id in ids:
                revision = client.get(f"/api/scenarios/{id}").json()["revision"]
                changed = client.put(f"/api/scenarios/{id}", json={"revision": revision, "note": f"note {revision}"})
                said.append((id, changed.json()["revision"]))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_server_killed_while_it_saves_comes_back_whole(serve, tmp_path, request, kind):
    """SIGKILL, as a power cut: all that was answered is there, and nothing is there by halves."""
    address = None if kind == "sqlite" else request.getfixturevalue("database")
    folder, arguments = tmp_path / "store", [] if address is None else ["--database", address]
    made = Store.open(address, folder)
    ids = [[Library(made).add("toy", TEXT.format(f"{k} {n}", 1.2), "", "local")["id"] for n in range(3)] for k in range(4)]
    made.close()
    said: list[tuple[int, int]] = []
    for seed in range(2):
        server = serve("--workers", "1", *arguments, store=folder)
        stop = threading.Event()
        clients = [threading.Thread(target=hammer, args=(server.address, own, stop, said)) for own in ids]
        for client in clients:
            client.start()
        until, enough = time.monotonic() + 60, 15 * (seed + 1)
        while len(said) < enough and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(random.Random(seed).random() / 10)
        server.kill()
        stop.set()
        for client in clients:
            client.join()
    assert len(said) >= 30
    made = Store.open(address, folder)
    shelf = Library(made)
    for id in (id for own in ids for id in own):
        entry, rows = shelf.find(id), shelf.history(id)
        assert entry["revision"] >= max((revision for known, revision in said if known == id), default=1)
        assert [row["revision"] for row in rows] == list(range(entry["revision"], 0, -1))
        assert rows[0]["note"] == entry["note"]
    made.close()


@pytest.mark.slow
def test_a_server_that_was_killed_goes_on_where_it_was(serve, tmp_path):
    """Figures shown before say afterwards what they came from, number for number; links, sessions, own regions and jobs go on."""
    store = tmp_path / "store"
    first = serve("--workers", "1", store=store)
    client = first.client()
    first.ready("toy")
    solved = client.post("/api/regions/toy/solve", json={"scenario": LAND}).json()
    link = client.post("/api/links", json={"state": {"key": solved["key"]}}).json()["id"]
    own = client.post("/api/regions", content=zipped(files()), headers={"content-type": "application/zip"}).json()["id"]
    assert settled(client, own)["state"] == "ready"
    long, short = (begin(client, "path", options={"until": year})["id"] for year in (2200, 2024))
    wait(client, long, "running")
    first.kill()

    again = serve("--workers", "1", store=store)
    other = again.client(cookies=dict(client.cookies))
    assert other.headers["x-csrf-token"] == client.headers["x-csrf-token"]
    assert other.get(f"/api/jobs/{long}").json()["state"] == "interrupted"
    listed = {each["id"]: each for each in other.get("/api/regions").json()["regions"]}
    assert listed[own]["name"] == "My delta"
    again.ready("toy")
    key = other.get(f"/api/links/{link}").json()["state"]["key"]
    answer = other.get(f"/api/results/{key}").json()
    assert {**answer, "milliseconds": 0} == {**solved, "milliseconds": 0}
    assert other.get(f"/api/regions/{own}").json()["name"] == "My delta"
    assert settled(other, own)["state"] == "ready"
    assert other.post(f"/api/regions/{own}/solve", json={}).status_code == 200
    assert wait(other, short)["state"] == "done"


def test_the_case_folder_is_left_alone():
    assert not list((case_folder("toy") / "region").glob("*.sqlite*"))
