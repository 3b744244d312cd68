"""Smoothed flows: no zero is left that the fit can fill, every place's totals stand, observed flows hardly move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bridgehead.calibrate.estimation.gravity import fit_gravity
from bridgehead.calibrate.estimation.pairs import checked
from bridgehead.calibrate.estimation.sample import Specification, draw_sample
from bridgehead.calibrate.estimation.smooth import predicted, smooth
from bridgehead.errors import DataError
from calibrate.estimation.planted import planted

pytest.importorskip("pyfixest", reason="the extra `estimation` is not installed")


@pytest.mark.parametrize(
    "specification", [Specification("exponential"), Specification("power", by_pair=True), Specification("exponential", within=35.0)]
)
def test_the_prediction_is_the_fit_where_there_is_one_and_goes_beyond_it(specification):
    pairs = planted(1, places=20)
    if specification.by_pair:  # pairs of prefectures already hold what pairs of provinces would say
        pairs = checked(replace(pairs, sides={"prefecture": pairs.sides["prefecture"]}))
    fit = fit_gravity(draw_sample(pairs, specification))
    guess = predicted(fit)
    used = fit.sample.used
    np.testing.assert_allclose(guess[used], fit.fitted[used], rtol=1e-6)
    if specification.within is not None:
        seen = used.any(axis=1)[:, None] & used.any(axis=0)[None, :]
        assert (seen & ~used).sum() > 50
        assert (guess[seen & ~used] > 0).all()
        assert np.isnan(guess[~seen]).all()


def test_zeros_are_filled_and_totals_stand():
    pairs = planted(2)
    fit = fit_gravity(draw_sample(pairs, Specification("exponential")))
    found = smooth(fit)
    observed = pairs.value
    zeros = observed == 0
    assert zeros.sum() > 200
    assert found.filled + found.left == zeros.sum()
    own = zeros & np.eye(len(observed), dtype=bool)  # the fit says nothing of a place's flow to itself
    assert found.left == own.sum()
    assert (found.value[zeros & ~own] > 0).all()
    for axis in (0, 1):
        np.testing.assert_allclose(found.value.sum(axis=axis), observed.sum(axis=axis), rtol=1e-8)
    assert found.people == pytest.approx(found.value[zeros].sum())
    assert found.moved == pytest.approx(np.abs(np.log(found.value[~zeros] / observed[~zeros])).max())


def test_a_place_that_nobody_leaves_stays_so():
    pairs = planted(3)
    value = np.array(pairs.value)
    value[4, :] = 0.0
    found = smooth(fit_gravity(draw_sample(checked(replace(pairs, value=value)), Specification("exponential"))))
    assert (found.value[4] == 0).all()
    assert found.left >= 30


def test_classes_of_distance_predict_nothing():
    fit = fit_gravity(draw_sample(planted(4), Specification("bins")))
    with pytest.raises(DataError, match="power or exponential"):
        smooth(fit)
