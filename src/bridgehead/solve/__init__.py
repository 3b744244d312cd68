"""Solving, certifying and differentiating fixed points: no economics here."""

import bridgehead.float64  # noqa: F401  (first: before any array is made)
from bridgehead.solve.certificate import Certificate, judge
from bridgehead.solve.compile import cache_folder, make_room, prepare
from bridgehead.solve.fixed_point import Anderson, anderson, anderson_many
from bridgehead.solve.layout import Layout
from bridgehead.solve.linear import (
    Factored,
    leading_eigenvalues,
    refined_singular_value,
    shifted_solve,
    smallest_singular_value,
    solve_shifted,
)
from bridgehead.solve.multisecant import Multisecant
from bridgehead.solve.newton import newton_krylov

__all__ = [
    "Anderson",
    "Certificate",
    "Factored",
    "Layout",
    "Multisecant",
    "anderson",
    "anderson_many",
    "cache_folder",
    "judge",
    "leading_eigenvalues",
    "make_room",
    "newton_krylov",
    "prepare",
    "refined_singular_value",
    "shifted_solve",
    "smallest_singular_value",
    "solve_shifted",
]
