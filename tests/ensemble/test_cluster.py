"""The same batches on a real Dask scheduler with workers on loopback, one of them killed on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bridgehead.ensemble import run_ensemble
from ensemble.conftest import TOY
from ensemble.test_run import bytes_of

pytestmark = pytest.mark.slow
pytest.importorskip("distributed")


@pytest.fixture
def cluster(tmp_path):
    """(address, worker processes) of a scheduler and two workers, each a process of its own."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    address = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment, "cwd": tmp_path}
    dask = [sys.executable, "-m", "dask"]
    scheduler = subprocess.Popen(
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", address], **quiet
    )
    found = _address(address)
    workers = [subprocess.Popen([*dask, "worker", found, "--nthreads", "1", "--no-nanny", "--no-dashboard"], **quiet) for _ in range(2)]
    yield found, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def _address(file: Path) -> str:
    """Where the scheduler listens, once its file is there and whole."""
    until = time.monotonic() + 60
    while True:
        try:
            return json.loads(file.read_text(encoding="utf-8"))["address"]
        except (FileNotFoundError, json.JSONDecodeError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def connected(address: str, count: int) -> None:
    """Wait until so many workers have come to a scheduler."""
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


@pytest.mark.filterwarnings("ignore")
def test_a_worker_killed_on_the_way_loses_nothing_and_the_bytes_are_those_of_a_run_here(cluster, toy_plan, tmp_path):
    address, workers = cluster
    connected(address, 2)
    plan = toy_plan(draws=10)
    here, _ = run_ensemble(plan, tmp_path / "here", TOY, workers=1)
    killed = threading.Event()

    def kill_one(done: int, _total: int, _label: str) -> None:
        if done >= 2 and not killed.is_set():
            killed.set()
            os.kill(workers[0].pid, signal.SIGKILL)

    there, used = run_ensemble(plan, tmp_path / "there", TOY, cluster=address, progress=kill_one)
    assert killed.is_set()
    assert workers[0].wait(timeout=10) == -signal.SIGKILL
    assert used.made == 12  # every draw once
    assert bytes_of(there.folder) == bytes_of(here.folder)
