"""Making an ensemble: batches handed to workers, results kept as they come, and nothing lost when a run is stopped."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bridgehead.ensemble.job import Job
from bridgehead.ensemble.plan import EnsemblePlan
from bridgehead.ensemble.store import Store, batches_of
from bridgehead.ensemble.worker import Worker, WorkerLost
from bridgehead.errors import BridgeheadError

Progress = Callable[[int, int, str], None]
MOST_LOSSES = 3
"""A batch whose worker is lost more often than this ends the run."""


@dataclass
class Used:
    """What a run took: processor seconds of all workers, most memory of one, draws made now and kept from before."""

    seconds: float = 0.0
    memory: float = 0.0
    made: int = 0
    kept: int = 0
    lost_workers: int = 0

    def add(self, took: dict[str, float], draws: int) -> None:
        """Count a batch in."""
        self.seconds, self.memory, self.made = self.seconds + took["seconds"], max(self.memory, took["memory"]), self.made + draws


@dataclass
class Work:
    """Batches to be made: those the store does not hold yet."""

    plan: EnsemblePlan
    store: Store
    progress: Progress | None
    used: Used = field(default_factory=Used)

    def __post_init__(self) -> None:
        self.batches = batches_of(self.plan.asked.numbers, self.plan.asked.batch)
        done = self.store.done()
        self.todo = [number for number in range(len(self.batches)) if number not in done]
        self.used.kept = sum(len(self.batches[number]) for number in done if number < len(self.batches))
        self.tell("")

    def keep(self, number: int, answer: tuple[dict[str, bytes], dict[str, float]]) -> None:
        """Write a batch that has come, and tell."""
        tables, took = answer
        self.store.add(number, tables)
        self.used.add(took, len(self.batches[number]))
        self.tell(f"{self.batches[number][-1]}")

    def tell(self, label: str) -> None:
        """Report draws made so far."""
        if self.progress is not None:
            self.progress(self.used.kept + self.used.made, len(self.plan.asked.numbers), label)


def run_ensemble(
    plan: EnsemblePlan,
    folder: Path,
    region_folder: Path,
    *,
    workers: int = 1,
    cluster: str | None = None,
    estimates: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Store, Used]:
    """Make all draws of a plan that the store in `folder` does not hold yet: by `workers` processes here, or on a Dask cluster.

    Each batch is kept when it is done: a run that is stopped, by Ctrl-C or the hard way, goes on where it stopped, to the same bytes.
    DataError where the folder holds another plan's draws, the disk is full, or nothing answers at the cluster's address.
    """
    store = Store.open(folder, plan.manifest)
    work = Work(plan, store, progress)
    if not work.todo:
        return store, work.used
    job = Job.of(plan, region_folder, estimates)
    if cluster is not None:
        from bridgehead.ensemble.cluster import run_on_cluster

        run_on_cluster(work, job, cluster)
    else:
        _run_here(work, job, workers)
    return store, work.used


def _run_here(work: Work, job: Job, workers: int) -> None:
    """Batches by so many worker processes. The second starts when the first has compiled, so that it finds the programs ready."""
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in work.todo:
        todo.put(number)
    answers: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
    stop, started = threading.Event(), []
    wanted = min(workers, len(work.todo))
    try:
        _start(started, work, job, todo, answers, stop)
        for _ in work.todo:
            number, answer = answers.get()
            if isinstance(answer, BaseException):
                raise answer
            work.keep(number, answer)
            while len(started) < wanted:
                _start(started, work, job, todo, answers, stop)
    finally:
        stop.set()
        for hand in started:
            hand.close()


def _start(started: list[_Hand], *arguments: Any) -> None:
    hand = _Hand(*arguments)
    started.append(hand)
    hand.thread.start()


class _Hand:
    """A thread that hands batches to one worker process and takes what it makes; a lost worker is replaced and its batch made again."""

    def __init__(self, work: Work, job: Job, todo: Any, answers: Any, stop: threading.Event) -> None:
        self.work, self.job, self.todo, self.answers, self.stop = work, job, todo, answers, stop
        self.worker: Worker | None = None
        self.thread = threading.Thread(target=self._loop, daemon=True)

    def _loop(self) -> None:
        while not self.stop.is_set():
            try:
                number = self.todo.get_nowait()
            except queue.Empty:
                return
            try:
                self.answers.put((number, self._made(self.work.batches[number])))
            except BaseException as error:
                self.answers.put((number, error))
                return

    def _made(self, numbers: Sequence[int]) -> Any:
        for losses in range(MOST_LOSSES + 1):
            try:
                self.worker = self.worker or Worker(self.job)
                return self.worker.draws(numbers)
            except WorkerLost:
                self.worker = None
                if self.stop.is_set() or losses == MOST_LOSSES:
                    raise
                self.work.used.lost_workers += 1
        raise BridgeheadError("no worker could make the batch")

    def close(self) -> None:
        """End the worker now; the thread follows, for nothing answers it any more."""
        worker = self.worker
        if worker is not None:
            worker.close()
        if self.thread.is_alive():
            self.thread.join(timeout=10)
