"""The cells of the matrix by hand: each measure from the solution tables of baseline and scenario, with explicit loops.

Formulas are those of model.md §10 and case-yangtze.md §5; nothing of the appraisal is called.
"""

from __future__ import annotations

import math

import pytest

from by_hand.fundamentals import ideas, passage
from by_hand.tables import ABROAD, INSIDE, ORIGINS, PLACES, PROVINCE, SCENARIOS, SECTORS

TOLERANCE = 1e-8  # two solutions of 1e-11, and differences of large numbers
MONEY = 1e5  # what changes in money are small against, million a year: the inside's value added is 1.2e5


@pytest.fixture(scope="module", params=SCENARIOS)
def case(request, case_of):
    """Every scenario: the baseline has no column of changes."""
    return case_of(request.param)


@pytest.fixture
def check(case, cell, matrix):
    """check(need, line, now, base): the cell's value, baseline and change; `base` None where the measure is a change itself."""

    def checked(need: str, line: str, now: float, base: float | None = None, scale: float = 1.0) -> None:
        row = cell(need, line, case.name)
        change = now if base is None else now - base
        size = max(abs(now), scale)
        assert row["value"] == pytest.approx(now, abs=TOLERANCE * size)
        assert row["change"] == pytest.approx(change, abs=TOLERANCE * size)
        assert row["baseline"] == pytest.approx(base or 0.0, abs=TOLERANCE * size)
        assert float(matrix[need, line][case.name]) == row["change"]
        assert float(matrix[need, line]["baseline"]) == row["baseline"]
        if base:
            assert row["change_percent"] == pytest.approx(100 * change / base, abs=TOLERANCE * 100 * size / abs(base))

    return checked


@pytest.fixture
def is_empty(case, cell, matrix):
    """is_empty(need, line, reason): the cell has no number, and says why."""

    def checked(need: str, line: str, reason: str) -> None:
        row = cell(need, line, case.name)
        assert (row["status"], row["value"], row["change"]) == ("undefined", None, None)
        assert reason in row["note"]
        assert matrix[need, line][case.name] == ""

    return checked


def value_added(c, tables, n: str) -> float:
    """Σ_s (β_s + γ_s) Y_ns at current prices."""
    return sum((c.numbers.beta[s] + c.numbers.gamma[s]) * tables.output[n, s] for s in SECTORS)


def real(c, tables, n: str) -> float:
    """G_n: value added at the baseline's prices of the place."""
    return value_added(c, tables, n) * c.base.consumer_price[n] / tables.consumer_price[n]


def weight(c, n: str, s: str) -> float:
    """ω_ns: share of the inside's value added in the baseline."""
    whole = sum(value_added(c, c.base, m) for m in INSIDE)
    return (c.numbers.beta[s] + c.numbers.gamma[s]) * c.base.output[n, s] / whole


def worth(c, origins: tuple[str, ...]) -> float:
    """EV of some origins: (U/U⁰ − 1) M ȳ⁰, million a year."""
    total = 0.0
    for g in origins:
        income = sum(c.base.people[g, n] * c.base.income[n] / c.base.residents[n] for n in PLACES)
        total += (c.now.welfare_ratio[g] - 1.0) * income
    return total


def test_growth(case, check):
    change = {n: real(case, case.now, n) - real(case, case.base, n) for n in INSIDE}
    check("growth", "1", sum(change.values()), scale=MONEY)
    check("growth", "1.1", sum(max(0.0, -change[n]) for n in INSIDE), scale=MONEY)
    check("growth", "2", real(case, case.now, "Y"), real(case, case.base, "Y"), scale=MONEY)
    check("growth", "3", real(case, case.now, "Y") + min(0.0, change["X"]), real(case, case.base, "Y"), scale=MONEY)
    check("growth", "5", float(sum(change[n] > 1e-6 for n in INSIDE)))


def test_the_multiplier_is_of_zones_alone(case, cell, is_empty):
    if case.name in ("a.open", "b.links"):
        is_empty("growth", "4", "measured for zones only")
        return
    change = {n: real(case, case.now, n) - real(case, case.base, n) for n in INSIDE}
    assert cell("growth", "4", case.name)["value"] == pytest.approx(change["X"] / change["Y"], rel=1e-6)


def test_structure_of_growth(case, check):
    def core_over_whole(tables) -> float:
        a_head = real(case, tables, "X") / tables.residents["X"]
        return a_head / (sum(real(case, tables, n) for n in INSIDE) / sum(tables.residents[n] for n in INSIDE))

    def services_share(tables) -> float:
        jobs = {(n, s): case.numbers.beta[s] * tables.output[n, s] / tables.wage[n] for n in INSIDE for s in SECTORS}
        return 100 * sum(jobs[n, "services"] for n in INSIDE) / sum(jobs.values())

    check("growth", "6", core_over_whole(case.now), core_over_whole(case.base))
    check("growth", "7", services_share(case.now), services_share(case.base))


def test_welfare_in_money(case, check):
    check("people", "1", worth(case, ("A", "B")), scale=MONEY)  # abroad is not of the mainland
    check("people", "1.1", worth(case, ("A",)), scale=MONEY)


def theil(c, tables) -> float:
    """T = Σ s log(s / p) over the two places, which are two provinces: all of it lies between."""
    share = c.numbers.housing_share
    real_income = {n: tables.income[n] / (tables.consumer_price[n] ** (1 - share) * tables.rent_home[n] ** share) for n in INSIDE}
    total, people = sum(real_income.values()), sum(tables.residents[n] for n in INSIDE)
    parts = [(real_income[n] / total, tables.residents[n] / people) for n in INSIDE]
    return sum(s * math.log(s / p) for s, p in parts)


def test_theil(case, check):
    for line in ("2", "2.1"):
        check("people", line, theil(case, case.now), theil(case, case.base))


def test_migrants_gap(case, check):
    def gap(tables, given) -> float:
        away = [(g, n) for g in ORIGINS for n in INSIDE if PROVINCE[n] != g]
        lost = sum(tables.people[g, n] * (1 - given.kept[g, n]) for g, n in away)
        return 100 * lost / sum(tables.people[g, n] for g, n in away)

    check("people", "3", gap(case.now, case.given), gap(case.base, case.before))


def minutes(c, tables) -> float:
    """Mean minutes of those who live in the two places."""
    pairs = [(n, i) for n in INSIDE for i in INSIDE]
    people = sum(tables.commuters[pair] for pair in pairs)
    return sum(tables.commuters[pair] * c.numbers.minutes[pair] for pair in pairs) / people


def burden(tables) -> float:
    """Rent of a square metre a year over a year's earnings, mean over residents."""
    people = sum(tables.residents[n] for n in INSIDE)
    return sum(tables.residents[n] * tables.rent_home[n] * 365 / (1e6 * tables.earnings_per_resident[n]) for n in INSIDE) / people


def test_urban_diseases_and_their_three_parts(case, check):
    def density(tables) -> float:
        return tables.residents["X"] / case.numbers.land["X"]

    def parts(tables) -> tuple[float, float, float]:
        return minutes(case, tables), burden(tables), density(tables)

    now, base = parts(case.now), parts(case.base)
    for line, this, that in zip(("6", "4", "5"), now, base, strict=True):
        check("people", line, this, that)
    product = now[0] / base[0] * now[1] / base[1] * now[2] / base[2]
    check("people", "7", 100 * product ** (1 / 3), 100.0)


def test_productivity_and_its_share_of_growth(case, check, cell, is_empty):
    pairs = [(n, s) for n in INSIDE for s in SECTORS]
    tfp = sum(weight(case, n, s) * math.log(case.now.productivity[n, s] / case.base.productivity[n, s]) for n, s in pairs)
    check("ideas", "1", tfp)
    growth = math.log(sum(real(case, case.now, n) for n in INSIDE) / sum(real(case, case.base, n) for n in INSIDE))
    if tfp <= 0:
        is_empty("ideas", "1.1", "productivity does not grow")
    else:
        assert cell("ideas", "1.1", case.name)["value"] == pytest.approx(100 * tfp / growth, rel=1e-6)


def used(c, given, learner: str, source: str) -> float:
    """Q(learner ← source): Σ ω N RD / Z⁰, one place a side; ω of a set of one place is 1."""
    return given.knowledge[learner, source] * passage(given, "ideas", learner, source) * given.research[source] / ideas(c.before, learner)


def test_ideas_used_and_research(case, check):
    check("ideas", "2", 100 * used(case, case.given, "Y", "X") / used(case, case.before, "Y", "X"), 100.0)
    both = [sum(used(case, given, *pair) for pair in (("X", "Y"), ("Y", "X"))) for given in (case.given, case.before)]
    check("ideas", "2.1", 100 * both[0] / both[1], 100.0)
    value = value_added(case, case.base, "X")
    check("ideas", "3", 100 * case.given.research["X"] / value, 100 * case.before.research["X"] / value)


def test_real_home_rent(case, check):
    def rent(tables) -> float:
        floor = case.base.floor_home
        total = sum(floor[n] * tables.rent_home[n] / tables.consumer_price[n] for n in INSIDE)
        return total / sum(floor[n] for n in INSIDE)

    check("space", "2", rent(case.now), rent(case.base))


def test_foreign_access(case, check):
    def access(tables, given, i: str, s: str) -> float:
        kernel = given.trade[s, ABROAD, i] * passage(given, "trade", ABROAD, i, s)
        price = tables.consumer_price[ABROAD]
        return kernel * tables.spending[ABROAD, s] / price * (tables.price_index[ABROAD, s] / price) ** case.numbers.theta[s]

    total = 0.0
    for n in INSIDE:
        for s in SECTORS:
            total += weight(case, n, s) * math.log(access(case.now, case.given, n, s) / access(case.base, case.before, n, s))
    check("links", "1", total)


def test_export_share(case, check):
    def share(tables) -> float:
        sold = {b: sum(tables.trade[b, i, s] for i in INSIDE for s in SECTORS) for b in PLACES}
        return 100 * sold[ABROAD] / sum(sold.values())

    check("links", "2", share(case.now), share(case.base))


def bought(c, tables, buyer: str, seller: str) -> float:
    """What a place buys from another, at the buyer's prices of the baseline."""
    value = sum(tables.trade[buyer, seller, s] for s in SECTORS)
    return value * c.base.consumer_price[buyer] / tables.consumer_price[buyer]


def test_absorption_and_its_parts(case, check):
    now, base = case.now.commuters["X", "Y"], case.base.commuters["X", "Y"]
    purchases = [bought(case, tables, "X", "Y") for tables in (case.now, case.base)]
    check("links", "3.1", now, base, scale=1e5)
    check("links", "3.2", purchases[0], purchases[1], scale=MONEY)
    q = used(case, case.given, "Y", "X") / used(case, case.before, "Y", "X")
    check("links", "3", 100 * (now / base * q * purchases[0] / purchases[1]) ** (1 / 3), 100.0)


def test_additional_shares(case, cell, is_empty):
    def people(tables, work: str) -> float:
        return tables.commuters["X", work]

    for line, measure in (("4", people), ("4.1", lambda tables, seller: bought(case, tables, "X", seller))):
        ours, rival = (measure(case.now, place) - measure(case.base, place) for place in ("Y", "X"))
        if ours <= 0 or (line == "4.1" and ours < 50):  # million a year: below the noise
            is_empty("links", line, "gain")
            continue
        found = cell("links", line, case.name)["value"]
        assert found == pytest.approx(100 * (ours + min(0.0, rival)) / ours, rel=1e-6)


def test_jobs_and_living_where_one_works(case, check):
    check("links", "5", case.now.jobs["Y"] / case.now.residents["Y"], case.base.jobs["Y"] / case.base.residents["Y"])
    shares = [100 * tables.commuters["Y", "Y"] / tables.residents["Y"] for tables in (case.now, case.base)]
    check("links", "5.1", *shares)
