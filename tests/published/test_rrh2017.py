"""Two countries on a grid: the published system at our solutions, and certainty in few evaluations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bridgehead.errors import DataError
from bridgehead.models.published import replicate, rrh2017

P = rrh2017.Parameters()


@pytest.fixture(scope="module")
def grid():
    return rrh2017.seeded_grid(8)


@pytest.fixture(scope="module")
def engine(grid):
    return rrh2017.engine_for(grid)


def published_misses(grid, p, state):
    """Largest error of the published system, written out in plain NumPy: (wages, people of both countries)."""
    people, wage, a = state["residents"], state["wage"], grid.productivity
    n = len(people)
    own, east = np.eye(n) > 0, grid.east
    cost = np.where(own, 1.0, grid.steps**p.distance_elasticity * p.internal) * np.where(east[:, None] == east, 1.0, p.border)
    weight = people * (cost * wage / a) ** (1 - p.substitution)
    share = weight / weight.sum(axis=1, keepdims=True)
    wages = np.abs((wage * people) @ share / (wage * people) - 1).max()
    s, alpha = p.substitution, p.goods_share
    pull = (a**alpha * p.land ** (1 - alpha) * np.diag(share) ** (-alpha / (s - 1))) ** ((s - 1) / (s * (1 - alpha) - 1))
    country = np.where(east == 1, pull[east == 1].sum(), pull[east == 0].sum())
    return wages, np.abs(pull / country * p.people / 2 / people - 1).max()


@pytest.mark.parametrize("case", rrh2017.CASES)
def test_the_published_system_holds(grid, engine, case):
    p = rrh2017.cases(P)[case]
    found = rrh2017.solve_grid(grid, p, engine=engine)
    assert found.solved, found.certificate.reason
    assert found.certificate.estimated_distance < 1e-9
    wages, people = published_misses(grid, p, found.state)
    assert wages < 1e-9
    assert people < 1e-7  # the power of people is 16
    assert found.state["residents"].sum() == pytest.approx(P.people, rel=1e-12)
    assert found.certificate.uniqueness_radius == pytest.approx(1.0)
    assert not found.certificate.warnings


def test_other_starts_give_the_same(grid, engine):
    random = np.random.default_rng(5)
    first = rrh2017.solve_grid(grid, P, engine=engine)
    second = rrh2017.solve_grid(grid, P, engine=engine, start=first.x + random.normal(0, 0.3, len(first.x)))
    assert second.solved
    np.testing.assert_allclose(first.state["residents"], second.state["residents"], rtol=1e-8)


def test_a_nearly_closed_border_is_solved_and_named(grid, engine):
    found = rrh2017.solve_grid(grid, replace(P, border=500.0), engine=engine)
    assert found.solved, found.certificate.reason
    np.testing.assert_allclose(found.state["block_received"], found.state["block_paid"], rtol=1e-8)
    assert found.state["block_received"][0] < 1e-8 * found.state["income"].sum()
    assert found.certificate.smallest_singular_value > 1e-3


def test_the_way_over_eight_neighbours(grid):
    steps = grid.steps
    assert steps[0, 0] == 1.0
    assert steps[0, 1] == steps[0, 8] == 1.0
    assert steps[0, 9] == pytest.approx(np.sqrt(2))
    assert steps[0, 3 * 8 + 5] == pytest.approx(2 + 3 * np.sqrt(2))
    np.testing.assert_array_equal(steps, steps.T)
    assert grid.east.sum() == 32
    assert not grid.east[:32].any()


def test_a_draw_is_read_or_its_faults_are_named(tmp_path):
    (tmp_path / "a.csv").write_text("\n".join(str(number / 10) for number in range(16)))
    assert rrh2017.read_grid(tmp_path / "a.csv").points == 4
    (tmp_path / "a.csv").write_text("0.1\nmany\n0.3\nnone\n")
    with pytest.raises(DataError) as caught:
        replicate("rrh2017", tmp_path)
    assert [fault.place.rsplit(":", 1)[1] for fault in caught.value.faults] == ["2", "4"]
    (tmp_path / "a.csv").write_text("0.1\nnan\ninf\n800\n0.5\n")
    with pytest.raises(DataError) as caught:
        replicate("rrh2017", tmp_path)
    assert [fault.cause for fault in caught.value.faults] == [
        *(f"'{text}' is no log productivity" for text in ("nan", "inf", "800")),
        "5 numbers",
    ]
    (tmp_path / "a.csv").write_text("0.1\n0.2\n0.3\n")
    with pytest.raises(DataError, match="3 numbers; expected as many as a square grid with an even side"):
        replicate("rrh2017", tmp_path)
    with pytest.raises(DataError, match="replication files"):
        replicate("rrh2017", tmp_path / "none")


def test_the_table_and_its_files(grid, tmp_path):
    result = rrh2017.replicate_grid(grid, tmp_path, rrh2017.PUBLISHED, ())
    assert not result.unsolved
    assert result.table.columns[:4] == ["case", "country", "welfare_percent", "published_percent"]
    assert result.table["published_percent"].to_list() == [0.2, 0.3, 1.4, 2.3]
    assert (result.table["welfare_percent"] > 0).all()
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {"table.csv"} | {f"{case}/{name}" for case in rrh2017.CASES for name in ("places.csv", "summary.json")}


@pytest.mark.slow
def test_the_grid_of_the_paper_is_certified_in_a_few_hundred_evaluations():
    grid = rrh2017.seeded_grid()
    found = rrh2017.solve_grid(grid)
    assert found.solved, found.certificate.reason
    assert found.certificate.steps < 300
    wages, people = published_misses(grid, P, found.state)
    assert wages < 1e-9
    assert people < 1e-7
