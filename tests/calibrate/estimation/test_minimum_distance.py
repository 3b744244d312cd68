"""Passages from few moments: planted ones come back, slopes are those of finite differences, intervals admit what is not known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from bridgehead.calibrate import calibrate
from bridgehead.calibrate.baseline import settings
from bridgehead.calibrate.estimation.identification import flow_response, identify
from bridgehead.calibrate.estimation.minimum_distance import estimate_moments, minimum, threshold
from bridgehead.calibrate.labour import wages_from_residents
from bridgehead.calibrate.passages import PassageProblem, read_fit
from bridgehead.errors import DataError

PLANTED = np.array([-1.6, -0.7, 0.4])
ERROR = 0.2
FIT = {
    "format": 1,
    "flow": "commuting",
    "level": "prefecture",
    "rest": ["a_to_b", "b_to_a"],
    "passage": [
        {"name": "a_to_b", "home": "A", "work": "B", "start": -1.0},
        {"name": "b_to_a", "home": "B", "work": "A", "start": -1.0},
        {"name": "b2", "home": "B2", "work": "A", "both_ways": True, "start": 0.0},
    ],
}
ENDS = [("A1", "B1"), ("B1", "A1"), ("A2", "B1+ZB"), ("A", "B2"), ("B2", "A"), ("B1", "A2+ZA"), ("A1", "B2")]


def moments(values, *, error: float = ERROR, ends=ENDS) -> pl.DataFrame:
    """Commuters between jurisdictions as moments.csv would hold them."""
    rows = [
        {"name": f"commuters_{number}", "from": a, "to": b, "value": float(value), "unit": "person", "year": 2023, "status": "observed",
         "source": "planted", "use": "fit", "error": error}
        for number, ((a, b), value) in enumerate(zip(ends, values, strict=True))
    ]  # fmt: skip
    return pl.DataFrame(rows)


def with_moments(region, values, *, fit=FIT, **more):
    return replace(region, fit=fit, moments=moments(values, **more))


@pytest.fixture(scope="module")
def made(toy_region):
    """(region, arrays, parameters, the moments that the planted passages make)."""
    region = with_moments(toy_region, np.ones(len(ENDS)))
    arrays, parameters = settings(region, {})
    problem = PassageProblem(region, arrays, parameters, read_fit(region))
    return region, arrays, parameters, np.exp(problem.residual(PLANTED) / problem.weight)


def problem_of(made, values, **more) -> PassageProblem:
    region, arrays, parameters, _ = made
    changed = with_moments(region, values, **more)
    return PassageProblem(changed, arrays, parameters, read_fit(changed))


def test_planted_passages_come_back(made):
    region, arrays, parameters, truth = made
    found = estimate_moments(with_moments(region, truth), arrays, parameters)
    np.testing.assert_allclose(found.numbers["value"], PLANTED, atol=1e-7)
    assert found.distance == pytest.approx(0.0, abs=1e-12)
    assert (found.freedom, found.scale) == (4, 1.0)
    assert found.estimates.degrees_of_freedom == 4
    assert (found.numbers["low"] < PLANTED).all()
    assert (found.numbers["high"] > PLANTED).all()


def test_the_standard_errors_are_how_the_numbers_answer_to_noise_in_the_moments(made):
    """A parametric bootstrap with small errors, which makes the problem linear: covariance = (J′ J)⁻¹."""
    region, arrays, parameters, truth = made
    stated = estimate_moments(with_moments(region, truth, error=0.02), arrays, parameters, profiles=False)
    rng = np.random.default_rng(5)
    drawn = [minimum(problem_of(made, truth * np.exp(0.02 * rng.standard_normal(len(truth)))), PLANTED) for _ in range(60)]
    ratio = np.std(drawn, axis=0, ddof=1) / stated.numbers["standard_error_stated"].to_numpy()
    assert (np.abs(ratio - 1) < 3.5 / np.sqrt(2 * 60)).all(), ratio


def test_slopes_are_those_of_finite_differences(made):
    """Implicit differentiation through the wages, for fitted numbers and for what the fit takes as given."""
    region, arrays, parameters, truth = made
    problem = problem_of(made, truth)
    known = identify(problem, arrays, PLANTED)
    step, columns = 1e-5, []
    for j in range(3):
        shift = np.eye(3)[j] * step
        columns.append((problem.residual(PLANTED + shift) - problem.residual(PLANTED - shift)) / (2 * step))
    np.testing.assert_allclose(known.jacobian[:, :3], np.stack(columns, axis=1), rtol=1e-5, atol=1e-6)
    for name in ("commuting_decay", "workplace_dispersion"):
        ends = []
        for sign in (1, -1):
            moved = {**parameters, name: parameters[name] + sign * step}
            changed = with_moments(region, truth)
            ends.append(PassageProblem(changed, arrays, moved, read_fit(changed)).residual(PLANTED))
        slope = (ends[0] - ends[1]) / (2 * step)
        np.testing.assert_allclose(known.jacobian[:, known.names.index(name)], slope, rtol=1e-4, atol=1e-4, err_msg=name)


def test_flows_answer_to_their_weights_as_solved_anew():
    rng = np.random.default_rng(3)
    n, epsilon = 7, 4.0
    kernel, residents, bill = np.exp(-3 * rng.random((n, n))), rng.lognormal(size=n), rng.lognormal(size=n)
    direct = rng.normal(size=(n, n))

    def flows(log_kernel):
        wage = wages_from_residents(np.exp(log_kernel), residents, bill, np.ones(n), np.ones(n), epsilon)
        weight = np.exp(log_kernel) * wage**epsilon
        return residents[:, None] * weight / weight.sum(axis=1, keepdims=True)

    step = 1e-6
    slope = (np.log(flows(np.log(kernel) + step * direct)) - np.log(flows(np.log(kernel) - step * direct))) / (2 * step)
    np.testing.assert_allclose(flow_response(flows(np.log(kernel)), epsilon, direct), slope, rtol=1e-6, atol=1e-8)


def test_what_is_fixed_only_as_a_sum_is_said(made):
    """Every flow between the provinces crosses a prefecture's and a regime's border at once."""
    region, arrays, parameters, truth = made
    known = identify(problem_of(made, truth), arrays, PLANTED)
    assert (known.rank, known.fitted) == (3, 3)
    assert ("b2", "+b2 (regime)") in known.sums
    assert known.extended_rank <= len(ENDS)
    # More of the regime's passage is as much less of the prefecture's.
    depends = estimate_moments(with_moments(region, truth), arrays, parameters, profiles=False).depends
    own = {row["name"]: row["change"] for row in depends.filter(pl.col("on") == "b2 (regime)").to_dicts()}
    assert own["b2"] == pytest.approx(-1.0, abs=1e-6)
    assert max(abs(own["a_to_b"]), abs(own["b_to_a"])) < 1e-6


def test_numbers_that_the_moments_cannot_tell_apart_are_refused(made):
    region, arrays, parameters, truth = made
    twice = {**FIT, "passage": [*FIT["passage"], {"name": "copy", "home": "B2", "work": "A", "both_ways": True}]}
    with pytest.raises(DataError, match=r"7 moments fix 3 of 4 numbers. Only together: b2 and \+copy"):
        estimate_moments(with_moments(region, truth, fit=twice), arrays, parameters)
    with pytest.raises(DataError, match="2 moments fix 2 of 3 numbers"):
        estimate_moments(with_moments(region, truth[:2], ends=ENDS[:2]), arrays, parameters)


def test_intervals_are_wider_the_fewer_moments_there_are(made):
    region, arrays, parameters, truth = made

    def width(values, ends) -> float:
        found = estimate_moments(with_moments(region, values, ends=ends), arrays, parameters)
        return float((found.numbers["high"] - found.numbers["low"]).max())

    assert width(truth[:5], ENDS[:5]) > width(truth, ENDS)
    # Student's t with one moment to spare reaches over six times as far as the normal.
    assert threshold(0.0, 1) == pytest.approx(12.706**2, rel=1e-3)
    assert threshold(0.0, 1000) == pytest.approx(1.96**2, rel=5e-3)
    assert threshold(12.0, 4) == pytest.approx(3.0 * threshold(4.0, 4))  # what stated errors leave unexplained widens
    exact = estimate_moments(with_moments(region, truth[[0, 1, 4]], ends=[ENDS[i] for i in (0, 1, 4)]), arrays, parameters)
    assert exact.estimates.distribution == "normal"
    assert exact.notes == ({"key": "exact"},)


def test_an_endless_profile_is_said_and_not_cut_in_silence(made):
    """With errors of a factor of a thousand the moments leave the passages open."""
    region, arrays, parameters, truth = made
    found = estimate_moments(with_moments(region, truth, error=7.0), arrays, parameters)
    endless = ~np.isfinite(found.numbers.select("low", "high").to_numpy()).all(axis=1)
    assert endless.any()
    assert [bool(entry.note) for entry in found.estimates.estimate] == endless.tolist()


def test_the_file_gives_the_calibration_the_same_baseline(made):
    region, arrays, parameters, truth = made
    noisy = with_moments(region, truth * np.exp(0.1 * np.random.default_rng(0).standard_normal(len(truth))))
    found = estimate_moments(noisy, arrays, parameters, profiles=False)
    fitted, given = calibrate(noisy), calibrate(noisy, estimates=found.estimates)
    for name, value in found.numbers.select("name", "value").iter_rows():
        assert fitted.fitted[name] == pytest.approx(value, abs=1e-6)
    np.testing.assert_allclose(given.equilibrium.x, fitted.equilibrium.x, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("understated", [1.0, 2.0])
def test_intervals_hold_the_truth_though_errors_be_understated(made, understated):
    """Monte Carlo: moments with noise `understated` times as large as they say."""
    rng = np.random.default_rng(int(10 * understated))
    held, plain = [], []
    for _ in range(80):
        region, arrays, parameters, truth = made
        values = truth * np.exp(understated * ERROR * rng.standard_normal(len(truth)))
        found = estimate_moments(with_moments(region, values), arrays, parameters)
        held.append((found.numbers["low"].to_numpy() <= PLANTED) & (found.numbers["high"].to_numpy() >= PLANTED))
        plain.append(np.abs(found.numbers["value"].to_numpy() - PLANTED) <= 1.96 * found.numbers["standard_error_stated"].to_numpy())
    assert np.mean(held) > 0.9
    if understated > 1:
        assert np.mean(plain) < 0.8  # the normal interval from the stated errors would not do
