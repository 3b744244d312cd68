"""The regions a server shows: what is known of each, how far it is, and which processes hold it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi.concurrency import run_in_threadpool
from pydantic_core import to_json

from bridgehead.report.web.pool import Pool
from bridgehead.report.web.worker import Answer, Worker, WorkerLost

LOG = logging.getLogger("bridgehead.web")


@dataclass(eq=False)
class Entry:
    """One region; `who` brought it, where it is one's own. state: closed · reading · calibrating · ready · refused; error says why it was refused.

    view, map, levers, baseline: answers as they go out; facts by place. prepare: makes the folder before it is read.
    """

    id: str
    folder: Path
    own: bool = False
    who: str | None = None
    title: dict[str, Any] = field(default_factory=dict)
    state: str = "closed"
    error: dict[str, Any] | None = None
    view: dict[str, Any] = field(default_factory=dict)
    map: bytes = b""
    levers: bytes = b""
    baseline: bytes = b""
    facts: dict[str, bytes] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    described: asyncio.Event = field(default_factory=asyncio.Event)
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    prepare: Callable[[], None] | None = None

    def head(self) -> dict[str, Any]:
        """The region in a list of regions."""
        known = {key: self.view.get(key, self.title.get(key)) for key in ("name", "name_zh", "year", "currency")}
        hash = self.view.get("provenance", {}).get("data_hash", self.title.get("data_hash"))
        return {
            "id": self.id, **known, "places": len(self.places) or self.title.get("places"), "own": self.own,
            "state": self.state, "error": self.error, "data_hash": hash,
        }  # fmt: skip


class Regions:
    """All regions by id; one is opened when it is first asked for, the server's own at its start, on every worker."""

    def __init__(self, pool: Pool, most_places: int) -> None:
        self.pool, self.most_places = pool, most_places
        self.entries: dict[str, Entry] = {}

    def add(self, entry: Entry) -> Entry:
        """Make a region known."""
        self.entries[entry.id] = entry
        self.pool.folders[entry.id] = str(entry.folder)
        return entry

    def open(self, id: str, *, everywhere: bool = False) -> Entry:
        """Begin to open a region unless that is under way or done."""
        entry = self.entries[id]
        if entry.state in ("closed",) and entry.task is None:
            entry.state = "reading"
            entry.task = asyncio.create_task(self._open(entry, everywhere=everywhere))
        return entry

    async def _open(self, entry: Entry, *, everywhere: bool) -> None:
        workers = self.pool.workers if everywhere else [min(self.pool.workers, key=lambda each: (len(each.ready), -each.number))]
        try:
            answer = await self._first(workers[0], entry)
        except WorkerLost:
            error = "the solving process ended while it opened the region: too little memory?"
            answer = Answer(500, error={"error": error, "faults": []})
            await self.pool.revive(workers[0])
        except Exception as error:
            LOG.exception("a region could not be opened")
            answer = Answer(500, error={"error": f"a fault of Bridgehead, not of the input: {error}", "faults": []})
        if answer.ok:
            entry.baseline, entry.state = answer.body, "ready"
        else:
            entry.error, entry.state = answer.error, "refused"
        entry.described.set()
        entry.settled.set()
        for worker in workers[1:] if answer.ok else ():
            try:
                await self.pool.load(worker, entry.id)
            except WorkerLost:
                LOG.error("a second solving process ended while it opened '%s': too little memory?", entry.id)
                await self.pool.revive(worker)

    async def _first(self, worker: Worker, entry: Entry) -> Answer:
        """Read, describe and calibrate on one worker: the map is there before the numbers are."""
        ask = {"region": entry.id}
        if entry.prepare is not None:
            await run_in_threadpool(entry.prepare)
        async with self.pool.loading(worker):
            most = {"most_places": self.most_places} if entry.own else {}
            opened = await worker.call("open", ask | {"folder": str(entry.folder)} | most)
            if not opened.ok:
                return opened
            self._describe(entry, (await worker.call("describe", ask)).body)
            entry.state = "calibrating"
            levers = await worker.call("levers", ask)
            if not levers.ok:
                return levers
            entry.levers = levers.body
            entry.described.set()
            return await self.pool.calibrated(worker, entry.id)

    def _describe(self, entry: Entry, body: bytes) -> None:
        found = json.loads(body)
        entry.view, entry.map = found["region"], to_json(found["map"])
        entry.facts = {place: to_json({"place": place, "facts": rows}) for place, rows in found["facts"].items()}
        entry.places = frozenset(entry.facts)

    async def end(self) -> None:
        """Stop opening regions."""
        tasks = [entry.task for entry in self.entries.values() if entry.task is not None and not entry.task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def remove(self, id: str) -> None:
        """Forget a region."""
        entry = self.entries.pop(id)
        if entry.task is not None and not entry.task.done():
            entry.task.cancel()
        await self.pool.close(id)
