"""The sweeps of `test_economies.py` under the other closures: local landlords, and taxes with public spending."""

from __future__ import annotations

import pytest

from property.economies import LANDLORDS, TAXES
from property.sweep import check_mix, check_odd, run


@pytest.mark.slow
def test_none_of_eight_hundred_random_economies_is_certified_and_wrong():
    found = run(840, {"landlords": LANDLORDS, "taxes": TAXES})
    assert sum(found.values()) >= 800, found
    check_mix(found, 800)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [LANDLORDS, TAXES], ids=lambda shape: shape.name)
def test_none_of_160_odd_economies_is_certified_and_wrong(shape):
    check_odd(shape)
