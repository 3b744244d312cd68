"""Made-up cities of realistic shape for tests and benchmarks: seeded, so that the same call gives the same city anywhere."""

from __future__ import annotations

from typing import Literal

import numpy as np

from bridgehead.errors import DataError, Fault
from bridgehead.models.published.city_data import City

Kind = Literal["dense", "coarse"]


def synthetic_city(size: int, *, seed: int, kind: Kind = "dense") -> City:
    """A city of `size` blocks.

    dense: small blocks that spread from a centre and two lesser ones, jobs more central than residents, floor prices falling
    outwards, one block in ten without jobs and one in seven without residents, a quarter of an hour to two hours across.
    coarse: a few large zones, each half an hour or more from the next, so that nearly all spillovers are a zone's own: the
    shape on which damped loops cycle. Public transport takes up to half as long again; short ways are walked, and take no longer.
    """
    if size < 3 or kind not in ("dense", "coarse"):
        fault = Fault(f"size {size}, kind '{kind}'", "synthetic_city", "3 blocks or more; 'dense' or 'coarse'")
        raise DataError("no such city can be made up", [fault])
    random = np.random.default_rng(seed)
    radius = 19.0 * (size / 12000.0) ** 0.35 if kind == "dense" else 22.0 * np.sqrt(size)
    angle, distance = random.uniform(0, 2 * np.pi, size), radius * np.sqrt((np.arange(size) + 0.5) / size)
    if kind == "coarse":
        angle = np.arange(size) * np.pi * (3.0 - np.sqrt(5.0))
    x, y = distance * np.cos(angle), distance * np.sin(angle)
    land = 1e6 * np.pi * radius**2 / size * random.lognormal(0.0, 0.4 if kind == "dense" else 0.2, size)
    jobs, residents, price = _activity(random, x / radius, y / radius, land, kind)
    minutes, public = _minutes(random, x, y, land, kind)
    return City(
        ids=tuple(f"b{number + 1}" for number in range(size)),
        x_km=x,
        y_km=y,
        land=land,
        floor_price=price,
        jobs=jobs,
        residents=residents,
        east=x > 0.2 * radius,
        minutes=minutes,
        minutes_public=public,
    )


def _activity(
    random: np.random.Generator, x: np.ndarray, y: np.ndarray, land: np.ndarray, kind: Kind
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(jobs, residents, floor price) from the distance to three centres, with x and y as shares of the radius."""
    size = len(x)
    near = sum(
        weight * np.exp(-3.5 * np.hypot(x - east, y - north)) for weight, east, north in ((1.0, 0, 0), (0.4, 0.5, 0.2), (0.3, -0.4, -0.4))
    )
    spread = 0.8 if kind == "dense" else 0.3
    jobs = land * near * random.lognormal(0.0, spread, size)
    residents = land * np.exp(-1.2 * np.hypot(x, y)) * random.lognormal(0.0, spread, size)
    price = 10.0 * (0.3 + near) ** 0.5 * random.lognormal(0.0, 0.2, size)
    if kind == "dense":
        idle = random.uniform(size=size)
        jobs[idle < 0.10] = 0.0
        residents[idle > 0.86] = 0.0
    else:
        jobs = 0.5 * jobs / jobs.sum() + 0.5 * residents / residents.sum()
    people = 110.0 * size if kind == "dense" else 20000.0 * size
    return people * jobs / jobs.sum(), people * residents / residents.sum(), price


def _minutes(random: np.random.Generator, x: np.ndarray, y: np.ndarray, land: np.ndarray, kind: Kind) -> tuple[np.ndarray, np.ndarray]:
    """(door to door by any mode, by public transport) [home, work]; the way back takes a little more or less."""
    own = 2.0 / 3.0 * np.sqrt(land / 1e6 / np.pi)
    km = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :]) + np.diag(own)
    size, pace = len(x), 2.4 if kind == "dense" else 1.0
    minutes = (2.0 + pace * km) * np.exp(0.04 * random.standard_normal((size, size)))
    longer = 0.5 * pace * km * (1.0 - np.exp(-km / 3.0))
    return minutes, minutes + np.where(np.eye(size) > 0, 0.0, longer)
