"""Published models as special cases of the engine, one module each, and the registry that `bridgehead replicate` reads.

A model's module is imported when it is asked for, so that naming the models costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from bridgehead.errors import DataError, Fault, did_you_mean
from bridgehead.models.published.replication import Replication, ReplicationResult

__all__ = ["NAMES", "Replication", "ReplicationResult", "find", "replicate"]

NAMES = ("mrrh2018", "rrh2017", "aa2014", "arsw2015", "tz2019")
"""The published models, in the order in which the command lists them."""


def find(name: str) -> Replication:
    """The replication of that name; DataError with the nearest name where there is none."""
    if name not in NAMES:
        fault = Fault(f"no published model is called '{name}'", name, "one of " + ", ".join(NAMES), did_you_mean(name, NAMES))
        raise DataError("the model cannot be replicated", [fault])
    return import_module(f"bridgehead.models.published.{name}").REPLICATION


def replicate(name: str, data_dir: Path | str | None = None, out_dir: Path | str | None = None) -> ReplicationResult:
    """Solve a published model's cases: its table with our figures beside the published ones, certificates and files."""
    return find(name).replicate(data_dir, out_dir)
