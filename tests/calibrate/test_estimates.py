"""The file of estimates: it reads back as written, refuses what does not fit together, is drawn from, and replaces what it estimates."""

from __future__ import annotations

import numpy as np
import pytest

from bridgehead.calibrate import calibrate
from bridgehead.calibrate.estimates import Estimate, Estimates, read_estimates, write_estimates
from bridgehead.errors import DataError
from bridgehead.kernels import passage_of

COVARIANCE = np.array([[0.04, 0.003], [0.003, 0.0004]])


def estimates(**more) -> Estimates:
    """A border and a decay of commuting, as `bridgehead estimate` would find them."""
    border = Estimate(name="border.prefecture", enters="passage", level="prefecture", value=-1.2, standard_error=0.2, low=-1.6, high=-0.8)
    decay = Estimate(name="decay", enters="parameter", parameter="commuting_decay", value=0.09, standard_error=0.02, low=0.05, high=0.13)
    found = Estimates(
        method="ppml", flow="commuting", describe="planted", standard_errors="none", observations=400, data_hash="0" * 64, version="0",
        estimate=(border, decay), covariance=tuple(map(tuple, COVARIANCE.tolist())),
    )  # fmt: skip
    return found.model_copy(update=more)


def test_the_file_reads_back_as_it_was_written(tmp_path):
    for found in (estimates(), estimates(distribution="t", degrees_of_freedom=3.0)):
        write_estimates(found, tmp_path / "estimates.toml")
        assert read_estimates(tmp_path / "estimates.toml") == found


SPOILED = {
    "an unknown key": ('describe = "planted"', 'decsribe = "planted"', ["decsribe", "Did you mean 'describe'?", "'describe' is missing"]),
    "an unknown parameter": ('"commuting_decay"', '"comuting_decay"', ["comuting_decay", "Did you mean 'commuting_decay'?"]),
    "a value outside its interval": ("low = -1.6", "low = -1.1", ["border.prefecture", "low ≤ value ≤ high"]),
    "a covariance of another shape": ("[0.003, 0.0004]]", "[0.003, 0.0004], [0, 0]]", ["2 rows of 2"]),
    "a covariance that is not symmetric": ("[0.003, 0.0004]", "[0.002, 0.0004]", ["not symmetric"]),
    "a covariance that is none": ("[[0.04, 0.003], [0.003", "[[0.04, 0.03], [0.03", ["negative variance"]),
    "a standard error that is another": ("standard_error = 0.2", "standard_error = 0.3", ["the variance of 'border.prefecture' is 0.04"]),
    "the same name twice": ('name = "decay"', 'name = "border.prefecture"', ["is given 2 times"]),
    "a number that is none": ("value = -1.2", "value = nan", ["value", "nan"]),
    "a t without degrees": ('distribution = "normal"', 'distribution = "t"', ["degrees_of_freedom"]),
    "another version": ("format = 1", "format = 2", ["format", "2"]),
}


@pytest.mark.parametrize(("old", "new", "said"), SPOILED.values(), ids=SPOILED)
def test_what_does_not_fit_together_is_refused(tmp_path, old, new, said):
    path = tmp_path / "estimates.toml"
    write_estimates(estimates(), path)
    text = path.read_text()
    assert old in text, "the test spoils nothing"
    path.write_text(text.replace(old, new))
    with pytest.raises(DataError) as refused:
        read_estimates(path)
    assert all(word in str(refused.value) for word in said), refused.value
    assert "estimates.toml" in str(refused.value)


def test_every_fault_is_listed_at_once(tmp_path):
    path = tmp_path / "estimates.toml"
    write_estimates(estimates(), path)
    path.write_text(path.read_text().replace("low = -1.6", "low = -1.1").replace('"commuting_decay"', '"decay_of_all"'))
    with pytest.raises(DataError) as refused:
        read_estimates(path)
    assert len(refused.value.faults) == 2


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="there is no such file"):
        read_estimates(tmp_path / "none.toml")


def test_draws_have_the_covariance_that_is_stated():
    uniform = np.random.default_rng(1).random((200_000, 3))
    drawn = estimates().draws(uniform[:, :2])
    np.testing.assert_allclose(drawn.mean(axis=0), [-1.2, 0.09], atol=0.002)
    np.testing.assert_allclose(np.cov(drawn.T), COVARIANCE, rtol=0.02)
    wider = estimates(distribution="t", degrees_of_freedom=6.0).draws(uniform)
    np.testing.assert_allclose(np.cov(wider.T), 6 / 4 * COVARIANCE, rtol=0.05)  # variance of a t: d / (d − 2)
    np.testing.assert_array_equal(estimates().draws(np.full((1, 2), 0.5)), [[-1.2, 0.09]])
    with pytest.raises(ValueError, match="2 uniform numbers"):
        estimates().draws(uniform)


def test_calibration_takes_the_estimates_in_the_place_of_its_own(toy_region):
    found = calibrate(toy_region, estimates=estimates())
    assert found.parameters["commuting_decay"] == 0.09
    own, estimated = toy_region.arrays().passages["commuting", "prefecture"], passage_of(found.given["commuting"], "prefecture")
    bordered = (own > 0) & (own < 1)
    assert bordered.any()
    np.testing.assert_allclose(estimated[bordered], np.exp(-1.2), rtol=1e-12)
    np.testing.assert_array_equal(estimated[~bordered], own[~bordered])
    # The baseline is still the data, and `parameters` go before estimates.
    np.testing.assert_allclose(found.equilibrium.state["residents"], toy_region.arrays().residents, rtol=1e-12)
    assert calibrate(toy_region, estimates=estimates(), parameters={"commuting_decay": 0.08}).parameters["commuting_decay"] == 0.08


def test_the_distance_elasticity_of_trade_moves_trade_costs(toy_region):
    from bridgehead.calibrate.apply_estimates import estimated_parameters

    elasticity = Estimate(
        name="decay", enters="parameter", parameter="trade_distance", divided_by="trade_elasticity", sector="secondary",
        value=1.6, standard_error=0.2, low=1.2, high=2.0,
    )  # fmt: skip
    found = estimates(flow="trade", estimate=(elasticity,), covariance=((0.04,),))
    theta = toy_region.arrays().theta
    wanted = 1.6 / theta[toy_region.sector_names.index("secondary")]
    assert estimated_parameters(found, theta, toy_region.sector_names) == {"trade_distance": pytest.approx(wanted)}
    common = found.model_copy(update={"estimate": (elasticity.model_copy(update={"sector": None}),)})
    with pytest.raises(DataError, match="differs between sectors"):
        estimated_parameters(common, theta, toy_region.sector_names)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"level": "province"}, "no commuting borders at level 'province'. Known are: prefecture, regime"),
        ({"receiver": ("A1",), "supplier": ("X9",)}, "unknown prefecture 'X9'"),
        ({"enters": "fit"}, "fit.toml has no such number"),
    ],
)
def test_estimates_of_another_region_are_refused(toy_region, change, said):
    border, decay = estimates().estimate
    wrong = estimates(estimate=(border.model_copy(update=change), decay))
    with pytest.raises(DataError) as refused:
        calibrate(toy_region, estimates=wrong)
    assert said in str(refused.value)


def test_parameters_that_the_model_does_not_have_or_cannot_take_are_refused(toy_region):
    with pytest.raises(DataError, match=r"unknown parameter 'commuting_dekay'\. Did you mean 'commuting_decay'"):
        calibrate(toy_region, parameters={"commuting_dekay": 0.1})
    with pytest.raises(DataError, match=r"commuting_decay is -0\.1; expected at least 0"):
        calibrate(toy_region, parameters={"commuting_decay": -0.1})
    with pytest.raises(DataError, match="nu at most epsilon"):
        calibrate(toy_region, parameters={"home_dispersion": 9.0})
