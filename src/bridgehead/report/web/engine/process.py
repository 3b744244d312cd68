"""One solving process: reads calls from standard input, answers on standard output, and ends when the server does.

Run as `python -m bridgehead.report.web.engine.process`. A call is {"id", "call", "arguments"}; its answer {"id", "status"} with a
JSON body, or {"id", "status", "error"}; long calls send {"id", "progress": [done, total, label]} before it.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO

from bridgehead.errors import BridgeheadError, SolveError
from bridgehead.report.web.engine.frames import packed, read_frame

Tell = Callable[[int, int, str], None]


def main() -> None:
    """Answer calls until standard input ends; then leave at once, whatever is being solved."""
    # Whatever a library prints must not stand between frames: it goes to standard error.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if len(sys.argv) > 1 and hasattr(os, "nice"):
        os.nice(int(sys.argv[1]))
    calls: queue.SimpleQueue[tuple[dict[str, Any], bytes]] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, calls), daemon=True).start()
    from bridgehead.report.web.engine.calls import Engine

    engine = Engine()
    while True:
        head, body = calls.get()
        _send(answers, *_answer(engine, head, body, answers))


def _read(stream: BinaryIO, calls: queue.SimpleQueue[tuple[dict[str, Any], bytes]]) -> None:
    """Queue what arrives. The stream ends when the server is gone: then nobody waits any more, for this process or those it began."""
    while (frame := read_frame(stream)) is not None:
        calls.put(frame)
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(0)


def _send(answers: BinaryIO, head: dict[str, Any], body: bytes = b"") -> None:
    answers.write(packed(head, body))
    answers.flush()


def _answer(engine: Any, head: dict[str, Any], body: bytes, answers: BinaryIO) -> tuple[dict[str, Any], bytes]:
    id = head["id"]

    def tell(done: int, total: int, label: str) -> None:
        _send(answers, {"id": id, "progress": [done, total, label]})

    try:
        return {"id": id, "status": 200}, engine.answer(head["call"], head["arguments"], body, tell)
    except BridgeheadError as error:
        status = 409 if isinstance(error, SolveError) else 422
        said = {"error": error.message, "faults": [fault.as_dict() for fault in error.faults]}
        return {"id": id, "status": status, "error": said}, b""
    except Exception as error:
        traceback.print_exc()
        said = {"error": f"a fault of Bridgehead, not of the input: {type(error).__name__}: {error}", "faults": []}
        return {"id": id, "status": 500, "error": said}, b""


if __name__ == "__main__":
    main()
