"""Long work, one piece at a time on a process of its own: users take turns, anything can be cancelled, and a restart loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import shutil
import tempfile
import time
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fastapi.concurrency import run_in_threadpool

from bridgehead.report.web.kinds import KINDS
from bridgehead.report.web.regions import Regions
from bridgehead.report.web.store import Store, job_results, jobs, now
from bridgehead.report.web.worker import Answer, Worker, WorkerLost

LOG = logging.getLogger("bridgehead.web")
ENDED = ("done", "failed", "cancelled", "interrupted")
KEPT = 200
NICE = 10
"""Long work gives way to the page's questions."""
SLICE = 30.0
"""Seconds after which work that can go on later makes room where another user waits."""
LOOK = 1.0
"""How often that is looked at, in seconds."""


class TooMany(Exception):
    """The user has as many jobs under way as one may have."""


@dataclass(eq=False)
class Job:
    """A job under way."""

    row: dict[str, Any]
    started: float | None = None
    cancelled: bool = False
    put_back: bool = False
    done: int = 0
    total: int = 0
    label: str = ""
    before: int | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, done: int, total: int, label: str) -> None:
        """Hear how far it is. What was there when it was resumed is `before`, and says nothing of how fast it is."""
        self.before = done if self.before is None else self.before
        self.done, self.total, self.label = done, total, label

    @property
    def seconds(self) -> float:
        """For how long it has run."""
        return 0.0 if self.started is None else time.monotonic() - self.started

    @property
    def seconds_left(self) -> float | None:
        """For how long it will run at its pace so far; None where that cannot be said yet."""
        made = self.done - (self.before or 0)
        return self.seconds * (self.total - self.done) / made if made > 0 and self.total else None


class Jobs:
    """All jobs of a server: those that wait or run in memory, all of them in the store."""

    def __init__(self, store: Store, regions: Regions, most: int, scratch: Path | None) -> None:
        self.store, self.regions, self.most, self.scratch = store, regions, most, scratch
        self.waiting: list[Job] = []
        self.running: Job | None = None
        self.worker = Worker(1000, nice=NICE)
        self.changed = asyncio.Event()
        self.turns: dict[str, float] = {}
        self.task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take up what waited when the server ended; what ran then was interrupted."""
        for row in await run_in_threadpool(self._left_over):
            self.waiting.append(Job(row))
        self.task = asyncio.create_task(self._work())
        self.changed.set()

    def _left_over(self) -> list[dict[str, Any]]:
        with self.store.change() as connection:
            connection.execute(sa.update(jobs).where(jobs.c.state == "running").values(state="interrupted"))
            asked = sa.select(jobs).where(jobs.c.state == "waiting").order_by(jobs.c.id)
            return [dict(row) for row in connection.execute(asked).mappings()]

    async def end(self) -> None:
        """End what runs; it is interrupted, and what waits goes on when the server is back."""
        if self.task is not None:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task
        await self.worker.end()
        if self.running is not None:
            self._update(self.running.row["id"], state="interrupted")

    async def submit(self, kind: str, region: str, name: str, text: str, options: dict[str, Any], who: str, queue: str) -> dict[str, Any]:
        """Queue a job. TooMany where the user has too many under way."""
        own = [job for job in self.under_way() if job.row["queue"] == queue]
        if len(own) >= self.most:
            raise TooMany
        values = {"kind": kind, "region": region, "name": name, "text": text, "who": who, "queue": queue}
        start = {"state": "waiting", "done": 0, "total": 0, "label": "", "error": None, "created": now(), "seconds": 0.0}
        row = values | start | {"options": json.dumps(options)}
        row["id"] = await run_in_threadpool(self._insert, row)
        self._queue(row)
        return row

    def _queue(self, row: dict[str, Any]) -> None:
        self.waiting.append(Job(row, done=row["done"], total=row["total"]))
        self.changed.set()

    def _insert(self, row: dict[str, Any]) -> int:
        with self.store.change() as connection:
            old = connection.scalars(sa.select(jobs.c.id).where(jobs.c.state.in_(ENDED)).order_by(jobs.c.id.desc()).offset(KEPT)).all()
            if old:
                connection.execute(sa.delete(job_results).where(job_results.c.job.in_(old)))
                connection.execute(sa.delete(jobs).where(jobs.c.id.in_(old)))
            return connection.execute(sa.insert(jobs).values(**row)).inserted_primary_key[0]

    def _update(self, id: int, **values: Any) -> None:
        with self.store.change() as connection:
            connection.execute(sa.update(jobs).where(jobs.c.id == id).values(**values))

    def under_way(self) -> list[Job]:
        """Jobs that run or wait."""
        return ([self.running] if self.running else []) + self.waiting

    async def _work(self) -> None:
        """Do one job after another; of the users that wait, the one whose turn was longest ago goes next."""
        while True:
            while not self.waiting:
                self.changed.clear()
                await self.changed.wait()
            job = min(self.waiting, key=lambda each: (self.turns.get(each.row["queue"], 0.0), each.row["id"]))
            self.waiting.remove(job)
            self.turns[job.row["queue"]] = time.monotonic()
            self.running = job
            try:
                await self._run(job)
            except Exception as error:
                LOG.exception("a job failed")
                await self._finish(job, "failed", error={"error": f"a fault of Bridgehead, not of the input: {error}", "faults": []})
            finally:
                self.running = None
                job.ended.set()

    async def _run(self, job: Job) -> None:
        job.started = time.monotonic()
        await run_in_threadpool(self._update, job.row["id"], state="running")
        job.row["state"] = "running"
        folder = self.folder_of(job.row)
        room = asyncio.create_task(self._make_room(job))
        try:
            answer = await self._answer(job, folder)
            room.cancel()
            files = await run_in_threadpool(_files_in, folder / "out") if answer.ok else {}
            state = "cancelled" if job.cancelled else "done" if answer.ok else "failed"
            await self._finish(job, state, answer=answer, files=files)
        except WorkerLost:
            if job.put_back and not job.cancelled:
                row = job.row | {"state": "waiting", "done": job.done, "total": job.total}
                await run_in_threadpool(self._update, row["id"], **{key: row[key] for key in ("state", "done", "total")})
                self._queue(row)
                return
            lost = {"error": "the process that did it ended: too little memory?", "faults": []}
            await self._finish(job, "cancelled" if job.cancelled else "failed", error=None if job.cancelled else lost)
        finally:
            room.cancel()
            if job.row["state"] == "done" or not KINDS[job.row["kind"]].resumable:
                await run_in_threadpool(shutil.rmtree, folder, ignore_errors=True)

    async def _make_room(self, job: Job) -> None:
        """Put a job back that has had its time, can go on from what it kept, and holds up another user."""
        while KINDS[job.row["kind"]].resumable:
            await asyncio.sleep(LOOK)
            others = any(other.row["queue"] != job.row["queue"] for other in self.waiting)
            if others and job.seconds >= SLICE and job.done > (job.before or 0):
                job.put_back = True
                await self._stop_worker()
                return

    async def _stop_worker(self) -> None:
        await self.worker.end()
        self.worker.ready.clear()

    def folder_of(self, row: dict[str, Any]) -> Path:
        """Where a job works: `out` for what it hands over, `kept` for what it resumes from; its own lasting folder where it can be
        resumed, else one for this run."""
        if KINDS[row["kind"]].resumable and self.scratch is not None:
            folder = self.scratch / "jobs" / str(row["id"])
        else:
            folder = Path(tempfile.mkdtemp(prefix="bridgehead-job-"))
        shutil.rmtree(folder / "out", ignore_errors=True)
        for part in ("out", "kept"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        return folder

    async def _answer(self, job: Job, folder: Path) -> Answer:
        region = job.row["region"]
        entry = self.regions.entries.get(region)
        if entry is None:
            return Answer(404, error={"error": f"there is no region '{region}' any more", "faults": []})
        if not self.worker.alive:
            self.worker.ready.clear()
            await self.worker.start()
        if region not in self.worker.ready:
            job.tell(0, 0, "calibrating")
            if entry.prepare is not None:
                await run_in_threadpool(entry.prepare)
            opened = await self.worker.call("open", {"region": region, "folder": str(entry.folder)})
            found = await self.worker.call("calibrate", {"region": region}) if opened.ok else opened
            if not found.ok:
                return found
            self.worker.ready.add(region)
        asked = {"region": region, "scenario": job.row["text"], "options": json.loads(job.row["options"])}
        asked |= {"folder": str(folder / "out"), "kept": str(folder / "kept"), "region_folder": str(entry.folder)}
        return await self.worker.call(KINDS[job.row["kind"]].call, asked, progress=job.tell)

    async def _finish(
        self, job: Job, state: str, *, answer: Answer | None = None, files: dict[str, bytes] | None = None, error: Any = None
    ) -> None:
        error = answer.error if answer is not None and not answer.ok and state == "failed" else error
        bodies = {"result": answer.body, **(files or {})} if state == "done" and answer is not None else {}
        values = {"state": state, "seconds": job.seconds, "done": job.done, "total": job.total, "label": job.label}
        await run_in_threadpool(self._keep, job.row["id"], values | {"error": None if error is None else json.dumps(error)}, bodies)
        job.row.update(values)

    def _keep(self, id: int, values: dict[str, Any], bodies: dict[str, bytes]) -> None:
        """A job's end and its results, together or not at all."""
        with self.store.change() as connection:
            connection.execute(sa.delete(job_results).where(job_results.c.job == id))
            connection.execute(sa.update(jobs).where(jobs.c.id == id).values(**values))
            for name, body in bodies.items():
                connection.execute(sa.insert(job_results).values(job=id, name=name, body=zlib.compress(body, 6)))

    async def cancel(self, id: int) -> None:
        """End a job that runs or waits; what it had done so far is gone, unless its kind can be resumed."""
        for job in self.under_way():
            if job.row["id"] == id:
                job.cancelled = True
                if job is self.running:
                    await self._stop_worker()
                    await job.ended.wait()
                else:
                    self.waiting.remove(job)
                    await self._finish(job, "cancelled")

    async def resume(self, row: dict[str, Any]) -> dict[str, Any]:
        """Take a job that ended too early up again; its new state."""
        await run_in_threadpool(self._update, row["id"], state="waiting", error=None)
        again = row | {"state": "waiting", "error": None}
        self._queue(again)
        return again

    def find(self, id: int) -> dict[str, Any] | None:
        """A job of the store; None where there is none."""
        with self.store.read() as connection:
            row = connection.execute(sa.select(jobs).where(jobs.c.id == id)).mappings().first()
        return None if row is None else dict(row)

    def all(self, who: str) -> list[dict[str, Any]]:
        """The jobs of a user, the newest first."""
        with self.store.read() as connection:
            asked = sa.select(jobs).where(jobs.c.who == who).order_by(jobs.c.id.desc()).limit(KEPT)
            return [dict(row) for row in connection.execute(asked).mappings()]

    def body(self, id: int, name: str) -> bytes | None:
        """One result of a job; None where it has none of that name."""
        with self.store.read() as connection:
            which = (job_results.c.job == id) & (job_results.c.name == name)
            packed = connection.execute(sa.select(job_results.c.body).where(which)).scalar()
        return None if packed is None else zlib.decompress(packed)

    def forget(self, id: int) -> None:
        """Delete an ended job and its results."""
        with self.store.change() as connection:
            connection.execute(sa.delete(job_results).where(job_results.c.job == id))
            connection.execute(sa.delete(jobs).where(jobs.c.id == id))
        if self.scratch is not None:
            shutil.rmtree(self.scratch / "jobs" / str(id), ignore_errors=True)


def _files_in(folder: Path) -> dict[str, bytes]:
    """What a job wrote: its reports, and everything together as one archive."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if not files:
        return {}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in files:
            packed.write(path, path.relative_to(folder).as_posix())
    single = {path.name: path.read_bytes() for path in files if path.parent == folder and path.suffix in (".html", ".pdf")}
    return {"files.zip": archive.getvalue(), **single}
