"""The uniform numbers behind the draws: a Latin hypercube or a scrambled Sobol sequence, from a seed."""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np
from scipy.stats import qmc

Method = Literal["latin_hypercube", "sobol"]
METHODS = ("latin_hypercube", "sobol")
EDGE = 1e-12


def uniform_draws(method: str, draws: int, dimensions: int, seed: int) -> np.ndarray:
    """Points in the unit cube [draw, dimension], none on its edge; the same for the same arguments."""
    if dimensions == 0:
        return np.empty((draws, 0))
    if method == "latin_hypercube":
        points = qmc.LatinHypercube(dimensions, rng=np.random.default_rng([seed, 1])).random(draws)
    else:
        with warnings.catch_warnings():  # its balance is best at powers of two; other lengths are allowed
            warnings.simplefilter("ignore", UserWarning)
            points = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng([seed, 2])).random(draws)
    return np.clip(points, EDGE, 1.0 - EDGE)


def data_draws(seed: int, draw: int, count: int) -> np.ndarray:
    """Uniform numbers for the inferred figures of one draw [figure]: a stream of its own, whatever else is drawn."""
    return np.clip(np.random.default_rng([seed, 3, draw]).random(count), EDGE, 1.0 - EDGE)
