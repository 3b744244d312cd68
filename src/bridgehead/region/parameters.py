"""parameters.toml: every parameter with its value, its range, its source, and the interval it must lie in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridgehead.errors import Faults, did_you_mean
from bridgehead.region.forms import line_of
from bridgehead.region.tables import NOT_NEGATIVE, POSITIVE, Range
from bridgehead.region.variables import OWN

FILE = "parameters.toml"
KEYS = ("value", "low", "high", "source")
_OPEN_SHARE = Range(0.0, 1.0, open_low=True, open_high=True)

# name -> (admissible values, meaning); symbols as on the model page
PARAMETERS: dict[str, tuple[Range, str]] = {
    "workplace_dispersion": (POSITIVE, "epsilon: choice of workplace"),
    "home_dispersion": (POSITIVE, "nu: choice of home, at most epsilon"),
    "commuting_decay": (NOT_NEGATIVE, "kappa epsilon: decay of commuting a minute"),
    "housing_share": (_OPEN_SHARE, "alpha_H: housing share of spending"),
    "productivity_decay": (NOT_NEGATIVE, "delta: decay of productivity spillovers a minute"),
    "amenity_density": (Range(-1.0, 1.0, open_low=True, open_high=True), "lambda_b: density elasticity of amenity"),
    "amenity_decay": (NOT_NEGATIVE, "rho: decay of amenity spillovers a minute"),
    "trade_distance": (NOT_NEGATIVE, "psi: elasticity of the iceberg cost to distance"),
    "research_elasticity": (Range(0.0, 1.0, open_high=True), "chi: elasticity of productivity to research"),
    "knowledge_decay": (POSITIVE, "l: reach of ideas in km"),
    "foreign_ideas": (Range(0.0, 1.0, open_high=True), "phi: share of ideas that come from abroad"),
    "productivity_trend": (Range(-1.0, 1.0, open_low=True, open_high=True), "g: growth of productivity a year, in logs; paths only"),
    "research_decay": (Range(0.0, 1.0, open_low=True), "d: share of the R&D stock lost in a year; paths only"),
    "research_growth": (
        Range(-1.0, 1.0, open_low=True, open_high=True),
        "n: growth of R&D spending a year beyond that of the economy, in logs; paths only",
    ),
    "idea_diffusion": (Range(0.0, 1.0), "rho_N: share of a productivity gap that ideas close in a year; paths only"),
    "mover_share": (Range(0.0, 1.0, open_low=True), "m: share of people free to move in a year; paths only"),
    "discount_factor": (Range(0.0, 1.0, open_high=True), "beta: what next year counts for movers who look ahead; paths only"),
}
OF_SECTOR = "productivity_trend_"  # and a sector's name: its own trend in place of the common one
ALWAYS = (
    *("workplace_dispersion", "home_dispersion", "commuting_decay", "housing_share"),
    *("productivity_decay", "amenity_density", "amenity_decay"),
)
WITH_RESEARCH = ("research_elasticity", "knowledge_decay")


@dataclass(frozen=True)
class Parameter:
    """One parameter: its value, the range it is drawn from (None: not drawn), and where it comes from."""

    value: float
    low: float | None
    high: float | None
    source: str


def parse_parameters(raw: Mapping[str, Any], text: str, faults: Faults) -> dict[str, Parameter]:
    """The parameters of the parsed file; faults for unknown names and keys, bad numbers and ranges."""
    found = {}
    for name, entry in raw.items():
        if name not in PARAMETERS and not name.startswith((OWN, OF_SECTOR)):
            cure = did_you_mean(name, PARAMETERS) + f" A parameter of your own begins with {OWN}"
            faults.add(f"unknown parameter '{name}'", place=_at(text, name), cure=cure)
        parameter = _parse_one(name, entry, text, faults)
        if parameter is not None:
            found[name] = parameter
    check_parameters(found, faults, text)
    return found


def _parse_one(name: str, entry: Any, text: str, faults: Faults) -> Parameter | None:
    if not isinstance(entry, Mapping):
        faults.add(f"'{name}' is no table", place=_at(text, name), expected=f"[{name}] with value, low, high, source")
        return None
    for key in entry:
        if key not in KEYS:
            faults.add(f"unknown key '{name}.{key}'", place=_at(text, name, key), cure=did_you_mean(key, KEYS))
    numbers = {}
    for key in ("value", "low", "high"):
        number = entry.get(key)
        good = isinstance(number, int | float) and not isinstance(number, bool) and abs(number) < float("inf")
        if number is not None and not good:
            faults.add(f"{name}.{key} is {number!r}", place=_at(text, name, key), expected="a finite number")
        numbers[key] = float(number) if good else None
    for key in ("value", "source"):
        if entry.get(key) in (None, ""):
            cure = "write where it comes from, or 'assumption'" if key == "source" else ""
            faults.add(f"'{name}' has no {key}", place=_at(text, name), cure=cure)
    if numbers["value"] is None:
        return None
    return Parameter(numbers["value"], numbers["low"], numbers["high"], str(entry.get("source", "")))


def check_parameters(parameters: Mapping[str, Parameter], faults: Faults, text: str = "") -> None:
    """Values and ranges in their intervals, in order, and nu at most epsilon; needed ones present."""
    for name, parameter in parameters.items():
        within = _within(name)
        for key in ("value", "low", "high"):
            number = getattr(parameter, key)
            if number is not None and not within.holds(number):
                faults.add(f"{name}.{key} is {number:g}", place=_at(text, name, key), expected=str(within))
        low = parameter.value if parameter.low is None else parameter.low
        high = parameter.value if parameter.high is None else parameter.high
        if not low <= parameter.value <= high:
            cause = f"the value of {name}, {parameter.value:g}, lies outside its range {low:g} to {high:g}"
            faults.add(cause, place=_at(text, name), expected="low, value and high in rising order")
    require_parameters(parameters, ALWAYS, "", faults)
    nu, epsilon = parameters.get("home_dispersion"), parameters.get("workplace_dispersion")
    if nu and epsilon and nu.value > epsilon.value:
        faults.add(
            f"home_dispersion (nu) is {nu.value:g}, above workplace_dispersion (epsilon), {epsilon.value:g}",
            place=_at(text, "home_dispersion"),
            expected="nu at most epsilon: workplaces are closer substitutes than homes",
        )


def _within(name: str) -> Range:
    """The admissible values of a parameter; a sector's own trend has those of the common one."""
    known = "productivity_trend" if name.startswith(OF_SECTOR) else name
    return PARAMETERS[known][0] if known in PARAMETERS else Range()


def require_parameters(parameters: Mapping[str, Parameter], names: tuple[str, ...], why: str, faults: Faults) -> None:
    """Faults for those of `names` that are absent."""
    for name in names:
        if name not in parameters:
            cure = f"write [{name}] with value, low, high, source ({PARAMETERS[name][1]})"
            faults.add(f"parameter '{name}' is missing{why}", place=FILE, cure=cure)


def _at(text: str, *keys: str) -> str:
    line = line_of(text, keys)
    return f"{FILE}:{line}" if line else FILE
