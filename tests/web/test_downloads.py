"""Results to keep: each file says what it came from, and holds the numbers that were shown."""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from pathlib import Path

import polars as pl
import pyogrio.raw
import pytest
import shapely

from bridgehead.cases import case_folder
from bridgehead.report.cli import run

LAND = case_folder("toy") / "scenarios" / "3_land_release.toml"


@pytest.fixture(scope="module")
def solved(client) -> dict:
    plan = tomllib.loads(LAND.read_text(encoding="utf-8"))
    return client.post("/api/regions/toy/solve", json={"scenario": plan}).json()


def fetch(client, solved: dict, name: str, **more: str) -> bytes:
    answer = client.get(f"/api/results/{solved['key']}/download/{name}", params=more)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    return answer.content


def test_a_table_holds_what_was_shown(client, solved):
    table = pl.read_parquet(io.BytesIO(fetch(client, solved, "places.parquet")))
    for group in ("places", "changes"):
        for name, values in solved[group].items():
            assert table[name].to_list() == values, name
    csv = pl.read_csv(io.BytesIO(fetch(client, solved, "places.csv")), infer_schema_length=None)
    assert csv["jobs"].to_list() == solved["places"]["jobs"]


def test_a_file_says_what_it_came_from(client, solved):
    said = json.loads(pl.read_parquet_metadata(io.BytesIO(fetch(client, solved, "places.parquet")))["bridgehead"])
    assert said["result"] == solved["key"]
    assert said["data_hash"] == solved["data_hash"]
    assert said["input_hash"] == solved["certificate"]["input_hash"]
    assert said["scenario"] == solved["text"]


def test_the_solution_is_the_command_lines_byte_for_byte(client, solved, tmp_path):
    assert run(["solve", "toy", "--scenario", str(LAND), "--out", str(tmp_path / "out")]) == 0
    with zipfile.ZipFile(io.BytesIO(fetch(client, solved, "solution.zip"))) as archive:
        names = set(archive.namelist()) - {"provenance.json", "scenario.toml"}
        assert names >= {"places.parquet", "trade.parquet", "certificate.json", "inputs.json"}
        for name in names:
            assert archive.read(name) == (tmp_path / "out" / name).read_bytes(), name
        assert tomllib.loads(archive.read("scenario.toml").decode()) == tomllib.loads(LAND.read_text(encoding="utf-8"))


def test_the_matrix_is_the_one_shown(client, solved):
    rows = client.get(f"/api/results/{solved['key']}/matrix").json()["rows"]
    table = pl.read_csv(io.BytesIO(fetch(client, solved, "matrix.csv")), infer_schema_length=None)
    assert table["change"].to_list() == [row["change"] for row in rows]


def test_a_region_without_boundaries_has_no_geopackage(client, solved):
    answer = client.get(f"/api/results/{solved['key']}/download/places.gpkg")
    assert answer.status_code == 422
    assert "no boundaries" in answer.json()["error"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_printed_report_is_a_pdf_with_its_fonts(client, solved, lang):
    body = fetch(client, solved, "report.pdf", lang=lang)
    assert body.startswith(b"%PDF-")
    assert fetch(client, solved, "report.pdf", lang=lang) == body  # no time, no chance
    if lang == "zh":
        assert b"CJK" in body or b"Han" in body  # an embedded Chinese font, not empty boxes


def test_what_has_no_certificate_is_no_file(client):
    plan = tomllib.loads((LAND.parent / "9_isolated_common_pool.toml").read_text(encoding="utf-8"))
    key = client.post("/api/regions/toy/solve", json={"scenario": plan}).json()["key"]
    for name in ("places.csv", "solution.zip", "report.pdf"):
        assert client.get(f"/api/results/{key}/download/{name}").status_code == 409
    assert client.get(f"/api/results/{key}/download/secrets.txt").status_code == 404


def test_a_geopackage_has_every_boundary_with_its_numbers(tmp_path):
    """Straight from the solving process: a toy with four squares as boundaries."""
    from bridgehead.region import read_region
    from bridgehead.report.web.engine.files import file_of
    from bridgehead.report.web.engine.hot import Hot

    folder = tmp_path / "bounded"
    folder.mkdir()
    for path in (case_folder("toy") / "region").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    table = pl.read_csv(folder / "places.csv")
    inside = table.filter(~pl.col("outside"))
    squares = [
        {"type": "Feature", "properties": {"place": row["place"]}, "geometry": shapely.geometry.mapping(shapely.box(n, 30, n + 1, 31))}
        for n, row in enumerate(inside.to_dicts())
    ]
    (folder / "geometry.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": squares}), encoding="utf-8")
    hot = Hot("bounded", read_region(folder))
    body = file_of(hot, LAND.read_text(encoding="utf-8"), "places.gpkg", "en")
    path = Path(tmp_path / "out.gpkg")
    path.write_bytes(body)
    meta, _, geometry, data = pyogrio.raw.read(path)
    columns = dict(zip(meta["fields"], data, strict=True))
    assert meta["crs"] == "EPSG:4326"
    assert list(columns["place"]) == inside["place"].to_list()
    assert shapely.from_wkb(geometry[2]).equals(shapely.box(2, 30, 3, 31))
    jobs = hot.result(LAND.read_text(encoding="utf-8")).solved.equilibrium.state["jobs"]
    assert columns["jobs"].tolist() == [jobs[hot.region.place_ids.index(place)] for place in columns["place"]]
