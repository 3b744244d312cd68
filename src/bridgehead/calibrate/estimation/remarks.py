"""What a reader of an estimate must be told, found in the result itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.calibrate.estimation.result import GravityResult

FORMS = ("asked", "power", "exponential", "bins")
FEW_CLUSTERS = 30


def remarks(result: GravityResult) -> list[dict[str, Any]]:
    """Remarks as {key, values}: `form` (the decay's form decides a border), `chosen`, `suppressed`, `few`, `direction`, `part`."""
    found = [*_forms(result)]
    sample, pairs = result.fit.sample, result.pairs
    lost = ~np.isfinite(pairs.cost) & ~np.eye(len(pairs.places), dtype=bool) & np.isfinite(pairs.value)
    if lost.any() and not (pairs.value[lost] > 0).any():
        found.append({"key": "chosen", "count": int(lost.sum())})
    used = pairs.value[sample.used]
    smallest = float(used[used > 0].min())
    if sample.zeros and smallest > 1 and (used == np.round(used)).all():
        found.append({"key": "suppressed", "smallest": smallest})
    if result.fit.clusters[result.cluster] < FEW_CLUSTERS:
        found.append({"key": "few", "count": result.fit.clusters[result.cluster]})
    if any(name.startswith("border.") for name in result.fit.names):
        found += [{"key": "direction"}, {"key": "part"}]
    return found


def _forms(result: GravityResult) -> list[dict[str, Any]]:
    """Borders that differ between forms of the decay by more than two standard errors, and which form fits best."""
    rows = [row for row in result.alternatives.to_dicts() if row["specification"] in FORMS and not row["reason"]]
    found = []
    for name in (name for name in result.fit.names if name.startswith("border.") and len(rows) > 1):
        values = [row[name] for row in rows if row.get(name) is not None]
        error = rows[0][f"{name}.standard_error"]
        if values and max(values) - min(values) > 2 * error:
            best = min(rows, key=lambda row: row["deviance"])
            remark = {"key": "form", "name": name, "low": min(values), "high": max(values), "error": error}
            found.append(remark | {"best": best["decay_form"], "deviance": best["deviance"]})
    return found
