"""The door to the command: `bridgehead` and `python -m bridgehead`.

Nothing is imported before an interruption can be answered, for importing takes a third of a second.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command on the process's arguments; 130 where it is interrupted before it has begun."""
    try:
        from bridgehead.report.cli import main as run
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. Nothing was written.\n")
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
