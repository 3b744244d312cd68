"""Real runs on the toy region: the same bytes however they are made, nothing lost when they are stopped."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import threading
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bridgehead.cases import case_folder
from bridgehead.ensemble import Asked, EnsemblePlan, run_ensemble
from bridgehead.ensemble.again import draw_again
from bridgehead.ensemble.evaluate import evaluate
from bridgehead.ensemble.job import Job
from bridgehead.ensemble.run import Work, _Hand
from bridgehead.ensemble.store import Store
from bridgehead.ensemble.summary import Draws, backgrounds
from bridgehead.ensemble.tables import tables_of
from bridgehead.ensemble.worker import Worker
from bridgehead.policy import read_scenario
from bridgehead.region import read_region
from bridgehead.report.cli import run
from ensemble.conftest import SCENARIOS, TOY, asked_for, command

pytestmark = pytest.mark.slow


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of the store."""
    files = [folder / "manifest.json", *sorted((folder / "batches").rglob("*.*"))]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.is_file()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run of the command that nothing stopped."""
    out = tmp_path_factory.mktemp("ensemble") / "whole"
    process = command(*asked_for(out, "--workers", 1, "--json", draws=10))
    said, errors = process.communicate()
    assert process.returncode == 0, errors
    return out, json.loads(said)


def test_a_draw_is_a_full_recalibration_and_its_solves_are_certified(toy_plan):
    plan = toy_plan()
    default, drawn = evaluate(plan, 0), evaluate(plan, 1)
    assert default.outcome == drawn.outcome == "ok"
    assert drawn.values != default.values
    for member in drawn.members:
        assert member.solved
        assert member.distance < 1e-8
        assert member.identity < 1e-8
    # the baseline is the data in both: what is a level of the data has the same number whatever was drawn
    row = next(r for r in plan.needs.rows if r.measure.name == "real_value_added")
    assert drawn.base[row.key] == pytest.approx(default.base[row.key], rel=1e-9)


def test_the_default_draw_is_the_appraisal(toy_region, toy_plan):
    from bridgehead.appraise import appraise

    plan = toy_plan()
    default, appraisal = evaluate(plan, 0), appraise(toy_region, plan.scenarios)
    cells = {(r["need"], r["line"], r["scenario"]): r["change"] for r in appraisal.matrix_long.to_dicts()}
    for member in default.members:
        for row in plan.needs.rows:
            wanted, found = cells[*row.key, member.id], member.cells[row.key].change
            assert (wanted is None) == (found is None)
            if wanted:
                assert found == pytest.approx(wanted, rel=1e-4, abs=1e-9)


def test_the_document_says_how_sure(whole):
    out, document = whole
    assert document["outcomes"]["ok"] == 10
    ranges = {(r["need"], r["line"], r["scenario"]): r for r in document["ranges"]}
    first = ranges["whole", "1", "4_productivity"]
    assert first["p5"] <= first["median"] <= first["p95"]
    assert first["positive"] == 1.0
    assert document["notes"] == ["few"]
    assert (out / "report.html").is_file()
    assert pl.read_csv(out / "failures.csv")["draws"].sum() == 11  # ten draws and a twin
    over_time = [r for r in document["paths"] if (r["need"], r["line"]) == ("whole", "1")]
    assert [r["year"] for r in over_time] == [*range(2023, 2050, 5), 2050]
    assert all(r["draws"] == 1 and r["median"] > 0 for r in over_time)
    assert {"ranges.csv", "ranking.parquet", "tornado.csv", "run.json"} <= {path.name for path in out.iterdir()}


def test_killed_the_hard_way_it_goes_on_to_the_same_bytes(whole, tmp_path):
    out = tmp_path / "killed"
    process = command(*asked_for(out, "--workers", 1, draws=10))
    until = time.monotonic() + 540
    while len(list((out / "batches").glob("0*"))) < 2 and time.monotonic() < until and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    before = {path: path.stat().st_mtime_ns for path in (out / "batches").glob("0*/*.parquet")}
    assert 4 <= len(before) < 12  # it was stopped on its way
    again = command(*asked_for(out, "--workers", 2, draws=10))
    said, errors = again.communicate()
    assert again.returncode == 0, errors
    assert "The region names no inferred figures with bounds (bounds.csv)" in said
    assert bytes_of(out) == bytes_of(whole[0])
    assert all(path.stat().st_mtime_ns == moment for path, moment in before.items())  # nothing was made twice


def test_interrupted_it_says_so_keeps_what_it_made_and_goes_on_to_the_same_bytes(whole, tmp_path):
    out = tmp_path / "interrupted"
    process = command(*asked_for(out, "--workers", 1, draws=10), start_new_session=True)
    until = time.monotonic() + 540
    while not list((out / "batches").glob("0*")) and time.monotonic() < until and process.poll() is None:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    kept = Store(out).done()
    assert 1 <= len(kept) < 6
    assert not list((out / "batches").glob(".*"))
    store, used = run_ensemble(plan_of_toy(), out, TOY, workers=1)
    assert used.kept == 2 * len(kept)
    assert bytes_of(store.folder) == bytes_of(whole[0])


def plan_of_toy():
    """The plan of `asked_for`."""
    region = read_region(TOY)
    scenarios = {path.stem: read_scenario(path, region) for path in SCENARIOS}
    return EnsemblePlan.of(region, Asked(10, 1, batch=2), scenarios=scenarios)


def test_an_appraisal_takes_its_ranges_from_the_ensemble_and_only_from_its_own(whole, tmp_path):
    out, plans = tmp_path / "appraisal", [part for path in SCENARIOS for part in ("--scenario", str(path))]
    process = command("appraise", "toy", *plans, "--out", out, "--ensemble", whole[0])
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    assert pl.read_csv(out / "ranges.csv").height == pl.read_csv(whole[0] / "ranges.csv").height
    assert "over 10 draws" in (out / "report.html").read_text(encoding="utf-8")
    process = command("appraise", "toy", *plans[:2], "--out", tmp_path / "other", "--ensemble", whole[0])
    _, errors = process.communicate()
    assert process.returncode == 1
    assert "is not of this appraisal" in errors
    assert "it was made with other scenarios" in errors
    assert not (tmp_path / "other").exists()


def test_what_a_plan_adds_beside_a_background_is_both_less_the_background(toy_region, tmp_path):
    land, productivity = (read_scenario(path, toy_region) for path in SCENARIOS)
    asked = Asked(3, 1, batch=4, paths=0)
    plan = EnsemblePlan.of(toy_region, asked, scenarios={"land": land, "productivity": productivity}, backgrounds={"rail": productivity})
    store = Store.open(tmp_path / "beside", plan.manifest)
    store.add(0, tables_of(plan, [evaluate(plan, number) for number in plan.asked.numbers]))
    draws = Draws(plan, *(store.read(name) for name in ("draws", "cells", "paths")))
    row = plan.needs.rows[0]
    alone, both = draws.changes(row, "productivity"), draws.changes(row, "land", "rail") + draws.alone(row, "rail")
    np.testing.assert_allclose(draws.alone(row, "rail"), alone, rtol=1e-6)  # the background is the scenario it was read from
    assert (both > draws.changes(row, "land")).all()
    table = backgrounds(draws).filter((pl.col("need") == row.need) & (pl.col("line") == row.line) & (pl.col("scenario") == "land"))
    difference = draws.changes(row, "land", "rail") - draws.changes(row, "land")
    assert table["difference_median"][0] == pytest.approx(np.median(difference))
    assert table["without_median"][0] == pytest.approx(np.median(draws.changes(row, "land")))


def test_the_draw_that_the_page_shows_is_made_again():
    page = (Path(__file__).resolve().parents[2] / "docs" / "ensembles.md").read_text(encoding="utf-8")
    shown = re.search(
        r"^Draw (\d+) of that run.*China \+([\d.]+), Shanghai \+([\d.]+), Zhejiang \+([\d.]+) bn", page, re.MULTILINE
    ).groups()
    found = evaluate(EnsemblePlan.of(read_region(case_folder("yangtze") / "region"), Asked(1000, 1)), int(shown[0]))
    assert found.outcome == "ok"
    city = next(member for member in found.members if member.id == "sci_tech_city")
    needs = ("china.growth_pole", "shanghai.growth_points", "zhejiang.growth_pole")
    assert [f"{city.cells[need, '1'].change:.3f}" for need in needs] == list(shown[1:])


def test_a_lost_worker_is_replaced_and_its_batch_made_again(whole, toy_plan, tmp_path):
    plan = toy_plan(draws=10)
    job = Job.of(plan, TOY)
    work = Work(plan, Store.open(tmp_path / "lost", plan.manifest), None)
    hand = _Hand(work, job, None, None, threading.Event())
    hand.worker = Worker(job)
    os.kill(hand.worker.pid, signal.SIGKILL)
    tables, _ = hand._made(work.batches[0])
    hand.close()
    assert work.used.lost_workers == 1
    stored = Store(whole[0]).folder / "batches" / "00000" / "cells.parquet"
    assert tables["cells"] == stored.read_bytes()


def test_a_draw_reopened_by_its_number_is_the_stored_one(whole, toy_plan):
    again = draw_again(toy_plan(draws=10), whole[0], TOY, 7)
    assert again.identical is True
    assert again.draws["draw"].to_list() == [7]
    process = command(*asked_for(whole[0], "--draw", 7, draws=10))
    said, _ = process.communicate()
    assert process.returncode == 0
    assert "The stored draw has the same bytes." in said
    process = command(*asked_for(whole[0], "--draw", 99, draws=10))
    _, errors = process.communicate()
    assert process.returncode == 1
    assert "0 to 11" in errors


def test_another_seed_does_not_touch_the_folder(whole):
    before = bytes_of(whole[0])
    arguments = asked_for(whole[0], draws=10)
    arguments[arguments.index("--seed") + 1] = "2"
    process = command(*arguments)
    _, errors = process.communicate()
    assert process.returncode == 1
    assert "its seed is 1; expected 2" in errors
    assert bytes_of(whole[0]) == before


def test_an_address_without_a_scheduler_is_named(tmp_path):
    process = command(*asked_for(tmp_path / "none", "--cluster", "tcp://127.0.0.1:1"))
    _, errors = process.communicate()
    assert process.returncode == 1
    assert "no scheduler answers at 'tcp://127.0.0.1:1'" in errors
    assert "Traceback" not in errors


def test_several_workers_and_a_finished_store(whole, toy_plan, tmp_path):
    plan = toy_plan(draws=10)
    store, used = run_ensemble(plan, tmp_path / "two", TOY, workers=2)
    assert bytes_of(store.folder) == bytes_of(whole[0])
    assert used.made == 12
    assert used.memory > 1e8
    _, used = run_ensemble(plan, tmp_path / "two", TOY, workers=2)
    assert (used.made, used.kept) == (0, 12)


def test_an_appraisal_shows_the_ranges_and_one_of_other_plans_leaves_none_of_them_behind(whole, tmp_path, capsys):
    out, plans = tmp_path / "out", [part for path in SCENARIOS for part in ("--scenario", str(path))]
    assert run(["appraise", "toy", *plans, "--ensemble", str(whole[0]), "--out", str(out)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    rows = [row for row in pl.read_csv(out / "ranges.csv", schema_overrides={"line": pl.String}).to_dicts() if row["line"] == "1"]
    lead, first = pl.read_csv(out / "scenarios.csv")["scenario"][-1], pl.read_csv(out / "matrix.csv")["need"][0]
    row = next(each for each in rows if (each["scenario"], each["need"]) == (lead, first))
    line = re.search(r"± .*?: ([+−][\d.,]+) to ([+−][\d.,]+) ", said)
    assert [float(end.replace("−", "-").replace(",", "")) for end in line.groups()] == pytest.approx([row["p5"], row["p95"]], rel=6e-3)
    assert "no range" not in said
    assert '<small class="ends' in (out / "report.html").read_text(encoding="utf-8")
    assert run(["rerun", str(out)]) == 0
    assert run(["appraise", "toy", *plans[:2], "--out", str(out)]) == 0
    assert not [path.name for path in out.iterdir() if path.name.startswith(("ranges.", "ensemble."))]
    assert run(["rerun", str(out)]) == 0


def test_run_again_with_other_data_an_appraisal_with_ranges_tells_what_has_changed(whole, tmp_path, capsys):
    region = Path(shutil.copytree(TOY, tmp_path / "region"))
    plans = [part for path in SCENARIOS for part in ("--scenario", str(path))]
    out = tmp_path / "out"
    assert run(["appraise", str(region), *plans, "--ensemble", str(whole[0]), "--out", str(out)]) == 0
    file = region / "parameters.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n# another byte\n", encoding="utf-8")
    capsys.readouterr()
    assert run(["rerun", str(out), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert any("folder_hash" in cause for cause in map(str, said["causes"]))
    assert "report.html" in said["differing_files"]  # it has no ranges any more
