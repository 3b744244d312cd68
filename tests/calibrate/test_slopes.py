"""The derivatives that Newton and the fits go by are those of finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from bridgehead.calibrate.goods import TradeTarget, _Goods, openness_targets
from bridgehead.calibrate.homes import attraction_from_residents, mover_sets


def goods(*, targets: bool) -> _Goods:
    rng = np.random.default_rng(7)
    n, sectors = 6, 2
    output, spending = rng.lognormal(size=(2, n, sectors))
    output[1, 0] = 0.0
    exports = np.full(n, np.nan)
    exports[5] = 0.4
    some = np.zeros((n, n), dtype=bool)
    some[:2, 5] = True
    wanted = [*openness_targets(exports), TradeTarget(some, some, 0.1)] if targets else []
    return _Goods(np.exp(-rng.random((sectors, n, n))), output, spending, wanted)


@pytest.mark.parametrize("targets", [True, False])
def test_newton_step_of_the_goods_market_solves_the_whole_linearised_system(targets):
    system = goods(targets=targets)
    z = 0.3 * np.random.default_rng(1).standard_normal(system.size)
    step = 1e-6
    columns = [(system.residual(z + step * e) - system.residual(z - step * e)) / (2 * step) for e in np.eye(system.size)]
    whole = np.linalg.solve(np.stack(columns, axis=1), system.residual(z))
    np.testing.assert_allclose(system.slope(z).solve(system.residual(z)), whole, rtol=1e-6, atol=1e-8)


def test_homes_do_not_depend_on_the_start_and_know_their_sets():
    rng = np.random.default_rng(3)
    reach = rng.random((4, 9)) * (rng.random((4, 9)) < 0.7)
    reach[:, 0], reach[3], reach[3, 8], reach[:3, 8] = 0.5, 0.0, 1.0, 0.0  # the last origin and place have each other alone
    reach[3, 0] = 0.0
    people = np.array([50.0, 200.0, 10.0, 70.0])
    value = rng.lognormal(size=9)
    value = np.where(reach.any(axis=0), value, 1.0)
    residents = (people[:, None] * reach * value / (reach @ value)[:, None]).sum(axis=0)
    one = attraction_from_residents(reach, people, residents)
    other = attraction_from_residents(reach, people, residents, start=rng.lognormal(size=9) * 100)
    np.testing.assert_allclose(other, one, rtol=1e-11)
    sets = mover_sets(reach)
    assert len(set(sets)) == 2
    assert (sets[:8] == sets[0]).all()
    living = (people[:, None] * reach * one / (reach @ one)[:, None]).sum(axis=0)
    np.testing.assert_allclose(living, residents, rtol=1e-11)
    assert one[8] == pytest.approx(1.0)
