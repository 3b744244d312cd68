"""`bridgehead doctor`."""

from __future__ import annotations

from bridgehead.report.shell import Shell

MARKS = {"fine": ("✓", "green"), "note": ("!", "yellow"), "fault": ("✗", "bold red")}


def doctor(shell: Shell) -> int:
    """Look at this machine: Python, memory, cores, precision, cache, fonts, encoding, case data."""
    from rich.table import Table
    from rich.text import Text

    from bridgehead.report.doctor import examine

    findings = examine()
    table = Table(box=None, show_header=False, pad_edge=False, title=shell.text("doctor.title"), title_justify="left")
    for name, width in (("mark", 1), ("name", 20)):
        table.add_column(name, min_width=width, no_wrap=True)
    table.add_column("found", overflow="fold")
    for finding in findings:
        mark, style = MARKS[finding.state]
        found = Text(finding.found) + Text(f"\n→ {finding.cure}" if finding.cure else "", style=style)
        table.add_row(Text(mark, style=style), shell.choose(finding.name, finding.name_zh), found)
    faulty = any(finding.state == "fault" for finding in findings)
    shell.show(table, "", shell.text("doctor.faulty" if faulty else "doctor.fine"))
    shell.document({"findings": [vars(finding) for finding in findings], "fine": not faulty})
    return int(faulty)
