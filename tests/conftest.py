"""What all tests share."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every run and machine, and no clock: a test that fails today fails tomorrow.
settings.register_profile("bridgehead", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("bridgehead")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The headless browser that pages are looked at with; tests that need it are skipped where there is none, but never in CI."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return Path(found)
    if os.environ.get("CI"):
        pytest.fail("no Chromium, and CI must not skip what looks at pages: see .ci/run")
    pytest.skip("no Chromium on this machine")


@pytest.fixture(scope="module", autouse=True)
def _room_for_compiled_programs():
    """A process that has compiled very much drops it after a file: Linux allows only so many memory maps."""
    yield
    from bridgehead.solve import make_room

    make_room()


@pytest.fixture(scope="session")
def toy_region():
    """The toy region that ships with the package."""
    from bridgehead.cases import case_folder
    from bridgehead.region import read_region

    return read_region(case_folder("toy") / "region")


@pytest.fixture(scope="session")
def toy(toy_region):
    """The toy region calibrated: its data as a certified equilibrium."""
    from bridgehead.calibrate import calibrate

    return calibrate(toy_region)
