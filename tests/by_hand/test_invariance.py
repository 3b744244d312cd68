"""What an appraisal may not depend on: the unit of money, the order of places and rows, the numeraire."""

from __future__ import annotations

import csv
import dataclasses

import pytest

from by_hand.tables import REGION, rows

MONEY_FACTS = ("value_added", "exports", "imports", "rent_home", "rent_work", "research_spending")
CURRENCY = 7.0


@pytest.fixture
def rewritten(tmp_path):
    """rewritten(file=change): a copy of the region folder, each named CSV's rows passed through its change."""

    def copy(**changes):
        for path in REGION.iterdir():
            (tmp_path / path.name).write_bytes(path.read_bytes())
        for stem, change in changes.items():
            content = change(rows(REGION / f"{stem}.csv"))
            with (tmp_path / f"{stem}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, content[0].keys(), lineterminator="\n")
                writer.writeheader()
                writer.writerows(content)
        return tmp_path

    return copy


def matrix_of(source, target) -> dict:
    """(need, line) -> row of the matrix of a region or a baseline, appraised and written."""
    from bridgehead.appraise import appraise, write_appraisal

    write_appraisal(appraise(source), target)
    return {(row["need"], row["line"]): row for row in rows(target / "matrix.csv")}


@pytest.fixture
def is_noise(cell):
    """Whether a cell is empty because a change in money is below 0.05 bn: a threshold in money, which a new unit moves."""
    return lambda key, name: name != "baseline" and "below the noise" in cell(*key, name)["note"]


@pytest.fixture
def same(matrix, is_noise):
    """same(found, factor, …): every cell is the same; those of the units named are `factor` times as much."""

    def compared(found: dict, factor: float, units: tuple[str, ...], *, but: tuple = ()) -> None:
        assert found.keys() == matrix.keys()
        for key in matrix.keys() - set(but):
            row = matrix[key]
            scale = factor if any(unit in row["unit"] for unit in units) else 1.0
            cells = {name: row[name] for name in list(row)[list(row).index("baseline") :]}
            size = max(abs(float(value)) for value in cells.values() if value)
            for name, value in cells.items():
                if not value:
                    assert found[key][name] == "" or is_noise(key, name), (key, name)
                    continue
                assert float(found[key][name]) == pytest.approx(scale * float(value), rel=1e-6, abs=1e-8 * scale * size), (key, name)

    return compared


def test_money_in_another_unit_scales_money_and_nothing_else(rewritten, same, tmp_path_factory):
    from bridgehead.region import read_region

    def dearer(facts):
        return [row | {"value": float(row["value"]) * (CURRENCY if row["variable"] in MONEY_FACTS else 1.0)} for row in facts]

    found = matrix_of(read_region(rewritten(facts=dearer)), tmp_path_factory.mktemp("dear"))
    same(found, CURRENCY, ("yuan/year", "yuan/(km2 year)", "yuan/(m2 day)"))


def test_the_order_of_places_and_of_rows_changes_no_cell(rewritten, same, tmp_path_factory):
    from bridgehead.region import read_region

    files = ("places", "facts", "travel", "trade_costs", "migration_costs", "origins", "borders", "sectors", "input_output")
    folder = rewritten(**dict.fromkeys(files, lambda content: content[::-1]))
    region = read_region(folder)
    assert region.place_ids == ("O", "Y", "X")
    same(matrix_of(region, tmp_path_factory.mktemp("reversed")), 1.0, ())


def test_the_numeraire_scales_money_and_nothing_else(three_baseline, same, tmp_path_factory):
    from bridgehead.models import solve

    given = {**three_baseline.given, "inside_wage_bill": three_baseline.given["inside_wage_bill"] * 3.0}
    tripled = dataclasses.replace(three_baseline, given=given, equilibrium=solve(three_baseline, given))
    found = matrix_of(tripled, tmp_path_factory.mktemp("numeraire"))
    # a rent over prices has no numeraire; research over value added has, as the money that is spent on research is data
    same(found, 3.0, ("yuan/year", "yuan/(km2 year)"), but=(("ideas", "3"),))
