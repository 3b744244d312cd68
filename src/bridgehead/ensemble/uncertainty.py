"""uncertainty.toml: where the numbers that are drawn enter, and which inferred figures have a name; read and checked against a region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bridgehead.ensemble.factors import Distribution, Factor
from bridgehead.errors import DataError, Faults, did_you_mean
from bridgehead.region import PARAMETERS
from bridgehead.region.bounds import bound_draws
from bridgehead.region.forms import parse_form
from bridgehead.region.schemas import FLOWS

FILE = "uncertainty.toml"
STRICT = ConfigDict(extra="forbid", frozen=True)
PATH_ONLY = ("productivity_trend", "research_decay", "research_growth", "idea_diffusion", "mover_share", "discount_factor")
DEFAULT: Distribution = "triangular"

Enters = Literal[
    "parameter",
    "trade_elasticity",
    "distance_elasticity",
    "density_elasticity",
    "floor_space_share",
    "supply_elasticity",
    "passage",
]


class Entry(BaseModel):
    """[[factor]]: where a parameter of parameters.toml enters, with the range that stands there.

    passage: `flow` (one or several), `level`, and what the parameter is there: `log` of the passage, `home_bias` (an ad valorem cost
    at the default trade elasticity, of which the passage, not the cost, is drawn), `income_factor` (passage = factor^(−ν)); pairs with a
    jurisdiction in `not_with` stay.
    """

    model_config = STRICT
    parameter: str
    enters: Enters = "parameter"
    distribution: Distribution = DEFAULT
    flow: str | tuple[str, ...] | None = None
    level: str | None = None
    as_: Literal["log", "home_bias", "income_factor"] | None = Field(default=None, alias="as")
    not_with: tuple[str, ...] = ()


class NamedData(BaseModel):
    """[[data]]: a draw of bounds.csv that has a name of its own in tables and indices; all others are drawn too, without one."""

    model_config = STRICT
    draw: str
    name: str
    name_zh: str | None = None


class Form(BaseModel):
    """The whole file."""

    model_config = STRICT
    format: Literal[1]
    factor: tuple[Entry, ...] = ()
    data: tuple[NamedData, ...] = ()
    describe: str = ""


def read_uncertainty(region: Any) -> Form:
    """The region's uncertainty.toml, checked; without one, a form that draws the parameters of parameters.toml alone.

    DataError lists every fault: unknown keys, parameters, flows, levels, places; ranges that cannot be.
    """
    raw = getattr(region, "uncertainty", None)
    if raw is None:
        return Form(format=1)
    faults = Faults("uncertainty.toml cannot be used", DataError)
    form = parse_form(Form, raw, FILE, "", faults)
    if form is not None:
        for entry in form.factor:
            _check_entry(entry, region, faults)
        known = bound_draws(region).names
        for data in form.data:
            if data.draw not in known:
                faults.add(f"no draw of bounds.csv is called '{data.draw}'", place=f"{FILE}: [[data]]", cure=did_you_mean(data.draw, known))
    faults.raise_if_any()
    return form


def _check_entry(entry: Entry, region: Any, faults: Faults) -> None:
    where = f"{FILE}: {entry.parameter}"
    known = region.parameters.get(entry.parameter)
    if known is None:
        faults.add(f"unknown parameter '{entry.parameter}'", place=where, cure=did_you_mean(entry.parameter, region.parameters))
    elif known.low is None or known.high is None:
        faults.add("it has no range in parameters.toml", place=where, expected="low and high there")
    elif entry.distribution.startswith("log") and known.low <= 0:
        faults.add(f"its range begins at {known.low:g}, and {entry.distribution} needs positive numbers", place=where)
    if entry.enters == "parameter" and entry.parameter not in PARAMETERS:
        faults.add("the model has no such parameter", place=where, cure="say where it enters: enters = …")
    for flow in flows_of(entry):
        if flow not in FLOWS:
            faults.add(f"unknown flow '{flow}'", place=where, cure=did_you_mean(flow, FLOWS))
    for level in (entry.level,) if entry.level else ():
        if level not in region.levels:
            faults.add(f"unknown level '{level}'", place=where, cure=did_you_mean(level, region.levels))
        else:
            for name in entry.not_with:
                if name not in region.jurisdictions(level):
                    faults.add(f"unknown {level} '{name}'", place=where, cure=did_you_mean(name, region.jurisdictions(level)))
    if entry.enters == "passage" and not (entry.flow and entry.level and entry.as_):
        faults.add("a passage needs flow, level and as", place=where)


def flows_of(entry: Entry) -> tuple[str, ...]:
    """The flows of an entry, as a tuple."""
    return () if entry.flow is None else (entry.flow,) if isinstance(entry.flow, str) else entry.flow


def factors_of(region: Any, form: Form, *, without: Sequence[str] = ()) -> tuple[Factor, ...]:
    """The factors of parameters and data, in the order of parameters.toml and uncertainty.toml.

    A parameter of the model with a range is drawn unless it is in `without` (an estimate is there in its place); one of the region's
    own (x_) where the file says where it enters, or bounds.csv. One whose range has no width is not drawn.
    """
    bounded = set(bound_draws(region).names)
    listed = {entry.parameter: entry for entry in form.factor}
    found = []
    for name, known in region.parameters.items():
        entry = listed.get(name) or (Entry(parameter=name) if name in PARAMETERS else None)
        if entry is None or name in (*without, *bounded) or known.low is None or known.high is None or known.low == known.high:
            continue
        how: Mapping[str, Any] = {"flow": flows_of(entry), "level": entry.level, "as": entry.as_, "not_with": entry.not_with}
        numbers = (known.value, known.low, known.high)
        paths = name.startswith(PATH_ONLY)
        found.append(Factor(name, "parameter", *numbers, entry.distribution, entry.enters, known.source, how, paths=paths))
    source = "bounds.csv: 0 and 1 are its bounds, one half the figure as it is"
    found += [Factor(data.name, "data", 0.5, 0.0, 1.0, "uniform", "bounds", source, {"draw": data.draw}) for data in form.data]
    return tuple(found)
