"""Flows with planted borders and decay, for the tests of the estimation."""

from __future__ import annotations

import numpy as np

from bridgehead.calibrate.estimation.pairs import Pairs, checked

BORDER, PROVINCE, DECAY = -0.9, -0.5, 0.06


def planted(
    seed: int,
    *,
    places: int = 30,
    spread: float = 0.5,
    shared: float = 0.0,
    level: float = 2.0,
    exact: bool = False,
    border: float = BORDER,
) -> Pairs:
    """Commuters between places of four prefectures in two provinces: exp(a + b − DECAY minutes) × passages × noise.

    spread: of a pair's own noise, in logs; shared: of noise that all of a home's flows across the province's border have in common; level:
    mean log flow before decay, so that a low one makes many zeros; exact: no noise and no rounding to whole people.
    """
    rng = np.random.default_rng(seed)
    where = rng.random((places, 2)) * 60.0
    minutes = 4.0 + np.hypot(*(where[:, None, :] - where[None, :, :]).T).T
    side = {
        "prefecture": np.array([f"{'W' if x < 30 else 'E'}{1 if y < 30 else 2}" for x, y in where]),
        "province": np.array(["W" if x < 30 else "E" for x, _ in where]),
    }
    crosses = {name: column[:, None] != column[None, :] for name, column in side.items()}
    mean = rng.normal(level, 0.7, (places, 1)) + rng.normal(0.0, 0.7, (1, places)) - DECAY * minutes
    mean = np.exp(mean + border * crosses["prefecture"] + PROVINCE * crosses["province"])
    if exact:
        return checked(Pairs("commuting", names(places), mean, minutes, "minutes", side))
    noise = rng.normal(-(spread**2) / 2, spread, mean.shape)
    common = rng.normal(-(shared**2) / 2, shared, (places, 1)) * crosses["province"]
    people = rng.poisson(mean * np.exp(noise + common)).astype(float)
    return checked(Pairs("commuting", names(places), people, minutes, "minutes", side))


def names(places: int) -> tuple[str, ...]:
    """Ids of so many places."""
    return tuple(f"p{number:02d}" for number in range(places))
