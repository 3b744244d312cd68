"""Blocks assembled into models, solved and certified."""

from bridgehead.models.derivatives import gradient
from bridgehead.models.engine import Engine, fold
from bridgehead.models.equilibrium import Equilibrium, solve, solve_from
from bridgehead.models.identities import identities_by_products
from bridgehead.models.many import solve_many
from bridgehead.models.model import Model
from bridgehead.models.regional import regional_model, with_block_balance
from bridgehead.models.results import commuters, trade_values, write_solution
from bridgehead.models.starts import solve_from_starts

__all__ = [
    "Engine",
    "Equilibrium",
    "Model",
    "commuters",
    "fold",
    "gradient",
    "identities_by_products",
    "regional_model",
    "solve",
    "solve_from",
    "solve_from_starts",
    "solve_many",
    "trade_values",
    "with_block_balance",
    "write_solution",
]
