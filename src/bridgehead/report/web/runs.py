"""Which scenario stands behind a key: kept, so that every figure that was ever shown can say what it came from."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from typing import Any

import sqlalchemy as sa
from fastapi.concurrency import run_in_threadpool

from bridgehead.report.web.store import Store, now, runs
from bridgehead.version import VERSION

REMEMBERED = 2000
KEPT = 20_000
SECONDS = 1.0
"""How often new runs are written: a server that is killed forgets no more than this of what nobody saved."""


class Runs:
    """Runs by key, in memory at once and in the store soon after: a moved lever does not wait for the disk."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.known: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self.new: dict[str, dict[str, Any]] = {}
        self.lock = threading.Lock()

    def note(self, key: str, region: str, data_hash: str, name: str, text: str, outcome: str, who: str) -> None:
        """Note a run."""
        with self.lock:
            if key in self.known:
                self.known.move_to_end(key)
                return
            row = {"key": key, "region": region, "data_hash": data_hash, "name": name, "text": text, "outcome": outcome}
            self.known[key] = self.new[key] = {**row, "version": VERSION, "created": now(), "who": who}
            while len(self.known) > REMEMBERED:
                self.known.popitem(last=False)

    async def keep_often(self) -> None:
        """Write what is new every now and then, for ever."""
        while True:
            await asyncio.sleep(SECONDS)
            if self.new:
                await run_in_threadpool(self.keep)

    def keep(self) -> None:
        """Write what is new to the store, and let the oldest go where there are too many."""
        with self.lock:
            rows, self.new = list(self.new.values()), {}
        if not rows:
            return
        with self.store.change() as connection:
            there = set(connection.scalars(sa.select(runs.c.key).where(runs.c.key.in_([row["key"] for row in rows]))))
            fresh = [row for row in rows if row["key"] not in there]
            if fresh:
                connection.execute(sa.insert(runs), fresh)
            edge = connection.execute(sa.select(runs.c.created).order_by(runs.c.created.desc()).offset(KEPT).limit(1)).scalar()
            if edge is not None:
                connection.execute(sa.delete(runs).where(runs.c.created <= edge))

    def find(self, key: str) -> dict[str, Any] | None:
        """The run of a key; None where nobody made it here."""
        with self.lock:
            if key in self.known:
                return self.known[key]
        with self.store.read() as connection:
            row = connection.execute(sa.select(runs).where(runs.c.key == key)).mappings().first()
        return None if row is None else dict(row)
