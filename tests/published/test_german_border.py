"""Germany's observed commuting: what is left of the former inner border, by `bridgehead estimate` on the counties' flows.

The table on the page of validation is held to these fits.
"""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path

import numpy as np
import pytest

from bridgehead.calibrate.estimation.gravity import fit_gravity
from bridgehead.calibrate.estimation.pairs import Source, read_source
from bridgehead.calibrate.estimation.sample import Specification, draw_sample
from bridgehead.calibrate.estimation.smooth import smooth
from bridgehead.calibrate.estimation.tables import PairTable
from bridgehead.models.published.germany import WESTERN

pytest.importorskip("pyfixest", reason="the extra `estimation` is not installed")
VALIDATION = Path(__file__).resolve().parents[2] / "docs" / "validation.md"
BOTH = "receiver+supplier"


@pytest.fixture(scope="module")
def places(germany, tmp_path_factory) -> Path:
    """A table of the counties and their side of the former border."""
    with (germany / "commuting_wide.csv").open(encoding="utf-8") as file:
        ids = next(csv.reader(file))[1:]
    path = tmp_path_factory.mktemp("germany") / "places.csv"
    rows = [f"{county},{'west' if number < WESTERN else 'east'}" for number, county in enumerate(ids)]
    path.write_text("place,side\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def kilometres(germany, places):
    """Flows with straight-line distance."""
    flows = PairTable(germany / "commuting_wide.csv", "commuting", rows="work")
    return read_source(Source(flows, PairTable(germany / "distance_matrix.csv", "commuting", "km", rows="work"), places, scale=1e-3))


@pytest.fixture(scope="module")
def exponential(kilometres):
    """The exponential fit by distance, which two tests look at."""
    return fit_gravity(draw_sample(kilometres, Specification("exponential")))


@pytest.fixture(scope="module")
def minutes(germany, places):
    """Flows with driving time one way; 1e6 stands for none."""
    flows = PairTable(germany / "commuting_wide.csv", "commuting", rows="work")
    times = PairTable(germany / "roundtrip_time_base.csv", "commuting", "minutes", rows="work")
    return read_source(Source(flows, times, places, scale=0.5, none_above=1e6))


def test_the_flows_are_read_as_they_are(kilometres):
    """Workplace × residence in the file: home comes first here, as sums by home say."""
    assert len(kilometres.places) == 401
    assert kilometres.value.sum() == 33_052_677
    assert (kilometres.value == 0).mean() == pytest.approx(0.938, abs=5e-4)
    across = kilometres.crosses["side"]
    assert kilometres.value[across].sum() == 128_088
    # More leave the east for work in the west than the other way.
    east = kilometres.sides["side"] == "east"
    assert kilometres.value[east][:, ~east].sum() > kilometres.value[~east][:, east].sum()


def shown() -> dict[str, tuple[float, ...]]:
    """The rows of the validation page: border, its standard error, decay, its standard error, deviance in millions, by specification."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([\d.]+) \|$", VALIDATION.read_text(encoding="utf-8"), re.MULTILINE)
    found = {}
    for name, border, share, decay, deviance in rows:
        numbers = [float(x.replace("−", "-")) for part in (border, decay) for x in re.findall(r"[−\d.]+", part)]
        found[name] = (*numbers, float(deviance), float(share.replace("−", "-").rstrip(" %")))
    return found


def assert_shown(name: str, fit) -> None:
    """The page's row is this fit."""
    row = shown()[name]
    numbers = []
    for value, error in zip(fit.coefficient, fit.errors(BOTH), strict=True):
        numbers += [value, error]
    if len(numbers) == 4:
        numbers[2] = -numbers[2]
    wanted = [*numbers, fit.deviance / 1e6, 100 * math.expm1(fit.coefficient[0])]
    for page, found in zip(row, wanted, strict=True):
        assert page == pytest.approx(found, rel=6e-3, abs=0.51 if abs(found) > 5 else 6e-4), (name, row, wanted)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["exponential in km", "power of km", "classes of km"])
def test_the_border_by_distance(kilometres, exponential, name):
    others = {"power of km": Specification("power"), "classes of km": Specification("bins")}
    fit = fit_gravity(draw_sample(kilometres, others[name])) if name in others else exponential
    assert_shown(name, fit)
    assert fit.sample.zeros == 150_907
    # Fitted flows across the border are those observed: the border's own first-order condition.
    assert np.nansum(fit.fitted[kilometres.crosses["side"]]) == pytest.approx(128_088, rel=1e-6)


def test_the_border_by_driving_time(minutes):
    fit = fit_gravity(draw_sample(minutes, Specification("exponential")))
    assert_shown("exponential in minutes", fit)
    assert fit.interval(BOTH)[1][0] < 0  # something is left of the border
    # The decay is that of the commuting literature (0.07 to 0.0987 a minute, Ahlfeldt et al. 2015).
    assert 0.07 < -fit.coefficient[1] < 0.0987
    left = {entry.key: entry.pairs for entry in fit.sample.left}
    assert left == {"own": 401, "no_way": 150_328}


def test_the_border_near_by_does_not_depend_on_the_far_zeros(kilometres):
    """Within 80 km, where 98 % of commuters go, seven in eight pairs have a flow."""
    assert_shown("exponential in km, pairs within 80 km", fit_gravity(draw_sample(kilometres, Specification("exponential", within=80.0))))


@pytest.mark.slow
def test_smoothed_flows_keep_every_county_s_totals(kilometres, exponential):
    found = smooth(exponential)
    assert (found.filled, found.left) == (150_907, 0)
    for axis in (0, 1):
        np.testing.assert_allclose(found.value.sum(axis=axis), kilometres.value.sum(axis=axis), rtol=1e-7)
    assert found.people / kilometres.value.sum() < 0.006
    assert found.moved < 0.2
