"""Germany's border: known figures, the published equations at our solutions, and a made-up country that is always at hand."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from bridgehead.errors import DataError, SolveError
from bridgehead.models.published import mrrh2018, replicate
from bridgehead.models.published._balancing import balance
from bridgehead.models.published._one_sector import certified
from bridgehead.models.published.germany import read_germany
from bridgehead.models.published.replication import read_columns
from published.hat_algebra import misses

P = mrrh2018.Parameters()
FACTORS = {"trade": (1000.0, 1.0), "commuting": (1.0, 1000.0), "both": (1000.0, 1000.0)}


@pytest.fixture(scope="module")
def made_up():
    return mrrh2018.synthetic_counties(40, seed=3)


@pytest.fixture(scope="module")
def made_up_engines(made_up):
    return mrrh2018.engines(made_up)


def hold(counties, flows, border, quantified, found, *, nominal=True):
    """The solution is certified and satisfies the published system, written out independently."""
    assert found.solved, found.certificate.reason
    assert found.certificate.estimated_distance < 1e-10
    hat = mrrh2018.hats(quantified, found)
    errors, welfare = misses(counties, quantified.parameters, flows, hat, FACTORS[border], nominal=nominal)
    assert max(errors.values()) < 1e-8, errors
    assert welfare == pytest.approx(mrrh2018.welfare_change(quantified, found), abs=1e-9)


@pytest.mark.parametrize("border", mrrh2018.BORDERS)
@pytest.mark.parametrize("flows", mrrh2018.FLOWS)
def test_the_published_equations_hold_in_a_made_up_country(made_up, made_up_engines, flows, border):
    quantified = mrrh2018.quantify(made_up, P, flows=flows, engine=made_up_engines["nominal"])
    found = mrrh2018.solve_border(quantified, border)
    hold(made_up, flows, border, quantified, found)


def test_a_nearly_cut_country_is_balanced_by_the_trickle_that_crosses(made_up, made_up_engines):
    quantified = mrrh2018.quantify(made_up, P, engine=made_up_engines["deflated"])
    found = mrrh2018.solve_border(quantified, "both")
    hold(made_up, "observed", "both", quantified, found, nominal=False)
    np.testing.assert_allclose(found.state["block_received"], found.state["block_paid"], rtol=1e-8)
    assert found.state["block_received"][0] < 1e-7 * found.state["income"].sum()
    assert any("nearly separate block" in warning for warning in found.certificate.warnings)


@pytest.mark.parametrize("places", [40, 210], ids=["distance from the whole Jacobian", "distance from its products"])
def test_the_place_where_steps_become_small_is_not_certified(made_up, made_up_engines, places):
    """Without the sides' balance the iteration rests far from the equilibrium, its steps at rounding error: that is refused."""
    counties = made_up if places == 40 else mrrh2018.synthetic_counties(places, seed=3)
    engine = made_up_engines["nominal"] if places == 40 else mrrh2018.engines(counties, P, ("nominal",))["nominal"]
    quantified = mrrh2018.quantify(counties, P, engine=engine)
    true = mrrh2018.solve_border(quantified, "both")
    given = mrrh2018.with_border(quantified, "both")
    folded = engine.fold(engine.select(given))
    resting = quantified.equilibrium.x
    for _ in range(4000):
        resting = 0.5 * resting + 0.5 * np.asarray(engine.run_update(resting, folded))
    gap = np.abs(np.asarray(engine.run_update(resting, folded)) - resting).max()
    assert gap < 1e-9
    assert np.abs(resting - true.x).max() > 0.01
    judged = certified(engine, given, resting, true.labels, "resting")
    assert not judged.solved
    assert judged.certificate.estimated_distance == pytest.approx(np.abs(resting - true.x).max(), rel=0.2)
    shifted = np.eye(resting.size) - np.asarray(engine.run_jacobian(resting, folded))
    weakest = np.linalg.svd(shifted, compute_uv=False)[-1]
    assert judged.certificate.smallest_singular_value == pytest.approx(weakest, rel=0.05)
    assert weakest < 1e-8


def test_a_border_without_cost_changes_nothing(made_up, made_up_engines):
    quantified = mrrh2018.quantify(made_up, P, engine=made_up_engines["nominal"])
    found = mrrh2018.solve_border(quantified, "both", cost=1.0)
    assert abs(mrrh2018.welfare_change(quantified, found)) < 1e-12
    for name, hat in mrrh2018.hats(quantified, found).items():
        if name != "county":
            np.testing.assert_allclose(hat, 1.0, atol=1e-11)


def test_the_unit_of_flows_and_of_distance_does_not_matter(made_up, made_up_engines):
    other = replace(made_up, flows=made_up.flows * 7.0, distance=made_up.distance / 1000.0)
    found = []
    for counties in (made_up, other):
        quantified = mrrh2018.quantify(counties, P, flows="predicted", engine=made_up_engines["nominal"])
        found.append(mrrh2018.hats(quantified, mrrh2018.solve_border(quantified, "trade")))
    for name in found[0]:
        np.testing.assert_allclose(found[0][name], found[1][name], rtol=1e-9)


def test_files_are_those_of_the_format(made_up, tmp_path):
    result = mrrh2018.replicate_counties(made_up, tmp_path, decays=(0.42,))
    assert not result.unsolved
    runs = sorted(path.name for path in tmp_path.iterdir())
    assert runs == sorted(f"{flows}-psi0.42-{border}" for flows in mrrh2018.FLOWS for border in mrrh2018.BORDERS)
    for run in runs:
        assert {path.name for path in (tmp_path / run).iterdir()} == {"counties.csv", "counties_deflated.csv", "summary.json"}
    table = pl.read_csv(tmp_path / "predicted-psi0.42-both" / "counties.csv")
    assert table.columns == ["county", "wage_hat", "jobs_hat", "residents_hat", "residents_wage_hat", "price_hat", "house_price_hat"]
    assert table["county"].to_list() == list(range(1, 41))
    summary = json.loads((tmp_path / "predicted-psi0.42-both" / "summary.json").read_text())
    assert summary["certificate"]["outcome"] == summary["certificate_deflated"]["outcome"] == "solved"
    assert "mean of wages" in summary["numeraire"]
    row = result.table.filter((pl.col("flows") == "predicted") & (pl.col("border") == "both"))
    assert row["welfare_percent"][0] == pytest.approx(100 * summary["welfare_change"], rel=1e-12)


def test_missing_data_say_where_to_get_them(tmp_path):
    with pytest.raises(DataError) as caught:
        replicate("mrrh2018")
    assert "--data" in str(caught.value)
    assert "github.com/Ahlfeldt/MRRH2018-toolkit" in str(caught.value)
    with pytest.raises(DataError) as caught:
        replicate("mrrh2018", tmp_path)
    assert len(caught.value.faults) == 3


def test_wrong_data_are_all_named(tmp_path):
    (tmp_path / "labor_tidy.csv").write_text("region_name,region_id,median_income_workplace\nA,01001,3000\nB,01002,0\n")
    (tmp_path / "commuting_wide.csv").write_text("work,01001,01002\n01001,5,0\n01002,many,0\n")
    (tmp_path / "distance_matrix.csv").write_text("id,01002,01001\n01001,1,2\n01002,2,1\n")
    with pytest.raises(DataError) as caught:
        replicate("mrrh2018", tmp_path)
    text = str(caught.value)
    assert "commuting_wide.csv:3: 'many' is no number" in text
    assert "its columns are not the counties of labor_tidy.csv: 01002 for 01001" in text
    assert "2 counties; expected 401: the border runs between counties 324 and 325" in text
    assert "median_income_workplace of 1 counties cannot be (01002)" in text
    assert "workers by home of 1 counties cannot be (01002)" in text
    assert len(caught.value.faults) == 5
    (tmp_path / "commuting_wide.csv").write_text("work,01001,01002\n01001,5,0\n01002,1,0\n")
    (tmp_path / "distance_matrix.csv").write_text("id,01001,01002\n01001,1,2\n01002,0,1\n")
    with pytest.raises(DataError) as caught:
        replicate("mrrh2018", tmp_path)
    text = str(caught.value)
    assert "median_income_workplace of 1 counties cannot be (01002)" in text
    assert "distance of 1 counties cannot be (01002)" in text
    assert "workers by home of 1 counties cannot be (01002)" in text


def test_flows_the_other_way_round_are_told(tmp_path):
    counties = [f"{number:05d}" for number in range(1, 402)]
    flows = np.eye(401, dtype=int) * 50
    flows[0] += 10  # a tenth or so work in the first county; rows are workplaces
    flows[5, 7] = -1
    homes = flows.sum(axis=0)
    rows = [f"C{number},{number},3000,{workers}" for number, workers in zip(counties, homes, strict=True)]
    (tmp_path / "labor_tidy.csv").write_text("region_name,region_id,median_income_workplace,employment_residence\n" + "\n".join(rows))
    for name, matrix in (("commuting_wide", flows.T), ("distance_matrix", np.full((401, 401), np.inf))):
        lines = [",".join([county, *map(str, row)]) for county, row in zip(counties, matrix, strict=True)]
        (tmp_path / f"{name}.csv").write_text(",".join(["id", *counties]) + "\n" + "\n".join(lines))
    with pytest.raises(DataError) as caught:
        read_germany(tmp_path)
    text = str(caught.value)
    assert "the flows stand the other way round" in text
    assert "commuting of 1 counties cannot be" in text
    assert "distance_matrix.csv:2: 'inf' is no number" in text


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\xfe\x00", "it is not a table of text"), (b"", "it is empty"), (b"id,id\n1,2\n", "column 'id' stands there 2 times")],
)
def test_files_that_are_no_tables_are_told(tmp_path, content, said):
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(DataError, match=said):
        read_columns(tmp_path / "x.csv")
    (tmp_path / "x.csv").write_text("id,v\n1,2\n\n")
    assert read_columns(tmp_path / "x.csv") == {"id": ["1"], "v": ["2"]}


def test_sizes_that_cannot_meet_sales_are_refused():
    kernel = np.array([[1.0, 0.0], [0.0, 1.0]])
    with pytest.raises(SolveError, match="groups of places that nothing connects"):
        balance(kernel, np.array([1.0, 2.0]), np.array([2.0, 1.0]))
    with pytest.raises(SolveError, match="reached by nothing"):
        balance(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([1.0, 2.0]), np.array([2.0, 1.0]))


def test_sizes_meet_sales_where_regions_hardly_trade():
    random = np.random.default_rng(0)
    spot = random.uniform(0, 1, (60, 2))
    kernel = np.exp(-25 * np.hypot(*(spot[:, None] - spot[None]).transpose(2, 0, 1)))
    size, bought = random.lognormal(0, 2, 60), random.lognormal(0, 1, 60)
    share = kernel * size / (kernel @ size)[:, None]
    np.testing.assert_allclose(balance(kernel, bought @ share, bought), size / np.exp(np.log(size).mean()), rtol=1e-7)


@pytest.fixture(scope="module")
def observed(germany):
    counties = read_germany(germany)
    return counties, mrrh2018.quantify(counties, P)


@pytest.mark.slow
def test_germany_is_read_as_the_published_code_reads_it(observed):
    counties, quantified = observed
    assert len(counties.names) == 401
    assert counties.flows.sum() == 33_052_677
    assert counties.east.sum() == 77
    assert quantified.equilibrium.certificate.estimated_distance < 1e-12
    np.testing.assert_allclose(quantified.equilibrium.state["jobs"].mean(), 1.0, rtol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("border", mrrh2018.BORDERS)
def test_germany_observed_flows(observed, border):
    counties, quantified = observed
    found = mrrh2018.solve_border(quantified, border)
    hold(counties, "observed", border, quantified, found)
    known = mrrh2018.KNOWN.get(("observed", 0.42, border))
    if known is not None:
        assert 100 * mrrh2018.welfare_change(quantified, found) == pytest.approx(known, abs=5e-4)
