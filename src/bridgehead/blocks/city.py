"""A city on one market of goods and one of floor space (Ahlfeldt, Redding, Sturm & Wolf 2015; model.md §9).

Blocks of a city n long: every name is a vector [block], `population` and what belongs to the whole city has one entry [1]. A block
without jobs has productivity 0, one without residents amenity 0, and they stay so (Lemmas S.1 to S.3 of the paper's supplement).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
from jax.scipy.special import gammaln

from bridgehead.blocks.density import density_factor
from bridgehead.kernels import Kernel


def ratio(above: jax.Array, below: jax.Array) -> jax.Array:
    """above / below, and 0 where `below` is 0: in empty blocks."""
    present = below > 0
    return jnp.where(present, above / jnp.where(present, below, 1.0), 0.0)


def free_trade_wage(productivity: jax.Array, work_price: jax.Array, labour_share: jax.Array) -> jax.Array:
    """w = α ((1−α)/q)^((1−α)/α) A^(1/α): the wage at which the one good, at price 1, earns no profit (eq. 12).

    productivity A [1], work_price q [money a m² of floor], labour_share α. Where A = 0 nothing is made, and the wage is 0.
    """
    price = jnp.where(work_price > 0, work_price, 1.0)
    cost = ((1.0 - labour_share) / price) ** ((1.0 - labour_share) / labour_share)
    return labour_share * cost * productivity ** (1.0 / labour_share)


def home_draw(amenity: jax.Array, floor_price: jax.Array, housing_share: jax.Array, dispersion: jax.Array) -> jax.Array:
    """r_i = (B_i Q_i^(−(1−β)))^ε: what draws people to live at i before they know where they work (eq. 4)."""
    price = jnp.where(floor_price > 0, floor_price, 1.0)
    return (amenity * price ** (-housing_share)) ** dispersion


def expected_utility(total_draw: jax.Array, dispersion: jax.Array) -> jax.Array:
    """U = Γ((ε−1)/ε) Φ^(1/ε) (eq. 9)."""
    return jnp.exp(gammaln((dispersion - 1.0) / dispersion)) * total_draw ** (1.0 / dispersion)


def source_density(kernel: Kernel, people: jax.Array, land: jax.Array) -> jax.Array:
    """Σ_s S_js x_s / K_s [people a m²]: density at the source, own block included (eqs. 20 and 21)."""
    return kernel.apply(people / land)


@dataclass(frozen=True)
class FixedProductivity:
    """A_j = a_j: productivity is a fundamental."""

    role: ClassVar[str] = "Productivity"
    writes: ClassVar[tuple[str, ...]] = ("productivity", "productivity_own_share")

    def __call__(self, productivity_fundamental: jax.Array) -> dict[str, jax.Array]:
        none = jnp.zeros_like(productivity_fundamental)
        return {"productivity": productivity_fundamental, "productivity_own_share": none}


@dataclass(frozen=True)
class SourceProductivity:
    """A_j = a_j Υ_j^λ, Υ_j = Σ_s exp(−δ τ_js) H_Ms / K_s (eq. 20). `spillover_own` [block] is the kernel's diagonal."""

    role: ClassVar[str] = "Productivity"
    writes: ClassVar[tuple[str, ...]] = ("productivity", "productivity_own_share")

    def __call__(
        self,
        spillover: Kernel,
        spillover_own: jax.Array,
        jobs: jax.Array,
        land: jax.Array,
        productivity_fundamental: jax.Array,
        density_elasticity: jax.Array,
    ) -> dict[str, jax.Array]:
        reached = source_density(spillover, jobs, land)
        crowd = density_factor(reached, 1.0, reached > 0, density_elasticity)
        own = ratio(spillover_own * jobs / land, reached)
        return {"productivity": productivity_fundamental * crowd, "productivity_own_share": own}


@dataclass(frozen=True)
class FixedAmenity:
    """B_i = b_i: amenity is a fundamental."""

    role: ClassVar[str] = "Amenity"
    writes: ClassVar[tuple[str, ...]] = ("amenity", "amenity_own_share")

    def __call__(self, amenity_fundamental: jax.Array) -> dict[str, jax.Array]:
        return {"amenity": amenity_fundamental, "amenity_own_share": jnp.zeros_like(amenity_fundamental)}


@dataclass(frozen=True)
class SourceAmenity:
    """B_i = b_i Ω_i^η, Ω_i = Σ_s exp(−ρ τ_is) H_Rs / K_s (eq. 21). `amenity_spillover_own` [block] is the kernel's diagonal."""

    role: ClassVar[str] = "Amenity"
    writes: ClassVar[tuple[str, ...]] = ("amenity", "amenity_own_share")

    def __call__(
        self,
        amenity_spillover: Kernel,
        amenity_spillover_own: jax.Array,
        residents: jax.Array,
        land: jax.Array,
        amenity_fundamental: jax.Array,
        amenity_density: jax.Array,
    ) -> dict[str, jax.Array]:
        reached = source_density(amenity_spillover, residents, land)
        crowd = density_factor(reached, 1.0, reached > 0, amenity_density)
        own = ratio(amenity_spillover_own * residents / land, reached)
        return {"amenity": amenity_fundamental * crowd, "amenity_own_share": own}


@dataclass(frozen=True)
class FreeTrade:
    """One good, traded freely at price 1: no profit where it is made pins the wage. q = ξ Q with ξ the zoning wedge."""

    role: ClassVar[str] = "Trade"
    writes: ClassVar[tuple[str, ...]] = ("work_price", "wage")

    def __call__(
        self, floor_price: jax.Array, zoning_wedge: jax.Array, productivity: jax.Array, labour_share: jax.Array
    ) -> dict[str, jax.Array]:
        work_price = zoning_wedge * floor_price
        return {"work_price": work_price, "wage": free_trade_wage(productivity, work_price, labour_share)}


@dataclass(frozen=True)
class HomeAndWork:
    """Home and workplace chosen together with Fréchet tastes (eqs. 4 to 6).

    φ_ij = K_ij r_i ω_j with ω_j = w_j^ε; reach_i = Σ_j K_ij ω_j, paid_reach_i = Σ_j K_ij ω_j w_j, drawn_j = Σ_i K_ij r_i and
    Φ = Σ_ij φ_ij (`total_draw` [1]). From the kernel's diagonal `commuting_own` [block]: the shares of a block's residents, of
    their earnings and of its workers that stay in the block.
    """

    role: ClassVar[str] = "Choice"
    writes: ClassVar[tuple[str, ...]] = (
        "home_draw",
        "work_draw",
        "reach",
        "paid_reach",
        "drawn",
        "total_draw",
        "residents_at_work",
        "earnings_at_home",
        "workers_at_home",
    )

    def __call__(
        self,
        commuting: Kernel,
        commuting_own: jax.Array,
        amenity: jax.Array,
        floor_price: jax.Array,
        wage: jax.Array,
        housing_share: jax.Array,
        workplace_dispersion: jax.Array,
    ) -> dict[str, jax.Array]:
        homes = home_draw(amenity, floor_price, housing_share, workplace_dispersion)
        work = wage**workplace_dispersion
        reach, paid_reach = commuting.apply(jnp.stack([work, work * wage]))
        drawn = commuting.apply_transpose(homes)
        return {
            "home_draw": homes,
            "work_draw": work,
            "reach": reach,
            "paid_reach": paid_reach,
            "drawn": drawn,
            "total_draw": jnp.sum(homes * reach)[None],
            "residents_at_work": ratio(commuting_own * work, reach),
            "earnings_at_home": ratio(commuting_own * work * wage, paid_reach),
            "workers_at_home": ratio(commuting_own * homes, drawn),
        }


@dataclass(frozen=True)
class ClosedCity:
    """H people whatever happens; what changes is their expected utility."""

    role: ClassVar[str] = "City"
    writes: ClassVar[tuple[str, ...]] = ("people_per_draw", "welfare")

    def __call__(self, population: jax.Array, total_draw: jax.Array, workplace_dispersion: jax.Array) -> dict[str, jax.Array]:
        return {
            "people_per_draw": population / total_draw,
            "welfare": expected_utility(total_draw, workplace_dispersion),
        }


@dataclass(frozen=True)
class OpenCity:
    """People come and go until expected utility is the outside world's: Φ = Φ̄ (`outside_draw` [1]).

    The new guess of H is H Φ/Φ̄; how far to follow it is for the closing.
    """

    role: ClassVar[str] = "City"
    writes: ClassVar[tuple[str, ...]] = ("people_per_draw", "welfare", "population")

    def __call__(
        self,
        population: jax.Array,
        total_draw: jax.Array,
        outside_draw: jax.Array,
        workplace_dispersion: jax.Array,
    ) -> dict[str, jax.Array]:
        return {
            "people_per_draw": population / total_draw,
            "welfare": expected_utility(total_draw, workplace_dispersion),
            "population": population * (total_draw / outside_draw),
        }


@dataclass(frozen=True)
class Settlement:
    """Jobs, residents and residents' total income vv (eq. S.20), all from one choice.

    H_Ri = (H/Φ) r_i reach_i, H_Mj = (H/Φ) ω_j drawn_j, vv_i = (H/Φ) r_i paid_reach_i. `settled_jobs` is what the guess of jobs
    becomes.
    """

    role: ClassVar[str] = "People"
    writes: ClassVar[tuple[str, ...]] = ("jobs", "residents", "earnings", "settled_jobs")

    def __call__(
        self,
        people_per_draw: jax.Array,
        home_draw: jax.Array,
        work_draw: jax.Array,
        reach: jax.Array,
        paid_reach: jax.Array,
        drawn: jax.Array,
    ) -> dict[str, jax.Array]:
        jobs = people_per_draw * work_draw * drawn
        return {
            "jobs": jobs,
            "residents": people_per_draw * home_draw * reach,
            "earnings": people_per_draw * home_draw * paid_reach,
            "settled_jobs": jobs,
        }


@dataclass(frozen=True)
class OneMarket:
    """One market of floor space for homes and work, its stock L given; rents go to absentee landlords.

    Q = ((1−α) Y / ξ + (1−β) vv) / L with Y = w H_M / α; θ = (1−α) Y / (ξ Q L) is the share used for work: 1 or 0 in specialised
    blocks (eqs. 16 to 19).
    """

    role: ClassVar[str] = "FloorSpace"
    writes: ClassVar[tuple[str, ...]] = ("output", "floor_price", "work_share")

    def __call__(
        self,
        wage: jax.Array,
        settled_jobs: jax.Array,
        earnings: jax.Array,
        floor_stock: jax.Array,
        zoning_wedge: jax.Array,
        labour_share: jax.Array,
        housing_share: jax.Array,
    ) -> dict[str, jax.Array]:
        output = wage * settled_jobs / labour_share
        work = (1.0 - labour_share) * output / zoning_wedge
        spent = work + housing_share * earnings
        return {"output": output, "floor_price": ratio(spent, floor_stock), "work_share": ratio(work, spent)}
