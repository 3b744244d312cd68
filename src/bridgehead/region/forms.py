"""TOML files: reading them, turning what is wrong in them into faults with file and line, and writing them again."""

from __future__ import annotations

import copy
import datetime
import re
import tomllib
import types
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bridgehead.errors import Faults, did_you_mean

Form = TypeVar("Form", bound=BaseModel)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def read_toml(path: Path, faults: Faults) -> tuple[dict[str, Any], str] | None:
    """The parsed file and its text; None, with a fault, where it is absent or no TOML."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text), text
    except FileNotFoundError:
        faults.add("the file is missing", place=path.name, cure="every region folder has one; see the format page")
    except UnicodeDecodeError:
        faults.add("the text cannot be read", place=path.name, expected="UTF-8", cure="save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        faults.add(f"the file is not valid TOML: {error}", place=path.name, cure="mend the line it names")
    return None


def line_of(text: str, keys: Sequence[str | int]) -> int | None:
    """The line of a key in TOML text, counted from 1; a table's header where the key itself is not found."""
    wanted = [str(key) for key in keys if not isinstance(key, int)]
    table: list[str] = []
    found = None
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?", line)
        if header and "=" not in line.split("#")[0]:
            table = [part.strip().strip("\"'") for part in header.group(1).split(".")]
            if table == wanted[: len(table)]:
                found = number
            continue
        key = re.match(r"\s*([\"']?)([^=\"']+?)\1\s*=", line)
        if key and wanted and [*table, key.group(2).strip()] == wanted[: len(table) + 1]:
            return number
    return found


def parse_form(model: type[Form], raw: Mapping[str, Any], file: str, text: str, faults: Faults) -> Form | None:
    """`raw` as `model`; every fault pydantic finds becomes one of ours, with line and suggestion."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for item in error.errors():
            add_form_fault(item, model, file, text, faults)
    return None


def without_wrong_keys(model: type[Form], raw: Mapping[str, Any]) -> Form | None:
    """`raw` as `model` with the keys that are wrong left out; None where keys that must be there are among them."""
    rest = copy.deepcopy(dict(raw))
    try:
        return model.model_validate(rest)
    except ValidationError as error:
        for item in error.errors():
            table: Any = rest
            for key in item["loc"][:-1]:
                table = table.get(key, {}) if isinstance(table, dict) else {}
            if isinstance(table, dict):
                table.pop(item["loc"][-1], None)
    try:
        return model.model_validate(rest)
    except ValidationError:
        return None


def add_form_fault(item: Mapping[str, Any], model: type[BaseModel], file: str, text: str, faults: Faults) -> None:
    """One pydantic error as a fault."""
    loc = item["loc"]
    line = line_of(text, loc)
    place = f"{file}:{line}" if line else file
    name = ".".join(str(part) for part in loc)
    if item["type"] == "extra_forbidden":
        faults.add(f"unknown key '{name}'", place=place, cure=did_you_mean(str(loc[-1]), keys_at(model, loc[:-1])))
    elif item["type"] == "missing":
        faults.add(f"key '{name}' is missing", place=place, cure=f"write {name} = …")
    elif item["type"] == "literal_error":
        choices = re.findall(r"'([^']*)'", item["ctx"]["expected"]) or [item["ctx"]["expected"]]
        cause = f"{name} = {_shown(item['input'])} is not known"
        faults.add(cause, place=place, expected=" or ".join(choices), cure=did_you_mean(str(item["input"]), choices))
    else:
        reason = item["msg"].removeprefix("Value error, ")
        faults.add(f"{name} = {_shown(item['input'])} cannot be used", place=place, expected=_wish(reason))


def keys_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """The keys a nested model knows at a place."""
    for part in loc:
        field = model.model_fields.get(str(part))
        inner = _model_of(field.annotation) if field else None
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is not None:
        found = [_model_of(part) for part in typing.get_args(annotation)]
        return next((part for part in found if part), None)
    return None


def _shown(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


def _wish(reason: str) -> str:
    wish = re.sub(r"^Input should be ", "", reason)
    return {"a valid tuple": "a list", "a valid string": "text in quotes", "a valid integer": "a whole number"}.get(wish, wish)


def to_toml(table: Mapping[str, Any]) -> str:
    """A mapping as TOML text: plain keys first, then tables, then lists of tables; None is left out."""
    return "\n".join(_table_lines(table, ())).strip() + "\n"


def _table_lines(table: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    plain = {k: v for k, v in table.items() if v is not None and not _is_table(v) and not _is_tables(v)}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
    for key, value in table.items():
        header = ".".join(_key(part) for part in (*path, key))
        if _is_table(value):
            inner = _table_lines(value, (*path, key))
            needed = not value or any(v is not None and not _is_table(v) and not _is_tables(v) for v in value.values())
            lines += ["", f"[{header}]", *inner] if needed else inner
        elif _is_tables(value):
            for row in value:
                lines += ["", f"[[{header}]]", *_table_lines(row, (*path, key))]
    return lines


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def _string(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(letter, letter) for letter in text) + '"'


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, float):
        return repr(value) if value == value and abs(value) != float("inf") else str(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items() if v is not None) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return str(value)
