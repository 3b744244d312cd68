"""GCJ-02, the shifted datum of Chinese web maps, and its exact inverse.

The forward shift is a published polynomial with sines on the Krasovsky 1940 ellipsoid. It has no closed inverse, so
WGS84 is found by fixed-point iteration: guess, shift forward, subtract the miss; a handful of passes reach round-off.
"""

from __future__ import annotations

import numpy as np

AXIS = 6378245.0  # Krasovsky 1940, metres
ECCENTRICITY2 = 0.00669342162296594323
ORIGIN = (105.0, 35.0)  # the polynomial is centred here


def _waves(x: np.ndarray, terms: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Sum of amplitude * sin(frequency * pi * x), times two thirds."""
    return sum(amplitude * np.sin(frequency * np.pi * x) for amplitude, frequency in terms) * 2.0 / 3.0


def _shift(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The shift from WGS84 to GCJ-02 in degrees, at WGS84 coordinates."""
    x, y = lon - ORIGIN[0], lat - ORIGIN[1]
    root = np.sqrt(np.abs(x))
    common = _waves(x, ((20.0, 6.0), (20.0, 2.0)))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north = north + _waves(y, ((20.0, 1.0), (40.0, 1.0 / 3.0))) + _waves(y, ((160.0, 1.0 / 12.0), (320.0, 1.0 / 30.0)))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east = east + _waves(x, ((20.0, 1.0), (40.0, 1.0 / 3.0))) + _waves(x, ((150.0, 1.0 / 12.0), (300.0, 1.0 / 30.0)))
    phi = np.radians(lat)
    w2 = 1.0 - ECCENTRICITY2 * np.sin(phi) ** 2
    metres_lat = AXIS * (1.0 - ECCENTRICITY2) / w2**1.5
    metres_lon = AXIS / np.sqrt(w2) * np.cos(phi)
    return np.degrees(east / metres_lon), np.degrees(north / metres_lat)


def from_wgs84(points: np.ndarray) -> np.ndarray:
    """GCJ-02 coordinates [n, 2] of WGS84 points (lon, lat in degrees)."""
    east, north = _shift(points[:, 0], points[:, 1])
    return points + np.stack([east, north], axis=1)


def to_wgs84(points: np.ndarray, *, passes: int = 10, digits: int = 7) -> np.ndarray:
    """WGS84 coordinates [n, 2] of GCJ-02 points, rounded to `digits` (a centimetre); ArithmeticError if not reached.

    The number of passes is fixed and the result rounded, so that a vertex two polygons share stays one point whatever
    else is converted with it.
    """
    points = np.asarray(points, dtype=float)
    guess = points.copy()
    for _ in range(passes):
        guess = guess - (from_wgs84(guess) - points)
    miss = np.abs(from_wgs84(guess) - points).max(initial=0.0)
    if miss > 10.0 ** -(digits + 2):
        raise ArithmeticError(f"GCJ-02 inverse off by {miss:.1e} degree after {passes} passes")
    return np.round(guess, digits)
