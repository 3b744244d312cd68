"""Observed flows and the branches of the inversion: other data of the same economy must give the same economy (model.md §6, §7)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bridgehead.calibrate import calibrate, solve
from bridgehead.cases import case_folder
from bridgehead.errors import DataError, ModelError
from bridgehead.models.results import solution_tables
from bridgehead.policy import enact, read_scenario
from bridgehead.region import read_region

TOY = case_folder("toy")
SAME = 1e-9  # log differences of two solves that stop at an estimated distance near 1e-11
SCENARIOS = ("2_trade_open", "3_land_release", "5_all_four")


@pytest.fixture(scope="module")
def tables(toy) -> dict[str, pl.DataFrame]:
    """The toy's own baseline, from which other data of the same economy are made."""
    region = toy.region
    return solution_tables(toy.equilibrium, toy.equilibrium, region.place_ids, region.sector_names, region.origin_names)


def flows(tables: dict[str, pl.DataFrame], folder: Path, *names: str) -> None:
    """Write the toy's own flows as observed ones; zeros are left out."""
    made = {"commuting": tables["commuters"], "trade": tables["trade"], "migration": tables["people"].rename({"place": "destination"})}
    for name in names:
        table = made[name]
        table.filter(pl.col(table.columns[-1]) > 0).write_csv(folder / f"{name}.csv")


def facts(tables: dict[str, pl.DataFrame], folder: Path, **columns: str) -> None:
    """Add facts of the inside places that the toy's solution knows."""
    rows = [
        f"{row['place']},{name},,2023,{row[name]!r},{unit},made,,observed\n"
        for name, unit in columns.items()
        for row in tables["places"].to_dicts()
        if not row["place"].startswith("O")
    ]
    with (folder / "facts.csv").open("a", encoding="utf-8") as file:
        file.writelines(rows)


def setting(folder: Path, **values: str) -> None:
    """Change keys of region.toml."""
    path = folder / "region.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = [next((f'{key} = "{value}"' for key, value in values.items() if line.startswith(f"{key} =")), line) for line in lines]
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")


def same_scenarios(toy, other) -> None:
    """Two baselines of one economy answer every scenario alike; access, value and the like have a scale of their own."""
    for name in SCENARIOS:
        path = TOY / "scenarios" / f"{name}.toml"
        one, two = (solve(each, enact(read_scenario(path, each.region), each).given).require() for each in (toy, other))
        for variable in ("wage", "jobs", "residents", "income", "rent_home", "rent_work", "people", "output", "earnings"):
            np.testing.assert_allclose(two.state[variable], one.state[variable], rtol=SAME, err_msg=f"{name}: {variable}")
        hat = [state["welfare"] / base.equilibrium.state["welfare"] for state, base in ((one.state, toy), (two.state, other))]
        np.testing.assert_allclose(hat[1], hat[0], rtol=SAME)


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(TOY / "region", tmp_path / "toy"))


@pytest.mark.parametrize("names", [("commuting",), ("trade",), ("migration",), ("commuting", "trade", "migration")], ids="+".join)
def test_the_model_s_own_flows_as_data_give_the_same_economy(toy, tables, folder, names):
    """Hat algebra: with observed shares as kernels nothing is left of travel times, trade costs or kept income."""
    flows(tables, folder, *names)
    if "migration" in names:
        (folder / "migration_costs.csv").unlink()
    if "trade" in names:
        (folder / "trade_costs.csv").unlink()
    other = calibrate(read_region(folder))
    assert other.certificate.solved
    same_scenarios(toy, other)
    assert len(other.notes) == len(names)
    assert all("0.00% of the flows had to move" in note for note in other.notes)


def test_residents_jobs_and_wages_give_the_same_economy(toy, tables, folder):
    """Branch (a)."""
    facts(tables, folder, jobs="person", wage="million_yuan/(person year)")
    setting(folder, inversion="residents_jobs_and_wages")
    other = calibrate(read_region(folder))
    assert other.notes == ()  # wages times jobs are the wage bill of value added
    same_scenarios(toy, other)
    inside = toy.arrays.inside
    ratio = (other.given["workplace_size"] / toy.given["workplace_size"])[inside]
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-10)
    np.testing.assert_allclose(np.asarray(other.given["workplace_size"])[inside].mean(), 1.0, rtol=1e-12)


def test_residents_and_jobs_give_back_the_wages_of_an_economy_whose_workplaces_are_alike(toy, folder):
    """Branch (b): jobs made by known wages with e = 1; the wages come back, up to the scale that value added gives."""
    inside, epsilon = toy.arrays.inside, toy.parameters["workplace_dispersion"]
    wage = np.exp(0.2 * np.random.default_rng(3).standard_normal(inside.sum()))
    kernel = np.asarray(toy.given["commuting"].dense())[np.ix_(inside, inside)]
    weight = kernel * wage**epsilon
    jobs = toy.arrays.residents[inside] @ (weight / weight.sum(axis=1, keepdims=True))
    names = np.array(toy.region.place_ids)[inside]
    facts({"places": pl.DataFrame({"place": names, "jobs": jobs})}, folder, jobs="person")
    setting(folder, inversion="residents_and_jobs")
    other = calibrate(read_region(folder))
    found = np.asarray(other.equilibrium.state["wage"])[inside] / wage
    np.testing.assert_allclose(found, found[0], rtol=1e-10)
    bill = (other.arrays.value_added / (other.arrays.beta + other.arrays.gamma) @ other.arrays.beta)[inside]
    np.testing.assert_allclose((other.equilibrium.state["wage"] * other.equilibrium.state["jobs"])[inside].sum(), bill.sum(), rtol=1e-12)
    np.testing.assert_allclose(np.asarray(other.given["workplace_size"])[inside], 1.0)
    assert any("wages times jobs are" in note for note in other.notes)
    np.testing.assert_allclose(other.equilibrium.state["jobs"][inside], jobs, rtol=1e-10)


def test_flows_that_do_not_agree_with_the_accounts_are_balanced_and_told(toy, tables, folder):
    """Residents, jobs, wages and output are met whatever the flows; how far these had to move is said."""
    noise = np.random.default_rng(1)
    spoiled = {
        name: table.with_columns(pl.Series(table.columns[-1], table[table.columns[-1]] * np.exp(0.3 * noise.standard_normal(table.height))))
        for name, table in tables.items()
        if name in ("commuters", "trade", "people")
    }
    flows(spoiled, folder, "commuting", "trade", "migration")
    facts(tables, folder, jobs="person", wage="million_yuan/(person year)")
    setting(folder, inversion="residents_jobs_and_wages")
    other = calibrate(read_region(folder))
    state, inside = other.equilibrium.state, toy.arrays.inside
    for name in ("residents", "jobs", "wage", "output"):
        data = toy.equilibrium.state[name]
        np.testing.assert_allclose(np.asarray(state[name])[inside], data[inside], rtol=1e-9, err_msg=name)
    moved = [float(note.split(":")[1].split("%")[0]) for note in other.notes]
    assert len(moved) == 3
    assert all(0.2 < share < 40 for share in moved), other.notes


def test_zeros_stay_zero_and_are_counted(toy, tables, folder):
    commuters = tables["commuters"]
    few = commuters.with_columns(pl.when(pl.col("people") < 500).then(0.0).otherwise(pl.col("people")).alias("people"))
    flows(tables | {"commuters": few}, folder, "commuting")
    other = calibrate(read_region(folder))
    zeros = few.filter(pl.col("people") == 0).height
    assert zeros > 10
    assert f"{zeros} of 144 entries are 0" in other.notes[0]
    path = TOY / "scenarios" / "1_commuting_doubled.toml"
    found = solve(other, enact(read_scenario(path, other.region), other).given).require()
    shares = solution_tables(found, other.equilibrium, other.region.place_ids, other.region.sector_names, other.region.origin_names)
    assert (shares["commuters"]["people"] == 0).sum() == zeros


def drop(name: str, **where: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        table = pl.read_csv(folder / f"{name}.csv", schema_overrides=dict.fromkeys(where, pl.String))
        table.filter(~pl.all_horizontal(pl.col(key) == value for key, value in where.items())).write_csv(folder / f"{name}.csv")

    return change


FAULTS = {
    "nobody commutes from a home": (("commuting",), drop("commuting", home="A12"), "nobody who lives in A12 commutes anywhere"),
    "nobody works in a place": (("commuting",), drop("commuting", work="ZB"), "nobody works in ZB"),
    "a sector is made and not sold": (("trade",), drop("trade", seller="B11", sector="secondary"), "B11 makes secondary and sells none"),
    "an origin lives nowhere": (("migration",), drop("migration", origin="B"), "people of origin B live nowhere"),
}


@pytest.mark.parametrize(("names", "spoil", "said"), FAULTS.values(), ids=FAULTS)
def test_flows_at_fault(tables, folder, names, spoil, said):
    flows(tables, folder, *names)
    spoil(folder)
    with pytest.raises(DataError, match=said):
        read_region(folder)


def test_a_flow_across_a_closed_border_is_a_contradiction(tables, folder):
    flows(tables, folder, "commuting")
    borders = pl.read_csv(folder / "borders.csv")
    closed = (pl.col("level") == "regime") & (pl.col("flow") == "commuting") & (pl.col("receiver") == "A") & (pl.col("supplier") == "B")
    borders.with_columns(pl.when(closed).then(0.0).otherwise(pl.col("passage")).alias("passage")).write_csv(folder / "borders.csv")
    with pytest.raises(DataError, match="flows cross a border whose passage is 0, first A11–"):
        calibrate(read_region(folder))


def test_jobs_that_are_more_than_the_people_who_work(tables, folder):
    more = tables["places"].with_columns(pl.col("jobs") * 1.01)
    facts({"places": more}, folder, jobs="person", wage="million_yuan/(person year)")
    setting(folder, inversion="residents_jobs_and_wages")
    with pytest.raises(DataError, match=r"jobs, and .* people work there"):
        calibrate(read_region(folder))


def test_commuters_without_wages_or_times_are_refused(tables, folder):
    flows(tables, folder, "commuting")
    facts(tables, folder, jobs="person")
    setting(folder, inversion="residents_and_jobs")
    (folder / "travel.csv").unlink()
    with pytest.raises(ModelError) as error:
        calibrate(read_region(folder))
    assert "do not say what wages are" in str(error.value)
    assert "spillovers fall with travel time" in str(error.value)


def test_without_travel_times_minutes_are_undefined_and_not_a_number(tables, folder):
    from bridgehead.appraise.engine import Runner
    from bridgehead.appraise.measures import MEASURES
    from bridgehead.appraise.sets import Places

    flows(tables, folder, "commuting")
    (folder / "travel.csv").unlink()
    sectors = pl.read_csv(folder / "sectors.csv")
    sectors.with_columns(density_elasticity=pl.lit(0.0)).write_csv(folder / "sectors.csv")
    path = folder / "parameters.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("value = 0.10\nlow = 0.05\nhigh = 0.2", "value = 0.0\nlow = 0.0\nhigh = 0.2", 1)
    )
    baseline = calibrate(read_region(folder))
    assert baseline.certificate.solved
    value = MEASURES["mean_minutes"](Runner.of(baseline).baseline_context(), {"of": Places("inside", baseline.arrays.inside)})
    assert value.number is None
    assert "no travel times" in value.reason
