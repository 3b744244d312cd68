"""`bridgehead explain`."""

from __future__ import annotations

from bridgehead.report.shell import Shell


def explain(shell: Shell) -> None:
    """X."""
