"""A result as files to keep: tables by place, a map for geographers, the solution folder of the command line, and the printed report."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import polars as pl

from bridgehead.appraise.tables import place_columns
from bridgehead.errors import DataError
from bridgehead.models.results import inputs_of, to_json, write_solution
from bridgehead.region.checks import inferred_places
from bridgehead.region.geometry import shapes
from bridgehead.report.web.engine.baseline import columns_of
from bridgehead.report.web.engine.hot import Hot, Result
from bridgehead.report.web.engine.matrix import matrix, solved
from bridgehead.report.web.engine.printed import printed
from bridgehead.report.web.engine.solving import with_weakest
from bridgehead.version import VERSION

FILES = ("places.csv", "places.parquet", "places.gpkg", "matrix.csv", "solution.zip", "report.pdf")


def file_of(hot: Hot, text: str, name: str, lang: str) -> bytes:
    """One of FILES. DataError for another name, or a map of a region without boundaries."""
    if name not in FILES:
        raise DataError(f"there is no file '{name}'; known are: {', '.join(FILES)}")
    result = with_weakest(hot, solved(hot, text))
    if name == "report.pdf":
        return printed(hot, result, lang)
    if name == "solution.zip":
        return _solution(hot, result)
    if name == "matrix.csv":
        return _csv(_matrix_table(hot, result))
    if name == "places.gpkg":
        return _geopackage(hot, result)
    table = places_table(hot, result)
    return _csv(table) if name == "places.csv" else _parquet(table, hot, result)


def places_table(hot: Hot, result: Result) -> pl.DataFrame:
    """Every place: names, the solution's columns, and its changes over the baseline (empty abroad)."""
    places, now = hot.region.places, result.context
    names = places.select([c for c in ("place", "name", "name_zh", "lon", "lat") if c in places.columns])
    state = {name: np.asarray(values) for name, values in columns_of(result.solved.equilibrium).items()}
    changes = {name: np.where(now.mainland.mask, values, np.nan) for name, values in place_columns(now).items()}
    columns = [pl.Series(name, values).fill_nan(None) for name, values in (state | changes).items()]
    return names.with_columns(*columns, pl.Series("value_added_inferred", inferred_places(hot.region)))


def provenance(hot: Hot, result: Result) -> dict[str, str]:
    """What a file came from: result, data, input, version, scenario."""
    return {
        "result": result.key, "data_hash": hot.region.folder_hash, "input_hash": result.solved.certificate.input_hash,
        "version": VERSION, "region": hot.region.meta.name, "scenario": result.text,
    }  # fmt: skip


def _csv(table: pl.DataFrame) -> bytes:
    made = io.BytesIO()
    table.write_csv(made, line_terminator="\n")
    return made.getvalue()


def _parquet(table: pl.DataFrame, hot: Hot, result: Result) -> bytes:
    made = io.BytesIO()
    table.write_parquet(made, metadata={"bridgehead": json.dumps(provenance(hot, result), ensure_ascii=False)})
    return made.getvalue()


def _matrix_table(hot: Hot, result: Result) -> pl.DataFrame:
    keys = ("need", "line", "government", "name", "name_zh", "measure", "measure_zh")
    numbers = ("baseline", "value", "change", "change_percent")
    rows = [
        {key: row[key] for key in keys} | {"unit": row["unit"]["id"], "better": row["better"]} | {key: row[key] for key in numbers}
        | {"status": row["status"], "note": row["note"]}
        for row in matrix(hot, result.text)["rows"]
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides=dict.fromkeys(numbers, pl.Float64), infer_schema_length=None)


def _geopackage(hot: Hot, result: Result) -> bytes:
    """The places' boundaries with the columns of `places_table`, in degrees (WGS84), for any geographic information system."""
    import pyogrio.raw
    import shapely

    outlines = shapes(hot.region)
    table = places_table(hot, result).filter(pl.col("place").is_in(list(outlines)))
    fields = [name for name in table.columns if name != "place"]
    data = [_field(table[name]) for name in ("place", *fields)]
    polygons = [shapely.multipolygons(shapely.get_parts(outlines[place])) for place in table["place"]]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "places.gpkg"
        facts = provenance(hot, result)
        pyogrio.raw.write(
            path, shapely.to_wkb(polygons), data, ["place", *fields], geometry_type="MultiPolygon", crs="EPSG:4326", driver="GPKG",
            layer="places", layer_metadata=facts, dataset_metadata={k: v for k, v in facts.items() if k != "scenario"},
        )  # fmt: skip
        return path.read_bytes()


def _field(column: pl.Series) -> np.ndarray:
    if column.dtype == pl.String:
        return column.to_numpy().astype(object)
    return column.to_numpy() if column.dtype == pl.Boolean else column.cast(pl.Float64).to_numpy()


def _solution(hot: Hot, result: Result) -> bytes:
    """What `bridgehead solve --out` writes for the scenario, file by file the same bytes, but for run.json."""
    made = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        text = result.text if result.scenario.levers else None
        for path in write_solution(result.solved.equilibrium, hot.baseline, Path(folder), scenario=text):
            archive.write(path, path.name)
        archive.writestr("provenance.json", to_json(provenance(hot, result) | {"inputs": inputs_of(hot.baseline)}))
    return made.getvalue()
