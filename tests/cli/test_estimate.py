"""`bridgehead estimate`: what it prints and writes, its page, what it refuses, and its file in calibration and appraisal."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bridgehead.calibrate.estimates import read_estimates
from bridgehead.report.cli import run
from calibrate.estimation.planted import BORDER, PROVINCE, planted

TABLES = {"coefficients.csv", "alternatives.csv", "by_distance.csv", "left_out.csv", "fitted.parquet"}


def write(folder: Path, *, exact: bool = False, border: float = BORDER) -> None:
    """Flows, minutes and places of planted economies as files."""
    pairs = planted(12, places=20, exact=exact, border=border)
    names, (i, j) = np.array(pairs.places), np.indices(pairs.value.shape)
    ends = {"home": names[i.ravel()], "work": names[j.ravel()]}
    pl.DataFrame({**ends, "people": pairs.value.ravel()}).write_csv(folder / "flows.csv")
    pl.DataFrame({**ends, "minutes": pairs.cost.ravel()}).write_csv(folder / "minutes.csv")
    pl.DataFrame({"place": names, **pairs.sides}).write_csv(folder / "places.csv")


@pytest.fixture
def data(tmp_path, monkeypatch) -> list[str]:
    """The arguments that name the files, which lie in the present folder."""
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    return ["--flows", "flows.csv", "--minutes", "minutes.csv", "--places", "places.csv"]


needs_pyfixest = pytest.mark.skipif(
    "pyfixest" not in sys.modules and not __import__("importlib.util").util.find_spec("pyfixest"), reason="no extra"
)


@needs_pyfixest
def test_estimates_are_printed_and_written(data, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    assert run(["estimate", *data, "--out", "found", "--smooth", "--lang", "en"]) == 0
    answer = capsys.readouterr()
    said = " ".join(answer.out.split())
    assert "Border of provinces" in said
    assert "380 pairs used" in said
    assert "left out: inside a place 20" in said
    assert "cluster-robust by home and workplace (20 × 20 clusters)" in said
    assert "Only 20 clusters" in said
    assert "[1/6] power of distance" in answer.err
    files = {path.name for path in Path("found").iterdir()}
    assert files == {*TABLES, "smoothed.csv", "estimates.toml", "estimate.html", "run.json"}
    found = read_estimates("found/estimates.toml")
    assert found.names == ("border.prefecture", "border.province", "decay")
    table = pl.read_csv("found/coefficients.csv")
    np.testing.assert_allclose(table["value"][:3], found.values, rtol=1e-12)
    left = pl.read_csv("found/left_out.csv")
    assert left["pairs"].sum() == 400
    smooth = pl.read_csv("found/smoothed.csv", schema_overrides={"home": pl.String, "work": pl.String})
    assert smooth.columns == ["home", "work", "people"]
    assert run(["rerun", "found"]) == 0
    assert "every byte is the same" in capsys.readouterr().out
    assert smooth["people"].sum() == pytest.approx(pl.read_csv("flows.csv")["people"].sum(), rel=1e-8)


@needs_pyfixest
def test_the_document_for_machines_says_what_the_table_says(data, capsys):
    assert run(["estimate", *data, "--quick", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["method"] == "ppml"
    assert found["pairs"] + sum(row["pairs"] for row in found["left_out"][1:]) == 400
    assert [row["name"] for row in found["coefficients"]] == ["border.prefecture", "border.province", "decay", "elasticity_at_mean"]
    assert found["first_order_gap"] < 1e-6
    assert found["estimates"]["covariance"][0][0] == pytest.approx(found["coefficients"][0]["standard_error"] ** 2)
    assert {remark["key"] for remark in found["remarks"]} >= {"few", "direction", "part"}
    assert len(found["alternatives"]) == 1


@needs_pyfixest
def test_flows_without_noise_give_back_the_borders_and_calibrate_the_toy(data, tmp_path, capsys, toy_region):
    """From a table of flows to a baseline: what is estimated is what the model is then calibrated with."""
    write(tmp_path, exact=True)
    assert run(["estimate", *data, "--quick", "--level", "prefecture", "--level", "province", "--out", "found", "--json"]) == 0
    values = {row["name"]: row["value"] for row in json.loads(capsys.readouterr().out)["coefficients"]}
    assert values["border.prefecture"] == pytest.approx(BORDER, abs=1e-6)
    assert values["border.province"] == pytest.approx(PROVINCE, abs=1e-6)
    # The toy has borders at `prefecture` and `regime`, not at `province`: refused, with what there is.
    assert run(["calibrate", "toy", "--estimates", "found/estimates.toml"]) == 1
    assert "border.province: the region has no commuting borders at level 'province'" in capsys.readouterr().err
    assert run(["estimate", *data, "--quick", "--level", "prefecture", "--out", "one"]) == 0
    assert run(["calibrate", "toy", "--estimates", "one/estimates.toml", "--out", "base", "--json"]) == 0
    found = json.loads(capsys.readouterr().out.split("\n{", 1)[-1].join(["{", ""]))
    assert found["certificate"]["outcome"] == "solved"
    assert [row["name"] for row in found["fitted"]] == ["border.prefecture"]
    inputs = json.loads(Path("base/inputs.json").read_text())
    assert inputs["parameters"]["commuting_decay"] == pytest.approx(read_estimates("one/estimates.toml").values[1])
    assert Path("base/estimates.toml").read_bytes() == Path("one/estimates.toml").read_bytes()


@needs_pyfixest
def test_an_appraisal_with_estimates_says_so_and_runs_again(data, capsys):
    from bridgehead.cases import case_folder

    scenario = str(case_folder("toy") / "scenarios" / "1_commuting_doubled.toml")
    assert run(["estimate", *data, "--quick", "--level", "prefecture", "--out", "one"]) == 0
    assert run(["appraise", "toy", "--scenario", scenario, "--estimates", "one/estimates.toml", "--out", "out"]) == 0
    rows = {row["name"]: row for row in pl.read_csv("out/assumptions.csv").to_dicts()}
    assert rows["commuting_decay"]["source"].startswith("estimate: Poisson pseudo-maximum likelihood")
    found = read_estimates("one/estimates.toml").estimate[1]
    assert (rows["commuting_decay"]["low"], rows["commuting_decay"]["high"]) == pytest.approx((found.low, found.high))
    assert run(["rerun", "out"]) == 0
    assert "every byte is the same" in capsys.readouterr().out


@needs_pyfixest
def test_the_page_is_one_file_in_two_languages_that_loads_nothing(data):
    assert run(["estimate", *data, "--out", "found", "--smooth", "--by-pair", "--level", "prefecture", "--lang", "zh"]) == 0
    page = Path("found/estimate.html").read_text(encoding="utf-8")
    assert_page(page, ("result", "fit", "distance", "other", "sample", "how"))
    assert '<html lang="zh"' in page


def assert_page(page: str, sections: tuple[str, ...]) -> None:
    assert re.findall(r'<section id="(\w+)"', page) == list(sections)
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    assert not re.findall(r"https?://", page)
    assert page.count('class="en"') == page.count('class="zh"')
    assert not re.search(r"\{\w+\}|nan\b|None\b", re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL))


@pytest.mark.slow
def test_the_case_is_fitted_to_its_moments(tmp_path, capsys):
    assert run(["estimate", "--out", str(tmp_path / "found"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["freedom"], found["identification"]["rank"]) == (3, 5)
    assert 7 < found["distance"] < 9.5
    numbers = {row["name"]: row for row in found["numbers"]}
    assert numbers["zhejiang_to_shanghai"]["standard_error"] > numbers["jiangsu_to_shanghai"]["standard_error"]
    for row in numbers.values():
        assert row["low"] < row["value"] - 2 * row["standard_error_stated"]
        assert row["high"] > row["value"] + 2 * row["standard_error_stated"]
    page = (Path(__file__).resolve().parents[2] / "docs" / "calibration.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([−\d.]+) \| ([\d.]+) \| ([−\d.]+) to ([−\d.]+) \|$", page, re.MULTILINE)
    assert {name for name, *_ in rows} == set(numbers)
    for name, *shown in rows:
        wanted = [numbers[name][key] for key in ("value", "standard_error", "low", "high")]
        assert [float(cell.replace("−", "-")) for cell in shown] == pytest.approx(wanted, abs=0.011), name
    assert ["shanghai_to_zhejiang", "+shanghai_to_zhejiang (regime)"] in found["identification"]["sums"]
    assert_page((tmp_path / "found" / "estimate.html").read_text(encoding="utf-8"), ("result", "moments", "identification", "how"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--flows", "none.csv"], ["none.csv", "there is no such file"]),
        (["--flows", "flows.csv", "--flow", "comuting"], ["--flow: 'comuting' is not known", "Did you mean 'commuting'?"]),
        (["--flows", "flows.csv", "--cluster", "hom", "--decay", "log"], ["--cluster: 'hom'", "Did you mean 'home'?", "--decay: 'log'"]),
        (["--flows", "flows.csv", "--scale", "0", "--within", "-3"], ["--scale: 0 cannot be used", "--within: -3 cannot be used"]),
        (["--flows", "flows.csv"], ["nothing says how far the places are from each other"]),
        (["--flows", "flows.csv", "--minutes", "minutes.csv", "--distance", "minutes.csv"], ["both given"]),
        (["--flows", "flows.csv", "--minutes", "minutes.csv", "--columns", "home"], ["'home' names no column"]),
        (
            ["--flows", "flows.csv", "--minutes", "minutes.csv", "--places", "places.csv", "--level", "provinc"],
            ["Did you mean 'province'?"],
        ),
        (["--flows", "flows.csv", "--minutes", "minutes.csv", "--decay", "bins", "--smooth"], ["--smooth", "exponential or power"]),
        (["--level", "province"], ["--level: it is about flows, and none are given"]),
        (["toy"], ["the region has no fit.toml"]),
        (["nowhere"], ["there is no such folder or case"]),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(data, capsys, arguments, said):
    before = sorted(Path().iterdir())
    assert run(["estimate", *arguments, "--out", "found"]) == 1
    answer = capsys.readouterr()
    assert all(word in answer.err for word in said), answer.err
    assert "Traceback" not in answer.err
    assert answer.out == ""
    assert sorted(Path().iterdir()) == before


def test_without_the_extra_the_cure_is_named(data, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyfixest", None)
    assert run(["estimate", *data]) == 1
    assert 'python -m pip install "bridgehead[estimation]"' in capsys.readouterr().err


def test_estimates_of_another_format_are_refused(tmp_path, capsys):
    (tmp_path / "e.toml").write_text("format = 3\n", encoding="utf-8")
    assert run(["calibrate", "toy", "--estimates", str(tmp_path / "e.toml")]) == 1
    said = capsys.readouterr().err
    assert "e.toml:1: format = 3" in said
    assert "key 'covariance' is missing" in said
