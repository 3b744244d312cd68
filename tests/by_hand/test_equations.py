"""Every equation of model.md §4, by explicit loops over the tables that a user gets: the baseline, two strategies, zones.

Only tables and hand-made fundamentals enter. Solutions are certified to about 1e-11, so an equation must hold to 1e-9.
"""

from __future__ import annotations

import math

import pytest

from by_hand.fundamentals import ideas, passage, reached
from by_hand.tables import ABROAD, INSIDE, ORIGINS, PLACES, PROVINCE, SECTORS

TOLERANCE = 1e-9


def close(found: float, wanted: float, scale: float = 0.0) -> None:
    """found = wanted, relative to wanted, or to a scale where numbers cancel."""
    assert found == pytest.approx(wanted, rel=TOLERANCE, abs=TOLERANCE * scale)


def attraction(c, n: str, i: str) -> float:
    """K_ni f e_i w_i^ε; outside places reach themselves alone."""
    if n == ABROAD or i == ABROAD:
        reach = float(n == i)
    else:
        reach = c.given.commuting[n, i] * passage(c.given, "commuting", n, i)
    return reach * c.given.workplace_size[i] * c.now.wage[i] ** c.numbers.workplace_dispersion


def commuters(c, n: str, i: str) -> float:
    """People who live at n and work at i: from the table inside, everybody at home abroad."""
    return c.now.commuters[n, i] if n in INSIDE and i in INSIDE else c.now.residents[n] * (n == i)


def earnings(c, n: str) -> float:
    """E_n, from the tables."""
    return c.now.earnings_per_resident[n] * c.now.residents[n]


def bill(c, i: str) -> float:
    """Σ_s β_s Y_is."""
    return sum(c.numbers.beta[s] * c.now.output[i, s] for s in SECTORS)


def work_rents(c, n: str) -> float:
    """Σ_s γ_s Y_ns."""
    return sum(c.numbers.gamma[s] * c.now.output[n, s] for s in SECTORS)


def test_access(case):
    for n in PLACES:
        close(case.now.access[n] ** case.numbers.workplace_dispersion, sum(attraction(case, n, i) for i in PLACES))


def test_commuters_and_jobs(case):
    for n in INSIDE:
        for i in INSIDE:
            share = attraction(case, n, i) / sum(attraction(case, n, j) for j in PLACES)
            close(case.now.commuters[n, i], case.now.residents[n] * share)
    for i in PLACES:
        close(case.now.jobs[i], sum(commuters(case, n, i) for n in PLACES))


def test_earnings(case):
    for n in PLACES:
        paid = sum(commuters(case, n, i) * case.now.wage[i] for i in PLACES)
        close(case.now.earnings_per_resident[n], paid / case.now.residents[n])


def test_income_is_earnings_transfers_and_a_share_of_the_pools_rents(case):
    total = sum(earnings(case, n) for n in PLACES)
    mean_rate = sum(case.given.transfer_rate[n] * earnings(case, n) for n in PLACES) / total
    for pool in (INSIDE, (ABROAD,)):
        rents = sum(case.now.rent_home[n] * case.now.floor_home[n] + case.now.rent_work[n] * case.now.floor_work[n] for n in pool)
        earned = sum(earnings(case, n) for n in pool)
        for n in pool:
            transfers = earnings(case, n) * (case.given.transfer_rate[n] - mean_rate)
            close(case.now.net_transfers[n], transfers, scale=earnings(case, n))
            close(case.now.income[n], earnings(case, n) + transfers + rents * earnings(case, n) / earned)
            close(case.now.income_factor[n], case.now.income[n] / earnings(case, n))
    assert sum(case.now.net_transfers.values()) == pytest.approx(0.0, abs=TOLERANCE * total)


def test_rents_and_floor_space(case):
    numbers, now = case.numbers, case.now
    for n in PLACES:
        close(now.rent_home[n] * now.floor_home[n], numbers.housing_share * now.income[n])
        close(now.rent_work[n] * now.floor_work[n], work_rents(case, n))
        home, work = (numbers.fact[n, f"supply_elasticity_{use}", ""] for use in ("home", "work"))
        close(now.floor_home[n], case.given.h_home[n] * (now.rent_home[n] / now.consumer_price[n]) ** home)
        close(now.floor_work[n], case.given.h_work[n] * (now.rent_work[n] / now.consumer_price[n]) ** work)


def test_consumer_price(case):
    for n in PLACES:
        wanted = 1.0
        for s in SECTORS:
            wanted *= case.now.price_index[n, s] ** (case.given.alpha[n, s] / (1 - case.numbers.housing_share))
        close(case.now.consumer_price[n], wanted)


def test_amenity_and_value(case):
    share = case.numbers.housing_share
    for n in PLACES:
        amenity = case.given.b_bar[n]
        if n in INSIDE:
            amenity *= reached(case.given, case.numbers, "amenity_spillover", n, case.now.residents) ** case.numbers.amenity_density
        close(case.now.amenity[n], amenity)
        living = case.now.consumer_price[n] ** (1 - share) * case.now.rent_home[n] ** share
        close(case.now.value[n], amenity * case.now.access[n] * case.now.income_factor[n] / living)


def choice(c, g: str, n: str, tables) -> float:
    """D_gn V_n^ν = (kept · V)^ν."""
    given = c.before if tables is c.base else c.given
    return (given.kept[g, n] * tables.value[n]) ** c.numbers.home_dispersion


def test_people_and_residents(case):
    for g in ORIGINS:
        total = sum(choice(case, g, m, case.now) for m in PLACES)
        for n in PLACES:
            close(case.now.people[g, n], case.numbers.origin_people[g] * choice(case, g, n, case.now) / total)
        close(sum(case.now.people[g, n] for n in PLACES), case.numbers.origin_people[g])
    for n in PLACES:
        close(case.now.residents[n], sum(case.now.people[g, n] for g in ORIGINS))


def test_welfare_is_a_ratio_to_the_baseline(case):
    for g in ORIGINS:
        now, base = (sum(choice(case, g, n, tables) for n in PLACES) for tables in (case.now, case.base))
        close(case.now.welfare_ratio[g], (now / base) ** (1 / case.numbers.home_dispersion))


def test_productivity_and_knowledge(case):
    for i in PLACES:
        close(case.now.knowledge[i], ideas(case.given, i))
        for s in SECTORS:
            wanted = case.given.a_bar[i, s]
            if i in INSIDE:
                wanted *= ideas(case.given, i) ** case.numbers.research_elasticity
                wanted *= reached(case.given, case.numbers, "spillover", i, case.now.jobs) ** case.numbers.density_elasticity[s]
            close(case.now.productivity[i, s], wanted)


def test_unit_cost(case):
    numbers, now = case.numbers, case.now
    for i in PLACES:
        for s in SECTORS:
            cost = now.wage[i] ** numbers.beta[s] * now.rent_work[i] ** numbers.gamma[s]
            for k in SECTORS:
                cost *= now.price_index[i, k] ** numbers.omega[k, s]
            close(now.unit_cost[i, s], cost / now.productivity[i, s] ** (numbers.beta[s] + numbers.gamma[s]))


def offer(c, n: str, i: str, s: str) -> float:
    """T_ni,s c_is^(−θ_s), border included."""
    return c.given.trade[s, n, i] * passage(c.given, "trade", n, i, s) * c.now.unit_cost[i, s] ** -c.numbers.theta[s]


def test_price_index(case):
    for n in PLACES:
        for s in SECTORS:
            close(case.now.price_index[n, s] ** -case.numbers.theta[s], sum(offer(case, n, i, s) for i in PLACES))


def test_trade_and_sales(case):
    for s in SECTORS:
        for i in PLACES:
            sold = 0.0
            for n in PLACES:
                value = case.now.spending[n, s] * offer(case, n, i, s) * case.now.price_index[n, s] ** case.numbers.theta[s]
                close(case.now.trade[n, i, s], value)
                sold += value
            close(case.now.output[i, s], sold)


def test_spending(case):
    for n in PLACES:
        for s in SECTORS:
            inputs = sum(case.numbers.omega[s, k] * case.now.output[n, k] for k in SECTORS)
            close(case.now.spending[n, s], case.given.alpha[n, s] * case.now.income[n] + inputs)


def test_labour_clears_and_the_numeraire_holds(case):
    for i in PLACES:
        close(case.now.wage[i] * case.now.jobs[i], bill(case, i))
    close(sum(case.now.wage[i] * case.now.jobs[i] for i in INSIDE), case.given.inside_wage_bill)


def test_money_accounts_of_every_place(case):
    now, columns = case.now, ("net_goods", "net_commuter_earnings", "net_rents", "net_transfers", "net_public_money")
    for n in PLACES:
        sold = sum(now.trade[m, n, s] for m in PLACES for s in SECTORS if m != n)
        bought = sum(now.trade[n, i, s] for i in PLACES for s in SECTORS if i != n)
        close(now.goods_sold_elsewhere[n], sold)
        close(now.goods_bought_elsewhere[n], bought)
        scale = now.income[n]
        close(now.net_goods[n], sold - bought, scale)
        close(now.net_commuter_earnings[n], earnings(case, n) - now.jobs[n] * now.wage[n], scale)
        paid = now.rent_home[n] * now.floor_home[n] + now.rent_work[n] * now.floor_work[n]
        close(now.net_rents[n], now.income[n] - earnings(case, n) - now.net_transfers[n] - paid, scale)
        assert now.net_public_money[n] == 0.0
        assert sum(getattr(now, column)[n] for column in columns) == pytest.approx(0.0, abs=TOLERANCE * scale)


def test_the_baseline_is_the_data(base, given, numbers):
    for n in PLACES:
        close(base.residents[n], numbers.fact[n, "residents", ""])
        close(base.rent_home[n], numbers.fact[n, "rent_home", ""])
        close(base.rent_work[n], numbers.fact[n, "rent_work", ""])
        close(base.welfare_ratio[PROVINCE[n]], 1.0)
        for s in SECTORS:
            close((numbers.beta[s] + numbers.gamma[s]) * base.output[n, s], numbers.fact[n, "value_added", s])
    close(base.goods_sold_elsewhere[ABROAD], numbers.fact[ABROAD, "exports", ""])
    close(base.goods_bought_elsewhere[ABROAD], numbers.fact[ABROAD, "imports", ""])
    abroad_ideas = given.knowledge["X", ABROAD] * passage(given, "ideas", "X", ABROAD) * given.research[ABROAD]
    close(abroad_ideas / ideas(given, "X"), numbers.foreign_ideas)


def test_the_free_scales_are_where_the_model_page_puts_them(base, given, numbers):
    people = sum(base.residents[n] for n in INSIDE)
    close(sum(base.residents[n] * math.log(given.b_bar[n]) for n in INSIDE) / people, 0.0, scale=1.0)
    close(given.b_bar[ABROAD], 1.0)
    for s in SECTORS:
        close(sum(base.residents[n] * math.log(base.price_index[n, s]) for n in INSIDE) / people, 0.0, scale=1.0)
    for n in PLACES:  # Σ α_s + α_H = 1 follows from the accounts
        close(sum(given.alpha[n, s] for s in SECTORS) + numbers.housing_share, 1.0)
