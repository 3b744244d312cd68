"""What differs between two scenarios or the inputs of two results: nested content made flat, and set side by side as text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any


def flat(content: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested tables as one: 'parameters.home_dispersion' -> 1.5.

    >>> flat({"a": {"b": 1}, "c": 2})
    {'a.b': 1, 'c': 2}
    """
    found: dict[str, Any] = {}
    for key, value in content.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = value
    return found


def flat_scenario(text: str, prefix: str = "") -> dict[str, Any]:
    """A scenario's TOML text, flat: 'lever 1.open' -> 0.1."""
    content = tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    found: dict[str, Any] = {}
    for number, lever in enumerate(content.pop("lever", []), start=1):
        found |= flat(lever, f"{prefix}lever {number}.")
    return found | flat(content, prefix)


def differing(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[dict[str, str]]:
    """What is not the same in both, as text: (input, a, b)."""
    names = [*a, *(name for name in b if name not in a)]
    return [{"input": name, "a": said(a.get(name)), "b": said(b.get(name))} for name in names if a.get(name) != b.get(name)]


def said(value: Any) -> str:
    """A value as text; "" where there is none."""
    return "" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
