"""Allen & Arkolakis (2014): the line beside its closed form, any geography beside the paper's own iteration."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from bridgehead.errors import DataError, ModelError
from bridgehead.models.published import aa2014, replicate

POINTS = 21
P = aa2014.Parameters()


@pytest.fixture(scope="module")
def engine():
    return aa2014.engine_for(aa2014.line(POINTS))


def random_geography(seed):
    random = np.random.default_rng(seed)
    spot = random.uniform(0, 1, (POINTS, 2))
    iceberg = np.exp(0.8 * np.hypot(*(spot[:, None] - spot[None]).transpose(2, 0, 1)))
    names = tuple(f"p{number}" for number in range(POINTS))
    return aa2014.Geography(names, random.lognormal(0, 0.3, POINTS), random.lognormal(0, 0.2, POINTS), iceberg, 1000.0)


def papers_own(geography, p):
    """(people, welfare) from the equation that the paper reduces its equilibrium to, iterated in plain NumPy."""
    s, (tilde, first, second) = p.substitution, p.powers
    a, u, total = geography.productivity, geography.amenity, geography.people
    f = np.ones(POINTS)
    for _ in range(3000):
        new = (
            a ** (tilde * (s - 1))
            * u ** (tilde * s)
            * (geography.iceberg ** (1 - s) @ (a ** (tilde * s) * u ** (tilde * (s - 1)) * f ** (second / first)))
        )
        value, f = new.sum(), new / new.sum()
    people = f ** (1 / (tilde * first))
    scale = total / people.sum()
    # f was scaled by 1 / Σ and people by `scale`: W^(1−σ) makes up for both.
    welfare = (value * scale ** (tilde * (second - first))) ** (1 / (s - 1))
    return people * scale, welfare


def test_the_line_is_the_perron_eigenvector(engine):
    p = replace(P, amenity_spillover=-0.1)
    found = aa2014.solve_geography(aa2014.line(POINTS), p, engine=engine)
    assert found.solved
    people = np.log(found.state["residents"])
    perron, cosine = aa2014.line_people(POINTS, aa2014.DECAY, p)
    np.testing.assert_allclose(people - people.mean(), perron, atol=1e-10)
    np.testing.assert_allclose(people - people.mean(), cosine, atol=0.01)
    assert found.certificate.uniqueness_radius == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("beta", [-0.3, -0.15])
def test_any_geography_is_what_the_papers_iteration_gives(engine, seed, beta):
    p = replace(P, amenity_spillover=beta)
    geography = random_geography(seed)
    found = aa2014.solve_geography(geography, p, engine=engine)
    assert found.solved, found.certificate.reason
    people, welfare = papers_own(geography, p)
    np.testing.assert_allclose(found.state["residents"], people, rtol=1e-8)
    assert aa2014.welfare_of(found) == pytest.approx(welfare, rel=1e-8)


def test_the_start_does_not_matter_where_the_radius_is_one(engine):
    geography = random_geography(7)
    random = np.random.default_rng(8)
    start = {"wage": random.lognormal(0, 0.5, POINTS), "residents": random.lognormal(3, 1, POINTS)}
    found = [aa2014.solve_geography(geography, P, engine=engine, start=each) for each in (None, start)]
    np.testing.assert_allclose(found[0].state["residents"], found[1].state["residents"], rtol=1e-9)


def test_a_radius_above_one_is_warned_of(engine):
    p = replace(P, amenity_spillover=0.0)
    found = aa2014.solve_geography(random_geography(1), p, engine=engine)
    assert found.certificate.uniqueness_radius == pytest.approx(9.5)
    assert any("the spectral radius is 9.5, more than 1" in warning for warning in found.certificate.warnings)


def test_the_table_and_its_files(tmp_path):
    result = replicate("aa2014", None, tmp_path)
    assert not result.unsolved
    known = result.table.filter(pl.col("published").is_not_null() & ~pl.col("figure").str.contains("continuous"))
    np.testing.assert_allclose(known["ours"].to_numpy(), known["published"].to_numpy(), rtol=1e-9)
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {"table.csv"} | {f"line-beta{beta}/{name}" for beta in ("-0.3", "-0.1") for name in ("places.csv", "summary.json")}


def test_data_are_not_read(tmp_path):
    with pytest.raises(DataError, match="aa2014 reads no data"):
        replicate("aa2014", tmp_path)


def test_a_geography_that_cannot_be_is_refused_whole():
    one = np.ones(2)
    with pytest.raises(ModelError) as caught:
        aa2014.Geography(("a", "b"), np.array([1.0, 0.0]), one, np.full((2, 2), 0.5), 0.0)
    assert len(caught.value.faults) == 3
    with pytest.raises(ModelError, match="only where α \\+ β = 0"):
        aa2014.line_people(POINTS, aa2014.DECAY, P)
