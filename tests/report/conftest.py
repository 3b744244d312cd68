"""Regions and made-up appraisal folders for the report's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

import bridgehead
from bridgehead.region import Region, read_region
from bridgehead.report.html import write_report
from report.made_up import NEEDS, make_appraisal
from report.made_up_public import make_public
from report.made_up_time import make_time

CASES = Path(bridgehead.__file__).parent / "cases"


@pytest.fixture(scope="session")
def delta() -> Region:
    """The case's own region."""
    return read_region(CASES / "yangtze" / "region")


@pytest.fixture(scope="session")
def toy() -> Region:
    """The toy: no boundaries, no needs."""
    return read_region(CASES / "toy" / "region")


@pytest.fixture(scope="session")
def delta_folder(delta: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up appraisal folder of the case with its report."""
    folder = make_appraisal(tmp_path_factory.mktemp("delta"), delta)
    make_time(folder, NEEDS, delta.meta.name)
    make_public(folder, delta.place_ids)
    write_report(folder, delta, folder / "report.html")
    return folder


@pytest.fixture(scope="session")
def delta_page(delta_folder: Path) -> str:
    """The case's report as text."""
    return (delta_folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def toy_page(toy: Region, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The toy's report as text."""
    folder = make_appraisal(tmp_path_factory.mktemp("toy"), toy)
    write_report(folder, toy, folder / "report.html")
    return (folder / "report.html").read_text(encoding="utf-8")
