"""Every fault of a region folder by its text: cause, file and row, what was expected, cure; and all of them at once."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from bridgehead.errors import DataError
from bridgehead.region import read_region

RESIDENTS = "A11,residents,,2023,1460182,person"
RENT = 'A12,rent_home,,2023,1.9,yuan/(m2 day),"toy, seed 20261123",,observed\n'

# name -> file, old text, new text, and the faults it must give, whole
CASES: dict[str, tuple[str, str, str, list[str]]] = {
    "negative residents": (
        "facts.csv",
        RESIDENTS,
        "A11,residents,,2023,-5,person",
        ["facts.csv:2: residents of 'A11' is -5 person; expected above 0. Correct or drop the row"],
    ),
    "outside place without residents": (
        "facts.csv",
        "O1,residents,,2023,76937309",
        "O1,residents,,2023,0",
        ["facts.csv:98: residents of 'O1' is 0 person; expected above 0. Correct or drop the row"],
    ),
    "negative value added": (
        "facts.csv",
        "primary,2023,1673.9829",
        "primary,2023,-1673.9829",
        ["facts.csv:11: value_added of 'A12' in primary is -1673.98 million_yuan/year; expected at least 0. Correct or drop the row"],
    ),
    "not a number": (
        "facts.csv",
        "2023,1460182,person",
        "2023,n/a,person",
        ["facts.csv:2: value is 'n/a'; expected a number with a decimal point and no thousands separators"],
    ),
    "nan": (
        "facts.csv",
        "2023,1460182,person",
        "2023,NaN,person",
        ["facts.csv:2: value is 'NaN'; expected a number with a decimal point and no thousands separators"],
    ),
    "thousands separators": (
        "facts.csv",
        "2023,1460182,person",
        '2023,"1,460,182",person',
        ["facts.csv:2: value is '1,460,182'; expected a number with a decimal point and no thousands separators"],
    ),
    "empty cell": (
        "places.csv",
        "A11,Place A11,120.124,30.7703,90,A",
        "A11,Place A11,120.124,30.7703,,A",
        ["places.csv:2: land_km2 is empty; expected a value in every row"],
    ),
    "no land": (
        "places.csv",
        "30.7703,90,A",
        "30.7703,0,A",
        ["places.csv:2: land_km2 is 0; expected above 0"],
    ),
    "one coordinate": (
        "places.csv",
        "120.124,30.7703",
        "120.124,",
        ["places.csv:2: 'A11' has no lat; expected both lon and lat, or neither"],
    ),
    "latitude beyond the pole": (
        "places.csv",
        "120.124,30.7703",
        "30.7703,120.124",
        ["places.csv:2: lat is 120.124; expected at least -90 and at most 90"],
    ),
    "no jurisdiction": (
        "places.csv",
        "90,A,A1,A,home",
        "90,A,,A,home",
        ["places.csv:2: prefecture is empty; expected a value in every row"],
    ),
    "unknown unit": (
        "facts.csv",
        "1460182,person",
        "1460182,persn",
        ["facts.csv:2: unknown unit 'persn' of residents; expected person or a unit it can be converted from. Did you mean 'person'?"],
    ),
    "unit of another dimension": (
        "facts.csv",
        "3.2,yuan/(m2 day)",
        "3.2,million_yuan/year",
        [
            "facts.csv:6: unknown unit 'million_yuan/year' of rent_home; expected yuan/(m2 day) or a unit it can be "
            "converted from. 'million_yuan/year' is a unit of money"
        ],
    ),
    "unknown variable": (
        "facts.csv",
        "A11,supply_elasticity_home",
        "A11,suply_elasticity_home",
        [
            "facts.csv:8: unknown variable 'suply_elasticity_home'. Did you mean 'supply_elasticity_home'? "
            "A variable of your own begins with x_",
            "facts.csv: 1 place lacks supply_elasticity_home: A11; expected a row for each place. "
            "Take the region's usual value, with status inferred",
        ],
    ),
    "unknown status": (
        "facts.csv",
        "employed residents,observed",
        "employed residents,obsreved",
        ["facts.csv:2: status is 'obsreved'; expected observed or inferred. Did you mean 'observed'?"],
    ),
    "missing rent": (
        "facts.csv",
        RENT,
        "",
        [
            "facts.csv: 1 place lacks rent_home: A12; expected a row for each place. "
            "Take the rent of the prefecture, with status inferred, or drop the place"
        ],
    ),
    "missing sector": (
        "facts.csv",
        "A12,value_added,primary",
        "A12,value_added,",
        [
            "facts.csv:11: value_added of 'A12' has no sector; expected one of primary, secondary, tertiary",
            "facts.csv: 1 place lacks value_added in primary: A12; expected a row for each place. Write 0 where the sector is absent",
        ],
    ),
    "unknown sector": (
        "facts.csv",
        "A12,value_added,primary",
        "A12,value_added,primry",
        [
            "facts.csv:11: unknown sector 'primry' in column 'sector'. Did you mean 'primary'?",
            "facts.csv: 1 place lacks value_added in primary: A12; expected a row for each place. Write 0 where the sector is absent",
        ],
    ),
    "duplicate with another value": (
        "facts.csv",
        RENT,
        RENT + RENT.replace("1.9", "2.5"),
        [
            "facts.csv:15: place 'A12', variable 'rent_home', year '2023' is given 2 times with different values "
            "(value 1.9, 2.5), first in row 14; expected one row each. Keep the right one"
        ],
    ),
    "duplicate": (
        "travel.csv",
        "A11,A12,21.005\n",
        "A11,A12,21.005\nA11,A12,21.005\n",
        ["travel.csv:4: home 'A11', work 'A12' is given 2 times, first in row 3; expected one row each. Delete all but one"],
    ),
    "duplicate place": (
        "places.csv",
        "A12,Place A12",
        "A11,Place A11,120.124,30.7703,90,A,A1,A,home,false,delta\nA12,Place A12",
        ["places.csv:3: place 'A11' is given 2 times, first in row 2; expected one row each. Delete all but one"],
    ),
    "unknown column": (
        "places.csv",
        "land_km2",
        "land_km",
        [
            "places.csv:1: unknown column 'land_km'. Did you mean 'land_km2'?",
            "places.csv:1: column 'land_km2' is missing; expected columns place, name, name_zh, lon, lat, land_km2, "
            "province, prefecture, regime, country, outside, rent_pool, note",
        ],
    ),
    "flag": (
        "places.csv",
        "home,false,delta",
        "home,no way,delta",
        ["places.csv:2: outside is 'no way'; expected true or false"],
    ),
    "exports of an inside place": (
        "facts.csv",
        "O1,exports",
        "A11,exports",
        [
            "facts.csv: 'A11' is inside and has exports or imports; expected these two of outside places only. "
            "Name what a place sells abroad foreign_exports or foreign_imports",
            "facts.csv: 'O1' has no exports; expected exports and imports, or neither",
        ],
    ),
    "migration people": (
        "origins.csv",
        "A,A,3241664",
        "A,A,3341664",
        [
            "origins.csv: the people of all origins are 462,491,607, the residents of all places 462,391,607; expected "
            "the same number, within 1e-06 of it. Scale the origins to the residents"
        ],
    ),
    "kept income above one": (
        "migration_costs.csv",
        "A,A11,0.983454",
        "A,A11,1.2",
        ["migration_costs.csv:2: kept_income is 1.2; expected at least 0 and at most 1"],
    ),
    "missing pair of migration": (
        "migration_costs.csv",
        "A,A12,0.913805\n",
        "",
        ["migration_costs.csv: no kept income from origin to place for A–A12; expected a row for every pair. Write 0 where nobody moves"],
    ),
    "negative passage": (
        "borders.csv",
        "regime,commuting,A,B,0.22",
        "regime,commuting,A,B,-0.22",
        ["borders.csv:3: passage is -0.22; expected at least 0"],
    ),
    "missing pair of a border": (
        "borders.csv",
        "regime,commuting,A,B,0.22\n",
        "",
        [
            "borders.csv: no commuting passage at level regime, receiver to supplier, for A–B; expected a row for "
            "every "
            "pair. Write 1 where there is no border"
        ],
    ),
    "unknown flow": (
        "borders.csv",
        "regime,commuting,A,B,0.22",
        "regime,comuting,A,B,0.22",
        [
            "borders.csv:3: flow is 'comuting'; expected commuting or trade or migration or spillover or ideas. Did you mean 'commuting'?",
            "borders.csv: no commuting passage at level regime, receiver to supplier, for A–B; expected a row for "
            "every "
            "pair. Write 1 where there is no border",
        ],
    ),
    "unknown jurisdiction": (
        "borders.csv",
        "regime,commuting,A,B,0.22",
        "regime,commuting,A,Z,0.22",
        [
            "borders.csv:3: unknown regime 'Z' in column 'supplier'. Did you mean 'ZB'?",
            "borders.csv: no commuting passage at level regime, receiver to supplier, for A–B; expected a row for "
            "every "
            "pair. Write 1 where there is no border",
        ],
    ),
    "level without borders": (
        "borders.csv",
        "regime,commuting,A,ZA,1.0",
        "province,commuting,A,B,1.0\nregime,commuting,A,ZA,1.0",
        ["borders.csv:2: unknown bordered level 'province' in column 'level'. Known are: prefecture, regime"],
    ),
    "border with itself": (
        "borders.csv",
        "regime,commuting,A,ZA,1.0",
        "regime,commuting,A,A,0.5\nregime,commuting,A,ZA,1.0",
        ["borders.csv:2: the passage from 'A' to itself is 0.5; expected 1, or no row: inside a jurisdiction there is no border"],
    ),
    "ideas without research": (
        "borders.csv",
        "regime,commuting,A,ZA,1.0",
        "regime,ideas,A,ZA,1.0\nregime,commuting,A,ZA,1.0",
        [
            "borders.csv:2: passages of ideas are given (1 rows), but no research_spending. "
            "Give research_spending in facts.csv, or drop these rows"
        ],
    ),
    "minutes": (
        "travel.csv",
        "A11,A12,21.005",
        "A11,A12,0",
        ["travel.csv:3: minutes is 0; expected above 0"],
    ),
    "commuting outside": (
        "travel.csv",
        "A11,A12,21.005",
        "A11,A12,21.005\nA11,O1,900",
        ["travel.csv:4: 'O1' in column 'work' is an outside place; expected inside places: nobody commutes to or from others"],
    ),
    "cost shares": (
        "sectors.csv",
        "primary,0.45,0.1",
        "primary,0.45,0.2",
        [
            "sectors.csv:2: the cost shares of 'primary' add up to 1.1 (labour 0.45 + floor space 0.2 + inputs 0.45); "
            "expected 1, within 1e-9. Mend one of the shares"
        ],
    ),
    "trade elasticity": (
        "sectors.csv",
        "0.1,5,0.0",
        "0.1,-5,0.0",
        ["sectors.csv:2: trade_elasticity is -5; expected above 0"],
    ),
    "missing input share": (
        "input_output.csv",
        "primary,tertiary,0.02\n",
        "",
        ["input_output.csv: no input share for primary–tertiary; expected a row for every pair. Write 0 for an input that is not used"],
    ),
    "nu above epsilon": (
        "parameters.toml",
        "value = 1.5\nlow = 1.0\nhigh = 3.3",
        "value = 5.0\nlow = 1.0\nhigh = 6.0",
        [
            "parameters.toml:7: home_dispersion (nu) is 5, above workplace_dispersion (epsilon), 4.6; expected nu at "
            "most epsilon: workplaces are closer substitutes than homes"
        ],
    ),
    "housing share": (
        "parameters.toml",
        "value = 0.25\nlow = 0.2\nhigh = 0.4",
        "value = 0.25\nlow = 0.0\nhigh = 0.4",
        ["parameters.toml:19: housing_share.low is 0; expected above 0 and below 1"],
    ),
    "value outside its range": (
        "parameters.toml",
        "value = 0.07",
        "value = 0.7",
        [
            "parameters.toml:12: the value of commuting_decay, 0.7, lies outside its range 0.05 to 0.1; expected low, "
            "value and high in rising order"
        ],
    ),
    "unknown parameter": (
        "parameters.toml",
        "[amenity_decay]",
        "[amenity_dekay]",
        [
            "parameters.toml:32: unknown parameter 'amenity_dekay'. Did you mean 'amenity_decay'? A parameter of your own begins with x_",
            "parameters.toml: parameter 'amenity_decay' is missing. Write [amenity_decay] with value, low, high, "
            "source "
            "(rho: decay of amenity spillovers a minute)",
        ],
    ),
    "unknown key of a parameter": (
        "parameters.toml",
        "value = 4.6\nlow = 3.0",
        "value = 4.6\nlov = 3.0",
        ["parameters.toml:4: unknown key 'workplace_dispersion.lov'. Did you mean 'low'?"],
    ),
    "parameter without source": (
        "parameters.toml",
        'source = "toy"\n',
        'source = ""\n',
        ["parameters.toml:22: 'productivity_decay' has no source. Write where it comes from, or 'assumption'"],
    ),
    "unknown closure": (
        "region.toml",
        'trade = "gravity"',
        'trade = "gravty"',
        ["region.toml:12: closures.trade = 'gravty' is not known; expected gravity or free_trade. Did you mean 'gravity'?"],
    ),
    "absentee landlords": (
        "region.toml",
        'rents = "portfolio"',
        'rents = "absentee_landlords"',
        [
            "region.toml: absentee landlords with gravity trade: what they earn leaves, and goods markets do not "
            "clear; "
            'expected rents = "portfolio" or "local_landlords". Or set trade = "free_trade"'
        ],
    ),
    "unknown key": (
        "region.toml",
        'congestion = "none"',
        'congestoin = "none"',
        ["region.toml:16: unknown key 'closures.congestoin'. Did you mean 'congestion'?"],
    ),
    "missing key": (
        "region.toml",
        'currency = "yuan"\n',
        "",
        ["region.toml: key 'currency' is missing. Write currency = …"],
    ),
    "format": (
        "region.toml",
        "format = 1",
        "format = 2",
        ["region.toml:1: format = 2 is not known; expected 1. Known are: 1"],
    ),
    "not TOML": (
        "region.toml",
        "format = 1",
        "format = ",
        ["region.toml: the file is not valid TOML: Invalid value (at line 1, column 10). Mend the line it names"],
    ),
    "unknown bordered level": (
        "region.toml",
        'bordered_levels = ["prefecture", "regime"]',
        'bordered_levels = ["prefecture", "regime", "provinz"]',
        ["region.toml: bordered level 'provinz' is not among levels. Did you mean 'province'?"],
    ),
    "a level without a column": (
        "region.toml",
        'levels = ["province",',
        'levels = ["county", "province",',
        [
            "places.csv:1: column 'county' is missing; expected columns place, name, name_zh, lon, lat, land_km2, "
            "county, province, prefecture, regime, country, outside, rent_pool, note"
        ],
    ),
    "jobs wanted": (
        "region.toml",
        '"residents_and_value_added"',
        '"residents_jobs_and_wages"',
        [
            "facts.csv: 12 places lack jobs (inversion = residents_jobs_and_wages): A11, A12, A13, A21, A22, … (12 in "
            "all); expected a row for each place. Write them or choose another inversion",
            "facts.csv: 12 places lack wage (inversion = residents_jobs_and_wages): A11, A12, A13, A21, A22, … (12 in "
            "all); expected a row for each place. Write them or choose another inversion",
        ],
    ),
    "congestion without links": (
        "region.toml",
        'congestion = "none"',
        'congestion = "links"',
        ['region.toml: congestion = "links" needs links.csv. Give links.csv or set congestion = "none"'],
    ),
    "taxes": (
        "region.toml",
        'government = "none"\ncongestion = "none"',
        'government = "taxes"\ncongestion = "none"\n[split]\nprovince = 0.5\ncounty = 0.4\n[rates.land]\nA11 = 1.5',
        [
            "region.toml: unknown level 'county' in [split]. Did you mean 'country'?",
            "region.toml: the shares of [split] add up to 0.9; expected 1",
            "region.toml: [rates.value_added] has no rate for 14 places: A11, A12, A13, A21, A22, …; expected a rate "
            "for "
            "every place. Write 0 where nothing is levied",
            "region.toml: [rates.earnings] has no rate for 14 places: A11, A12, A13, A21, A22, …; expected a rate for "
            "every place. Write 0 where nothing is levied",
            "region.toml: [rates.land] has no rate for 13 places: A12, A13, A21, A22, ZA, …; expected a rate for every "
            "place. Write 0 where nothing is levied",
            "region.toml: the rate of 'A11' in [rates.land] is 1.5; expected from 0, below 1",
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_told_with_place_wish_and_cure(name, edit, faults):
    file, old, new, expected = CASES[name]
    edit(file, old, new)
    assert faults() == expected


# name -> file, its whole content, and the faults it must give
FILES: dict[str, tuple[str, str, list[str]]] = {
    "unknown file": (
        "fact.csv",
        "place\n",
        ["fact.csv: unknown file 'fact.csv'. Did you mean 'facts.csv'? Notes may be .md or .txt files or lie in a folder of their own"],
    ),
    "links beside travel times": (
        "links.csv",
        "from,to,mode,minutes,opened\nA11,A12,road,5,\n",
        ["travel.csv, links.csv: travel times and links are both given; expected one of them. Delete the other"],
    ),
    "consumption": (
        "consumption.csv",
        "place,sector,share\nO2,primary,0.5\nO2,secondary,0.1\nO2,tertiary,0.1\nA11,primary,1\nO1,primary,1\n",
        [
            "consumption.csv:5: 'A11' is inside and cannot have consumption shares of its own; expected outside "
            "places; "
            "inside ones share theirs",
            "consumption.csv: 'A11' has no consumption share of secondary, tertiary; expected all sectors",
            "consumption.csv: 'O1' has no consumption share of secondary, tertiary; expected all sectors",
            "consumption.csv: the consumption shares of 'O2' add up to 0.7; expected 1: shares of what it spends on "
            "goods, "
            "housing left out",
        ],
    ),
    "gateways": (
        "gateways.csv",
        "place,gateway,share\nA11,port,0.9\nA11,rail,0.2\nA1,port,1\n",
        [
            "gateways.csv:4: unknown place 'A1' in column 'place'. Did you mean 'A21'?",
            "gateways.csv:2: the gateway shares of 'A11' add up to 1.1; expected 1",
        ],
    ),
    "moments": (
        "moments.csv",
        "name,from,to,value,unit,year,status,source,use\nx,A11+B1,A,5,person,2021,observed,s,fitt\ny,A,C,5,person,2021,observed,s,fit\n",
        [
            "moments.csv:2: use is 'fitt'; expected fit or check. Did you mean 'fit'?",
            "moments.csv:3: unknown place or jurisdiction 'C' in column 'to'. Known are: A, A1, A11, A12, A13, A2, "
            "A21, A22, "
            "… Several are joined by +",
        ],
    ),
    "observed commuting": (
        "commuting.csv",
        "home,work,people\nA11,A12,-3\nA11,O1,4\n",
        [
            "commuting.csv:2: people is -3; expected at least 0",
            "commuting.csv:3: 'O1' in column 'work' is an outside place; expected inside places: nobody commutes to or from others",
        ],
    ),
    "adjacency": (
        "adjacency.csv",
        "a,b,shared_km,across_water,fixed_crossing\nA11,A99,4,,maybe\n",
        [
            "adjacency.csv:2: fixed_crossing is 'maybe'; expected true or false",
            "adjacency.csv:2: unknown place 'A99' in column 'b'. Known are: A11, A12, A13, A21, A22, ZA, ZB, B11, …",
        ],
    ),
    "totals": (
        "totals.csv",
        "level,jurisdiction,variable,sector,year,value,unit,source\nprovince,C,residents,,2023,5,"
        "person,s\nprovinze,A,residents,,2023,5,person,s\n",
        [
            "totals.csv:3: unknown level 'provinze' in column 'level'. Did you mean 'province'?",
            "totals.csv:2: unknown province 'C' in column 'jurisdiction'. Known are: A, B, O1, O2",
        ],
    ),
    "semicolons": (
        "gateways.csv",
        "place;gateway;share\nA11;port;1\n",
        ["gateways.csv:1: the cells are separated by semicolons; expected commas. Save it with commas between the cells"],
    ),
    "too many cells": (
        "gateways.csv",
        "place,gateway,share\nA11,port,1\nA12,port,1,2\n",
        ["gateways.csv:3: rows 3 have more cells than the header. Put cells that hold a comma in double quotes"],
    ),
    "a column twice": (
        "gateways.csv",
        "place,share,share\nA11,1,1\n",
        ["gateways.csv:1: column 'share' is there twice. Name each column once"],
    ),
    "no rows": (
        "gateways.csv",
        "place,gateway,share\n",
        ["gateways.csv: the table has no rows. Fill it or delete the file"],
    ),
    "an empty file": ("gateways.csv", "", ["gateways.csv:1: the file is empty. Fill it or delete it"]),
    "needs": (
        "needs.toml",
        "[[need]\n",
        [
            "needs.toml: the file is not valid TOML: Expected ']]' at the end of an array declaration (at line 1, "
            "column 7). "
            "Mend the line it names"
        ],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_fault_of_an_added_file(name, folder: Path, faults):
    file, content, expected = FILES[name]
    (folder / file).write_text(content, encoding="utf-8")
    assert faults() == expected


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ("region.toml", "region.toml: the file is missing. Every region folder has one; see the format page"),
        ("facts.csv", "facts.csv: the file is missing. Every region folder has one; see the format page"),
        ("places.csv", "places.csv: the file is missing. Every region folder has one; see the format page"),
        ("origins.csv", "origins.csv: the file is missing; expected origins.csv and migration_costs.csv, or neither"),
        (
            "travel.csv",
            "travel.csv: there are neither travel times nor links. Give travel.csv (home, work, minutes) or links.csv "
            "(from, to, mode, minutes, opened)",
        ),
        (
            "borders.csv",
            "borders.csv: the file is missing, but prefecture, regime are bordered levels. Give it, or set "
            "bordered_levels = [] in region.toml",
        ),
    ],
)
def test_a_missing_file(file, fault, folder: Path, faults):
    (folder / file).unlink()
    assert fault in faults()


def drop_lines(path: Path, *parts: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not any(part in line for part in parts)), encoding="utf-8")


def test_a_place_missing_in_one_table_is_one_fault(folder: Path, faults):
    drop_lines(folder / "travel.csv", "A13")
    assert faults() == [
        "travel.csv: no travel time to and from 'A13'; expected a row for every pair. Give the minutes of every inside "
        "pair and of each place itself; delete the place if nobody can get there"
    ]


def test_a_place_missing_in_places_is_one_fault_a_column(folder: Path, faults):
    drop_lines(folder / "places.csv", "A13")
    found = faults()
    assert "facts.csv:18: unknown place 'A13' in column 'place' (8 rows). Did you mean 'A21'?" in found
    assert "travel.csv:4: unknown place 'A13' in column 'work' (12 rows). Did you mean 'A21'?" in found
    assert len(found) == 7  # facts, both columns of travel and trade_costs, migration_costs, and the sum of people


def test_a_jurisdiction_without_any_passage_is_one_fault_a_flow(folder: Path, faults):
    drop_lines(folder / "borders.csv", "regime,trade,ZB", "ZA,ZB", "B,ZB", "A,ZB", "O1,ZB", "O2,ZB")
    found = [fault for fault in faults() if "trade passage at level regime" in fault]
    assert found == [
        "borders.csv: no trade passage at level regime, receiver to supplier, to and from 'ZB'; expected a row for "
        "every "
        "pair. Write 1 where there is no border"
    ]


def test_a_place_nobody_can_live_in(folder: Path, faults):
    path = folder / "migration_costs.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [line.rsplit(",", 1)[0] + ",0" if ",ZA," in line else line for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert faults() == ["migration_costs.csv: nobody can live in 'ZA': every origin keeps 0 there; expected an origin"]


def test_a_place_without_value_added(folder: Path, faults):
    path = folder / "facts.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    for i, line in enumerate(lines):
        if line.startswith("ZA,value_added"):
            cells = line.split(",")
            cells[4] = "0"
            lines[i] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert faults() == ["facts.csv: 'ZA' has no value added in any sector; expected a positive sum: somebody works in every place"]


def links_instead(folder: Path, rows: str, modes: str = "[modes]\nroad = 0\nrail = 24\n") -> None:
    (folder / "travel.csv").unlink()
    (folder / "links.csv").write_text("from,to,mode,minutes,opened\n" + rows, encoding="utf-8")
    with (folder / "region.toml").open("a", encoding="utf-8") as file:
        file.write(modes)


def test_a_place_that_links_do_not_reach(folder: Path, faults, toy):
    chain = [place for place in toy.place_ids[:12] if place not in ("ZB", "B23")]
    rows = "".join(f"{a},{b},road,10,\n" for a, b in pairwise(chain))
    links_instead(folder, rows + "ZB,B23,road,5,\nZB,B12,rail,9,2023-07-01\n")
    assert faults() == [
        "links.csv: ZB, B23 are cut off: no link opened before 2023-07-01 leads there and back; expected a way between "
        "all inside places. Add a link, or drop the place"
    ]


def test_faults_of_links(folder: Path, faults):
    links_instead(
        folder,
        "A11,A12,raod,5,\nA11,A11,road,5,\nA11,O1,road,5,\nA11,A12,road,-5,last year\n",
        "[modes]\nroad = 0\nrail = -2\n",
    )
    assert faults() == [
        "region.toml: the entry time of mode 'rail' is -2; expected minutes, at least 0",
        "links.csv:5: minutes is -5; expected above 0",
        "links.csv:5: opened is 'last year'; expected a date as YYYY-MM-DD",
        "links.csv:4: 'O1' in column 'to' is an outside place; expected inside places: nobody commutes to or from others",
        "links.csv:2: unknown mode 'raod' in column 'mode'. Did you mean 'road'?",
        "links.csv:3: a link from 'A11' to itself. Drop it; own minutes follow from the land",
    ]


def test_no_trade_costs_and_no_coordinates(folder: Path, faults):
    (folder / "trade_costs.csv").unlink()
    assert faults() == [
        "parameters.toml: parameter 'trade_distance' is missing (trade costs follow from distance). Write "
        "[trade_distance] with value, low, high, source (psi: elasticity of the iceberg cost to distance)",
        "places.csv: 'O1' has neither lon and lat nor trade costs with every place; expected one of them. "
        "Give its coordinates, or its rows in trade_costs.csv",
        "places.csv: 'O2' has neither lon and lat nor trade costs with every place; expected one of them. "
        "Give its coordinates, or its rows in trade_costs.csv",
    ]


def test_research_somewhere_is_research_everywhere_but_abroad(folder: Path, faults):
    with (folder / "facts.csv").open("a", encoding="utf-8") as file:
        file.write("A11,research_spending,,2023,10,million_yuan/year,test,,observed\n")
    found = faults()
    assert found[0] == (
        "facts.csv: 12 places lack research_spending (other places have it): A12, A13, A21, A22, ZA, … (12 in all); "
        "expected a row for each place. Write 0 where nothing is spent, or drop them all"
    )
    assert found[1].startswith("parameters.toml: parameter 'research_elasticity' is missing (research_spending is given)")
    assert "no ideas passage at level prefecture, receiver to supplier, at all" in found[3]


def test_many_faults_of_a_kind_are_ten_and_the_rest_with_all_their_rows(folder: Path, faults):
    path = folder / "travel.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], *(line.rsplit(",", 1)[0] + ",x" for line in lines[1:])]), encoding="utf-8")
    found = faults()
    assert len(found) == 11
    assert found[10] == (
        "travel.csv:12: minutes has the same fault in 134 more rows: 12-145; expected a number with a decimal point "
        "and "
        "no thousands separators"
    )


def test_a_table_given_twice(folder: Path, faults, toy):
    toy.origins.write_parquet(folder / "origins.parquet")
    assert faults() == ["origins.csv, origins.parquet: the same table is given twice. Delete origins.csv or origins.parquet"]


def test_text_that_is_no_text(folder: Path, faults):
    (folder / "gateways.csv").write_bytes(b"\xff\xfe\x00\x01\x02")
    assert faults() == ["gateways.csv: the text cannot be read; expected UTF-8 or GB18030. Save it as UTF-8"]


def test_no_folder(tmp_path: Path):
    with pytest.raises(DataError, match=r"there is no folder '.*nowhere'; expected a region folder\. Check the path"):
        read_region(tmp_path / "nowhere")


def test_all_faults_come_in_one_error(folder: Path, edit, faults):
    edit("facts.csv", RESIDENTS, "A11,residents,,2023,-5,person")
    edit("places.csv", "30.7703,90,A", "30.7703,0,A")
    edit("region.toml", 'government = "none"', 'government = "nun"')
    edit("parameters.toml", "value = 0.07", "value = 0.7")
    edit("borders.csv", "regime,commuting,A,B,0.22\n", "")
    (folder / "facts2.csv").write_text("x", encoding="utf-8")
    files = [fault.split(":")[0] for fault in faults()]
    assert files == ["facts2.csv", "region.toml", "parameters.toml", "places.csv", "facts.csv", "borders.csv"]


def test_a_region_toml_of_which_too_little_is_left_stops_the_reading(edit, faults):
    edit("facts.csv", RESIDENTS, "A11,residents,,2023,-5,person")
    edit("region.toml", "year = 2023", "year = 'this year'")
    assert faults() == ["region.toml:3: year = 'this year' cannot be used; expected a valid integer, unable to parse string as an integer"]
