"""Data to fundamentals: inversion, fitted borders, moments."""

from bridgehead.calibrate.baseline import Baseline, calibrate, engine_for
from bridgehead.models import solve

__all__ = ["Baseline", "calibrate", "engine_for", "solve"]
