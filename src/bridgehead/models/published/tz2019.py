"""Tombe & Zhu (2019): "Trade, migration, and productivity: a quantitative analysis of China", American Economic Review 109(5).

Its structure on the Yangtze case's data: provinces × sectors × origins. Goods are traded between provinces and with the rest of the world
(Eaton–Kortum, trade elasticity θ) and made from labour, land and inputs, with productivity to the power 1 of gross output,
c_is = w_i^β q_i^γ Π_k P_ik^ω_ks / A_is; people registered in origin g choose a province n, and keep a share of real income away from
home, R_gn = M_g D_gn V_n^ν / Σ_m D_gm V_m^ν with D = kept^ν (ν 1.5 in the paper and in the case); nobody commutes; land is fixed.

Where this is not the paper: its data (AEA archive) are not ours, so no published number is claimed; people choose provinces and
move between sectors freely (the paper has migration costs between sectors too); rents go to people who do not move, as the paper
gives them to those registered in a place, but outside of the choice of a home; provinces are those of the case, with its input-output
table of China 2020 and trade elasticity. One share of income kept away from home is found from the observed share of migrants in
Shanghai, and one openness of the rest of the world from its observed exports, beside the case's own provincial borders.

Counterfactuals: `migration`, a tenth more of real income kept away from home; `internal_trade`, iceberg costs between provinces of
the country down by a tenth; `external_trade`, those to and from abroad.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
from scipy.optimize import root

from bridgehead.blocks.gross_output import GrossProductivity
from bridgehead.errors import DataError, Fault
from bridgehead.kernels import Dense, Sparse
from bridgehead.models.engine import Engine
from bridgehead.models.equilibrium import Equilibrium, certify, solve_from, stamped
from bridgehead.models.model import Model
from bridgehead.models.published._balancing import balance
from bridgehead.models.published._provinces import Provinces, home_weights, provinces_of, with_migrants
from bridgehead.models.published.replication import Replication, ReplicationResult, write_json, write_table
from bridgehead.models.regional import UNKNOWNS, regional_model
from bridgehead.models.results import table_of
from bridgehead.region import read_region
from bridgehead.solve import Layout, prepare

LOWER = 0.9
KEPT_MORE = 1.1


@dataclass(frozen=True, eq=False)
class ProvinceBaseline:
    """The data as a certified equilibrium of the provinces. kept_away: the share of real income kept away from home that was found."""

    provinces: Provinces
    given: dict[str, Any]
    equilibrium: Equilibrium
    engine: Engine
    kept_away: float | None


def province_model() -> Model:
    """The regional model with rents to local landlords and productivity of gross output; nobody commutes, for K is the identity."""
    return replace(regional_model(local_landlords=True).swap(Productivity=GrossProductivity()), name="tz2019")


def calibrate_provinces(provinces: Provinces, *, kept_away: float | None = None) -> ProvinceBaseline:
    """The fundamentals at which the provinces' data are an equilibrium with balanced trade (model.md §6, without commuting)."""
    prepare()
    p = provinces
    income = (p.output @ (p.labour_share + p.floor_share)) / (1.0 - p.housing_share)
    bill = p.output @ p.labour_share
    shares = spending_shares(p, income)
    spending = shares * income[:, None] + p.output @ p.input_share.T
    p = opened(p, spending)
    strength, prices = goods(p, spending)
    level = np.exp(p.residents @ np.log(prices) / p.residents.sum())
    prices, strength = prices / level, strength * level**p.trade_elasticity
    wage = bill / p.residents
    weights = shares / shares.sum(axis=1, keepdims=True)
    price = np.exp((weights * np.log(prices)).sum(axis=1))
    cost = wage[:, None] ** p.labour_share * np.exp(np.log(prices) @ p.input_share)
    present = p.output > 0
    competitive = np.where(present, strength, 1.0) ** (1.0 / p.trade_elasticity)
    amenity = home_weights(p, p.reach) ** (1.0 / p.dispersion) * price ** (1.0 - p.housing_share) / wage
    given = {
        **neutral(p),
        "consumption_share": shares,
        "productivity_fundamental": np.where(present, cost * competitive, 0.0),
        "amenity_fundamental": amenity / np.exp(np.log(amenity).mean()),
        "home_supply": p.housing_share * income,
        "work_supply": p.output @ p.floor_share,
        "inside_wage_bill": bill.sum(),
        "trade": Dense(jnp.asarray(p.freeness)),
    }
    given = {name: value if hasattr(value, "apply") else jnp.asarray(value, dtype=float) for name, value in given.items()}
    data = {"wage": wage, "price_index": prices, "output": p.output, "residents": p.residents}
    layout = Layout.of({name: data[name] for name in UNKNOWNS})
    engine = Engine(province_model(), layout)
    folded = engine.fold(engine.select(given))
    found = certify(engine, given, folded, np.asarray(layout.pack(data)), 0, labels_of(p))
    return ProvinceBaseline(p, given, stamped(found, "", "tz2019 baseline"), engine, kept_away)


def labels_of(provinces: Provinces) -> dict[str, tuple[str, ...]]:
    """How certificates name provinces, sectors and origins."""
    return {"places": provinces.names, "sectors": provinces.sectors, "origins": provinces.origins}


def spending_shares(provinces: Provinces, income: np.ndarray) -> np.ndarray:
    """α [province, sector], shares of income: own ones where given, else common ones that make all goods sell."""
    p, goods_share = provinces, 1.0 - provinces.housing_share
    own = np.isfinite(p.own_goods).all(axis=1)
    shares = np.where(own[:, None], goods_share * np.where(own[:, None], p.own_goods, 0.0), 0.0)
    left = p.output.sum(axis=0) - p.input_share @ p.output.sum(axis=0) - income @ shares
    return np.where(own[:, None], shares, left / income[~own].sum())


def goods(provinces: Provinces, spending: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(c^(−θ), price) [province, sector] at which every province sells its output; 0 strength where a sector is absent."""
    p = provinces
    strength = np.zeros_like(p.output)
    for sector in range(p.output.shape[1]):
        sells = np.flatnonzero(p.output[:, sector] > 0)
        strength[sells, sector] = balance(p.freeness[sector][:, sells], p.output[sells, sector], spending[:, sector])
    reached = np.einsum("sni,is->ns", p.freeness, strength)
    return strength, reached ** (-1.0 / p.trade_elasticity)


def opened(provinces: Provinces, spending: np.ndarray) -> Provinces:
    """The same provinces with a factor on freeness to and from each province abroad, at which its observed exports are met.

    Distance alone does not tell how much a country trades with the rest of the world. DataError where no factors meet them.
    """
    p = provinces
    targets = np.flatnonzero(p.abroad & np.isfinite(p.exports))
    if not targets.size:
        return p

    def scaled(log_factors: np.ndarray) -> Provinces:
        factor = np.zeros(len(p.names))
        factor[targets] = log_factors
        both = factor[:, None] + factor[None, :]
        np.fill_diagonal(both, 0.0)
        return replace(p, freeness=p.freeness * np.exp(both))

    def miss(log_factors: np.ndarray) -> np.ndarray:
        return np.log(exports_of(scaled(log_factors), spending)[targets] / p.exports[targets])

    found = root(miss, np.zeros(targets.size), tol=1e-13, options={"factor": 1.0})
    left = np.abs(miss(found.x)).max()
    if not left < 1e-9:
        names = ", ".join(p.names[place] for place in targets)
        fault = Fault(f"exports of {names} are missed by {left:.1e} in logs", "facts.csv", "exports that some openness gives")
        raise DataError("trade with places abroad cannot be met", [fault])
    return scaled(found.x)


def exports_of(provinces: Provinces, spending: np.ndarray) -> np.ndarray:
    """Goods each province sells to others [province] when all output is sold, money a year."""
    p = provinces
    strength, prices = goods(p, spending)
    demand = (spending * prices**p.trade_elasticity).T
    bought = np.einsum("sni,sn,si->ni", p.freeness, demand, strength.T)
    return bought.sum(axis=0) - np.diagonal(bought)


def neutral(provinces: Provinces) -> dict[str, Any]:
    """What the model reads of parameters, and what is switched off: commuting, spillovers, transfers, elastic land, borders of their own."""
    p = provinces
    count = len(p.names)
    zero, one, own = np.zeros(count), np.ones(count), Sparse.from_matrix(np.eye(count))
    return {
        "commuting": own,
        "amenity_spillover": own,
        "workplace_size": one,
        "workplace_dispersion": p.dispersion,
        "home_dispersion": p.dispersion,
        "housing_share": p.housing_share,
        "labour_share": p.labour_share,
        "floor_share": p.floor_share,
        "input_share": p.input_share,
        "trade_elasticity": p.trade_elasticity,
        "amenity_density": 0.0,
        "land_km2": one,
        "inside": one,
        "transfer_rate": zero,
        "home_supply_elasticity": zero,
        "work_supply_elasticity": zero,
        "origin_people": p.origin_people,
        "migration_kept": p.reach ** (1.0 / p.dispersion),
    }


def counterfactuals(baseline: ProvinceBaseline) -> dict[str, dict[str, Any]]:
    """The fundamentals of the three experiments, by name."""
    p, given = baseline.provinces, baseline.given
    kept, other = given["migration_kept"], ~np.eye(len(p.names), dtype=bool)
    border = p.abroad[:, None] != p.abroad[None, :]
    found = {"migration": {**given, "migration_kept": jnp.where(p.away, jnp.minimum(kept * KEPT_MORE, 1.0), kept)}}
    for name, pairs in (("internal_trade", other & ~border & ~p.abroad[:, None]), ("external_trade", border)):
        factor = np.where(pairs, LOWER ** -p.trade_elasticity[:, None, None], 1.0)
        found[name] = {**given, "trade": Dense(given["trade"].matrix * factor)}
    return found


def solve_provinces(baseline: ProvinceBaseline, given: Mapping[str, Any], name: str) -> Equilibrium:
    """The equilibrium of other fundamentals, from the data; the certificate tells whether it is one."""
    start = baseline.equilibrium
    return stamped(solve_from(baseline.engine, given, start.x, start.state, start.labels), "", name)


def baseline_of(folder: Path | None) -> ProvinceBaseline:
    """The calibrated provinces of a region folder, or of the Yangtze case.

    Where fit.toml fits movers to an observed share of migrants, one kept income away from home is found from it.
    """
    region = read_region(folder or Path(str(resources.files("bridgehead"))) / "cases" / "yangtze" / "region")
    provinces, kept = provinces_of(region), None
    if region.fit is not None and "movers" in region.fit:
        row = region.moments.filter(region.moments["name"] == region.fit["movers"]["moment"])
        reach, kept = with_migrants(provinces, row["from"][0].split("+")[0], float(row["value"][0]))
        provinces = replace(provinces, reach=reach)
    return calibrate_provinces(provinces, kept_away=kept)


def replicate(data: Path | None, out: Path | None) -> ReplicationResult:
    """Solve the three experiments on the provinces of a region folder (the Yangtze case where none is given).

    out: gets {migration|internal_trade|external_trade}/ with provinces.csv, origins.csv (hats: new over old) and summary.json.
    """
    baseline = baseline_of(data)
    runs = {name: solve_provinces(baseline, given, name) for name, given in counterfactuals(baseline).items()}
    certificates = {"baseline": baseline.equilibrium.certificate, **{name: run.certificate for name, run in runs.items()}}
    rows = [(name, outcome, value, None) for name, run in runs.items() for outcome, value in outcomes(baseline, run).items()]
    columns = {column: [row[place] for row in rows] for place, column in enumerate(("run", "outcome", "ours", "published"))}
    files = [] if out is None else [file for name, run in runs.items() for file in _write(Path(out) / name, baseline, run)]
    notes = ("The paper's structure on the case's data: no published number is claimed.",)
    return ReplicationResult(table_of(columns), certificates, tuple(files), notes)


def hats(baseline: ProvinceBaseline, run: Equilibrium) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """(by province: new over old of what a table shows, welfare of each origin); SolveError when the run is not solved."""
    old, new = baseline.equilibrium.require().state, run.require().state
    names = {"wage_hat": "wage", "residents_hat": "residents", "price_hat": "consumer_price", "rent_hat": "rent_home"}
    found = {column: new[name] / old[name] for column, name in names.items()}
    share = baseline.provinces.labour_share + baseline.provinces.floor_share
    found["real_value_added_hat"] = (new["output"] @ share) / (old["output"] @ share) / found["price_hat"]
    return found, new["welfare"] / old["welfare"]


def outcomes(baseline: ProvinceBaseline, run: Equilibrium) -> dict[str, float | None]:
    """Change of the country's real value added and of its people's mean welfare, and the share of migrants before and after."""
    names = ("real_value_added_change", "welfare_change", "migrants_share_before", "migrants_share_after")
    if not (run.solved and baseline.equilibrium.solved):
        return dict.fromkeys(names)
    p, old = baseline.provinces, baseline.equilibrium.state
    by_province, welfare = hats(baseline, run)
    here = ~p.abroad
    made = (old["output"] @ (p.labour_share + p.floor_share))[here]
    people = np.where((p.reach[:, here] > 0).any(axis=1), p.origin_people, 0.0)
    moved = [float((state["people"] * p.away).sum() / people.sum()) for state in (old, run.state)]
    change = float(made @ by_province["real_value_added_hat"][here] / made.sum() - 1.0)
    return dict(zip(names, (change, float(people @ welfare / people.sum() - 1.0), *moved), strict=True))


def _write(folder: Path, baseline: ProvinceBaseline, run: Equilibrium) -> list[Path]:
    content = {**outcomes(baseline, run), "kept_away": baseline.kept_away, "certificate": run.certificate.as_dict()}
    files = [write_json(content, folder / "summary.json")]
    if run.solved:
        by_province, welfare = hats(baseline, run)
        files.append(write_table({"province": list(baseline.provinces.names), **by_province}, folder / "provinces.csv"))
        files.append(write_table({"origin": list(baseline.provinces.origins), "welfare_hat": welfare}, folder / "origins.csv"))
    return files


REPLICATION = Replication("tz2019", "Tombe & Zhu 2019: trade, migration, and productivity in China", "", replicate)
