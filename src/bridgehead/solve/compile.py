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


def prepare() -> None:
    """Set float64 and the persistent compilation cache; a folder that cannot be written is done without."""
    jax.config.update("jax_enable_x64", True)
    folder = cache_folder() / "jax"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", 0)
