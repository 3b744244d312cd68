"""`bridgehead check`."""

from __future__ import annotations

from bridgehead.report.commands.common import RegionArgument
from bridgehead.report.shell import Shell


def check(shell: Shell, region: RegionArgument) -> int:
    """Read a region folder, list every fault, and show its accounts and how much of it is observed."""
    return 0
