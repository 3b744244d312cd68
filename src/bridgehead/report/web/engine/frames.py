"""What passes between the server and its solving processes: a head (JSON) and a body (bytes), each with its length before it.

Plain text and numbers only: nothing that arrives is ever run.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

SIZES = struct.Struct(">IQ")
"""Lengths of head and body, big-endian."""


def packed(head: dict[str, Any], body: bytes = b"") -> bytes:
    """One frame."""
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    return SIZES.pack(len(text), len(body)) + text + body


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next frame of a stream; None at its end, a torn last frame included."""
    sizes = stream.read(SIZES.size)
    if len(sizes) < SIZES.size:
        return None
    head_size, body_size = SIZES.unpack(sizes)
    head, body = stream.read(head_size), stream.read(body_size)
    if len(head) < head_size or len(body) < body_size:
        return None
    return json.loads(head), body
