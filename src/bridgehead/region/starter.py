"""new_region: a small region folder that runs, with comments, for a user to make their own."""

from __future__ import annotations

import shutil
import tempfile
from importlib import resources
from pathlib import Path

from bridgehead.region.write import require_empty

_STARTER = ("region.toml", "README.md")  # commented versions of our own; the tables are those of the toy region


def new_region(folder: str | Path) -> Path:
    """Write a commented starter region to `folder`, which must be new or empty, and return it.

    It is the made-up toy region: it reads, solves and can be changed table by table. Written aside and moved in at the
    end, so that it is there completely or not at all.
    """
    folder = Path(folder)
    require_empty(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    package = Path(str(resources.files("bridgehead")))
    with tempfile.TemporaryDirectory(dir=folder.parent) as aside:
        new = Path(aside) / "region"
        shutil.copytree(package / "cases" / "toy" / "region", new, copy_function=shutil.copyfile)
        for name in _STARTER:
            shutil.copyfile(package / "region" / "starter" / name, new / name)
        if folder.is_dir():
            folder.rmdir()  # it is empty
        new.rename(folder)
    return folder
