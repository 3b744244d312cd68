"""New links of the transport network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self
from weakref import WeakKeyDictionary

import numpy as np
from pydantic import Field, model_validator

from bridgehead.errors import did_you_mean
from bridgehead.policy.context import Context
from bridgehead.policy.edits import Edit, Target
from bridgehead.policy.fields import Positive, Text, When
from bridgehead.policy.levers.base import BaseLever
from bridgehead.policy.names import Names
from bridgehead.region.travel import middle_of, travel_times, with_link

# The kernels that fall with minutes, and the parameter by which they fall.
DECAYS = {"commuting": "commuting_decay", "spillover": "productivity_decay", "amenity_spillover": "amenity_decay"}


class Link(BaseLever):
    """A link of a mode between two places, both ways, in so many minutes; the quicker counts where there is one already.

    All-pairs times are computed anew over the links of the baseline and all new ones, and the kernels that fall with time
    change by exp(−decay · (t_new − t_old)): commuting, and both spillovers (model.md §3). `opened` is the day it opens.
    """

    lever: Literal["link"] = "link"
    from_: Text = Field(alias="from")
    to: Text
    minutes: Positive
    mode: Text
    opened: When | None = None

    @model_validator(mode="after")
    def _two_ends(self) -> Self:
        if self.from_ == self.to:
            raise ValueError("a link joins two different places")
        return self

    def touches(self, region: Any) -> frozenset[str]:
        """The kernels that fall with travel time."""
        return frozenset(DECAYS)

    def check(self, names: Names) -> None:
        """The region has links; both ends are inside places and the mode is one of the network's."""
        region = names.region
        if region.links is None:
            names.fault(
                "a link needs the network, and this region gives travel times as a table (travel.csv)",
                cure="give the region links.csv and [modes] in region.toml",
            )
        elif self.mode not in region.meta.modes:
            names.fault(f"unknown mode '{self.mode}'", cure=did_you_mean(self.mode, region.meta.modes))
        ends = names.places((self.from_, self.to), key="from / to")
        outside = [region.place_ids[n] for n in np.flatnonzero(ends & ~np.asarray(region.inside))]
        if outside:
            names.fault(f"nobody travels to {' or '.join(outside)}, which lies outside the region", expected="two inside places")

    def edits(self, context: Context) -> tuple[Edit, ...]:
        """Factors of three kernels."""
        return link_edits((self,), context)

    def places_touched(self, names: Names) -> np.ndarray:
        """Its two ends."""
        return names.places((self.from_, self.to), key="from / to")

    def mechanisms(self, region: Any = None) -> tuple[str, ...]:
        """Commuting and spillovers."""
        return ("commuting", "spillover")


def link_edits(levers: Sequence[Link], context: Context) -> tuple[Edit, ...]:
    """What some links do together: not the sum of what each does alone, as a trip may take several."""
    change = minutes_saved(levers, context)
    where = change != 0.0
    edits = []
    for name, parameter in DECAYS.items():
        factor = np.exp(context.parameters[parameter] * change)
        edits.append(Edit(Target(name, "matrix"), "multiply", where, factor))
    return tuple(edits)


def minutes_saved(levers: Sequence[Link], context: Context) -> np.ndarray:
    """t_old − t_new [home, work] in minutes over the baseline's network, 0 to and from outside places.

    It depends on the region's links alone, and is kept: draws of an ensemble ask for it again and again.
    """
    known = _SAVED.setdefault(context.region, {})
    key = tuple(sorted(lever.key() for lever in levers))
    if key not in known:
        known[key] = _minutes_saved(levers, context)
        known[key].flags.writeable = False
    return known[key]


_SAVED: WeakKeyDictionary[Any, dict[tuple[str, ...], np.ndarray]] = WeakKeyDictionary()


def _minutes_saved(levers: Sequence[Link], context: Context) -> np.ndarray:
    region = context.region
    inside = np.flatnonzero(np.asarray(region.inside))
    ids = [region.place_ids[n] for n in inside]
    land = np.asarray(context.arrays.land_km2)[inside]
    links = region.links
    for lever in sorted(levers, key=lambda lever: lever.key()):
        links = with_link(links, lever.from_, lever.to, mode=lever.mode, minutes=lever.minutes)
    date = middle_of(region.meta.year)
    old, new = (travel_times(table, region.meta.modes, ids, land, date=date) for table in (region.links, links))
    saved = np.zeros((len(region.place_ids),) * 2)
    saved[np.ix_(inside, inside)] = np.where(old == new, 0.0, np.where(np.isfinite(old), old, new) - new)
    return saved
