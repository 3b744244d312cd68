"""A real server in a process of its own, and clients that behave as the page does."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

READY_SECONDS = 300.0
"""A machine that has compiled nothing yet takes most of a minute."""


@dataclass
class Server:
    """A running `bridgehead serve`, its address and the folder of its store."""

    process: subprocess.Popen
    address: str
    store: Path
    clients: list[httpx.Client] = field(default_factory=list)

    def client(self, **more: Any) -> httpx.Client:
        """A client with a session, which sends the session's token along with what it changes."""
        made = httpx.Client(base_url=self.address, timeout=300.0, **more)
        made.headers["x-csrf-token"] = made.get("/api/session").json()["csrf"]
        self.clients.append(made)
        return made

    def ready(self, region: str) -> None:
        """Wait until a region can be asked."""
        with httpx.Client(base_url=self.address, timeout=300.0, headers=self.clients[0].headers if self.clients else None) as client:
            until = time.monotonic() + READY_SECONDS
            while (state := client.get("/healthz").json()["regions"].get(region)) != "ready":
                assert state != "refused", client.get("/api/regions").json()
                assert time.monotonic() < until, f"'{region}' is still {state}"
                time.sleep(0.1)

    def kill(self) -> None:
        """End the server as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        """End the server as Ctrl-C would."""
        for client in self.clients:
            client.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()


def start(store: Path, *arguments: str, case: str = "toy", environment: dict[str, str] | None = None) -> Server:
    """Start a server on a free port and wait until it says where."""
    command = [sys.executable, "-m", "bridgehead.report.cli", "serve", case, "--port", "0", "--store", str(store), "--json", *arguments]
    log = (store.parent / f"{store.name}.log").open("a")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=os.environ | (environment or {}))
    log.close()
    said = ""
    while not said.rstrip().endswith("}"):
        line = process.stdout.readline()
        assert line, (store.parent / f"{store.name}.log").read_text()
        said += line
    return Server(process, json.loads(said)["address"].replace("localhost", "127.0.0.1"), store)


@pytest.fixture(scope="session")
def serve(tmp_path_factory) -> Iterator[Callable[..., Server]]:
    """Starts servers, each with a store of its own unless one is named, and ends them all."""
    started: list[Server] = []

    def begin(*arguments: str, store: Path | None = None, **more: Any) -> Server:
        server = start(store or tmp_path_factory.mktemp("served") / "store", *arguments, **more)
        started.append(server)
        return server

    yield begin
    for server in started:
        with contextlib.suppress(ProcessLookupError):
            server.end()


@pytest.fixture(scope="session")
def server(serve) -> Server:
    """A server of the toy region that most tests share, ready."""
    made = serve()
    made.ready("toy")
    return made


@pytest.fixture(scope="session")
def client(server) -> httpx.Client:
    """A client of it."""
    return server.client()
