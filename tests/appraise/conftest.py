"""What the appraisal's tests share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def toy_region(tmp_path_factory):
    """The toy region with research, construction land, needs, strategies and zones."""
    from zone_toy import zone_toy

    from bridgehead.region import read_region

    return read_region(zone_toy(tmp_path_factory.mktemp("zone_toy") / "region"))


@pytest.fixture(scope="session")
def toy_progress() -> list:
    """What the toy's appraisal told of its progress."""
    return []


@pytest.fixture(scope="session")
def toy(toy_region, toy_progress):
    """The toy's appraisal: two strategies, three zones and the new town."""
    from bridgehead.appraise import appraise

    return appraise(toy_region, progress=lambda done, total, label: toy_progress.append((done, total, label)))
