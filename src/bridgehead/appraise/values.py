"""The value of a measure, its unit, and the registry that measures.py and its like fill."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bridgehead.appraise.context import Context
from bridgehead.kernels import is_traced

NOISE_MONEY = 50.0
"""0.05 bn a year, in million: a denominator below it is noise (model.md §10)."""

UNITS: dict[str, dict[str, float]] = {
    "money": {
        "bn {c}/year": 1e-3,
        "bn_{c}/year": 1e-3,
        "m {c}/year": 1.0,
        "million_{c}/year": 1.0,
        "{c}/year": 1e6,
    },
    "share": {"1": 1.0, "%": 100.0, "bp": 1e4},
    "ratio": {"1": 1.0, "%": 100.0, "10^-3": 1e3, "10^-6": 1e6},
    "log": {"log points": 1.0, "%": 100.0, "bp (log)": 1e4},
    "index": {"baseline = 100": 100.0, "1": 1.0, "bp of the baseline": 1e4},
    "land price": {"m {c}/(km2 year)": 1.0, "million_{c}/(km2 year)": 1.0, "{c}/(km2 year)": 1e6},
    "rent": {"{c}/(m2 day)": 1.0, "{c}/(m2 year)": 365.0},
    "rent burden": {"% per m2": 100.0, "bp per m2": 1e4, "1 per m2": 1.0},
    "minutes": {"minutes": 1.0, "seconds": 60.0},
    "people": {"person": 1.0, "thousand persons": 1e-3},
    "density": {"person/km2": 1.0},
    "count": {"districts": 1.0, "places": 1.0, "1": 1.0},
}
"""Units by kind of quantity, with the factor from the engine's unit; {c} stands for the region's currency."""

CHOICES: dict[str, tuple[str, ...]] = {"Part": ("total", "between", "within")}


@dataclass(frozen=True)
class Value:
    """What a measure is: a number in the engine's unit, or None with the reason why there is none.

    scale: the size against which the solver's error counts (default: the number itself); note: what a reader should know.
    """

    number: float | None
    reason: str = ""
    note: str = ""
    scale: float | None = None


def undefined(reason: str) -> Value:
    """No number, and why."""
    return Value(None, reason)


@dataclass(frozen=True)
class Argument:
    """An argument of a measure: its name, its kind ('Places', 'Level', or a key of CHOICES), and whether it can be left out."""

    name: str
    kind: str
    optional: bool


@dataclass(frozen=True)
class Measure:
    """A registered measure: a pure function (context, named sets and options) -> Value.

    smooth: whether it has a derivative (counts, shares with a threshold and derivatives have none), so that plans can be chosen
    by it. kind: a key of UNITS. change: by definition a change from the baseline, so that the cell is the value itself. moved_by: given
    names; where a scenario moves none of them the change is zero by construction, for the reason `still`.
    """

    name: str
    formula: Callable[..., Value]
    kind: str
    change: bool
    moved_by: tuple[str, ...]
    still: str
    smooth: bool = True

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """The arguments after the context, from the formula's signature."""
        found = list(inspect.signature(self.formula).parameters.values())[1:]
        return tuple(Argument(p.name.rstrip("_"), _kind(p.annotation), p.default is not p.empty) for p in found)

    def units(self, currency: str) -> dict[str, float]:
        """The units it can be given in, with their factors."""
        return {unit.replace("{c}", currency): factor for unit, factor in UNITS[self.kind].items()}

    def __call__(self, context: Context, arguments: dict[str, Any]) -> Value:
        """The value; arguments named as in needs.toml (`from`, which is a word of Python's, becomes `from_`)."""
        return _as_floats(self.formula(context, **{"from_" if name == "from" else name: value for name, value in arguments.items()}))


def _as_floats(value: Value) -> Value:
    """The value with Python's numbers, unless JAX follows it."""
    numbers = {name: getattr(value, name) for name in ("number", "scale")}
    return replace(value, **{name: x if x is None or is_traced(x) else float(x) for name, x in numbers.items()})


def _kind(annotation: Any) -> str:
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    return text.split("|")[0].strip()


MEASURES: dict[str, Measure] = {}
"""Every measure by name: filled once, when the files that define them are imported."""


def measure(
    name: str, kind: str, *, change: bool = False, moved_by: tuple[str, ...] = (), still: str = "", smooth: bool = True
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Registers a formula under a name; needs.toml names it by `function`."""

    def register(formula: Callable[..., Value]) -> Callable[..., Value]:
        if name in MEASURES:
            raise ValueError(f"two measures are called '{name}'")
        MEASURES[name] = Measure(name, formula, kind, change, moved_by, still, smooth)
        return formula

    return register
