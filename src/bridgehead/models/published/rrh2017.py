"""Redding & Rossi-Hansberg (2017, Annual Review of Economics 9), section 3.9: two countries on a grid (Helpman 1998).

900 places on a 30 × 30 grid, West the left half and East the right; people move freely inside their country and not across the
border. One good with love of variety (σ); land in fixed supply takes 1 − α of spending, its rents go to local residents:
    π_ni = L_i (d_ni w_i / a_i)^(1−σ) / Σ_k L_k (d_nk w_k / a_k)^(1−σ),   w_i L_i = Σ_n π_ni w_n L_n
    L_n / L_country = (a_n^α H_n^(1−α) π_nn^(−α/(σ−1)))^((σ−1)/(σ(1−α)−1)) / Σ over the country
d_ni = (steps between grid points)^φ × 2 between any two places × 2 more between countries, d_nn = 1. Steps are along the 8 neighbours,
a diagonal one √2 long (quasi-Euclidean).
In this package's terms (model.md §9): one sector, nobody commutes, two origins that stay at home, λ = 1/(σ−1) on own jobs, home
supply that does not respond, and λ_b = 1/ν on own residents, which cancels the dispersion of tastes: ν is only the step of a pass.

Parameters: σ 5, α 0.75, φ 0.33, H 100, 153,889 people split evenly, log productivity standard normal, geometric mean 1 a country.
Published Table 1: removing the border raises welfare by 0.2 % (West) and 0.3 % (East), removing the frictions between all grid points by
1.4 % and 2.3 %.

Errata:
- with the released draw the left half of the grid, which the code calls West, gains what the table gives East (2.3 % and 0.26 %), and the
  right half the rest (1.3 %, not 1.4 %, and 0.19 %): the code prints gains with a function that sorts them, which would explain it
- the text says φ = 0.375; the released code has 0.33, and only 0.33 gives the published table
- the released loop is damped and needs about 28,000 steps, because the power of people above is 16: σ (1 − α) = 1.25 is close to the
  edge of uniqueness at 1. The spectral radius (Allen, Arkolakis & Li 2024) of the model is in every certificate

The productivity draw `a.csv` (900 numbers, logs, column after column of the grid) is not ours to ship. It is in the paper's
replication files and in github.com/SebKrantz/Quantitative-Spatial-Economics (QSE-ARE-2017); without it a seeded draw stands in,
and the published figures, which hang on the draw, are not set beside ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bridgehead.blocks.homes_only import NominalHomes
from bridgehead.blocks.mean_wage import MeanWage
from bridgehead.errors import DataError, Fault
from bridgehead.models.engine import Engine
from bridgehead.models.equilibrium import Equilibrium, to_numpy
from bridgehead.models.published._constant_elasticity import Elasticities, helpman
from bridgehead.models.published._one_sector import (
    bordered,
    closed,
    engine_of,
    fundamentals,
    labels_of,
    one_sector_model,
    solved,
    with_radius,
)
from bridgehead.models.published.replication import Replication, ReplicationResult, folder_of_data, write_json, write_table
from bridgehead.models.regional import with_block_balance
from bridgehead.models.results import table_of

COUNTRIES = ("West", "East")
DRAW = "a.csv"
LARGEST_LOG = 50.0
SEED = 2017
CASES = ("initial", "no_border", "no_internal")
PUBLISHED = {"no_border": {"West": 0.2, "East": 0.3}, "no_internal": {"West": 1.4, "East": 2.3}}
"""Table 1: welfare gains in per cent."""

EXCHANGED = (
    "Published figures stand by country as the paper prints them. With its released draw they belong to the other country each: "
    "the released code prints the gains sorted"
)

DATA = (
    "The paper's productivity draw a.csv is in its replication files and in QSE-ARE-2017 of "
    "github.com/SebKrantz/Quantitative-Spatial-Economics: name its folder with --data; without --data a seeded draw is used"
)


@dataclass(frozen=True)
class Parameters:
    """substitution σ, goods_share α, distance_elasticity φ, internal and border: factors on trade cost, land H, people of both
    countries; `step` ν moves no solution."""

    substitution: float = 5.0
    goods_share: float = 0.75
    distance_elasticity: float = 0.33
    internal: float = 2.0
    border: float = 2.0
    land: float = 100.0
    people: float = 153_889.0
    step: float = 2.0

    @property
    def elasticities(self) -> Elasticities:
        """Those of the workhorse form."""
        return helpman(self.substitution, self.goods_share)


@dataclass(frozen=True, eq=False)
class Grid:
    """A square grid of `points` a side: log productivity [place], places column after column as the released code counts them."""

    points: int
    log_productivity: np.ndarray

    @property
    def east(self) -> np.ndarray:
        """0 in the left half of the columns, 1 in the right [place]."""
        column = np.arange(self.points**2) // self.points
        return (column >= self.points // 2).astype(int)

    @property
    def steps(self) -> np.ndarray:
        """Length of the shortest way over 8 neighbours [place, place]; 1 from a place to itself."""
        place = np.arange(self.points**2)
        column, row = place // self.points, place % self.points
        across = np.abs(column[:, None] - column[None, :])
        along = np.abs(row[:, None] - row[None, :])
        diagonal = np.minimum(across, along)
        length = (np.sqrt(2.0) - 1.0) * diagonal + np.maximum(across, along)
        return np.where(length == 0, 1.0, length)

    @property
    def productivity(self) -> np.ndarray:
        """a_n, geometric mean 1 in each country."""
        logs = self.log_productivity.astype(float).copy()
        for country in (0, 1):
            logs[self.east == country] -= logs[self.east == country].mean()
        return np.exp(logs)


def seeded_grid(points: int = 30, seed: int = SEED) -> Grid:
    """A grid with a standard normal draw of log productivity from a seed."""
    return Grid(points, np.random.default_rng(seed).standard_normal(points * points))


def read_grid(path: Path) -> Grid:
    """The grid of a file with one log productivity a line, without a header; DataError names every line that is no number."""
    faults, values = [], []
    for number, text in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").split(), 1):
        try:
            values.append(float(text))
        except ValueError:
            values.append(np.nan)
        if not abs(values[-1]) <= LARGEST_LOG:
            faults.append(Fault(f"'{text}' is no log productivity", f"{path}:{number}", f"a number a line, within ±{LARGEST_LOG:g}"))
    points = round(len(values) ** 0.5)
    if points**2 != len(values) or points % 2 or not values:
        faults.append(Fault(f"{len(values)} numbers", str(path), "as many as a square grid with an even side, 900 in the paper"))
    if faults:
        raise DataError("the productivity draw cannot be used", faults[:20])
    return Grid(points, np.array(values))


def given_of(grid: Grid, parameters: Parameters) -> dict[str, Any]:
    """The fundamentals of a grid, its border open; `internal` is in the trade kernel."""
    theta, count = parameters.substitution - 1.0, grid.points**2
    own = np.eye(count) > 0
    cost = grid.steps**parameters.distance_elasticity * np.where(own, 1.0, parameters.internal)
    east = grid.east
    kernel = bordered(np.where(own, 1.0, cost) ** (-theta), east)
    return fundamentals(
        count,
        trade=closed(kernel, parameters.border ** (-theta)),
        home_dispersion=parameters.step,
        amenity_density=1.0 / parameters.step,
        productivity_fundamental=grid.productivity[:, None],
        density_elasticity=np.array([1.0 / theta]),
        housing_share=1.0 - parameters.goods_share,
        consumption_share=np.full((count, 1), parameters.goods_share),
        trade_elasticity=np.array([theta]),
        blocks=np.stack([east == 0, east == 1]).astype(float),
        home_supply=np.full(count, parameters.land),
        home_supply_elasticity=np.zeros(count),
        origin_people=np.full(2, 0.5 * parameters.people),
        migration_kept=np.stack([east == 0, east == 1]).astype(float),
    )


def engine_for(grid: Grid, parameters: Parameters = Parameters()) -> Engine:
    """The compiled model for as many places, with the money between the two countries balanced in every pass.

    The countries' relative wage is pinned by that balance alone, and is the slowest thing to settle without it.
    """
    places = np.ones(grid.points**2)
    closing = MeanWage(wage_pull=parameters.goods_share * parameters.step)
    model = one_sector_model("rrh2017", closing=closing, FloorSpace=NominalHomes())
    return engine_of(with_block_balance(model), places, places)[0]


def solve_grid(
    grid: Grid, parameters: Parameters = Parameters(), *, engine: Engine | None = None, start: np.ndarray | None = None, name: str = ""
) -> Equilibrium:
    """The certified equilibrium of a grid, its certificate with the spectral radius. start: logs of the unknowns, else even.

    An engine must be of the same goods share and step as the parameters.
    """
    engine, count = engine or engine_for(grid, parameters), grid.points**2
    even = {"wage": np.ones(count), "residents": np.full(count, parameters.people / count)}
    x = np.asarray(engine.layout.pack(even)) if start is None else start
    labels = labels_of(tuple(f"column {n // grid.points + 1} row {n % grid.points + 1}" for n in range(count)), COUNTRIES)
    given = given_of(grid, parameters)
    reference = to_numpy(engine.run_state(x, engine.fold(engine.select(given))))
    found = solved(engine, given, x, reference, labels, name or f"rrh2017 {parameters}")
    # The countries are balanced by choice, not because a border has nearly cut them off: that is no warning.
    warnings = tuple(each for each in found.certificate.warnings if not each.startswith("nearly separate block"))
    quiet = replace(found, certificate=replace(found.certificate, warnings=warnings))
    return with_radius(quiet, parameters.elasticities.radius())


def cases(parameters: Parameters = Parameters()) -> dict[str, Parameters]:
    """The initial equilibrium, no border between the countries, and no frictions between grid points."""
    return {"initial": parameters, "no_border": replace(parameters, border=1.0), "no_internal": replace(parameters, internal=1.0)}


def replicate(data_dir: Path | None, out_dir: Path | None) -> ReplicationResult:
    """Table 1: welfare gains by country. With the paper's draw beside the published figures, else with a seeded draw."""
    if data_dir is None:
        note = f"The productivities are a seeded draw ({SEED}), not the paper's: its figures hang on its own draw. {DATA}"
        return replicate_grid(seeded_grid(), out_dir, {}, (note,))
    path = data_dir if data_dir.is_file() else folder_of_data("rrh2017", data_dir, DATA, (DRAW,)) / DRAW
    return replicate_grid(read_grid(path), out_dir, PUBLISHED, (EXCHANGED,))


def replicate_grid(grid: Grid, out_dir: Path | None, published: Mapping[str, Any], notes: tuple[str, ...]) -> ReplicationResult:
    """The three cases on any grid; `published` gains in per cent by case and country."""
    engine, found = engine_for(grid), {}
    for name, parameters in cases().items():
        start = found["initial"].x if "initial" in found and found["initial"].solved else None
        found[name] = solve_grid(grid, parameters, engine=engine, start=start, name=name)
    rows = [row for name in CASES[1:] for row in _rows(found["initial"], found[name], name, published.get(name, {}))]
    files = []
    if out_dir is not None:
        files = [file for name, each in found.items() for file in _write(grid, found["initial"], each, out_dir / name)]
        files.append(write_table({key: [row[key] for row in rows] for key in rows[0]}, out_dir / "table.csv"))
    table = table_of({key: [row[key] for row in rows] for key in rows[0]})
    certificates = {name: each.certificate for name, each in found.items()}
    return ReplicationResult(table, certificates, tuple(files), notes)


def gains(initial: Equilibrium, found: Equilibrium) -> np.ndarray:
    """Welfare of both countries over the initial one, less 1 [country]."""
    return found.require().state["welfare"] / initial.require().state["welfare"] - 1.0


def _rows(initial: Equilibrium, found: Equilibrium, name: str, published: Mapping[str, float]) -> list[dict[str, Any]]:
    ours = 100 * gains(initial, found) if initial.solved and found.solved else (None, None)
    return [
        {
            "case": name,
            "country": country,
            "welfare_percent": None if gain is None else float(gain),
            "published_percent": published.get(country),
            "outcome": found.certificate.outcome,
            "distance": found.certificate.estimated_distance,
            "evaluations": found.certificate.steps,
        }
        for country, gain in zip(COUNTRIES, ours, strict=True)
    ]


def _write(grid: Grid, initial: Equilibrium, found: Equilibrium, folder: Path) -> list[Path]:
    """places.csv (land_price is rent) and summary.json of a case; no numbers of what is not certified."""
    place, state, files = np.arange(grid.points**2), found.state, []
    if found.solved:
        columns = {
            "column": place // grid.points + 1,
            "row": place % grid.points + 1,
            "country": [COUNTRIES[side] for side in grid.east],
            "people": state["residents"],
            "wage": state["wage"],
            "land_price": state["rent_home"],
            "price": state["consumer_price"],
        }
        files.append(write_table(columns, folder / "places.csv"))
    change = gains(initial, found) if initial.solved and found.solved else (None, None)
    summary = {
        "welfare_change": dict(zip(COUNTRIES, change, strict=True)),
        "numeraire": "the plain mean of wages is 1",
        "certificate": found.certificate.as_dict(),
    }
    return [*files, write_json(summary, folder / "summary.json")]


REPLICATION = Replication("rrh2017", "Redding & Rossi-Hansberg 2017: a border on a 30 × 30 grid", DATA, replicate)
