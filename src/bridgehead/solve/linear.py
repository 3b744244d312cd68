"""Linear algebra with I − J of a map, matrix-free: J enters by products only."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.sparse.linalg import gmres as gmres_compiled
from scipy.linalg import LinAlgWarning, lu_factor, lu_solve
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


def shifted_solve(product: Callable[[jax.Array], jax.Array], right: jax.Array, tolerance: jax.Array) -> tuple[jax.Array, jax.Array]:
    """((I − J)⁻¹ right, missed) by GMRES inside a compiled function; `product(v)` is J v.

    missed: ‖right − (I − J) found‖ over ‖right‖. GMRES stops after 300 products whether or not it has come to `tolerance`, so
    whoever uses the answer looks at what it missed.
    """
    largest = jnp.maximum(jnp.max(jnp.abs(right)), 1e-300)
    scaled = right / largest
    found, _ = gmres_compiled(lambda v: v - product(v), scaled, tol=tolerance, atol=0.0, restart=20, maxiter=15, solve_method="batched")
    missed = jnp.linalg.norm(scaled - (found - product(found))) / jnp.maximum(jnp.linalg.norm(scaled), 1e-300)
    return found * largest, missed


@dataclass(frozen=True, eq=False)
class Factored:
    """I − J held whole and factored: solves that no iteration has to come to. `singular`: a pivot is exactly 0."""

    lower_upper: np.ndarray
    pivots: np.ndarray
    singular: bool

    @classmethod
    def of(cls, shifted: np.ndarray) -> Factored:
        """The LU factors of a square array."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LinAlgWarning)  # told by `singular`
            lower_upper, pivots = lu_factor(shifted, check_finite=False)
        return cls(lower_upper, pivots, bool((np.diagonal(lower_upper) == 0).any()))

    def solve(self, right: np.ndarray) -> np.ndarray:
        """(I − J)⁻¹ right."""
        return lu_solve((self.lower_upper, self.pivots), right, check_finite=False)

    def solve_transposed(self, right: np.ndarray) -> np.ndarray:
        """(I − J′)⁻¹ right."""
        return lu_solve((self.lower_upper, self.pivots), right, trans=1, check_finite=False)


def leading_eigenvalues(product: Callable[[jax.Array], jax.Array], start: jax.Array, steps: int = 40) -> jax.Array:
    """The Hessenberg matrix [steps, steps] of Arnoldi's method: its eigenvalues of largest size and real part come near those of J.

    product(v) = J v, inside a compiled function. They lie within the field of values of J; outlying ones are found first, to a few
    per cent in `steps` products.
    """
    size = start.shape[0]

    def step(k: jax.Array, carry: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        basis, hessenberg = carry
        new = product(basis[k])
        first = basis @ new
        new = new - first @ basis
        again = basis @ new
        new = new - again @ basis
        length = jnp.linalg.norm(new)
        column = (first + again).at[k + 1].set(length)
        return basis.at[k + 1].set(new / jnp.maximum(length, 1e-300)), hessenberg.at[:, k].set(column)

    basis = jnp.zeros((steps + 1, size), start.dtype).at[0].set(start / jnp.linalg.norm(start))
    _, hessenberg = jax.lax.fori_loop(0, steps, step, (basis, jnp.zeros((steps + 1, steps), start.dtype)))
    return hessenberg[:steps]


def smallest_singular_value(
    product: Product, inverse: Product, inverse_transpose: Product, start: np.ndarray, *, tolerance: float = 0.02
) -> tuple[float, np.ndarray]:
    """Smallest singular value of I − J and its right vector, by Lanczos on the inverse of (I − J)′(I − J).

    product(v) = J v, inverse(v) = (I − J)⁻¹ v and inverse_transpose(u) = (I − J′)⁻¹ u. `start` is any vector. The value returned is
    ‖(I − J) v‖ of a unit vector v: an upper bound, within about `tolerance` of the value itself.
    """
    size = start.shape[0]
    operator = LinearOperator((size, size), matvec=lambda v: inverse(inverse_transpose(np.ravel(v))), dtype=np.float64)
    try:
        _, vectors = eigsh(operator, k=1, which="LM", v0=start, tol=tolerance, ncv=min(size - 1, 12), maxiter=20)
        vector = vectors[:, 0]
    except ArpackNoConvergence as error:
        vector = error.eigenvectors[:, 0] if error.eigenvectors.size else start
    vector = vector / np.linalg.norm(vector)
    return float(np.linalg.norm(vector - product(vector))), vector


def refined_singular_value(
    product: Product, inverse: Product, inverse_transpose: Product, near: np.ndarray, *, rounds: int = 3
) -> tuple[float, np.ndarray]:
    """As `smallest_singular_value`, from the right vector `near` of a near-by solution: a few rounds of inverse iteration.

    Stops when the value changes by less than 2 %; a tenth of the products of a start from nothing.
    """
    vector, value = near / np.linalg.norm(near), np.inf
    for _ in range(rounds):
        vector = inverse(inverse_transpose(vector))
        vector = vector / np.linalg.norm(vector)
        last, value = value, float(np.linalg.norm(vector - product(vector)))
        if abs(value - last) <= 0.02 * last:
            break
    return value, vector
