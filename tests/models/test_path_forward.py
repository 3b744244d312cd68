"""Movers who look ahead (model.md §5): what the forward path must come to on the toy, and where it is the myopic one."""

from __future__ import annotations

import numpy as np
import pytest

from appraise.zone_toy import zone_toy
from bridgehead.calibrate import calibrate
from bridgehead.errors import SolveError
from bridgehead.models import path_forward, solve
from bridgehead.models.path import run_path
from bridgehead.models.path_settings import TAIL, path_settings, path_years
from bridgehead.policy import Context, read_scenario
from bridgehead.policy.schedule import Schedule
from bridgehead.region import read_region
from bridgehead.solve.multisecant import Multisecant

CLOSE = 1e-9
LAND = {"lever": "land", "place": "ZB", "multiply": 1.5}
TERMS = {"lever": "registration", "place": "ZB", "origins": ["A"], "multiply": 1.3}
STILL = {"productivity_trend": 0.0, "idea_diffusion": 0.0}


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """The toy with research, calibrated."""
    return calibrate(read_region(zone_toy(tmp_path_factory.mktemp("forward") / "region")))


def settings(baseline, years, *, movers="forward", **values):
    return path_settings(baseline.region, years, values, movers=movers)


def enacted(baseline, *levers, **head):
    scenario = read_scenario({"format": 1, "name": "plan", **head, "lever": list(levers)}, baseline.region)
    return Schedule(Context.of(baseline), baseline.region.meta.year, scenario).given


def ahead(until, *, start=2023):
    return path_years(2023, start, until, movers="forward")


def logs(point, name="residents"):
    return np.log(point.equilibrium.state[name])


def test_the_multisecant_solves_a_linear_map_and_tells_the_distance_left():
    rng = np.random.default_rng(3)
    matrix = 0.9 * np.linalg.qr(rng.normal(size=(5, 5)))[0]
    goal, x, secant = rng.normal(size=5), np.zeros(5), Multisecant(memory=6)
    for _ in range(7):
        gap = matrix @ (x - goal) - (x - goal)
        step = secant.step(x, gap)
        x = x + step
    np.testing.assert_allclose(x, goal, atol=1e-10)


def test_with_a_discount_factor_of_0_the_path_is_the_myopic_one(rich):
    """Every state, person and utility of every year shown, whatever comes: both walk the same years with b = 0."""
    given = enacted(rich, {**LAND, "starts": 2026}, {**TERMS, "starts": 2025, "ends": 2027})
    myopic = run_path(rich, settings(rich, path_years(2023, None, 2030), movers="myopic", mover_share=0.2), given)
    forward = run_path(rich, settings(rich, ahead(2030), mover_share=0.2, discount_factor=0.0), given)
    assert forward.certificate.solved
    assert forward.certificate.passes == 1
    assert forward.certificate.last_weight == 0.0
    for one, two in zip(myopic.shown, forward.shown, strict=True):
        for name in ("residents", "people", "wage", "output", "welfare"):
            np.testing.assert_allclose(one.equilibrium.state[name], two.equilibrium.state[name], rtol=CLOSE)
        np.testing.assert_allclose(one.welfare, two.welfare, rtol=CLOSE)
        np.testing.assert_allclose(one.gain, two.gain, atol=CLOSE)


def test_with_everybody_free_every_year_there_is_nothing_to_look_ahead_to(rich):
    given = enacted(rich, {**LAND, "starts": 2025})
    myopic = run_path(rich, settings(rich, path_years(2023, None, 2027), movers="myopic", mover_share=1.0), given)
    forward = run_path(rich, settings(rich, ahead(2027), mover_share=1.0), given)
    for one, two in zip(myopic.shown, forward.shown, strict=True):
        np.testing.assert_allclose(logs(one), logs(two), atol=CLOSE)


def test_at_rest_the_path_stays_at_the_data_whatever_the_discount_factor(rich):
    for beta in (0.5, 0.98):
        path = run_path(rich, settings(rich, ahead(2026), discount_factor=beta, **STILL))
        for point in path.years:
            np.testing.assert_allclose(logs(point), np.log(rich.equilibrium.state["residents"]), atol=CLOSE)


def test_people_come_before_what_they_expect_and_end_where_the_static_model_has_them(rich):
    given = enacted(rich, {**LAND, "starts": 2028})
    years = ahead(2040)
    rule = {**STILL, "mover_share": 0.2}
    myopic = run_path(rich, settings(rich, path_years(2023, None, 2040), movers="myopic", **rule), given)
    forward = run_path(rich, settings(rich, years, **rule), given)
    zone = rich.region.place_ids.index("ZB")
    start = logs(myopic.of(2023))[zone]
    assert logs(myopic.of(2027))[zone] == pytest.approx(start, abs=CLOSE)
    early = [logs(forward.of(year))[zone] - start for year in range(2023, 2028)]
    assert early[0] > 1e-4
    assert np.all(np.diff(early) > 0)
    goal = np.log(solve(rich, given(2040), weakest=False).state["residents"])
    np.testing.assert_allclose(logs(forward.years[-1]), goal, atol=1e-5)


def test_movers_choose_by_what_comes_year_by_year(rich):
    """The certified path by hand: who is free goes by D̄ V̄^ν, with V̄ from the path's own later years; stayers stay."""
    given = enacted(rich, {**LAND, "starts": 2026}, {**TERMS, "starts": 2025})
    chosen = settings(rich, ahead(2030), mover_share=0.2)
    path = run_path(rich, chosen, given)
    nu, kept_of = float(rich.given["home_dispersion"]), [np.asarray(given(year)["migration_kept"]) for year in chosen.years]
    b = 0.96 * (1 - 0.2)
    value, kept = path.years[-1].equilibrium.state["value"], kept_of[-1]
    for position in reversed(range(len(chosen.years) - 1)):
        point, after = path.years[position], chosen.years[position + 1] - chosen.years[position]
        value = point.equilibrium.state["value"] ** (1 - b**after) * value ** (b**after)
        kept = kept_of[position] ** (1 - b**after) * kept ** (b**after)
        weight = (kept * value) ** nu
        free = weight / weight.sum(axis=1, keepdims=True) * np.asarray(rich.given["origin_people"])[:, None]
        np.testing.assert_allclose(point.equilibrium.state["people_free"], free, rtol=1e-8, atol=1e-6)
        if position:
            share = 1 - (1 - 0.2) ** chosen.steps_to(position)
            people = (1 - share) * path.years[position - 1].equilibrium.state["people"] + share * free
            np.testing.assert_allclose(point.equilibrium.state["people"], people, rtol=1e-8, atol=1e-6)
    assert path.certificate.gap <= 1e-9
    assert path.certificate.estimated_distance <= 1e-8


def test_what_lies_beyond_the_last_solved_year_hardly_matters(rich, monkeypatch):
    given = enacted(rich, {**LAND, "starts": 2028})
    path = run_path(rich, settings(rich, ahead(2030), mover_share=0.1), given)
    assert path.certificate.last_year == 2030 + 63
    assert path.certificate.last_weight == pytest.approx((0.96 * 0.9) ** 63)
    monkeypatch.setattr("bridgehead.models.path_settings.TAIL", (*TAIL, 64))
    longer = run_path(rich, settings(rich, ahead(2030), mover_share=0.1), given)
    for one, two in zip(path.shown, longer.shown, strict=True):
        np.testing.assert_allclose(logs(one), logs(two), atol=1e-6)


def test_a_year_without_a_solution_is_named_and_a_path_without_one_says_so(rich, monkeypatch):
    apart = {"lever": "passage", "level": "regime", "between": ["A", "ZA"], "and": ["B", "ZB", "O1", "O2"], "set": 0.0, "starts": 2025}
    given = enacted(rich, {**apart, "flow": "trade"}, {**apart, "flow": "commuting", "and": ["B", "ZB"]})
    for movers, years in (("myopic", path_years(2023, None, 2026)), ("forward", ahead(2026))):
        with pytest.raises(SolveError, match=r"(?s)'apart' stops in 2025.*falls into parts"):
            run_path(rich, settings(rich, years, movers=movers), given, name="apart")
    monkeypatch.setattr(path_forward, "MOST_PASSES", 1)
    with pytest.raises(SolveError, match="movers who look ahead has no certificate"):
        run_path(rich, settings(rich, ahead(2026), mover_share=0.2), enacted(rich, {**LAND, "starts": 2025}))
