"""What each lever does to the numbers of the model page, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from bridgehead.errors import PolicyError
from bridgehead.kernels import matrix_of, passage_of, with_passage
from bridgehead.policy import (
    Amenity,
    Land,
    Link,
    Passage,
    Productivity,
    Registration,
    RentPools,
    Research,
    Scenario,
    TradeCost,
    Transfers,
    enact,
)


def after(baseline, *levers):
    return enact(Scenario("test", levers), baseline).given


def ratio(baseline, given, name):
    return np.asarray(given[name]) / np.asarray(baseline.given[name])


def trade_ratio(baseline, given):
    return np.asarray(matrix_of(given["trade"])) / np.asarray(matrix_of(baseline.given["trade"]))


# ------------------------------------------------------------------ passages
def test_one_way_opens_from_the_supplier_to_the_receiver_only(baseline, toy, index):
    given = after(baseline, Passage(flow="trade", level="regime", between=["B"], and_=["A"], one_way=True, set=1.0))
    new, old = (np.asarray(passage_of(x["trade"], "regime")) for x in (given, baseline.given))
    a, b = index(toy, "regime", "A"), index(toy, "regime", "B")
    assert (new[:, b, a] == 1.0).all()
    np.testing.assert_array_equal(new[:, a, b], old[:, a, b])


def test_a_sector_of_trade_opens_alone(baseline, toy, index):
    given = after(baseline, Passage(flow="trade", level="regime", between=["A"], and_=["B"], sector="tertiary", set=1.0))
    new, old = (np.asarray(passage_of(x["trade"], "regime")) for x in (given, baseline.given))
    a, b = index(toy, "regime", "A"), index(toy, "regime", "B")
    assert new[2, a, b] == new[2, b, a] == 1.0
    np.testing.assert_array_equal(new[:2], old[:2])


def test_the_same_list_twice_is_every_pair_among_them_and_never_the_diagonal(baseline, toy):
    names = ["A", "ZA", "B", "ZB"]
    given = after(baseline, Passage(flow="commuting", level="regime", between=names, and_=names, multiply=0.5))
    new, old = (np.asarray(passage_of(x["commuting"], "regime")) for x in (given, baseline.given))
    cells = [toy.jurisdictions("regime").index(name) for name in names]
    inner = np.ix_(cells, cells)
    np.testing.assert_array_equal(new[inner], np.where(np.eye(4, dtype=bool), old[inner], old[inner] / 2))


def test_spillover_passages_are_one_for_work_and_homes(baseline):
    given = after(baseline, Passage(flow="spillover", level="regime", between=["A"], and_=["B"], set=0.9))
    np.testing.assert_array_equal(passage_of(given["spillover"], "regime"), passage_of(given["amenity_spillover"], "regime"))


def test_a_passage_of_movers_changes_the_share_of_income_kept_by_its_root(baseline, toy):
    """D = kept^ν, so a passage f multiplies the share kept by f^(1/ν); first index the origin's regime."""
    one_way = Passage(flow="migration", level="regime", between=["A"], and_=["B"], one_way=True, multiply=0.5)
    change = ratio_kept(baseline, after(baseline, one_way))
    expected = np.ones_like(change)
    origins = np.asarray(toy.origins["regime"]) == "A"
    expected[np.ix_(origins, toy.members("regime", "B"))] = 0.5 ** (1 / 1.5)
    np.testing.assert_allclose(change, expected, rtol=1e-14)


def ratio_kept(baseline, given):
    new, old = (np.asarray(x["migration_kept"]) for x in (given, baseline.given))
    return np.where(old > 0, new / np.where(old > 0, old, 1), 1.0)


def test_opening_movers_wholly_leaves_what_is_kept_without_a_border(baseline, toy):
    given = after(baseline, Passage(flow="migration", level="regime", between=["A", "ZA"], and_=["B", "ZB"], open=1.0))
    inside_a, kept = toy.members("province", "B"), np.asarray(given["migration_kept"])
    g = toy.origin_names.index("A")
    np.testing.assert_allclose(kept[g, inside_a], toy.kept_income[g, inside_a], rtol=1e-13)


def test_people_cannot_be_let_in_from_where_nobody_moves(baseline):
    with pytest.raises(PolicyError, match="origin 'O2' to place 'ZA', although no chain of movers links them"):
        after(baseline, Registration(place="ZA", origins=["A", "O2"], set=1.0))


# ------------------------------------------------------------------ places
def test_land_for_homes_leaves_work(baseline, toy):
    given = after(baseline, Land(place="ZB", multiply=1.2, use="home"))
    np.testing.assert_allclose(ratio(baseline, given, "home_supply"), np.where(np.array(toy.place_ids) == "ZB", 1.2, 1.0))
    assert given["work_supply"] is baseline.given["work_supply"]


def test_land_without_a_use_is_for_both(baseline):
    given = after(baseline, Land(places=["ZA", "ZB"], multiply=1.2))
    for name in ("home_supply", "work_supply"):
        assert np.isclose(ratio(baseline, given, name), 1.2).sum() == 2


def test_productivity_of_a_jurisdiction_and_a_sector(baseline, toy):
    given = after(baseline, Productivity(in_={"level": "province", "is": "A"}, sector="tertiary", multiply=1.01))
    expected = np.ones((len(toy.place_ids), 3))
    expected[toy.members("province", "A"), 2] = 1.01
    np.testing.assert_allclose(ratio(baseline, given, "productivity_fundamental"), expected)


def test_research_amenity_and_transfers(rich_baseline, rich):
    given = after(rich_baseline, Research(place="ZA", add=500.0), Amenity(place="ZA", multiply=1.02), Transfers(multiply=0.0))
    here = np.array(rich.place_ids) == "ZA"
    np.testing.assert_allclose(np.asarray(given["research"]) - np.asarray(rich_baseline.given["research"]), np.where(here, 500.0, 0.0))
    np.testing.assert_allclose(ratio(rich_baseline, given, "amenity_fundamental"), np.where(here, 1.02, 1.0))
    assert not np.asarray(given["transfer_rate"]).any()


def test_registration_stops_at_one(baseline, toy):
    kept = np.asarray(after(baseline, Registration(places=["ZA", "ZB"], origins=["A"], multiply=2.0))["migration_kept"])
    old = np.asarray(baseline.given["migration_kept"])
    sides = [toy.place_ids.index(name) for name in ("ZA", "ZB")]
    g = toy.origin_names.index("A")
    np.testing.assert_allclose(kept[g, sides], np.minimum(1.0, 2 * old[g, sides]))
    assert kept[g, sides].max() == 1.0
    one, other = (
        Registration.model_validate({"place": "ZA", "origins": ["A"], **said}) for said in ({"kept_income": {"set": 0.9}}, {"set": 0.9})
    )
    assert one == other


def test_rent_pools_by_province_leave_outside_places_alone(baseline, toy):
    pools = np.asarray(after(baseline, RentPools(by="province"))["rent_pool"])
    assert pools.sum(axis=0).tolist() == [1.0] * len(toy.place_ids)
    assert sorted(pools.sum(axis=1).tolist()) == [1.0, 1.0, 6.0, 6.0]
    np.testing.assert_array_equal(pools[0].astype(bool), toy.members("province", "A"))


# ------------------------------------------------------------------ trade costs
def test_a_cheaper_way_to_a_place_is_both_ways_and_not_its_own(baseline, toy):
    change = trade_ratio(baseline, after(baseline, TradeCost(place="O2", multiply=0.9)))
    o2 = toy.place_ids.index("O2")
    expected = np.ones_like(change)
    factor = 0.9 ** -np.asarray(toy.arrays().theta)
    expected[:, o2, :] = expected[:, :, o2] = factor[:, None]
    expected[:, o2, o2] = 1.0
    np.testing.assert_allclose(change, expected, rtol=1e-12)


def test_places_cut_in_two_are_not_cheapened_among_themselves(baseline, toy):
    """A lever on a set of places is about the set's trade with others, as it is about a single place's."""
    change = trade_ratio(baseline, after(baseline, TradeCost(places=["A11", "A12"], multiply=0.9)))
    inner = np.ix_(range(3), [0, 1], [0, 1])
    np.testing.assert_array_equal(change[inner], np.ones((3, 2, 2)))
    assert (change[:, 0, 2:] > 1).all()


def test_a_gateway_cheapens_foreign_trade_by_its_share(rich_baseline, rich):
    lever = TradeCost(place="O2", via="rail", multiply=0.9)
    change = trade_ratio(rich_baseline, after(rich_baseline, lever))
    theta = np.asarray(rich.arrays().theta)
    o2, za = rich.place_ids.index("O2"), rich.place_ids.index("ZA")
    np.testing.assert_allclose(change[:, za, o2], (1 + 0.25 * (0.9 - 1)) ** -theta, rtol=1e-13)
    np.testing.assert_allclose(change[:, o2, za], change[:, za, o2])
    home = TradeCost(place="ZA", via="rail", multiply=0.9)
    away = trade_ratio(rich_baseline, after(rich_baseline, home))
    assert ((away != 1).sum(axis=(1, 2)) == 2).all()  # ZA with abroad, both ways, and no trade at home


def test_two_gateways_multiply(rich_baseline):
    both = after(rich_baseline, *(TradeCost(place="O2", via=way, multiply=0.9) for way in ("port", "rail")))
    each = [trade_ratio(rich_baseline, after(rich_baseline, TradeCost(place="O2", via=way, multiply=0.9))) for way in ("port", "rail")]
    np.testing.assert_allclose(trade_ratio(rich_baseline, both), each[0] * each[1], rtol=1e-12)


def test_between_takes_places_and_jurisdictions_and_one_way(baseline, toy):
    lever = TradeCost(between={"level": "province", "is": "B"}, and_=["O2"], one_way=True, sector=["secondary"], multiply=0.98)
    change = trade_ratio(baseline, after(baseline, lever))
    where = np.argwhere(change != 1.0)
    assert set(where[:, 0]) == {1}
    assert set(where[:, 1]) == set(np.flatnonzero(toy.members("province", "B")))
    assert set(where[:, 2]) == {toy.place_ids.index("O2")}


# ------------------------------------------------------------------ links
def test_a_link_brings_places_nearer_and_leaves_the_others(rich_baseline, rich):
    given = after(rich_baseline, Link(from_="A11", to="B11", minutes=3, mode="road"))
    old, new = (np.asarray(matrix_of(x["commuting"])) for x in (rich_baseline.given, given))
    a, b = rich.place_ids.index("A11"), rich.place_ids.index("B11")
    decay = rich_baseline.parameters["commuting_decay"]
    saved = np.asarray(rich.arrays().minutes)[a, b] - 3
    np.testing.assert_allclose(new[a, b] / old[a, b], np.exp(decay * saved), rtol=1e-12)
    assert (new >= old).all()
    outside = ~rich.inside
    np.testing.assert_array_equal(new[outside], old[outside])
    np.testing.assert_array_equal(np.diag(new), np.diag(old))


def test_two_links_of_one_trip_act_together(rich_baseline, rich):
    """Each half alone saves less than the sum: a trip takes both."""
    halves = (Link(from_="A11", to="A21", minutes=1, mode="rail"), Link(from_="A21", to="B11", minutes=1, mode="rail"))
    a, b = rich.place_ids.index("A11"), rich.place_ids.index("B11")

    def gain(*levers):
        new = np.asarray(matrix_of(after(rich_baseline, *levers)["commuting"]))
        return float(np.log(new[a, b] / np.asarray(matrix_of(rich_baseline.given["commuting"]))[a, b]))

    minutes = -gain(*halves) / rich_baseline.parameters["commuting_decay"] + np.asarray(rich.arrays().minutes)[a, b]
    np.testing.assert_allclose(minutes, 5 + 1 + 1 + 5)  # in, two stages without a change, out
    assert gain(*halves) == gain(*halves[::-1])
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(gain(*halves), gain(halves[0]) + gain(halves[1]))


# ------------------------------------------------------------------ refusals
@pytest.mark.parametrize(
    ("lever", "message"),
    [
        (Passage(flow="ideas", level="regime", between="A", and_="B", set=1.0), "no research_spending among its facts"),
        (Passage(flow="migration", level="prefecture", between="A1", and_="B1", set=1.0), "origins.csv has no such column"),
        (Passage(flow="trade", level="province", between="A", and_="B", set=1.0), "has no borders in this region"),
        (Passage(flow="trade", level="regim", between="A", and_="B", set=1.0), "Did you mean 'regime'?"),
        (Passage(flow="trade", level="regime", between="A", and_="BB", set=1.0), "Did you mean 'B'?"),
        (Passage(flow="trade", level="regime", between="A", and_="B", sector="tertary", set=1.0), "Did you mean 'tertiary'?"),
        (Land(place="ZB", add_km2=1.0), "has no construction_land among its facts"),
        (Land(place="a11", multiply=1.1), "Did you mean 'A11'?"),
        (Research(place="ZB", multiply=2.0), "no research_spending among its facts"),
        (Link(from_="A11", to="A12", minutes=3, mode="road"), "gives travel times as a table"),
        (TradeCost(place="O2", via="port", multiply=0.9), "no gateways.csv"),
        (TradeCost(between="B", and_="O2", multiply=0.9), 'write { level = "regime", is = "B" } in its stead'),
        (Registration(place="ZA", origins="C", set=1.0), "unknown origin 'C'"),
        (RentPools(by="provinces"), "Did you mean 'province'?"),
        (Productivity(place="A11", sector="primary", multiply=1.1), "no value added in primary at A11"),
    ],
)
def test_what_a_region_does_not_know_is_refused(baseline, lever, message):
    with pytest.raises(PolicyError) as error:
        after(baseline, lever)
    assert message.lower() in str(error.value).lower()


@pytest.mark.parametrize(
    ("lever", "message"),
    [
        (Land(places=["ZA", "ZB"], add_km2=1.0), "does not say how the land is shared"),
        (Land(place="ZB", add_km2=-1000.0), "takes more than the 26 km2 there are"),
        (Research(places=["ZA", "ZB"], add=1.0), "does not say how the money is shared"),
        (Research(place="ZA", add=-1e6), "takes more than the 1500 million a year that are spent"),
        (TradeCost(place="O2", via="prt", multiply=0.9), "Did you mean 'port'?"),
        (TradeCost(between="A11", and_="A12", via="port", multiply=0.9), "no pair of different places trades by the gateway 'port'"),
        (Link(from_="A11", to="O1", minutes=3, mode="road"), "lies outside the region"),
        (Link(from_="A11", to="A12", minutes=3, mode="metro"), "unknown mode 'metro'"),
    ],
)
def test_what_a_richer_region_does_not_allow_is_refused(rich_baseline, lever, message):
    with pytest.raises(PolicyError) as error:
        after(rich_baseline, lever)
    assert message.lower() in str(error.value).lower()


def test_a_passage_of_the_baseline_that_is_not_the_regions_is_the_one_that_opens(baseline, toy, index):
    """Borders are fitted: what is opened is the fitted passage, not the figure in borders.csv."""
    fitted = np.asarray(passage_of(baseline.given["commuting"], "regime")).copy()
    a, b = index(toy, "regime", "A"), index(toy, "regime", "B")
    fitted[a, b] = 0.04
    baseline.given["commuting"] = with_passage(baseline.given["commuting"], "regime", fitted)
    given = after(baseline, Passage(flow="commuting", level="regime", between="A", and_="B", open=0.5))
    np.testing.assert_allclose(passage_of(given["commuting"], "regime")[a, b], 0.2)
