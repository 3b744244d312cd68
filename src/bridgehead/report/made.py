"""How a result folder was made: checksums of its files and the libraries that made them, as run.json keeps them for `rerun`."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from pathlib import Path

RUN = "run.json"
"""The only file of a result that holds times; it is never compared."""

NUMERICAL = ("jax", "jaxlib", "numpy", "scipy", "polars")
"""Libraries whose version can change a byte of a result."""


def checksums(place: Path) -> dict[str, str]:
    """SHA-256 of a file, or of every file under a folder but run.json, by path inside it; {} where there is nothing."""
    base, files = (place.parent, [place]) if place.is_file() else (place, sorted(place.rglob("*")))
    chosen = [path for path in files if path.is_file() and path.name != RUN]
    return {path.relative_to(base).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in chosen}


def libraries() -> dict[str, str]:
    """Versions of Python and of the numerical libraries, and the kind of machine."""
    from importlib.metadata import version

    return {"python": platform.python_version(), "machine": platform.machine()} | {name: version(name) for name in NUMERICAL}


def changed_since(place: Path, before: Mapping[str, str]) -> list[str]:
    """What happened to files since their checksums were taken: a line a file that is gone or no longer the same."""
    now = checksums(place)
    lines = [f"{name} is gone" for name in before if name not in now]
    return lines + [f"{name} has been changed since" for name, digest in before.items() if now.get(name, digest) != digest]
