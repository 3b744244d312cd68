"""`bridgehead new`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bridgehead.report.shell import Shell


def new(shell: Shell, folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet, or is empty.")]) -> None:
    """Make a small commented region folder that runs, to be turned into your own."""
    from bridgehead.region.starter import new_region
    from bridgehead.region.write import require_empty
    from bridgehead.report.commands.common import written_files
    from bridgehead.report.output import staged_folder

    require_empty(folder)
    with staged_folder(folder) as aside:
        new_region(aside)
    made = folder
    commands = [f"bridgehead check {made}", f"bridgehead calibrate {made}", f"bridgehead solve {made} --out {made}-solved"]
    shell.show(shell.text("new.made", folder=made), *(f"  {command}" for command in commands))
    shell.document({"folder": made, "files": written_files(made), "commands": commands})
