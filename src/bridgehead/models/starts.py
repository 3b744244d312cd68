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
    """What several starts found: distinct certified equilibria in the order they were found, how many starts reached each, and how
    many reached none. Where none was found at all, the first start's attempt stands alone, uncertified."""

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
    how far their answers lie apart; several equilibria are a warning that names where they differ most. Where the baseline's unknowns
    lead nowhere, the first equilibrium that another start finds is given, and a warning says so.
    """
    first = solve(baseline, given, name=name)
    found, reached, lost = ([first], [1], 0) if first.solved else ([], [], 1)
    draws = np.random.default_rng(seed)
    for _ in range(starts - 1):
        start = baseline.equilibrium.x + width * draws.standard_normal(baseline.equilibrium.x.size)
        other = solve(baseline, given, start=start, name=name, weakest=not found)
        if not other.solved:
            lost += 1
            continue
        same = [i for i, known in enumerate(found) if np.abs(known.x - other.x).max() < SAME]
        if same:
            reached[same[0]] += 1
        else:
            found.append(other)
            reached.append(1)
    result = Starts(tuple(found or [first]), tuple(reached), lost)
    return _with_spread(first, result, starts), result


def _with_spread(first: Equilibrium, result: Starts, starts: int) -> Equilibrium:
    """The first equilibrium found, with a certificate that tells of the other starts."""
    if not result.reached:
        reason = f"{first.certificate.reason}; none of {starts} starts found an equilibrium"
        return replace(first, certificate=replace(first.certificate, reason=reason, starts=starts))
    shown = result.equilibria[0]
    warnings = list(shown.certificate.warnings)
    if not first.solved:
        warnings.append("from the data's own unknowns no equilibrium was found: this one is from a random start")
    if len(result.equilibria) > 1:
        other = result.equilibria[1]
        variable, index = shown.engine.layout.where(int(np.argmax(np.abs(other.x - shown.x))))
        place = shown.labels["places"][index[0]]
        warnings.append(
            f"not the only equilibrium: {starts} starts found {len(result.equilibria)}, reached {list(result.reached)} times; "
            f"they differ most in {variable} at {place}, by a factor of {np.exp(result.spread):.3g}"
        )
    if result.lost:
        warnings.append(f"{result.lost} of {starts} starts found no equilibrium")
    certificate = replace(shown.certificate, starts=starts, spread=result.spread, warnings=tuple(warnings))
    return replace(shown, certificate=certificate)
