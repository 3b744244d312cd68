"""Sharing what a plan gains between governments: the game of coalitions, its solutions, and rules of tax and equity."""

from bridgehead.appraise.sharing.axioms import AXIOMS, SATISFIED
from bridgehead.appraise.sharing.balance import balance, balance_by_year
from bridgehead.appraise.sharing.games import Game
from bridgehead.appraise.sharing.result import Sharing, share
from bridgehead.appraise.sharing.rules import RULES
from bridgehead.appraise.sharing.solutions import nash, nucleolus, shapley

__all__ = ["AXIOMS", "RULES", "SATISFIED", "Game", "Sharing", "balance", "balance_by_year", "nash", "nucleolus", "shapley", "share"]
