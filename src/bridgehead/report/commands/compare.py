"""`bridgehead compare`."""

from __future__ import annotations

from bridgehead.report.shell import Shell


def compare(shell: Shell) -> None:
    """X."""
