"""Who receives what: earnings, rents, transfers, public money (model.md §4, "Spending").

Income I_n = E_n (1 + z_n − z̄) + rents_n + public_n is linear in itself (home rents are α_H of income), and is solved exactly.
Each block also writes `claims`: pairs (amount [place], sets [set, place]) of money that is shared by earnings inside sets of
places, which is what can cross a border that goods cannot (model.md §8 trap iii).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp


def net_transfers(earnings: jax.Array, transfer_rate: jax.Array) -> jax.Array:
    """E_n (z_n − z̄), z̄ = Σ z E / Σ E over all places [money a year]: they add to nothing and depend on no unit."""
    mean_rate = jnp.sum(transfer_rate * earnings) / jnp.sum(earnings)
    return earnings * (transfer_rate - mean_rate)


def work_rents(output: jax.Array, floor_share: jax.Array) -> jax.Array:
    """q_n h^c_n = Σ_s γ_s Y_ns [money a year]; output [place, sector], floor_share γ [sector] of gross output."""
    return output @ floor_share


def shared_by_earnings(amount: jax.Array, earnings: jax.Array, sets: jax.Array) -> jax.Array:
    """What each place gets when the sum of `amount` over every set of places goes to its places in proportion to E_n.

    amount, earnings [place]; sets [set, place] of 0 and 1, disjoint.
    """
    totals = sets @ amount
    weights = sets @ earnings
    rate = totals / jnp.where(weights > 0, weights, 1.0)
    return earnings * (rate @ sets)


@dataclass(frozen=True)
class PortfolioIncome:
    """All rents of a rent pool go to its places in proportion to earnings (default).

    With pool p: I_p = (Σ E (1 + z − z̄) + Σ γ Y) / (1 − α_H), because home rents are α_H I; y_n = I_n / E_n.
    """

    role: ClassVar[str] = "Income"
    writes: ClassVar[tuple[str, ...]] = (
        "income",
        "income_factor",
        "rents_received",
        "public_money",
        "transfers",
        "claims",
    )

    def __call__(
        self,
        earnings: jax.Array,
        output: jax.Array,
        transfer_rate: jax.Array,
        rent_pool: jax.Array,
        housing_share: jax.Array,
        floor_share: jax.Array,
    ) -> dict[str, jax.Array]:
        transfers = net_transfers(earnings, transfer_rate)
        rents = work_rents(output, floor_share)
        pool_income = rent_pool @ (earnings + transfers + rents) / (1.0 - housing_share)
        pool_rents = housing_share * pool_income + rent_pool @ rents
        received = earnings * ((pool_rents / (rent_pool @ earnings)) @ rent_pool)
        income = earnings + transfers + received
        none = jnp.zeros_like(income)
        return {
            "income": income,
            "income_factor": income / earnings,
            "rents_received": received,
            "public_money": none,
            "transfers": transfers,
            "claims": ((housing_share * income + rents, rent_pool),),
        }


@dataclass(frozen=True)
class LandlordIncome:
    """Rents are spent where they arise, by people who do not move (MRRH): I_n = (E_n (1 + z_n − z̄) + Σ γ Y_n) / (1 − α_H).

    y_n leaves rents out: it is residents' own income over their earnings.
    """

    role: ClassVar[str] = "Income"
    writes: ClassVar[tuple[str, ...]] = (
        "income",
        "income_factor",
        "rents_received",
        "public_money",
        "transfers",
        "claims",
    )

    def __call__(
        self,
        earnings: jax.Array,
        output: jax.Array,
        transfer_rate: jax.Array,
        housing_share: jax.Array,
        floor_share: jax.Array,
    ) -> dict[str, jax.Array]:
        transfers = net_transfers(earnings, transfer_rate)
        rents = work_rents(output, floor_share)
        income = (earnings + transfers + rents) / (1.0 - housing_share)
        return {
            "income": income,
            "income_factor": (earnings + transfers) / earnings,
            "rents_received": housing_share * income + rents,
            "public_money": jnp.zeros_like(income),
            "transfers": transfers,
            "claims": (),
        }


@dataclass(frozen=True)
class TaxedIncome:
    """Income with taxes: revenue is split over levels, and each level's part is spent by the residents of that jurisdiction.

    Revenue of a place is t^v (w L + Σ γ Y) + t^e w L + t^l (α_H I + Σ γ Y). The rent a place keeps goes to its rent pool, or stays
    (`local_landlords`). Everything is proportional to earnings inside a set of places, so income is a small linear system in
    the totals; it is solved whole: I = known + M I with M = (kept rents shared + revenue shared) α_H.
    """

    local_landlords: bool = False
    role: ClassVar[str] = "Income"
    writes: ClassVar[tuple[str, ...]] = (
        "income",
        "income_factor",
        "rents_received",
        "public_money",
        "transfers",
        "claims",
        "revenue",
    )

    def __call__(
        self,
        earnings: jax.Array,
        output: jax.Array,
        wage: jax.Array,
        jobs: jax.Array,
        transfer_rate: jax.Array,
        rent_pool: jax.Array,
        housing_share: jax.Array,
        floor_share: jax.Array,
        home_rent_kept: jax.Array,
        work_rent_kept: jax.Array,
        tax_value_added: jax.Array,
        tax_earnings: jax.Array,
        tax_land: jax.Array,
        public_split: jax.Array,
        public_sets: jax.Array,
    ) -> dict[str, jax.Array]:
        transfers = net_transfers(earnings, transfer_rate)
        rents = work_rents(output, floor_share)
        revenue_known = (tax_value_added + tax_earnings) * wage * jobs + (tax_value_added + tax_land) * rents

        def rents_to(kept: jax.Array) -> jax.Array:
            return kept if self.local_landlords else shared_by_earnings(kept, earnings, rent_pool)

        def public_to(revenue: jax.Array) -> jax.Array:
            parts = [share * shared_by_earnings(revenue, earnings, sets) for share, sets in zip(public_split, public_sets, strict=True)]
            return sum(parts, jnp.zeros_like(revenue))

        def from_income(income: jax.Array) -> jax.Array:
            homes = housing_share * income
            return rents_to(home_rent_kept * homes) + public_to(tax_land * homes)

        known = earnings + transfers + rents_to(work_rent_kept * rents) + public_to(revenue_known)
        spread = jax.vmap(from_income, in_axes=1, out_axes=1)(jnp.eye(earnings.shape[0]))
        income = jnp.linalg.solve(jnp.eye(earnings.shape[0]) - spread, known)
        kept = home_rent_kept * housing_share * income + work_rent_kept * rents
        received = rents_to(kept)
        revenue = revenue_known + tax_land * housing_share * income
        pools = () if self.local_landlords else ((kept, rent_pool),)
        own = income - received if self.local_landlords else income
        return {
            "income": income,
            "income_factor": own / earnings,
            "rents_received": received,
            "public_money": public_to(revenue),
            "transfers": transfers,
            "claims": (*pools, *zip(public_split[:, None] * revenue, public_sets, strict=True)),
            "revenue": revenue,
        }
