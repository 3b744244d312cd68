"""One process that makes draws: numbers in, tables out, over its standard input and output.

    python -m bridgehead.ensemble.worker

Every worker computes on one thread, whatever started it, so that several of them share a machine's cores without getting in each
other's way, and so that a draw has the same bytes on a laptop, on a cluster, and when it is reopened.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from bridgehead.ensemble.job import Job
from bridgehead.errors import BridgeheadError

ONE_THREAD = {
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",
    "PJRT_NPROC": "1",
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
}
"""The environment of a worker: one thread each; on a machine with a graphics card several workers share its memory."""

HEAD = struct.Struct(">Q")


class WorkerLost(BridgeheadError):
    """A worker process ended before it answered."""


def send(stream: BinaryIO, content: Any) -> None:
    """One message: its length, then its bytes."""
    data = pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(HEAD.pack(len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """The next message; EOFError where the other side is gone."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        raise EOFError
    (size,) = HEAD.unpack(head)
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)  # from our own process alone, over a pipe


class Worker:
    """A worker process seen from the one that started it. It ends when it is closed, or when the starter ends, however it ends."""

    def __init__(self, job: Job) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the process)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bridgehead.ensemble.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, **ONE_THREAD},
            start_new_session=os.name == "posix",  # Ctrl-C is for the starter, who closes its workers
        )
        self._ask(job)

    def draws(self, numbers: Sequence[int]) -> tuple[dict[str, bytes], dict[str, float]]:
        """(the tables of some draws as Parquet, what they took: seconds of processor time, bytes of memory at most)."""
        return self._ask(list(numbers))

    def _ask(self, content: Any) -> Any:
        try:
            send(self._process.stdin, content)
            kind, answer = receive(self._process.stdout)
        except (EOFError, OSError) as error:
            self._process.wait()
            lost = WorkerLost(f"a worker process ended (exit code {self._process.returncode}){self._tail()}")
            self.close()
            raise lost from error
        if kind == "error":
            raise BridgeheadError(answer)
        return answer

    def _tail(self) -> str:
        """The last line a worker wrote before it ended."""
        if self._log.closed:
            return ""
        self._log.seek(0)
        lines = [line for line in self._log.read().decode("utf-8", "replace").splitlines() if line.strip()]
        return f": {lines[-1]}" if lines else ""

    def close(self) -> None:
        """End the process now."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            with suppress(OSError):  # what was still to be sent to a process that is gone
                stream.close()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the other side is gone: first a job, then numbers of draws."""
    plan = None
    while True:
        try:
            asked = receive(requests)
        except EOFError:
            return
        try:
            if isinstance(asked, Job):
                plan, answer = asked.plan(), None
            else:
                answer = _made(plan, asked)
        except BridgeheadError as error:
            send(answers, ("error", str(error)))
            continue
        send(answers, ("done", answer))


def _made(plan: Any, numbers: Sequence[int]) -> tuple[dict[str, bytes], Mapping[str, float]]:
    import time

    from bridgehead.ensemble.evaluate import evaluate
    from bridgehead.ensemble.tables import tables_of

    begin = time.process_time()
    tables = tables_of(plan, [evaluate(plan, number) for number in numbers])
    return tables, {"seconds": time.process_time() - begin, "memory": _most_memory()}


def _most_memory() -> float:
    """Bytes of memory at most so far; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    used = float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return used if sys.platform == "darwin" else 1024.0 * used


def main() -> None:
    """Serve over standard input and output; whatever else is printed goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
