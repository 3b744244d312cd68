"""`bridgehead appraise`."""

from __future__ import annotations

from bridgehead.report.shell import Shell


def appraise(shell: Shell) -> None:
    """X."""
