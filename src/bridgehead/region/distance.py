"""Distances over the globe, the distance inside a place, and the iceberg cost of distance."""

from __future__ import annotations

import numpy as np

EARTH_KM = 6371.0088  # mean radius of the earth


def own_km(land_km2: np.ndarray) -> np.ndarray:
    """Mean distance inside a place [km], of a disc of the same area: 2/3 sqrt(land / pi). `land_km2` [N, km2]."""
    return 2.0 / 3.0 * np.sqrt(np.asarray(land_km2, dtype=float) / np.pi)


def great_circle_km(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Great-circle distance [N, N, km] between points in degrees (haversine formula); 0 on the diagonal."""
    lam, phi = np.radians(np.asarray(lon, dtype=float)), np.radians(np.asarray(lat, dtype=float))
    across, along = lam[:, None] - lam[None, :], phi[:, None] - phi[None, :]
    half = np.sin(along / 2) ** 2 + np.cos(phi)[:, None] * np.cos(phi)[None, :] * np.sin(across / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))


def place_km(lon: np.ndarray, lat: np.ndarray, land_km2: np.ndarray) -> np.ndarray:
    """Distance between places [N, N, km]: great circle, own distance on the diagonal, NaN where a place has no lon/lat.

    The diagonal needs no coordinates.
    """
    km = great_circle_km(lon, lat)
    np.fill_diagonal(km, own_km(land_km2))
    return km


def iceberg_of(km: np.ndarray, distance_elasticity: float) -> np.ndarray:
    """Iceberg cost tau = km^psi [N, N, 1] (model page, section 3)."""
    return np.asarray(km, dtype=float) ** distance_elasticity
