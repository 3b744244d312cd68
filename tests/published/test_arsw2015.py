"""The city model: calibration, the eight equilibria, their accounts, and the traps of the published loop."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from bridgehead.errors import BridgeheadError, DataError
from bridgehead.kernels import Kernel, as_array
from bridgehead.models.derivatives import gradient
from bridgehead.models.published import arsw2015
from bridgehead.models.published.arsw2015 import VARIANTS, calibrate_city, city_model, counterfactuals, fundamentals
from bridgehead.models.published.city_accounts import EXOGENOUS, POOLED, city_identities
from bridgehead.models.published.city_data import read_city, write_city
from bridgehead.models.published.city_solve import city_engine, people_in, solve_city
from bridgehead.models.published.city_synthetic import synthetic_city
from bridgehead.solve.certificate import SINGLE_DISTANCE, SOLVED_DISTANCE

BY_NAME = {variant.name: variant for variant in VARIANTS}


def baselines_of(city):
    return {spillovers: calibrate_city(city, POOLED if spillovers else EXOGENOUS) for spillovers in (True, False)}


@pytest.fixture(scope="module")
def dense():
    return baselines_of(synthetic_city(60, seed=4))


@pytest.fixture(scope="module")
def coarse():
    return baselines_of(synthetic_city(9, seed=2, kind="coarse"))


@pytest.fixture(scope="module")
def found(dense):
    return arsw2015.solve_all(dense)


@pytest.fixture(scope="module")
def closed_engine(dense):
    return city_engine(city_model(BY_NAME["endog"]), dense[True])


def test_a_made_up_city_is_the_same_every_time():
    one, two = synthetic_city(30, seed=5), synthetic_city(30, seed=5)
    for name in ("floor_price", "jobs", "residents", "land", "minutes", "minutes_public"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert not np.allclose(one.jobs, synthetic_city(30, seed=6).jobs)


def test_the_synthetic_city_has_blocks_of_every_kind(dense):
    values = dense[True].values
    share = values["work_share"]
    assert (share == 1).any()
    assert (share == 0).any()
    assert ((share > 0) & (share < 1)).any()


@pytest.mark.parametrize("spillovers", [True, False])
def test_calibration_reproduces_the_data_in_plain_balancing_steps(dense, spillovers):
    baseline = dense[spillovers]
    city, values, parameters = baseline.city, baseline.values, baseline.parameters
    assert baseline.certificate.solved
    assert baseline.certificate.steps <= 25
    kernel = np.exp(-parameters.commuting_decay * city.minutes)
    draw = values["wage"] ** parameters.dispersion
    shares = kernel * draw / (kernel @ draw)[:, None]
    np.testing.assert_allclose(city.residents @ shares, city.jobs * city.residents.sum() / city.jobs.sum(), rtol=1e-11)
    works = values["jobs"] > 0
    assert np.log(values["wage"][works]).mean() == pytest.approx(0.0, abs=1e-12)
    phi = kernel * (values["amenity"] * city.floor_price**-0.25)[:, None] ** parameters.dispersion * draw
    assert phi.sum() == pytest.approx(city.residents.sum(), rel=1e-11)
    np.testing.assert_array_equal(values["productivity"] > 0, works)
    np.testing.assert_array_equal(values["amenity"] > 0, city.residents > 0)


def test_the_data_are_an_equilibrium_of_what_they_were_turned_into(dense, closed_engine):
    engine, start = closed_engine
    random = np.random.default_rng(1)
    found = solve_city(engine, dense[True], fundamentals(dense[True]), start + 0.3 * random.standard_normal(start.size), "back")
    assert found.solved
    assert found.certificate.steps > 3
    for name in ("floor_price", "jobs", "residents", "wage", "output"):
        np.testing.assert_allclose(found.state[name], dense[True].values[name], rtol=1e-9, err_msg=name)


def test_all_eight_are_certified(found):
    assert sorted(found) == sorted(f"{shock}_{variant.name}" for shock in ("tt", "ae") for variant in VARIANTS)
    for name, equilibrium in found.items():
        certificate = equilibrium.certificate
        assert certificate.solved, f"{name}: {certificate.reason}"
        assert certificate.estimated_distance < 1e-9
        assert max(certificate.identities.values()) < 1e-9
        assert certificate.smallest_singular_value > 1e-2
        assert certificate.steps < 60


def test_closed_keeps_people_and_open_keeps_utility(found, dense):
    for name, equilibrium in found.items():
        people, total = people_in(equilibrium), equilibrium.state["total_draw"][0]
        before = dense[True].population
        kept, moved = (total, people) if "open" in name else (people, total)
        assert kept == pytest.approx(before, rel=1e-9)
        assert abs(moved / before - 1) > 1e-3


def test_equilibria_hold_in_plain_formulas(found, dense):
    """Every equation of the paper, written out pair by pair without the package's map."""
    for name, equilibrium in found.items():
        variant = BY_NAME[name.split("_")[1]]
        baseline = dense[variant.spillovers]
        state, values, p, city = equilibrium.state, baseline.values, baseline.parameters, baseline.city
        tau = city.minutes_public if name.startswith("tt") else city.minutes
        gain = np.where(city.east, 1.1, 1.0) if name.startswith("ae") else 1.0
        works, lives = values["jobs"] > 0, values["residents"] > 0
        up = np.exp(-p.made_decay * tau) @ (state["jobs"] / city.land)
        om = np.exp(-p.lived_decay * tau) @ (state["residents"] / city.land)
        productivity = values["productivity_fundamental"] * gain * up**p.made
        amenity = values["amenity_fundamental"] * om**p.lived
        price = state["floor_price"]
        wage = 0.8 * (0.2 / price) ** 0.25 * productivity**1.25
        phi = np.exp(-p.commuting_decay * tau) * (amenity * price**-0.25)[:, None] ** p.dispersion * wage**p.dispersion
        flow = phi / phi.sum() * people_in(equilibrium)
        rented = state["jobs"] * (0.2 * productivity / price) ** 1.25
        homes = 0.25 * (flow @ wage) / price
        for got, wanted in (
            (state["wage"][works], wage[works]),
            (state["jobs"], flow.sum(axis=0)),
            (state["residents"], flow.sum(axis=1)),
            (rented + homes, values["floor_stock"]),
            (state["work_share"], rented / values["floor_stock"]),
            (state["output"][works], (productivity * state["jobs"] ** 0.8 * rented**0.2)[works]),
        ):
            np.testing.assert_allclose(got, wanted, rtol=1e-8, atol=1e-12, err_msg=name)
        np.testing.assert_array_equal(state["jobs"] > 0, works)
        np.testing.assert_array_equal(state["residents"] > 0, lives)
        np.testing.assert_array_equal(state["work_share"][works & ~lives], 1.0)
        np.testing.assert_array_equal(state["work_share"][lives & ~works], 0.0)


def test_a_wrong_state_is_not_certified(found, dense):
    state = {**found["tt_endog"].state, "population": np.asarray(found["tt_endog"].given["population"])}
    given = found["tt_endog"].given
    errors = city_identities(as_array(given["commuting"]), POOLED, state, np.asarray(given["floor_stock"]))
    assert max(errors.values()) < 1e-9
    state["floor_price"] = state["floor_price"] * 1.001
    errors = city_identities(as_array(given["commuting"]), POOLED, state, np.asarray(given["floor_stock"]))
    assert errors["floor_space"] > 1e-5
    assert errors["residents"] > 1e-5


def plain_loop(baseline, given, passes):
    """Gaps of the loop that follows every pass undamped."""
    v, p, values = {k: np.asarray(x) for k, x in given.items() if not hasattr(x, "apply")}, baseline.parameters, baseline.values
    kernels = [as_array(given[name]) for name in ("commuting", "spillover", "amenity_spillover")]
    price, jobs, residents, gaps = values["floor_price"], values["jobs"], values["residents"], []
    for _ in range(passes):
        productivity = v["productivity_fundamental"] * (kernels[1] @ (jobs / v["land"])) ** p.made
        amenity = v["amenity_fundamental"] * (kernels[2] @ (residents / v["land"])) ** p.lived
        wage = 0.8 * (0.2 / price) ** 0.25 * productivity**1.25
        phi = kernels[0] * (amenity * price**-0.25)[:, None] ** p.dispersion * wage**p.dispersion
        flow = phi / phi.sum() * v["population"]
        gaps.append(np.abs(np.log(flow.sum(axis=1) / residents)).max())
        price = (0.25 * wage * flow.sum(axis=0) + 0.25 * flow @ wage) / v["floor_stock"]
        jobs, residents = flow.sum(axis=0), flow.sum(axis=1)
    return gaps


def test_coarse_cities_converge_where_a_plain_loop_goes_round(coarse):
    baseline = coarse[True]
    residents = baseline.values["residents"] / baseline.city.land
    kernel = np.exp(-POOLED.lived_decay * baseline.city.minutes)
    assert (np.diagonal(kernel) * residents / (kernel @ residents)).min() > 0.99
    gaps = plain_loop(baseline, counterfactuals(baseline)["ae"], 400)
    assert min(gaps[-50:]) > 0.1
    np.testing.assert_allclose(gaps[-1], gaps[-3], rtol=1e-6)  # a cycle of two
    for variant in ("endog", "open"):
        engine, start = city_engine(city_model(BY_NAME[variant]), baseline)
        for shock in counterfactuals(baseline).values():
            found = solve_city(engine, baseline, shock, start, variant)
            assert found.solved, found.certificate.reason
            assert found.certificate.steps < 60


def test_the_unit_of_the_floor_price_changes_nothing(dense, found, closed_engine):
    city = dense[True].city
    engine, _ = closed_engine
    for unit in (1e-4, 1e6):
        other = calibrate_city(replace(city, floor_price=city.floor_price * unit))
        np.testing.assert_allclose(other.values["wage"], dense[True].values["wage"], rtol=1e-12)
        start = np.asarray(engine.layout.pack({name: other.values[name] for name in engine.layout.names}))
        moved = solve_city(engine, other, counterfactuals(other)["tt"], start, "tt")
        same = found["tt_endog"].state
        np.testing.assert_allclose(moved.state["floor_price"] / unit, same["floor_price"], rtol=1e-9)
        for name in ("wage", "jobs", "residents", "work_share", "output", "welfare"):
            np.testing.assert_allclose(moved.state[name], same[name], rtol=1e-9, err_msg=name)


def test_order_of_blocks_changes_nothing(dense, found, closed_engine):
    city = dense[True].city
    order = np.random.default_rng(3).permutation(city.size)
    fields = ("x_km", "y_km", "land", "floor_price", "jobs", "residents", "east")
    minutes = {name: getattr(city, name)[np.ix_(order, order)] for name in ("minutes", "minutes_public")}
    moved = replace(city, ids=tuple(city.ids[i] for i in order), **{name: getattr(city, name)[order] for name in fields}, **minutes)
    baseline = calibrate_city(moved)
    engine, start = city_engine(city_model(BY_NAME["endog"]), baseline)
    other = solve_city(engine, baseline, counterfactuals(baseline)["ae"], start, "ae")
    np.testing.assert_allclose(other.state["floor_price"], found["ae_endog"].state["floor_price"][order], rtol=1e-9)


def test_several_starts_agree(dense, closed_engine):
    engine, start = closed_engine
    given = counterfactuals(dense[True])["tt"]
    random = np.random.default_rng(8)
    ends = [solve_city(engine, dense[True], given, start + 0.5 * random.standard_normal(start.size), "tt") for _ in range(3)]
    for end in ends:
        assert end.solved
        np.testing.assert_allclose(end.x, ends[0].x, atol=1e-9)


def test_float32_kernels_are_certified_with_their_rounding(dense, found, closed_engine):
    engine, start = closed_engine
    exact = found["tt_endog"]
    rounded = solve_city(engine, dense[True], counterfactuals(dense[True])["tt"], start, "tt", single=True)
    assert rounded.solved
    assert rounded.certificate.precision == "float32 kernels"
    error = np.abs(rounded.x - exact.x).max()
    assert SOLVED_DISTANCE < error < SINGLE_DISTANCE
    assert rounded.certificate.estimated_distance == pytest.approx(error, rel=1e-2)


def test_derivatives_equal_differences(dense, found, closed_engine):
    engine, _ = closed_engine
    base = found["tt_endog"]

    def welfare(state, given):
        return state["welfare"][0]

    slope = gradient(base, welfare, ("floor_stock",))["floor_stock"]
    block = int(np.argmax(dense[True].values["floor_stock"]))
    values = []
    for sign in (1, -1):
        stock = base.given["floor_stock"].at[block].multiply(1 + sign * 1e-5)
        values.append(solve_city(engine, dense[True], {**base.given, "floor_stock": stock}, base.x, "up").state["welfare"][0])
    step = 2e-5 * float(base.given["floor_stock"][block])
    assert slope[block] == pytest.approx((values[0] - values[1]) / step, rel=1e-4)


def test_a_zoning_wedge_is_a_price_gap_between_uses(dense):
    wedge = np.linspace(0.8, 1.3, 60)
    baseline = calibrate_city(dense[False].city, EXOGENOUS, wedge=wedge)
    assert baseline.certificate.solved
    found = arsw2015.solve_variant(baseline, BY_NAME["exog"], counterfactuals(baseline)["ae"])
    assert found.solved
    np.testing.assert_allclose(found.state["work_price"], wedge * found.state["floor_price"], rtol=1e-14)


def test_empty_blocks_stay_empty(dense):
    city = dense[False].city
    jobs, residents, price = (np.array(getattr(city, name)) for name in ("jobs", "residents", "floor_price"))
    jobs[:2] = residents[:2] = price[:2] = 0.0
    baseline = calibrate_city(replace(city, jobs=jobs, residents=residents, floor_price=price), EXOGENOUS)
    found = arsw2015.solve_variant(baseline, BY_NAME["exog"], counterfactuals(baseline)["tt"])
    assert found.solved, found.certificate.reason
    for name in ("jobs", "residents", "floor_price", "work_price", "work_share", "output", "wage"):
        np.testing.assert_array_equal(found.state[name][:2], 0.0)
        assert np.isfinite(found.state[name]).all()


def test_decay_is_table_six():
    for name, values in arsw2015.decay_table().items():
        np.testing.assert_allclose(values, arsw2015.PUBLISHED_DECAY[name], atol=6e-4)


def test_replicate_writes_what_the_paper_would_show(tmp_path, dense):
    write_city(dense[True].city, tmp_path / "data")
    result = arsw2015.replicate(tmp_path / "data", tmp_path / "out")
    assert not result.unsolved
    names = {path.name for path in result.files}
    runs = {f"cf_{shock}_{variant}.csv" for shock in ("tt", "ae") for variant in BY_NAME}
    assert names == runs | {"calibration.csv", "calibration_exog.csv", "summary.json"}
    with (tmp_path / "out" / "calibration.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["id", "w", "A", "B", "L", "theta"]
    assert [row["id"] for row in rows] == list(dense[True].city.ids)
    with (tmp_path / "out" / "cf_tt_open.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["id", "w", "Q", "q", "HM", "HR", "theta", "Y"]
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["tt_open"]["U"] == pytest.approx(summary["calibration"]["U"], rel=1e-9)
    assert summary["ae_exog"]["H"] == pytest.approx(summary["calibration"]["H"], rel=1e-9)
    assert summary["tt_open"]["H"] == pytest.approx(sum(float(row["HM"]) for row in rows), rel=1e-9)
    assert summary["tt_exog"]["certificate"]["outcome"] == "solved"
    table = result.table
    assert table.columns == ["run", "outcome", "ours", "published"]
    car_ban = table.filter((table["run"] == "tt_open") & (table["outcome"] == "jobs"))
    assert car_ban["published"].to_list() == [0.8646]


def test_missing_data_say_where_to_get_them(tmp_path):
    with pytest.raises(DataError, match="Berlin's travel times and floor prices are not public"):
        arsw2015.replicate(None, None)
    with pytest.raises(DataError, match=r"ttpub\.csv"):
        arsw2015.replicate(tmp_path, None)


def test_every_fault_of_a_city_is_named(tmp_path, dense):
    write_city(synthetic_city(5, seed=1), tmp_path)
    text = (tmp_path / "city.csv").read_text().splitlines()
    row = text[2].split(",")
    row[4], row[7] = "dear", "2"
    text[2] = ",".join(row)
    (tmp_path / "city.csv").write_text("\n".join(text) + "\n")
    with pytest.raises(DataError) as caught:
        read_city(tmp_path)
    assert "city.csv:3: 'dear' in column Q" in str(caught.value)
    assert "city.csv:3: 2 in column east; expected 0 or 1" in str(caught.value)
    for name, table in (("tt", "1,2,3,4,5\n" * 4), ("ttpub", "1,2\n3\n")):
        (tmp_path / f"{name}.csv").write_text(table)
    with pytest.raises(DataError) as caught:  # what can be read is looked at, too, where something cannot
        read_city(tmp_path)
    assert "tt: 4 x 5 entries; expected 5 x 5" in str(caught.value)
    assert "ttpub.csv: it is not a table of numbers (the number of columns changed from 2 to 1 at row 2)" in str(caught.value)
    assert len(caught.value.faults) == 4
    (tmp_path / "tt.csv").write_text("")
    with pytest.raises(DataError, match=r"tt: 0 x 1 entries"):
        read_city(tmp_path)
    city = dense[True].city
    with pytest.raises(DataError) as caught:
        replace(city, land=city.land * np.where(np.arange(60) == 7, 0, 1), minutes=city.minutes[:3, :3])
    assert "K_m2, row 9: 0 in block b8; expected land above 0" in str(caught.value)
    assert "tt: 3 x 3 entries; expected 60 x 60" in str(caught.value)
    far = np.full((60, 60), 1e5) + np.diag(np.full(60, 3.0 - 1e5))
    with pytest.raises(BridgeheadError, match="reach no job"):
        calibrate_city(replace(city, minutes=far))


def test_cut_off_parts_that_cannot_balance_are_refused_and_nothing_is_built_on_them(tmp_path):
    """Two halves between which nobody travels, with more jobs than residents in one: no wages balance them."""
    city = synthetic_city(20, seed=3, kind="coarse")
    side = np.arange(20) % 2
    apart = np.where(side[:, None] == side[None, :], city.minutes, 1e5)
    jobs = city.jobs * np.where(side == 0, 1.5, 1.0)
    split = replace(city, minutes=apart, jobs=jobs)
    baseline = calibrate_city(split, EXOGENOUS)
    assert not baseline.certificate.solved
    assert "falls into parts between which nobody commutes" in baseline.certificate.reason
    write_city(split, tmp_path / "data")
    result = arsw2015.replicate(tmp_path / "data", tmp_path / "out")
    assert set(result.unsolved) == set(result.certificates)
    assert "the calibration it starts from has no certificate" in result.unsolved["ae_exog"]
    assert [file.name for file in result.files] == ["summary.json"]
    assert json.loads(result.files[0].read_text())["calibration"]["U"] is None


def test_blocks_each_with_its_own_workers_alone_are_refused():
    city = synthetic_city(8, seed=3, kind="coarse")
    alone = calibrate_city(replace(city, minutes=np.where(np.eye(8) > 0, city.minutes, 1e9)))
    assert not alone.certificate.solved
    assert "falls into parts" in alone.certificate.reason


def test_the_kernel_between_blocks_keeps_the_contract(dense):
    kernel = dense[True].given["commuting"]
    assert isinstance(kernel, Kernel)
    whole, x = as_array(kernel), np.random.default_rng(1).random((2, 60))
    assert 0 < kernel.cost() < whole.size
    np.testing.assert_allclose(kernel.apply(jnp.asarray(x)), x @ whole.T, rtol=1e-12)
    np.testing.assert_allclose(kernel.apply_transpose(jnp.asarray(x)), x @ whole, rtol=1e-12)
    values = dense[True].values
    np.testing.assert_array_equal(whole > 0, (values["residents"] > 0)[:, None] & (values["jobs"] > 0)[None, :])


def test_model_swaps_blocks_and_given_is_not_changed(dense):
    model = city_model(BY_NAME["exog"])
    assert {block.role for block in model.blocks} == {"Productivity", "Amenity", "Trade", "Choice", "City", "People", "FloorSpace"}
    before = {name: np.asarray(value).copy() for name, value in dense[True].given.items() if not hasattr(value, "apply")}
    counterfactuals(dense[True])
    for name, value in before.items():
        np.testing.assert_array_equal(value, np.asarray(dense[True].given[name]))
    assert isinstance(dense[True].given["floor_stock"], jnp.ndarray)
