"""A user's own region: taken in when all is well; else refused whole, with every reason, and nothing of it kept."""

from __future__ import annotations

import base64
import io
import socket
import stat
import time
import zipfile
from pathlib import Path

import httpx
import pytest

from bridgehead.cases import case_folder
from bridgehead.errors import DataError
from bridgehead.report.cli import run
from bridgehead.report.web.settings import Limits
from bridgehead.report.web.uploads import unpacked

TOY = case_folder("toy") / "region"


def files(**changed: str | None) -> dict[str, bytes]:
    """The toy region under another name, with some of its files changed, or left out (None)."""
    found = {path.name: path.read_bytes() for path in TOY.iterdir() if path.is_file()}
    found["region.toml"] = found["region.toml"].replace(b"Toy delta", b"My delta")
    for key, text in changed.items():
        name = key.replace("__", ".")
        found.pop(name, None)
        if text is not None:
            found[name] = text.encode()
    return found


def zipped(content: dict[str, bytes], around: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in content.items():
            archive.writestr(around + name, body)
    return made.getvalue()


def send(client, body: bytes):
    return client.post("/api/regions", content=body, headers={"content-type": "application/zip"})


def kept(server) -> list[str]:
    folder = server.store / "regions"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def settled(client, id: str, seconds: float = 300.0) -> dict:
    """The region once it is ready or refused."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = next((each for each in client.get("/api/regions").json()["regions"] if each["id"] == id), None)
        if found is None or found["state"] in ("ready", "refused"):
            return found
        time.sleep(0.1)
    raise AssertionError(f"{id} is still {found}")


@pytest.fixture(scope="module")
def mine(client) -> str:
    """The toy under another name, taken in as a zip with a folder around it."""
    answer = send(client, zipped(files() | {"README.md": b"mine"}, around="my region/"))
    assert answer.status_code == 202, answer.text
    found = settled(client, answer.json()["id"])
    assert found["state"] == "ready", found
    return found["id"]


def test_a_region_that_is_taken_solves_like_any_other(client, mine):
    assert client.get(f"/api/regions/{mine}").json()["name"] == "My delta"
    plan = {"format": 1, "name": "land", "lever": [{"lever": "land", "place": "ZB", "multiply": 1.2}]}
    own, toy = (client.post(f"/api/regions/{id}/solve", json={"scenario": plan}).json() for id in (mine, "toy"))
    assert own["outcome"] == "solved"
    assert own["places"] == toy["places"]
    assert own["key"] != toy["key"]  # other data, other key


def test_the_same_folder_is_the_same_region(client, mine):
    sent = [{"name": n, "base64": base64.b64encode(b).decode()} for n, b in (files() | {"README.md": b"mine"}).items()]
    assert client.post("/api/regions", json={"files": sent}).json()["id"] == mine


def test_a_region_comes_back_as_it_was_brought(client, mine):
    body = client.get(f"/api/regions/{mine}/download").content
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert {info.filename: archive.read(info) for info in archive.infolist()} == files() | {"README.md": b"mine"}


def test_bad_rows_are_all_named_and_nothing_is_kept(client, server):
    before, listed = kept(server), client.get("/api/regions").json()
    places = (TOY / "places.csv").read_text().replace("A11", "A11,", 1)
    facts = (TOY / "facts.csv").read_text().splitlines()
    facts[3] = facts[3].replace(",person,", ",persn,")
    facts[5] = facts[5].replace("observed", "observd").replace("inferred", "infered")
    answer = send(client, zipped(files(places__csv=places, facts__csv="\n".join(facts) + "\n", sectors__csv=None)))
    assert answer.status_code == 422
    named = [fault["place"] for fault in answer.json()["faults"]]
    assert any(place.startswith("facts.csv:6") for place in named), named
    assert any(place.startswith("places.csv") for place in named), named
    assert any(place.startswith("sectors.csv") for place in named), named
    assert kept(server) == before
    assert client.get("/api/regions").json() == listed


def test_a_region_that_cannot_be_calibrated_is_not_kept(client, server):
    before = kept(server)
    closed = (TOY / "region.toml").read_text().replace('rents = "portfolio"', 'rents = "absentee_landlords"')
    closed = closed.replace("Toy delta", "Closed").replace('trade = "gravity"', 'trade = "free_trade"')
    answer = send(client, zipped(files(region__toml=closed)))
    assert answer.status_code == 202, answer.text
    found = settled(client, answer.json()["id"])
    assert found["state"] == "refused"
    assert found["error"]["faults"]
    assert kept(server) == before
    assert client.post(f"/api/regions/{found['id']}/solve", json={}).status_code == 422


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def archive(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for info, body in members:
            packed.writestr(info, body)
    return made.getvalue()


REGION = ("region.toml", b"format = 1\n")
BAD = {
    "a name above": archive(REGION, ("../escaped.csv", b"x")),
    "a name from the root": archive(REGION, ("/tmp/escaped.csv", b"x")),
    "a name with backslashes": archive(REGION, ("..\\escaped.csv", b"x")),
    "a name above inside a folder": archive(("a/region.toml", b""), ("a/../../escaped.csv", b"x")),
    "a folder within": archive(REGION, ("deep/places.csv", b"x")),
    "a drive": archive(REGION, ("C:escaped.csv", b"x")),
    "a link": archive(REGION, (link("places.csv"), b"/etc/passwd")),
    "a bomb": archive(REGION, ("facts.csv", bytes(30_000_000))),
    "too many files": archive(REGION, *((f"f{n}.csv", b"x") for n in range(200))),
    "no region": archive(("places.csv", b"x")),
    "no zip": b"PK\x03\x04 but nothing more",
    "twice": archive(("a/region.toml", b""), ("a/./region.toml", b"")),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_what_is_no_region_folder_is_refused(client, server, body):
    before = kept(server)
    answer = send(client, body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["faults"]
    assert kept(server) == before
    assert not [path for path in (Path("/tmp"), server.store, server.store.parent) if (path / "escaped.csv").exists()]


def test_a_member_that_lies_about_its_size_is_refused():
    """The directory says 100 bytes, the member unpacks to five million: it is counted while it is unpacked."""
    body = bytearray(archive(REGION, ("facts.csv", bytes(5_000_000))))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = body.rindex(mark)
        assert int.from_bytes(body[at + offset : at + offset + 4], "little") == 5_000_000
        body[at + offset : at + offset + 4] = (100).to_bytes(4, "little")
    with pytest.raises(DataError) as error:
        unpacked(bytes(body), Limits())
    assert error.value.faults


def test_what_is_too_large_is_refused_before_it_is_read(server, client):
    """The head alone is enough to be refused."""
    url = httpx.URL(server.address)
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    head = (
        f"POST /api/regions HTTP/1.1\r\nHost: {url.host}:{url.port}\r\nCookie: {cookie}\r\n"
        f"X-CSRF-Token: {client.headers['x-csrf-token']}\r\nContent-Type: application/zip\r\nContent-Length: {65 * 1024 * 1024}\r\n\r\n"
    )
    with socket.create_connection((url.host, url.port), timeout=10) as wire:
        wire.sendall(head.encode())
        assert wire.recv(100).startswith(b"HTTP/1.1 413")


def test_a_body_of_unknown_length_is_cut_off(client):
    answer = client.post("/api/links", content=iter([b"x" * 100_000] * 20), headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["code"] == "size"


def test_a_case_of_the_package_is_not_deleted(client):
    assert client.delete("/api/regions/toy").status_code == 403


def test_an_own_region_is_deleted(client, server, mine):
    assert client.delete(f"/api/regions/{mine}").status_code == 204
    assert mine not in kept(server)
    assert client.get(f"/api/regions/{mine}").status_code == 404


def test_a_folder_with_faults_is_not_served(tmp_path, capsys):
    """The command says what is wrong, with rows, and opens nothing."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, body in files().items():
        (folder / name).write_bytes(body.replace(b",person,", b",persn,") if name == "facts.csv" else body)
    assert run(["serve", str(folder), "--port", "0", "--store", str(tmp_path / "store"), "--lang", "en"]) == 1
    assert "facts.csv:2" in capsys.readouterr().err
    assert not (tmp_path / "store").exists()
