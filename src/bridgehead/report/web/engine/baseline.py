"""The baseline as an answer: levels by place, the solution's columns, certificate, the matrix' rows, origins."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.appraise.cells import baseline_number
from bridgehead.models.results import PLACE_COLUMNS
from bridgehead.report.web.engine.describe import inferred
from bridgehead.report.web.engine.hot import Hot
from bridgehead.report.web.engine.matrix import head_of
from bridgehead.report.web.engine.words import quantity

FACT_OF = {"value_added": "value_added", "value_added_head": "value_added", "residents_km2": "residents", "rent_home": "rent_home"}
"""The fact that each level of the map rests on (jobs are computed from value added)."""


def baseline(hot: Hot) -> dict[str, Any]:
    """The calibrated region; calibrates it when asked for the first time."""
    region, currency = hot.region, hot.region.meta.currency
    equilibrium = hot.baseline.equilibrium
    levels = levels_of(hot)
    people = equilibrium.state["people"].sum(axis=1)
    origins = [{"id": name, "people": float(people[g])} for g, name in enumerate(region.origin_names)]
    return {
        "levels": {name: values.tolist() for name, values in levels.items()},
        "inferred": {name: inferred(region, FACT_OF.get(name, "value_added")).tolist() for name in levels},
        "places": {name: values.tolist() for name, values in columns_of(equilibrium).items()},
        "quantities": [quantity("state", name, currency) for name in PLACE_COLUMNS],
        "certificate": certificate_view(equilibrium.certificate),
        "matrix": [head_of(hot, row) | {"baseline": baseline_number(row, hot.base[row.key])} for row in hot.needs.rows],
        "origins": origins,
    }


def columns_of(equilibrium: Any) -> dict[str, np.ndarray]:
    """The columns of the solution's table `places` that take no flows to compute [place]."""
    state = equilibrium.state
    full = state | {"earnings_per_resident": state["earnings"] / state["residents"]}
    return {name: np.asarray(full[source], dtype=float) for name, source in PLACE_COLUMNS.items()}


def levels_of(hot: Hot) -> dict[str, np.ndarray]:
    """What the map shows of the baseline [place], in the units of text/variables.toml, as the report has it."""
    state, region = hot.baseline.equilibrium.state, hot.region
    made = region.arrays().value_added.sum(axis=1)
    residents = np.asarray(state["residents"], dtype=float)
    land = region.places["land_km2"].to_numpy().astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "value_added": made / 1000.0,
            "value_added_head": 1000.0 * made / residents,
            "residents_km2": residents / land,
            "jobs_per_resident": np.asarray(state["jobs"]) / residents,
            "rent_home": np.asarray(state["rent_home"], dtype=float),
        }


def certificate_view(certificate: Any) -> dict[str, Any]:
    """A certificate with its line in both languages. `complete`: whether the smallest singular value has been measured too."""
    lines = {"line": certificate.line(), "line_zh": certificate.line(lang="zh")}
    return certificate.as_dict() | lines | {"complete": certificate.smallest_singular_value is not None or not certificate.solved}
