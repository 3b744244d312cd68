"""The regional model (model.md §4): who lives and works where, what is made and sold, what floor space costs."""

from __future__ import annotations

from bridgehead.blocks.commuting import Commuting
from bridgehead.blocks.floor_space import TwoMarkets
from bridgehead.blocks.government import NoTaxes, Taxes
from bridgehead.blocks.homes import Homes
from bridgehead.blocks.income import LandlordIncome, PortfolioIncome, TaxedIncome
from bridgehead.blocks.labour import LabourMarket
from bridgehead.blocks.numeraire import BlockBalance, InsideWageBill, NoBalance
from bridgehead.blocks.production import Productivity, ProductivityWithIdeas
from bridgehead.blocks.trade import ConsumerPrice, GravityTrade
from bridgehead.models.model import Model

UNKNOWNS = ("wage", "price_index", "output", "residents")


def regional_model(*, taxes: bool = False, local_landlords: bool = False, research: bool = False) -> Model:
    """The one-period model with gravity trade, sectors, origins, two floor-space markets and spillovers.

    taxes: governments tax and spend; local_landlords: rents are spent where they arise; research: ideas raise productivity.
    """
    if taxes:
        income = TaxedIncome(local_landlords=local_landlords)
    else:
        income = LandlordIncome() if local_landlords else PortfolioIncome()
    blocks = (
        Taxes() if taxes else NoTaxes(),
        Commuting(),
        ConsumerPrice(),
        income,
        TwoMarkets(),
        Homes(),
        ProductivityWithIdeas() if research else Productivity(),
        GravityTrade(),
        LabourMarket(),
        NoBalance(),
    )
    return Model(blocks, UNKNOWNS, InsideWageBill())


def with_block_balance(model: Model) -> Model:
    """The same model, balancing nearly separate blocks of places (`blocks` must be given)."""
    return model.swap(Balance=BlockBalance())
