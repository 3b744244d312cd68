"""One registry row a variable, and the reference page is made from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bridgehead.blocks.movers import MovingHomes
from bridgehead.models import regional_model, with_block_balance
from bridgehead.models.engine import CLOSING_READS
from bridgehead.variables import REGISTRY, as_markdown

VARIANTS = {
    "default": regional_model(),
    "landlords": regional_model(local_landlords=True),
    "taxes": regional_model(taxes=True),
    "ideas": regional_model(research=True),
    "balanced": with_block_balance(regional_model()),
    "path": regional_model().swap(Homes=MovingHomes()),
}


@pytest.mark.parametrize("model", VARIANTS.values(), ids=VARIANTS)
def test_every_name_of_the_model_is_registered_as_what_it_is(model):
    for name in {*model.reads_given, *CLOSING_READS}:
        assert REGISTRY[name].kind == "given", name
    for name in model.writers:
        assert REGISTRY[name].kind == "computed", name


def test_dims_are_those_of_the_toy(toy):
    size = {"place": 14, "sector": 3, "origin": 4, "home": 14, "work": 14, "buyer": 14, "seller": 14}
    for name, value in toy.equilibrium.state.items():
        dims = REGISTRY[name].dims
        if "set" not in dims:
            assert np.shape(value) == tuple(size[d] for d in dims), name


def test_the_reference_page_is_current():
    page = Path(__file__).parents[1] / "docs" / "variables.md"
    assert page.read_text(encoding="utf-8") == as_markdown()
