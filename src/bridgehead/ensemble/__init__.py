"""Ensembles: many draws of what is not known, each a full recalibration and all scenarios, kept, resumed and summed up."""

from bridgehead.ensemble.factors import Factor
from bridgehead.ensemble.plan import Asked, EnsemblePlan, read_backgrounds
from bridgehead.ensemble.run import Used, run_ensemble
from bridgehead.ensemble.store import Store

__all__ = ["Asked", "EnsemblePlan", "Factor", "Store", "Used", "read_backgrounds", "run_ensemble"]
