"""Gravity by PPML finds what was planted, agrees with a plain implementation, and sets aside only what tells nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bridgehead.calibrate.estimation.gravity import CLUSTERS, first_order_gap, fit_gravity
from bridgehead.calibrate.estimation.pairs import checked
from bridgehead.calibrate.estimation.result import coefficients, estimate_gravity, to_estimates
from bridgehead.calibrate.estimation.sample import Specification, draw_sample
from bridgehead.errors import DataError
from calibrate.estimation.planted import BORDER, DECAY, PROVINCE, planted

pytest.importorskip("pyfixest", reason="the extra `estimation` is not installed")
EXPONENTIAL = Specification("exponential")


def plain_ppml(sample) -> np.ndarray:
    """Poisson by Newton's method on dummies: no fixed-effects trick, no library."""
    i, j = np.nonzero(sample.used)
    places = len(sample.used)
    x = np.column_stack([values[sample.used] for values in sample.regressors.values()])
    dummies = np.zeros((len(i), 2 * places))
    dummies[np.arange(len(i)), i] = dummies[np.arange(len(i)), places + j] = 1.0
    design = np.column_stack([x, dummies[:, dummies.any(axis=0)][:, :-1]])
    flow, beta = sample.pairs.value[sample.used], np.zeros(design.shape[1])
    mean = flow + 0.5
    for _ in range(100):
        work = np.log(mean) + flow / mean - 1
        new = np.linalg.lstsq(np.sqrt(mean)[:, None] * design, np.sqrt(mean) * work, rcond=None)[0]
        if np.abs(new - beta).max() < 1e-12:
            break
        beta, mean = new, np.exp(design @ new)
    return beta[: x.shape[1]]


def test_flows_without_noise_give_back_what_was_planted():
    fit = fit_gravity(draw_sample(planted(1, exact=True), EXPONENTIAL))
    assert fit.names == ("border.prefecture", "border.province", "decay")
    np.testing.assert_allclose(fit.coefficient, [BORDER, PROVINCE, -DECAY], atol=1e-8)
    assert max(np.abs(fit.errors(cluster)).max() for cluster in CLUSTERS) < 1e-6
    np.testing.assert_allclose(fit.fitted[fit.sample.used], fit.sample.pairs.value[fit.sample.used], rtol=1e-7)


@pytest.mark.parametrize("specification", [EXPONENTIAL, Specification("power"), Specification("exponential", own="dummy", within=40.0)])
def test_the_coefficients_are_those_of_a_plain_implementation(specification):
    sample = draw_sample(planted(2, places=18), specification)
    assert sample.zeros > 50
    np.testing.assert_allclose(fit_gravity(sample).coefficient, plain_ppml(sample), rtol=1e-6, atol=1e-7)


def test_fitted_flows_add_up_to_those_observed_by_place_and_across_borders():
    """What makes Poisson the estimator of gravity: its first-order conditions are adding-up constraints."""
    fit = fit_gravity(draw_sample(planted(3), EXPONENTIAL))
    flow = np.where(fit.sample.used, fit.sample.pairs.value, 0.0)
    fitted = np.nan_to_num(fit.fitted)
    for axis in (0, 1):
        np.testing.assert_allclose(fitted.sum(axis=axis), flow.sum(axis=axis), rtol=1e-7, atol=1e-6)
    across = fit.sample.pairs.crosses["province"]
    np.testing.assert_allclose(fitted[across].sum(), flow[across].sum(), rtol=1e-7)
    assert first_order_gap(fit.sample, 1.01 * fit.fitted) > 1e-3  # the check that stands behind this can fail


def test_the_unit_of_flows_and_of_distance_do_not_matter():
    pairs = planted(4)
    one = fit_gravity(draw_sample(pairs, Specification("power")))
    other = fit_gravity(draw_sample(checked(replace(pairs, value=1e-3 * pairs.value, cost=60.0 * pairs.cost)), Specification("power")))
    np.testing.assert_allclose(other.coefficient, one.coefficient, rtol=1e-6, atol=1e-8)
    for cluster in CLUSTERS:
        np.testing.assert_allclose(other.errors(cluster), one.errors(cluster), rtol=1e-5)
    minutes = fit_gravity(draw_sample(pairs, EXPONENTIAL)).coefficient
    hours = fit_gravity(draw_sample(checked(replace(pairs, cost=pairs.cost / 60)), EXPONENTIAL)).coefficient
    np.testing.assert_allclose(hours, minutes * [1, 1, 60], rtol=1e-6)


def test_places_that_nobody_leaves_or_reaches_are_set_aside_by_name_and_change_nothing():
    pairs = planted(5)
    whole = fit_gravity(draw_sample(pairs, EXPONENTIAL))
    value = np.array(pairs.value)
    value[3, :], value[:, 7] = 0.0, 0.0
    sample = draw_sample(checked(replace(pairs, value=value)), EXPONENTIAL)
    left = {entry.key: entry for entry in sample.left}
    assert left["receiver"].names == ("p03",)
    assert left["supplier"].names == ("p07",)
    assert left["own"].pairs == 30
    assert sample.count + sum(entry.pairs for entry in sample.left) == 900  # every pair is accounted for
    # The same as without the two places' flows: a missing figure instead of a zero.
    value[3, :], value[:, 7] = np.nan, np.nan
    absent = fit_gravity(draw_sample(checked(replace(pairs, value=value)), EXPONENTIAL))
    np.testing.assert_allclose(fit_gravity(sample).coefficient, absent.coefficient, rtol=1e-6)
    assert np.abs(absent.coefficient - whole.coefficient).max() > 1e-6


def test_a_place_with_one_pair_is_no_observation():
    pairs = planted(6)
    value = np.array(pairs.value)
    value[2, :] = np.nan
    value[2, 5] = 7.0
    sample = draw_sample(checked(replace(pairs, value=value)), EXPONENTIAL)
    assert {"alone": ("p02",)}.items() <= {entry.key: entry.names for entry in sample.left}.items()
    assert not sample.used[2].any()


def test_a_border_that_nothing_crosses_has_no_estimate():
    pairs = planted(7)
    shut = np.where(pairs.crosses["province"], 0.0, pairs.value)
    with pytest.raises(DataError, match="no flow crosses a border of level 'province'"):
        checked(replace(pairs, value=shut))
    side = pairs.sides["prefecture"]
    closed = np.isin(side, ["W1", "E2"])[:, None] & np.isin(side, ["W1", "E2"])[None, :] & pairs.crosses["prefecture"]
    by_pair = Specification("exponential", by_pair=True)
    one_level = {"prefecture": side}
    sample = draw_sample(checked(replace(pairs, value=np.where(closed, 0.0, pairs.value), sides=one_level)), by_pair)
    left = {entry.key: entry for entry in sample.left}
    assert set(left["closed"].names[0].removeprefix("border.prefecture.").split("|")) == {"W1", "E2"}
    assert left["closed"].pairs == closed.sum()
    assert len([name for name in fit_gravity(sample).names if name.startswith("border.")]) == 5


def test_borders_that_cannot_be_told_apart_are_refused_by_name():
    pairs = planted(8)
    with pytest.raises(DataError, match="levels 'province' and 'copy' have the same borders"):
        checked(replace(pairs, sides={**pairs.sides, "copy": np.char.add(pairs.sides["province"], "x")}))
    single = {"place": np.array(pairs.places)}  # every pair of different places crosses it: a constant
    with pytest.raises(DataError, match=r"border\.place: it is the same for every pair of the sample"):
        draw_sample(checked(replace(pairs, sides=single)), EXPONENTIAL)
    one_out = {"side": np.where(np.arange(30) == 4, "alone", "rest")}  # a place by itself: its border is its two fixed effects
    with pytest.raises(DataError, match=r"border\.side: it cannot be told from the fixed effects"):
        fit_gravity(draw_sample(checked(replace(pairs, sides=one_out)), EXPONENTIAL))


def test_which_way_a_border_is_harder_to_cross_is_in_the_fixed_effects():
    """A passage that differs by direction between two sides is the symmetric passage and a size of places on one side."""
    pairs = planted(9, exact=True)
    east = pairs.sides["province"] == "E"
    one_way = np.where(east[:, None] & ~east[None, :], 4.0, 1.0)  # homes in the east, work in the west: four times easier
    fit = fit_gravity(draw_sample(checked(replace(pairs, value=pairs.value * one_way)), EXPONENTIAL))
    np.testing.assert_allclose(fit.coefficient, [BORDER, PROVINCE + np.log(4) / 2, -DECAY], atol=1e-8)


def test_the_numbers_are_told_in_the_terms_of_the_model():
    fit = fit_gravity(draw_sample(planted(10), EXPONENTIAL))
    table = {row["name"]: row for row in coefficients(fit, "pair").to_dicts()}
    border, decay = table["border.prefecture"], table["decay"]
    assert border["value"] == pytest.approx(fit.coefficient[0])
    assert border["percent"] == pytest.approx(100 * (np.exp(fit.coefficient[0]) - 1))
    assert decay["value"] == pytest.approx(-fit.coefficient[2])
    assert decay["low"] < decay["value"] < decay["high"]
    mean = table["elasticity_at_mean"]["value"] / decay["value"]
    flow = np.where(fit.sample.used, fit.sample.pairs.value, 0)
    assert mean == pytest.approx((flow * fit.sample.pairs.cost).sum() / flow.sum())
    file = to_estimates(fit, "pair")
    assert [entry.enters for entry in file.estimate] == ["passage", "passage", "parameter"]
    assert file.estimate[2].parameter == "commuting_decay"
    assert file.matrix[0, 2] == pytest.approx(-fit.covariance["pair"][0, 2])  # decay = −coefficient


def test_other_specifications_stand_beside_the_one_asked_for():
    found = estimate_gravity(planted(11), EXPONENTIAL)
    rows = {row["specification"]: row for row in found.alternatives.to_dicts()}
    assert set(rows) == {"asked", "power", "bins", "near", "own", "logs"}
    assert not any(row["reason"] for row in rows.values())
    assert rows["logs"]["zeros"] == 0
    assert rows["asked"]["zeros"] > 0
    # The planted form fits better than the other, and free classes of distance agree with it on the border.
    assert rows["asked"]["deviance"] < rows["power"]["deviance"]
    assert rows["bins"]["border.province"] == pytest.approx(
        rows["asked"]["border.province"], abs=3 * rows["asked"]["border.province.standard_error"]
    )
    assert found.by_distance["observed"].sum() == pytest.approx(found.by_distance["fitted"].sum(), rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(("shared", "narrow"), [(0.0, False), (0.6, True)])
def test_intervals_hold_the_truth_as_often_as_they_say(shared, narrow):
    """Monte Carlo: 120 economies of 40 places, three flows in five zero. Noise that a home's flows across a border share needs clusters by home."""
    truth, hits = np.array([BORDER, PROVINCE, -DECAY]), {cluster: [] for cluster in CLUSTERS}
    found = []
    for seed in range(120):
        fit = fit_gravity(draw_sample(planted(seed, places=40, shared=shared), EXPONENTIAL))
        found.append(fit.coefficient)
        for cluster in CLUSTERS:
            low, high = fit.interval(cluster)
            hits[cluster].append((low <= truth) & (truth <= high))
    bias = np.mean(found, axis=0) - truth
    assert (np.abs(bias) < 3.5 * np.std(found, axis=0) / np.sqrt(120)).all(), bias
    cover = {cluster: np.mean(rows, axis=0) for cluster, rows in hits.items()}
    # 95 % ± three standard errors of a share from 120, and the little that two-way clustering is known to miss with 40 clusters.
    assert (cover["receiver+supplier"] > 0.85).all(), cover
    assert (cover["receiver+supplier"][1] - cover["supplier"][1] > 0.05) == narrow, cover
