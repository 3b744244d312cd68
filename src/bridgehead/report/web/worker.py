"""The server's end of one solving process: starts it, asks it, and ends it with everything it was doing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bridgehead.report.web.engine.frames import SIZES, packed
from bridgehead.report.web.fair import TICKET

Progress = Callable[[int, int, str], None]


class WorkerLost(Exception):
    """The process ended before it answered."""


@dataclass(frozen=True)
class Answer:
    """What a process answered: a status as of HTTP, and the JSON text or the error with its faults. worker: the process's number."""

    status: int
    body: bytes = b""
    error: dict[str, Any] | None = None
    worker: int | None = None

    @property
    def ok(self) -> bool:
        """Whether there is a body."""
        return self.status == 200


@dataclass(eq=False)
class Worker:
    """One process. Calls are answered one after another; `ready` holds the regions it has calibrated, `loading` how many it is opening."""

    number: int
    nice: int = 0
    ready: set[str] = field(default_factory=set)
    idle: bool = True
    loading: int = 0
    process: asyncio.subprocess.Process | None = None
    _asked: dict[int, tuple[asyncio.Future[Answer], Progress | None]] = field(default_factory=dict)
    _reader: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.returncode is None

    async def start(self) -> None:
        """Start the process; it has its own session, so that Ctrl-C at the terminal is the server's to handle."""
        pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
        command = (sys.executable, "-m", "bridgehead.report.web.engine.process", str(self.nice))
        self.ready.clear()
        self.process = await asyncio.create_subprocess_exec(*command, **pipes, start_new_session=True)
        self._reader = asyncio.create_task(self._read())

    async def call(self, call: str, arguments: dict[str, Any], *, body: bytes = b"", progress: Progress | None = None) -> Answer:
        """Ask, and wait for the answer. WorkerLost where the process ends first."""
        if not self.alive:
            raise WorkerLost
        id, future = next(TICKET), asyncio.get_running_loop().create_future()
        frame = packed({"id": id, "call": call, "arguments": arguments}, body)
        self._asked[id] = (future, progress)
        try:
            self.process.stdin.write(frame)
            await self.process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            self._asked.pop(id, None)
            raise WorkerLost from error
        return await future

    async def _read(self) -> None:
        """Hand every answer to whoever asked, until the process ends."""
        stream = self.process.stdout
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionResetError):
            while True:
                head_size, body_size = SIZES.unpack(await stream.readexactly(SIZES.size))
                head = json.loads(await stream.readexactly(head_size))
                self._hear(head, await stream.readexactly(body_size) if body_size else b"")
        for future, _ in self._asked.values():
            if not future.done():
                future.set_exception(WorkerLost())
        self._asked.clear()

    def _hear(self, head: dict[str, Any], body: bytes) -> None:
        future, progress = self._asked.get(head["id"], (None, None))
        if "progress" in head:
            if progress is not None:
                progress(*head["progress"])
            return
        self._asked.pop(head["id"], None)
        if future is not None and not future.done():
            future.set_result(Answer(head["status"], body, head.get("error"), self.number))

    async def end(self) -> None:
        """End the process and those it began, whatever they are doing, and wait until it is gone."""
        process, reader = self.process, self._reader
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        await process.wait()
        if reader is not None:
            await reader
