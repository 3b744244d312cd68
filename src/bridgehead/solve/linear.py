"""Linear algebra with I − J of a map, matrix-free: J enters by products only."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

Product = Callable[[np.ndarray], np.ndarray]


def solve_shifted(product: Product, right: np.ndarray, *, tolerance: float = 1e-3, steps: int = 200) -> np.ndarray:
    """(I − J)⁻¹ right by GMRES; `product(v)` is J v (or J′ v). The residual is relative to `right`."""
    size = right.shape[0]
    largest = float(np.max(np.abs(right)))
    if largest == 0.0:
        return np.zeros(size)
    operator = LinearOperator((size, size), matvec=lambda v: v - product(v), dtype=np.float64)
    found, _ = gmres(operator, right / largest, rtol=tolerance, atol=0.0, restart=min(size, 80), maxiter=max(1, steps // 80 + 1))
    return found * largest


def smallest_singular_value(
    product: Product, product_transpose: Product, start: np.ndarray, *, rounds: int = 4, tolerance: float = 1e-2
) -> tuple[float, np.ndarray]:
    """Smallest singular value of I − J and its right vector, by inverse iteration on (I − J)′(I − J).

    `start` is any vector; one from a near-by solution saves rounds. The value returned is ‖(I − J) v‖ of a unit vector v, so it is
    an upper bound that falls to the value itself.
    """
    vector = start / np.linalg.norm(start)
    value = np.inf
    for _ in range(rounds):
        half = solve_shifted(product_transpose, vector, tolerance=tolerance)
        vector = solve_shifted(product, half, tolerance=tolerance)
        vector = vector / np.linalg.norm(vector)
        new = float(np.linalg.norm(vector - product(vector)))
        if abs(new - value) <= 0.02 * value:
            return min(new, value), vector
        value = min(new, value)
    return value, vector
