"""A PostgreSQL of one's own, from the system's packages, run by a user who is not root."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


def program(name: str) -> Path | None:
    """One of PostgreSQL's programs: Debian keeps them beside their version, off the path."""
    found = shutil.which(name)
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return beside[-1] if beside else Path(found) if found else None


@contextlib.contextmanager
def running_postgres() -> Iterator[str]:
    """The address of a fresh, empty database; the test is skipped where there is no PostgreSQL, but never in CI."""
    initdb, server = program("initdb"), program("postgres")
    if initdb is None or server is None:
        message = "no PostgreSQL on this machine: apt-get install postgresql"
        pytest.fail(f"{message} (CI must not skip it: see .ci/run)") if os.environ.get("CI") else pytest.skip(message)
    # Its socket's path must be short, and its user must reach it: not under the tests' own folders.
    folder = Path(tempfile.mkdtemp(prefix="bh-pg-", dir="/tmp"))
    who = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid} if os.getuid() == 0 else {}
    if who:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, who["group"])
    process = None
    try:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": folder, "env": {"LC_ALL": "C", "PATH": os.environ["PATH"]}}
        made = subprocess.run(
            [initdb, "-D", folder / "data", "-U", "bridgehead", "-A", "trust", "-E", "UTF8", "--no-sync"], check=False, **quiet, **who
        )
        assert made.returncode == 0, made.stderr.decode()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off"}
        settings = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        process = subprocess.Popen([server, "-D", folder / "data", *settings], **quiet, **who)
        _wait(port, process)
        yield f"postgresql://bridgehead@127.0.0.1:{port}/postgres"
    finally:
        if process is not None:
            process.terminate()
            process.wait(timeout=30)
            process.stderr.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, process: subprocess.Popen) -> None:
    import time

    import psycopg

    for _ in range(300):
        assert process.poll() is None, process.stderr.read().decode()
        try:
            psycopg.connect(f"postgresql://bridgehead@127.0.0.1:{port}/postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise AssertionError("PostgreSQL does not answer")
