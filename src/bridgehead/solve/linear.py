"""Linear algebra with I − J of a map, matrix-free: J enters by products only."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh, gmres

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
    product: Product, product_transpose: Product, start: np.ndarray, *, tolerance: float = 0.02
) -> tuple[float, np.ndarray]:
    """Smallest singular value of I − J and its right vector, by Lanczos on the inverse of (I − J)′(I − J).

    `start` is any vector; one from a near-by solution saves products. The value returned is ‖(I − J) v‖ of a unit vector v: an
    upper bound, within about `tolerance` of the value itself.
    """
    size = start.shape[0]

    def inverse(vector: np.ndarray) -> np.ndarray:
        half = solve_shifted(product_transpose, np.ravel(vector), tolerance=1e-3)
        return solve_shifted(product, half, tolerance=1e-3)

    operator = LinearOperator((size, size), matvec=inverse, dtype=np.float64)
    try:
        _, vectors = eigsh(operator, k=1, which="LM", v0=start, tol=tolerance, ncv=min(size - 1, 12), maxiter=20)
        vector = vectors[:, 0]
    except ArpackNoConvergence as error:
        vector = error.eigenvectors[:, 0] if error.eigenvectors.size else start
    vector = vector / np.linalg.norm(vector)
    return float(np.linalg.norm(vector - product(vector))), vector


def refined_singular_value(product: Product, product_transpose: Product, near: np.ndarray, *, rounds: int = 3) -> tuple[float, np.ndarray]:
    """As `smallest_singular_value`, from the right vector `near` of a near-by solution: a few rounds of inverse iteration.

    Stops when the value changes by less than 2 %; a tenth of the products of a start from nothing.
    """
    vector, value = near / np.linalg.norm(near), np.inf
    for _ in range(rounds):
        half = solve_shifted(product_transpose, vector, tolerance=1e-2)
        vector = solve_shifted(product, half, tolerance=1e-2)
        vector = vector / np.linalg.norm(vector)
        last, value = value, float(np.linalg.norm(vector - product(vector)))
        if abs(value - last) <= 0.02 * last:
            break
    return value, vector
