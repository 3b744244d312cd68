"""What a region's data are used for: which sources exclude each other, and what a reader must know of how they were met."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.calibrate.accounts import output_from_value_added
from bridgehead.calibrate.observed import flow_notes
from bridgehead.errors import Faults
from bridgehead.models.flows import commuters_of, trade_of

FREE = 0.005
"""Wages times jobs may differ from the wage bill of value added by this share without a word."""


def check_sources(region: Any, faults: Faults) -> None:
    """Faults where the region says the same thing twice, or not at all."""
    arrays, inversion = region.arrays(), region.meta.inversion
    if inversion == "residents_and_jobs" and "commuting" in region.flows:
        cure = "write inversion = residents_jobs_and_wages or residents_and_value_added, or take the file out"
        faults.add("observed commuters do not say what wages are, and neither do residents and jobs", place="commuting.csv", cure=cure)
    if region.fit is not None:
        if "commuting" in region.flows:
            cure = "take one of the two out"
            faults.add("passages are fitted to moments of flows that are observed themselves", place="fit.toml, commuting.csv", cure=cure)
        if inversion != "residents_and_value_added":
            faults.add(f"passages are fitted with inversion = {inversion}", place="fit.toml", expected="residents_and_value_added")
        if "movers" in region.fit and "migration" in region.flows:
            faults.add("kept income is fitted to migrants who are observed themselves", place="fit.toml, migration.csv")
    times = np.isfinite(arrays.minutes[np.ix_(arrays.inside, arrays.inside)]).all()
    if not times and (arrays.density_elasticity.any() or region.parameters["amenity_density"].value != 0):
        expected = "travel.csv or links.csv, or density elasticities and amenity_density of 0"
        faults.add("spillovers fall with travel time, and there is none", place="sectors.csv, parameters.toml", expected=expected)


def baseline_notes(arrays: Any, given: dict[str, Any], equilibrium: Any) -> tuple[str, ...]:
    """How far observed flows and the wage bill of value added had to move for the baseline to hold."""
    state = equilibrium.state
    flows = {}
    if "commuting" in arrays.observed:
        flows["commuting"] = np.asarray(commuters_of(given, state))
    if "trade" in arrays.observed:
        flows["trade"] = np.asarray(trade_of(given, state))
    if "migration" in arrays.observed:
        flows["migration"] = np.asarray(state["people"])
    notes = flow_notes(arrays, flows)
    if arrays.inversion == "residents_and_value_added":
        return notes
    bill = (output_from_value_added(arrays.value_added, arrays.beta, arrays.gamma) @ arrays.beta)[arrays.inside]
    ratio = (np.asarray(state["wage"]) * np.asarray(state["jobs"]))[arrays.inside] / bill
    if np.abs(ratio - 1.0).max() <= FREE:
        return notes
    low, middle, high = np.quantile(ratio, (0.0, 0.5, 1.0))
    said = (
        f"wages times jobs are {low:.2f} to {high:.2f} times (median {middle:.2f}) the wage bill that value added implies; value added gives "
        "the shares of the sectors alone, and output follows wages and jobs"
    )
    return (*notes, said)
