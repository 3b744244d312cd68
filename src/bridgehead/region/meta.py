"""region.toml: what the region is and how its model is closed."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from bridgehead.errors import Faults, did_you_mean

RATES = ("value_added", "earnings", "land")
SUM_TOLERANCE = 1e-9  # shares are written to be one exactly; this is round-off of adding them
DOOR = "door"  # the key of [modes] that stands for the ends of any trip


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Closures(_Form):
    """How the model is closed. The defaults are those of the model page."""

    trade: Literal["gravity", "free_trade"] = "gravity"
    rents: Literal["portfolio", "local_landlords", "absentee_landlords"] = "portfolio"
    floor_space: Literal["two_markets", "one_market"] = "two_markets"
    government: Literal["none", "taxes"] = "none"
    congestion: Literal["none", "links"] = "none"


class Rates(_Form):
    """Tax rates by place, levied where the value is added, the work done, the land let."""

    value_added: dict[str, float] = {}
    earnings: dict[str, float] = {}
    land: dict[str, float] = {}


class RegionMeta(_Form):
    """The content of region.toml. `split` and `rates` are read with government = "taxes" only.

    `modes` are entry times in minutes, paid on entering and on leaving a mode; `door` among them is paid at each end of
    any trip. `inversion` says which facts are given: see the model page, section 6.
    """

    format: Literal[1]
    name: str
    name_zh: str | None = None
    describe: str | None = None
    year: int
    currency: str
    model: str
    levels: tuple[str, ...]
    bordered_levels: tuple[str, ...] = ()
    sectors: tuple[str, ...]
    inversion: Literal["residents_and_value_added", "residents_and_jobs", "residents_jobs_and_wages"]
    closures: Closures = Closures()
    split: dict[str, float] = {}
    rates: Rates = Rates()
    modes: dict[str, float] = {}

    @field_validator("name", "currency", "model")
    @classmethod
    def _not_empty(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("a name that is not empty")
        return value

    @field_validator("levels", "sectors")
    @classmethod
    def _some(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("at least one name")
        return value

    @field_validator("levels", "bordered_levels", "sectors")
    @classmethod
    def _different(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) < len(value):
            raise ValueError("different names")
        return value

    @property
    def all_levels(self) -> tuple[str, ...]:
        """The levels of places: those listed, then `country` and `place`."""
        extra = [level for level in ("country", "place") if level not in self.levels]
        return (*self.levels, *extra)


def check_meta(meta: RegionMeta, file: str, faults: Faults) -> None:
    """What region.toml must say beyond its form: known bordered levels, closures that go together, entry times."""
    for level in meta.bordered_levels:
        if level not in meta.levels:
            cure = did_you_mean(level, meta.levels)
            faults.add(f"bordered level '{level}' is not among levels", place=file, cure=cure)
    if meta.closures.rents == "absentee_landlords" and meta.closures.trade == "gravity":
        faults.add(
            "absentee landlords with gravity trade: what they earn leaves, and goods markets do not clear",
            place=file,
            expected='rents = "portfolio" or "local_landlords"',
            cure='or set trade = "free_trade"',
        )
    for mode, minutes in meta.modes.items():
        if not 0 <= minutes < float("inf"):
            faults.add(f"the entry time of mode '{mode}' is {minutes:g}", place=file, expected="minutes, at least 0")


def check_government(meta: RegionMeta, place_ids: tuple[str, ...], file: str, faults: Faults) -> None:
    """With taxes: the split adds up to one over known levels, and every place has an admissible rate of each tax."""
    if meta.closures.government != "taxes":
        return
    for level, share in meta.split.items():
        if level not in meta.all_levels:
            cure = did_you_mean(level, meta.all_levels)
            faults.add(f"unknown level '{level}' in [split]", place=file, cure=cure)
        if not 0 <= share <= 1:
            faults.add(f"the share of '{level}' in [split] is {share:g}", place=file, expected="from 0 to 1")
    total = sum(meta.split.values())
    if abs(total - 1) > SUM_TOLERANCE:
        faults.add(f"the shares of [split] add up to {total:g}", place=file, expected="1")
    for tax in RATES:
        _check_rates(tax, getattr(meta.rates, tax), place_ids, file, faults)
    for place in place_ids:
        both = meta.rates.value_added.get(place, 0.0) + meta.rates.earnings.get(place, 0.0)
        if both >= 1:
            cause = f"the rates on value added and earnings of '{place}' add up to {both:g}"
            faults.add(cause, place=file, expected="below 1: a wage must be left")


def _check_rates(tax: str, rates: dict[str, float], place_ids: tuple[str, ...], file: str, faults: Faults) -> None:
    missing = [place for place in place_ids if place not in rates]
    if missing:
        shown = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")
        cause = f"[rates.{tax}] has no rate for {len(missing)} places: {shown}"
        faults.add(cause, place=file, expected="a rate for every place", cure="write 0 where nothing is levied")
    for place, rate in rates.items():
        if place not in place_ids:
            faults.add(f"unknown place '{place}' in [rates.{tax}]", place=file, cure=did_you_mean(place, place_ids))
        if not 0 <= rate < 1:
            faults.add(f"the rate of '{place}' in [rates.{tax}] is {rate:g}", place=file, expected="from 0, below 1")
