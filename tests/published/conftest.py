"""Where the published data are, for the tests that need them."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = (Path(__file__).resolve().parents[2] / ".." / "shared").resolve()


@pytest.fixture(scope="session")
def germany() -> Path:
    """The folder of the German counties; tests that need it are skipped where it is not at hand."""
    folder = SHARED / "data" / "germany"
    if not (folder / "commuting_wide.csv").is_file():
        pytest.skip("the German county data are not at hand (see `bridgehead replicate mrrh2018`)")
    return folder
