"""The baseline: a region's data as an equilibrium of the model, with everything a scenario is compared to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bridgehead.calibrate.apply_estimates import estimated_passages, fitted_levels, with_parameters, with_passages
from bridgehead.calibrate.estimates import Estimates
from bridgehead.calibrate.inversion import invert
from bridgehead.calibrate.linked import check_goods_reach, with_matched_jobs, with_matched_people
from bridgehead.calibrate.moments import compare_moments, foreign_totals
from bridgehead.calibrate.movers import fit_movers
from bridgehead.calibrate.observed import check_closed_borders, with_observed_movers
from bridgehead.calibrate.passages import fit_passages, read_fit
from bridgehead.calibrate.sources import baseline_notes, check_sources
from bridgehead.errors import DataError, Faults, ModelError, did_you_mean
from bridgehead.models.engine import Engine
from bridgehead.models.equilibrium import Equilibrium, certify, stamped
from bridgehead.models.regional import regional_model
from bridgehead.region import PARAMETERS, iceberg_costs, public_levels, public_sets, with_closure
from bridgehead.solve import Anderson, Layout, prepare

IN_REACH = {
    "trade": ("gravity",),
    "rents": ("portfolio", "local_landlords"),
    "floor_space": ("two_markets",),
    "government": ("none", "taxes"),
    "congestion": ("none",),
}
"""The closures that this version solves."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """A calibrated region: its model, fundamentals (`given`) and the data's own equilibrium with certificate.

    moments: data beside model of what the borders were fitted to and checked against. fitted: the passages found, in logs. estimates:
    what was taken from a file of estimates.
    notes: what a reader must know of how the data were met, such as how far observed flows had to move.
    """

    region: Any
    arrays: Any
    engine: Engine
    given: dict[str, Any]
    equilibrium: Equilibrium
    parameters: dict[str, float]
    moments: Any = None
    fitted: dict[str, Any] = field(default_factory=dict)
    estimates: Estimates | None = None
    notes: tuple[str, ...] = ()

    @property
    def model(self) -> Any:
        """The model the region is solved with."""
        return self.engine.model

    @property
    def certificate(self) -> Any:
        """The certificate of the data's equilibrium."""
        return self.equilibrium.certificate


def calibrate(
    region: Any,
    *,
    closure: Any = None,
    parameters: Mapping[str, float] | None = None,
    estimates: Estimates | None = None,
    arrays: Any = None,
    weakest: bool = True,
    moments: bool = True,
) -> Baseline:
    """Fit the borders to their moments, then invert the data into fundamentals (model.md §6).

    closure: the path or content of a closure file that replaces the region's own; parameters: values that replace the region's, by name; estimates: numbers of
    `bridgehead estimate` in the place of the region's parameters and passages, behind `parameters`; arrays: a draw of the region's numbers, icebergs included, in
    the place of its own; weakest: whether the certificate measures the smallest singular value; moments: whether they are compared. Raises DataError or ModelError for what cannot be
    calibrated, SolveError where no fundamentals reproduce the data.
    """
    prepare()
    if closure is not None:
        region = with_closure(region, closure)
    check_scope(region)
    if estimates is not None:
        region = with_parameters(region, estimates)
    arrays, values = settings(region, parameters or {}, arrays)
    check_closed_borders(region, arrays)
    check_goods_reach(region, arrays)
    arrays = with_matched_people(region, with_observed_movers(arrays, values["home_dispersion"]), values)
    arrays = with_matched_jobs(region, arrays, values)
    fitted: dict[str, float] = {}
    if region.fit is not None:
        arrays, fitted = fit_borders(region, arrays, values, estimates)
    elif estimates is not None:
        arrays, fitted = with_passages(region, arrays, estimates, values), estimated_passages(estimates)
    arrays = with_observed_movers(arrays, values["home_dispersion"])  # inside the borders as they now are
    closures = region.meta.closures
    model = regional_model(
        taxes=closures.government == "taxes",
        local_landlords=closures.rents == "local_landlords",
        research=arrays.research_spending is not None,
    )
    totals = foreign_totals(region) if region.fit is not None and "foreign_trade" in region.fit else {}
    taxes = tax_rates(region)
    given, unknowns, factors = invert(arrays, values, model, taxes, region.sector_names, list(totals.values()))
    fitted |= {f"factor of {name}": float(factor) for name, factor in zip(totals, factors[-len(totals) :], strict=False)}
    engine = engine_for(model, unknowns)
    x = np.asarray(engine.layout.pack(unknowns))
    labels = {"places": region.place_ids, "sectors": region.sector_names, "origins": region.origin_names}
    folded = engine.fold(engine.select(given))
    equilibrium = certify(engine, given, folded, x, 0, labels, weakest=weakest)
    equilibrium = stamped(equilibrium, region.folder_hash, "baseline")
    compared = compare_moments(region, arrays, equilibrium) if moments and region.moments is not None else None
    notes = baseline_notes(arrays, given, equilibrium)
    return Baseline(region, arrays, engine, given, equilibrium, values, compared, fitted, estimates, notes)


def settings(region: Any, parameters: Mapping[str, float], arrays: Any = None) -> tuple[Any, dict[str, float]]:
    """(arrays, parameters by name): the region's, and `parameters` over them; DataError for names and numbers that cannot be.

    arrays that are given stay as they are.
    """
    faults = Faults("the parameters cannot be used", DataError)
    for name in parameters:
        if name not in PARAMETERS and name not in region.parameters:
            faults.add(f"unknown parameter '{name}'", cure=did_you_mean(name, {*PARAMETERS, *region.parameters}))
    faults.raise_if_any()
    own = {name: entry.value for name, entry in region.parameters.items()}
    values = own | dict(parameters)
    for name in {*parameters} & {*PARAMETERS}:
        if not PARAMETERS[name][0].holds(values[name]):
            faults.add(f"{name} is {values[name]:g}", expected=str(PARAMETERS[name][0]))
    if values["home_dispersion"] > values["workplace_dispersion"]:
        faults.add(
            f"home_dispersion (nu) is {values['home_dispersion']:g}, above workplace_dispersion (epsilon), "
            f"{values['workplace_dispersion']:g}",
            expected="nu at most epsilon",
        )
    faults.raise_if_any()
    if arrays is not None:
        return arrays, values
    arrays = region.arrays()
    if values.get("trade_distance") != own.get("trade_distance"):
        arrays = replace(arrays, iceberg=iceberg_costs(region, distance_elasticity=values["trade_distance"]))
    return arrays, values


def fit_borders(region: Any, arrays: Any, values: dict[str, float], estimates: Estimates | None = None) -> tuple[Any, dict[str, float]]:
    """The arrays with everything that fit.toml asks to be fitted to moments, and the numbers found; what is estimated is not fitted."""
    fitted: dict[str, float] = {}
    if estimates is not None:
        arrays = with_passages(region, arrays, estimates, values)
        fitted = estimated_passages(estimates)
    fit = read_fit(region)
    if estimates is None or (fit.flow, fit.level) not in fitted_levels(estimates, region):
        arrays, found = fit_passages(region, arrays, values)
        fitted |= found
    if "movers" in region.fit:
        arrays, kept = fit_movers(region, arrays, values)
        fitted |= kept
    return arrays, fitted


_ENGINES: dict[Any, Engine] = {}


def engine_for(model: Any, unknowns: dict[str, np.ndarray]) -> Engine:
    """The compiled engine of a model and layout: one for all regions and draws of the same shape."""
    layout = Layout.of(unknowns)
    key = (model, layout.shapes, tuple(index.tobytes() for index in layout.active))
    if key not in _ENGINES:
        _ENGINES[key] = Engine(model, layout, Anderson())
    return _ENGINES[key]


def check_scope(region: Any) -> None:
    """ModelError for what the region asks for and this version does not solve: nothing it says is passed over in silence."""
    faults = Faults("the region asks for what this version does not solve", ModelError)
    for name, known in IN_REACH.items():
        chosen = getattr(region.meta.closures, name)
        if chosen not in known:
            faults.add(f"closure {name} = '{chosen}'", place="region.toml [closures]", expected=" or ".join(known))
    if region.meta.model != "regional":
        faults.add(f"model = '{region.meta.model}'", place="region.toml", expected="regional")
    check_sources(region, faults)
    if not (region.arrays().value_added.sum(axis=1) > 0).all():
        idle = [p for p, v in zip(region.place_ids, region.arrays().value_added.sum(axis=1), strict=True) if v <= 0]
        faults.add(f"{len(idle)} places make nothing, first {idle[0]}", place="facts.csv", expected="some value added in every place")
    faults.raise_if_any()


def tax_rates(region: Any) -> dict[str, Any]:
    """Tax rates by place and the split of revenue over levels, where governments tax; else empty."""
    if region.meta.closures.government != "taxes":
        return {}
    rates, split = region.meta.rates, region.meta.split

    def by_place(kind: str) -> np.ndarray:
        return np.array([float(getattr(rates, kind).get(place, 0.0)) for place in region.place_ids])

    levels = public_levels(region)
    return {
        "tax_value_added": by_place("value_added"),
        "tax_earnings": by_place("earnings"),
        "tax_land": by_place("land"),
        "public_split": np.array([split.get(level, 0.0) for level in levels]),
        "public_sets": public_sets(region, levels),
    }
