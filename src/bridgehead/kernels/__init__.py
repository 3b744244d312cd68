"""How places reach each other: non-negative linear operators, and borders wrapped around them (model.md §3)."""

import bridgehead.float64  # noqa: F401  (first: before any array is made)
from bridgehead.kernels.base import Kernel
from bridgehead.kernels.bordered import (
    Bordered,
    as_array,
    between_places,
    matrix_of,
    passage_of,
    passages_of,
    with_matrix,
    with_passage,
)
from bridgehead.kernels.decay import exponential_decay, gravity_weight, knowledge_weight
from bridgehead.kernels.dense import Dense
from bridgehead.kernels.either import diagonal, is_traced, module_of, plain, whole
from bridgehead.kernels.scaled import Scaled, groups_of
from bridgehead.kernels.sparse import Sparse

__all__ = [
    "Bordered",
    "Dense",
    "Kernel",
    "Scaled",
    "Sparse",
    "as_array",
    "between_places",
    "diagonal",
    "exponential_decay",
    "gravity_weight",
    "groups_of",
    "is_traced",
    "knowledge_weight",
    "matrix_of",
    "module_of",
    "passage_of",
    "passages_of",
    "plain",
    "whole",
    "with_matrix",
    "with_passage",
]
