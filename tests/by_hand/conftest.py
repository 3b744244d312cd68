"""The three places, solved once by the public way; everything else in this folder reads the tables that were written."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from by_hand.fundamentals import changed, fundamentals
from by_hand.tables import REGION, SCENARIOS, region_numbers, rows, solution


@pytest.fixture(scope="session")
def three_region():
    """The folder of three places, read."""
    from bridgehead.region import read_region

    return read_region(REGION)


@pytest.fixture(scope="session")
def three_baseline(three_region):
    """The three places calibrated."""
    from bridgehead.calibrate import calibrate

    return calibrate(three_region)


@pytest.fixture(scope="session")
def three_appraisal(three_baseline):
    """The three places appraised: two strategies, two zones, and both zones together."""
    from bridgehead.appraise import appraise

    return appraise(three_baseline)


@pytest.fixture(scope="session")
def written(three_baseline, three_appraisal, tmp_path_factory):
    """The folder with what a user gets: matrix tables, and a solution folder for the baseline and every scenario, in CSV."""
    from bridgehead.appraise import write_appraisal
    from bridgehead.models import write_solution

    folder = tmp_path_factory.mktemp("three_places")
    write_appraisal(three_appraisal, folder)
    write_solution(three_baseline.equilibrium, three_baseline, folder / "csv" / "baseline", csv=True)
    for name, equilibrium in three_appraisal.scenarios.items():
        write_solution(equilibrium, three_baseline, folder / "csv" / name, csv=True)
    return folder


@pytest.fixture(scope="session")
def numbers():
    """The region folder's numbers."""
    return region_numbers()


@pytest.fixture(scope="session")
def base(written):
    """The baseline's tables."""
    return solution(written / "csv" / "baseline")


@pytest.fixture(scope="session")
def given(numbers, base):
    """The baseline's fundamentals, by hand."""
    return fundamentals(numbers, base)


@pytest.fixture(scope="session")
def case_of(written, numbers, base, given):
    """case_of(name): one solution beside the baseline: tables `now` and `base`, fundamentals `given` and `before`, `numbers`."""

    def case(name: str) -> SimpleNamespace:
        now = solution(written / "csv" / name)
        return SimpleNamespace(name=name, now=now, base=base, numbers=numbers, given=changed(given, name), before=given)

    return case


@pytest.fixture(scope="session", params=("baseline", *SCENARIOS))
def case(request, case_of):
    """The baseline and every scenario."""
    return case_of(request.param)


@pytest.fixture(scope="session")
def cell(written):
    """(need, line, scenario) -> the row of matrix_long.csv; numbers where there are any, else None."""
    found = {}
    for row in rows(written / "matrix_long.csv"):
        numeric = {key: float(row[key]) if row[key] else None for key in ("baseline", "value", "change", "change_percent")}
        found[row["need"], row["line"], row["scenario"]] = row | numeric
    return lambda *key: found[key]


@pytest.fixture(scope="session")
def matrix(written):
    """(need, line) -> the row of matrix.csv."""
    return {(row["need"], row["line"]): row for row in rows(written / "matrix.csv")}
