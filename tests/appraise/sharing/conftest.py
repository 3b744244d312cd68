"""A small region whose governments keep books: the toy with a zone, fiscal rules and observed revenue (all made up)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))


@pytest.fixture(scope="session")
def books_folder(tmp_path_factory) -> Path:
    """The folder of the region."""
    from books_toy import books_toy

    return books_toy(tmp_path_factory.mktemp("books") / "region")


@pytest.fixture(scope="session")
def books_region(books_folder):
    """The region, read."""
    from bridgehead.region import read_region

    return read_region(books_folder)


@pytest.fixture(scope="session")
def books(books_region):
    """The region, calibrated."""
    from bridgehead.calibrate import calibrate

    return calibrate(books_region)


@pytest.fixture(scope="session")
def town(books_region):
    """The new town: all three zones of it."""
    from bridgehead.policy import scenarios_of

    return scenarios_of(books_region)["new_town"]


@pytest.fixture(scope="session")
def shared(books, town):
    """The new town shared by what it does to budgets."""
    from bridgehead.appraise.sharing import share

    return share(books, town)
