"""`bridgehead check`."""

from __future__ import annotations

from typing import Any

from bridgehead.report.commands.common import ClosureOption, RegionArgument
from bridgehead.report.shell import Shell


def check(shell: Shell, region: RegionArgument, closure: ClosureOption = None) -> None:
    """Read a region folder, list every fault, and show its accounts and how much of it is observed."""
    from bridgehead.region.checks import audit, coverage
    from bridgehead.report.commands.common import load_region
    from bridgehead.report.terminal import step

    with step(shell, shell.text("steps.read")):
        data = load_region(region, closure)
        lines, table = audit(data), coverage(data)
    shell.show(_heading(shell, data), _audit_table(shell, lines), coverage_table(shell, table))
    doubtful = sum(line.ok is False for line in lines)
    shell.show(shell.text("check.fine") if not doubtful else shell.text("check.doubtful", count=doubtful))
    shell.document(
        {
            "region": data.meta.name,
            "year": data.meta.year,
            "places": len(data.place_ids),
            "folder_hash": data.folder_hash,
            "audit": [vars(line) for line in lines],
            "coverage": table,
        }
    )


def _heading(shell: Shell, data: Any) -> Any:
    from rich.text import Text

    inside = int(data.inside.sum())
    outside, sectors = len(data.place_ids) - inside, len(data.sector_names)
    name = shell.choose(data.meta.name, data.meta.name_zh)
    return Text(shell.text("check.title", name=name, inside=inside, outside=outside, sectors=sectors, year=data.meta.year), style="bold")


def _audit_table(shell: Shell, lines: Any) -> Any:
    from rich.text import Text

    from bridgehead.report.terminal import BETTER, WORSE, plain_table

    marks = {True: Text("✓", style=BETTER), False: Text("!", style=f"bold {WORSE}"), None: Text("–", style="dim")}
    return plain_table(("", shell.text("check.audit"), ""), [(marks[line.ok], line.name, line.detail) for line in lines])


def coverage_table(shell: Shell, table: Any) -> Any:
    """What share of every total is observed and inferred. Sectors and jurisdictions are in the JSON and the report alone."""
    from bridgehead.report.terminal import plain_table

    rows = [
        (row["total"].replace("_", " "), f"{row['observed']:.0%}", f"{row['inferred']:.0%}")
        for row in table.to_dicts()
        if "," not in row["total"]
    ]
    names = [shell.text(f"check.{key}") for key in ("total", "observed", "inferred")]
    return plain_table(names, rows, title=shell.text("check.coverage"), numbers=(1, 2))
