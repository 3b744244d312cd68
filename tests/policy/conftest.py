"""Regions and baselines for tests of levers: the toy, and a richer one with research, land facts, gateways and links."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from types import SimpleNamespace

import jax.numpy as jnp
import numpy as np
import pytest

import bridgehead
from bridgehead.calibrate import kernels
from bridgehead.region import read_region

TOY = Path(bridgehead.__file__).parent / "cases" / "toy"


@pytest.fixture(scope="session")
def toy_folder():
    return TOY


@pytest.fixture(scope="session")
def toy():
    return read_region(TOY / "region")


def _append(path: Path, rows: list[str]) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.rstrip("\n") + "\n" + "\n".join(rows) + "\n", encoding="utf-8")


def _add_research_and_land(folder: Path, region) -> None:
    rows = []
    for number, place in enumerate(region.place_ids):
        if place != "O2":
            rows.append(f"{place},research_spending,,2023,{1000 + 100 * number},million_yuan/year,made up,,inferred")
        if region.inside[number]:
            rows.append(f"{place},construction_land,,2023,{20 + number},km2,made up,,inferred")
    _append(folder / "facts.csv", rows)
    pairs = [("regime", region.jurisdictions("regime"), 0.5), ("prefecture", region.jurisdictions("prefecture"), 1.0)]
    borders = [
        f"{level},ideas,{a},{b},{0.5 if 'O2' in (a, b) else f}" for level, names, f in pairs for a, b in itertools.permutations(names, 2)
    ]
    _append(folder / "borders.csv", borders)
    names = {"research_elasticity": 0.08, "knowledge_decay": 60.0, "foreign_ideas": 0.3}
    _append(folder / "parameters.toml", [f'[{name}]\nvalue = {value}\nsource = "made up"' for name, value in names.items()])


def _add_gateways_and_links(folder: Path, region) -> None:
    shares = ["place,gateway,share"]
    for place in region.place_ids:
        if place != "O2":
            shares += [f"{place},port,0.75", f"{place},rail,0.25"]
    (folder / "gateways.csv").write_text("\n".join(shares) + "\n", encoding="utf-8")
    inside = [place for place, here in zip(region.place_ids, region.inside, strict=True) if here]
    links = ["from,to,mode,minutes,opened"] + [f"{a},{b},road,20," for a, b in itertools.pairwise(inside)]
    (folder / "links.csv").write_text("\n".join(links) + "\n", encoding="utf-8")
    (folder / "travel.csv").unlink()
    _append(folder / "region.toml", ["[modes]", "road = 0.0", "rail = 5.0"])


@pytest.fixture(scope="session")
def rich_folder(toy, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rich") / "region"
    shutil.copytree(TOY / "region", folder)
    _add_research_and_land(folder, toy)
    _add_gateways_and_links(folder, toy)
    return folder


@pytest.fixture(scope="session")
def rich(rich_folder):
    return read_region(rich_folder)


def stand_in(region) -> SimpleNamespace:
    """A baseline whose kernels and passages are the region's and whose other fundamentals are made up: nothing is solved."""
    arrays = region.arrays()
    n, s = len(region.place_ids), len(region.sector_names)
    parameters = {name: entry.value for name, entry in region.parameters.items()}
    nu = parameters["home_dispersion"]
    numbers = np.random.default_rng(1)
    given = {
        **kernels.people_kernels(arrays, parameters),
        "trade": kernels.bordered(np.exp(-numbers.random((s, n, n))), "trade", arrays),
        "migration_kept": jnp.asarray(kernels.migration_kept(arrays, nu)),
        "home_dispersion": jnp.asarray(nu),
        "trade_elasticity": jnp.asarray(arrays.theta),
        "labour_share": jnp.asarray(arrays.beta),
        "floor_share": jnp.asarray(arrays.gamma),
        "transfer_rate": jnp.asarray(numbers.normal(size=n)),
        "rent_pool": jnp.asarray(np.eye(max(arrays.rent_pool) + 1)[arrays.rent_pool].T),
        "productivity_fundamental": jnp.asarray(1 + numbers.random((n, s))),
        **{name: jnp.asarray(1 + numbers.random(n)) for name in ("home_supply", "work_supply", "amenity_fundamental")},
    }
    if arrays.research_spending is not None:
        given["research"] = jnp.asarray(arrays.research_spending)
        given["knowledge"] = kernels.knowledge_kernel(arrays, parameters)
    output = np.asarray(arrays.value_added) / (arrays.beta + arrays.gamma)
    equilibrium = SimpleNamespace(state={"output": output, "consumer_price": np.ones(n)}, given=given)
    return SimpleNamespace(region=region, arrays=arrays, given=given, equilibrium=equilibrium, parameters=parameters)


@pytest.fixture
def baseline(toy):
    return stand_in(toy)


@pytest.fixture
def rich_baseline(rich):
    return stand_in(rich)


@pytest.fixture(scope="session")
def yangtze_baseline():
    return stand_in(read_region(TOY.parent / "yangtze" / "region"))


@pytest.fixture
def index():
    """Position of a jurisdiction at a level."""
    return lambda region, level, name: region.jurisdictions(level).index(name)
