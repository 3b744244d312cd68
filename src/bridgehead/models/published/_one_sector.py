"""One-sector models of places from the regional model's own blocks: what mrrh2018, rrh2017 and aa2014 have in common.

Goods need labour alone, so the models are cut at wages and residents; floor space is for homes, or there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np

from bridgehead.blocks.base import Block
from bridgehead.blocks.commuting import Commuting
from bridgehead.blocks.final_goods import FinalGoodsTrade, HomeRentsStay, LabourForVariety
from bridgehead.blocks.government import NoTaxes
from bridgehead.blocks.homes import Homes
from bridgehead.blocks.homes_only import NominalHomes
from bridgehead.blocks.mean_wage import MeanWage
from bridgehead.blocks.numeraire import NoBalance
from bridgehead.blocks.production import Productivity
from bridgehead.blocks.trade import ConsumerPrice
from bridgehead.kernels import Bordered, Dense, Sparse
from bridgehead.models.engine import Engine
from bridgehead.models.equilibrium import Equilibrium, certify, solve_from, stamped
from bridgehead.models.model import Model
from bridgehead.solve import Anderson, Layout, prepare

UNKNOWNS = ("wage", "residents")
BORDER = "border"
PLAIN = MeanWage()
GOODS = ("goods",)


def one_sector_model(name: str, *, closing: MeanWage = PLAIN, **blocks: Block) -> Model:
    """The one-sector model with other blocks in the named roles, at the numeraire mean wage 1."""
    standard = (
        NoTaxes(),
        Commuting(),
        ConsumerPrice(),
        HomeRentsStay(),
        NominalHomes(),
        Homes(),
        Productivity(),
        FinalGoodsTrade(),
        LabourForVariety(),
        NoBalance(),
    )
    return Model(standard, UNKNOWNS, closing, name).swap(**blocks)


def fundamentals(places: int, **own: Any) -> dict[str, Any]:
    """What the one-sector model is given, with neutral values for what `own` does not name.

    Neutral: no transfers, no commuting, no spillovers beyond the own place, one origin free to live anywhere.
    """
    own_place = Sparse.from_matrix(np.eye(places))
    neutral: dict[str, Any] = {
        "commuting": own_place,
        "spillover": own_place,
        "amenity_spillover": own_place,
        "workplace_size": np.ones(places),
        "workplace_dispersion": 1.0,
        "transfer_rate": np.zeros(places),
        "land_km2": np.ones(places),
        "inside": np.ones(places),
        "amenity_density": 0.0,
        "amenity_fundamental": np.ones(places),
        "productivity_fundamental": np.ones((places, 1)),
        "density_elasticity": np.zeros(1),
        "migration_kept": np.ones((1, places)),
        "labour_share": np.ones(1),
        "floor_share": np.zeros(1),
        "inside_wage_bill": 1.0,
    }
    given = neutral | own
    return {name: value if hasattr(value, "apply") else jnp.asarray(value, dtype=float) for name, value in given.items()}


def bordered(kernel: Any, side: np.ndarray) -> Bordered:
    """The kernel with a border of level "border" between the sides, open: every passage is 1."""
    count = int(np.max(side)) + 1
    inner = kernel if hasattr(kernel, "apply") else Dense(jnp.asarray(kernel))
    return Bordered(inner, jnp.asarray(side), jnp.ones((count, count)), BORDER)


def closed(kernel: Bordered, factor: float) -> Bordered:
    """The same kernel where `factor` of it passes between different sides."""
    count = kernel.passage.shape[-1]
    return replace(kernel, passage=jnp.where(jnp.eye(count) > 0, 1.0, factor))


def engine_of(model: Model, wage: np.ndarray, residents: np.ndarray, method: Anderson | None = None) -> tuple[Engine, np.ndarray]:
    """The compiled engine of a one-sector model, and the logs of the given wages and residents as its unknowns."""
    prepare()
    unknowns = {"wage": wage, "residents": residents}
    layout = Layout.of(unknowns)
    return Engine(model, layout, method or Anderson(memory=15)), np.asarray(layout.pack(unknowns))


def labels_of(places: tuple[str, ...], origins: tuple[str, ...] = ("everyone",)) -> dict[str, tuple[str, ...]]:
    """How certificates name places, the one sector and origins."""
    return {"places": places, "sectors": GOODS, "origins": origins}


def certified(engine: Engine, given: Mapping[str, Any], x: np.ndarray, labels: dict, name: str) -> Equilibrium:
    """The state at given unknowns with its certificate, without solving: for equilibria that are data."""
    folded = engine.fold(engine.select(given))
    return stamped(certify(engine, dict(given), folded, x, 0, labels), "", name)


def solved(
    engine: Engine, given: Mapping[str, Any], start: np.ndarray, reference: Mapping[str, np.ndarray], labels: dict, name: str
) -> Equilibrium:
    """The equilibrium of `given` from the logs `start`; `reference` is a state whose prices tell what borders let through."""
    return stamped(solve_from(engine, given, start, dict(reference), labels), "", name)


def with_radius(found: Equilibrium, radius: float) -> Equilibrium:
    """The equilibrium with the Allen–Arkolakis–Li spectral radius in its certificate; a radius above 1 is warned of."""
    warning = f"the spectral radius is {radius:.3g}, more than 1: there may be other equilibria"
    warnings = found.certificate.warnings + ((warning,) if radius > 1.0 + 1e-9 else ())
    return replace(found, certificate=replace(found.certificate, uniqueness_radius=radius, warnings=warnings))
