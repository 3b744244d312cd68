"""Errors that say what was found, where, what was expected, and what to do about it.

Every error carries a list of faults, so that a user sees all that is wrong with an input at once. `exit_code` is what the
command returns: 1 when the input is at fault, 2 when a well-posed question has no certified answer.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong: its cause, the place it was found (file and row), what was expected, and the cure."""

    cause: str
    place: str = ""
    expected: str = ""
    cure: str = ""

    def __str__(self) -> str:
        text = f"{self.place}: {self.cause}" if self.place else self.cause
        if self.expected:
            text += f"; expected {self.expected}"
        if self.cure:
            text += f". {self.cure[0].upper()}{self.cure[1:]}"
        return text

    def as_dict(self) -> dict[str, str]:
        """The fault as a plain mapping, for `--json`."""
        return {"cause": self.cause, "place": self.place, "expected": self.expected, "cure": self.cure}


class BridgeheadError(Exception):
    """Base of all errors a user can meet. `faults` lists everything that is wrong."""

    exit_code = 1

    def __init__(self, message: str, faults: Iterable[Fault] = ()):
        self.message = message
        self.faults = list(faults)
        super().__init__(message)

    def __str__(self) -> str:
        if not self.faults:
            return self.message
        return self.message + ":\n" + "\n".join(f"  - {fault}" for fault in self.faults)


class DataError(BridgeheadError):
    """A region, table or figure cannot be used as it stands."""


class LabelError(DataError):
    """Labels do not match: a place, sector, origin or jurisdiction is missing, unknown or out of order."""


class ModelError(BridgeheadError):
    """Blocks, kernels or parameters do not make a model."""


class PolicyError(BridgeheadError):
    """A scenario, lever, zone or strategy cannot be enacted as written."""


class SolveError(BridgeheadError):
    """A well-posed question without a certified answer; no number of it may be shown."""

    exit_code = 2


class Faults:
    """Collects faults so that one error reports all of them.

    >>> faults = Faults("the region cannot be used", DataError)
    >>> faults.add("no jobs anywhere", place="facts.csv")
    >>> bool(faults)
    True
    """

    def __init__(self, message: str, error: type[BridgeheadError] = DataError):
        self.message = message
        self.error = error
        self.found: list[Fault] = []

    def add(self, cause: str, *, place: str = "", expected: str = "", cure: str = "") -> None:
        """Record one fault."""
        self.found.append(Fault(cause, place, expected, cure))

    def __bool__(self) -> bool:
        return bool(self.found)

    def raise_if_any(self) -> None:
        """Raise the collected faults as one error, if there are any."""
        if self.found:
            raise self.error(self.message, self.found)


def nearest(word: str, options: Iterable[str]) -> str | None:
    """The option most like `word`, for "did you mean"; None when nothing is near."""
    names = [str(option) for option in options]
    by_lower = {name.lower(): name for name in names}
    if str(word).lower() in by_lower:
        return by_lower[str(word).lower()]
    found = difflib.get_close_matches(str(word), names, n=1, cutoff=0.5)
    return found[0] if found else None


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """A cure that names the nearest option, or lists some of them."""
    names = [str(option) for option in options]
    near = nearest(word, names)
    if near:
        return f"did you mean '{near}'?"
    shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    return f"known are: {shown}" if names else ""
