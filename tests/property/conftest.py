"""Compiled programs are kept between runs, as `calibrate` keeps them."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> None:
    from bridgehead.solve import prepare

    prepare()
