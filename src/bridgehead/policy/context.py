"""What levers act upon: the baseline's numbers by name, read and written without ever changing the baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jax.numpy as jnp
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bridgehead.errors import Fault, PolicyError
from bridgehead.kernels import matrix_of, passage_of, with_matrix, with_passage
from bridgehead.policy.edits import Target

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Context:
    """A baseline as levers see it.

    region, arrays: the labels and numbers of the region. given: what the baseline's model is given. equilibrium: the data's.
    parameters: the values it was calibrated with.
    solve: a function given -> Equilibrium, needed by `raise_value_added` alone. roots: multipliers already found, by lever; one
    context for many scenarios finds each once (the only thing about a context that changes, and no result depends on it).
    """

    region: Any
    arrays: Any
    given: Given
    equilibrium: Any = None
    parameters: Mapping[str, float] = field(default_factory=dict)
    solve: Callable[[dict[str, Any]], Any] | None = None
    roots: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, baseline: Any, *, solve: Callable[[dict[str, Any]], Any] | None = None) -> Context:
        """The context of a baseline (`bridgehead.calibrate.Baseline`). Default `solve`: that of `bridgehead.models`."""

        def of_models(given: dict[str, Any]) -> Any:
            from bridgehead import models  # compiled code is loaded by those who solve, not by those who read scenarios

            return models.solve(baseline, given)

        parts = (baseline.region, baseline.arrays, baseline.given, baseline.equilibrium, baseline.parameters)
        return cls(*parts, solve=solve or of_models)

    def array(self, target: Target) -> np.ndarray:
        """The baseline's array of a target."""
        return read(self.given, target, self)

    def passage_cells(self, level: str) -> tuple[np.ndarray, np.ndarray]:
        """Cells of one level for migration: of origins [G] and of places [N]."""
        return np.asarray(self.arrays.origin_cells[level]), np.asarray(self.arrays.cells[level])


def read(given: Given, target: Target, context: Context) -> np.ndarray:
    """A target's array as NumPy float64, from `given`; migration passages, which it does not hold, from the region."""
    if target.name == "migration_kept" and target.part == "passage":
        return np.asarray(context.arrays.passages[("migration", target.level)], dtype=float)
    value = given[target.name]
    if target.part == "matrix":
        return np.asarray(matrix_of(value), dtype=float)
    if target.part == "passage":
        return np.asarray(passage_of(value, target.level), dtype=float)
    return np.asarray(value, dtype=float)


def written(given: Given, target: Target, array: np.ndarray, context: Context) -> dict[str, Any]:
    """A new `given` with one target's array replaced."""
    if target.part == "matrix":
        new = with_matrix(given[target.name], jnp.asarray(array))
    elif target.part == "passage":
        new = with_passage(given[target.name], target.level, jnp.asarray(array))
    else:
        if target.name == "migration_kept":
            require_linked(np.asarray(given[target.name]), array, context)
        new = jnp.asarray(array)
    return {**given, target.name: new}


def kept_with_passages(given: Given, passages: Mapping[str, np.ndarray], context: Context) -> np.ndarray:
    """Share of real income kept, border included, [G, N] = kept_income · Π_level f^(1/ν), under new migration passages.

    passages: level -> f [origin's jurisdiction, destination's jurisdiction]. Entries whose passage does not change are left as
    they are to the last bit. Where the passage was 0 the whole is built anew from the region's kept income.
    """
    root = 1.0 / float(np.asarray(given["home_dispersion"]))
    whole = np.array(given["migration_kept"], dtype=float)
    closed = np.zeros(whole.shape, dtype=bool)
    for level, new in passages.items():
        origins, places = context.passage_cells(level)
        pair = np.ix_(origins, places)
        old = context.array(Target("migration_kept", "passage", level))
        ratio = np.where(old > 0, new / np.where(old > 0, old, 1.0), 1.0)
        whole = np.where((ratio != 1.0)[pair], whole * (ratio**root)[pair], whole)
        closed |= ((old == 0) & (new > 0))[pair]
    if closed.any():
        whole = np.where(closed, _kept_anew(passages, context, root), whole)
    return whole


def _kept_anew(passages: Mapping[str, np.ndarray], context: Context, root: float) -> np.ndarray:
    """kept_income · Π_level f^(1/ν) from the region's tables, with the new passages where there are any."""
    whole = np.array(context.arrays.kept_income, dtype=float)
    for (flow, level), old in context.arrays.passages.items():
        if flow == "migration" and level in context.arrays.origin_cells:
            factor = np.asarray(passages.get(level, old), dtype=float)
            whole = whole * (factor**root)[np.ix_(*context.passage_cells(level))]
    return whole


def require_linked(old: np.ndarray, new: np.ndarray, context: Context) -> None:
    """PolicyError where movers would start to flow between sets of places that exchange none in the data.

    Amenities are known up to one scale for each set of places linked by movers (model.md §6), so how many would move is not
    a number the data can give.
    """
    opened = (old == 0) & (new > 0)
    if not opened.any():
        return
    origins, places = old.shape
    row, column = np.nonzero(old > 0)
    edges = coo_array((np.ones(row.size), (row, origins + column)), shape=(origins + places,) * 2)
    label = connected_components(edges, directed=False)[1]
    bad = np.argwhere(opened & (label[:origins, None] != label[None, origins:]))
    if not bad.size:
        return
    origin, place = context.region.origin_names[bad[0][0]], context.region.place_ids[bad[0][1]]
    raise PolicyError(
        "people cannot be let in from where nobody moves in the data",
        [
            Fault(
                f"{len(bad)} pairs of origin and place would open, first origin '{origin}' to place '{place}', although no chain "
                "of movers links them in the data, so that nothing says how many would come",
                expected="origins some of whose people already live among the places",
                cure="leave these origins out of the lever, or give their kept income in migration_costs.csv",
            )
        ],
    )
