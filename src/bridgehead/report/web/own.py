"""A user's own regions: taken in when they read and calibrate, kept whole in the store, unpacked where they are solved."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fastapi.concurrency import run_in_threadpool

from bridgehead.errors import DataError, Fault
from bridgehead.report.web.regions import Entry, Regions
from bridgehead.report.web.store import Store, now
from bridgehead.report.web.store import regions as table
from bridgehead.report.web.uploads import REFUSED, Files, id_of, packed, read_back, written

KEEPS_REFUSED = 600.0
"""Seconds for which the list of regions says why one was refused; nothing else of it is kept."""


class Own:
    """The own regions of a server."""

    def __init__(self, store: Store, regions: Regions, folder: Path, most: int) -> None:
        self.store, self.regions, self.most = store, regions, most
        self.folder = folder / "regions"
        self.tasks: set[asyncio.Task[None]] = set()

    def known(self) -> None:
        """Make the kept regions known; folders of uploads that were not finished go."""
        with self.store.read() as connection:
            rows = connection.execute(sa.select(table.c.id, table.c.title, table.c.who)).all()
        ids = {row.id for row in rows}
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if path.name not in ids:
                shutil.rmtree(path, ignore_errors=True)
        for row in rows:
            self._add(row.id, json.loads(row.title), row.who)

    def _add(self, id: str, title: dict[str, Any], who: str) -> Entry:
        entry = Entry(id, self.folder / id / "region", own=True, title=title, who=who)
        entry.prepare = lambda: self._unpack(id)
        return self.regions.add(entry)

    def _unpack(self, id: str) -> None:
        """Write a kept region's folder, if it is not there."""
        if (self.folder / id / "region").is_dir():
            return
        with self.store.read() as connection:
            body = connection.execute(sa.select(table.c.zip).where(table.c.id == id)).scalar_one()
        aside = self.folder / id / "new"
        shutil.rmtree(aside, ignore_errors=True)
        written(read_back(body), aside).rename(self.folder / id / "region")

    async def take(self, files: Files, who: str) -> Entry:
        """Take a region in: read now, with all its faults, and calibrated from then on. DataError: it is refused, and nothing is kept."""
        id = id_of(files)
        if id in self.regions.entries and self.regions.entries[id].state != "refused":
            return self.regions.entries[id]
        count = sum(entry.own for entry in self.regions.entries.values())
        if count >= self.most:
            fault = Fault(f"there are {count} own regions already", expected=f"at most {self.most}", cure="delete one that is not needed")
            raise DataError(REFUSED, [fault])
        await run_in_threadpool(shutil.rmtree, self.folder / id, ignore_errors=True)
        await run_in_threadpool(written, files, self.folder / id / "region")
        entry = self._add(id, {"name": id, "name_zh": id}, who)
        self.regions.open(id)
        await entry.described.wait()
        if not entry.view:
            error = entry.error or {}
            await self._drop(id)
            raise DataError(REFUSED, [Fault(**fault) for fault in error.get("faults", [])] or [Fault(error.get("error", ""))])
        task = asyncio.create_task(self._settle(entry, files, who))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return entry

    async def _settle(self, entry: Entry, files: Files, who: str) -> None:
        """Keep a region once it is calibrated; where it cannot be, keep nothing but the reason, for a while."""
        await entry.settled.wait()
        if entry.state == "ready":
            await run_in_threadpool(self._keep, entry, files, who)
            return
        await run_in_threadpool(shutil.rmtree, self.folder / entry.id, ignore_errors=True)
        await asyncio.sleep(KEEPS_REFUSED)
        if self.regions.entries.get(entry.id) is entry:
            await self._drop(entry.id)

    def _keep(self, entry: Entry, files: Files, who: str) -> None:
        title = {key: entry.view[key] for key in ("name", "name_zh", "year", "currency")} | {"places": len(entry.places)}
        hash = entry.view["provenance"]["data_hash"]
        row = {"id": entry.id, "name": entry.view["name"], "title": json.dumps(title | {"data_hash": hash}), "data_hash": hash}
        with self.store.change() as connection:
            if connection.execute(sa.select(table.c.id).where(table.c.id == entry.id)).first() is None:
                connection.execute(sa.insert(table).values(**row, zip=packed(files), created=now(), who=who))

    async def remove(self, id: str) -> None:
        """Delete an own region; scenarios saved for it stay in the library."""

        def gone() -> None:
            with self.store.change() as connection:
                connection.execute(sa.delete(table).where(table.c.id == id))

        await run_in_threadpool(gone)
        await self._drop(id)

    async def _drop(self, id: str) -> None:
        await self.regions.remove(id)
        await run_in_threadpool(shutil.rmtree, self.folder / id, ignore_errors=True)

    def archive(self, id: str) -> bytes | None:
        """A kept region as a zip; None where it is not kept (yet)."""
        with self.store.read() as connection:
            return connection.execute(sa.select(table.c.zip).where(table.c.id == id)).scalar()

    async def end(self) -> None:
        """Stop waiting for what is not settled."""
        for task in list(self.tasks):
            task.cancel()
