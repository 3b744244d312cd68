"""The fiscal rules of a region: fiscal.toml, checked against the region with every fault listed.

Taxes with their base, their yield and the centre's part; what local governments keep at which level; land sales; costs of a plan;
the governments that keep books; and how the region's own sharing rules are set.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, Field

from bridgehead.errors import DataError, Faults, did_you_mean
from bridgehead.policy.fields import STRICT, Jurisdiction, NotNegative, Number, Share, Text, Texts
from bridgehead.policy.names import Names
from bridgehead.policy.parse import parse_model

FILE = "fiscal.toml"
TIERS = ("county", "prefecture", "province", "centre")
"""Tiers of government, small ones first; money of a tier goes to the government of that tier, or the next one above it."""
Base = Literal["value_added", "earnings", "rents"]
Tier = Literal["county", "prefecture", "province", "centre"]
Years = Annotated[int, Field(strict=True, ge=1)]


class Tax(BaseModel):
    """One tax, or group of taxes: its base, its yield (million a year over all mainland places) or rate, and the centre's part."""

    model_config = STRICT

    id: Text
    name: Text
    name_zh: Text | None = None
    base: Base
    revenue: Number | None = None
    rate: NotNegative | None = None
    central: Share
    source: Text


class Sourced(BaseModel):
    """A number with its range and source."""

    model_config = STRICT

    value: Number
    low: Number | None = None
    high: Number | None = None
    source: Text


class Outlay(BaseModel):
    """A cost of a plan: million a km2 of land released, a minute of a new link, or a million of added research (a share)."""

    model_config = STRICT

    id: Literal["land_development", "research_subsidy", "road"]
    value: NotNegative
    central: Share = 0.0
    tier: Tier = "county"
    low: NotNegative | None = None
    high: NotNegative | None = None
    source: Text


class Books(BaseModel):
    """A government that keeps books: its tier, and the places it governs."""

    model_config = STRICT

    id: Text
    name: Text
    name_zh: Text | None = None
    tier: Tier
    level: Text
    is_: Texts | None = Field(default=None, alias="is")


class Finance(BaseModel):
    """Years a sharing agreement runs, and the discount rate of its present value."""

    model_config = STRICT

    years: Years = 20
    discount: NotNegative = 0.04
    source: Text = "assumption"


class SharingRules(BaseModel):
    """What the region's own rules of sharing need: players asked for by default, the zone, and equity."""

    model_config = STRICT

    governments: Texts | None = None
    zone: Jurisdiction | None = None
    equity: dict[Text, NotNegative] | None = None
    source: Text = "assumption"


@dataclass(frozen=True, eq=False)
class FiscalRules:
    """fiscal.toml as it stands, checked. local_total: million a year by province. own: False where the region has no such file."""

    taxes: tuple[Tax, ...]
    land_sales: dict[str, Sourced]
    local_total: dict[str, Sourced]
    upper: dict[str, Sourced]
    costs: dict[str, Outlay]
    governments: dict[str, Books]
    finance: Finance
    sharing: SharingRules
    own: bool = True


LAND_SALES = ("land_share_of_rent", "compensation")
KEYS = ("format", "tax", "land_sales", "local_total", "upper", "cost", "government", "finance", "sharing")


DEFAULT_CURRENCY = "yuan"
"""Regions with another currency must bring rules of their own."""


def fiscal_rules(region: Any) -> FiscalRules:
    """The rules of a region's fiscal.toml; without one, China's in 2020 where the currency is yuan (an assumption that is shown).

    DataError with every fault; also where there are neither.
    """
    if region.fiscal is not None:
        return parse_rules(region.fiscal, region)
    if region.meta.currency == DEFAULT_CURRENCY:
        text = resources.files("bridgehead.appraise").joinpath("fiscal_default.toml").read_text(encoding="utf-8")
        return replace(parse_rules(tomllib.loads(text), region), own=False)
    cure = "add it (the format page, 'Public budgets'), or ask for `--value welfare`, which needs none"
    raise DataError(f"the region '{region.meta.name}' has no {FILE}, so there are no public budgets; {cure}")


def has_rules(region: Any) -> bool:
    """Whether budgets can be worked out: the region has rules, or the default ones fit, and it does not tax inside the model."""
    return region.meta.closures.government != "taxes" and (region.fiscal is not None or region.meta.currency == DEFAULT_CURRENCY)


def parse_rules(raw: Mapping[str, Any], region: Any) -> FiscalRules:
    """The rules of a parsed fiscal.toml, checked against a region. DataError lists every fault."""
    faults = Faults("the fiscal rules of the region cannot be used", DataError)
    if raw.get("format") != 1:
        faults.add(f"format is {raw.get('format')}", place=FILE, expected="format = 1")
    for key in raw:
        if key not in KEYS:
            faults.add(f"unknown key '{key}'", place=FILE, cure=did_you_mean(key, KEYS))
    rules = _rules(raw, faults)
    if not faults:
        _check(rules, region, faults)
    faults.raise_if_any()
    return rules


def _rules(raw: Mapping[str, Any], faults: Faults) -> FiscalRules:
    def listed(key: str, model: type[BaseModel]) -> list[Any]:
        found = [parse_model(model, table, faults, f"{FILE}: [[{key}]] {n}") for n, table in enumerate(raw.get(key, ()), start=1)]
        for id in sorted({e.id for e in found if e is not None and sum(o is not None and o.id == e.id for o in found) > 1}):
            faults.add(f"'{id}' is there twice", place=f"{FILE}: [[{key}]]", expected="one entry each")
        return [each for each in found if each is not None]

    def sourced(key: str) -> dict[str, Sourced]:
        found = {name: parse_model(Sourced, table, faults, f"{FILE}: [{key}.{name}]") for name, table in raw.get(key, {}).items()}
        return {name: entry for name, entry in found.items() if entry is not None}

    def single(key: str, model: type[BaseModel]) -> Any:
        return parse_model(model, raw.get(key, {}), faults, f"{FILE}: [{key}]")

    return FiscalRules(
        tuple(listed("tax", Tax)),
        sourced("land_sales"),
        sourced("local_total"),
        sourced("upper"),
        {each.id: each for each in listed("cost", Outlay)},
        {each.id: each for each in listed("government", Books)},
        single("finance", Finance),
        single("sharing", SharingRules),
    )


def _check(rules: FiscalRules, region: Any, faults: Faults) -> None:
    """What the parts say of each other and of the region."""
    if not rules.taxes:
        faults.add("there is no tax", place=FILE, expected="one [[tax]] table at least")
    for tax in rules.taxes:
        if (tax.revenue is None) == (tax.rate is None):
            faults.add(f"tax '{tax.id}' gives {'neither' if tax.rate is None else 'both'}", place=FILE, expected="`revenue` or `rate`")
    for key in rules.land_sales:
        if key not in LAND_SALES:
            faults.add(f"unknown key '{key}'", place=f"{FILE}: [land_sales]", cure=did_you_mean(key, LAND_SALES))
        elif not 0 <= rules.land_sales[key].value <= 1:
            faults.add(f"{key} is {rules.land_sales[key].value:g}", place=f"{FILE}: [land_sales]", expected="a share from 0 to 1")
    for key in LAND_SALES if rules.land_sales else ():
        if key not in rules.land_sales:
            faults.add(f"{key} is missing", place=f"{FILE}: [land_sales]", cure="give both, or leave the table out")
    for key, entry in rules.upper.items():
        if key != "prefecture" or not 0 <= entry.value <= 1:
            faults.add(f"{key} = {entry.value:g}", place=f"{FILE}: [upper]", expected="prefecture, a share from 0 to 1")
    for name in rules.local_total:
        if "province" not in region.levels or name not in region.jurisdictions("province"):
            known = region.jurisdictions("province") if "province" in region.levels else ()
            faults.add(f"unknown province '{name}'", place=f"{FILE}: [local_total]", cure=did_you_mean(name, known))
    for books in rules.governments.values():
        places_of(books, region, faults)
    if rules.sharing.zone is not None:
        Names(region, faults, at=f"{FILE}: [sharing]").within(rules.sharing.zone, key="zone")
    for name in rules.sharing.equity or {}:
        if name not in rules.governments:
            faults.add(f"equity of '{name}', which keeps no books", place=f"{FILE}: [sharing]", cure=did_you_mean(name, rules.governments))


def places_of(books: Books, region: Any, faults: Faults | None = None) -> np.ndarray:
    """Mask [place] of what a government governs; unknown names are faults."""
    names = Names(region, faults, at=f"{FILE}: [[government]] {books.id}")
    return names.within(Jurisdiction(level=books.level, is_=books.is_ or (books.id,)), key="is")
