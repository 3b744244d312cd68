"""From data to fundamentals and back: solve(invert(data)) = data, whatever the borders."""

from __future__ import annotations

import numpy as np
import pytest

from bridgehead.calibrate.goods import factored, fit_goods, openness_targets
from bridgehead.calibrate.homes import attraction_from_residents
from bridgehead.calibrate.labour import wages_from_residents
from bridgehead.models import solve
from bridgehead.solve import Certificate


def test_round_trip_from_a_perturbed_start(toy):
    start = toy.equilibrium.x + 0.2 * np.random.default_rng(0).standard_normal(toy.equilibrium.x.size)
    found = solve(toy, start=start).require()
    np.testing.assert_allclose(found.x, toy.equilibrium.x, atol=1e-10)


def test_the_baseline_is_the_data(toy):
    arrays, state = toy.arrays, toy.equilibrium.state
    np.testing.assert_allclose(state["residents"], arrays.residents, rtol=1e-13)
    np.testing.assert_allclose(state["rent_home"], arrays.rent_home, rtol=1e-12)
    np.testing.assert_allclose(state["rent_work"], arrays.rent_work, rtol=1e-12)
    np.testing.assert_allclose(state["output"] * (arrays.beta + arrays.gamma), arrays.value_added, rtol=1e-12)


def test_observed_exports_and_imports_are_met(toy):
    from bridgehead.models import trade_values

    trade = trade_values(toy.equilibrium).sum(axis=0)
    for name in ("O1", "O2"):
        i = toy.region.place_ids.index(name)
        sold, bought = trade[:, i].sum() - trade[i, i], trade[i].sum() - trade[i, i]
        np.testing.assert_allclose(sold, toy.arrays.exports[i], rtol=1e-11)
        np.testing.assert_allclose(bought, toy.arrays.imports[i], rtol=1e-11)


@pytest.mark.parametrize("seed", range(6))
def test_wages_clear_labour_and_do_not_depend_on_the_start(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 25))
    kernel = np.exp(-rng.random((n, n)) * rng.choice([1.0, 10.0]))
    residents, bill = rng.lognormal(size=n) * 1e4, rng.lognormal(size=n) * 1e3
    size, kept, epsilon = bill / bill.mean(), np.full(n, 0.9), rng.uniform(2.0, 8.0)
    wage = wages_from_residents(kernel, residents, bill, size, kept, epsilon)
    weight = kernel * size * (kept * wage) ** epsilon
    jobs = residents @ (weight / weight.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(wage * jobs, bill, rtol=1e-11)
    other = wages_from_residents(kernel, residents, bill, size, kept, epsilon, start=rng.normal(size=n) * 2)
    np.testing.assert_allclose(other, wage, rtol=1e-10)
    # Homogeneous of degree 0 in wages: twice the bill is twice the wage, and nobody moves.
    np.testing.assert_allclose(wages_from_residents(kernel, residents, 2 * bill, size, kept, epsilon), 2 * wage, rtol=1e-10)


def test_goods_fit_meets_sales_and_exports_of_a_planted_economy():
    rng = np.random.default_rng(4)
    n, sectors = 9, 2
    trade = np.exp(-2 * rng.random((sectors, n, n)))
    strength, exports = rng.lognormal(size=(n, sectors)), np.full(n, np.nan)
    strength[2, 0] = 0.0
    spending = rng.lognormal(size=(n, sectors)) * 100
    factors = np.array([0.3, 1.7])
    exports[[7, 8]] = 1.0
    planted = factored(trade, openness_targets(exports), factors) * strength.T[:, None, :]
    flows = spending.T[:, :, None] * planted / planted.sum(axis=2, keepdims=True)
    total = flows.sum(axis=0)
    exports[[7, 8]] = total[:, [7, 8]].sum(axis=0) - np.diag(total)[[7, 8]]
    fit = fit_goods(trade, flows.sum(axis=1).T, spending, openness_targets(exports))
    np.testing.assert_allclose(fit.factors, factors, rtol=1e-9)
    ratio = fit.strength[strength > 0] / strength[strength > 0]
    by_sector = np.broadcast_to(np.arange(sectors), (n, sectors))[strength > 0]
    for s in range(sectors):  # each sector up to one scale
        np.testing.assert_allclose(ratio[by_sector == s], ratio[by_sector == s][0], rtol=1e-9)
    assert fit.strength[2, 0] == 0.0


def test_homes_put_people_where_they_live():
    rng = np.random.default_rng(2)
    reach = rng.random((3, 8))
    reach[2, :6], reach[:2, 6:] = 0.0, 0.0  # two places that only the third origin reaches
    value = rng.lognormal(size=8)
    people = np.array([100.0, 300.0, 50.0])
    residents = (people[:, None] * reach * value / (reach * value).sum(axis=1, keepdims=True)).sum(axis=0)
    found = attraction_from_residents(reach, people, residents)
    for members in (slice(0, 6), slice(6, 8)):  # one scale a set of places linked by movers
        ratio = found[members] / value[members]
        np.testing.assert_allclose(ratio, ratio[0], rtol=1e-9)


def test_the_certificate_is_printed_in_one_line(toy):
    certificate = toy.certificate
    assert isinstance(certificate, Certificate)
    line = certificate.line(seconds=0.5)
    assert line.startswith("certified · distance ")
    assert line.endswith("0.50 s")
    assert "\n" not in line
    assert certificate.line(lang="zh").startswith("已认证")
    assert len(certificate.input_hash) == 64


def test_what_is_asked_for_and_not_solved_is_refused_and_not_passed_over(toy_region):
    from dataclasses import replace

    from bridgehead.calibrate import calibrate
    from bridgehead.errors import ModelError

    closures = toy_region.meta.closures.model_copy(update={"congestion": "links", "floor_space": "one_market"})
    meta = toy_region.meta.model_copy(update={"model": "city", "closures": closures})
    with pytest.raises(ModelError) as caught:
        calibrate(replace(toy_region, meta=meta))
    text = str(caught.value)
    for part in ("closure congestion = 'links'", "closure floor_space = 'one_market'", "model = 'city'"):
        assert part in text
