"""The same batches on a Dask cluster: its scheduler hands them out, and hands a lost worker's out again."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bridgehead.ensemble.job import Job
from bridgehead.ensemble.worker import Worker
from bridgehead.errors import DataError, Fault

if TYPE_CHECKING:
    from bridgehead.ensemble.run import Work

PATIENCE = 10.0
"""Seconds to wait for a scheduler to answer."""

_HERE = threading.local()


def run_on_cluster(work: Work, job: Job, address: str) -> None:
    """Submit every batch, and keep each as it comes. DataError where `distributed` is missing or no scheduler answers.

    A batch is written when its result arrives, once, whoever made it and however often: a worker that is lost has its batches made again
    by others.
    """
    client = connect(address)
    try:
        _require_workers(client, address)
        [shared] = client.scatter([job], broadcast=True)
        from distributed import as_completed

        futures = {
            client.submit(make_batch, shared, list(work.batches[n]), key=f"{job.plan_hash[:12]}-{n:05d}", retries=2): n for n in work.todo
        }
        for future in as_completed(list(futures), loop=client.loop):
            work.keep(futures.pop(future), future.result())
            future.release()
    finally:
        client.close()


def connect(address: str) -> Any:
    """A client of the scheduler at an address; DataError where there is none."""
    try:
        from distributed import Client
    except ImportError as error:
        cure = "install the extra: pip install 'bridgehead[cluster]'"
        raise DataError(
            "the cluster cannot be used", [Fault("the package `distributed` is not installed", "--cluster", cure=cure)]
        ) from error
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        cause = f"no scheduler answers at '{address}' within {PATIENCE:.0f} seconds"
        cure = "start one (dask scheduler) and name its address, such as tcp://127.0.0.1:8786"
        raise DataError("the cluster cannot be used", [Fault(cause, "--cluster", cure=cure)]) from error


def _require_workers(client: Any, address: str) -> None:
    if not client.scheduler_info()["workers"]:
        cure = f"start some: dask worker {address}"
        raise DataError("the cluster cannot be used", [Fault(f"the scheduler at '{address}' has no workers", "--cluster", cure=cure)])


def make_batch(job: Job, numbers: Sequence[int]) -> Any:
    """A batch, made on a cluster's worker by a process of ours: on one thread, in our environment, and so to the same bytes.

    Each thread of the cluster's worker keeps its process and its compiled programs; it ends with the worker.
    """
    known = getattr(_HERE, "worker", None)
    if known is None or _HERE.plan_hash != job.plan_hash:
        if known is not None:
            known.close()
        _HERE.worker, _HERE.plan_hash = Worker(job), job.plan_hash
    try:
        return _HERE.worker.draws(numbers)
    except BaseException:
        _HERE.worker.close()
        _HERE.worker = None
        raise
