"""Several starts: is the equilibrium found the only one found (model.md §8, "spread over random starts")?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bridgehead.models.equilibrium import Equilibrium, solve

SAME = 1e-7
"""Solutions whose logs differ by less are one equilibrium: ten times the largest distance a certificate allows, each way."""


@dataclass(frozen=True)
class Starts:
    """What several starts found: distinct certified equilibria, the first start's first, how many starts reached each, and how
    many reached none."""

    equilibria: tuple[Equilibrium, ...]
    reached: tuple[int, ...]
    lost: int

    @property
    def spread(self) -> float:
        """Largest log difference between the first equilibrium and any other found; 0 where all starts agree."""
        first = self.equilibria[0].x
        return max((float(np.abs(other.x - first).max()) for other in self.equilibria[1:]), default=0.0)


def solve_from_starts(
    baseline: Any,
    given: Mapping[str, Any] | None = None,
    *,
    starts: int,
    seed: int = 0,
    width: float = 0.5,
    name: str = "",
) -> tuple[Equilibrium, Starts]:
    """The equilibrium from the baseline's unknowns, and what `starts` − 1 random starts find.

    Random starts move every log by a normal draw of standard deviation `width`. The certificate says how many starts were made and
    how far their answers lie apart; several equilibria are a warning that names where they differ most.
    """
    first = solve(baseline, given, name=name)
    found, reached, lost = [first], [1], 0
    draws = np.random.default_rng(seed)
    for _ in range(starts - 1):
        start = baseline.equilibrium.x + width * draws.standard_normal(baseline.equilibrium.x.size)
        other = solve(baseline, given, start=start, name=name, weakest=False)
        if not other.solved:
            lost += 1
            continue
        same = [i for i, known in enumerate(found) if known.solved and np.abs(known.x - other.x).max() < SAME]
        if same:
            reached[same[0]] += 1
        else:
            found.append(other)
            reached.append(1)
    result = Starts(tuple(found), tuple(reached), lost)
    return _with_spread(first, result, starts), result


def _with_spread(first: Equilibrium, result: Starts, starts: int) -> Equilibrium:
    """The first equilibrium with a certificate that tells of the other starts."""
    if not first.solved:
        return first
    warnings = list(first.certificate.warnings)
    if len(result.equilibria) > 1:
        other = result.equilibria[1]
        variable, index = first.engine.layout.where(int(np.argmax(np.abs(other.x - first.x))))
        place = first.labels["places"][index[0]]
        warnings.append(
            f"not the only equilibrium: {starts} starts found {len(result.equilibria)}, reached {list(result.reached)} times; "
            f"they differ most in {variable} at {place}, by a factor of {np.exp(result.spread):.3g}"
        )
    if result.lost:
        warnings.append(f"{result.lost} of {starts} starts found no equilibrium")
    certificate = replace(first.certificate, starts=starts, spread=result.spread, warnings=tuple(warnings))
    return replace(first, certificate=certificate)
