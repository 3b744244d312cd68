"""`bridgehead check`."""

from __future__ import annotations

import re
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
    return plain_table(
        ("", shell.text("check.audit"), ""),
        [(marks[line.ok], _told(shell, "name", line.name), _told(shell, "detail", line.detail)) for line in lines],
    )


def _told(shell: Shell, kind: str, text: str) -> str:
    """A text of the audit in the call's language; what text/audit.toml does not know stays English."""
    from bridgehead.report.figures.words import load_text

    for english, chinese in load_text("audit")[kind].items() if shell.lang == "zh" else ():
        found = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(english)), text)
        if found:
            return chinese.format(**found.groupdict())
    return text


def coverage_table(shell: Shell, table: Any) -> Any:
    """What share of every total is observed and inferred. Sectors and jurisdictions are in the JSON and the report alone."""
    from bridgehead.report.figures.words import load_text
    from bridgehead.report.terminal import plain_table

    words = load_text("moments")["coverage"]
    rows = [
        (
            shell.choose(*words.get(row["total"], {"en": row["total"].replace("_", " ")}).values()),
            f"{row['observed']:.0%}",
            f"{row['inferred']:.0%}",
        )
        for row in table.to_dicts()
        if "," not in row["total"]
    ]
    names = [shell.text(f"check.{key}") for key in ("total", "observed", "inferred")]
    return plain_table(names, rows, title=shell.text("check.coverage"), numbers=(1, 2))
