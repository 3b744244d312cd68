"""Who receives the money under the other closures, by explicit loops: local landlords, and governments that tax and spend."""

from __future__ import annotations

import pytest

from by_hand.fundamentals import fundamentals, passage
from by_hand.tables import ABROAD, INSIDE, PLACES, SECTORS, region_numbers, solution

TOLERANCE = 1e-9
VALUE, EARNED, LAND = {"X": 0.05, "Y": 0.08, "O": 0.0}, {"X": 0.04, "Y": 0.02, "O": 0.0}, {"X": 0.1, "Y": 0.05, "O": 0.0}
SPLIT = {"place": 0.5, "province": 0.2, "country": 0.3}
MEMBERS = {"place": {n: (n,) for n in PLACES}, "province": {n: (n,) for n in PLACES}, "country": {"X": INSIDE, "Y": INSIDE, "O": (ABROAD,)}}
RATES = {"value_added": VALUE, "earnings": EARNED, "land": LAND}
TAXES = {"closures": {"government": "taxes"}, "split": SPLIT, "rates": RATES}
CLOSURES = {"landlords": {"closures": {"rents": "local_landlords"}}, "taxes": TAXES}
OPEN = {"lever": "passage", "flow": "trade", "level": "province", "between": ["A"], "and": ["B"], "open": 0.5}


@pytest.fixture(scope="module", params=[(closure, name) for closure in CLOSURES for name in ("baseline", "open")], ids="-".join)
def closed(request, three_region, tmp_path_factory):
    """(closure, tables, fundamentals, numbers) of one closure, baseline or with the goods border half open."""
    from bridgehead.calibrate import calibrate
    from bridgehead.models import solve, write_solution
    from bridgehead.policy import enact, read_scenario

    closure, name = request.param
    baseline = calibrate(three_region, closure=CLOSURES[closure])
    scenario = read_scenario({"format": 1, "name": name, "lever": [OPEN] if name == "open" else []}, baseline.region)
    found = {}
    for label, equilibrium in (("base", baseline.equilibrium), ("now", solve(baseline, enact(scenario, baseline).given))):
        folder = tmp_path_factory.mktemp(label)
        write_solution(equilibrium, baseline, folder, csv=True)
        found[label] = solution(folder)
    numbers = region_numbers()
    return closure, found["now"], fundamentals(numbers, found["base"]), numbers


def kept(closure: str, n: str) -> tuple[float, float, float]:
    """Shares of wages, home rents and work rents that are kept after taxes."""
    if closure != "taxes":
        return 1.0, 1.0, 1.0
    return 1 - VALUE[n] - EARNED[n], 1 - LAND[n], 1 - LAND[n] - VALUE[n]


def earnings(now, n: str) -> float:
    return now.earnings_per_resident[n] * now.residents[n]


def test_people_work_for_the_wages_they_keep(closed):
    closure, now, given, numbers = closed
    wage = {i: now.wage[i] * kept(closure, i)[0] for i in PLACES}
    for n in INSIDE:
        pull = {
            i: given.commuting[n, i] * passage(given, "commuting", n, i) * given.workplace_size[i] * wage[i] ** numbers.workplace_dispersion
            for i in INSIDE
        }
        assert now.access[n] ** numbers.workplace_dispersion == pytest.approx(sum(pull.values()), rel=TOLERANCE)
        for i in INSIDE:
            assert now.commuters[n, i] == pytest.approx(now.residents[n] * pull[i] / sum(pull.values()), rel=TOLERANCE)
        assert earnings(now, n) == pytest.approx(sum(now.commuters[n, i] * wage[i] for i in INSIDE), rel=TOLERANCE)
    assert earnings(now, ABROAD) == pytest.approx(now.residents[ABROAD] * wage[ABROAD], rel=TOLERANCE)


def received(closed, n: str) -> tuple[float, float, float]:
    """(rents, public money, taxes paid where they arise) of a place."""
    closure, now, _, numbers = closed
    homes = {m: now.rent_home[m] * now.floor_home[m] for m in PLACES}
    works = {m: now.rent_work[m] * now.floor_work[m] for m in PLACES}
    if closure == "landlords":
        return homes[n] + works[n], 0.0, 0.0
    pool = INSIDE if n in INSIDE else (ABROAD,)
    rents = {m: homes[m] * kept(closure, m)[1] + works[m] * kept(closure, m)[2] for m in PLACES}
    made = {m: sum((numbers.beta[s] + numbers.gamma[s]) * now.output[m, s] for s in SECTORS) for m in PLACES}
    revenue = {m: VALUE[m] * made[m] + EARNED[m] * now.wage[m] * now.jobs[m] + LAND[m] * (homes[m] + works[m]) for m in PLACES}
    public = 0.0
    for level, share in SPLIT.items():
        members = MEMBERS[level][n]
        public += share * sum(revenue[m] for m in members) * earnings(now, n) / sum(earnings(now, m) for m in members)
    return sum(rents[m] for m in pool) * earnings(now, n) / sum(earnings(now, m) for m in pool), public, revenue[n]


def test_income_is_earnings_transfers_rents_and_public_money(closed):
    closure, now, given, _ = closed
    whole = sum(earnings(now, n) for n in PLACES)
    mean = sum(given.transfer_rate[n] * earnings(now, n) for n in PLACES) / whole
    for n in PLACES:
        rents, public, _ = received(closed, n)
        own = earnings(now, n) * (1 + given.transfer_rate[n] - mean) + public
        assert now.income[n] == pytest.approx(own + rents, rel=TOLERANCE)
        factor = own if closure == "landlords" else own + rents
        assert now.income_factor[n] == pytest.approx(factor / earnings(now, n), rel=TOLERANCE)


def test_unit_costs_are_gross_of_taxes_and_markets_clear(closed):
    _, now, given, numbers = closed
    for i in PLACES:
        assert now.wage[i] * now.jobs[i] == pytest.approx(sum(numbers.beta[s] * now.output[i, s] for s in SECTORS), rel=TOLERANCE)
        for s in SECTORS:
            cost = now.wage[i] ** numbers.beta[s] * now.rent_work[i] ** numbers.gamma[s]
            for k in SECTORS:
                cost *= now.price_index[i, k] ** numbers.omega[k, s]
            cost /= now.productivity[i, s] ** (numbers.beta[s] + numbers.gamma[s])
            assert now.unit_cost[i, s] == pytest.approx(cost, rel=TOLERANCE)
            wanted = given.alpha[i, s] * now.income[i] + sum(numbers.omega[s, k] * now.output[i, k] for k in SECTORS)
            assert now.spending[i, s] == pytest.approx(wanted, rel=TOLERANCE)
            assert now.output[i, s] == pytest.approx(sum(now.trade[n, i, s] for n in PLACES), rel=TOLERANCE)


def test_the_accounts_show_taxes_paid_and_public_money_received(closed):
    closure, now, _, _ = closed
    columns = ("net_goods", "net_commuter_earnings", "net_rents", "net_transfers", "net_public_money")
    for n in PLACES:
        rents, public, taxes = received(closed, n)
        _, home, work = kept(closure, n)
        paid = now.rent_home[n] * now.floor_home[n] * home + now.rent_work[n] * now.floor_work[n] * work
        scale = TOLERANCE * now.income[n]
        assert now.net_rents[n] == pytest.approx(rents - paid, abs=scale)
        assert now.net_public_money[n] == pytest.approx(public - taxes, abs=scale)
        assert sum(getattr(now, column)[n] for column in columns) == pytest.approx(0.0, abs=scale)
    assert sum(now.net_public_money.values()) == pytest.approx(0.0, abs=TOLERANCE * sum(now.income.values()))
