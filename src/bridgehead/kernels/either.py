"""Formulas written once for NumPy and for JAX: outcomes are NumPy where a number is wanted, and traced where its derivative is."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bridgehead.kernels.base import Kernel
from bridgehead.kernels.bordered import as_array


def is_traced(value: Any) -> bool:
    """Whether JAX follows the value to differentiate it."""
    return isinstance(value, jax.core.Tracer)


def module_of(*values: Any) -> ModuleType:
    """`jax.numpy` where any of the values is traced, else `numpy`."""
    return jnp if any(is_traced(value) for value in values) else np


def plain(value: Any) -> Any:
    """A traced value as it is, any other as a NumPy array of float64."""
    return value if is_traced(value) else np.asarray(value, dtype=float)


def whole(kernel: Kernel) -> Any:
    """A kernel with its borders as an array: traced where any of its numbers is, else NumPy, without compiling anything."""
    traced = any(is_traced(leaf) for leaf in jax.tree_util.tree_leaves(kernel))
    return kernel.dense() if traced else as_array(kernel)


def diagonal(kernel: Kernel) -> jax.Array:
    """K_nn [..., place]: of a kernel that does not tell it by itself, from the kernel held whole."""
    return kernel.diagonal() if hasattr(kernel, "diagonal") else jnp.diagonal(kernel.dense(), axis1=-2, axis2=-1)
