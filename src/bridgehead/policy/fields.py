"""Kinds of values in scenario files: numbers that are numbers, names that are text, lists that may be one, dates."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

STRICT = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _text(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError(f'names are text; write "{value}" in quotes')
    return value


def _date(value: Any) -> Any:
    """A year, or a day; a time of day or a text is neither."""
    year = isinstance(value, int) and not isinstance(value, bool)
    day = isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
    if value is not None and not (year or day):
        raise ValueError(f"a year (2030) or a day (2030-01-01) without quotes is expected; found {value!r}")
    if year and not 1800 <= value <= 2500:
        raise ValueError(f"{value} is no year between 1800 and 2500")
    return value


Text = Annotated[str, BeforeValidator(_text), Field(strict=True, min_length=1)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0)]
NotNegative = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0)]
Share = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]
When = Annotated[int | datetime.date, BeforeValidator(_date)]


def _one_or_more(value: Any) -> Any:
    """A lone item is a list of one."""
    return (value,) if isinstance(value, str | int | dict | BaseModel) and not isinstance(value, bool) else value


Texts = Annotated[tuple[Text, ...], BeforeValidator(_one_or_more), Field(min_length=1)]


class Jurisdiction(BaseModel):
    """The places of one or several jurisdictions of a level: `{ level = "province", is = "Zhejiang" }`."""

    model_config = STRICT

    level: Text
    is_: Texts = Field(alias="is")


Side = Annotated[tuple[Text | Jurisdiction, ...], BeforeValidator(_one_or_more), Field(min_length=1)]


def first_day(when: int | datetime.date) -> datetime.date:
    """The day something begins: a year begins on 1 January."""
    return datetime.date(when, 1, 1) if isinstance(when, int) else when


def last_day(when: int | datetime.date) -> datetime.date:
    """The day something ends: a year ends on 31 December."""
    return datetime.date(when, 12, 31) if isinstance(when, int) else when


def in_order(begins: int | datetime.date | None, ends: int | datetime.date | None) -> None:
    """ValueError where a scenario's `until` is before its `from`."""
    if begins is not None and ends is not None and last_day(ends) < first_day(begins):
        raise ValueError(f"`until` ({ends}) is before `from` ({begins})")
