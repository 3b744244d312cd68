"""Fifty people at once, as the benchmark plays them: nobody is turned away and every answer is certified."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "workbench.py"


@pytest.mark.slow
def test_fifty_users_meet_no_error():
    said = subprocess.run(
        [sys.executable, str(BENCHMARK), "toy", "50", "3"], capture_output=True, text=True, check=True, timeout=600
    ).stdout
    rounds = [line for line in said.splitlines() if " answers " in line]
    assert [line.split(" answers")[0].split()[-1] for line in rounds] == ["40", "150", "150"]
    assert all(line.endswith("errors 0") for line in rounds), said
