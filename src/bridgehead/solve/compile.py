"""JAX as this package uses it: float64, and compiled programs kept in the user's cache folder."""

from __future__ import annotations

import os
from pathlib import Path

import jax


def cache_folder() -> Path:
    """Where compiled programs are kept: $BRIDGEHEAD_CACHE, or `bridgehead` in the user's cache folder."""
    chosen = os.environ.get("BRIDGEHEAD_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "bridgehead"


MAPS_KEPT = 0.6
"""Share of the memory maps that Linux allows a process which compiled programs may take before they are dropped."""


def make_room() -> bool:
    """Drop all compiled programs where the process nears Linux's limit of memory maps; whether they were dropped.

    A compiled program takes tens of maps, a region solved and certified some thousands, and beyond the limit (65,530 by default) the
    process dies in the compiler. Functions stay what they are, and are compiled again, or read from the cache folder, when next called.
    """
    try:
        limit = int(Path("/proc/sys/vm/max_map_count").read_text(encoding="ascii"))
        taken = Path("/proc/self/maps").read_bytes().count(b"\n")
    except (OSError, ValueError):  # not Linux
        return False
    if taken < MAPS_KEPT * limit:
        return False
    jax.clear_caches()
    return True


def prepare() -> None:
    """Set float64 and the persistent compilation cache; a folder that cannot be written is done without."""
    make_room()
    jax.config.update("jax_enable_x64", True)
    folder = cache_folder() / "jax"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", 0)
