"""Blocks assembled into models, solved and certified."""

from bridgehead.models.engine import Engine, fold
from bridgehead.models.equilibrium import Equilibrium, solve, solve_from
from bridgehead.models.model import Model
from bridgehead.models.regional import regional_model, with_block_balance

__all__ = ["Engine", "Equilibrium", "Model", "fold", "regional_model", "solve", "solve_from", "with_block_balance"]
