"""The solving processes behind the page: questions wait in a fair queue, each worker takes the next about a region it has ready."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

from bridgehead.report.web.fair import FairQueue, Waiting
from bridgehead.report.web.worker import Answer, Worker, WorkerLost

LOG = logging.getLogger("bridgehead.web")


class Pool:
    """Workers, the regions they are to hold, and the questions that wait for them."""

    def __init__(self, count: int, most_waiting: int, seconds: float) -> None:
        self.seconds = seconds
        self.ending = False
        self.workers = [Worker(number) for number in range(count)]
        self.queue = FairQueue(most_waiting)
        self.folders: dict[str, str] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._last: dict[str, int] = {}

    async def start(self) -> None:
        """Start every worker's process and let it take questions."""
        for worker in self.workers:
            await worker.start()
            self._tasks.append(asyncio.create_task(self._serve(worker)))

    async def end(self) -> None:
        """End all workers."""
        self.ending = True
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for worker in self.workers:
            await worker.end()

    async def ask(
        self, user: str, region: str, call: str, arguments: dict[str, Any], *, view: str | None = None, key: str | None = None
    ) -> Answer:
        """Ask about a ready region on behalf of a user; `key` names a result that one worker may still remember."""
        prefer = None if key is None else self._last.get(key)
        one = Waiting(user, region, call, {**arguments, "region": region}, view, prefer)
        await self.queue.put(one)
        return await one.answer

    def remember(self, key: str, worker: int) -> None:
        """Note which worker solved a result last."""
        self._last.pop(key, None)
        self._last[key] = worker
        while len(self._last) > 1000:
            self._last.pop(next(iter(self._last)))

    def ready(self, region: str) -> bool:
        """Whether some worker can answer about a region."""
        return any(region in worker.ready and worker.alive for worker in self.workers)

    async def _serve(self, worker: Worker) -> None:
        """One worker's days: take a question it can answer, answer it; start the process anew where it is lost."""
        while True:
            one = await self.queue.take(lambda waiting: self._fits(worker, waiting))
            worker.idle = False
            try:
                answer = await asyncio.wait_for(worker.call(one.call, one.arguments), self.seconds)
            except (WorkerLost, TimeoutError) as error:
                late = isinstance(error, TimeoutError)
                why = f"it took more than {self.seconds:g} seconds" if late else "the solving process ended before it answered; ask again"
                answer = Answer(503, error={"error": why, "code": "lost", "faults": []})
                LOG.error("'%s' of '%s' was given up: %s", one.call, one.region, why)
                await self.revive(worker)
            except Exception:
                # Whatever is wrong with one question, the worker goes on with the next.
                LOG.exception("'%s' of '%s' could not be asked", one.call, one.region)
                answer = Answer(500, error={"error": "a fault of Bridgehead, not of the input", "code": "fault", "faults": []})
            finally:
                worker.idle = True
            if not one.answer.done():
                one.answer.set_result(answer)

    def _fits(self, worker: Worker, one: Waiting) -> bool:
        """Whether a worker should take a question: it has the region, and no idle worker knows the result better."""
        if one.region not in worker.ready or worker.loading:
            return False
        if one.prefer is None or one.prefer == worker.number:
            return True
        better = self.workers[one.prefer]
        return not (better.idle and better.alive and not better.loading and one.region in better.ready)

    async def revive(self, worker: Worker) -> None:
        """Start a worker's process anew, with the regions it had; one that cannot be opened again stays with the other workers."""
        if self.ending:
            return
        regions = set(worker.ready)
        await worker.end()
        await worker.start()
        task = asyncio.create_task(self._reload(worker, regions))
        self._tasks.append(task)

    async def _reload(self, worker: Worker, regions: set[str]) -> None:
        for region in regions:
            try:
                await self.load(worker, region)
            except WorkerLost:
                LOG.error("a solving process ended while it opened '%s'; the others go on without it", region)
                if not self.ending:
                    await worker.end()
                    await worker.start()

    async def load(self, worker: Worker, region: str) -> Answer:
        """Let a worker open and calibrate a region; its answer to `calibrate`, or the error."""
        async with self.loading(worker):
            opened = await worker.call("open", {"region": region, "folder": self.folders[region]})
            return await self.calibrated(worker, region) if opened.ok else opened

    async def calibrated(self, worker: Worker, region: str) -> Answer:
        """Calibrate an opened region and compile what its first questions need; it is ready from then on."""
        found = await worker.call("calibrate", {"region": region})
        if found.ok:
            await worker.call("warm", {"region": region})
            worker.ready.add(region)
        return found

    @contextlib.asynccontextmanager
    async def loading(self, worker: Worker) -> AsyncIterator[None]:
        """Keep questions away from a worker that opens a region; they wait, or go to the others."""
        worker.loading += 1
        try:
            yield
        finally:
            worker.loading -= 1
            await self.queue.stir()

    async def close(self, region: str) -> None:
        """Let every worker forget a region."""
        self.folders.pop(region, None)
        for worker in self.workers:
            if region in worker.ready:
                worker.ready.discard(region)
                with contextlib.suppress(WorkerLost):
                    await worker.call("close", {"region": region})
