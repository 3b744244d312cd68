"""`bridgehead new`."""

from __future__ import annotations

from bridgehead.report.shell import Shell


def new(shell: Shell) -> None:
    """X."""
