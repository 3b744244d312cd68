"""Tables of TOML into levers; whatever is wrong in them becomes a fault with file, row, lever number and suggestion."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from bridgehead.errors import Faults, did_you_mean
from bridgehead.policy.fields import Jurisdiction
from bridgehead.policy.levers import LEVERS, BaseLever
from bridgehead.policy.levers.base import STRENGTHS
from bridgehead.policy.names import Names


def parse_levers(tables: Any, region: Any, faults: Faults, *, at: Callable[[int], str]) -> tuple[BaseLever, ...]:
    """The levers of a list of `[[lever]]` tables; `at(n)` says where the n-th (from 1) stands. Faults go to `faults`."""
    if not isinstance(tables, Sequence) or isinstance(tables, str):
        faults.add("`lever` is no list of tables", place=at(1), expected="one [[lever]] table a lever")
        return ()
    levers = []
    for number, table in enumerate(tables, start=1):
        names, before = Names(region, faults, at=at(number)), len(faults.found)
        lever = _lever(table, faults, at(number))
        if lever is not None:
            lever.check(names)
            levers.append(lever)
        elif isinstance(table, Mapping) and table.get("lever") in LEVERS:
            said = " ".join(fault.cause for fault in faults.found[before:])
            _check_the_rest(LEVERS[table["lever"]], table, {key for key in table if f"`{key}`" in said}, names)
    return tuple(levers)


def _lever(table: Any, faults: Faults, at: str) -> BaseLever | None:
    kind = table.get("lever") if isinstance(table, Mapping) else None
    if kind is None:
        faults.add("the lever does not say what it is", place=at, expected='lever = "…"', cure=f"known are: {', '.join(LEVERS)}")
        return None
    if kind not in LEVERS:
        faults.add(f"unknown lever '{kind}'", place=at, cure=did_you_mean(str(kind), LEVERS))
        return None
    return parse_model(LEVERS[kind], table, faults, at)


def _check_the_rest(model: type[BaseModel], table: Mapping[str, Any], wrong: set[str], names: Names) -> None:
    """Look up the names of a lever that is wrong elsewhere, so that its faults come all at once."""
    if wrong & set(keys(model)) - set(STRENGTHS):
        return  # where it acts is among what is wrong
    right = {}
    for name, field in model.model_fields.items():
        key = field.alias or name
        if key in table and key not in STRENGTHS:
            kind: Any = TypeAdapter(Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation)
            try:
                right[name] = kind.validate_python(table[key])
            except ValidationError:
                return
    with suppress(AttributeError, KeyError, TypeError):  # a look-up needs what is wrong: then it waits
        model.model_construct(**right).check(names)


def parse_model(model: type[BaseModel], table: Mapping[str, Any], faults: Faults, at: str) -> Any:
    """A table as a model; None, with every fault, where it is none."""
    try:
        return model.model_validate(table)
    except ValidationError as error:
        said = set()
        for item in error.errors():
            fault = _fault(item, model)
            if fault not in said:
                said.add(fault)
                cause, expected, cure = fault
                faults.add(cause, place=at, expected=expected, cure=cure)
    return None


def _fault(item: Mapping[str, Any], model: type[BaseModel]) -> tuple[str, str, str]:
    """Cause, expected and cure of one of pydantic's errors."""
    loc = [str(part) for part in item["loc"]]
    key = loc[0] if loc else ""
    reason = item["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    if not loc:
        return reason, "", ""
    if item["type"] == "extra_forbidden":
        nested = len(loc) > 1
        known = keys(Jurisdiction) if nested else keys(model)
        name = f"{key}.{loc[-1]}" if nested else key
        return f"unknown key '{name}'", "", did_you_mean(loc[-1], known)
    if item["type"] == "missing":
        name = f"{key}.{loc[-1]}" if len(loc) > 1 else key
        return f"key '{name}' is missing", "", f"write {loc[-1]} = …"
    if item["type"] == "literal_error":
        known = re.findall(r"'([^']*)'", reason)
        cure = did_you_mean(str(item["input"]), known) if known else ""
        return f"`{key}` is {_shown(item['input'])}", " or ".join(known) or f"the number {reason}", cure
    if item["type"] == "value_error":
        return f"`{key}`: {reason}", "", ""
    return f"`{key}` is {_shown(item['input'])}", _wish(reason), ""


def keys(model: type[BaseModel]) -> list[str]:
    """The keys a model knows, as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()]


def lever_rows(text: str, header: str = "lever") -> list[int]:
    """The rows, counted from 1, at which `[[lever]]` tables begin."""
    pattern = re.compile(rf"\s*\[\[\s*{re.escape(header)}\s*\]\]")
    return [row for row, line in enumerate(text.splitlines(), start=1) if pattern.match(line)]


def _shown(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _wish(reason: str) -> str:
    """Pydantic's wish in the words of our messages."""
    words = {
        "a valid number": "a number",
        "a valid boolean": "true or false",
        "a valid integer": "a whole number",
        "a valid string": "text in quotes",
        "a finite number": "a finite number",
        "a valid tuple": "a list",
    }
    return words.get(reason, reason)
