"""Shadow prices of land against two solves, and the Shapley split from its definition."""

from __future__ import annotations

import math

import pytest

from by_hand.tables import INSIDE, ORIGINS, PLACES, rows, solution

STEP = 1e-3
LAND = {"X": 40.0, "Y": 50.0}  # km2 of construction land


@pytest.fixture(scope="module")
def levers(three_region):
    """The levers of a scenario by its id, as they stand in the files."""
    found = {entry["id"]: entry["lever"] for entry in three_region.strategies["strategy"]}
    return found | {entry["id"]: entry["lever"] for entry in three_region.zones["zone"]} | {"baseline": []}


@pytest.fixture(scope="module")
def solved_with_land(three_baseline, levers, tmp_path_factory):
    """(scenario, places, factor) -> the tables of the scenario with that much more land, solved by the public way."""
    from bridgehead.models import solve, write_solution
    from bridgehead.policy import enact, read_scenario

    def solved(name: str, places: tuple[str, ...], factor: float):
        more = [{"lever": "land", "place": place, "multiply": factor} for place in places]
        own = levers[name]
        if any(lever["lever"] == "land" for lever in own):  # a released area is a sum, and sums and factors need an order
            own = [lever | {"order": 1} if lever["lever"] == "land" else lever for lever in own]
            more = [lever | {"order": 2} for lever in more]
        scenario = read_scenario({"format": 1, "name": "more land", "lever": own + more}, three_baseline.region)
        folder = tmp_path_factory.mktemp("land")
        write_solution(solve(three_baseline, enact(scenario, three_baseline).given), three_baseline, folder, csv=True)
        return solution(folder)

    return solved


def money(base, tables, origins: tuple[str, ...]) -> float:
    """EV of some origins, million a year."""
    income = {g: sum(base.people[g, n] * base.income[n] / base.residents[n] for n in PLACES) for g in ORIGINS}
    return sum((tables.welfare_ratio[g] - 1) * income[g] for g in origins)


@pytest.mark.parametrize("scenario", ["baseline", "a.open", "zone.land"])
def test_shadow_prices_of_land_are_what_two_solves_say(scenario, solved_with_land, base, cell):
    def slope(places: tuple[str, ...], origins: tuple[str, ...]) -> float:
        """dEV / d log land over the land of the data; land of the scenario where it was released, for h̄⁰ carries the slope."""
        up, down = (money(base, solved_with_land(scenario, places, math.exp(step)), origins) for step in (STEP, -STEP))
        grown = 1.2 if scenario == "zone.land" and places == ("Y",) else 1.0
        return (up - down) / (2 * STEP) / (grown * sum(LAND[n] for n in places))

    everyone = ("A", "B")
    prices = {place: slope((place,), everyone) for place in INSIDE}
    found = {line: _value(cell, line, scenario) for line in ("1", "1.1")}
    assert found["1"] == pytest.approx(prices["X"], rel=1e-5)
    assert found["1.1"] == pytest.approx(prices["X"] - prices["Y"], rel=1e-5)
    if scenario != "zone.land":
        assert _value(cell, "1.2", scenario) == pytest.approx(slope(INSIDE, ("A",)), rel=1e-5)


def _value(cell, line: str, scenario: str) -> float:
    if scenario == "baseline":
        return cell("space", line, "a.open")["baseline"]
    return cell("space", line, scenario)["value"]


def test_the_shapley_split_of_two_zones_is_the_mean_of_both_orders(written, cell):
    compared = 0
    for row in rows(written / "shapley.csv"):
        key = row["need"], row["line"]
        other = {"zone.land": "zone.firms", "zone.firms": "zone.land"}[row["zone"]]
        alone, without, both = (cell(*key, name)["change"] for name in (row["zone"], other, "new_town"))
        if None in (alone, without, both):
            assert row["share"] == ""
            continue
        assert float(row["share"]) == pytest.approx((alone + (both - without)) / 2, abs=1e-12 * max(1.0, abs(both)))
        compared += 1
    assert compared > 40
