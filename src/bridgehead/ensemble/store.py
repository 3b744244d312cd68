"""Where draws are kept: a folder with a manifest and a folder a batch, each complete or not there at all.

    manifest.json            version, region and its hash, seed, plan and its hash
    batches/00007/           draws.parquet, cells.parquet, paths.parquet, sums.json (SHA-256 of each)

A batch is written aside, flushed to the disk, and moved in: whatever stops the run, a batch is whole or absent. Reading checks every
checksum. Bytes depend on the plan alone, so that a run that was stopped and resumed ends with the files of one that was not.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from bridgehead.errors import DataError, Fault

MANIFEST, BATCHES, SUMS = "manifest.json", "batches", "sums.json"
TABLES = ("draws", "cells", "paths")
DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
TAKEN = (errno.ENOTEMPTY, errno.EEXIST)


@dataclass(frozen=True)
class Store:
    """An ensemble's folder."""

    folder: Path

    @classmethod
    def open(cls, folder: Path | str, manifest: Mapping[str, Any]) -> Store:
        """The store of a plan, made where there is none; DataError where the folder holds another one's, or cannot be written."""
        store = cls(Path(folder))
        found = store.manifest()
        if found is not None:
            store._require_same(found, manifest)
            return store
        try:
            (store.folder / BATCHES).mkdir(parents=True, exist_ok=True)
            _write_whole(store.folder / MANIFEST, (json.dumps(dict(manifest), indent=2, ensure_ascii=False) + "\n").encode())
        except OSError as error:
            raise disk_error(store.folder, error) from error
        return store

    def manifest(self) -> dict[str, Any] | None:
        """The manifest; None where the folder is no store."""
        path = self.folder / MANIFEST
        if not path.is_file():
            return None
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DataError(
                "the ensemble cannot be read", [Fault(f"{MANIFEST} is no JSON", str(path), cure="name another folder")]
            ) from error

    def _require_same(self, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
        """DataError naming everything in which the store's plan differs from the wanted one."""
        if found.get("plan_hash") == wanted["plan_hash"]:
            return
        named = {
            "version": "another version",
            "region_hash": "other data of the region",
            "factors": "other numbers that are drawn",
            "columns": "other scenarios",
            "backgrounds": "other backgrounds (--beside)",
            "scenarios": "other scenario files (--scenario)",
            "estimates": "other estimates",
        }
        faults = [
            Fault(f"it was made with {what}: {_short(found.get(key))}", MANIFEST, _short(wanted[key]))
            for key, what in named.items()
            if found.get(key) != wanted[key]
        ]
        ask, asked = found.get("ask", {}), wanted["ask"]
        faults += [Fault(f"its {key} is {ask.get(key)}", MANIFEST, str(asked[key])) for key in asked if ask.get(key) != asked[key]]
        faults = faults or [Fault("it was made with other ranges or strengths", MANIFEST, "the region as it is now")]
        cure = "Ask for what it was made with, or name another folder with --out; nothing in it was touched"
        raise DataError(f"the folder {self.folder} holds another ensemble. {cure}", faults)

    def done(self) -> set[int]:
        """The numbers of the batches that are there and whole; others are taken away, to be made again."""
        root, found = self.folder / BATCHES, set()
        for entry in sorted(root.iterdir()) if root.is_dir() else ():
            if entry.name.isdigit() and self._whole(entry):
                found.add(int(entry.name))
            elif entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)
        return found

    def _whole(self, folder: Path) -> bool:
        try:
            sums = json.loads((folder / SUMS).read_text(encoding="utf-8"))
            return all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == value for name, value in sums.items()) and bool(sums)
        except (OSError, ValueError):
            return False

    def add(self, number: int, tables: Mapping[str, bytes]) -> None:
        """Write a batch, whole or not at all. DataError where the disk is full: what was written before stays."""
        final = self.folder / BATCHES / f"{number:05d}"
        aside = final.with_name(f".{final.name}.new")
        try:
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(parents=True)
            for name, content in tables.items():
                _write(aside / f"{name}.parquet", content)
            sums = {f"{name}.parquet": hashlib.sha256(content).hexdigest() for name, content in tables.items()}
            _write(aside / SUMS, (json.dumps(sums, indent=2) + "\n").encode())
            os.replace(aside, final)
            _flush_folder(final.parent)
        except OSError as error:
            shutil.rmtree(aside, ignore_errors=True)
            raise disk_error(self.folder, error) from error

    def read(self, table: str, batches: Iterable[int] | None = None) -> pl.DataFrame:
        """One table of all batches, in the order of their numbers; DataError where a checksum does not hold."""
        wanted = sorted(self.done() if batches is None else batches)
        frames = []
        for number in wanted:
            folder = self.folder / BATCHES / f"{number:05d}"
            if not self._whole(folder):
                raise DataError("the ensemble is damaged", [Fault("a checksum does not hold", str(folder), cure="remove it and run again")])
            frames.append(pl.read_parquet(folder / f"{table}.parquet"))
        if not frames:
            raise DataError("the ensemble holds no draws", [Fault("no batch is complete", str(self.folder / BATCHES))])
        return pl.concat(frames, how="vertical")


def disk_error(folder: Path, error: OSError) -> DataError:
    """What went wrong with the disk, in the words of the other messages."""
    if error.errno in TAKEN:  # the batch was moved in by somebody else
        cause, cure = "another run is writing the same draws there", "Wait for it, or name another folder with --out"
    elif error.errno in DISK:
        cause, cure = "the disk is full", "Make room and run the same command again: it goes on where it stopped"
    else:
        cause, cure = f"the folder cannot be written: {error.strerror}", "Name another folder with --out"
    return DataError(f"the draws cannot be kept. {cure}", [Fault(cause, str(folder))])


def _short(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else json.dumps(value) if isinstance(value, dict) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _write_whole(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.new")
    _write(aside, content)
    os.replace(aside, path)
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Ask the disk to keep a folder's entries, where the system knows how."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def batches_of(numbers: range, size: int) -> list[Sequence[int]]:
    """The draws of every batch."""
    return [list(numbers[start : start + size]) for start in range(0, len(numbers), size)]
