"""The Yangtze region folder: complete, adding up to what is published, and consistent with itself."""

from __future__ import annotations

import importlib.util
import json
import tomllib
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely
from shapely.geometry import shape

from bridgehead.region import Region, read_region

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src" / "bridgehead" / "cases" / "yangtze" / "region"
FOUR = ("shanghai", "jiangsu", "zhejiang", "anhui")
PEOPLE = {"shanghai": 24_870_895, "jiangsu": 84_748_016, "zhejiang": 64_567_588, "anhui": 61_027_171}
VALUE_ADDED = {"shanghai": 38_700.58, "jiangsu": 102_718.98 * 1.0185, "zhejiang": 64_613.34, "anhui": 38_680.63}  # 100 m yuan
FLOWS = ("commuting", "trade", "migration", "spillover", "ideas")
SIDES = {"310116z": ("shanghai", "stc_sh", 42.0), "330482z": ("zhejiang", "stc_zj", 45.0)}
NEEDS = {
    "china": ("growth_pole", "coordination", "urbanisation", "innovation"),
    "shanghai": ("growth_points", "space", "urban_diseases", "innovation"),
    "zhejiang": ("growth_pole", "platform", "absorption", "innovation"),
}
STRATEGIES = {
    "china": ("integration", "innovation_driven", "belt_and_road"),
    "shanghai": ("serving_delta", "innovation_centre", "four_centers"),
    "zhejiang": ("with_shanghai", "resource_platform", "innovative_province"),
}
ZONES = ("zone.integration", "zone.innovation", "zone.urbanisation")


@pytest.fixture(scope="module")
def region() -> Region:
    return read_region(FOLDER)


def toml(name: str) -> dict:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def index(region: Region, place: str) -> int:
    return region.place_ids.index(place)


def test_there_are_335_places_of_which_307_inside(region):
    assert len(region.place_ids) == len(set(region.place_ids)) == 335
    assert region.inside.sum() == 307
    counts = {name: int(region.members("province", name).sum()) for name in FOUR}
    assert counts == {"shanghai": 17, "jiangsu": 95, "zhejiang": 91, "anhui": 104}  # Jinshan and Pinghu are two places each
    assert len(region.jurisdictions("prefecture")) == 41 + 3 + 28
    assert len(region.jurisdictions("regime")) == 4 + 2 + 28


@pytest.mark.parametrize("side", SIDES)
def test_a_side_is_its_own_jurisdiction_where_there_are_borders(region, side):
    province, name, _ = SIDES[side]
    for level in ("prefecture", "regime"):
        assert np.flatnonzero(region.members(level, name)).tolist() == [index(region, side)]
    assert region.members("province", province)[index(region, side)]
    assert region.members("county", side[:6]).sum() == 2


def test_kunshan_and_outside_places_stand_alone(region):
    assert np.flatnonzero(region.members("prefecture", "kunshan")).tolist() == [index(region, "320583")]
    for level in region.meta.levels:
        cells = region.cells(level)
        outside = cells[~region.inside]
        assert len(set(outside)) == 28
        assert not set(outside) & set(cells[region.inside])
    assert region.members("country", "china").sum() == 334


@pytest.mark.parametrize("province", FOUR)
def test_residents_match_the_census_to_the_person(region, province):
    assert region.fact("population")[region.members("province", province)].sum() == PEOPLE[province]


@pytest.mark.parametrize("province", FOUR)
def test_value_added_is_of_one_vintage(region, province):
    total = region.fact("value_added")[region.members("province", province)].sum() / 100.0
    assert total == pytest.approx(VALUE_ADDED[province], rel=3e-3)  # another vintage is 3 to 8 % away


def test_sectors_add_up_to_the_total_of_a_place(region):
    np.testing.assert_allclose(region.fact("value_added"), region.fact("gdp"), atol=6.0, rtol=2e-5)


def test_the_industrial_park_is_counted_once(region):
    total = region.fact("gdp") / 100.0  # 100 million yuan
    park, hosts = 2907.09, {"320506": 0.816, "320505": 0.184}
    per_head = {place: 1e4 * total[index(region, place)] / region.fact("population")[index(region, place)] for place in hosts}
    assert "320571" not in region.place_ids
    assert per_head["320506"] == pytest.approx(16.1, rel=0.02)  # 10,000 yuan; 5.8 without the park
    suzhou = region.members("prefecture", "suzhou_js") | region.members("prefecture", "kunshan")
    assert total[suzhou].sum() == pytest.approx(20_170.5, rel=3e-3)  # the prefecture's figure holds the park of 2,907 once
    assert park < total[[index(region, place) for place in hosts]].sum()


def test_observed_shares_of_value_added_are_those_the_readme_states(region):
    total, observed = region.fact("gdp"), region.status("gdp") == "observed"
    shares = [total[observed & mask].sum() / total[mask].sum() for mask in (region.inside, *(region.members("province", p) for p in FOUR))]
    np.testing.assert_allclose(shares, [0.56, 0.28, 0.68, 0.58, 0.50], atol=0.006)


def test_scaling_towards_city_wages_keeps_the_sum_and_halves_the_gap(region):
    census, model = region.fact("x_residents_census")[region.inside], region.fact("residents")[region.inside]
    assert model.sum() == census.sum() == 118_671_945
    bill, wage = region.fact("value_added")[region.inside], region.fact("x_city_wage")[region.inside]
    where = region.places["county"].str.slice(0, 4).to_numpy()[region.inside]  # statistical prefectures
    gaps = []
    for people in (census, model):
        ratio = [bill[where == p].sum() / people[where == p].sum() / wage[where == p][0] for p in dict.fromkeys(where)]
        gaps.append(np.log(ratio) - np.log(ratio[0]))
    np.testing.assert_allclose(gaps[1][1:], 0.5 * gaps[0][1:], atol=2e-2)  # labour shares differ a little by sector mix


def test_all_people_have_an_origin(region):
    arrays = region.arrays()
    assert len(region.origin_names) == 32
    assert arrays.origin_people.sum() == arrays.residents.sum()
    abroad = region.origin_names.index("abroad")
    assert arrays.origin_people[abroad] == arrays.residents[-1]
    kept = region.kept_income
    assert kept[abroad, :-1].max() == kept[np.arange(32) != abroad, -1].max() == 0.0
    assert kept[np.arange(32) != abroad, :-1].min() == kept[abroad, -1] == 1.0


def test_research_adds_up_to_the_provinces(region):
    spending = region.fact("research_spending")
    published = {"shanghai": 1615.7, "jiangsu": 3005.9, "zhejiang": 1859.9, "anhui": 883.2}
    for province, total in published.items():
        assert spending[region.members("province", province)].sum() / 100.0 == pytest.approx(total, rel=1e-6)
    assert spending[region.members("country", "china")].sum() / 100.0 == pytest.approx(24_393.1, abs=0.2)


def test_construction_land_is_a_rate_a_resident_and_fits_the_land(region):
    land, people = region.fact("construction_land"), region.fact("population")
    total = region.places["land_km2"].to_numpy()
    assert np.isnan(land[~region.inside]).all()
    assert (land[region.inside] <= 0.951 * total[region.inside]).all()
    for province in FOUR:
        rate = 129e-6 if province == "shanghai" else 200e-6
        mask = region.members("province", province)
        assert land[mask].sum() == pytest.approx(rate * people[mask].sum(), rel=1e-5)
    assert land[index(region, "310116z")] == pytest.approx(129e-6 * 42_500, abs=1e-3)
    assert land[index(region, "330482z")] == pytest.approx(200e-6 * 36_000, abs=1e-3)


def test_rents_and_supply_elasticities_follow_the_rules(region):
    arrays = region.arrays()
    inside = region.inside
    np.testing.assert_allclose(arrays.rent_home[inside], 0.02 * region.fact("home_price")[inside] / 365.0, atol=2e-5)
    np.testing.assert_array_equal(arrays.rent_work, arrays.rent_home)
    assert set(arrays.rent_home[~inside]) == {1.0}
    expected = np.where(region.members("province", "shanghai"), 0.2, np.where(region.members("county", "330482"), 1.0, 0.5))
    np.testing.assert_array_equal(arrays.supply_elasticity_home, expected)
    np.testing.assert_array_equal(arrays.supply_elasticity_work, expected)


def test_every_sector_is_left_some_final_demand(region):
    arrays = region.arrays()
    np.testing.assert_allclose(arrays.beta + arrays.gamma + arrays.omega.sum(0), 1.0, atol=1e-12)
    output = arrays.value_added / (arrays.beta + arrays.gamma)
    final = output.sum(0) - arrays.omega @ output.sum(0)
    abroad = arrays.own_consumption[-1] / arrays.own_consumption[-1].sum() * (arrays.value_added[-1].sum() + 3.7e6)
    assert ((final - abroad) / (final - abroad).sum() > 0.02).all()


def test_foreign_trade_is_chinas_mirrored(region):
    assert region.fact("exports")[-1] == 14_230_000.0  # million yuan: what China imports
    assert region.fact("imports")[-1] == 17_930_000.0
    iceberg = region.arrays().iceberg
    np.testing.assert_array_equal(iceberg[:-1, -1], iceberg[-1, :-1])
    assert iceberg[:-1, -1].min() > 5000**0.4
    assert np.isfinite(iceberg).all()
    shares = region.gateways.group_by("place").agg(pl.col("share").sum())
    assert shares.height == 334
    np.testing.assert_allclose(shares["share"], 1.0, atol=1e-12)


@pytest.mark.parametrize("level", ["prefecture", "regime"])
@pytest.mark.parametrize("flow", FLOWS)
def test_every_ordered_pair_has_its_passage(region, level, flow):
    rows = region.borders.filter((pl.col("level") == level) & (pl.col("flow") == flow))
    names = region.jurisdictions(level)
    assert rows.height == len(names) * (len(names) - 1)
    assert rows.select("receiver", "supplier").n_unique() == rows.height
    assert rows["passage"].is_between(0.0, 1.0).all()


@pytest.mark.parametrize("flow", FLOWS)
def test_sides_carry_their_hosts_passages(region, flow):
    for level, hosts in (("regime", ("shanghai", "zhejiang")), ("prefecture", ("shanghai", "jiaxing"))):
        passages = region.arrays().passages[flow, level]
        names = list(region.jurisdictions(level))
        for side, host in zip(("stc_sh", "stc_zj"), hosts, strict=True):
            i, j = names.index(side), names.index(host)
            np.testing.assert_array_equal(passages[..., i, :], passages[..., j, :])
            np.testing.assert_array_equal(passages[..., :, i], passages[..., :, j])
            assert (passages[..., i, j] == 1.0).all()


def test_provincial_passages_are_those_of_the_case(region):
    passages, names = region.arrays().passages, list(region.jurisdictions("regime"))
    here, there, far, abroad = (names.index(name) for name in ("shanghai", "zhejiang", "guangdong", "abroad"))
    assert np.log(passages["commuting", "regime"][here, there]) == pytest.approx(-0.77)
    assert passages["commuting", "regime"][here, far] == 0.0
    assert passages["trade", "regime"][0, here, far] == pytest.approx(1.19**-4)
    assert passages["trade", "regime"][0, here, abroad] == 1.0
    assert passages["migration", "regime"][here, there] == pytest.approx(2.0**-1.5)
    assert np.log(passages["ideas", "regime"][here, there]) == pytest.approx(-0.4)
    assert passages["ideas", "regime"][here, abroad] == 0.5


def test_travel_times_are_near_known_ones(region):
    minutes = region.arrays().minutes
    known = {  # minutes door to door; the node is a district's seat
        ("310112", "330102"): 106, ("310101", "330102"): 145, ("310106", "320102"): 150, ("310101", "320583"): 70,
        ("310116z", "310112"): 76, ("310116z", "310106"): 90, ("310116z", "310115"): 81, ("310116z", "330421"): 29,
    }  # fmt: skip
    for (a, b), wanted in known.items():
        assert minutes[index(region, a), index(region, b)] == pytest.approx(wanted, rel=0.12)
    inside = minutes[np.ix_(region.inside, region.inside)]
    assert np.isfinite(inside).all()
    np.testing.assert_allclose(inside, inside.T)


def test_no_link_crosses_water_without_a_crossing(region):
    wet = region.adjacency.filter(pl.col("across_water").is_not_null())
    dry = wet.filter(~pl.col("fixed_crossing").fill_null(value=False))
    assert (wet.height, dry.height) == (58, 33)
    road = region.links.filter(pl.col("mode").is_in(["road", "expressway"]))
    pairs = {frozenset(pair) for pair in road.select("from", "to").iter_rows()}
    assert not [pair for pair in dry.select("a", "b").iter_rows() if frozenset(pair) in pairs]


def test_polygons_are_a_coverage_of_the_inside(region):
    shapes = {item["properties"]["place"]: shape(item["geometry"]) for item in region.geometry["features"]}
    assert list(shapes) == list(np.array(region.place_ids)[region.inside])
    assert all(each.is_valid and not each.is_empty for each in shapes.values())
    assert shapely.coverage_is_valid(list(shapes.values()))
    assert (FOLDER / "geometry.geojson").stat().st_size < 1_500_000
    drawn = {item["properties"]["place"] for item in region.geometry["features"] if item["properties"]["drawn"] == "inferred"}
    assert drawn == {"310116z", "310116r", "330482z", "330482r"}
    assert "MIT" in json.dumps(region.geometry)
    assert "GCJ-02" in json.dumps(region.geometry)


def test_polygons_hold_the_land(region):
    scale = np.cos(np.radians(30.85)) * 111.32 * 110.85  # km2 of a square degree there
    for item in region.geometry["features"]:
        place = item["properties"]["place"]
        if place in SIDES:
            assert shape(item["geometry"]).area * scale == pytest.approx(SIDES[place][2], rel=0.015)
    seats = region.places.filter(~pl.col("outside"))
    far = []
    for item, (lon, lat) in zip(region.geometry["features"], seats.select("lon", "lat").iter_rows(), strict=True):
        if shape(item["geometry"]).distance(shapely.Point(lon, lat)) > 0.01:
            far.append(item["properties"]["place"])
    assert not far


def test_every_figure_has_a_source_and_a_status(region):
    facts = region.facts
    assert facts["source"].str.len_chars().min() > 0
    assert set(facts["status"]) == {"observed", "inferred"}
    assert not facts.filter(pl.col("source").str.contains("memory")).height
    assert all(parameter.source for parameter in region.parameters.values())


def test_moments_hold_the_observed_commuters(region):
    fit = region.moments.filter(pl.col("use") == "fit")
    values = dict(fit.select("name", "value").iter_rows())
    assert values["commuters_kunshan_to_shanghai"] == 36_826
    assert values["commuters_shanghai_to_kunshan"] == 16_442
    assert values["commuters_taicang_to_shanghai"] == 7_223
    assert values["commuters_shanghai_to_jiashan"] == 1_696
    assert fit.filter(pl.col("name").str.starts_with("commuters_"))["error"].null_count() == 0


def test_all_twelve_needs_are_measured():
    needs = toml("needs.toml")
    assert [need["id"] for need in needs["need"]] == [f"{who}.{name}" for who, names in NEEDS.items() for name in names]
    for need in needs["need"]:
        lines = [measure["line"] for measure in need["measure"]]
        assert {"1", "2"} <= set(lines)
        assert len(lines) == len(set(lines))
        assert need["name_zh"]
        assert need["quote"]
        assert need["quote_zh"]
        assert all({"function", "unit", "better", "name", "name_zh"} <= measure.keys() for measure in need["measure"])


def test_all_sets_of_the_needs_are_jurisdictions(region):
    for name, chosen in toml("needs.toml")["sets"].items():
        known = region.jurisdictions(chosen["level"])
        assert not [each for each in chosen["is"] if each not in known], name


def test_the_27_core_cities_are_whole(region):
    chosen = toml("needs.toml")["sets"]["core_cities"]["is"]
    mask = np.any([region.members("prefecture", name) for name in chosen], axis=0)
    codes = set(region.places.filter(pl.Series(mask))["county"].str.slice(0, 4))
    assert len({code if not code.startswith("31") else "31" for code in codes}) == 27


def test_all_strategies_and_zones_have_levers():
    strategies = toml("strategies.toml")["strategy"]
    assert [each["id"] for each in strategies] == [f"{who}.{name}" for who, names in STRATEGIES.items() for name in names]
    zones = toml("zones.toml")
    assert tuple(each["id"] for each in zones["zone"]) == ZONES == tuple(zones["joint"]["zones"])
    assert zones["joint"]["id"] == "sci_tech_city"
    for each in (*strategies, *zones["zone"]):
        assert each["lever"], each["id"]
        assert each["name_zh"]
        assert each["quote_zh"]
        assert each["describe_zh"]
        assert all(lever["source"] for lever in each["lever"])


def test_the_phase_one_land_is_7054_mu():
    zone = next(each for each in toml("zones.toml")["zone"] if each["id"] == "zone.urbanisation")
    added = {lever["place"]: lever["add_km2"] for lever in zone["lever"] if lever["lever"] == "land"}
    assert added == {"330482z": pytest.approx(6889 / 1500, abs=1e-6), "310116z": pytest.approx(165 / 1500, abs=1e-6)}


def test_registration_lifts_the_provincial_passage_for_every_mainland_origin(region):
    zone = next(each for each in toml("zones.toml")["zone"] if each["id"] == "zone.urbanisation")
    lever = next(each for each in zone["lever"] if each["lever"] == "passage")
    assert (lever["flow"], lever["level"], lever["set"], lever["one_way"]) == ("migration", "regime", 1.0, True)
    assert sorted(lever["between"]) == sorted(set(region.origin_names) - {"abroad"})
    assert lever["and"] == ["stc_sh", "stc_zj"]


def test_gcj02_is_inverted_exactly():
    spec = importlib.util.spec_from_file_location("gcj02", ROOT / "tools" / "yangtze" / "gcj02.py")
    gcj02 = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gcj02)
    points = np.random.default_rng(1).uniform([116.0, 27.0], [123.0, 36.0], size=(500, 2))
    shifted = gcj02.from_wgs84(points)
    assert 0.002 < np.abs(shifted - points).max() < 0.01  # some hundred metres
    np.testing.assert_allclose(gcj02.to_wgs84(shifted), points, atol=6e-8)
