"""Public budgets: the accounts meet what is observed, add up over governments, and follow the rules of the file."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from bridgehead.appraise.budgets import bases, by_government, calibrated
from bridgehead.appraise.context import World
from bridgehead.appraise.engine import ENGINE, Runner
from bridgehead.appraise.fiscal import TIERS, fiscal_rules, parse_rules
from bridgehead.appraise.sharing.players import owners, players_of
from bridgehead.errors import DataError

ROUND_OFF = 1e-12


@pytest.fixture(scope="module")
def ledger(books):
    return calibrated(Runner.of(books).world)


def test_accounts_meet_the_observed_revenue_of_every_place(ledger, books_region):
    revenue = ledger.revenue(ledger.world)
    local = sum(parts[tier] for parts in revenue.values() for tier in TIERS if tier != "centre")
    fact = books_region.fact("budget_revenue")
    known = np.isfinite(fact)
    np.testing.assert_allclose(local[known], fact[known], rtol=ROUND_OFF)
    assert len(ledger.residuals) == known.sum()


def test_residuals_are_those_of_the_provinces_mean_effort(ledger):
    for province in ("A", "B"):
        rows = [row for row in ledger.residuals if row["province"] == province]
        assert sum(row["accounts"] for row in rows) == pytest.approx(sum(row["observed"] for row in rows))
        assert all(row["log_gap"] == pytest.approx(np.log(row["accounts"] / row["observed"])) for row in rows)


def test_the_centre_takes_its_part_of_every_tax(ledger):
    for tax in ledger.rules.taxes:
        parts = ledger.revenue(ledger.world)[tax.id]
        whole = sum(parts.values())
        np.testing.assert_allclose(parts["centre"], tax.central * whole, rtol=1e-12)
        expected = ledger.effort * ledger.rates[tax.id] * bases(ledger.world)[tax.base]
        np.testing.assert_allclose(whole, expected, rtol=1e-12)


def test_nothing_is_levied_abroad(ledger, books_region):
    abroad = books_region.index("O2")
    assert all(parts[tier][abroad] == 0.0 for parts in ledger.revenue(ledger.world).values() for tier in TIERS)


def test_the_baseline_changes_no_budget(ledger):
    assert all((amount == 0).all() for parts in ledger.change(ledger.world).values() for amount in parts.values())


def test_money_is_at_baseline_prices_and_so_the_same_in_another_numeraire(ledger, books):
    doubled = dict(books.equilibrium.state)
    for name in ("wage", "output", "income", "consumer_price"):
        doubled[name] = 2.0 * doubled[name]

    class Twice:
        state, given, certificate = doubled, books.equilibrium.given, books.equilibrium.certificate

    change = ledger.change(World(books, Twice, ENGINE))
    size = max(np.abs(amount).max() for parts in ledger.revenue(ledger.world).values() for amount in parts.values())
    assert max(np.abs(amount).max() for parts in change.values() for amount in parts.values()) <= 1e-12 * size


def test_books_of_governments_add_up_whoever_keeps_them(ledger, books_region, town):
    """B alone has what B and its city have apart."""
    totals = []
    for asked in (["A", "B", "home"], ["A", "B", "B1", "home"]):
        players = players_of(books_region, town, asked)
        held = by_government(ledger.revenue(ledger.world), owners(players, len(books_region.place_ids)), len(players))
        totals.append(dict(zip(asked, sum(held.values()), strict=True)))
    assert totals[0]["A"] == pytest.approx(totals[1]["A"])
    assert totals[0]["home"] == pytest.approx(totals[1]["home"])
    assert totals[0]["B"] == pytest.approx(totals[1]["B"] + totals[1]["B1"])


def test_a_provinces_total_leaves_the_rest_to_the_upper_tiers(books_region, books, monkeypatch):
    raw = copy.deepcopy(books_region.fiscal)
    counties = books_region.fact("budget_revenue")[books_region.members("province", "A")].sum()
    raw["local_total"] = {"A": {"value": 1.25 * float(counties), "source": "test"}}
    monkeypatch.setattr("bridgehead.appraise.budgets.fiscal_rules", lambda region: parse_rules(raw, region))
    found = calibrated(Runner.of(books).world)
    here = books_region.members("province", "A")
    parts = found.revenue(found.world)
    sums = {tier: sum(tax[tier][here].sum() for tax in parts.values()) for tier in TIERS}
    assert sums["county"] == pytest.approx(counties)
    assert sums["prefecture"] == pytest.approx(sums["province"])
    assert sums["county"] + sums["prefecture"] + sums["province"] == pytest.approx(1.25 * counties)
    assert found.totals[0]["log_gap"] == pytest.approx(0.0, abs=1e-12)
    raw["local_total"]["A"]["value"] = 0.5 * float(counties)
    with pytest.raises(DataError, match=r"local_total of 'A' is .* at least the .* of its counties"):
        calibrated(Runner.of(books).world)


def test_every_fault_of_the_file_is_listed(books_region):
    raw = copy.deepcopy(books_region.fiscal)
    raw["fromat"] = 1
    raw["tax"][0]["central"] = 1.5
    raw["tax"][1]["base"] = "profits"
    raw["tax"][2]["sorce"] = "x"
    raw["government"][0]["tier"] = "nation"
    raw["cost"][0]["id"] = "bridges"
    with pytest.raises(DataError) as raised:
        parse_rules(raw, books_region)
    said = str(raised.value)
    for part in ("unknown key 'fromat'", "[[tax]] 1", "[[tax]] 2", "'sorce'", "[[government]] 1", "[[cost]] 1"):
        assert part in said, said


def test_parts_of_the_file_must_fit_each_other_and_the_region(books_region):
    raw = copy.deepcopy(books_region.fiscal)
    raw["tax"][0]["revenue"] = 5.0
    raw["local_total"] = {"C": {"value": 1.0, "source": "test"}}
    raw["land_sales"]["compensation"]["value"] = 1.5
    raw["government"][3]["is"] = ["B9"]
    raw["sharing"]["equity"] = {"Bee": 1.0}
    raw["sharing"]["zone"] = {"level": "regim", "is": ["ZA"]}
    with pytest.raises(DataError) as raised:
        parse_rules(raw, books_region)
    said = str(raised.value)
    for part in (
        "tax 'value_added_tax' gives both; expected `revenue` or `rate`", "unknown province 'C'", "compensation is 1.5; expected a share",
        "[[government]] B1: `is` names no jurisdiction of level 'prefecture': 'B9'", "equity of 'Bee', which keeps no books",
        "unknown level 'regim'. Did you mean 'regime'?",
    ):  # fmt: skip
        assert part in said, said


def test_a_region_in_yuan_without_rules_gets_the_nations_and_others_none(books_region):
    from dataclasses import replace

    plain = replace(books_region, fiscal=None)
    assert not fiscal_rules(plain).own
    assert fiscal_rules(books_region).own
    euro = replace(plain, meta=plain.meta.model_copy(update={"currency": "euro"}))
    with pytest.raises(DataError, match=r"has no fiscal\.toml, so there are no public budgets; add it .*--value welfare"):
        fiscal_rules(euro)


def test_land_and_research_cost_what_the_file_says(shared):
    """Land: a fifth of ZB's construction land at 10 a km2; research: 0.2 of what is added, four tenths of it the centre's."""
    ledger, region = shared.table.ledger, shared.table.runner.baseline.region
    done = shared.together
    km2 = 0.2 * region.fact("construction_land")[region.index("ZB")]
    assert done.once["land_development"] == pytest.approx([0.0, -10.0 * km2, 0.0])
    assert done.items["land_development"] == pytest.approx(done.once["land_development"] * ledger.annuity)
    added = sum(region.fact("research_spending")[region.index(side)] for side in ("ZA", "ZB"))
    assert done.items["research_subsidy"].sum() == pytest.approx(-0.2 * added)
    assert done.items["research_subsidy"][2] == pytest.approx(-0.08 * added)
    assert done.items["land_sales"][0] == 0.0
    assert done.items["land_sales"][1] > 0.0


def test_land_is_sold_for_the_rent_of_its_floor_space(shared):
    """A fifth more floor space at ZB is a sixth of all there is: half of its rent is the land's, 52 % of that is paid back, and
    buyers pay 20 years of it at 4 % at once."""
    region, done = shared.table.runner.baseline.region, shared.together
    solved = shared.table.runner.solve(shared.scenario)
    state, given, here = solved.equilibrium.state, solved.equilibrium.given, region.index("ZB")
    rents = state["income"][here] * float(given["housing_share"]) + state["output"][here] @ given["floor_share"]
    price = shared.table.runner.world.state["consumer_price"][here] / state["consumer_price"][here]
    yearly = float(rents * price) / 6.0 * 0.5 * 0.48
    assert done.items["land_sales"][1] == pytest.approx(yearly, rel=1e-9)
    assert done.once["land_sales"][1] == pytest.approx(sum(yearly * 1.04**-t for t in range(1, 21)), rel=1e-9)


def test_land_sales_need_both_their_numbers(books_region):
    raw = copy.deepcopy(books_region.fiscal)
    del raw["land_sales"]["compensation"]
    raw["finance"]["years"] = 7.5
    with pytest.raises(DataError) as raised:
        parse_rules(raw, books_region)
    assert "`years` is 7.5" in str(raised.value)
    raw["finance"]["years"] = 7
    with pytest.raises(DataError, match=r"compensation is missing\. Give both"):
        parse_rules(raw, books_region)
